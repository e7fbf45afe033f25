"""Finds what several finished texts have in common, so that a provider gets the common part once and each person's own parts.

Pure. A text is written as literals with gaps between them; the literals are the same for all, what stands in the gaps is
each text's own. Filling the gaps gives back exactly each text, whatever the texts are; how much they share only decides size.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

ANCHOR: Final = 24  # characters that must agree before two texts are taken to run side by side again
REACH: Final = 4_000  # how far ahead such an agreement is looked for
_GAP: Final = "\ud800"  # half a character: no text that can be written as UTF-8 holds it
_INSIDE_A_WORD = re.compile(r"[\w-]")


@dataclass(frozen=True, slots=True)
class SharedText:
    """Literals of which the first begins and the last ends every text; there is a gap between each two."""

    literals: tuple[str, ...]

    @property
    def gaps(self) -> int:
        """How many places differ from text to text."""
        return len(self.literals) - 1

    def split(self, text: str) -> tuple[str, ...] | None:
        """Return what this text has in the gaps; None when it does not share the literals."""
        first, *rest = self.literals
        if not rest:
            return () if text == first else None
        *middle, last = rest
        end = len(text) - len(last)
        if end < len(first) or not text.startswith(first) or not text.endswith(last):
            return None
        parts: list[str] = []
        at = len(first)
        for literal in middle:
            found = text.find(literal, at, end)
            if found < 0:
                return None
            parts.append(text[at:found])
            at = found + len(literal)
        return (*parts, text[at:end])

    def with_tags(self, tags: Sequence[str]) -> str:
        """Return the text with a tag in each gap."""
        inner = zip(tags, self.literals[1:], strict=True)
        return self.literals[0] + "".join(tag + literal for tag, literal in inner)


def shared_text(texts: Sequence[str]) -> SharedText:
    """Return what all these texts share; of one text alone everything is shared.

    ValueError for no text at all, or one with half a character in it (a lone surrogate).
    """
    if not texts or any(_GAP in text for text in texts):
        raise ValueError("nothing to compare")
    shared = SharedText((texts[0],))
    for text in texts[1:]:
        shared = narrowed(shared, text)
    return shared


def narrowed(shared: SharedText, text: str) -> SharedText:
    """Return what this text shares too; what shared it before still does."""
    return shared if shared.split(text) is not None else _narrowed(shared, text)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with each tag replaced by its value, as a provider does it."""
    for tag, value in values.items():
        template = template.replace(tag, value)
    return template


def unused_tags(texts: Sequence[str]) -> Iterator[str]:
    """Yield tags of equal length of which none occurs in any of the texts, nor can come about by filling in.

    They start and end with `%`, SendGrid's documented style, and hold no other `%`, so two tags never overlap.
    """
    number = 0
    while any(stem in text for text in texts if (stem := _stem(number))):
        number += 1
    count = 0
    while True:
        yield f"{_stem(number)}{count:05d}%"
        count += 1


def _stem(number: int) -> str:
    return f"%s{sha256(str(number).encode()).hexdigest()[:6]}x"


def _narrowed(shared: SharedText, text: str) -> SharedText:
    """Return the part of the literals that this text has too, in the same order."""
    known = _GAP.join(shared.literals)
    literals: list[str] = []
    start_known = start_text = 0
    for begin, end, at in _common_runs(known, text):
        whole_known = begin == start_known == 0 and at == start_text == 0
        reaches_end = end == len(known) and at + (end - begin) == len(text)
        begin_cut = begin if whole_known else _next_edge(known, begin, end)
        end_cut = end if reaches_end else _last_edge(known, begin_cut, end)
        if end_cut > begin_cut:
            if not literals and not whole_known:
                literals.append("")
            literals.append(known[begin_cut:end_cut])
        elif whole_known:
            literals.append("")
        start_known, start_text = end, at + end - begin
    reached_end = start_known == len(known) and start_text == len(text)
    if not literals:
        return SharedText(("", ""))
    if not (reached_end and literals[-1] and known.endswith(literals[-1])) or len(literals) == 1:
        literals.append("")
    return SharedText(tuple(literals))


def _common_runs(known: str, text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (begin, end, place in `text`) of runs of `known` that stand in `text` too, in order, none overlapping."""
    begin = at = 0
    while True:
        length = _agreeing(known, text, begin, at)
        if length:
            yield begin, begin + length, at
        begin, at = begin + length, at + length
        found = _next_agreement(known, text, begin, at)
        if found is None:
            break
        begin, at = found
    tail = _agreeing(known[begin:][::-1], text[at:][::-1], 0, 0)
    if tail:
        yield len(known) - tail, len(known), len(text) - tail


def _agreeing(known: str, text: str, begin: int, at: int) -> int:
    """Return how many characters agree from here, up to the next gap."""
    gap = known.find(_GAP, begin)
    limit = min((gap if gap >= 0 else len(known)) - begin, len(text) - at)
    low, high = 0, limit
    while low < high:  # slices are compared in C, one character at a time is not
        middle = (low + high + 1) // 2
        if known[begin + low : begin + middle] == text[at + low : at + middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _next_agreement(known: str, text: str, begin: int, at: int) -> tuple[int, int] | None:
    for here in range(begin, min(begin + REACH, len(known) - ANCHOR + 1)):
        anchor = known[here : here + ANCHOR]
        if _GAP in anchor:
            continue
        found = text.find(anchor, at, at + REACH + ANCHOR)
        if found >= 0:
            return here, found
    return None


def _next_edge(known: str, begin: int, end: int) -> int:
    """Return where the first whole word of the run begins: half a name in common would not be in common with the next."""
    while begin < end and _INSIDE_A_WORD.match(known[begin]):
        begin += 1
    return begin


def _last_edge(known: str, begin: int, end: int) -> int:
    while end > begin and _INSIDE_A_WORD.match(known[end - 1]):
        end -= 1
    return end
