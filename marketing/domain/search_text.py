"""Words as a search compares them: case, accents and apostrophes do not count, so “sei” finds “Se’i”."""

import re
import unicodedata
from typing import Final

MAX_WORDS: Final = 8
_SILENT = re.compile(r"['’‘`´ʼʻ]")
_GAP = re.compile(r"[^\w%+]+")


def folded(*texts: str) -> str:
    """Return the texts as one line to search in: lower case, without accents and apostrophes, words apart by one blank."""
    plain = _caseless(_caseless(" ".join(texts)))  # a letter taken apart may bring forth a capital, as “ℌ” does
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _GAP.sub(" ", _SILENT.sub("", letters)).strip()


def words_of(query: str) -> tuple[str, ...]:
    """Return the words that must all be found, each once and at most MAX_WORDS; a query of signs alone has none."""
    return tuple(dict.fromkeys(folded(query).split()))[:MAX_WORDS]


def searched(*texts: str) -> str:
    """Return what is kept to search in; codes such as `makanan_olahan` are words apart."""
    return folded(*(text.replace("_", " ") for text in texts))


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFKD", text.casefold())
