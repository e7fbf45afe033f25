"""Headings and answers as people write them, whatever their case, blanks, punctuation and accents. Pure."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

LONGEST: Final = 100
"""A longer text is no heading, and is not kept in memory."""
_IN_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")


def key(text: str) -> str:
    """Return the letters and digits of a heading, small and without accents: `No. HP/WA` is `nohpwa`."""
    return _short_key(text) if len(text) <= LONGEST else _key(text)


def keys(heading: str) -> tuple[str, ...]:
    """Return what a heading may be known by: as it stands, then without what it says in brackets; none when too long."""
    return () if len(heading) > LONGEST else (key(heading), key(_IN_BRACKETS.sub(" ", heading)))


def _key(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text).casefold() if letter.isalnum())


_short_key = lru_cache(maxsize=4_000)(_key)
