"""A fresh pair of tokens, asked for by one process at a time, because a refresh token works once.

The new pair is committed before it is used. A kill between the answer and the commit leaves a spent pair behind: the provider
then refuses it, and the account waits for its owner. There is no way to do better without the provider's help.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from marketing.channels.marketplace.errors import Failure, Later, Reconnect
from marketing.channels.marketplace.port import Credentials, Provider, Tokens
from marketing.db.exclusive import exclusively
from marketing.db.models import ChannelAccount
from marketing.db.session import Database
from marketing.domain.sealing import Sealer
from marketing.i18n import gettext as _
from marketing.marketplaces import sealed
from marketing.marketplaces.gateway import Gateway, Wires

MOMENT: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class TokenKeeper:
    """Opens and renews the credentials of accounts."""

    database: Database
    gateway: Gateway
    sealer: Sealer
    clock: Callable[[], datetime]

    def credentials(self, account_id: int) -> Credentials | Reconnect:
        """Return what the row holds now."""
        with self.database.read() as session:
            row = session.get_one(ChannelAccount, account_id)
        found = sealed.opened(row, self.gateway.application(Provider(row.provider)), self.sealer)
        return found or Reconnect("siar_no_credentials", _("Izin toko ini sudah dihapus; sambungkan ulang."))

    def renewed(self, account_id: int, spent: Credentials, wires: Wires) -> Credentials | Failure:
        """Return other credentials than the spent ones: those another process has saved, or a new pair.

        `Later` when another process is asking at this moment, and when the provider gave no usable answer: the old pair
        stays and is tried again.
        """
        with exclusively(self.database, f"token {account_id}") as alone:
            if not alone:
                return Later("siar_token_busy", _("Izin masuk sedang diperbarui oleh proses lain."), MOMENT)
            current = self.credentials(account_id)
            if isinstance(current, Reconnect) or current.tokens.access_token != spent.tokens.access_token:
                return current
            with self.database.read() as session:
                provider = Provider(session.get_one(ChannelAccount, account_id).provider)
            answer = self.gateway.market(provider, wires, current).refresh(self.clock())
            if not isinstance(answer, Tokens):
                return answer
            fresh = current.with_tokens(answer)
            with self.database.write() as session:
                row = session.get_one(ChannelAccount, account_id, with_for_update=True)
                sealed.keep(row, fresh, self.sealer)
                row.updated_at = self.clock()
            return fresh
