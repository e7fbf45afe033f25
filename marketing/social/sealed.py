"""An account's access between its sealed row and the adapters; what is no secret stays readable."""

import json
from typing import Final

from marketing.channels.social import Access, SocialProvider
from marketing.db.models import ChannelAccount
from marketing.domain.sealing import Sealer

PURPOSE: Final = "social-account"


def keep(row: ChannelAccount, access: Access, sealer: Sealer) -> None:
    """Put an access into the row, its tokens sealed."""
    secrets = {"token": access.token, "refresh_token": access.refresh_token}
    row.sealed_credentials = sealer.seal(PURPOSE, json.dumps(secrets))
    row.name, row.settings = access.name, dict(access.settings)
    row.access_expires_at, row.refresh_expires_at = access.expires_at, access.refresh_expires_at


def opened(row: ChannelAccount, sealer: Sealer) -> Access | None:
    """Return the access of a row; None when it was forgotten. SettingsError when no key of ours opens it."""
    text = sealer.open(PURPOSE, row.sealed_credentials)
    if not text:
        return None
    return Access(
        provider=SocialProvider(row.provider),
        remote_id=row.remote_id,
        name=row.name,
        expires_at=row.access_expires_at,
        refresh_expires_at=row.refresh_expires_at,
        settings=row.settings,
        **json.loads(text),
    )
