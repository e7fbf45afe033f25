"""What a person may enter as a catalogue source, and what only the operator may set by the command line.

A page that takes addresses must not lend its reader the eyes of the machine it runs on: only http(s) addresses in the public
internet are taken, besides the server that the operator named in the settings. Files, databases and what was set up by
`siar sync` for them keep their address and mapping; a query in a mapping would read whatever that machine can read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn

import httpx
from starlette.datastructures import FormData

from catalog_sync.saved_sources import SourceSpec, shown
from catalog_sync.sources.base import SourceFormat, SourceOptions
from catalog_sync.sources.http_page import DEFAULT_PORTS
from catalog_sync.sources.opening import open_source
from marketing.channels.http import Resolve, is_public, system_resolve
from marketing.errors import CatalogError, InvalidInputError
from marketing.i18n import gettext as _

FORMATS: Final = (SourceFormat.CONTRACT, SourceFormat.WOOCOMMERCE, SourceFormat.MERCHANT_FEED)
"""Formats that can be read from an address; spreadsheets and databases are connected by the command line."""
NAME_LENGTH: Final = 40
ADDRESS_LENGTH: Final = 2_000
TOKEN_LENGTH: Final = 4_000
MAPPING_LENGTH: Final = 20_000
LEAST_MINUTES, MOST_MINUTES = 5, 7 * 24 * 60
_NAME: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it came; the token is never sent back."""

    name: str = ""
    format: str = SourceFormat.CONTRACT.value
    address: str = ""
    token: str = ""
    mapping: str = ""
    minutes: str = ""

    @classmethod
    def of(cls, form: FormData) -> "Typed":
        """Take the fields over."""

        def field(name: str) -> str:
            return str(form.get(name, "")).replace("\r\n", "\n").strip()

        return cls(*(field(name) for name in ("nama", "bentuk", "alamat", "token", "pemetaan", "menit")))

    @classmethod
    def from_kept(cls, spec: SourceSpec) -> "Typed":
        """Return what the form shows of a kept source: nothing that is secret."""
        mapping = json.dumps(spec.mapping, ensure_ascii=False, indent=2) if spec.mapping else ""
        minutes = "" if spec.minutes is None else str(spec.minutes)
        return cls(spec.name, spec.format, shown(spec.location), "", mapping, minutes)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where this Daerah's people may point a source: `trusted` are host:port that the operator named in the settings."""

    trusted: frozenset[str] = frozenset()
    region_code: str = ""
    resolve: Resolve = system_resolve


def is_outside(location: str) -> bool:
    """Return whether a source is read by HTTP: the only kind whose address and mapping the form may change."""
    return location.lower().startswith(("http://", "https://"))


def trusted_hosts(address: str | None) -> frozenset[str]:
    """Return the host:port of the address in the settings, none when it is a path."""
    if not address or not is_outside(address):
        return frozenset()
    _scheme, host, port = _origin(httpx.URL(address))
    return frozenset({f"{host}:{port}"})


def wanted(typed: Typed, kept: SourceSpec | None, names: frozenset[str], reach: Reach) -> SourceSpec:
    """Return the source as entered; InvalidInputError names the field that does not fit, if it is one field.

    `kept` is the source to change, `names` are those that a new one may not take.
    """
    minutes = _minutes(typed.minutes)
    if kept is not None and not is_outside(kept.location):
        return replace(kept, minutes=minutes)
    name = kept.name if kept is not None else _name(typed.name, names)
    if typed.format not in FORMATS:
        _wrong("bentuk", _("Pilih bentuk sumber dari daftar."))
    form = SourceFormat(typed.format)
    same_address = kept is not None and typed.address == shown(kept.location)
    location = kept.location if kept is not None and same_address else typed.address
    if not (same_address and kept is not None and kept.format is form):
        check_address(location, reach)
    token = _token(typed, kept, location)
    mapping = _mapping(typed.mapping)
    try:  # nothing is asked yet: this only says whether the source can be read this way
        open_source(
            form, location, SourceOptions(token=token, region_code=reach.region_code, mapping=mapping, timeout=1.0)
        )
    except CatalogError as error:
        raise InvalidInputError(str(error)) from error
    inner = same_address and kept is not None and not kept.outside_only
    return SourceSpec(
        name, form, location, token, mapping, minutes, outside_only=not inner and not _trusted(location, reach)
    )


def _trusted(location: str, reach: Reach) -> bool:
    _scheme, host, port = _origin(httpx.URL(location))
    return f"{host}:{port}" in reach.trusted


def check_address(location: str, reach: Reach) -> None:
    """Refuse what is no http(s) address in the public internet; every address its name has is looked at."""
    if not location or len(location) > ADDRESS_LENGTH or not location.isprintable():
        _wrong("alamat", _("Isi alamat katalog, misalnya https://katalog.contoh.go.id/api."))
    try:
        url = httpx.URL(location)
        _scheme, host, port = _origin(url)
    except (httpx.InvalidURL, KeyError, ValueError):
        _wrong("alamat", _("Alamat harus berawalan https:// atau http://. Berkas dan basis data dipasang operator."))
    if not host:
        _wrong("alamat", _("Alamat harus memuat nama server."))
    if url.userinfo:
        _wrong("alamat", _("Alamat tidak boleh memuat nama pengguna atau kata sandi; isi token di kolomnya sendiri."))
    if f"{host}:{port}" in reach.trusted:
        return
    try:
        addresses = reach.resolve(host, port)
    except (OSError, UnicodeError, OverflowError):
        addresses = ()
    if not addresses:
        _wrong("alamat", _("Nama server tidak ditemukan. Periksa alamatnya."))
    if not all(is_public(address) for address in addresses):
        _wrong(
            "alamat",
            _(
                "Alamat ini ada di jaringan dalam, bukan internet umum. Minta operator menghubungkannya dengan `siar sync`."
            ),
        )


def _token(typed: Typed, kept: SourceSpec | None, location: str) -> str:
    """Return the new token, else the kept one, which never follows to another server."""
    if len(typed.token) > TOKEN_LENGTH:
        _wrong("token", _("Token terlalu panjang; salin sekali lagi."))
    origin = _origin(httpx.URL(location))
    token = typed.token
    if not token and kept is not None and _origin(httpx.URL(kept.location)) == origin:
        token = kept.token
    return token


def _origin(url: httpx.URL) -> Origin:
    return url.scheme, url.raw_host.decode("ascii"), url.port or DEFAULT_PORTS[url.scheme]


def _name(name: str, taken: frozenset[str]) -> str:
    if not name or len(name) > NAME_LENGTH or not set(name) <= _NAME or name.startswith("-"):
        _wrong(
            "nama",
            _("Nama sumber: huruf kecil, angka dan tanda hubung, paling panjang {n} huruf.").format(n=NAME_LENGTH),
        )
    if name in taken:
        _wrong("nama", _("Nama ini sudah dipakai. Pilih nama lain, atau ubah sumber yang ada."))
    return name


def _minutes(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and LEAST_MINUTES <= int(text) <= MOST_MINUTES):  # noqa: PLR2004  digits of the largest number
        _wrong(
            "menit",
            _("Isi {least} sampai {most} menit, atau kosongkan supaya diambil bila diminta saja.").format(
                least=LEAST_MINUTES, most=MOST_MINUTES
            ),
        )
    return int(text)


def _mapping(text: str) -> Mapping[str, Any]:
    """Read the mapping; what is wrong with it is told by line and column."""
    if not text:
        return {}
    if len(text) > MAPPING_LENGTH:
        _wrong("pemetaan", _("Pemetaan lebih panjang dari {n} huruf.").format(n=MAPPING_LENGTH))
    try:
        found = json.loads(text, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode()  # a lone surrogate can be stored nowhere
    except json.JSONDecodeError as error:
        _wrong(
            "pemetaan",
            _("Pemetaan bukan JSON yang sah: baris {line}, kolom {column}.").format(
                line=error.lineno, column=error.colno
            ),
        )
    except (ValueError, RecursionError):
        _wrong("pemetaan", _("Pemetaan memuat nilai yang tidak dapat disimpan."))
    if not isinstance(found, dict):
        _wrong("pemetaan", _("Pemetaan harus satu objek JSON, misalnya {example}.").format(example='{"unit": "buah"}'))
    if "\\u0000" in text:
        _wrong("pemetaan", _("Pemetaan memuat nilai yang tidak dapat disimpan."))
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _wrong(field: str, text: str) -> NoReturn:
    raise InvalidInputError(text, field=field)
