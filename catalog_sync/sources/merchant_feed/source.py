"""The feed as a source: pages of at most 500 products, each after the business it belongs to.

A feed always lists everything, so what is missing has left the catalogue; only when its server says “not modified”
(RFC 9110 section 15.4.5) nothing was listed at all, and nothing may be taken for gone: `snapshot` is False then. The
same holds when an item could not be read so far as to know which product or whose it is.
"""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx

from catalog_sync.contract import Kind, SetAside
from catalog_sync.sources.base import CatalogSource, Page, SourceOptions
from catalog_sync.sources.http_page import DEFAULT_PORTS, Answer, http_client, refusal
from catalog_sync.sources.merchant_feed.products import product_of
from catalog_sync.sources.merchant_feed.reading import items
from catalog_sync.sources.merchant_feed.rules import read_rules
from catalog_sync.sources.merchant_feed.text import PIECE
from catalog_sync.sources.outside import OutsideOnly
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.local_time import zone_of

RECORDS_A_PAGE: Final = 500
WAIT_FACTOR: Final = 30  # the whole feed may keep us waiting this many times the time-out, however slowly it drips
READING: Final = "1"  # another number when items are read differently, so that “not modified” is not believed once
VALIDATOR_LIMIT: Final = 500


def open_source(location: str, options: SourceOptions = SourceOptions()) -> CatalogSource:  # noqa: B008  frozen
    """Return the feed at an address or a path; CatalogError when it is neither or the mapping does not fit."""
    return MerchantFeed(location, options)


class MerchantFeed:
    """One feed. `options.token` is a bearer token, or `name:password` for basic authentication.

    The address is an operator's own setting, so it may lie in a private network; no redirect is followed.
    """

    def __init__(self, location: str, options: SourceOptions) -> None:
        """Prepare; nothing is asked yet."""
        self._rules = read_rules(options.mapping, zone_of(options.region_code))
        self._options = options
        self._url = _address(location)
        if not (options.token.isascii() and (options.token or "-").isprintable()):
            raise CatalogError(_("Token sumber ini memuat huruf yang tidak boleh; salin sekali lagi."))
        self._path = None if self._url else Path(location)
        self._whole = True
        self._key = sha256(
            json.dumps([READING, location, options.mapping], sort_keys=True, default=str).encode("utf-8", "replace")
        ).hexdigest()
        self._memory: dict[str, Any] = {}

    @property
    def snapshot(self) -> bool:
        return self._whole

    @property
    def picture_hosts(self) -> frozenset[str]:
        if self._url is None or self._options.outside_only:
            return frozenset()
        port = self._url.port or DEFAULT_PORTS[self._url.scheme]
        return frozenset({f"{self._url.raw_host.decode('ascii')}:{port}"})

    @property
    def picture_folder(self) -> Path | None:
        return self._path.parent if self._path else None

    @property
    def memory(self) -> Mapping[str, Any]:
        return self._memory

    def pages(self, since: datetime | None, *, resume: str = "") -> Iterator[Page]:  # noqa: ARG002  always whole
        self._whole = True
        self._memory = {}
        if self._url is None:
            yield from self._paged(_file_pieces(Path(self._path or "")), (self._path or Path()).name)
        else:
            yield from self._fetched(self._url)

    def _fetched(self, url: httpx.URL) -> Iterator[Page]:
        where = f"{url.host}{url.path}"  # without the query, where keys are wont to stand
        try:
            with (
                http_client(
                    self._headers(),
                    timeout=self._options.timeout,
                    transport=OutsideOnly() if self._options.outside_only else None,
                ) as client,
                client.stream("GET", url) as response,
            ):
                if response.status_code == HTTPStatus.NOT_MODIFIED and self._known():
                    self._whole = False
                    self._memory = dict(self._options.memory)
                    return
                if response.status_code != HTTPStatus.OK:
                    raise refusal(Answer(response.status_code, response.headers, b""), where)
                if response.headers.get("Content-Encoding", "identity").lower() not in {"identity", "gzip", "x-gzip"}:
                    raise CatalogError(_("{where} dimampatkan dengan cara yang tidak diminta.").format(where=where))
                yield from self._paged(_patient(response, self._options.timeout * WAIT_FACTOR), where)
                self._memory = self._validators(response.headers)
        except httpx.TimeoutException as error:
            raise CatalogError(
                _("{where} tidak menjawab dalam {seconds} detik. Coba lagi nanti.").format(
                    where=where, seconds=round(self._options.timeout)
                )
            ) from error
        except httpx.HTTPError as error:
            raise CatalogError(
                _("{where} tidak dapat dihubungi, atau terputus. Periksa alamat umpan dan jaringannya.").format(
                    where=where
                )
            ) from error

    def _paged(self, chunks: Iterator[bytes], where: str) -> Iterator[Page]:
        known: set[str] = set()
        businesses: list[dict[str, Any]] = []
        products: list[dict[str, Any]] = []
        aside: list[SetAside] = []

        def page() -> Page:
            records = {Kind.BUSINESS: list(businesses), Kind.PRODUCT: list(products)}
            set_aside = list(aside)
            businesses.clear()
            products.clear()
            aside.clear()
            return Page(records, set_aside=set_aside)

        for item in items(chunks, where):
            business, product = product_of(item, self._rules)
            if business and business["id"] not in known:
                known.add(business["id"])
                businesses.append(business)
            if isinstance(product, SetAside):
                aside.append(product)
                self._whole = self._whole and bool(business and product.external_id)
            else:
                products.append(product)
            if len(businesses) + len(products) + len(aside) >= RECORDS_A_PAGE - 1:  # the next item may bring two
                yield page()
        yield page()

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/rss+xml, application/atom+xml, application/xml, text/xml, */*;q=0.1"}
        headers["Accept-Encoding"] = "gzip"
        token = self._options.token
        if ":" in token:
            headers["Authorization"] = f"Basic {base64.b64encode(token.encode()).decode()}"
        elif token:
            headers["Authorization"] = f"Bearer {token}"
        return headers | self._known()

    def _known(self) -> dict[str, str]:
        """Return the conditions of RFC 9110 section 13.1, when the last complete pull was of this feed read in this way."""
        memory = self._options.memory
        if memory.get("key") != self._key:
            return {}
        named = {"If-None-Match": memory.get("etag"), "If-Modified-Since": memory.get("last_modified")}
        return {name: value for name, value in named.items() if isinstance(value, str) and value}

    def _validators(self, headers: httpx.Headers) -> dict[str, Any]:
        named = {"etag": headers.get("ETag", ""), "last_modified": headers.get("Last-Modified", "")}
        kept = {
            name: value
            for name, value in named.items()
            if value and len(value) <= VALIDATOR_LIMIT and value.isascii() and value.isprintable()
        }
        return {"key": self._key, **kept} if kept else {}


def _address(location: str) -> httpx.URL | None:
    """Return the address, None for a path; CatalogError for an address that cannot be asked."""
    if "://" not in location:
        return None
    try:
        url = httpx.URL(location)
    except httpx.InvalidURL as error:
        raise CatalogError(_("Alamat umpan tidak sah.")) from error
    if url.scheme not in DEFAULT_PORTS or not url.host or url.userinfo:
        raise CatalogError(_("Alamat umpan harus http(s) tanpa nama pengguna; kata sandi diisi sebagai token."))
    return url


def _file_pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or _("nama berkas tidak sah")
        raise CatalogError(
            _("Umpan “{name}” tidak dapat dibaca ({reason}). Periksa letak berkasnya.").format(
                name=path.name, reason=reason
            )
        ) from error


def _patient(response: httpx.Response, seconds: float) -> Iterator[bytes]:
    """Pass the body on as it came over the line; only the time spent waiting for it counts, not what we do with it."""
    waited = 0.0
    pieces = response.iter_raw()
    while True:
        asked = time.monotonic()
        piece = next(pieces, None)
        waited += time.monotonic() - asked
        if piece is None:
            return
        if waited > seconds:
            raise httpx.ReadTimeout("")
        yield piece
