"""What the public gallery lists: chosen and counted by the database, so that a large catalogue costs no more than one page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import Session

from marketing.db.models import Business, Campaign, Post, Product
from marketing.delivery.versions import content_of
from marketing.domain.campaign import CampaignContent
from marketing.domain.post import PostState
from marketing.domain.search_text import words_of
from marketing.domain.types import ChannelName
from marketing.products.catalogue import Offer, load_offers
from marketing.web.queries.catalog import READY

LOOKED_AT = 6  # newest products looked at per one shown, to find different businesses


class Sort(StrEnum):
    """In which order a list stands."""

    NEWEST = "terbaru"
    CHEAPEST = "termurah"
    DEAREST = "termahal"
    NAME = "nama"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; an empty field narrows nothing."""

    words: str = ""
    category: str = ""
    kecamatan: str = ""
    sort: Sort = Sort.NEWEST
    business_row_id: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of products by the latest gate decision; the caller asks the gate again for those it shows."""

    offers: Sequence[Offer]
    total: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the whole gallery of a Daerah holds, by category and by kecamatan."""

    products: int
    categories: Mapping[str, int]
    kecamatan: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Spotlit:
    """A business in the spotlight with some of its products; `products` counts all of them."""

    row_id: int
    products: int
    offers: Sequence[Offer]


def find(session: Session, tenant_id: str, wanted: Wanted, *, now: datetime, offset: int, limit: int) -> Found:
    """Return the products that match; beyond the last page there are none and the total is 0."""
    # Words are looked for in every product anyway, so that one pass counts and chooses; without them an index does each.
    one_pass = bool(words_of(wanted.words))
    total = func.count().over() if one_pass else literal(0)
    query = select(Product.id, total).where(_owned(tenant_id, wanted), READY, *_conditions(wanted))
    if one_pass or wanted.kecamatan:
        query = query.join(Product.business)
    rows = session.execute(query.order_by(*_order(wanted.sort, now)).offset(offset).limit(limit)).all()
    offers = load_offers(session, tenant_id, (row_id for row_id, _total in rows))
    if not rows:
        return Found((), 0)
    counted = rows[0][1] if one_pass else session.scalar(query.with_only_columns(func.count()))
    return Found(list(offers.values()), counted or 0)


def totals(session: Session, tenant_id: str) -> Totals:
    """Count what may be promoted."""
    ready = (Product.tenant_id == tenant_id, READY)
    query = select(Product.category, Business.domicile_kecamatan, func.count()).join(Product.business).where(*ready)
    rows = session.execute(query.group_by(Product.category, Business.domicile_kecamatan)).all()
    return Totals(
        sum(number for _category, _place, number in rows),
        _sums((category, number) for category, _place, number in rows),
        _sums((place, number) for _category, place, number in rows if place),
    )


def businesses(session: Session, tenant_id: str) -> int:
    """Count the businesses with something that may be promoted."""
    query = select(func.count(Product.business_id.distinct())).where(Product.tenant_id == tenant_id, READY)
    return session.scalar(query) or 0


def newest(session: Session, tenant_id: str, limit: int) -> Sequence[Offer]:
    """Return the newest products, of as many businesses as the newest come from."""
    query = select(Product.id, Product.business_id).where(Product.tenant_id == tenant_id, READY)
    recent = session.execute(query.order_by(*_newest()).limit(limit * LOOKED_AT)).all()
    first: dict[int, int] = {}
    for row_id, business_id in recent:
        first.setdefault(business_id, row_id)
    ids = [*first.values(), *(row_id for row_id, business_id in recent if first[business_id] != row_id)]
    return list(load_offers(session, tenant_id, ids[:limit]).values())


def spotlight(session: Session, tenant_id: str, positions: Sequence[int], *, products: int) -> Sequence[Spotlit]:
    """Return the businesses at these positions (from 0, in the order of their rows) with some products of each."""
    ready = (Product.tenant_id == tenant_id, READY)
    position = (func.row_number().over(order_by=Product.business_id) - 1).label("position")
    query = select(Product.business_id, func.count().label("number"), position).where(*ready)
    ordered = query.group_by(Product.business_id).subquery()
    few_of_them = select(ordered.c.business_id, ordered.c.number).where(ordered.c.position.in_(positions))
    chosen = session.execute(few_of_them.order_by(ordered.c.position)).all()
    place = func.row_number().over(partition_by=Product.business_id, order_by=_newest())
    ranked = select(Product.id, place.label("place")).where(
        *ready, Product.business_id.in_([row_id for row_id, _number in chosen])
    )
    few = ranked.subquery()
    offers = load_offers(session, tenant_id, session.scalars(select(few.c.id).where(few.c.place <= products)))
    return [
        Spotlit(row_id, number, [offer for offer in offers.values() if offer.business_row_id == row_id])
        for row_id, number in chosen
    ]


def products_of_tenants(session: Session) -> Mapping[str, tuple[int, int]]:
    """Return for each Daerah with products how many there are, and from how many businesses."""
    query = select(Product.tenant_id, func.count(), func.count(Product.business_id.distinct())).where(READY)
    return {
        tenant: (number, businesses)
        for tenant, number, businesses in session.execute(query.group_by(Product.tenant_id))
    }


def published_promo(session: Session, tenant_id: str, marker: str) -> tuple[CampaignContent, datetime | None] | None:
    """Return the words of an offer that stands on the site, and since when; nothing for one that was withdrawn."""
    query = (
        select(Campaign)
        .join(Post, Post.campaign_id == Campaign.id)
        .where(
            Post.tenant_id == tenant_id,
            Post.marker == marker,
            Post.channel == ChannelName.WEBSITE,
            Post.state == PostState.PUBLISHED,
        )
    )
    campaign = session.scalars(query).first()
    return (content_of(session, campaign), campaign.started_at) if campaign else None


def _owned(tenant_id: str, wanted: Wanted) -> ColumnElement[bool]:
    """Return whose products: a business belongs to one Daerah, and naming both leads SQLite past the index of the business."""
    if wanted.business_row_id is None:
        return Product.tenant_id == tenant_id
    own = select(Business.id).where(Business.id == wanted.business_row_id, Business.tenant_id == tenant_id)
    return Product.business_id == own.scalar_subquery()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = (Product.search_text, Business.search_text)  # folded on both sides
    return [
        *(or_(*(column.contains(word, autoescape=True) for column in columns)) for word in words_of(wanted.words)),
        Product.category == wanted.category if wanted.category else true(),
        Business.domicile_kecamatan == wanted.kecamatan if wanted.kecamatan else true(),
    ]


def _order(sort: Sort, now: datetime) -> Sequence[Any]:
    match sort:
        case Sort.NEWEST:
            return _newest()
        case Sort.CHEAPEST:
            return (_price_at(now).asc().nulls_last(), Product.id)
        case Sort.DEAREST:
            return (_price_at(now).desc().nulls_last(), Product.id)
        case Sort.NAME:
            return (func.lower(Product.name), Product.id)


def _newest() -> Sequence[Any]:
    return (Product.catalog_updated_at.desc().nulls_last(), Product.id)


def _price_at(now: datetime) -> ColumnElement[Any]:
    """Return the price in force; the dates of a sale are stored in UTC and in one form, so they compare as text."""
    moment = literal(now.isoformat(timespec="seconds"))
    price = Product.sale["price"].as_integer()
    running = and_(Product.sale["starts"].as_string() <= moment, Product.sale["ends"].as_string() >= moment)
    return case((and_(running, price > 0, price < Product.price), price), else_=Product.price)


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, number in pairs:
        found[name] = found.get(name, 0) + number
    return found
