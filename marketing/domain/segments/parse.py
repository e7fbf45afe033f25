r"""Read a segment as people write it: `kind = masyarakat and bought(category=kerajinan, days=180) and not clicked(days=90)`.

    or     = and, { "or", and }
    and    = unary, { "and", unary }
    unary  = "not", unary | "(", or, ")" | condition

Indonesian words are read as well (vocabulary.py). What is wrong is told with its column and with what was expected.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from marketing.domain.consent import ConsentState
from marketing.domain.product import Category
from marketing.domain.segments import vocabulary as v
from marketing.domain.segments.limits import MAX_DEPTH, MAX_TEXT, check
from marketing.domain.segments.tree import (
    And,
    Attribute,
    Bought,
    Consent,
    Created,
    Deed,
    Engaged,
    Field,
    HasAddress,
    InSegment,
    Leaf,
    Match,
    NameContains,
    Node,
    Not,
    Or,
    Suppressed,
    Topics,
)
from marketing.domain.types import ChannelName, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _

MAX_PARENTHESES: Final = 4 * MAX_DEPTH
MAX_DIGITS: Final = 19
_TOKEN = re.compile(
    r"""(?P<blank>\s+)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>[0-9]+)|(?P<word>[^\W\d_][\w./-]*)|(?P<sign>!=|[()=,])"""
)
Word = TypeVar("Word", bound=StrEnum)
Item = TypeVar("Item")


class SegmentSyntaxError(InvalidInputError):
    """The text is no segment; `column` counts letters from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message, field="teks")
        self.column = column


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(text: str) -> Node:
    """Return the checked tree of a text; SegmentSyntaxError says where it ends to make sense, InvalidInputError what is too much."""
    if len(text) > MAX_TEXT:
        raise InvalidInputError(_("Syarat segmen paling panjang {n} huruf.").format(n=MAX_TEXT), field="teks")
    tree = _Parser(_tokens(text)).whole()
    check(tree)
    return tree


def _tokens(text: str) -> list[_Token]:
    tokens, place = [], 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise SegmentSyntaxError(
                _(
                    'Kolom {column}: tanda {sign} tidak dikenal di sini. Nilai dengan tanda khusus ditulis di antara "…".'
                ).format(column=place + 1, sign=_shown(text[place])),
                place + 1,
            )
        kind = found.lastgroup or ""
        if kind != "blank":
            tokens.append(_Token(kind, found[0], place + 1))
        place = found.end()
    return [*tokens, _Token("end", "", len(text) + 1)]


def _shown(text: str) -> str:
    return f"“{text[:30]}”" if text.isprintable() else f"U+{ord(text[0]):04X}"


class _Parser:
    """Recursive descent over the tokens; every level of recursion is counted."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._level = 0

    @property
    def _now(self) -> _Token:
        return self._tokens[self._place]

    def whole(self) -> Node:
        tree = self._or()
        if self._now.kind != "end":
            raise self._unexpected(v.AND, v.OR, _("akhir"))
        return tree

    def _or(self) -> Node:
        parts = [self._and()]
        while self._takes(v.OR):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Node:
        parts = [self._unary()]
        while self._takes(v.AND):
            parts.append(self._unary())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _unary(self) -> Node:
        self._level += 1
        if self._level > MAX_PARENTHESES:
            raise SegmentSyntaxError(
                _("Kolom {column}: tanda kurung bersarang terlalu dalam.").format(column=self._now.column),
                self._now.column,
            )
        if self._takes(v.NOT):
            node: Node = Not(self._unary())
        elif self._takes_sign("("):
            node = self._or()
            self._sign(")")
        else:
            node = self._condition()
        self._level -= 1
        return node

    def _condition(self) -> Node:
        token = self._now
        name = v.meaning(token.text) if token.kind == "word" else ""
        readers: dict[str, Callable[[], Node]] = {
            **{field.value: lambda field=field: self._attribute(field) for field in Field},  # type: ignore[misc]
            v.NAME: self._name,
            v.CREATED: self._created,
            v.TOPICS: self._topics,
            v.BOUGHT: self._bought,
            **{deed.value: lambda deed=deed: self._engaged(deed) for deed in Deed},  # type: ignore[misc]
            v.CONSENT: self._consent,
            v.ADDRESS: self._address,
            v.SUPPRESSED: self._suppressed,
            v.SEGMENT: self._segment,
        }
        if name not in readers:
            raise self._unexpected(v.NOT, "(", *readers)
        self._place += 1
        return readers[name]()

    def _attribute(self, field: Field) -> Node:
        if self._takes_sign("!="):
            return Not(Attribute(field, (self._value(),)))
        if self._takes(v.IN):
            return Attribute(field, self._listed(self._value))
        if not self._takes_sign("="):
            raise self._unexpected("=", "!=", v.IN)
        return Attribute(field, (self._value(),))

    def _name(self) -> Leaf:
        if not self._takes(v.CONTAINS):
            raise self._unexpected(v.CONTAINS)
        return NameContains(self._value())

    def _created(self) -> Leaf:
        given = self._given({v.DAYS: self._number}, least=1)
        return Created(days=_whole(given[v.DAYS]) or 0)

    def _topics(self) -> Leaf:
        match = self._one_of(Match)
        return Topics(match, self._listed(lambda: self._one_of(Category)))

    def _bought(self) -> Leaf:
        given = self._given(
            {
                v.CATEGORY: lambda: self._one_of(Category),
                **dict.fromkeys((v.PRODUCT, v.BUSINESS, v.DAYS, v.TIMES, v.SPENT), self._number),
            }
        )
        category = given.get(v.CATEGORY)
        times = _whole(given.get(v.TIMES))
        return Bought(
            category=category if isinstance(category, Category) else None,
            product=_whole(given.get(v.PRODUCT)),
            business=_whole(given.get(v.BUSINESS)),
            days=_whole(given.get(v.DAYS)),
            times=1 if times is None else times,
            spent=_whole(given.get(v.SPENT)) or 0,
        )

    def _engaged(self, deed: Deed) -> Leaf:
        given = self._given({v.DAYS: self._number, v.CAMPAIGN: self._number})
        return Engaged(deed, _whole(given.get(v.DAYS)), _whole(given.get(v.CAMPAIGN)))

    def _consent(self) -> Leaf:
        self._sign("(")
        purpose = self._one_of(Purpose)
        self._sign("=")
        state = self._one_of(ConsentState)
        self._sign(")")
        return Consent(purpose, state)

    def _address(self) -> Leaf:
        self._sign("(")
        channel = self._one_of(ChannelName)
        self._sign(")")
        return HasAddress(channel)

    def _suppressed(self) -> Leaf:
        self._sign("(")
        if self._takes_sign(")"):
            return Suppressed()
        channel = self._one_of(ChannelName)
        self._sign(")")
        return Suppressed(channel)

    def _segment(self) -> Leaf:
        self._sign("(")
        number = self._number()
        self._sign(")")
        return InSegment(number)

    def _given(self, readers: dict[str, Callable[[], int | Category]], *, least: int = 0) -> dict[str, int | Category]:
        """Read `(name=value, …)`, each name once."""
        found: dict[str, int | Category] = {}
        self._sign("(")
        if not least and self._takes_sign(")"):
            return found
        while True:
            name = v.meaning(self._now.text) if self._now.kind == "word" else ""
            if name not in readers or name in found:
                raise self._unexpected(*(one for one in readers if one not in found))
            self._place += 1
            self._sign("=")
            found[name] = readers[name]()
            if self._takes_sign(")"):
                return found
            if not self._takes_sign(","):
                raise self._unexpected(",", ")")

    def _listed(self, read: Callable[[], Item]) -> tuple[Item, ...]:
        self._sign("(")
        found = [read()]
        while self._takes_sign(","):
            found.append(read())
        if not self._takes_sign(")"):
            raise self._unexpected(",", ")")
        return tuple(found)

    def _value(self) -> str:
        token = self._now
        if token.kind not in ("word", "number", "text"):
            raise self._unexpected(_('nilai, misalnya kata atau "teks"'))
        self._place += 1
        return _unquoted(token) if token.kind == "text" else token.text

    def _number(self) -> int:
        token = self._now
        if token.kind != "number" or len(token.text) > MAX_DIGITS:
            raise self._unexpected(_("angka"))
        self._place += 1
        return int(token.text)

    def _one_of(self, words: type[Word]) -> Word:
        token = self._now
        for text in (token.text.lower(), v.meaning(token.text)):
            if token.kind == "word" and text in set(words):
                self._place += 1
                return words(text)
        raise self._unexpected(*words)

    def _takes(self, word: str) -> bool:
        if self._now.kind == "word" and v.meaning(self._now.text) == word:
            self._place += 1
            return True
        return False

    def _takes_sign(self, sign: str) -> bool:
        if self._now.kind == "sign" and self._now.text == sign:
            self._place += 1
            return True
        return False

    def _sign(self, sign: str) -> None:
        if not self._takes_sign(sign):
            raise self._unexpected(sign)

    def _unexpected(self, *wanted: str) -> SegmentSyntaxError:
        token = self._now
        found = _shown(token.text) if token.text else _("akhir teks")
        return SegmentSyntaxError(
            _("Kolom {column}: ada {found}, padahal yang diharapkan {wanted}.").format(
                column=token.column, found=found, wanted=_choice(wanted)
            ),
            token.column,
        )


def _choice(words: Iterable[str]) -> str:
    *most, last = [str(word) for word in words]
    return f"{', '.join(most)} {_('atau')} {last}" if most else last


def _unquoted(token: _Token) -> str:
    try:
        value = json.loads(token.text, strict=False)
    except ValueError:
        value = None
    if not isinstance(value, str) or not value.isprintable():
        raise SegmentSyntaxError(
            _("Kolom {column}: teks di antara tanda kutip tidak dapat dibaca.").format(column=token.column),
            token.column,
        )
    return value


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
