"""Why a record does not fit, in one Indonesian sentence that names the field and never repeats the value."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from marketing.i18n import gettext as _

SHOWN: Final = 3

_Say = Callable[[Mapping[str, Any]], str]

_TEXTS: Final[Mapping[str, _Say]] = {
    "missing": lambda _ctx: _("belum diisi"),
    "string_type": lambda _ctx: _("harus berupa teks"),
    "string_too_long": lambda ctx: _("lebih dari {limit} huruf").format(limit=_grouped(ctx["max_length"])),
    "string_too_short": lambda _ctx: _("kosong"),
    "string_pattern_mismatch": lambda _ctx: _("memuat karakter yang tidak boleh"),
    "int_type": lambda _ctx: _("harus bilangan bulat"),
    "int_from_float": lambda _ctx: _("harus bilangan bulat"),
    "int_parsing_size": lambda _ctx: _("di luar batas"),
    "bool_type": lambda _ctx: _("harus true atau false"),
    "list_type": lambda _ctx: _("harus berupa daftar"),
    "too_long": lambda ctx: _("lebih dari {limit} isi").format(limit=_grouped(ctx["max_length"])),
    "model_type": lambda _ctx: _("harus berupa objek"),
    "enum": lambda ctx: _("tidak dikenal; pilihan: {choices}").format(choices=_choices(ctx["expected"])),
    "literal_error": lambda ctx: _("tidak dikenal; pilihan: {choices}").format(choices=_choices(ctx["expected"])),
    "greater_than_equal": lambda _ctx: _("di luar batas"),
    "less_than_equal": lambda _ctx: _("di luar batas"),
    "json_invalid": lambda _ctx: _("bersarang terlalu dalam"),
}


def reason_of(error: ValidationError) -> str:
    """Return what is wrong with a record, at most three fields, as a sentence."""
    details = error.errors(include_url=False, include_input=False)
    said = list(dict.fromkeys(_field(item) for item in details))
    more = _(" dan {count} lagi").format(count=len(said) - SHOWN) if len(said) > SHOWN else ""
    return "; ".join(said[:SHOWN]) + more + "."


def _field(item: ErrorDetails) -> str:
    path = ".".join(str(part) for part in item["loc"])
    text = _text(item)
    return f"{path}: {text}" if path else text


def _text(item: ErrorDetails) -> str:
    kind = item["type"]
    context = item.get("ctx", {})
    if kind == "value_error":
        kind = str(context["error"])
    if kind == "no_proof":
        return _("persetujuan tanpa versi kalimat atau tanpa sumber tidak dihitung")
    if kind == "sale_order":
        return _("awal diskon sesudah akhirnya")
    if kind == "rfc3339" or kind.startswith(("datetime", "timezone")):
        return _("bukan waktu RFC 3339 dengan selisih zona, misalnya 2026-08-01T09:00:00+08:00")
    if kind.startswith("date"):
        return _("bukan tanggal, misalnya 2029-12-31")
    say = _TEXTS.get(kind)
    return say(context) if say else _("tidak sah")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _choices(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", ", ")
