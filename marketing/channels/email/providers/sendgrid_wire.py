"""Calls to SendGrid's API over connections that are kept: an end to waiting, no redirects, no proxies, no endless answers, no logs.

SendGrid's own library opens a connection for each call, waits for ever, follows a redirect with our key in hand, and spends
more time on its JSON than on the call.
"""

import http.client
import io
import select
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

MAX_ANSWER_BYTES: Final = 1_000_000
IDLE_SECONDS: Final = 3.0
"""A connection unused for longer is not used again: its other end may be closing it while a call is on its way."""
_VERSION: Final = "/v3/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What SendGrid said. Headers by name in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class NotSentError(Exception):
    """The request did not leave us whole: nothing can have come of it."""


class NoAnswerError(Exception):
    """The request left us; whether it was taken is not known."""


class Wire:
    """Calls the API with one key; used by any thread."""

    def __init__(self, key: str, host: str, timeout_seconds: float) -> None:
        self._host = host
        self._timeout = timeout_seconds
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "siar",
        }
        self._kept: list[tuple[float, http.client.HTTPConnection]] = []
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Wire({self._host})"

    def send(self, body: Mapping[str, Any]) -> Answer:
        """POST mail/send; NotSentError and NoAnswerError tell where it broke."""
        return self._ask("POST", "mail/send", body)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """POST JSON to another path; errors as for `send`."""
        return self._ask("POST", path, body)

    def get(self, path: str) -> Answer:
        """GET; errors as for `send`."""
        return self._ask("GET", path, None)

    def close(self) -> None:
        """Close every connection that is kept."""
        with self._lock:
            kept, self._kept = self._kept, []
        for _since, connection in kept:
            connection.close()

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answer:
        # Errors of the wire may hold what was said: only their kind is told.
        connection = self._connection()
        try:
            octets = b"" if body is None else orjson.dumps(body)
            connection.request(method, _VERSION + path, octets or None, self._headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            raise NotSentError(type(error).__name__) from None
        until = time.monotonic() + self._timeout
        connection.response_class = partial(_response, until)  # type: ignore[assignment]  # it is only called
        try:
            response = connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            raise NoAnswerError(type(error).__name__) from None
        headers = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, headers, _read(response))
        if response.isclosed() and connection.sock is not None:
            with self._lock:
                self._kept.append((time.monotonic(), connection))
        else:
            response.close()
            connection.close()
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        """Return a connection that nobody has closed as far as can be seen, or one that connects when it is used."""
        while True:
            with self._lock:
                if not self._kept:
                    break
                since, kept = self._kept.pop()
            if time.monotonic() - since < IDLE_SECONDS and _quiet(kept.sock):
                kept.sock.settimeout(self._timeout)
                return kept
            kept.close()
        place = urlsplit(self._host)
        host = place.hostname or ""
        if place.scheme == "https":
            return http.client.HTTPSConnection(
                host, place.port, timeout=self._timeout, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(host, place.port, timeout=self._timeout)


class _Within(io.RawIOBase):
    """What a connection brings until a moment, however slowly it drips."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._octets = sock.makefile("rb", buffering=0)  # keeps the socket open while the answer is read
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._octets.readinto(buffer)

    def close(self) -> None:
        self._octets.close()
        super().close()

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Stand in for the socket where an answer is read from it."""
        return io.BufferedReader(self)


def _response(until: float, sock: socket.socket, **how: Any) -> http.client.HTTPResponse:
    return http.client.HTTPResponse(_Within(sock, until), **how)  # type: ignore[arg-type]  # only its `makefile` is used


def _read(response: http.client.HTTPResponse) -> bytes:
    """Return the body as far as it came: status and headers have been said already, and they decide."""
    try:
        return response.read(MAX_ANSWER_BYTES)
    except (OSError, http.client.HTTPException, ValueError):
        return b""


def _quiet(sock: socket.socket | None) -> bool:
    """Return whether nothing has come that nobody asked for: an end, or words out of turn."""
    return sock is not None and not select.select([sock], [], [], 0)[0]
