"""What protects the interface for programs: small bodies, a key on every request, and a pace for each key and address."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import parse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketing.accounts.api_keys import Caller, caller_of
from marketing.domain.api_key import KeyScope
from marketing.i18n import gettext as _
from marketing.web.api.problems import NotInScope, NotThisKey, problem
from marketing.web.deps import TheApp, TooManyRequests, limited

MAX_BYTES: Final = 64 * 1024
PER_KEY: Final = parse("600/minute")
PER_ADDRESS: Final = "600/minute"
WRONG_KEYS: Final = "30/minute"
_bearer = HTTPBearer(auto_error=False, description="siar api-key add --tenant T --name N --scope consents")
_limit_address = limited(PER_ADDRESS, "api")
_limit_wrong_keys = limited(WRONG_KEYS, "api-key")


class SmallBodies:
    """Reads a body before anything looks at it, and refuses one that is too long without reading on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole body, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > MAX_BYTES:
                answer = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Isi permintaan lebih dari 64 kB."))
                await answer(scope, receive, send)
                return
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def replay() -> Message:
            return whole.pop() if whole else await receive()

        await self._app(scope, replay, send)


def _caller(
    request: Request,
    app: TheApp,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Return whose key came with the request; a wrong one is answered as none, and slowed down."""
    _limit_address(request)
    with app.database.read() as session:
        caller = caller_of(session, given.credentials) if given is not None else None
    if caller is None:
        _limit_wrong_keys(request)
        raise NotThisKey
    if not request.app.state.limiter.hit(PER_KEY, "api", str(caller.key_id)):
        raise TooManyRequests
    return caller


TheCaller = Annotated[Caller, Depends(_caller)]


def may(scope: KeyScope) -> object:
    """Return a dependency that lets only keys with this scope through."""

    def check(caller: TheCaller) -> Caller:
        if scope not in caller.scopes:
            raise NotInScope
        return caller

    return Depends(check)


ConsentCaller = Annotated[Caller, may(KeyScope.CONSENTS)]
WithdrawalCaller = Annotated[Caller, may(KeyScope.WITHDRAWALS)]
