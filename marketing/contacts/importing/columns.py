"""What the columns of a file of contacts mean, by their headings or by a mapping that a person gave. Pure.

A heading that may mean two things is never guessed: whoever imports says what it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from marketing.domain.text import one_line
from marketing.domain.types import ChannelName, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.tabular.headings import key, keys

CONSENT_PREFIX: Final = "consent:"
MOST_COLUMNS: Final = 200
SHOWN: Final = 40


class Field(StrEnum):
    """What a column holds; consent to one purpose has a field of its own (`consent:promotional`), see `fields`."""

    ID = "id"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    TELEGRAM = "telegram"
    KIND = "kind"
    LANGUAGE = "language"
    ZONE = "zone"
    KECAMATAN = "kecamatan"
    TOPICS = "topics"
    CONSENT = "consent"
    CONSENT_AT = "consent_at"
    WORDING = "wording"
    SOURCE = "source"
    IGNORED = "-"


ADDRESSES: Final[Mapping[str, ChannelName]] = {
    Field.EMAIL: ChannelName.EMAIL,
    Field.PHONE: ChannelName.WHATSAPP,
    Field.TELEGRAM: ChannelName.TELEGRAM,
}
SEVERAL: Final = frozenset({*ADDRESSES, Field.TOPICS, Field.IGNORED})
"""Fields that more than one column may fill."""
_WORDS: Final[Mapping[str, str]] = {
    Field.ID: "id, id kontak, kode kontak, no anggota, nomor anggota, id pelanggan, kode pelanggan, customer id, contact id",
    Field.NAME: "nama, nama lengkap, nama kontak, nama pelanggan, nama pembeli, name, full name",
    Field.EMAIL: "email, surel, e mail, alamat email, alamat surel, email address, mail",
    Field.PHONE: "whatsapp, wa, no wa, nomor wa, no whatsapp, nomor whatsapp, hp, no hp, nomor hp, hp wa, no hp wa, handphone,"
    " no handphone, nomor handphone, ponsel, telepon, no telepon, nomor telepon, telp, no telp, phone, mobile, phone number",
    Field.TELEGRAM: "telegram, id telegram, akun telegram, nama telegram, username telegram",
    Field.KIND: "jenis, jenis kontak, jenis pelanggan, kelompok, kelompok pengguna, kind, type",
    Field.LANGUAGE: "bahasa, language, locale",
    Field.ZONE: "zona, zona waktu, zone, time zone, timezone",
    Field.KECAMATAN: "kecamatan, kec, district, subdistrict",
    Field.TOPICS: "topik, minat, topics, topic, interests, kategori minat",
    Field.CONSENT: "persetujuan, tujuan persetujuan, setuju untuk, consent, consents, purposes",
    Field.CONSENT_AT: "waktu persetujuan, tanggal persetujuan, tgl persetujuan, disetujui pada, consent at, consent time, consent date",
    Field.WORDING: "versi kalimat, versi kalimat persetujuan, versi persetujuan, wording version, wording, consent wording",
    Field.SOURCE: "sumber, sumber persetujuan, asal persetujuan, source, consent source",
    Field.IGNORED: "no, nomor urut, no urut, nik, no nik, no ktp, nomor ktp, keterangan, catatan",
}
_PURPOSES: Final[Mapping[Purpose, str]] = {
    Purpose.PROMOTIONAL: "promosi, promo, promotional, promotion, promosi produk",
    Purpose.NEWSLETTER: "buletin, newsletter, kabar, edukasi, berita",
    Purpose.RETENTION: "retensi, retention, ajakan kembali",
    Purpose.PERSONALISED: "personalisasi, personalised, personalized, personal, pilihan produk",
    Purpose.ENGAGEMENT_TRACKING: "pelacakan, pelacakan keterlibatan, pengukuran, engagement tracking, tracking",
    Purpose.WHATSAPP_MARKETING: "promosi whatsapp, whatsapp promosi, pemasaran whatsapp, whatsapp marketing, whatsapp",
    Purpose.TELEGRAM_MARKETING: "promosi telegram, telegram promosi, pemasaran telegram, telegram marketing",
}
_BEFORE_A_PURPOSE: Final = ("persetujuan ", "setuju ", "izin ", "consent ", "setuju menerima ")
_AMBIGUOUS: Final[Mapping[str, tuple[str, ...]]] = {
    "kontak": (Field.EMAIL, Field.PHONE),
    "contact": (Field.EMAIL, Field.PHONE),
    "nomor": (Field.ID, Field.PHONE),
    "number": (Field.ID, Field.PHONE),
    "kode": (Field.ID, Field.IGNORED),
    "tanggal": (Field.CONSENT_AT, Field.IGNORED),
    "date": (Field.CONSENT_AT, Field.IGNORED),
    "versi": (Field.WORDING, Field.IGNORED),
    "setuju": (Field.CONSENT, Field.IGNORED),
}
PURPOSE_WORDS: Final = {
    key(word): purpose
    for purpose in Purpose
    for word in [*_PURPOSES.get(purpose, "").split(","), purpose.value]
    if key(word)
}


def consent_field(purpose: Purpose) -> str:
    """Return the name of the field that holds yes or no to one purpose."""
    return f"{CONSENT_PREFIX}{purpose.value}"


def fields() -> tuple[str, ...]:
    """Return every field that a mapping may name."""
    return (*(field.value for field in Field), *(consent_field(purpose) for purpose in Purpose))


_BY_KEY: Final[Mapping[str, tuple[str, int]]] = {
    **{
        key(before + word): (consent_field(purpose), 0)
        for word, purpose in PURPOSE_WORDS.items()
        for before in _BEFORE_A_PURPOSE
    },
    **{key(name): (name, 0) for name in fields() if name != Field.IGNORED},
    **{
        key(word): (field, rank)
        for field, words in _WORDS.items()
        for rank, word in enumerate([part for part in words.split(",") if part])
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column by its place (from 0), its heading, and what it holds."""

    index: int
    heading: str
    field: str


@dataclass(frozen=True, slots=True)
class Headings:
    """What was found above the rows: columns in the order in which they count, and those that somebody must explain."""

    columns: tuple[Column, ...]
    unclear: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def has_address(self) -> bool:
        """Whether any column holds addresses: nobody can be reached without one."""
        return any(column.field in ADDRESSES for column in self.columns)


def known_in(cells: Sequence[str]) -> int:
    """Return how many cells of a row are headings that we know."""
    return sum(_meaning(cell) is not None or _is_unclear(cell) for cell in cells if cell)


def read_headings(headings: Sequence[str], mapping: Mapping[str, str]) -> Headings:
    """Say what each column holds; what the mapping names goes before every word of ours."""
    told = {key(heading): field for heading, field in mapping.items()}
    found: list[tuple[int, Column]] = []
    unclear: list[str] = []
    unknown: list[str] = []
    for index, heading in enumerate(headings[:MOST_COLUMNS]):
        if not heading:
            continue
        if (name := key(heading)) in told:
            found.append((-1, Column(index, heading, told[name])))
        elif _is_unclear(heading):
            unclear.append(heading)
        elif (meaning := _meaning(heading)) is not None:
            found.append((meaning[1], Column(index, heading, meaning[0])))
        else:
            unknown.append(heading)
    twice = _twice(column for rank, column in found if rank >= 0)
    taken = {column.field for rank, column in found if rank < 0} - SEVERAL
    unclear += [column.heading for column in twice if column.field not in taken]
    kept = [
        (rank, column)
        for rank, column in found
        if rank < 0 or (column not in twice and column.field not in taken and column.field != Field.IGNORED)
    ]
    columns = tuple(column for _rank, column in sorted(kept, key=lambda item: item[0]) if column.field != Field.IGNORED)
    return Headings(columns, tuple(unclear), tuple(unknown))


def check_mapping(mapping: Mapping[Any, Any]) -> dict[str, str]:
    """Return a mapping of headings to fields; InvalidInputError names what does not fit."""
    known, checked = set(fields()), {}
    for heading, field in mapping.items():
        if not isinstance(heading, str) or not isinstance(field, str) or field not in known:
            raise InvalidInputError(
                _("Pemetaan kolom “{heading}” tidak dikenal. Pilihan: {known}.").format(
                    heading=one_line(str(heading))[:SHOWN], known=", ".join(fields())
                ),
                field="pemetaan",
            )
        checked[heading] = field
    counted: dict[str, int] = defaultdict(int)
    for field in checked.values():
        counted[field] += 1
    if doubled := sorted(field for field, number in counted.items() if number > 1 and field not in SEVERAL):
        raise InvalidInputError(
            _("Hanya satu kolom boleh berarti {field}.").format(field=", ".join(doubled)), field="pemetaan"
        )
    return checked


def ask_for_mapping(unclear: Iterable[str]) -> InvalidInputError:
    """Return what to say when headings do not tell what their columns hold."""
    named = ", ".join(f"“{one_line(heading)[:SHOWN]}”" for heading in unclear)
    return InvalidInputError(
        _(
            "Kolom {named} dapat berarti lebih dari satu hal. Tentukan artinya dalam pemetaan, misalnya {example}; "
            "“-” berarti kolom itu tidak dipakai."
        ).format(named=named, example='{"Kontak": "phone"}'),
        field="pemetaan",
    )


def _meaning(heading: str) -> tuple[str, int] | None:
    return next((_BY_KEY[name] for name in keys(heading) if name in _BY_KEY), None)


def _is_unclear(heading: str) -> bool:
    known = next((name for name in keys(heading) if name in _BY_KEY or name in _AMBIGUOUS), "")
    return known in _AMBIGUOUS


def _twice(columns: Iterable[Column]) -> set[Column]:
    """Return the columns that share a field which one column alone may fill."""
    by_field: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        by_field[column.field].append(column)
    return {
        column for field, several in by_field.items() if len(several) > 1 and field not in SEVERAL for column in several
    }
