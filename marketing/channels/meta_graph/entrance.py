"""Where somebody who runs Pages lets the office in: Meta's login dialog, with a code that the server trades.

Sources, read 22 Nov 2026: developers.facebook.com facebook-login/guides/advanced/manual-flow (10 Mar 2026),
facebook-login/guides/access-tokens/get-long-lived, graph-api/reference/user/permissions. Meta offers no proof key for this way;
the app's secret goes with the code instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from marketing.channels.errors import PermanentError, TemporaryError
from marketing.channels.meta_graph.accounts import kept_long, offices_of
from marketing.channels.meta_graph.answers import SOON
from marketing.channels.meta_graph.door import MetaDoor
from marketing.channels.meta_graph.graph import VERSION
from marketing.channels.social import Access, Errand, SocialProvider
from marketing.i18n import gettext as _

LOGIN_HOST: Final = "https://www.facebook.com"
INSTAGRAM: Final = "instagram"
"""The choice, made before leaving, to ask for Instagram too."""
GRANTED_BY: Final = "granted_by"
"""In an account's settings: whose leave it is, by the number that Meta tells when they take it back."""
PAGES: Final = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
PHOTOS: Final = ("instagram_basic", "instagram_content_publish")
WELCOME: Final = ("business_management", "read_insights")
WELCOME_PHOTOS: Final = ("instagram_manage_insights", "instagram_manage_contents")
"""Asked for and done without: figures, and taking posts down by ourselves."""


@dataclass(frozen=True, slots=True)
class MetaEntrance:
    """One code leads to a person, who leads to Pages and to the Instagram accounts that belong to them."""

    door: MetaDoor

    def address(self, errand: Errand) -> str:
        query = {
            "client_id": self.door.app.app_id,
            "redirect_uri": errand.back,
            "state": errand.state,
            "response_type": "code",
            "scope": ",".join(_asked(errand.settings)),
            "auth_type": "rerequest",  # asks again for what was declined before
        }
        return f"{self.door.app.login_host or LOGIN_HOST}/{VERSION}/dialog/oauth?{urlencode(query)}"

    def entered(self, code: str, errand: Errand, now: datetime) -> Access:
        """Return the person, whose `remote_id` is the number that Meta tells when they take their leave back."""
        app = self.door.app
        nobody = Access(SocialProvider.FACEBOOK, "", "", f"{app.app_id}|{app.app_secret}")
        given = self.door.graph(nobody).make(
            "oauth",
            "access_token",
            client_id=app.app_id,
            client_secret=app.app_secret,
            redirect_uri=errand.back,
            code=code,
        )
        token = given.get("access_token")
        if not isinstance(token, str) or not token:
            raise TemporaryError("meta_no_token", SOON)
        person = kept_long(self.door, token, now)
        graph = self.door.graph(person)
        granted = {
            str(one.get("permission"))
            for one in graph.read("me", "permissions").get("data") or []
            if isinstance(one, dict) and one.get("status") == "granted"
        }
        if missing := [scope for scope in _needed(errand.settings) if scope not in granted]:
            raise PermanentError(
                _("Izin {missing} tidak diberikan di Facebook. Ulangi dan setujui semuanya.").format(
                    missing=", ".join(missing)
                )
            )
        me = graph.read("me", fields="id,name")
        return Access(
            SocialProvider.FACEBOOK,
            str(me.get("id") or ""),
            str(me.get("name") or ""),
            person.token,
            expires_at=person.expires_at,
            settings=errand.settings,
        )

    def offered(self, person: Access) -> tuple[Access, ...]:
        found: list[Access] = []
        for office in offices_of(self.door, person):
            found.append(office.page)
            if office.instagram is not None and person.settings.get(INSTAGRAM):
                found.append(office.instagram)
        return tuple(replace(one, settings={GRANTED_BY: person.remote_id}) for one in found)


def _needed(settings: Mapping[str, Any]) -> tuple[str, ...]:
    return (*PAGES, *(PHOTOS if settings.get(INSTAGRAM) else ()))


def _asked(settings: Mapping[str, Any]) -> tuple[str, ...]:
    return (*_needed(settings), *WELCOME, *(WELCOME_PHOTOS if settings.get(INSTAGRAM) else ()))
