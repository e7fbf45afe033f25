"""The frame for other sites, its data, and the snippet that puts it there."""

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

from marketing.channels.website.feed import FeedItem, product_tag
from marketing.domain import site
from marketing.domain.links import with_utm
from marketing.domain.product import Category
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.catalog import category_options
from marketing.web.building.feeds import authority, scope_page
from marketing.web.building.gallery import Scene, feeds_of, head
from marketing.web.building.marketplace import business_options
from marketing.web.queries.feeds import Entry, Scope
from marketing.web.views.parts import Option
from marketing.web.views.widget import EmbedView, WidgetProduct, WidgetView

MEDIUM: Final = "widget"  # utm_medium of every link that leads from somebody else's page to ours
USUAL, MOST = 6, 24
NUMBERS: Final = (3, USUAL, 12, MOST)
_WIDE, _ROW_HEIGHT, _FRAME_HEIGHT = 3, 240, 140  # columns on a usual page; pixels


def address(profile: TenantProfile, scope: Scope, number: int, form: str = "") -> str:
    """Return the path of the frame, or with form `json` of its data; what is usual is left out."""
    asked = {
        "kategori": scope.category.value if scope.category is not None else "",
        "usaha": str(scope.business_id) if scope.business_id is not None else "",
        "jumlah": str(number) if number != USUAL else "",
    }
    query = urlencode({key: value for key, value in asked.items() if value})
    return site.widget(profile.id, form) + (f"?{query}" if query else "")


def outward(url: str, profile: TenantProfile) -> str:
    """Return an address marked as opened from a widget."""
    return with_utm(url, campaign=f"{profile.id}-{MEDIUM}", medium=MEDIUM)


def frame(
    items: Iterable[FeedItem], profile: TenantProfile, scope: Scope, *, title: str, public_url: str
) -> WidgetView:
    """Return the frame; its links are absolute, because they leave the page that shows it."""
    return WidgetView(
        title=title,
        office=profile.dinas_short,
        brand_css=paths.brand_css(profile.id),
        home_href=outward(public_url + scope_page(profile, scope), profile),
        products=tuple(_product(item, profile, public_url) for item in items),
    )


def data(
    items: Sequence[tuple[Entry, FeedItem]],
    profile: TenantProfile,
    scope: Scope,
    *,
    title: str,
    public_url: str,
    number: int,
) -> bytes:
    """Return the same products as JSON (see `fields`); ids are those of the feeds, links say that they came from a widget."""
    document: dict[str, Any] = {
        "version": 1,
        "title": title,
        "language": "id",
        "publisher": profile.dinas,
        "home_page_url": outward(public_url + scope_page(profile, scope), profile),
        "data_url": public_url + address(profile, scope, number, "json"),
        "items": [_item(item, entry.offer.facts.category, profile) for entry, item in items],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def fields() -> tuple[tuple[str, str], ...]:
    """Return what the members of an item mean, for the page that explains them."""
    return (
        ("id, sku", _("nama tetap produk: sama dengan di umpan RSS, Atom dan JSON, dan di lokapasar")),
        ("name, category, category_name", _("nama produk, kategorinya, dan sebutan kategorinya")),
        (
            "price, currency, price_text, price_before_text",
            _("harga dalam rupiah utuh, harga tertulis, dan harga semula selama diskon"),
        ),
        ("picture, picture_alt", _("gambar (boleh kosong) dan teks penggantinya")),
        ("business, place, how_to_order", _("pelaku usaha, tempatnya, dan cara memesan")),
        ("url", _("halaman produk")),
        ("updated", _("waktu perubahan terakhir, UTC")),
    )


def embed(
    scene: Scene,
    scope: Scope,
    number: int,
    *,
    title: str,
    categories: Sequence[str],
    businesses: Sequence[tuple[int, str]],
) -> EmbedView:
    """Return the page that explains how another site shows the products."""
    profile = scene.profile
    path = address(profile, scope, number)
    height = _FRAME_HEIGHT + _ROW_HEIGHT * -(-number // _WIDE)
    page = scope_page(profile, scope)
    return EmbedView(
        head=head(
            scene,
            site.embed(profile.id),
            title=_("Pasang di situs Anda"),
            description=_("Tampilkan produk UMKM {name} di situs Anda, selalu yang terbaru.").format(name=profile.name),
        ),
        frame_title=title,
        frame_href=path,
        frame_height=height,
        snippet=snippet(scene.absolute(path), title, height),
        data_href=scene.absolute(address(profile, scope, number, "json")),
        action=site.embed(profile.id),
        categories=category_options(categories, scope.category or ""),
        businesses=business_options(businesses, scope.business_id),
        numbers=tuple(
            Option(
                str(choice), ngettext("{n} produk", "{n} produk", choice).format(n=choice), selected=choice == number
            )
            for choice in NUMBERS
        ),
        feeds=feeds_of(page, title),
        fields=fields(),
    )


def snippet(url: str, title: str, height: int) -> str:
    """Return the HTML that shows the frame: no script, loaded when it comes into view."""
    return (
        f'<iframe src="{escape(url)}" title="{escape(title)}" width="100%" height="{height}" '
        'loading="lazy" style="border:0"></iframe>'
    )


def oembed(profile: TenantProfile, url: str, title: str, size: tuple[int, int], public_url: str) -> dict[str, Any]:
    """Return what an editor asks for a pasted address (oembed.com, 2.3.4.4: rich); width and height in pixels."""
    width, height = size
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": profile.dinas_short,
        "provider_url": public_url + site.home(profile.id),
        "cache_age": 60,
        "width": width,
        "height": height,
        "html": snippet(url, title, height),
    }


def _product(item: FeedItem, profile: TenantProfile, public_url: str) -> WidgetProduct:
    return WidgetProduct(
        name=item.title,
        business=item.business,
        place=item.business_place,
        price=item.price_text,
        price_was=item.price_was,
        href=outward(item.url, profile),
        picture=item.picture_url.removeprefix(public_url),
        picture_alt=item.picture_alt,
    )


def _item(item: FeedItem, category: Category, profile: TenantProfile) -> dict[str, Any]:
    return {
        "id": product_tag(authority(profile), profile.id, item.id),
        "sku": item.id,
        "name": item.title,
        "category": category.value,
        "category_name": item.category,
        "price": item.price,
        "currency": "IDR",
        "price_text": item.price_text,
        "price_before_text": item.price_was,
        "picture": item.picture_url,
        "picture_alt": item.picture_alt,
        "business": item.business,
        "place": item.business_place,
        "how_to_order": item.how_to_order,
        "url": outward(item.url, profile),
        "updated": item.updated.isoformat(),
    }
