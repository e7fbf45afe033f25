"""A shop's credentials between their sealed row and the port; the office's own key is in the settings, not in the row."""

import json
from datetime import datetime
from typing import Final

from marketing.channels.marketplace.port import Application, Credentials, Tokens
from marketing.db.models import ChannelAccount
from marketing.domain.sealing import Sealer

PURPOSE: Final = "channel-account"


def keep(row: ChannelAccount, credentials: Credentials, sealer: Sealer) -> None:
    """Put a pair of tokens into the row, sealed; their ends of life stay readable."""
    tokens = credentials.tokens
    text = json.dumps(
        {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "access_expires_at": tokens.access_expires_at.isoformat(),
            "refresh_expires_at": tokens.refresh_expires_at.isoformat(),
            "shop_cipher": credentials.shop_cipher,
        }
    )
    row.sealed_credentials = sealer.seal(PURPOSE, text)
    row.access_expires_at, row.refresh_expires_at = tokens.access_expires_at, tokens.refresh_expires_at


def opened(row: ChannelAccount, application: Application, sealer: Sealer) -> Credentials | None:
    """Return the shop's credentials; None when the row holds none (any more). SettingsError when no key of ours opens it."""
    text = sealer.open(PURPOSE, row.sealed_credentials)
    if not text:
        return None
    kept = json.loads(text)
    tokens = Tokens(
        access_token=kept["access_token"],
        refresh_token=kept["refresh_token"],
        access_expires_at=datetime.fromisoformat(kept["access_expires_at"]),
        refresh_expires_at=datetime.fromisoformat(kept["refresh_expires_at"]),
    )
    return Credentials(application, row.remote_id, tokens, kept["shop_cipher"])
