"""What a page says to machines: schema.org as JSON-LD; pure. Every property belongs to its type (a test holds the list).

Types and properties: schema.org release 29; shape of offers and lists: Google's “Product snippet”, “Breadcrumb” and
“Carousel” documentation, read 22 Nov 2026.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

Node = Mapping[str, Any]
IN_STOCK: Final = "https://schema.org/InStock"
OUT_OF_STOCK: Final = "https://schema.org/OutOfStock"
NEW: Final = "https://schema.org/NewCondition"
GRAM: Final = "GRM"  # UN/CEFACT Common Code, as `unitCode` wants it
# Inside <script> only these could end the block or open a comment (HTML section 4.12.1.3); json itself escapes U+2028.
_IN_SCRIPT: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


@dataclass(frozen=True, slots=True)
class Office:
    """The Dinas that publishes; `home` is its gallery, absolute."""

    home: str
    name: str
    address: str
    region: str
    email: str = ""
    phone: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Seller:
    """A business; `page` is its page in the gallery, absolute."""

    page: str
    name: str
    address: str = ""
    place: str = ""
    region: str = ""
    phone: str = ""
    email: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goods:
    """A product or a service on its page; price in whole rupiah, weight in grams, `until` the local day a sale ends."""

    page: str
    name: str
    description: str
    sku: str
    category: str
    seller: Seller
    price: int | None = None
    until: date | None = None
    available: bool = True
    weight_gram: int | None = None
    pictures: tuple[str, ...] = ()
    service: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a list or of the way to a page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """The page itself."""

    url: str
    name: str
    description: str
    language: str
    kind: str = "WebPage"  # or CollectionPage, ItemPage, ProfilePage


def script(node: Node) -> str:
    """Return the text of a `<script type="application/ld+json">` block; nothing in it can leave the block."""
    return json.dumps(node, ensure_ascii=True, separators=(",", ":")).translate(_IN_SCRIPT)


def graph(*nodes: Node) -> Node:
    """Return several things of one page as one document."""
    return {"@context": "https://schema.org", "@graph": list(nodes)}


def office(data: Office) -> Node:
    """Return the Dinas as publisher."""
    return _without_empty(
        {
            "@type": "GovernmentOrganization",
            "@id": f"{data.home}#dinas",
            "name": data.name,
            "url": data.home,
            "email": data.email,
            "telephone": data.phone,
            "sameAs": data.website,
            "address": _address(data.address, "", data.region),
        }
    )


def page(data: Page, publisher: Office, *, about: str = "") -> Node:
    """Return the page; `about` is the `@id` of what it is mainly about."""
    return _without_empty(
        {
            "@type": data.kind,
            "@id": data.url,
            "url": data.url,
            "name": data.name,
            "description": data.description,
            "inLanguage": data.language,
            "publisher": {"@id": f"{publisher.home}#dinas"},
            "mainEntity": {"@id": about} if about else None,
            "breadcrumb": {"@id": f"{data.url}#jalan"} if data.url != publisher.home else None,
        }
    )


def breadcrumbs(url: str, way: Sequence[Place]) -> Node:
    """Return the way from the gallery to this page, this page last."""
    return {
        "@type": "BreadcrumbList",
        "@id": f"{url}#jalan",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": place.name, "item": place.url}
            for number, place in enumerate(way, start=1)
        ],
    }


def item_list(url: str, name: str, items: Sequence[Place], *, total: int, first: int = 1) -> Node:
    """Return the entries of a list page; `first` is the place of its first entry in the whole list."""
    return {
        "@type": "ItemList",
        "@id": f"{url}#daftar",
        "name": name,
        "numberOfItems": total,
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": item.name, "url": item.url}
            for number, item in enumerate(items, start=first)
        ],
    }


def business(data: Seller) -> Node:
    """Return a business with its contact and its own places on the web."""
    return _without_empty(
        {
            "@type": "LocalBusiness",
            "@id": f"{data.page}#usaha",
            "name": data.name,
            "url": data.page,
            "telephone": data.phone,
            "email": data.email,
            "address": _address(data.address, data.place, data.region),
            "sameAs": list(data.links),
        }
    )


def goods(data: Goods) -> Node:
    """Return a product (or a service, which has neither an article number nor a weight) with its offer."""
    common = {
        "@type": "Service" if data.service else "Product",
        "@id": f"{data.page}#produk",
        "url": data.page,
        "name": data.name,
        "description": data.description,
        "category": data.category,
        "image": list(data.pictures),
        "brand": {"@type": "Brand", "name": data.seller.name},
        "offers": _offer(data),
    }
    if data.service:
        return _without_empty({**common, "provider": {"@id": f"{data.seller.page}#usaha"}})
    weight = {"@type": "QuantitativeValue", "value": data.weight_gram, "unitCode": GRAM}
    return _without_empty({**common, "sku": data.sku, "weight": weight if data.weight_gram else None})


def _offer(data: Goods) -> Node | None:
    if data.price is None:
        return None
    return _without_empty(
        {
            "@type": "Offer",
            "url": data.page,
            "price": data.price,
            "priceCurrency": "IDR",
            "priceValidUntil": data.until.isoformat() if data.until else None,
            "availability": IN_STOCK if data.available else OUT_OF_STOCK,
            "itemCondition": None if data.service else NEW,
            "seller": {"@id": f"{data.seller.page}#usaha"},
        }
    )


def _address(street: str, place: str, region: str) -> Node | None:
    if not (street or place):
        return None
    return _without_empty(
        {
            "@type": "PostalAddress",
            "streetAddress": street,
            "addressLocality": place,
            "addressRegion": region,
            "addressCountry": "ID",
        }
    )


def _without_empty(node: Mapping[str, Any]) -> Node:
    return {key: value for key, value in node.items() if value not in ("", None, [], ())}
