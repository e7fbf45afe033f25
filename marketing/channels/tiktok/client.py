"""TikTok's open API as calls: one bounded request each, its errors as ours, nothing repeated.

Source: developers.tiktok.com oauth-user-access-token-management, tiktok-api-v2-get-user-info, content-posting-api-reference-*,
read 22 Nov 2026.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.social import Access, Errand, Registration, SocialProvider
from marketing.channels.tiktok.errors import MINUTE, SOON, UnclearError, refusal
from marketing.channels.wire import Answer, Call, NoAnswerError, Query, Wire, inner
from marketing.i18n import N_
from marketing.i18n import gettext as _

HOST: Final = "https://open.tiktokapis.com"
TOKEN: Final = "/v2/oauth/token/"  # noqa: S105  a path
USER: Final = "/v2/user/info/"
CREATOR: Final = "/v2/post/publish/creator_info/query/"
INIT: Final = "/v2/post/publish/content/init/"
STATUS: Final = "/v2/post/publish/status/fetch/"
QUERY: Final = "/v2/video/query/"
_LONGEST: Final = 10**9  # seconds; more is no length of a token's life
LOGIN_HOST: Final = "https://www.tiktok.com"
ENTRANCE: Final = "/v2/auth/authorize/"
BASIC, UPLOAD, PUBLISH, LIST = "user.info.basic", "video.upload", "video.publish", "video.list"
MODE: Final = "mode"
DIRECT: Final = "direct"
"""The account's settings say so when TikTok has audited the office's app; all else goes into the inbox."""
FIGURES: Final = "figures"
"""The account's settings say so when the office's app may also read the figures of posts (scope video.list)."""
OTHER_ACCOUNT: Final = N_("TikTok menjawab untuk akun lain. Hubungkan ulang akun TikTok Dinas.")


@dataclass(frozen=True, slots=True)
class TikTokClient:
    """Speaks to TikTok for the office's app."""

    registration: Registration
    timeout_seconds: float = 20.0

    def post(self, path: str, access: Access, body: Mapping[str, Any], query: Query = ()) -> Mapping[str, Any]:
        """Return the `data` of an answer; ChannelError when nothing came of the call, UnclearError when that is not known."""
        content = json.dumps(body).encode()
        headers = {**_bearer(access), "Content-Type": "application/json; charset=UTF-8"}
        return self._data(Call("POST", path, query, headers=headers, body=content), access)

    def ask(self, path: str, access: Access, body: Mapping[str, Any], query: Query = ()) -> Mapping[str, Any]:
        """Do the same with what only asks: when no answer came, it is asked again later."""
        try:
            return self.post(path, access, body, query)
        except UnclearError as error:
            raise TemporaryError(str(error), SOON) from None

    def user_name(self, access: Access) -> str:
        """Return the account's name as its owner chose it; scope user.info.basic."""
        call = Call("GET", USER, query=(("fields", "open_id,display_name"),), headers=_bearer(access))
        try:
            user = inner(self._data(call, access), "user")
        except UnclearError as error:
            raise TemporaryError(str(error), SOON) from None
        if user.get("open_id") != access.remote_id:
            raise ReconnectError(_(OTHER_ACCOUNT))
        return str(user.get("display_name") or access.name)

    def renewed(self, access: Access, now: datetime) -> Access:
        """Trade the refresh token; TikTok may hand out a new one with it, and then only that one counts."""
        form = {
            "client_key": self.registration.app_id,
            "client_secret": self.registration.app_secret,
            "grant_type": "refresh_token",
            "refresh_token": access.refresh_token,
        }
        body = self._tokens(form)
        if body.get("open_id") != access.remote_id:
            raise ReconnectError(_(OTHER_ACCOUNT))
        return _with_tokens(access, body, now)

    def entered(self, code: str, errand: Errand, now: datetime) -> Access:
        """Trade the code that TikTok gave the owner's browser for an account's access."""
        settings = errand.settings
        form = {
            "client_key": self.registration.app_id,
            "client_secret": self.registration.app_secret,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": errand.back,
            **({"code_verifier": errand.verifier} if is_desktop(errand.back) else {}),
        }
        body = self._tokens(form)
        missing = set(scopes(settings)) - set(str(body.get("scope") or "").split(","))
        if missing:
            raise PermanentError(
                _("Pemilik akun tidak memberi izin {missing}. Ulangi dan setujui semuanya.").format(
                    missing=", ".join(sorted(missing))
                )
            )
        access = Access(SocialProvider.TIKTOK, str(body.get("open_id") or ""), "TikTok", settings=settings)
        access = _with_tokens(access, body, now)
        return replace(access, name=self.user_name(access))

    def _tokens(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Return an answer that holds tokens. A refusal has the form of RFC 6749: `error` is the code, whatever the status."""
        try:
            answer = self._answer(Call("POST", TOKEN, form=form))
        except UnclearError as error:
            raise TemporaryError(str(error), SOON) from None
        if answer.body.get("access_token") and _seconds(answer.body.get("expires_in")):
            return answer.body
        error_found = refusal(str(answer.body.get("error") or ""), "", answer.status)
        if error_found is None or isinstance(error_found, UnclearError):
            raise TemporaryError(f"tiktok_token_{answer.status}", SOON)
        raise error_found

    def _data(self, call: Call, access: Access) -> Mapping[str, Any]:
        answer = self._answer(call)
        said = inner(answer.body, "error")
        error = refusal(str(said.get("code") or ""), str(said.get("message") or ""), answer.status, access.token)
        if isinstance(error, TemporaryError) and answer.retry_after is not None:
            raise TemporaryError(str(error), answer.retry_after)
        if error is not None:
            raise error
        return inner(answer.body, "data")

    def _answer(self, call: Call) -> Answer:
        try:
            with Wire(self.registration.host or HOST, self.timeout_seconds) as wire:
                return wire.send(call)
        except NoAnswerError as error:
            if not error.reached:
                raise TemporaryError("unreachable", MINUTE) from None
            raise UnclearError(error.code) from None


def scopes(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the least that an account's way of posting needs."""
    return (BASIC, PUBLISH if settings.get(MODE) == DIRECT else UPLOAD, *([LIST] if settings.get(FIGURES) else []))


def entrance(app: Registration, errand: Errand) -> str:
    """Return the address where an account's owner lets the office in (login-kit-web, login-kit-desktop)."""
    query = {
        "client_key": app.app_id,
        "response_type": "code",
        "scope": ",".join(scopes(errand.settings)),
        "redirect_uri": errand.back,
        "state": errand.state,
    }
    if is_desktop(errand.back):
        # TikTok's own: the digits of the hash, not its base64url (RFC 7636 section 4.2)
        challenge = hashlib.sha256(errand.verifier.encode()).hexdigest()
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{app.login_host or LOGIN_HOST}{ENTRANCE}?{urlencode(query)}"


def is_desktop(back: str) -> bool:
    """Return whether TikTok takes this for a desktop app, which comes back to the machine itself and proves who left.

    A web app has no proof there (oauth-get-a-user-access-token, 2 Nov 2026: "for mobile and desktop apps").
    """
    return urlsplit(back).hostname in {"localhost", "127.0.0.1"}


def _with_tokens(access: Access, body: Mapping[str, Any], now: datetime) -> Access:
    fresh = access.renewed(
        str(body["access_token"]),
        now + (_seconds(body.get("expires_in")) or timedelta()),
        str(body.get("refresh_token") or ""),
    )
    until = _seconds(body.get("refresh_expires_in"))
    return replace(fresh, refresh_expires_at=now + until) if until else fresh


def _bearer(access: Access) -> dict[str, str]:
    return {"Authorization": f"Bearer {access.token}"}


def _seconds(given: object) -> timedelta | None:
    return timedelta(seconds=given) if isinstance(given, int) and 0 < given < _LONGEST else None
