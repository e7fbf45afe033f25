"""Figures of the market that our own catalogue can honestly give: counted now, from what may be promoted now."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.db.models import Product
from marketing.domain.calendar_id import local_date
from marketing.domain.money import format_rupiah
from marketing.domain.newsletter import MarketNote
from marketing.domain.product import Category
from marketing.i18n import SOURCE_LANGUAGE, ngettext, speaking
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web.queries.catalog import READY
from marketing.web.views.states import category_label

NEW, BUSINESSES, PRICES = "baru", "usaha", "harga"
LATELY: Final = timedelta(days=30)
FEWEST_PRODUCTS, FEWEST_BUSINESSES = 3, 2
"""Below this a range of prices is no market: it would only tell what one seller asks."""


def measures(categories: list[str]) -> tuple[str, ...]:
    """Return the names of the figures that may be asked for; `categories` are those that stand in the catalogue."""
    return (NEW, BUSINESSES, *(f"{PRICES}:{name}" for name in categories))


def measure_label(measure: str) -> str:
    """Return what is measured, in words; KeyError for no measure of ours."""
    name, _colon, category = measure.partition(":")
    if name == PRICES:
        return _("Kisaran harga {category}").format(category=category_label(category).lower())
    return {NEW: _("Produk baru terverifikasi dalam 30 hari"), BUSINESSES: _("Usaha dengan produk siap promosi")}[
        measure
    ]


def figure(session: Session, profile: TenantProfile, measure: str, now: datetime) -> MarketNote | None:
    """Return a figure with its source and day; None for an unknown measure and where there is too little to tell."""
    with speaking(SOURCE_LANGUAGE):  # it becomes part of a text that everybody gets
        try:
            label = measure_label(measure)
        except KeyError:
            return None
        value = _value(session, profile.id, measure, now)
        if not value:
            return None
        return MarketNote(
            label=label,
            value=value,
            source=_("Katalog {dinas}").format(dinas=profile.dinas_short),
            day=local_date(now, profile.tz).isoformat(),
            measure=measure,
        )


def _value(session: Session, tenant_id: str, measure: str, now: datetime) -> str:
    ready = (Product.tenant_id == tenant_id, READY)
    if measure == NEW:
        number = session.scalar(select(func.count()).where(*ready, Product.verified_at >= now - LATELY)) or 0
        return ngettext("{n} produk", "{n} produk", number).format(n=_number(number))
    if measure == BUSINESSES:
        number = session.scalar(select(func.count(Product.business_id.distinct())).where(*ready)) or 0
        return _("{n} usaha").format(n=_number(number))
    category = Category(measure.partition(":")[2])
    query = select(
        func.count(), func.count(Product.business_id.distinct()), func.min(Product.price), func.max(Product.price)
    )
    products, businesses, least, most = session.execute(
        query.where(*ready, Product.category == category, Product.price.is_not(None))
    ).one()
    if least is None or most is None or products < FEWEST_PRODUCTS or businesses < FEWEST_BUSINESSES:
        return ""
    prices = format_rupiah(least) if least == most else f"{format_rupiah(least)}–{format_rupiah(most)}"
    counted = _("{products} produk dari {businesses} usaha")
    return f"{prices} ({counted.format(products=_number(products), businesses=_number(businesses))})"


def _number(value: int) -> str:
    return f"{value:,d}".replace(",", ".")
