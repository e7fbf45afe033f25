"""Which mails an order calls for: each fact once to each reader, whatever the order in which the facts arrive.

A mail is named by what it tells: order, variant, reader, the event's moment (its slot), how often that slot was told, and
a print of what matters in it. The same print in a slot is no news; another print is a correction; the same print under
another moment is the same fact again. So events may come late, doubled, or be moved by the catalogue's clock.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from marketing.domain.orders.complaint import REQUIRED, Complaint
from marketing.domain.orders.facts import Happening, OrderFacts
from marketing.domain.text import cut, one_line

FRESH: Final = timedelta(hours=72)
"""Older events are history that a first pull brings in, not news."""
MOST_REVISIONS: Final = 5
"""A catalogue that changes its mind again and again is not followed for ever."""
MOST_LINES: Final = 60
"""So many lines stand in a mail by name; the rest is summed up, or Gmail would cut the mail off at 102 kB."""
_NAME: Final = 160


class OrderVariant(StrEnum):
    """The templates of order mail (TTS Ps. 7(3)b; Blitar Ps. 10)."""

    ORDER = "pesanan"
    INVOICE = "faktur"
    DELIVERY = "pengiriman"
    COMPLAINT = "komplain"


VARIANT_OF: Final[Mapping[str, OrderVariant]] = {
    "approved": OrderVariant.ORDER,
    "paid": OrderVariant.INVOICE,
    "shipped": OrderVariant.DELIVERY,
    "complained": OrderVariant.COMPLAINT,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail is for: the buyer, or the business with its own lines alone."""

    business_id: int | None = None

    @property
    def code(self) -> str:
        """The reader in the name of a mail."""
        return "p" if self.business_id is None else f"u{self.business_id}"


BUYER: Final = Reader()


@dataclass(frozen=True, slots=True)
class Told:
    """A mail that exists; `waiting` while it has not begun to leave, `void` when it never will."""

    trigger: str
    waiting: bool = False
    void: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """A mail to be written; `overtaken` are those that still wait and would now be wrong."""

    trigger: str
    reader: Reader
    facts: Mapping[str, Any]
    needs_payment: bool = False
    overtaken: tuple[str, ...] = ()


@dataclass(slots=True)
class _Slot:
    told: list[tuple[int, str, Told]] = field(default_factory=list)  # revision, print, mail


def tellings(
    order: OrderFacts, variant: OrderVariant, readers: Sequence[Reader], known: Sequence[Told], now: datetime
) -> Iterator[Telling]:
    """Yield the mails of one variant that are due and not told yet; `known` are the order's mails of this variant."""
    if variant is OrderVariant.COMPLAINT:
        if order.complaint is not None:
            for reader in readers:
                yield from _telling(order, variant, reader, order.complaint, known)
        return
    if order.off:  # good news of an order that is off would mislead
        return
    known = list(known)
    kind = next(name for name, one in VARIANT_OF.items() if one is variant)
    for happening in order.happened(kind):
        if now - FRESH < happening.at <= now:
            for reader in readers:
                for telling in _telling(order, variant, reader, happening, known):
                    known.append(Told(telling.trigger))
                    yield telling


def _telling(
    order: OrderFacts, variant: OrderVariant, reader: Reader, what: Happening | Complaint, known: Sequence[Told]
) -> Iterator[Telling]:
    # One complaint an order: its stages are revisions of one slot, whatever becomes of the hour it was opened.
    slot = "k" if isinstance(what, Complaint) else _print(what.at.isoformat())
    facts = _facts(order, variant, reader, what)
    mark = _print(variant, *_matter(facts, what))
    mine, others = _slot_of(order, variant, reader, slot, known)
    if mine.told:
        last = max(mine.told, key=lambda one: one[0])
        if last[1] == mark or last[0] >= MOST_REVISIONS:
            return
    elif mark in others:
        return
    number = len(mine.told)
    overtaken = tuple(told.trigger for _n, _mark, told in mine.told if told.waiting)
    gone = [told for _n, _mark, told in mine.told if not told.waiting and not told.void]
    yield Telling(
        trigger=f"{_stem(order, variant, reader)}.{slot}.{number}.{mark}",
        reader=reader,
        facts={**facts, "again": bool(gone)},
        needs_payment=variant is OrderVariant.DELIVERY and not order.paid,
        overtaken=overtaken,
    )


def _stem(order: OrderFacts, variant: OrderVariant, reader: Reader) -> str:
    return f"{order.id}.{variant}.{reader.code}"


def _slot_of(
    order: OrderFacts, variant: OrderVariant, reader: Reader, slot: str, known: Sequence[Told]
) -> tuple[_Slot, set[str]]:
    """Return the mails of this slot, and the prints of what was told under other moments."""
    mine, others = _Slot(), set[str]()
    stem = _stem(order, variant, reader)
    for told in known:
        head, _dot, rest = told.trigger.partition(f"{stem}.")
        parts = rest.split(".")
        if head or len(parts) != 3 or not parts[1].isdigit():  # noqa: PLR2004  slot, revision, print
            continue
        if parts[0] == slot:
            mine.told.append((int(parts[1]), parts[2], told))
        elif not told.void:
            others.add(parts[2])
    return mine, others


def _facts(order: OrderFacts, variant: OrderVariant, reader: Reader, what: Happening | Complaint) -> dict[str, Any]:
    """Return what the mail says, free of any language, as it is kept with the message: later changes leave it as it was."""
    own = [line for line in order.lines if reader == BUYER or line.business_id == reader.business_id]
    whole = reader == BUYER or not order.shared
    summed = sum(line.amount for line in own)
    facts: dict[str, Any] = {
        "order_id": order.id,
        "number": order.number,
        "placed_at": order.placed_at.isoformat(),
        "business_id": reader.business_id,
        "business": order.businesses.get(reader.business_id, "") if reader.business_id is not None else "",
        "shared": order.shared,
        "lines": [[cut(one_line(line.name), _NAME), line.business, line.quantity, line.unit_price] for line in own[:MOST_LINES]],
        "more": [len(own[MOST_LINES:]), sum(line.amount for line in own[MOST_LINES:])],
        "shipping": order.shipping_cost if whole else None,
        "total": order.total if whole else summed,
        "difference": order.total - summed - order.shipping_cost if whole else 0,
    }  # fmt: skip
    if isinstance(what, Complaint):
        return facts | _complaint(order, what, alone=whole)
    facts |= {
        "at": what.at.isoformat(),
        # a document of the whole order names other businesses' lines: each of several gets its number, not the paper
        "document": [what.document_kind, what.document_number, what.document_url if whole else ""],
        "courier": what.courier,
        "tracking": what.tracking_number,
    }
    if variant is OrderVariant.INVOICE and (invoices := order.happened("invoiced")):
        facts["invoice"] = [invoices[-1].document_number, invoices[-1].document_url if whole else ""]
    return facts


def _complaint(order: OrderFacts, complaint: Complaint, *, alone: bool) -> dict[str, Any]:
    known = {one.document_kind: one.document_number for one in order.happenings if one.document_number}
    return {
        "at": complaint.opened_at.isoformat(),
        "complaint": {
            "stage": complaint.stage.value,
            # whose product it is about is not said, so what the buyer wrote goes to a business only when it is alone
            "text": complaint.text if alone else "",
            "documents": [[kind, complaint.documents.get(kind, "") if alone else "", kind not in complaint.missing] for kind in REQUIRED],
            "numbers": {kind: known[kind] for kind in REQUIRED if kind in known},
            "due_at": complaint.due_at.isoformat(),
        },
    }  # fmt: skip


def _matter(facts: Mapping[str, Any], what: Happening | Complaint) -> tuple[str, ...]:
    """Return what makes another mail of it. Addresses of documents do not: signed ones are new at every pull."""
    if isinstance(what, Complaint):
        return (what.stage.value, *what.missing)
    shipped = what.type == "shipped"
    money = () if shipped else (str(facts["total"]), str(facts["shipping"]))
    parcel = (what.courier, what.tracking_number) if shipped else ()
    return (what.document_number, *money, *parcel)


def _print(*words: str) -> str:
    return hashlib.blake2b("\x1f".join(words).encode(), digest_size=6).hexdigest()
