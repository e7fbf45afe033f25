"""What the samples share."""

from marketing.templates.context import MailLinks, ProductCard
from marketing.templates.samples.goods import Good
from marketing.tenants.profile import TenantProfile

UNTIL = "6 Desember 2026"
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


def cards_of(profile: TenantProfile, goods: tuple[Good, ...]) -> tuple[ProductCard, ...]:
    """Return the goods as product cards."""
    return tuple(_card(profile, good) for good in goods)


def _card(profile: TenantProfile, good: Good) -> ProductCard:
    slug = "-".join("".join(char if char.isalnum() else " " for char in good.name.lower()).split())
    return ProductCard(
        name=good.name,
        business=good.business,
        price=good.price,
        before_price=good.before,
        until=UNTIL if good.before else "",
        picture_url=f"{profile.website}/gambar/{slug}.jpg",
        alt=f"Foto {good.name}",
        url=f"{profile.website}/produk/{slug}",
        reason=good.reason,
    )
