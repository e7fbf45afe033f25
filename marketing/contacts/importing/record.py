"""One row as a person: addresses in their one form, what is said about the person, and what could not be read. Pure.

What a row does not say is None or empty, so that it never wipes out what is known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from marketing.contacts.addresses import NORMALISE, address_hash, why_no_email
from marketing.contacts.importing.columns import ADDRESSES, CONSENT_PREFIX, Column, Field
from marketing.contacts.importing.consents import NOTHING, Said, read_consents
from marketing.contacts.importing.words import KINDS, LANGUAGES, zone_named
from marketing.domain.privacy import masked
from marketing.domain.text import one_line
from marketing.domain.types import BuyerKind, ChannelName
from marketing.i18n import gettext as _
from marketing.tabular.cells import Cell, UnreadableError, identifier, is_nothing, text_of
from marketing.tabular.headings import key
from marketing.tabular.sheets import Row

NAME: Final = 200
SHORT: Final = 100
TOPIC: Final = 50
TOPICS: Final = 20
EACH: Final = 5
"""Addresses of one kind that a row may name."""
CELL: Final = 2_000
"""Characters of a cell that are looked at; nothing of a contact is longer."""
_BETWEEN: Final = re.compile(r"[;,|/]")
_LISTED: Final = re.compile(r"[;,|\n]")
_ORDER: Final = {channel: place for place, channel in enumerate(NORMALISE)}
_OF_CONSENT: Final = frozenset({Field.CONSENT, Field.WORDING, Field.SOURCE})


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a row: the column's heading (empty: the row as a whole) and why. It repeats no one's data."""

    row: int
    column: str
    text: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """One address of a row."""

    channel: ChannelName
    normalised: str
    hash: str


@dataclass(frozen=True, slots=True)
class Person:
    """What one row says of one person."""

    row: int
    external_id: str
    name: str
    kind: BuyerKind | None
    locale: str | None
    zone: str | None
    kecamatan: str
    topics: tuple[str, ...]
    addresses: tuple[Given, ...]
    consents: Said = NOTHING


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one table of one Daerah."""

    columns: Sequence[Column]
    tenant_id: str
    signing_key: bytes = field(repr=False)
    zone: tzinfo
    now: datetime

    def read(self, row: Row) -> tuple[Person | None, list[Remark]]:
        """Return the person, None when the row cannot be one, and what is to be said about it."""
        remarks: list[Remark] = []
        texts: dict[str, str] = {}
        of_consent: dict[str, str] = {}
        addresses: dict[tuple[ChannelName, str], Given] = {}
        topics: list[str] = []
        at: Cell = None
        for column in self.columns:
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            if is_nothing(cell):
                continue
            try:
                if column.field in ADDRESSES:
                    self._addresses(ADDRESSES[column.field], cell, addresses)
                elif column.field == Field.CONSENT_AT:
                    at = cell
                elif column.field in _OF_CONSENT or column.field.startswith(CONSENT_PREFIX):
                    of_consent[column.field] = _short(cell)
                elif column.field == Field.TOPICS:
                    topics += _topics(cell)
                else:
                    texts[column.field] = _own_id(cell) if column.field == Field.ID else _short(cell)
            except UnreadableError as error:
                remarks.append(Remark(row.number, column.heading, str(error)))
        if not addresses:
            text = _("tidak ada surel, nomor HP atau Telegram yang dapat dipakai")
            remarks.append(Remark(row.number, "", text, refused=True))
            return None, remarks
        said = read_consents(of_consent, at, zone=self.zone, now=self.now) if of_consent else NOTHING
        headings = {column.field: column.heading for column in self.columns}
        remarks += [Remark(row.number, headings.get(field, ""), text) for field, text in said.remarks]
        person = Person(
            row=row.number,
            external_id=texts.get(Field.ID, "")[:SHORT],
            name=_name(texts.get(Field.NAME, "")),
            kind=self._known(row, Field.KIND, texts, headings, remarks),
            locale=self._locale(row, texts, headings, remarks),
            zone=self._zone(row, texts, headings, remarks),
            kecamatan=_name(texts.get(Field.KECAMATAN, ""))[:SHORT],
            topics=tuple(dict.fromkeys(topics))[:TOPICS],
            addresses=tuple(sorted(addresses.values(), key=lambda one: _ORDER[one.channel])),
            consents=said,
        )
        return person, remarks

    def _addresses(self, channel: ChannelName, cell: Cell, into: dict[tuple[ChannelName, str], Given]) -> None:
        text = identifier(cell) if isinstance(cell, int | float) else text_of(cell)
        if len(text) > CELL:
            raise UnreadableError(_("terlalu panjang untuk sebuah alamat"))
        if any(letter in text for letter in "\r\n\x00"):
            raise UnreadableError(_("alamat memuat baris baru atau huruf kendali; tulis dalam satu baris"))
        normalise, wrong = NORMALISE[channel], ""
        for part in _BETWEEN.split(text)[:EACH] if channel is not ChannelName.TELEGRAM else [text]:
            if not part.strip():
                continue
            normalised = normalise(part)
            if normalised is None:
                wrong = wrong or _why_not(channel, part)
                continue
            hashed = address_hash(self.signing_key, self.tenant_id, normalised)
            into.setdefault((channel, hashed), Given(channel, normalised, hashed))
        if wrong:
            raise UnreadableError(wrong)

    def _known(
        self, row: Row, field: Field, texts: dict[str, str], headings: dict[str, str], remarks: list[Remark]
    ) -> BuyerKind | None:
        text = texts.get(field, "")
        found = KINDS.get(key(text)) if text else None
        if text and found is None:
            known = ", ".join(kind.value.replace("_", " ") for kind in BuyerKind)
            said = _("jenis tidak dikenal; pilih salah satu: {known}").format(known=known)
            remarks.append(Remark(row.number, headings[field], said))
        return found

    def _locale(self, row: Row, texts: dict[str, str], headings: dict[str, str], remarks: list[Remark]) -> str | None:
        text = texts.get(Field.LANGUAGE, "")
        found = LANGUAGES.get(key(text)) if text else None
        if text and found is None:
            remarks.append(Remark(row.number, headings[Field.LANGUAGE], _("bahasa tidak dikenal; tulis id atau en")))
        return found

    def _zone(self, row: Row, texts: dict[str, str], headings: dict[str, str], remarks: list[Remark]) -> str | None:
        text = texts.get(Field.ZONE, "")
        found = zone_named(text) if text else None
        if text and found is None:
            remarks.append(Remark(row.number, headings[Field.ZONE], _("zona tidak dikenal; tulis WIB, WITA atau WIT")))
        return found


def _why_not(channel: ChannelName, part: str) -> str:
    if channel is ChannelName.EMAIL:
        return why_no_email(part)
    if channel is ChannelName.TELEGRAM:
        return _("bukan nama Telegram; tulis seperti @nama")
    return _("bukan nomor telepon; tulis seperti 0812… atau +62812…")


def _short(cell: Cell) -> str:
    text = text_of(cell)
    if len(text) > CELL:
        raise UnreadableError(_("isi kolom lebih dari {limit} huruf").format(limit=CELL))
    return one_line(text)


def _own_id(cell: Cell) -> str:
    text = identifier(cell)
    if masked(text) != text:
        raise UnreadableError(_("NIK tidak boleh menjadi ID; Siar tidak menyimpannya"))
    return text


def _name(text: str) -> str:
    return masked(text[:NAME])


def _topics(cell: Cell) -> list[str]:
    text = text_of(cell)
    if len(text) > CELL:
        raise UnreadableError(_("isi kolom lebih dari {limit} huruf").format(limit=CELL))
    words = (masked(one_line(word))[:TOPIC] for word in _LISTED.split(text))
    return [word for word in words if word]
