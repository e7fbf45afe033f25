"""Words as a search compares them: case, accents and apostrophes do not count, so “sei” finds “Se’i”."""

import re
import unicodedata
from typing import Final

MAX_WORDS: Final = 8
_SILENT = re.compile(r"['’‘`´ʼʻ]")
_SPECIAL = re.compile(r"[\\%_]")
_GAP = re.compile(r"[^\w%+]+")


def folded(*texts: str) -> str:
    """Return the texts as one line to search in: lower case, without accents and apostrophes, words apart by one blank."""
    plain = _caseless(_caseless(" ".join(texts)))  # a letter taken apart may bring forth a capital, as “ℌ” does
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _GAP.sub(" ", _SILENT.sub("", letters)).strip()


def words_of(query: str) -> tuple[str, ...]:
    """Return the words that must all be found, each once and at most MAX_WORDS; a query of signs alone has none."""
    return tuple(dict.fromkeys(folded(query).split()))[:MAX_WORDS]


def like_patterns(query: str) -> tuple[str, ...]:
    """Return a LIKE pattern per word for columns that are not folded; its escape sign is the backslash.

    `%` and `_` are letters; an apostrophe stands for any one sign, because catalogues write it in many ways.
    """
    words = tuple(dict.fromkeys(query.split()))[:MAX_WORDS]
    return tuple(f"%{_SILENT.sub('_', _escaped(word))}%" for word in words)


def _escaped(word: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", word)


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFKD", text.casefold())
