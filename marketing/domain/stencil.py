"""A mail written once for many people, with holes where each person's own words and links go; pure.

A template is filled with `Hole`s in place of what differs from person to person. A hole can be printed, asked whether it is
empty (it never is: what is empty is filled in as such), and passed through the few filters below; anything else a template
tries with it raises LeavesSubsetError, and that template is filled for each person anew, as ever. So whatever stands between
two holes is the same for all, and is kept as text and in quoted-printable.

What may stand in a hole (`fits`) is printable and neither begins nor ends with white space: whatever is done with the text
around a hole (blank lines, line ends) is then the same for every value.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple, NoReturn

from jinja2.filters import FILTERS
from markupsafe import escape

from marketing.domain.quoted_printable import SOFT_BREAK, encoded, piece
from marketing.domain.text import web_address

LONGEST_WORD: Final = 1_000  # characters in one hole
FILTERS_OF_HOLES: Final = ("capitalize", "lower", "trim", "upper")
_MARKED: Final = re.compile("\ue000([0-9]+)\ue001")


class LeavesSubsetError(Exception):
    """A template did more with a hole than print it."""


class Opening(NamedTuple):
    """What goes into a hole: the person's word or token of this number; words may pass through filters first."""

    token: bool
    number: int
    filters: tuple[str, ...] = ()


def _refuse(*_arguments: object) -> NoReturn:
    raise LeavesSubsetError


class Hole:
    """Stands for a value that is not known yet, and is not empty."""

    __slots__ = ("_lead", "_opening", "_prefix", "_printed")

    def __init__(self, printed: list[Opening], opening: Opening, *, prefix: str = "", lead: bool = False) -> None:
        self._printed = printed
        self._opening = opening
        self._prefix = prefix
        self._lead = lead

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> NoReturn:
        raise LeavesSubsetError(name)

    __str__ = __repr__ = __format__ = __html__ = __eq__ = __ne__ = __hash__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __len__ = __iter__ = __contains__ = __getitem__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mod__ = __rmod__ = __mul__ = __rmul__ = __index__ = _refuse


def key_of(hole: Hole) -> tuple[Opening, str, bool]:
    """Return what tells a hole from another."""
    return hole._opening, hole._prefix, hole._lead  # noqa: SLF001  a template must not find these as fields


def printed(value: object) -> object:
    """Return what an output of a template prints: a mark for a hole, everything else as it is."""
    if type(value) is not Hole:
        return value
    value._printed.append(value._opening)  # noqa: SLF001
    return f"{value._prefix}\ue000{len(value._printed) - 1}\ue001"  # noqa: SLF001


def filtered(name: str, usual: Callable[..., object]) -> Callable[..., object]:
    """Return a filter that knows holes."""

    def applied(value: object, *arguments: object, **named: object) -> object:
        if type(value) is not Hole:
            return usual(value, *arguments, **named)
        opening, prefix, lead = key_of(value)
        if name == "link" and lead:
            return value
        if name not in FILTERS_OF_HOLES or opening.token or arguments or named:
            raise LeavesSubsetError(name)
        opening = opening._replace(filters=(*opening.filters, name))
        return Hole(value._printed, opening, prefix=prefix)  # noqa: SLF001

    return applied


@dataclass(frozen=True, slots=True)
class Holes:
    """Makes the holes of one mail; what is printed of them is noted in order."""

    printed: list[Opening] = field(default_factory=list)

    def word(self, number: int, *, lead: bool = False) -> Any:
        """Return the hole of a person's word; `lead` says that each value is a web address."""
        return Hole(self.printed, Opening(token=False, number=number), lead=lead)

    def token(self, number: int, prefix: str) -> Any:
        """Return the hole of an address that ends with a person's token."""
        return Hole(self.printed, Opening(token=True, number=number), prefix=prefix, lead=web_address(prefix) == prefix)


def fits(word: str) -> bool:
    """Return whether a value may go into a hole."""
    return 0 < len(word) <= LONGEST_WORD and word.isprintable() and word[0] != " " and word[-1] != " "


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The HTML or the text of a mail with holes. `words` are the different openings for words, tokens come after them."""

    literals: tuple[str, ...] = field(repr=False)
    html: bool
    words: tuple[Opening, ...]
    places: tuple[int, ...]
    """For each hole the value in it: its place among `words`, or beyond them that of a token."""
    _row: tuple[str, ...] = field(repr=False)
    _pick: Callable[[Sequence[str]], tuple[str, ...]] = field(repr=False)

    @classmethod
    def cut(cls, text: str, marks: Sequence[Opening], *, html: bool) -> "Sheet":
        """Return the sheet of a filled template; LeavesSubsetError for a mark that no hole made, and for half a character."""
        literals, numbers = _MARKED.split(text)[::2], _MARKED.findall(text)
        if numbers != [str(number) for number in range(len(marks))]:
            raise LeavesSubsetError
        words = tuple(dict.fromkeys(mark for mark in marks if not mark.token))
        places = tuple(len(words) + mark.number if mark.token else words.index(mark) for mark in marks)
        row = [""] * (2 * len(literals) - 1)
        try:
            row[::2] = [*map(piece, literals[:-1]), encoded(literals[-1])]
        except UnicodeEncodeError as error:
            raise LeavesSubsetError from error
        return cls(tuple(literals), html, words, places, tuple(row), _picking(places))

    def joined(self, values: Sequence[str]) -> str:
        """Return the sheet with these values in its holes: those for `words`, then the tokens."""
        row = list(self._row)
        row[::2] = self.literals
        row[1::2] = self._pick(values)
        return "".join(row)

    def own(self, words: Sequence[str]) -> list[str]:
        """Return a person's words as they stand here."""
        return [_said(words[number], filters, self.html) for _token, number, filters in self.words]

    def encoded(self, words: Sequence[str], tokens: Sequence[str]) -> list[str]:
        """Return the sheet in quoted-printable, to be joined; each token ends with a soft line break already."""
        row = list(self._row)
        row[1::2] = self._pick(
            [*(_encoded(words[number], filters, self.html) for _token, number, filters in self.words), *tokens]
        )
        return row


def _picking(places: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple(values[place] for place in places)


def _said(word: str, filters: tuple[str, ...], html: bool) -> str:
    for name in filters:
        word = str(FILTERS[name](word))
    return str(escape(word)) if html else word


@lru_cache(maxsize=8_192)  # products stand in many mails; a name seldom comes twice, and must not push them out at once
def _encoded(word: str, filters: tuple[str, ...], html: bool) -> str:
    return piece(_said(word, filters, html))


@dataclass(frozen=True, slots=True, eq=False)
class Stencil:
    """A mail with holes, as HTML and as text; told from another by being another."""

    html: Sheet
    text: Sheet


@dataclass(slots=True)  # not frozen: one for every message of a campaign (docs/decisions.md, 70)
class FilledBody:
    """What one person's mail says, made of a stencil, the person's words, and the ends of their addresses.

    Tokens are ASCII letters, digits, `-` and `_`, at most 75 of them.
    """

    stencil: Stencil = field(repr=False)
    words: tuple[str, ...] = field(repr=False)
    tokens: tuple[str, ...] = field(repr=False)

    @property
    def html(self) -> str:
        """The mail as HTML; made anew each time."""
        sheet = self.stencil.html
        return sheet.joined([*sheet.own(self.words), *self.tokens])

    @property
    def text(self) -> str:
        """The mail as text; made anew each time."""
        sheet = self.stencil.text
        return sheet.joined([*sheet.own(self.words), *self.tokens])

    def encoded(self) -> tuple[list[str], list[str]]:
        """Return text and HTML in quoted-printable, each to be joined."""
        tokens = [token + SOFT_BREAK for token in self.tokens]
        return self.stencil.text.encoded(self.words, tokens), self.stencil.html.encoded(self.words, tokens)
