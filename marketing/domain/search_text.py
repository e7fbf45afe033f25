"""Words as a search compares them: case, accents and apostrophes do not count, so “sei” finds “Se’i”."""

import re
import unicodedata
from typing import Final

MAX_WORDS: Final = 8
_SILENT = re.compile(r"['’‘`´ʼʻ]")
_GAP = re.compile(r"[^\w%+]+")


def folded(*texts: str) -> str:
    """Return the texts as one line to search in: lower case, without accents and apostrophes, words apart by one blank."""
    plain = unicodedata.normalize("NFKD", _SILENT.sub("", " ".join(texts)).casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _GAP.sub(" ", letters).strip()


def words_of(query: str) -> tuple[str, ...]:
    """Return the words that must all be found, each once and at most MAX_WORDS; a query of signs alone has none."""
    return tuple(dict.fromkeys(folded(query).split()))[:MAX_WORDS]
