"""A shop's REST API v3: its address, its keys, its pages, and what its refusals mean.

Keys go by HTTP Basic over https, as WooCommerce's documentation has it. Plain http is taken for this machine alone: there
WooCommerce asks for OAuth 1.0a, which signs the question but not the answer, and a catalogue that anyone on the way could
rewrite is no ground for a gate.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final

import httpx

from catalog_sync.sources.http_page import DEFAULT_PORTS, Answer, ask, http_client, refusal
from catalog_sync.sources.page import read_json
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

API: Final = "wp-json/wc/v3"
INDEX: Final = "wp-json"
_FORBIDDEN: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a collection; `total` is None when the shop (or a proxy before it) does not say."""

    rows: list[Any]
    total: int | None
    pages: int | None


class ShopConnection:
    """Asks one shop. No redirect is followed, so the keys go nowhere else; one sentence for every refusal."""

    def __init__(
        self, location: str, token: str, *, timeout: float, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Prepare; nothing is asked yet. CatalogError when the address or the keys are none."""
        self.base = _base(location)
        self._client = http_client(
            {"Accept": "application/json", "Authorization": _basic(token)}, timeout=timeout, transport=transport
        )
        self._timeout = timeout

    @property
    def host(self) -> str:
        """Return `host:port` of the shop."""
        return f"{self.base.raw_host.decode('ascii')}:{self.base.port or DEFAULT_PORTS[self.base.scheme]}"

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()

    def listing(self, path: str, query: Mapping[str, str]) -> Listing:
        """Return one page of a collection; CatalogError when it is none."""
        where = f"{self.base.host}/{path}"
        answer = self._ask(f"{API}/{path}", query, where)
        if not answer.is_page:
            raise _refusal(answer, where)
        rows = _json(answer, where)
        if not isinstance(rows, list):
            raise CatalogError(_("{where} tidak menjawab dengan daftar. Periksa alamat toko.").format(where=where))
        return Listing(rows, _number(answer, "X-WP-Total"), _number(answer, "X-WP-TotalPages"))

    def currency(self) -> str:
        """Return the code of the shop's currency, empty when these keys may not see it."""
        where = f"{self.base.host}/data/currencies/current"
        answer = self._ask(f"{API}/data/currencies/current", {"_fields": "code"}, where)
        if answer.status in _FORBIDDEN or answer.status == HTTPStatus.NOT_FOUND:
            return ""
        if not answer.is_page:
            raise _refusal(answer, where)
        found = _json(answer, where)
        code = found.get("code") if isinstance(found, dict) else None
        return code if isinstance(code, str) else ""

    def name(self) -> str:
        """Return what the shop calls itself, its host when it keeps that to itself."""
        answer = self._ask(INDEX, {"_fields": "name"}, self.base.host)
        if answer.status in _FORBIDDEN or answer.status == HTTPStatus.NOT_FOUND:
            return self.base.host
        if not answer.is_page:
            raise _refusal(answer, self.base.host)
        found = _json(answer, self.base.host)
        name = found.get("name") if isinstance(found, dict) else None
        return name if isinstance(name, str) and name.strip() else self.base.host

    def _ask(self, path: str, query: Mapping[str, str], where: str) -> Answer:
        url = self.base.copy_with(path=f"{self.base.path.rstrip('/')}/{path}", params=dict(query))
        return ask(self._client, url, where, timeout=self._timeout)


def _base(location: str) -> httpx.URL:
    try:
        base = httpx.URL(location.strip())
    except httpx.InvalidURL as error:
        raise CatalogError(_("Alamat toko tidak sah.")) from error
    if base.scheme not in DEFAULT_PORTS or not base.host or base.userinfo:
        raise CatalogError(_("Alamat toko harus https tanpa nama pengguna; kunci API diisi sebagai token."))
    if base.scheme == "http" and not _is_this_machine(base.host):
        raise CatalogError(_("Alamat toko harus https: lewat http biasa isi katalog dapat diubah orang di perjalanan."))
    path = base.path.rstrip("/").removesuffix(f"/{API}").removesuffix(f"/{INDEX}")
    return base.copy_with(path=path or "/", query=None, fragment=None)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _basic(token: str) -> str:
    key, _colon, secret = token.strip().partition(":")
    if not (key and secret and token.isascii() and token.strip().isprintable()):
        raise CatalogError(
            _(
                "Isi token dengan kunci API WooCommerce sebagai “ck_…:cs_…” (Pengaturan > Lanjutan > REST API, izin Baca)."
            )
        )
    return f"Basic {base64.b64encode(f'{key}:{secret}'.encode()).decode('ascii')}"


def _refusal(answer: Answer, where: str) -> CatalogError:
    """Return the error for an answer of WooCommerce or of the WordPress before it; its own words are not repeated."""
    code = _code(answer)
    if answer.status == HTTPStatus.NOT_FOUND or code == "rest_no_route":
        return CatalogError(
            _("{where} tidak ada (404). Aktifkan WooCommerce, dan pilih permalink selain “Biasa” di WordPress.").format(
                where=where
            )
        )
    if answer.status == HTTPStatus.UNAUTHORIZED and code == "woocommerce_rest_authentication_error":
        return CatalogError(_("{where} tidak mengenal kunci API ini (401). Buat kunci baru.").format(where=where))
    if answer.status in _FORBIDDEN:
        return CatalogError(
            _("{where} menolak kunci API ({status}). Kunci harus milik pengelola toko dengan izin Baca.").format(
                where=where, status=answer.status
            )
        )
    return refusal(answer, where)


def _code(answer: Answer) -> str:
    try:
        found = read_json(answer.body, "")
    except CatalogError:
        return ""
    code = found.get("code") if isinstance(found, dict) else None
    return code if isinstance(code, str) else ""


def _json(answer: Answer, where: str) -> Any:
    if answer.body.lstrip()[:1] == b"<":
        raise CatalogError(
            _(
                "{where} menjawab dengan halaman web, bukan JSON: toko sedang dirawat atau dijaga plugin keamanan."
            ).format(where=where)
        )
    return read_json(answer.body, where)


def _number(answer: Answer, name: str) -> int | None:
    said = answer.headers.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < len("1000000000") else None
