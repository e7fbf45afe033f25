"""One HTTPS call to a provider of JSON: bounded in time and size, no redirects, no proxy, no repetition.

What must stay secret in an address (tokens, signatures; TikTok Shop even wants the app secret there) is added below httpx, which
writes every address it calls to its log (httpx/_client.py, `_send_single_request`, 0.28).
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any, Final, Self

import httpx

from marketing.channels.tls import trusted

MAX_BYTES: Final = 5_000_000
MAX_WAIT: Final = timedelta(hours=24)
_EXTENSION: Final = "siar.secret_query"
Query = Sequence[tuple[str, str]]


class NoAnswerError(Exception):
    """There is no answer that can be read; when the provider was `reached`, the call may have taken effect."""

    def __init__(self, code: str, *, reached: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.reached = reached


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `secret_query` and `headers` appear in no log, exception or repr."""

    method: str
    path: str
    query: Query = ()
    secret_query: Query = ()
    headers: Mapping[str, str] | None = None
    body: bytes | None = None
    files: Sequence[tuple[str, tuple[str, bytes, str]]] = ()
    form: Mapping[str, str] | None = None

    def __repr__(self) -> str:
        return f"Call({self.method} {self.path})"


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON object with its status; amounts are Decimals. The body may hold new tokens, so no repr shows it."""

    status: int
    body: Mapping[str, Any] = field(repr=False)
    retry_after: timedelta | None


class _Below(httpx.HTTPTransport):
    """Adds the secret part of the address after httpx has logged the rest."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        secret = request.extensions.get(_EXTENSION, ())
        if not secret:
            return super().handle_request(request)
        return super().handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(params=[*request.url.params.multi_items(), *secret]),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )


class Wire:
    """Connections to one provider; use it as a context, so that they are closed. `timeout` in seconds bounds a whole call."""

    def __init__(self, base_url: str, timeout: float = 20.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._client = httpx.Client(
            transport=_Below(verify=trusted(), trust_env=False),
            timeout=timeout,
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": "Siar", "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(self, call: Call) -> Answer:
        """Return the provider's JSON object whatever its status; NoAnswerError when there is none."""
        try:
            return self._send(call)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise NoAnswerError("unreachable", reached=False) from None  # what httpx raised may quote the address
        except httpx.TimeoutException:
            raise NoAnswerError("timeout") from None
        except httpx.HTTPError:
            raise NoAnswerError("connection_lost") from None

    def _send(self, call: Call) -> Answer:
        deadline = time.monotonic() + self._timeout
        with self._client.stream(
            call.method,
            f"{self._base_url}{call.path}",
            params=list(call.query) or None,
            headers=dict(call.headers or {}),
            content=call.body,
            data=dict(call.form) if call.form else None,
            files=list(call.files) or None,
            extensions={_EXTENSION: tuple(call.secret_query)},
        ) as response:
            content = _content(response, deadline)
        if response.is_redirect:
            raise NoAnswerError("redirect")
        return Answer(response.status_code, _object(content, response.status_code), _retry_after(response))


def objects(data: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """Return the objects of a list in an answer; what is no list and no object is left out, as an answer may be anything."""
    found = data.get(name)
    return tuple(item for item in found if isinstance(item, dict)) if isinstance(found, list) else ()


def inner(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object under a name, or an empty one."""
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _content(response: httpx.Response, deadline: float) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > MAX_BYTES:
            raise NoAnswerError("too_large")
        if time.monotonic() > deadline:
            raise NoAnswerError("timeout")
        chunks.append(chunk)
    return b"".join(chunks)


def _object(content: bytes, status: int) -> Mapping[str, Any]:
    """Read the body; a status that says enough by itself may come without one."""
    try:
        body = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        return body
    if status in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return {}
    raise NoAnswerError("not_json" if status < httpx.codes.INTERNAL_SERVER_ERROR else f"http_{status}")


def _retry_after(response: httpx.Response) -> timedelta | None:
    """Read Retry-After in seconds (RFC 9110 10.2.3); its date form is left to the table's own delay."""
    given = response.headers.get("Retry-After", "")
    if not (given.isascii() and given.isdigit()):
        return None
    return min(timedelta(seconds=int(given[:9])), MAX_WAIT)
