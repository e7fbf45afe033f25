"""Facts about a product to a record of the contract; what is missing or unclear never makes it more promotable. Pure.

A price that cannot be read is none, a stock that cannot be read is sold out, a permit whose date cannot be read does not
count: the gate then holds the product and says why, and a revocation in the same row is seen all the same.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from catalog_sync.contract import Kind, SetAside
from catalog_sync.contract.models import PermitType
from catalog_sync.sources.spreadsheet.facts import Facts
from catalog_sync.sources.spreadsheet.fields import Field
from marketing.domain.identifiers import bpom_kind
from marketing.domain.product import Category, HalalStatus, VerificationStatus
from marketing.i18n import gettext as _

_HOW: Final = (Field.ORDER_TEXT, Field.ORDER_URL, Field.ORDER_WHATSAPP)
_PLAIN: Final = (Field.NAME, Field.DESCRIPTION, Field.PRICE, Field.UNIT, Field.STOCK, Field.MIN_ORDER)
_EXPIRIES: Final = {
    PermitType.PIRT: (Field.PIRT_EXPIRES, Field.PERMIT_EXPIRES),
    PermitType.BPOM_MD: (Field.BPOM_EXPIRES, Field.PERMIT_EXPIRES),
    PermitType.BPOM_ML: (Field.BPOM_EXPIRES, Field.PERMIT_EXPIRES),
}
_WITHOUT_NUMBER: Final = frozenset(
    {"belum", "proses", "tidak", "dalam proses", "diajukan", "sedang diurus", "pengajuan"}
)
_ONLY_SAID: Final = frozenset({"ya", "ada", "sudah", "punya", "memiliki"})


def product_record(
    facts: Facts, identity: str, business_id: str, place: str
) -> tuple[dict[str, Any] | None, list[SetAside]]:
    """Return the record and a line for everything that was not read; no record when the category is not known."""
    values = facts.values
    lines = [remark.line(Kind.PRODUCT, identity, place, _consequence(remark.field)) for remark in facts.remarks]
    category = values.get(Field.CATEGORY)
    if category is None:
        if not facts.unreadable(Field.CATEGORY):
            lines.append(aside(identity, place, _("kategori belum diisi; baris ini tidak diambil")))
        return None, [replace(one, lost=lost(facts)) for one in lines]
    permits, unclear_permit = _permits(facts)
    sale, unclear_sale = _sale(facts)
    unclear = [one for one in (unclear_permit, unclear_sale) if one]
    record = {
        "id": identity,
        "business_id": business_id,
        "category": category,
        "kind": values.get(Field.KIND, "service" if category == Category.JASA else "goods"),
        **{name.value: values[name] for name in _PLAIN if name in values},
        "weight_gram": values.get(Field.WEIGHT),
        "images": [{"url": url} for url in values.get(Field.IMAGES, ())],
        "how_to_order": _part(facts, _HOW),
        "permits": permits,
        "halal": _halal(facts),
        "sale": sale,
        "verification": {
            "status": _status(facts).value,
            **_part(facts, (Field.VERIFIED_BY, Field.VERIFIED_AT, Field.NOTE)),
        },
    }
    if facts.unreadable(Field.STOCK):
        record["stock"] = 0
    return record, lines + [aside(identity, place, one) for one in unclear]


def aside(identity: str, place: str, reason: str, gone: VerificationStatus | None = None) -> SetAside:
    """Return the line for a row of which something was not taken; the reason is a sentence without its full stop."""
    return SetAside(Kind.PRODUCT, identity, f"{place}: {reason}.", lost=gone if identity else None)


def lost(facts: Facts) -> VerificationStatus | None:
    """Return what a row that is not taken says about its product's standing, unless that is verified."""
    status = _status(facts)
    return None if status is VerificationStatus.VERIFIED else status


def _status(facts: Facts) -> VerificationStatus:
    return VerificationStatus(facts.values.get(Field.STATUS, VerificationStatus.PENDING))


def _part(facts: Facts, fields: Iterable[Field]) -> dict[str, Any]:
    return {name.rpartition(".")[2]: facts.values[name] for name in fields if name in facts.values}


def _consequence(name: Field) -> str:
    """Return what follows from a cell that could not be read, where it is more than its absence."""
    return {
        Field.CATEGORY: _("baris ini tidak diambil"),
        Field.PRICE: _("produk dibaca tanpa harga"),
        Field.STOCK: _("stok dihitung habis"),
        Field.STATUS: _("dianggap belum diverifikasi"),
        Field.PIRT_EXPIRES: _("izin itu tidak dihitung"),
        Field.BPOM_EXPIRES: _("izin itu tidak dihitung"),
        Field.PERMIT_EXPIRES: _("izin itu tidak dihitung"),
        Field.SALE_PRICE: _("diskon tidak dibaca"),
        Field.SALE_STARTS: _("diskon tidak dibaca"),
        Field.SALE_ENDS: _("diskon tidak dibaca"),
    }.get(name, "")


def _permits(facts: Facts) -> tuple[list[dict[str, Any]], str]:
    values, unclear = facts.values, ""
    found: list[tuple[PermitType, str]] = []
    if Field.PIRT in values:
        found.append((PermitType.PIRT, values[Field.PIRT]))
    if Field.BPOM in values:
        found.append((_bpom(values[Field.BPOM]), values[Field.BPOM]))
    if Field.PERMIT in values:
        kind = _kind_of(values[Field.PERMIT])
        if kind:
            found.append((kind, values[Field.PERMIT]))
        elif values[Field.PERMIT].casefold() not in _WITHOUT_NUMBER:
            unclear = _("izin edar tidak jelas jenisnya; tulis P-IRT atau BPOM MD di depan nomornya")
    found += [
        (kind, values[name])
        for name, kind in ((Field.SNI, PermitType.SNI), (Field.HKI, PermitType.HKI))
        if name in values
    ]
    permits = []
    for kind, number in found:
        expiries = _EXPIRIES.get(kind, ())
        if number.casefold() in _WITHOUT_NUMBER or facts.unreadable(*expiries):
            continue
        expires = next((values[name] for name in expiries if name in values), None)
        shown = None if number.casefold() in _ONLY_SAID else number
        permits.append({"type": kind.value, "number": shown, "expires": expires})
    return permits, unclear


def _bpom(number: str) -> PermitType:
    return PermitType.BPOM_ML if bpom_kind(number) == "ML" else PermitType.BPOM_MD


def _kind_of(number: str) -> PermitType | None:
    """Tell P-IRT from BPOM by what the number says of itself; 12 or 15 digits alone may be either."""
    plain = "".join(letter for letter in number.casefold() if letter.isalnum())
    if "irt" in plain:
        return PermitType.PIRT
    return _bpom(number) if "bpom" in plain or bpom_kind(number) else None


def _halal(facts: Facts) -> dict[str, str]:
    """Return status and number from either column; a number without a word is a certificate."""
    status, number = facts.values.get(Field.HALAL, (None, ""))
    other, second = facts.values.get(Field.HALAL_NUMBER, (None, ""))
    number = second or number
    status = status or (HalalStatus.CERTIFIED.value if number else other)
    told = {"status": status or HalalStatus.UNKNOWN.value}
    return told | ({"number": number} if number else {})


def _sale(facts: Facts) -> tuple[dict[str, Any] | None, str]:
    fields = (Field.SALE_PRICE, Field.SALE_STARTS, Field.SALE_ENDS)
    values = facts.values
    if all(name in values for name in fields):
        price, starts, ends = (values[name] for name in fields)
        if starts > ends:
            return None, _("awal diskon sesudah akhirnya; diskon tidak dibaca")
        return {"price": price, "starts": starts, "ends": ends}, ""
    if Field.SALE_PRICE in values and not facts.unreadable(*fields):
        return None, _("diskon tanpa tanggal mulai dan akhir tidak dibaca")
    return None, ""
