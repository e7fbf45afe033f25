"""Telephone numbers, mail addresses, web addresses and pictures out of cells, one or several in each. Pure."""

import re
from functools import lru_cache
from typing import Final

from catalog_sync.contract.fields import URL_LIMIT
from marketing.contacts.addresses import normalise_phone
from marketing.domain.text import one_line, web_address
from marketing.i18n import gettext as _
from marketing.tabular.cells import Cell, UnreadableError, identifier, shown, text_of

PICTURES: Final = 30
LEAST_DIGITS: Final = 6
_PARTED: Final = re.compile(r"[\n\r;|]+|, ?(?=https?://)| (?=https?://)")
_FILES: Final = re.compile(r"[,\n\r;|]+")
_BLANKS: Final = re.compile(r"[ \t\xa0]+")
_BARE_ADDRESS: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)
_PHONES: Final = re.compile(r"\s*(?:[/;,|\n]|\batau\b|\bdan\b)\s*", re.IGNORECASE)


def phone(cell: Cell) -> str:
    """Return the first number that can be one; several in a cell are parted by a slash, a comma or a word."""
    return _phone(identifier(cell))


@lru_cache(maxsize=1_000)  # a business's number stands in each of its rows, and reading one is slow
def _phone(text: str) -> str:
    for part in _PHONES.split(text):
        if part and normalise_phone(part):
            return part
    if sum(letter.isdigit() for letter in text) < LEAST_DIGITS:
        raise UnreadableError(_("bukan nomor telepon; tulis misalnya 081234567890"))
    return text


def email(cell: Cell) -> str:
    """Return a mail address as given; the mailing side asks more of it than a sign in its middle."""
    text = text_of(cell)
    if "@" not in text:
        raise UnreadableError(_("bukan alamat surel"))
    return one_line(text)


def linked(text: str, link: str) -> str:
    """Return the target of a hyperlink unless the text is an address itself (“Lihat foto” is none)."""
    return link if link and not text.lower().startswith(("http://", "https://")) else text


def addresses(text: str) -> list[str]:
    """Return every web address of a cell."""
    return [address(part) for part in _parted(text)]


def pictures(text: str) -> list[str]:
    """Return addresses or file names, parted by lines, semicolons or commas; a comma inside an address stays."""
    found = _parted(text) if "://" in text else [part.strip() for part in _FILES.split(text) if part.strip()]
    if len(found) > PICTURES:
        raise UnreadableError(_("lebih dari {limit} foto").format(limit=PICTURES))
    if any(len(part) > URL_LIMIT for part in found):
        raise UnreadableError(_("alamat foto terlalu panjang"))
    return [one_line(part) for part in found]


def address(text: str) -> str:
    """Return a web address; one without `https://` gets it."""
    text = one_line(text)
    found = web_address(f"https://{text}" if _BARE_ADDRESS.fullmatch(text) else text)
    if not found or len(found) > URL_LIMIT:
        raise UnreadableError(_("“{text}” bukan alamat web").format(text=shown(text)))
    return found


def _parted(text: str) -> list[str]:
    parts = _PARTED.split(_BLANKS.sub(" ", text))  # single blanks: a run of them would be tried from each of its signs
    return [part.strip(" ,") for part in parts if part.strip(" ,")]
