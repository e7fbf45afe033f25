"""A catalogue that speaks `siar-catalog/1`: a folder, a single file, or an HTTP server with cursor paging."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx

from catalog_sync.contract import Kind
from catalog_sync.sources.base import CatalogSource, Page, SourceOptions
from catalog_sync.sources.http_page import DEFAULT_PORTS, MEGABYTE, PAGE_BYTES, Answer, ask, http_client, refusal
from catalog_sync.sources.outside import OutsideOnly
from catalog_sync.sources.page import Received, read_page
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

PAGE_LIMIT: Final = 1_000
RECORDS_A_PAGE: Final = 500
VALIDATORS: Final[Mapping[str, str]] = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


def open_source(location: str, options: SourceOptions = SourceOptions()) -> CatalogSource:  # noqa: B008  frozen
    """Return the source for an address or a path; CatalogError when it is neither."""
    if location.lower().startswith(("http://", "https://")):
        return ContractServer(
            location,
            token=options.token,
            timeout=options.timeout,
            memory=options.memory,
            transport=OutsideOnly() if options.outside_only else None,
        )
    return ContractFolder(Path(location))


class ContractFolder:
    """`businesses.json`, `products.json`, `buyers.json`, `orders.json` in one folder, or one file with all four lists."""

    snapshot: bool = False  # a file may hold changes alone: what left the catalogue is on the `deleted` list
    picture_hosts: frozenset[str] = frozenset()
    memory: Mapping[str, Any] = {}

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def picture_folder(self) -> Path | None:
        return self._path if self._path.is_dir() else self._path.parent

    def pages(self, since: datetime | None, *, resume: str = "") -> Iterator[Page]:  # noqa: ARG002  always read whole
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
        raise CatalogError(
            _("{where} lebih besar dari {limit} MB. Bagi katalog menjadi beberapa halaman.").format(
                where=path.name, limit=PAGE_BYTES // MEGABYTE
            )
        )
    return body


class ContractServer:
    """`GET {base}/businesses?updated_since=…&cursor=…&limit=…` and its three siblings. No redirect is followed.

    The address is an operator's own setting, so it may lie in a private network; what the catalogue itself names
    (pictures) goes through the guard in marketing/channels/http.py. `memory` keeps each page's validators together with
    the cursor that followed it, so that a page that did not change costs one 304.
    """

    snapshot: bool = False
    picture_folder: Path | None = None

    def __init__(
        self,
        base: str,
        *,
        token: str = "",
        timeout: float = 20.0,
        memory: Mapping[str, Any] | None = None,
        transport: httpx.BaseTransport | None = None,
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
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout = timeout
        self._transport = transport
        self._remembered: Mapping[str, Any] = dict(memory or {})
        self.memory: dict[str, Any] = {}

    @property
    def picture_hosts(self) -> frozenset[str]:
        if isinstance(self._transport, OutsideOnly):
            return frozenset()
        port = self._base.port or DEFAULT_PORTS[self._base.scheme]
        return frozenset({f"{self._base.raw_host.decode('ascii')}:{port}"})

    def pages(self, since: datetime | None, *, resume: str = "") -> Iterator[Page]:
        self.memory = {}
        feed, _space, cursor = resume.partition(" ")
        kinds = list(Kind)
        start = next((number for number, kind in enumerate(kinds) if kind.feed == feed), 0)
        with http_client(self._headers, timeout=self._timeout, transport=self._transport) as client:
            for kind in kinds[start:]:
                yield from self._listing(client, kind, since, cursor if kind.feed == feed else "")

    def _listing(self, client: httpx.Client, kind: Kind, since: datetime | None, cursor: str) -> Iterator[Page]:
        where = f"{self._base.host}/{kind.feed}"
        query = {"limit": str(RECORDS_A_PAGE)}
        if since is not None:
            query["updated_since"] = since.isoformat()
        if cursor:
            query["cursor"] = cursor
        cursors = {cursor}
        for _number in range(PAGE_LIMIT):
            page, following = self._ask(client, kind, query, where)
            yield Page(page.records, page.deleted, page.region, resume=f"{kind.feed} {following}" if following else "")
            if not following:
                return
            if following in cursors:
                raise CatalogError(
                    _(
                        "{where} mengulang penunjuk halaman yang sama tanpa akhir. Laporkan kepada pengelola katalog."
                    ).format(where=where)
                )
            cursors.add(following)
            query["cursor"] = following
        raise CatalogError(
            _("{where} tidak berakhir sesudah {count} halaman. Laporkan kepada pengelola katalog.").format(
                where=where, count=PAGE_LIMIT
            )
        )

    def _ask(self, client: httpx.Client, kind: Kind, query: dict[str, str], where: str) -> tuple[Page, str]:
        """Return a page and the cursor of the next; one that did not change since we last read it comes empty."""
        url = self._base.copy_with(path=f"{self._base.path.rstrip('/')}/{kind.feed}", params=query)
        place = f"{kind.feed}?{url.query.decode('ascii')}"
        known = self._remembered.get(place, {})
        conditions = {VALIDATORS[name]: known[name] for name in VALIDATORS if known.get(name)}
        answer = ask(client, url, where, timeout=self._timeout, limit=PAGE_BYTES, headers=conditions)
        if answer.status == HTTPStatus.NOT_MODIFIED and conditions:
            self.memory[place] = known
            return Page({}), str(known.get("next", ""))
        if not answer.is_page:
            raise refusal(answer, where)
        received = read_page(answer.body, where)
        self._remember(place, answer, received)
        return received.page, received.next_cursor or ""

    def _remember(self, place: str, answer: Answer, received: Received) -> None:
        found = {name: answer.headers[name][:500] for name in VALIDATORS if answer.headers.get(name)}
        if found:
            self.memory[place] = {**found, "next": received.next_cursor or ""}
