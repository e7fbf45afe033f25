"""What the samples share."""

from datetime import date

from marketing.domain.calendar_id import format_date, format_period
from marketing.i18n import language
from marketing.templates.context import BundlePart, MailLinks, ProductCard
from marketing.templates.samples.goods import Good
from marketing.tenants.profile import TenantProfile

SALE = (date(2026, 11, 22), date(2026, 12, 6))
ORDER = "SO-2026-004812"


def links_of(profile: TenantProfile, why: str) -> MailLinks:
    """Return links that lead nowhere."""
    site = profile.website
    return MailLinks(
        web_view=f"{site}/surel/contoh",
        unsubscribe=f"{site}/berhenti/contoh",
        why=why,
        pixel=f"{site}/o/contoh.gif",
        why_page=f"{site}/mengapa/contoh",
        preferences=f"{site}/preferensi/contoh",
    )


def sale_ends() -> str:
    """Return the last day of the sample's sale in the language in force."""
    return format_date(SALE[1], language())


def cards_of(profile: TenantProfile, goods: tuple[Good, ...]) -> tuple[ProductCard, ...]:
    """Return the goods as product cards."""
    return tuple(_card(profile, good) for good in goods)


def _card(profile: TenantProfile, good: Good) -> ProductCard:
    slug = "-".join("".join(char if char.isalnum() else " " for char in good.name.lower()).split())
    price, before = (int("0" + text.removeprefix("Rp").replace(".", "")) for text in (good.price, good.before))
    return ProductCard(
        name=good.name,
        business=good.business,
        price=good.price,
        before_price=good.before,
        percent=f"{(before - price) * 100 // before}%" if before else "",
        period=format_period(*SALE, language()) if before else "",
        picture_url=f"{profile.website}/gambar/{slug}.surel.jpg",
        wide_url=f"{profile.website}/gambar/{slug}.lanskap.jpg",
        alt=f"Foto {good.name}",
        url=f"{profile.website}/produk/{slug}",
        summary=good.summary,
        parts=tuple(BundlePart(name, business, number) for number, name, business in good.parts),
    )
