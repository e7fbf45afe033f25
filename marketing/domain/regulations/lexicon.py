"""Words that tell something about a product: folded text, whole words only, and what before a word excuses it.

Made to be right rather than complete: the managing team verifies every product anyway (Blitar Ps. 6(2)b).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_AND: Final = r"(?:\w+ (?:dan|atau|maupun) )?"
_TAG: Final = re.compile(r"<[^<>]*>")


@lru_cache(maxsize=32)  # the articles read the same name and description one after the other
def folded(text: str) -> str:
    """Fold case, compatibility forms, invisible characters, markup and white space, so that a word is a word."""
    visible = unicodedata.normalize("NFKC", text).casefold()
    if not visible.isprintable():  # format characters never are
        visible = "".join(letter for letter in visible if unicodedata.category(letter) != "Cf")
    return " ".join(_TAG.sub(" ", visible).split())


def whole_words(*alternatives: str) -> re.Pattern[str]:
    """Match any of the patterns as whole words; a hyphen continues an Indonesian word (arak-arakan, semut-semutan)."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(alternatives)})(?!\w|-\w)")


def ending_in(words: str) -> re.Pattern[str]:
    """Match text that ends in one of `words`, itself or one word away, and so excuses what follows."""
    return re.compile(rf"\b(?:{words})(?: (?!dan\b|serta\b|jual\b|isi\b)\w+)?[ -]+{_AND}$")


def told(words: re.Pattern[str], text: str, *excuses: re.Pattern[str]) -> Iterator[str]:
    """Return the matches in folded text that nothing before them excuses."""
    for found in words.finditer(text):
        before = text[: found.start()]
        if not any(excuse.search(before) for excuse in excuses):
            yield found.group()
