"""Orders with their lines and events; the same order twice changes nothing, an event counts once per type and time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from catalog_sync.contract.models import Order
from catalog_sync.diff import Counts, Known, compare, content_hash
from catalog_sync.repository import AS_GIVEN, Scope
from marketing.db.models import Business, Contact, OrderEvent, OrderItem, Product
from marketing.db.models import Order as OrderRow
from marketing.domain.privacy import without_nik
from marketing.domain.text import cleaned, one_line

Seller = tuple[int | None, str]
"""Row id and name of a business; without id where neither order nor catalogue names one that is known."""


@dataclass(frozen=True, slots=True)
class _Rows:
    order: dict[str, Any]
    items: list[dict[str, Any]]
    events: list[dict[str, Any]]


def upsert_orders(
    session: Session, scope: Scope, records: Sequence[Order], sold: Mapping[str, int] | None = None, *, now: datetime
) -> Counts:
    """Write what is new or different; the caller owns the transaction. Events already known are never taken away.

    A complaint that stands otherwise than before came to do so `now`. `sold` gives the row ids of products where the orders do not come from the catalogue that the products came from.
    """
    look = _Lookup(session, scope, records, sold)
    rows = {record.id: _rows(record, look) for record in records}
    hashes = {key: content_hash([row.order, row.items, row.events]) for key, row in rows.items()}
    known = _known(session, scope, list(rows))
    diff = compare(hashes, known)
    if diff.new:
        session.execute(
            insert(OrderRow).execution_options(**AS_GIVEN),
            [
                {
                    "tenant_id": scope.tenant_id,
                    "external_id": key,
                    "content_hash": hashes[key],
                    "complaint_changed_at": _opened_at(rows[key].order["complaint"], now),
                    **rows[key].order,
                }
                for key in diff.new
            ],
        )
    if diff.changed:
        stood = _complaints(session, scope, diff.changed)
        session.execute(
            update(OrderRow),
            [
                {
                    "id": known[key].id,
                    "content_hash": hashes[key],
                    "complaint_changed_at": _changed_at(*stood[key], rows[key].order["complaint"], now),
                    **rows[key].order,
                }
                for key in diff.changed
            ],
        )
    touched = [*diff.new, *diff.changed]
    ids = {key: row.id for key, row in _known(session, scope, touched).items()}
    _write_items(session, {ids[key]: rows[key].items for key in touched})
    _write_events(session, scope.tenant_id, {ids[key]: rows[key].events for key in touched})
    return diff.counts


def _known(session: Session, scope: Scope, external_ids: Sequence[str]) -> dict[str, Known]:
    query = select(OrderRow.external_id, OrderRow.id, OrderRow.content_hash).where(
        OrderRow.tenant_id == scope.tenant_id, OrderRow.external_id.in_(external_ids)
    )
    return {key: Known(id_, hash_) for key, id_, hash_ in session.execute(query)}


def _opened_at(complaint: Mapping[str, Any] | None, now: datetime) -> datetime | None:
    return min(datetime.fromisoformat(complaint["opened_at"]), now) if complaint else None


def _changed_at(
    before: Mapping[str, Any] | None, since: datetime | None, complaint: Mapping[str, Any] | None, now: datetime
) -> datetime | None:
    """Return since when the complaint stands as it does; one that was taken back stands no more."""
    if complaint is None:
        return None
    return since if before is not None and dict(before) == dict(complaint) else now


def _complaints(
    session: Session, scope: Scope, external_ids: Sequence[str]
) -> dict[str, tuple[dict[str, Any] | None, datetime | None]]:
    """Return the complaints of known orders as they stand before the change, and since when."""
    query = select(OrderRow.external_id, OrderRow.complaint, OrderRow.complaint_changed_at).where(
        OrderRow.tenant_id == scope.tenant_id, OrderRow.external_id.in_(external_ids)
    )
    return {key: (complaint, since) for key, complaint, since in session.execute(query)}


class _Lookup:
    """Row ids behind the external ids of a batch: who bought, and what."""

    def __init__(
        self, session: Session, scope: Scope, records: Sequence[Order], sold: Mapping[str, int] | None
    ) -> None:
        buyers = {record.buyer_id for record in records if record.buyer_id}
        products = {item.product_id for record in records for item in record.items}
        sellers = {item.business_id for record in records for item in record.items if item.business_id}
        self.contacts: Mapping[str, int] = _pairs(
            session.execute(
                select(Contact.external_id, func.coalesce(Contact.merged_into, Contact.id)).where(
                    Contact.tenant_id == scope.tenant_id,
                    Contact.source == scope.source,
                    Contact.external_id.in_(buyers),
                    Contact.erased_at.is_(None),  # an order outlives its buyer's data, without the buyer
                )
            )
        )
        self.products: dict[str, int] = {}
        self.sellers: dict[str, Seller] = {}
        query = (
            select(Product.external_id, Product.id, Business.id, Business.name)
            .join(Business, Business.id == Product.business_id)
            .where(Product.tenant_id == scope.tenant_id)
        )
        if sold is None:
            query = query.where(Product.source == scope.source, Product.external_id.in_(products))
            for key, id_, business_id, name in session.execute(query):
                self.products[key], self.sellers[key] = id_, (business_id, name)
        else:
            rows = session.execute(query.where(Product.id.in_([sold[key] for key in products if key in sold])))
            names = {id_: (business_id, name) for _key, id_, business_id, name in rows}
            for key in products:
                if (row_id := sold.get(key)) in names:
                    self.products[key], self.sellers[key] = row_id, names[row_id]
        named = select(Business.external_id, Business.id, Business.name).where(
            Business.tenant_id == scope.tenant_id,
            Business.source == scope.source,
            Business.external_id.in_(sellers),
        )
        self.businesses: Mapping[str, Seller] = {key: (id_, name) for key, id_, name in session.execute(named)}

    def seller(self, product_id: str, business_id: str | None) -> Seller:
        """Return who sells a line: as the order says, else as the catalogue does."""
        return self.businesses.get(business_id or "") or self.sellers.get(product_id) or (None, "")


def _pairs(rows: Iterable[Any]) -> dict[str, Any]:
    return {key: value for key, value in rows}  # noqa: C416  a Row is no pair to mypy


def _rows(record: Order, look: _Lookup) -> _Rows:
    order = {
        "number": one_line(record.number or ""),
        "contact_id": look.contacts.get(record.buyer_id or ""),
        "placed_at": record.placed_at,
        "status": one_line(record.status or ""),
        "shipping_cost": record.shipping_cost or 0,
        "total": record.total,
        "complaint": _complaint(record),
    }
    items = [
        {
            "line": line,
            "product_external_id": item.product_id,
            "product_id": look.products.get(item.product_id),
            "business_id": look.seller(item.product_id, item.business_id)[0],
            "business_name": look.seller(item.product_id, item.business_id)[1],
            "name": one_line(item.name or ""),
            "quantity": item.quantity,
            "unit_price": item.unit_price,
        }
        for line, item in enumerate(record.items, 1)
    ]
    events: dict[tuple[str, datetime], dict[str, Any]] = {}
    for event in record.events or ():
        document = event.document
        at = event.at.astimezone(UTC)
        events[event.type.value, at] = {
            "type": event.type.value,
            "at": at,
            "document_kind": one_line(document.kind) if document else "",
            "document_number": one_line(document.number or "") if document else "",
            "document_url": one_line(document.url or "") if document else "",
            "courier": one_line(event.courier or ""),
            "tracking_number": one_line(event.tracking_number or ""),
        }
    return _Rows(order, items, list(events.values()))


def _complaint(record: Order) -> dict[str, Any] | None:
    complaint = record.complaint
    if complaint is None:
        return None
    kept: dict[str, Any] = without_nik(
        {
            "opened_at": complaint.opened_at.astimezone(UTC).isoformat(),
            "text": cleaned(complaint.text or ""),
            "status": one_line(complaint.status or "open"),
            "documents": [
                {
                    "kind": one_line(document.kind),
                    "number": one_line(document.number or ""),
                    "url": one_line(document.url or ""),
                }
                for document in complaint.documents or ()
            ],
        }
    )
    return kept


def _write_items(session: Session, items: Mapping[int, list[dict[str, Any]]]) -> None:
    if not items:
        return
    session.execute(delete(OrderItem).where(OrderItem.order_id.in_(list(items))))
    rows = [{"order_id": order_id, **item} for order_id, lines in items.items() for item in lines]
    if rows:
        session.execute(insert(OrderItem).execution_options(**AS_GIVEN), rows)


def _write_events(session: Session, tenant_id: str, events: Mapping[int, list[dict[str, Any]]]) -> None:
    if not events:
        return
    query = select(OrderEvent.order_id, OrderEvent.type, OrderEvent.at, OrderEvent.id).where(
        OrderEvent.order_id.in_(list(events))
    )
    known = {(order_id, kind, at): id_ for order_id, kind, at, id_ in session.execute(query)}
    new: list[dict[str, Any]] = []
    again: list[dict[str, Any]] = []
    for order_id, happened in events.items():
        for event in happened:
            row_id = known.get((order_id, event["type"], event["at"]))
            if row_id is None:
                new.append({"tenant_id": tenant_id, "order_id": order_id, **event})
            else:
                again.append({"id": row_id, **event})
    if new:
        session.execute(insert(OrderEvent), new)
    if again:
        session.execute(update(OrderEvent), again)
