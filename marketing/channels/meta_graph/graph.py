"""One account's calls to the Graph API through Meta's own library, which is loaded at the first call: it is 16 MB."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from marketing.channels.errors import TemporaryError
from marketing.channels.meta_graph.answers import SOON, LostError, MissingError, asked_wait, refusal, usage_of
from marketing.channels.social import Memory, Registration

VERSION: Final = "v26.0"  # November 2026; Meta keeps a version for two years
REST_UNTIL: Final = "meta_rest_until"
FIGURES_REST_UNTIL: Final = "meta_figures_rest_until"


@dataclass(frozen=True, slots=True)
class Graph:
    """Speaks for one account; what Meta says about its limits is remembered in `memory`."""

    app: Registration
    memory: Memory = field(repr=False)
    clock: Callable[[], datetime]
    timeout_seconds: float
    token: str = field(default="", repr=False)

    def rested(self, until_when: str = REST_UNTIL) -> None:
        """Raise TemporaryError while Meta's own figures say that its limits are nearly used up."""
        until = self.memory.read().get(until_when)
        wait = datetime.fromisoformat(until) - self.clock() if until else timedelta(0)
        if wait > timedelta(0):
            raise TemporaryError("meta_usage", wait)

    def read(self, *path: str, **params: Any) -> dict[str, Any]:
        """Ask for something; ChannelError says why it could not be told."""
        return self._harmless("GET", path, params)

    def make(self, *path: str, files: Mapping[str, Any] | None = None, **params: Any) -> dict[str, Any]:
        """Make something that nobody sees and that may be made again."""
        return self._harmless("POST", path, params, files)

    def publish(self, *path: str, **params: Any) -> dict[str, Any]:
        """Do what must not be done twice; LostError when it may have been done, ChannelError when it was not."""
        return self._call("POST", path, params)

    def delete(self, account: str, thing: str) -> bool:
        """Delete a thing of this account; True when it is gone, False when Meta does not let us.

        Meta has one answer for "no such thing" and for "not for you", so what it names is asked for afterwards.
        """
        try:
            self._harmless("DELETE", (thing,), {})
        except MissingError:
            try:
                self.read(thing, fields="id")
            except MissingError:
                self.read(account, fields="id")  # whoever may not see the account itself cannot tell
                return True
            return False
        return True

    def _harmless(
        self, method: str, path: tuple[str, ...], params: Mapping[str, Any], files: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            return self._call(method, path, params, files)
        except LostError as error:
            raise TemporaryError(str(error), SOON) from None

    def _call(
        self, method: str, path: tuple[str, ...], params: Mapping[str, Any], files: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        from facebook_business.exceptions import FacebookRequestError  # noqa: PLC0415  loaded when first used
        from requests import RequestException  # noqa: PLC0415  comes with Meta's library

        from marketing.channels.meta_graph.session import api_of, never_sent  # noqa: PLC0415  imports Meta's library

        try:
            answer = api_of(self.app, self.token, self.timeout_seconds).call(
                method, path, params=dict(params), files=dict(files or {})
            )
        except FacebookRequestError as error:
            body = error.body()
            self._note(error.http_headers())
            said = body.get("error") if isinstance(body, dict) else None
            if not isinstance(said, dict):
                self._slowed(error.http_status(), error.http_headers())
                raise LostError(f"http_{error.http_status()}") from None
            raise refusal(said, int(error.http_status() or 0), usage_of(error.http_headers())) from None
        except RequestException as error:
            if never_sent(error):
                raise TemporaryError("unreachable", SOON) from None
            raise LostError(type(error).__name__) from None
        except (AttributeError, KeyError, TypeError, ValueError):  # the library stumbles over bodies that are no answer
            raise LostError("unreadable") from None
        found = answer.json()
        if not isinstance(found, dict):
            self._slowed(answer.status(), answer.headers())  # to the library a text is no error, whatever its status
            raise LostError("unreadable")
        self._note(answer.headers())
        return found

    def _slowed(self, status: object, headers: Mapping[str, str]) -> None:
        """Raise TemporaryError for a 429 of whatever stands before the Graph API: nothing came through."""
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise TemporaryError("meta_429", asked_wait(headers)) from None

    def _note(self, headers: Mapping[str, str]) -> None:
        usage, now = usage_of(headers), self.clock()
        rests = {REST_UNTIL: usage.rest, FIGURES_REST_UNTIL: usage.figures_rest}
        told = {name: (now + rest).isoformat() for name, rest in rests.items() if rest > timedelta(0)}
        if told:
            self.memory.keep(**told)
