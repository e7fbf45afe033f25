"""Businesses and products of one source as rows: looked up, written in bulk, marked as deleted."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, delete, insert, literal, select, update
from sqlalchemy.orm import Session

from catalog_sync.diff import Counts, Diff, Known, compare
from catalog_sync.mapping import RowValues
from marketing.db.models import Business, Product, ProductImage
from marketing.domain.product import VerificationStatus

Catalogued = type[Business] | type[Product]
# Without it SQLAlchemy leaves out each row's empty columns, and then needs a statement for every change of their pattern.
AS_GIVEN: Final = {"render_nulls": True}


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose catalogue, and which one: external ids are unique within this."""

    tenant_id: str
    source: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch did, and the row ids of the products whose answer from the gate may be another now."""

    counts: Counts
    products: tuple[int, ...]


def known_rows(session: Session, model: Catalogued, scope: Scope, external_ids: Sequence[str]) -> dict[str, Known]:
    """Return what we have of these external ids, deleted ones included."""
    query = select(
        model.external_id, model.id, model.content_hash, model.catalog_version, model.deleted_at, model.raw_hash
    ).where(model.tenant_id == scope.tenant_id, model.source == scope.source, model.external_id.in_(external_ids))
    return {
        key: Known(id_, hash_, version, deleted=deleted is not None, raw_hash=raw)
        for key, id_, hash_, version, deleted, raw in session.execute(query)
    }


def living_hashes(session: Session, model: Catalogued, scope: Scope, external_ids: Sequence[str]) -> dict[str, str]:
    """Return the raw hashes of those that stand in the catalogue: all that an unchanged record is asked about."""
    query = select(model.external_id, model.raw_hash).where(
        model.tenant_id == scope.tenant_id,
        model.source == scope.source,
        model.external_id.in_(external_ids),
        model.deleted_at.is_(None),
    )
    return dict(session.execute(query).all())


def live_ids(session: Session, model: Catalogued, scope: Scope) -> list[str]:
    """Return the external ids of everything that stands in the catalogue now."""
    query = select(model.external_id).where(
        model.tenant_id == scope.tenant_id, model.source == scope.source, model.deleted_at.is_(None)
    )
    return list(session.scalars(query))


def owners_of(session: Session, scope: Scope, external_ids: Container[str]) -> set[str]:
    """Return the external ids of the businesses that own one of these products now."""
    query = select(Product.external_id, Business.external_id).join(Business, Business.id == Product.business_id)
    ours = (Product.tenant_id == scope.tenant_id, Product.source == scope.source, Product.deleted_at.is_(None))
    return {owner for key, owner in session.execute(query.where(*ours)) if key in external_ids}


def live_businesses(session: Session, scope: Scope, external_ids: Sequence[str]) -> dict[str, int]:
    """Return the row ids of businesses that stand in the catalogue now."""
    known = known_rows(session, Business, scope, external_ids)
    return {key: row.id for key, row in known.items() if not row.deleted}


def upsert_businesses(session: Session, scope: Scope, rows: Sequence[RowValues], now: datetime) -> Written:
    """Write what is new or different; its products are the gate's to ask again."""
    diff, ids = _upsert(session, Business, scope, {row.external_id: row for row in rows}, now)
    changed = [ids[key] for key in diff.changed]
    products = session.scalars(select(Product.id).where(Product.business_id.in_(changed))) if changed else ()
    return Written(diff.counts, tuple(products))


def upsert_products(
    session: Session, scope: Scope, rows: Sequence[RowValues], owners: Mapping[str, int], now: datetime
) -> Written:
    """Write what is new or different, with the pictures; every owner must be in `owners`."""
    owned = {row.external_id: row.belonging_to(owners[row.owner]) for row in rows}
    diff, ids = _upsert(session, Product, scope, owned, now)
    touched = {*diff.new, *diff.changed}
    _replace_images(session, {ids[row.external_id]: row.images for row in rows if row.external_id in touched})
    return Written(diff.counts, tuple(ids[key] for key in touched))


def mark_fallen(
    session: Session, model: Catalogued, scope: Scope, fallen: Mapping[str, VerificationStatus]
) -> tuple[int, ...]:
    """Take the verification from rows whose newest record cannot be read but says that it is gone; return products.

    The hashes are emptied, so that the record is looked at anew once it can be read.
    """
    query = select(model).where(
        model.tenant_id == scope.tenant_id, model.source == scope.source, model.external_id.in_(list(fallen))
    )
    touched = []
    rows: list[Business | Product] = list(session.scalars(query))
    for row in rows:
        if row.verification_status is not fallen[row.external_id]:
            row.verification_status, row.content_hash, row.raw_hash = fallen[row.external_id], "", ""
            row.catalog_version += 1
            touched.append(row.id)
    session.flush()
    if model is Product:
        return tuple(touched)
    return tuple(session.scalars(select(Product.id).where(Product.business_id.in_(touched))))


def _upsert(
    session: Session, model: Catalogued, scope: Scope, rows: Mapping[str, RowValues], now: datetime
) -> tuple[Diff, dict[str, int]]:
    known = known_rows(session, model, scope, list(rows))
    diff = compare({key: row.content_hash for key, row in rows.items()}, known)

    def values(key: str, version: int) -> dict[str, Any]:
        row = rows[key]
        stamp = {"content_hash": row.content_hash, "catalog_version": version, "synced_at": now, "deleted_at": None}
        return {**row.values, **stamp, "raw_hash": row.raw_hash}

    if diff.new:
        place = {"tenant_id": scope.tenant_id, "source": scope.source}
        session.execute(
            insert(model).execution_options(**AS_GIVEN),
            [{"external_id": key, **place, **values(key, 1)} for key in diff.new],
        )
    if diff.changed:
        session.execute(
            update(model), [{"id": known[key].id, **values(key, known[key].version + 1)} for key in diff.changed]
        )
    if rewritten := [key for key in diff.unchanged if known[key].raw_hash != rows[key].raw_hash]:
        session.execute(update(model), [{"id": known[key].id, "raw_hash": rows[key].raw_hash} for key in rewritten])
    ids = {key: row.id for key, row in known.items()}
    if diff.new:
        ids |= {key: row.id for key, row in known_rows(session, model, scope, diff.new).items()}
    return diff, ids


def _replace_images(session: Session, images: Mapping[int, Sequence[dict[str, Any]]]) -> None:
    """Write the pictures of changed products anew; a copy already fetched stays with its address."""
    if not images:
        return
    fetched = {
        (row.product_id, row.url): row
        for row in session.execute(
            select(
                ProductImage.product_id,
                ProductImage.url,
                ProductImage.sha256,
                ProductImage.width,
                ProductImage.height,
                ProductImage.error,
            ).where(ProductImage.product_id.in_(list(images)))
        )
    }
    session.execute(delete(ProductImage).where(ProductImage.product_id.in_(list(images))))
    rows = []
    for product_id, pictures in images.items():
        for picture in pictures:
            old = fetched.get((product_id, picture["url"]))
            kept = (old.sha256, old.width, old.height, old.error) if old else (None, None, None, None)
            copy = dict(zip(("sha256", "width", "height", "error"), kept, strict=True))
            rows.append({"product_id": product_id, **picture, **copy})
    if rows:
        session.execute(insert(ProductImage), rows)


def delete_products(session: Session, scope: Scope, external_ids: Sequence[str], now: datetime) -> int:
    """Mark products as deleted and not promotable; return how many stood in the catalogue until now."""
    ids = [row.id for row in known_rows(session, Product, scope, external_ids).values() if not row.deleted]
    return _mark_deleted(session, ids, now)


def delete_businesses(session: Session, scope: Scope, external_ids: Sequence[str], now: datetime) -> tuple[int, int]:
    """Mark businesses as deleted together with their products; return how many of each left."""
    ids = list(live_businesses(session, scope, external_ids).values())
    if not ids:
        return 0, 0
    session.execute(update(Business).where(Business.id.in_(ids)).values(deleted_at=now))
    orphans = select(Product.id).where(Product.business_id.in_(ids), Product.deleted_at.is_(None))
    return len(ids), _mark_deleted(session, list(session.scalars(orphans)), now)


def _mark_deleted(session: Session, ids: Sequence[int], now: datetime) -> int:
    if ids:
        lost = case((Product.promotable, literal(now, Product.lost_at.type)), else_=Product.lost_at)
        gone = {
            "deleted_at": now,
            "promotable": False,
            "lost_at": lost,
            "catalog_version": Product.catalog_version + 1,
        }
        session.execute(
            update(Product).where(Product.id.in_(ids)).values(gone).execution_options(synchronize_session=False)
        )
    return len(ids)
