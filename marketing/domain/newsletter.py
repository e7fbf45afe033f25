"""The blocks of a newsletter: articles, market information, events, and where the products stand (TTS Ps. 7(3)c).

A block is plain text: blank lines part paragraphs, links are http(s) only, nothing is HTML. A draft may be incomplete, never
wrong: `wrongs` tells what may not even be kept, `gaps` what is missing before it may go out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, time
from html import escape
from typing import Any, ClassVar, Final

from marketing.domain.text import cleaned, one_line, web_address
from marketing.i18n import gettext as _

MAX_BLOCKS: Final = 20
MAX_TITLE: Final = 120
MAX_LINE: Final = 160
MAX_BODY: Final = 4_000
MAX_WEIGHT: Final = 52_000
"""Bytes of HTML for all blocks together: with ten products the mail stays below the 102 kB at which Gmail cuts it off."""
_PART, _LINE = 2_300, 60  # bytes of HTML around a block and around a line of its text, measured on the templates
MAX_LINK: Final = 500
_CLOCK: Final = re.compile(r"(\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Article:
    """A piece that teaches or tells; `picture_of` is the row id of the product whose picture stands with it."""

    kind: ClassVar[str] = "article"
    title: str = ""
    body: str = ""
    link: str = ""
    picture_of: int | None = None


@dataclass(frozen=True, slots=True)
class MarketNote:
    """A figure of the market with its source and day (ISO 8601).

    `measure` names a figure of our own catalogue: it is counted by us whenever the draft is saved and cannot be typed.
    """

    kind: ClassVar[str] = "market"
    label: str = ""
    value: str = ""
    source: str = ""
    day: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event or notice: what, where, on which day (ISO 8601) and at which hour (HH:MM by the clock of the Daerah)."""

    kind: ClassVar[str] = "event"
    title: str = ""
    place: str = ""
    day: str = ""
    hour: str = ""
    body: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The place where the chosen products stand; without one they come last."""

    kind: ClassVar[str] = "products"


Block = Article | MarketNote | Happening | Shelf
KINDS: Final[Mapping[str, type[Block]]] = {one.kind: one for one in (Article, MarketNote, Happening, Shelf)}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of one block (counted from 0), as a sentence."""

    index: int
    field: str
    text: str


def block_json(block: Block) -> dict[str, Any]:
    """Return a block as plain JSON values, with its kind."""
    return {"kind": block.kind, **asdict(block)}


def block_of(raw: Mapping[str, Any]) -> Block:
    """Read what `block_json` wrote; a field that a later version added is left out, an unknown kind is a ValueError."""
    kind = KINDS.get(raw["kind"])
    if kind is None:
        raise ValueError(f"unknown block {raw['kind']!r}")
    known = {one.name for one in fields(kind)}
    return kind(**{name: value for name, value in raw.items() if name in known})


def tidied(block: Block) -> Block:
    """Return the block as it is kept: titles on one line, text without controls, bidirectional overrides or invisible marks."""
    changes: dict[str, Any] = {}
    for one in fields(block):
        value = getattr(block, one.name)
        if isinstance(value, str):
            changes[one.name] = cleaned(value).strip() if one.name == "body" else one_line(value)
    return replace(block, **changes)


def wrongs(blocks: Sequence[Block]) -> tuple[Fault, ...]:
    """Return what keeps these blocks from being kept, the first fault of each field."""
    found: list[Fault] = []
    if len(blocks) > MAX_BLOCKS:
        found.append(
            Fault(MAX_BLOCKS, "", _("Paling banyak {number} bagian dalam satu edisi.").format(number=MAX_BLOCKS))
        )
    for index, block in enumerate(blocks[:MAX_BLOCKS]):
        found += [Fault(index, name, text) for name, text in _wrong(block)]
    if sum(map(weight, blocks)) > MAX_WEIGHT:
        text = _(
            "Edisi ini terlalu panjang untuk satu surel: Gmail akan memotongnya. Persingkat, atau bagi menjadi dua edisi."
        )
        found.append(Fault(MAX_BLOCKS, "", text))
    shelves = [index for index, block in enumerate(blocks) if isinstance(block, Shelf)]
    found += [Fault(index, "", _("Tempat produk cukup satu. Hapus yang ini.")) for index in shelves[1:]]
    return tuple(found)


def gaps(blocks: Sequence[Block]) -> tuple[Fault, ...]:
    """Return what is missing before these blocks may go out."""
    return tuple(Fault(index, name, text) for index, block in enumerate(blocks) for name, text in _missing(block))


def links_of(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return every address that the blocks lead to, each once."""
    found = (web_address(block.link) for block in blocks if isinstance(block, Article | Happening))
    return tuple(dict.fromkeys(filter(None, found)))


def words_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield everything that was written in the blocks."""
    for block in blocks:
        yield from (value for one in fields(block) if isinstance(value := getattr(block, one.name), str) and value)


def weight(block: Block) -> int:
    """Return about how many bytes of a mail's HTML a block takes, rather too many than too few."""
    said = [escape(word) for word in words_of((block,))]
    lines = 1 + sum(word.count("\n") for word in said)
    title = len(said[0].encode()) + _LINE if said else 0  # it stands in the list of contents too
    return _PART + _LINE * lines + title + sum(len(word.encode()) for word in said)


def headings(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the titles of articles and events in order: the list of contents."""
    return tuple(block.title for block in blocks if isinstance(block, Article | Happening) and block.title)


def read_day(text: str) -> date | None:
    """Return the day of an ISO date (YYYY-MM-DD), None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-22") else None
    except ValueError:
        return None


def read_hour(text: str) -> time | None:
    """Return the time of HH:MM, None for anything else."""
    found = _CLOCK.fullmatch(text) if text.isascii() else None
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def _limits(block: Block) -> Mapping[str, int]:
    match block:
        case Article():
            return {"title": MAX_TITLE, "body": MAX_BODY, "link": MAX_LINK}
        case MarketNote():
            return {"label": MAX_TITLE, "value": MAX_TITLE, "source": MAX_LINE}
        case Happening():
            return {"title": MAX_TITLE, "place": MAX_LINE, "body": MAX_BODY, "link": MAX_LINK}
        case Shelf():
            return {}


def _wrong(block: Block) -> Iterator[tuple[str, str]]:
    for name, most in _limits(block).items():
        value = getattr(block, name)
        if len(value) > most:
            yield name, _("Paling panjang {number} huruf.").format(number=most)
        elif name == "link" and value and not web_address(value):
            yield name, _("Tautan harus berupa alamat lengkap yang diawali https:// atau http://.")
    if isinstance(block, MarketNote | Happening) and block.day and read_day(block.day) is None:
        yield "day", _("Tanggal ini tidak ada di kalender.")
    if isinstance(block, Happening) and block.hour and read_hour(block.hour) is None:
        yield "hour", _("Tulis jam seperti 09:00.")


def _missing(block: Block) -> Iterator[tuple[str, str]]:
    match block:
        case Article():
            if not block.title:
                yield "title", _("Tulis judul artikelnya, atau hapus bagian ini.")
            if not block.body:
                yield "body", _("Tulis isi artikelnya, atau hapus bagian ini.")
        case MarketNote():
            needed = {"label": block.label, "value": block.value, "source": block.source, "day": block.day}
            texts = {
                "label": _("Tulis apa yang diukur, misalnya “Kemiri kupas, per kg”."),
                "value": _("Tulis angkanya."),
                "source": _("Tulis sumbernya, supaya pembaca dapat memeriksanya."),
                "day": _("Isi tanggal datanya."),
            }
            yield from ((name, texts[name]) for name, value in needed.items() if not value)
        case Happening():
            if not block.title:
                yield "title", _("Tulis nama acaranya, atau hapus bagian ini.")
            if not block.place:
                yield "place", _("Tulis tempatnya; acara daring ditulis “daring”.")
            if not block.day:
                yield "day", _("Isi tanggalnya.")
        case Shelf():
            return
