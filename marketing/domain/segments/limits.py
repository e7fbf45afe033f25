"""What a segment may be: how large, how deep, with which values; and segments inside segments put in their place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from marketing.domain.segments.tree import (
    And,
    Attribute,
    Bought,
    Created,
    Engaged,
    Field,
    InSegment,
    Leaf,
    NameContains,
    Node,
    Not,
    Or,
    Topics,
    children,
    depth,
    leaves,
)
from marketing.domain.types import BuyerKind
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _

MAX_DEPTH: Final = 8
MAX_CONDITIONS: Final = 60
MAX_STRING: Final = 200
MAX_VALUES: Final = 20
MAX_TEXT: Final = 20_000
MAX_DAYS: Final = 3_650
MAX_TIMES: Final = 1_000
MAX_SPENT: Final = 10**12
MAX_ROW: Final = 2**63 - 1
MAX_INLINED: Final = 200
"""Conditions of a segment together with those of the segments inside it."""
MAX_NESTED: Final = 8
"""How far segments may lead into each other."""


@dataclass(frozen=True, slots=True)
class References:
    """The row ids that a tree speaks of."""

    products: frozenset[int]
    businesses: frozenset[int]
    campaigns: frozenset[int]
    segments: frozenset[int]


def check(tree: Node) -> None:
    """Raise InvalidInputError when a tree is too large, too deep, or holds a value that cannot be."""
    if depth(tree) > MAX_DEPTH:
        raise _invalid(
            _("Syarat bersarang lebih dari {n} tingkat. Simpan bagiannya sebagai segmen sendiri."), MAX_DEPTH
        )
    conditions = list(leaves(tree))
    if len(conditions) > MAX_CONDITIONS:
        raise _invalid(_("Syaratnya lebih dari {n}. Simpan sebagian sebagai segmen lain, lalu rujuk."), MAX_CONDITIONS)
    for node in _nodes(tree):
        if isinstance(node, And | Or) and len(node.parts) < 2:  # noqa: PLR2004  joining takes two
            raise InvalidInputError(_("“and” dan “or” menggabungkan paling sedikit dua syarat."), field="teks")
    for leaf in conditions:
        _check_leaf(leaf)


def references(tree: Node) -> References:
    """Return every row id in the tree."""
    found = list(leaves(tree))
    bought = [leaf for leaf in found if isinstance(leaf, Bought)]
    return References(
        products=frozenset(leaf.product for leaf in bought if leaf.product is not None),
        businesses=frozenset(leaf.business for leaf in bought if leaf.business is not None),
        campaigns=frozenset(leaf.campaign for leaf in found if isinstance(leaf, Engaged) and leaf.campaign is not None),
        segments=frozenset(leaf.segment for leaf in found if isinstance(leaf, InSegment)),
    )


def inlined(tree: Node, known: Mapping[int, Node], *, standing_for: int | None = None) -> Node:
    """Return the tree with every segment inside replaced by its own tree.

    `standing_for` is the id of the segment that this tree is to become. InvalidInputError when a segment leads back to
    itself, is not known, or the whole grows beyond what a database should be asked.
    """
    path = () if standing_for is None else (standing_for,)
    left = [MAX_INLINED]
    return _inlined(tree, known, path, left)


def _inlined(node: Node, known: Mapping[int, Node], path: tuple[int, ...], left: list[int]) -> Node:
    match node:
        case InSegment(segment=row_id):
            if row_id in path:
                raise InvalidInputError(
                    _("Segmen ini memuat dirinya sendiri, langsung atau lewat segmen lain."), field="teks"
                )
            if row_id not in known:
                raise InvalidInputError(_("Segmen nomor {n} tidak ada.").format(n=row_id), field="teks")
            if len(path) >= MAX_NESTED:
                raise _invalid(_("Segmen di dalam segmen paling banyak {n} tingkat."), MAX_NESTED)
            return _inlined(known[row_id], known, (*path, row_id), left)
        case And(parts=parts):
            return And(tuple(_inlined(part, known, path, left) for part in parts))
        case Or(parts=parts):
            return Or(tuple(_inlined(part, known, path, left) for part in parts))
        case Not(part=part):
            return Not(_inlined(part, known, path, left))
    left[0] -= 1
    if left[0] < 0:
        raise _invalid(_("Bersama segmen di dalamnya, syaratnya lebih dari {n}. Sederhanakan dulu."), MAX_INLINED)
    return node


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in children(node):
        yield from _nodes(part)


def _check_leaf(leaf: Leaf) -> None:
    match leaf:
        case Attribute(field=name, values=values):
            _check_count(len(values))
            for value in values:
                _check_string(value, may_be_empty=name is Field.KECAMATAN)
            if name is Field.KIND and (unknown := [value for value in values if value not in set(BuyerKind)]):
                raise InvalidInputError(
                    _("Kelompok “{value}” tidak dikenal. Pilih dari: {known}.").format(
                        value=unknown[0], known=", ".join(BuyerKind)
                    ),
                    field="teks",
                )
        case NameContains(text=text):
            _check_string(text)
        case Topics(topics=topics):
            _check_count(len(topics))
        case Created(days=days):
            _check_number(days, MAX_DAYS)
        case Bought():
            _check_number(leaf.days, MAX_DAYS)
            _check_number(leaf.times, MAX_TIMES)
            _check_number(leaf.spent, MAX_SPENT, least=0)
            _check_number(leaf.product, MAX_ROW)
            _check_number(leaf.business, MAX_ROW)
        case Engaged(days=days, campaign=campaign):
            _check_number(days, MAX_DAYS)
            _check_number(campaign, MAX_ROW)
        case InSegment(segment=segment):
            _check_number(segment, MAX_ROW)


def _check_count(number: int) -> None:
    if not 1 <= number <= MAX_VALUES:
        raise _invalid(_("Satu syarat memuat 1 sampai {n} nilai."), MAX_VALUES)


def _check_string(text: str, *, may_be_empty: bool = False) -> None:
    if not text and not may_be_empty:
        raise InvalidInputError(_("Nilai syarat masih kosong."), field="teks")
    if len(text) > MAX_STRING:
        raise _invalid(_("Nilai syarat paling panjang {n} huruf."), MAX_STRING)
    if not text.isprintable():
        raise InvalidInputError(
            _("Nilai syarat memuat tanda yang tidak dapat dicetak. Ketik ulang nilainya."), field="teks"
        )


def _check_number(number: int | None, most: int, *, least: int = 1) -> None:
    if number is not None and not least <= number <= most:
        raise InvalidInputError(
            _("Angka {n} di luar batas {least} sampai {most}.").format(n=number, least=least, most=most), field="teks"
        )


def _invalid(sentence: str, number: int) -> InvalidInputError:
    return InvalidInputError(sentence.format(n=number), field="teks")
