"""TikTok's open API as calls: one bounded request each, its errors as ours, nothing repeated.

Source: developers.tiktok.com oauth-user-access-token-management, tiktok-api-v2-get-user-info, content-posting-api-reference-*,
read 22 Nov 2026.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from marketing.channels.errors import ReconnectError, TemporaryError
from marketing.channels.social import Access, Registration
from marketing.channels.tiktok.errors import MINUTE, SOON, UnclearError, refusal
from marketing.channels.wire import Answer, Call, NoAnswerError, Wire, inner
from marketing.i18n import N_
from marketing.i18n import gettext as _

HOST: Final = "https://open.tiktokapis.com"
TOKEN: Final = "/v2/oauth/token/"  # noqa: S105  a path
USER: Final = "/v2/user/info/"
CREATOR: Final = "/v2/post/publish/creator_info/query/"
INIT: Final = "/v2/post/publish/content/init/"
STATUS: Final = "/v2/post/publish/status/fetch/"
_LONGEST: Final = 10**9  # seconds; more is no length of a token's life
OTHER_ACCOUNT: Final = N_("TikTok menjawab untuk akun lain. Hubungkan ulang akun TikTok Dinas.")


@dataclass(frozen=True, slots=True)
class TikTokClient:
    """Speaks to TikTok for the office's app."""

    registration: Registration
    timeout_seconds: float = 20.0

    def post(self, path: str, access: Access, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the `data` of an answer; ChannelError when nothing came of the call, UnclearError when that is not known."""
        content = json.dumps(body).encode()
        headers = {**_bearer(access), "Content-Type": "application/json; charset=UTF-8"}
        return self._data(Call("POST", path, headers=headers, body=content), access)

    def ask(self, path: str, access: Access, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do the same with what only asks: when no answer came, it is asked again later."""
        try:
            return self.post(path, access, body)
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
        try:
            answer = self._answer(Call("POST", TOKEN, form=form))
        except UnclearError as error:
            raise TemporaryError(str(error), SOON) from None
        # A refusal has the form of RFC 6749: `error` is the code itself, and its status may be 200.
        token, lasts = answer.body.get("access_token"), _seconds(answer.body.get("expires_in"))
        if not (isinstance(token, str) and token and lasts):
            error_found = refusal(str(answer.body.get("error") or ""), "", answer.status)
            if error_found is None or isinstance(error_found, UnclearError):
                raise TemporaryError(f"tiktok_token_{answer.status}", SOON)
            raise error_found
        if answer.body.get("open_id") != access.remote_id:
            raise ReconnectError(_(OTHER_ACCOUNT))
        fresh = access.renewed(token, now + lasts, str(answer.body.get("refresh_token") or ""))
        until = _seconds(answer.body.get("refresh_expires_in"))
        return replace(fresh, refresh_expires_at=now + until) if until else fresh

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


def _bearer(access: Access) -> dict[str, str]:
    return {"Authorization": f"Bearer {access.token}"}


def _seconds(given: object) -> timedelta | None:
    return timedelta(seconds=given) if isinstance(given, int) and 0 < given < _LONGEST else None
