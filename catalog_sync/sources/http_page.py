"""One GET over HTTP with an end to its size and to its time, and one Indonesian sentence for whatever is no page.

The address is an operator's own setting, so it may lie in a private network. No redirect is followed, so a credential
never leaves for another address; nothing sleeps and nothing is tried again.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx

from marketing.channels.tls import trusted
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

PAGE_BYTES: Final = 64 * 1024 * 1024
MEGABYTE: Final = 1024 * 1024
PAGE_SECONDS: Final = 10  # a page may take this many times the time-out, however slowly its bytes drip in
LONGEST_WAIT: Final = timedelta(days=1)  # a shop that asks for more is asked again tomorrow
DEFAULT_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def is_page(self) -> bool:
        """Return whether it is what was asked for."""
        return self.status == HTTPStatus.OK


def http_client(
    headers: Mapping[str, str], *, timeout: float, transport: httpx.BaseTransport | None = None
) -> httpx.Client:
    """Return a client that follows nothing and reads no environment; `timeout` in seconds, for each step."""
    return httpx.Client(
        headers={"User-Agent": "Siar", **headers},
        timeout=timeout,
        transport=transport,
        verify=trusted(),
        trust_env=False,  # only marketing/settings.py reads the environment
    )


def ask(
    client: httpx.Client,
    url: httpx.URL,
    where: str,
    *,
    timeout: float,
    limit: int = PAGE_BYTES,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return the answer, whatever its status; CatalogError when there is none, or one without end.

    `where` names the place in the sentence, `timeout` in seconds, `limit` in bytes; `headers` go with this call alone.
    """
    try:
        with client.stream("GET", url, headers=headers) as response:
            return Answer(response.status_code, response.headers, _body(response, where, timeout, limit))
    except httpx.TimeoutException as error:
        raise CatalogError(
            _("{where} tidak menjawab dalam {seconds} detik. Coba lagi nanti.").format(
                where=where, seconds=round(timeout)
            )
        ) from error
    except httpx.HTTPError as error:
        raise CatalogError(
            _("{where} tidak dapat dihubungi. Periksa alamat katalog dan jaringannya.").format(where=where)
        ) from error


def refusal(answer: Answer, where: str) -> CatalogError:
    """Return the error for an answer that is no page, with the pause it asks for; a source says more where it knows more."""
    status, wait = answer.status, None
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        text = _("{where} menolak kunci akses ({status}). Periksa kunci atau token sumber ini.")
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = retry_after(answer.headers)
        text = (
            _("{where} meminta jeda {wait} detik ({status}). Ambil lagi sesudahnya.")
            if wait
            else _("{where} meminta jeda ({status}). Ambil lagi nanti.")
        )
    elif status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        text = _("{where} tidak ada ({status}). Periksa alamat katalog.")
    elif HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST and "Location" in answer.headers:
        text = _("{where} mengalihkan ke alamat lain ({status}); isi alamat katalog yang sebenarnya.")
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = retry_after(answer.headers)
        text = _("{where} sedang bermasalah ({status}). Coba lagi nanti.")
    else:
        text = _("{where} menjawab {status}, bukan katalog. Periksa alamat katalog.")
    seconds = round(wait.total_seconds()) if wait is not None else ""
    return CatalogError(text.format(where=where, status=status, wait=seconds), retry_after=wait)


def retry_after(headers: httpx.Headers) -> timedelta | None:
    """Return the pause a server asks for (RFC 9110 section 10.2.3): seconds, or a date against the server's own clock."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=int(said[:9])), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)


def _body(response: httpx.Response, where: str, timeout: float, limit: int) -> bytes:
    deadline = time.monotonic() + timeout * PAGE_SECONDS
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > limit:
            raise CatalogError(
                _("{where} lebih besar dari {limit} MB. Bagi katalog menjadi beberapa halaman.").format(
                    where=where, limit=limit // MEGABYTE
                )
            )
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout(where)
        chunks.append(chunk)
    return b"".join(chunks)
