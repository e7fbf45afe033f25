"""A segment as SQL for both engines; it must always agree with marketing/domain/segments/evaluate.py.

Each condition is a set of contact ids. PostgreSQL gets it as EXISTS, which it joins by hash or by index as the numbers
ask; SQLite as IN, which it gathers once. Every condition is true or false, never NULL, so that NOT means NOT.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Numeric,
    Select,
    String,
    and_,
    case,
    cast,
    collate,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketing.db.models import Address, ConsentNow, Contact, Event, Message, Order, OrderItem, Product, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.events import EventType
from marketing.domain.message import MessageState
from marketing.domain.segments.evaluate import since
from marketing.domain.segments.tree import (
    NOT_BOUGHT,
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
    Match,
    NameContains,
    Node,
    Not,
    Or,
    Suppressed,
    Topics,
    ascii_folded,
)

TOOK_IT = (MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.COMPLAINED)
"""Messages that the person's server took; one that bounced later came to nobody."""
COLUMNS = {
    Field.KIND: Contact.kind,
    Field.LOCALE: Contact.locale,
    Field.ZONE: Contact.zone,
    Field.SOURCE: Contact.source,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom and when a segment is asked: a tenant, a moment, and the contact ids above `after` up to `upto` (None: all)."""

    tenant_id: str
    now: datetime
    after: int = 0
    upto: int | None = None

    def within(self, column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition that a column of contact ids lies in the range."""
        return true() if self.upto is None else and_(column > self.after, column <= self.upto)


def members(session: Session, tree: Node, asked: Asked) -> Select[int]:
    """Return the query of the ids of everybody who belongs; erased and merged contacts never do."""
    return select(Contact.id).where(
        Contact.tenant_id == asked.tenant_id,
        Contact.erased_at.is_(None),
        Contact.merged_into.is_(None),
        asked.within(Contact.id),
        belonging(session, tree, asked),
    )


def belonging(session: Session, tree: Node, asked: Asked) -> ColumnElement[bool]:
    """Return the condition alone that a contact, one of those asked about, belongs."""
    return _compiler(session, asked).condition(tree)


def chose(session: Session, topics: Collection[str], asked: Asked) -> ColumnElement[bool]:
    """Return the condition that a contact chose to hear about one of the topics."""
    compiler = _compiler(session, asked)
    return or_(*(compiler.topic(topic) for topic in topics))


def _compiler(session: Session, asked: Asked) -> "_Compiler":
    return _Compiler(asked, postgresql=session.get_bind().dialect.name == "postgresql")


@dataclass(frozen=True, slots=True)
class _Compiler:
    asked: Asked
    postgresql: bool

    def condition(self, node: Node) -> ColumnElement[bool]:
        match node:
            case And(parts=parts):
                return and_(*(self.condition(part) for part in parts))
            case Or(parts=parts):
                return or_(*(self.condition(part) for part in parts))
            case Not(part=part):
                return not_(self.condition(part))
            case Attribute(field=Field.KECAMATAN, values=values):
                return self._folded(Contact.kecamatan).in_(sorted({ascii_folded(value) for value in values}))
            case Attribute(field=field, values=values):
                return COLUMNS[field].in_(values)
            case NameContains(text=text):
                return self._folded(Contact.name).contains(ascii_folded(text), autoescape=True)
            case Created(days=days):
                return Contact.created_at >= since(self.asked.now, days)
            case Topics():
                return self._topics(node)
            case InSegment():
                raise ValueError("a segment was not put in its place")
        held = self._has(self._ids(node))
        return not_(held) if isinstance(node, Consent) and node.state is ConsentState.NONE else held

    def _ids(self, leaf: Bought | Engaged | Consent | HasAddress | Suppressed) -> Select[Any]:
        """Return the contact ids that a condition holds for. For a consent of `none`: those who have any."""
        match leaf:
            case Bought():
                return self._bought(leaf)
            case Engaged(deed=Deed.CLICKED):
                return self._clicked(leaf)
            case Engaged():
                return self._received(leaf)
            case Consent(purpose=purpose, state=state):
                stands = ConsentNow.purpose == purpose
                if state is not ConsentState.NONE:
                    stands &= ConsentNow.state == state
                return self._rows(ConsentNow.contact_id, ConsentNow.tenant_id).where(stands)
            case HasAddress(channel=channel):
                return self._rows(Address.contact_id, Address.tenant_id).where(Address.channel == channel)
            case Suppressed(channel=channel):
                return self._suppressed(channel)

    def _rows(self, contact_id: InstrumentedAttribute[Any], tenant_id: InstrumentedAttribute[str]) -> Select[Any]:
        return select(contact_id.label("contact_id")).where(
            tenant_id == self.asked.tenant_id, contact_id.is_not(None), self.asked.within(contact_id)
        )

    def _has(self, ids: Select[Any]) -> ColumnElement[bool]:
        if not self.postgresql:
            return Contact.id.in_(ids)
        found = ids.subquery()
        return exists(select(literal(1)).select_from(found).where(found.c.contact_id == Contact.id))

    def _folded(self, column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[str]:
        """Return the column with A-Z as a-z and nothing else changed; PostgreSQL would fold more in another collation."""
        text = type_coerce(column, String)
        return func.lower(collate(text, "C")) if self.postgresql else func.lower(text)

    def _topics(self, leaf: Topics) -> ColumnElement[bool]:
        held = [self.topic(topic) for topic in leaf.topics]
        return {Match.ANY: or_(*held), Match.ALL: and_(*held), Match.NONE: not_(or_(*held))}[leaf.match]

    def topic(self, topic: str) -> ColumnElement[bool]:
        """Return whether the list of chosen topics holds one; what is no list holds nothing."""
        if self.postgresql:
            chosen = type_coerce(Contact.preferences, JSONB)["categories"]
            held: ColumnElement[bool] = chosen.bool_op("@>")(literal([str(topic)], JSONB))
            return func.coalesce(type_coerce(held, Boolean), false())
        listed = func.json_type(Contact.preferences, "$.categories")
        each = func.json_each(Contact.preferences, "$.categories").table_valued("value")
        found = exists(select(literal(1)).select_from(each).where(each.c.value == str(topic)).correlate(Contact))
        return case((listed == "array", found), else_=false())

    def _bought(self, leaf: Bought) -> Select[Any]:
        query = self._rows(Order.contact_id, Order.tenant_id).where(Order.status.not_in(sorted(NOT_BOUGHT)))
        if leaf.days is not None:
            query = query.where(Order.placed_at >= since(self.asked.now, leaf.days))
        narrowed = leaf.category is not None or leaf.product is not None or leaf.business is not None
        if narrowed:
            query = query.join(OrderItem, OrderItem.order_id == Order.id)
        elif leaf.spent:
            query = query.outerjoin(OrderItem, OrderItem.order_id == Order.id)
        if leaf.product is not None:
            query = query.where(OrderItem.product_id == leaf.product)
        if leaf.category is not None or leaf.business is not None:
            query = query.join(Product, Product.id == OrderItem.product_id)
        if leaf.category is not None:
            query = query.where(Product.category == leaf.category)
        if leaf.business is not None:
            query = query.where(Product.business_id == leaf.business)
        return query if leaf.times == 1 and not leaf.spent else self._often(query, leaf)

    def _often(self, query: Select[Any], leaf: Bought) -> Select[Any]:
        """Narrow to those who bought often enough, and for enough."""
        query = query.group_by(Order.contact_id)
        if leaf.times > 1:
            lines = leaf.spent or (leaf.category, leaf.product, leaf.business) != (None, None, None)
            # one row per order needs no sorting, and counted without its id it is found in the index alone
            query = query.having((func.count(Order.id.distinct()) if lines else func.count()) >= leaf.times)
        if not leaf.spent:
            return query
        quantity: ColumnElement[Any] = type_coerce(OrderItem.quantity, Integer)
        if self.postgresql:
            quantity = cast(quantity, Numeric)  # beyond 64 bits the product would be an error
        return query.having(func.coalesce(func.sum(quantity * OrderItem.unit_price), 0) >= leaf.spent)

    def _clicked(self, leaf: Engaged) -> Select[Any]:
        query = self._rows(Event.contact_id, Event.tenant_id).where(
            Event.type == EventType.CLICKED, Event.machine.is_(False)
        )
        if leaf.days is not None:
            query = query.where(Event.at >= since(self.asked.now, leaf.days))
        return query if leaf.campaign is None else query.where(Event.campaign_id == leaf.campaign)

    def _received(self, leaf: Engaged) -> Select[Any]:
        query = self._rows(Message.contact_id, Message.tenant_id).where(Message.state.in_(TOOK_IT))
        if leaf.days is not None:
            query = query.where(Message.settled_at >= since(self.asked.now, leaf.days))
        return query if leaf.campaign is None else query.where(Message.campaign_id == leaf.campaign)

    def _suppressed(self, channel: str | None) -> Select[Any]:
        query = self._rows(Address.contact_id, Address.tenant_id).join(
            Suppression,
            and_(
                Suppression.tenant_id == Address.tenant_id,
                Suppression.channel == Address.channel,
                Suppression.address_hash == Address.hash,
            ),
        )
        return query if channel is None else query.where(Address.channel == channel)
