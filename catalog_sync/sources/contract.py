"""A catalogue that speaks `siar-catalog/1`: a folder, a single file, or an HTTP server with cursor paging."""

import time
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from catalog_sync.contract import Kind
from catalog_sync.sources.base import CatalogSource, Page, SourceOptions
from catalog_sync.sources.page import Received, read_page
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

PAGE_BYTES: Final = 64 * 1024 * 1024
PAGE_LIMIT: Final = 1_000
RECORDS_A_PAGE: Final = 500
MEGABYTE: Final = 1024 * 1024
PAGE_SECONDS: Final = 10  # a page may take this many times the time-out, however slowly its bytes drip in
DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def open_source(location: str, options: SourceOptions = SourceOptions()) -> CatalogSource:  # noqa: B008  frozen
    """Return the source for an address or a path; CatalogError when it is neither."""
    if location.lower().startswith(("http://", "https://")):
        return ContractServer(location, token=options.token, timeout=options.timeout)
    return ContractFolder(Path(location))


class ContractFolder:
    """`businesses.json`, `products.json`, `buyers.json`, `orders.json` in one folder, or one file with all four lists."""

    picture_hosts: frozenset[str] = frozenset()

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def picture_folder(self) -> Path | None:
        return self._path if self._path.is_dir() else self._path.parent

    def pages(self, since: datetime | None) -> Iterator[Page]:  # noqa: ARG002  files are always read whole
        for path in self._files():
            yield read_page(_read(path), path.name).page

    def _files(self) -> list[Path]:
        if self._path.is_file():
            return [self._path]
        files = [path for kind in Kind if (path := self._path / f"{kind.feed}.json").is_file()]
        if not files:
            raise CatalogError(
                _(
                    "Tidak ada katalog di “{path}”: taruh products.json dan lainnya di sana, atau satu berkas JSON."
                ).format(path=self._path)
            )
        return files


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(PAGE_BYTES + 1)
    except OSError as error:
        raise CatalogError(
            _("Berkas “{name}” tidak dapat dibaca ({reason}).").format(name=path.name, reason=error.strerror)
        ) from error
    if len(body) > PAGE_BYTES:
        raise _too_large(path.name)
    return body


class ContractServer:
    """`GET {base}/businesses?updated_since=…&cursor=…&limit=…` and its three siblings. No redirect is followed.

    The address is an operator's own setting, so it may lie in a private network; what the catalogue itself names
    (pictures) goes through the guard in marketing/channels/http.py.
    """

    picture_folder: Path | None = None

    def __init__(
        self, base: str, *, token: str = "", timeout: float = 20.0, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Prepare; nothing is asked yet. CatalogError when the address is none."""
        try:
            self._base = httpx.URL(base.rstrip("/"))
        except httpx.InvalidURL as error:
            raise CatalogError(_("Alamat katalog tidak sah.")) from error
        if self._base.scheme not in DEFAULT_PORTS or not self._base.host or self._base.userinfo:
            raise CatalogError(
                _("Alamat katalog harus http(s) tanpa nama pengguna; token diisi di SIAR_CATALOG_TOKEN.")
            )
        self._headers = {"Accept": "application/json", "User-Agent": "Siar"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout = timeout
        self._transport = transport

    @property
    def picture_hosts(self) -> frozenset[str]:
        port = self._base.port or DEFAULT_PORTS[self._base.scheme]
        return frozenset({f"{self._base.raw_host.decode('ascii')}:{port}"})

    def pages(self, since: datetime | None) -> Iterator[Page]:
        with httpx.Client(
            headers=self._headers,
            timeout=self._timeout,
            transport=self._transport,
            trust_env=False,  # only marketing/settings.py reads the environment
        ) as client:
            for kind in Kind:
                yield from self._listing(client, kind, since)

    def _listing(self, client: httpx.Client, kind: Kind, since: datetime | None) -> Iterator[Page]:
        where = f"{self._base.host}/{kind.feed}"
        query = {"limit": str(RECORDS_A_PAGE)}
        if since is not None:
            query["updated_since"] = since.isoformat()
        cursors: set[str] = set()
        for _number in range(PAGE_LIMIT):
            received = self._ask(client, kind, query, where)
            yield received.page
            if received.next_cursor is None:
                return
            if received.next_cursor in cursors:
                raise CatalogError(
                    _(
                        "{where} mengulang penunjuk halaman yang sama tanpa akhir. Laporkan kepada pengelola katalog."
                    ).format(where=where)
                )
            cursors.add(received.next_cursor)
            query["cursor"] = received.next_cursor
        raise CatalogError(
            _("{where} tidak berakhir sesudah {count} halaman. Laporkan kepada pengelola katalog.").format(
                where=where, count=PAGE_LIMIT
            )
        )

    def _ask(self, client: httpx.Client, kind: Kind, query: dict[str, str], where: str) -> Received:
        url = self._base.copy_with(path=f"{self._base.path.rstrip('/')}/{kind.feed}", params=query)
        try:
            with client.stream("GET", url) as response:
                _check(response, where)
                body = _body(response, where, self._timeout)
        except httpx.TimeoutException as error:
            raise CatalogError(
                _("{where} tidak menjawab dalam {seconds} detik. Coba lagi nanti.").format(
                    where=where, seconds=round(self._timeout)
                )
            ) from error
        except httpx.HTTPError as error:
            raise CatalogError(
                _("{where} tidak dapat dihubungi. Periksa alamat katalog dan jaringannya.").format(where=where)
            ) from error
        return read_page(body, where)


def _check(response: httpx.Response, where: str) -> None:
    """Turn every answer but 200 into one sentence."""
    status = response.status_code
    if status == HTTPStatus.OK:
        return
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        text = _("{where} menolak token ({status}). Periksa SIAR_CATALOG_TOKEN.")
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = response.headers.get("Retry-After", "")
        if wait.isascii() and wait.isdigit():
            text = _("{where} meminta jeda {wait} detik (429). Tarik lagi sesudahnya.").replace("{wait}", wait[:9])
        else:
            text = _("{where} meminta jeda (429). Tarik lagi nanti.")
    elif status == HTTPStatus.NOT_FOUND:
        text = _("{where} tidak ada ({status}). Periksa alamat katalog.")
    elif response.has_redirect_location:
        text = _("{where} mengalihkan ke alamat lain ({status}); isi alamat katalog yang sebenarnya.")
    elif response.is_server_error:
        text = _("{where} sedang bermasalah ({status}). Coba lagi nanti.")
    else:
        text = _("{where} menjawab {status}, bukan katalog. Periksa alamat katalog.")
    raise CatalogError(text.format(where=where, status=status))


def _body(response: httpx.Response, where: str, timeout: float) -> bytes:
    """Read the body with an end to its size and to its time."""
    deadline = time.monotonic() + timeout * PAGE_SECONDS
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > PAGE_BYTES:
            raise _too_large(where)
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout(where)
        chunks.append(chunk)
    return b"".join(chunks)


def _too_large(where: str) -> CatalogError:
    return CatalogError(
        _("{where} lebih besar dari {limit} MB. Bagi katalog menjadi beberapa halaman.").format(
            where=where, limit=PAGE_BYTES // MEGABYTE
        )
    )
