"""The real `sendgrid` client, held to limits that it does not know: an end to waiting, no redirects, no endless answers, no logs.

Left to itself (6.12.5) it waits for ever, follows a redirect with our key in hand, reads whatever size comes, and writes key,
addresses and content into the debug log.
"""

import http.client
import logging
import socket
import threading
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.error import HTTPError, URLError

from python_http_client import exceptions as answers
from python_http_client.client import Client
from sendgrid import SendGridAPIClient

MAX_ANSWER_BYTES: Final = 1_000_000


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
    """Calls the API with one key; a fresh connection each time, used by any thread."""

    def __init__(self, key: str, host: str, timeout_seconds: float) -> None:
        self._key = key
        self._host = host
        self._timeout = timeout_seconds
        logging.getLogger("python_http_client").setLevel(logging.WARNING)

    def __repr__(self) -> str:
        return f"Wire({self._host})"

    def send(self, body: Mapping[str, Any]) -> Answer:
        """POST mail/send; NotSentError and NoAnswerError tell where it broke."""
        return self._ask(lambda api: api.send(dict(body)))

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """POST JSON to another path; errors as for `send`."""
        return self._ask(lambda api: _at(api, path).post(request_body=dict(body) if body is not None else None))

    def get(self, path: str) -> Answer:
        """GET; errors as for `send`."""
        return self._ask(lambda api: _at(api, path).get())

    def _ask(self, ask: Callable[[SendGridAPIClient], Any]) -> Answer:
        # Built anew for each call: the library keeps headers in the object, which threads would share. An empty key would
        # become that of the environment.
        api = SendGridAPIClient(api_key=self._key or "-", host=self._host)
        api.client = _Client(self._host, dict(api.client.request_headers), version=3, timeout=self._timeout)
        try:
            found = ask(api)
        except answers.HTTPError as error:
            return Answer(int(error.status_code), _lower(error.headers), bytes(error.body))
        except URLError as error:
            raise NotSentError(_kind(error.reason)) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswerError(_kind(error)) from None
        return Answer(int(found.status_code), _lower(found.headers), bytes(found.body))


def _at(api: SendGridAPIClient, path: str) -> Any:
    found: Any = api.client
    for name in path.split("/"):
        found = found._(name)
    return found


class _Client(Client):  # type: ignore[misc]  # the library ships no types
    def _build_client(self, name: str | None = None) -> "_Client":
        path = [*self._url_path, name] if name else self._url_path
        return _Client(
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=path,
            append_slash=self.append_slash,
            timeout=self.timeout,
        )

    def _make_request(self, opener: Any, request: urllib.request.Request, timeout: float | None = None) -> Any:  # noqa: ARG002  ours stands in for the library's opener
        seconds = float(timeout or self.timeout)
        with _Watch(seconds) as watch:
            try:
                with watch.opener().open(request, timeout=seconds) as response:
                    if watch.expired:
                        raise TimeoutError  # the head was cut off by us and read as if it ended there
                    return _Read(response.status, response.headers, _read(response))
            except HTTPError as error:
                with error:
                    body = _read(error)
                kind = answers.err_dict.get(error.code, answers.HTTPError)
                raise kind(error.code, error.reason, body, error.headers) from None


@dataclass(frozen=True, slots=True)
class _Read:
    """An answer read to its end, in the shape the library expects."""

    status: int
    headers: Any
    body: bytes

    def getcode(self) -> int:
        return self.status

    def read(self) -> bytes:
        return self.body

    def info(self) -> Any:
        return self.headers


def _read(response: Any) -> bytes:
    """Return the body as far as it came: status and headers have been said already, and they decide."""
    try:
        return bytes(response.read(MAX_ANSWER_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        return b""


class _Watch:
    """One call: cut off when its time is over, however slowly the other side drips."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(2 * seconds, self._cut)  # once to connect and send, once to be answered
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def opener(self) -> urllib.request.OpenerDirector:
        """Return an opener that follows no redirects, asks no proxy of the environment and whose connections are watched."""
        opener = urllib.request.OpenerDirector()
        plain, tls = (
            _watched(http.client.HTTPConnection, self._sockets),
            _watched(http.client.HTTPSConnection, self._sockets),
        )
        for handler in (
            _Handler(plain, tls),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
        ):
            opener.add_handler(handler)
        return opener

    def _cut(self) -> None:
        self.expired = True
        for sock in self._sockets:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Handler(urllib.request.AbstractHTTPHandler):
    def __init__(self, plain: Any, tls: Any) -> None:
        super().__init__()
        self._plain, self._tls = plain, tls

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(self._plain, request)

    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(self._tls, request)

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_


def _watched(kind: Any, sockets: list[socket.socket]) -> Any:
    """Return the class of connections with a note of each socket it opens."""

    class Watched(kind):  # type: ignore[misc]  # one of two classes of http.client
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)

    return Watched


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()} if headers is not None else {}


def _kind(error: object) -> str:
    """Return what broke without its words: they may hold an address."""
    return type(error).__name__
