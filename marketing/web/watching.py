"""Around every request: its number in the logs, its time, and its span. Only patterns of routes are told, never addresses."""

import secrets
from time import perf_counter
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketing.observability import metrics
from marketing.observability.tracing import PARENT, span, tell, trace_id, tracing

UNMATCHED: Final = "(none)"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class Watching:
    """Notes requests; the outermost layer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        start = perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        with span("request", _parent(scope), method=method):
            known = {"request": secrets.token_hex(6)} | ({"trace": trace_id()} if tracing() else {})
            try:
                with structlog.contextvars.bound_contextvars(**known):
                    await self._app(scope, receive, noting)
            finally:
                route = route_of(scope)
                metrics.request(route, method, status, perf_counter() - start)
                tell(f"{method} {route}", status=status)


def route_of(scope: Scope) -> str:
    """Return the pattern of the route that answered, such as /kampanye/{campaign_id}; it holds nothing of the address itself."""
    path = getattr(scope.get("route"), "path", None)
    return f"{path}" if path is not None else UNMATCHED


def _parent(scope: Scope) -> str:
    if not tracing():
        return ""
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == PARENT.encode()), "")
