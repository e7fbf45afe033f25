"""Which mails an order calls for: each fact once to each reader, whatever the order in which the facts arrive.

A mail is named by what it tells: order, variant, reader, the event's moment (its slot), how often that slot was told, and
a print of what matters in it. The same print in a slot is no news; another print is a correction; the same print under
another moment is the same fact again. So events may come late, doubled, or be moved by the catalogue's clock.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Mail:
    """One mail that may be due: which order, what kind, for whom."""

    order: OrderFacts
    variant: OrderVariant
    reader: Reader

    @property
    def stem(self) -> str:
        return f"{self.order.id}.{self.variant}.{self.reader.code}"


def tellings(
    order: OrderFacts, variant: OrderVariant, readers: Sequence[Reader], known: Sequence[Told], now: datetime
) -> Iterator[Telling]:
    """Yield the mails of one variant that are due and not told yet; `known` are the order's mails of this variant."""
    told = list(known)
    for what in _news(order, variant, now):
        for reader in readers:
            telling = _telling(_Mail(order, variant, reader), what, told, now)
            if telling is not None:
                told.append(Told(telling.trigger))
                yield telling


def _news(order: OrderFacts, variant: OrderVariant, now: datetime) -> Iterator[Happening | Complaint]:
    if variant is OrderVariant.COMPLAINT:
        if order.complaint is not None and order.complaint.opened_at <= now:
            yield order.complaint
    elif not order.off:  # good news of an order that is off would mislead
        kind = next(name for name, one in VARIANT_OF.items() if one is variant)
        yield from (one for one in order.happened(kind) if now - FRESH < one.at <= now)


def _telling(mail: _Mail, what: Happening | Complaint, known: Sequence[Told], now: datetime) -> Telling | None:
    # One complaint an order: its stages are revisions of one slot, whatever becomes of the hour it was opened.
    slot = "k" if isinstance(what, Complaint) else _print(what.at.isoformat())
    facts = _facts(mail, what)
    mark = _print(mail.variant, *_matter(facts, what))
    mine, others = _told_before(mail.stem, slot, known)
    if mine:
        number, last, _told = max(mine, key=lambda one: one[0])
        if last == mark or number >= MOST_REVISIONS:
            return None
    elif mark in others:
        return None
    gone = any(not told.waiting and not told.void for _number, _mark, told in mine)
    return Telling(
        trigger=f"{mail.stem}.{slot}.{len(mine)}.{mark}",
        reader=mail.reader,
        facts={**facts, "again": gone, "told_at": now.isoformat()},
        needs_payment=mail.variant is OrderVariant.DELIVERY and not mail.order.paid,
        overtaken=tuple(told.trigger for _number, _mark, told in mine if told.waiting),
    )


def _told_before(stem: str, slot: str, known: Sequence[Told]) -> tuple[list[tuple[int, str, Told]], set[str]]:
    """Return the mails of this slot (revision, print, mail), and the prints of what was told under other moments."""
    mine: list[tuple[int, str, Told]] = []
    others: set[str] = set()
    for told in known:
        parts = told.trigger.removeprefix(f"{stem}.").split(".")
        if not told.trigger.startswith(f"{stem}.") or len(parts) != 3 or not parts[1].isdigit():  # noqa: PLR2004  slot, revision, print
            continue
        if parts[0] == slot:
            mine.append((int(parts[1]), parts[2], told))
        elif not told.void:
            others.add(parts[2])
    return mine, others


def _facts(mail: _Mail, what: Happening | Complaint) -> dict[str, Any]:
    """Return what the mail says, free of any language, as it is kept with the message: later changes leave it as it was."""
    order, reader = mail.order, mail.reader
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
    if mail.variant is OrderVariant.INVOICE and (invoices := order.happened("invoiced")):
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
