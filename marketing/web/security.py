"""Headers on every answer, and the proof that a form came from our own page."""

import hmac
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FRAME = "bingkai"
"""Ends the address of a form that other sites show in a frame."""
# It runs nothing and sends only to us. What it shows is no secret, and no cookie goes with it.
FRAMED_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors *"
)
# A mail carries inline styles by nature and must never run anything; our own pages may frame it.
MAIL_CSP = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; "
    "base-uri 'none'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)


class SecurityHeaders:
    """Adds the headers that every answer carries; a route may set a stricter policy of its own."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(message)
            await send(message)

        await self._app(scope, receive, complete)

    def _complete(self, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(scope=message)
        headers.setdefault("Content-Security-Policy", PAGE_CSP)
        headers.setdefault("Referrer-Policy", "same-origin")
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), interest-cohort=()"
        headers.setdefault("Cache-Control", "no-store")
        if self._https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"


def csrf_token(key: bytes, secret: str) -> str:
    """Return the token that forms of this log-in (or of this visit, before it) carry."""
    return hmac.digest(key, f"csrf|{secret}".encode(), "sha256").hex()


def csrf_fits(key: bytes, secret: str, given: str) -> bool:
    """Return whether a form carries the token of its own visit; compared in constant time."""
    return bool(secret) and hmac.compare_digest(csrf_token(key, secret).encode(), given.encode())
