"""The open feeds, from facts to what leaves the house."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

from marketing.channels.marketplace.listing import sku_of
from marketing.channels.website.feed import FeedItem
from marketing.channels.website.payload import Feed, SelfUrls
from marketing.domain import site
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer
from marketing.products.listings import FIRST_SOURCE
from marketing.tenants.profile import TenantProfile
from marketing.web.queries.feeds import BEGINNING, Entry, Scope
from marketing.web.views.states import category_label

PictureSize = Callable[[str], int]  # bytes of our own copy, by its hash; 0 when it is not there


def scope_page(profile: TenantProfile, scope: Scope) -> str:
    """Return the path of the page that a feed or widget belongs to."""
    if scope.business_id is not None:
        return site.business(profile.id, scope.business_id)
    if scope.category is not None:
        return site.category(profile.id, scope.category)
    return site.home(profile.id)


def scope_title(profile: TenantProfile, scope: Scope, business: str) -> str:
    """Return what the products of a scope are called together."""
    if scope.business_id is not None:
        return _("Produk {business}, {name}").format(business=business, name=profile.name)
    if scope.category is not None:
        return _("{category} dari UMKM {name}").format(category=category_label(scope.category), name=profile.name)
    return _("Produk UMKM {name}").format(name=profile.name)


def feed_of(
    entries: Iterable[Entry],
    profile: TenantProfile,
    scope: Scope,
    *,
    title: str,
    public_url: str,
    picture_size: PictureSize,
    now: datetime,
) -> Feed:
    """Return the products as a feed; the same facts give the same feed at any moment."""
    items = tuple(item for _entry, item in items_of(entries, profile, public_url, picture_size, now))
    page = scope_page(profile, scope)
    said = _("Produk UMKM yang sudah diverifikasi dan layak promosi menurut {law}.")
    return Feed(
        tenant=profile.id,
        title=title,
        description=said.format(law=profile.regulation_name),
        home_url=public_url + page,
        self_urls=SelfUrls(*(public_url + site.feed(page, form) for form in site.FEED_FORMS)),
        author=profile.dinas,
        items=items,
        updated=max((item.updated for item in items), default=BEGINNING),
        authority=authority(profile),
        scope=page.removeprefix(site.home(profile.id)).strip("/"),
    )


def items_of(
    entries: Iterable[Entry], profile: TenantProfile, public_url: str, picture_size: PictureSize, now: datetime
) -> Iterator[tuple[Entry, FeedItem]]:
    """Yield the products that say all that a public list must say; one that does not never takes the others with it."""
    for entry in entries:
        with suppress(ValueError):  # e.g. a name of invisible letters alone
            yield entry, item_of(entry, profile, public_url, picture_size, now)


def item_of(
    entry: Entry, profile: TenantProfile, public_url: str, picture_size: PictureSize, now: datetime
) -> FeedItem:
    """Return one product for the feeds; only our own copy of its picture is named."""
    offer, facts, business = entry.offer, entry.offer.facts, entry.offer.facts.business
    sha256, alt = picture_of(offer)
    size = picture_size(sha256) if sha256 else 0
    return FeedItem(
        id=canonical_id(entry, profile),
        title=facts.name,
        price=facts.price_at(now) or 0,
        price_text=offer.price_text(now),
        price_was=offer.before_text(now),
        picture_url=public_url + site.picture(sha256) if size else "",
        picture_alt=alt,
        picture_bytes=size,
        business=business.name,
        business_place=place_of(offer, profile),
        how_to_order=order_of(offer),
        url=public_url + site.product(profile.id, offer.row_id),
        category=category_label(facts.category),
        description=facts.description,
        published=entry.published,
        updated=entry.updated,
    )


def canonical_id(entry: Entry, profile: TenantProfile) -> str:
    """Return what every channel calls the product."""
    source = "" if entry.source == FIRST_SOURCE else entry.source
    return sku_of(profile.id, entry.offer.facts.id, source)


def authority(profile: TenantProfile) -> str:
    """Return the host name of the Daerah, under which ids are made; it stays when Siar moves."""
    return urlsplit(profile.website).hostname or f"{profile.id}.invalid"


def picture_of(offer: Offer) -> tuple[str, str]:
    """Return the hash of our first own copy and its alternative text."""
    for picture in offer.facts.pictures:
        if picture.sha256:
            return picture.sha256, picture.alt or offer.facts.name
    return "", offer.facts.name


def place_of(offer: Offer, profile: TenantProfile) -> str:
    """Return where the business is, as people name it; never its full address."""
    return offer.facts.business.domicile_kecamatan or profile.short_name


def order_of(offer: Offer) -> str:
    """Return how to order, in the maker's words or by what leads to the maker (Blitar Ps. 9(1)c)."""
    order = offer.facts.how_to_order
    return order.text or order.url or order.whatsapp
