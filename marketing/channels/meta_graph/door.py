"""The way into Meta, the same for a Page and for an Instagram account: a token, an app, and a clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from marketing.channels.errors import ReconnectError, TemporaryError
from marketing.channels.meta_graph.answers import SOON
from marketing.channels.meta_graph.graph import Graph
from marketing.channels.social import Access, Memory, Registration
from marketing.i18n import gettext as _

TOKEN_LIFE: Final = timedelta(days=60)
"""Of a long-lived user token, when Meta does not say (facebook-login/guides/access-tokens/get-long-lived)."""


@dataclass(frozen=True, slots=True)
class Forgets:
    """The memory of a call that belongs to no post."""

    def read(self) -> Mapping[str, Any]:
        return {}

    def keep(self, **facts: Any) -> None:
        pass


@dataclass(frozen=True, slots=True)
class MetaDoor:
    """What both doors share; an empty host is Meta's own."""

    app: Registration
    clock: Callable[[], datetime]
    host: str = ""
    timeout_seconds: float = 20.0

    def graph(self, access: Access, memory: Memory | None = None) -> Graph:
        """Return the account's caller."""
        app = Registration(self.app.app_id, self.app.app_secret, self.host or self.app.host)
        return Graph(app, memory or Forgets(), self.clock, self.timeout_seconds, access.token)

    def renew(self, access: Access, now: datetime) -> Access:
        """Trade a long-lived token for one that lasts another 60 days; Meta does so only while the old one lives."""
        if not (self.app.app_id and self.app.app_secret):
            raise ReconnectError(_("Izin akun ini habis masanya. Hubungkan ulang akunnya."))
        given = self.graph(access).make(
            "oauth",
            "access_token",
            grant_type="fb_exchange_token",
            client_id=self.app.app_id,
            client_secret=self.app.app_secret,
            fb_exchange_token=access.token,
        )
        token, seconds = given.get("access_token"), given.get("expires_in")
        if not isinstance(token, str) or not token:
            raise TemporaryError("meta_no_token", SOON)
        life = timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else TOKEN_LIFE
        return access.renewed(token, now.astimezone(UTC) + life)
