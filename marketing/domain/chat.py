"""From a campaign or an order to the values of a WhatsApp template, and what a template needs before we may use it; pure.

Limits: developers.facebook.com …/whatsapp/templates/components and the error codes 132005 (too long) and 132012 (a parameter
with line breaks, tabs or more than four blanks in a row), read 22 Nov 2026.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketing.domain.stop_words import stop_scope
from marketing.domain.text import cut, one_line
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.domain.whatsapp_template import BODY, Button, Shape, holes
from marketing.i18n import gettext as _

_HOLE: Final = re.compile(r"\{\{\s*(\d{1,2})\s*\}\}")
_STOP_WORD: Final = re.compile(r"\b(?:stop|berhenti|unreg)\b", re.IGNORECASE)
_SHORTEST: Final = 20
"""Letters that a long field keeps at least when others need room."""
QUICK_REPLY, URL, IMAGE = "QUICK_REPLY", "URL", "image"


class Field(StrEnum):
    """What may fill a hole of a template."""

    NAME = "nama"
    HEADLINE = "judul"
    TEXT = "isi"
    PRODUCT = "produk"
    PRICE = "harga"
    BUSINESS = "usaha"
    PRODUCTS = "daftar"
    OFFICE = "dinas"
    ORDER = "nomor"
    NEWS = "kabar"
    TOTAL = "total"


OF_CAMPAIGN: Final = (
    Field.NAME,
    Field.HEADLINE,
    Field.TEXT,
    Field.PRODUCT,
    Field.PRICE,
    Field.BUSINESS,
    Field.PRODUCTS,
    Field.OFFICE,
)
OF_ORDER: Final = (Field.NAME, Field.ORDER, Field.NEWS, Field.BUSINESS, Field.TOTAL, Field.OFFICE)
_MAY_SHRINK: Final = (Field.TEXT, Field.PRODUCTS, Field.NEWS, Field.HEADLINE, Field.BUSINESS, Field.PRODUCT, Field.NAME)
_LONGEST: Final[Mapping[Field, int]] = {Field.NAME: 60, Field.PRODUCT: 120, Field.BUSINESS: 120, Field.HEADLINE: 150}


@dataclass(frozen=True, slots=True)
class Template:
    """A template as we may use it: whether Meta lets it be sent now, and what it shows."""

    name: str
    language: str
    category: TemplateCategory
    shape: Shape
    sendable: bool = True

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.name}/{self.language}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A filled template as a phone shows it; `actions` are the words on its buttons."""

    body: str
    header: str = ""
    picture: str = ""
    footer: str = ""
    actions: tuple[str, ...] = ()


def label_of(field: Field) -> str:
    """Return what a field is called for people."""
    return {
        Field.NAME: _("Nama penerima"),
        Field.HEADLINE: _("Judul kampanye"),
        Field.TEXT: _("Teks kampanye (satu baris)"),
        Field.PRODUCT: _("Nama produk pertama"),
        Field.PRICE: _("Harga produk pertama"),
        Field.BUSINESS: _("Nama usahanya"),
        Field.PRODUCTS: _("Semua produk dengan harganya"),
        Field.OFFICE: _("Nama Dinas"),
        Field.ORDER: _("Nomor pesanan"),
        Field.NEWS: _("Kabar pesanan"),
        Field.TOTAL: _("Jumlah yang dibayar"),
    }[field]


def guessed(count: int, *, order: bool = False) -> tuple[Field, ...]:
    """Return what usually stands in so many holes, to begin with."""
    usual = OF_ORDER if order else OF_CAMPAIGN
    return tuple((*usual, *[Field.OFFICE] * count)[:count])


def fields_of(codes: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields behind their codes; ValueError for one that is none."""
    return tuple(Field(code) for code in codes)


def parameters(shape: Shape, fields: Sequence[Field], values: Mapping[Field, str]) -> tuple[str, ...]:
    """Return what fills the holes of the body: one line each, never empty, together with the fixed words within the limit.

    Where room runs out long fields are cut, the freest first; whole words of a price or a number are never touched.
    """
    said = [cut(one_line(values.get(field, "")), _LONGEST.get(field, BODY)) or "-" for field in fields]
    over = _length(shape, said) - BODY
    for shrinking in _MAY_SHRINK:
        for place, field in enumerate(fields):
            if over > 0 and field is shrinking and len(said[place]) > _SHORTEST:
                times = max(1, _times(shape, place + 1))
                shorter = cut(said[place], max(_SHORTEST, len(said[place]) - -(-over // times)))
                over -= (len(said[place]) - len(shorter)) * times
                said[place] = shorter
    return tuple(said)


def _times(shape: Shape, number: int) -> int:
    return sum(int(found) == number for found in _HOLE.findall(shape.body))


def _length(shape: Shape, said: Sequence[str]) -> int:
    return len(filled(shape.body, said))


def filled(text: str, said: Sequence[str]) -> str:
    """Return a text with its holes filled; a hole without a value stays as it is."""

    def value(found: re.Match[str]) -> str:
        number = int(found[1])
        return said[number - 1] if 1 <= number <= len(said) else found[0]

    return _HOLE.sub(value, text)


def shown(template: Template, said: Sequence[str], picture: str = "") -> Shown:
    """Return the template as it will be seen."""
    shape = template.shape
    return Shown(
        body=filled(shape.body, said),
        header=shape.header_text,
        picture=picture if shape.header == IMAGE else "",
        footer=shape.footer,
        actions=tuple(button.text for button in shape.buttons),
    )


def link_ends(shape: Shape, address: str) -> tuple[str, ...]:
    """Return the ends that make the filled URL buttons of a template lead to an address; "" for a button without a hole.

    ValueError when a button stands on another site, so that nobody is led where its template does not go.
    """
    ends: list[str] = []
    for button in shape.buttons:
        if not button.filled:
            ends.append("")
            continue
        stem = _stem(button)
        if not address.startswith(stem) or len(address) == len(stem):
            raise ValueError(button.text)
        ends.append(address.removeprefix(stem))
    return tuple(ends)


def _stem(button: Button) -> str:
    return button.url.partition("{{")[0]


def tells_how_to_stop(shape: Shape) -> bool:
    """Return whether whoever reads it is told how to leave: in words, or by a button whose press asks to stop."""
    told = any(_STOP_WORD.search(text) for text in (shape.body, shape.footer))
    return told or any(button.kind == QUICK_REPLY and stop_scope(button.text) for button in shape.buttons)


def misfits(
    template: Template, fields: Sequence[str], *, category: TemplateCategory, site: str, has_picture: bool = True
) -> Iterator[str]:
    """Yield why this template cannot be used with these fields, as sentences for people; `site` begins our own addresses."""
    shape, allowed = template.shape, OF_ORDER if category is TemplateCategory.UTILITY else OF_CAMPAIGN
    if not template.sendable:
        yield _("Meta belum atau tidak lagi mengizinkan templat “{name}”. Pilih templat lain yang disetujui.").format(
            name=template.name
        )
    if template.category is not category:
        kind = _("pemasaran") if category is TemplateCategory.MARKETING else _("utilitas")
        yield _("Templat “{name}” bukan templat {kind}. Pilih templat lain.").format(name=template.name, kind=kind)
    if not shape.fillable:
        yield _("Templat “{name}” meminta isian yang tidak didukung Siar. Pilih templat lain.").format(
            name=template.name
        )
    if len(fields) != holes(shape.body) or not set(fields) <= set(allowed):
        yield _("Pilih isi untuk setiap isian templat; ada {count} isian.").format(count=holes(shape.body))
    if category is TemplateCategory.MARKETING and not tells_how_to_stop(shape):
        yield _(
            "Templat ini tidak memberi tahu cara berhenti. Tambahkan kaki “Balas STOP untuk berhenti” di templatnya, lalu ajukan ke Meta."
        )
    wanting = [button for button in shape.buttons if button.filled]
    if category is TemplateCategory.UTILITY and wanting:
        yield _("Kabar pesanan tidak memakai tombol dengan tautan yang diisi. Pilih templat lain.")
    elif any(not f"{site}/k/".startswith(_stem(button)) for button in wanting):
        yield _("Tombol templat harus membuka {address} supaya kliknya dihitung.").format(address=f"{site}/k/{{{{1}}}}")
    if shape.header == IMAGE and not has_picture:
        yield _("Templat ini memakai gambar, tetapi produknya tidak punya. Pilih produk bergambar atau templat lain.")
