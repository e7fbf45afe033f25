"""Structured data: every property belongs to its type in schema.org's vocabulary, and no text can leave its block."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.website import structured_data as sd

# From schema.org release 29 (https://schema.org/<Type>): the properties we use with the types whose definition lists them,
# inherited ones included.
THING = {"name", "description", "url", "image", "sameAs", "mainEntityOfPage"}
ORGANISATION = THING | {"email", "telephone", "address", "legalName", "logo", "areaServed", "makesOffer"}
CREATIVE_WORK = THING | {"inLanguage", "publisher", "mainEntity", "about", "datePublished"}
WEB_PAGE = CREATIVE_WORK | {"breadcrumb", "primaryImageOfPage", "isPartOf"}
VOCABULARY: Mapping[str, set[str]] = {
    "GovernmentOrganization": ORGANISATION,
    "LocalBusiness": ORGANISATION | {"openingHours", "priceRange", "currenciesAccepted"},
    "WebPage": WEB_PAGE,
    "CollectionPage": WEB_PAGE,
    "ItemPage": WEB_PAGE,
    "ProfilePage": WEB_PAGE,
    "BreadcrumbList": THING | {"itemListElement", "itemListOrder", "numberOfItems"},
    "ItemList": THING | {"itemListElement", "itemListOrder", "numberOfItems"},
    "ListItem": THING | {"item", "position", "nextItem", "previousItem"},
    "Product": THING | {"sku", "brand", "offers", "category", "weight", "gtin", "mpn", "material", "color"},
    "Service": THING | {"provider", "brand", "offers", "category", "areaServed", "serviceType"},
    "Brand": THING | {"logo", "slogan"},
    "Offer": THING
    | {"price", "priceCurrency", "priceValidUntil", "availability", "itemCondition", "seller", "validFrom"},
    "QuantitativeValue": THING | {"value", "unitCode", "unitText", "minValue", "maxValue"},
    "PostalAddress": THING
    | {"streetAddress", "addressLocality", "addressRegion", "addressCountry", "postalCode", "telephone", "email"},
}
HOME = "https://siar.example/galeri/tts"
OFFICE = sd.Office(HOME, "Dinas Perindagkop", "Kota SoE", "Kabupaten Timor Tengah Selatan", "umkm@ttskab.example")
SELLER = sd.Seller(
    f"{HOME}/usaha/1", "Tenun Nunkolo", "Jalan 1", "Nunkolo", "TTS", "+6281200000001", links=("https://shopee.co.id/a",)
)
GOODS = sd.Goods(
    f"{HOME}/produk/1",
    "Selendang",
    "Ditenun tangan.",
    "P-1",
    "Kerajinan",
    SELLER,
    price=92_000,
    until=date(2026, 12, 5),
    weight_gram=120,
    pictures=(f"{HOME}/a.jpg",),
)
PAGE = sd.Page(f"{HOME}/produk/1", "Selendang", "Ditenun tangan.", "id", "ItemPage")
WHOLE = sd.graph(
    sd.office(OFFICE),
    sd.page(PAGE, OFFICE, about=f"{HOME}/produk/1#produk"),
    *(sd.page(replace(PAGE, kind=kind), OFFICE) for kind in ("WebPage", "CollectionPage", "ProfilePage")),
    sd.breadcrumbs(PAGE.url, [sd.Place("Galeri", HOME), sd.Place("Selendang", PAGE.url)]),
    sd.item_list(HOME, "Produk", [sd.Place("Selendang", PAGE.url)], total=30, first=25),
    sd.business(SELLER),
    sd.goods(GOODS),
    sd.goods(replace(GOODS, service=True)),
)
HOSTILE = "</script><script>alert(1)</script><!-- ]]> & \u2028 \u2029 \ud800 \" ' \x00"


def things(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object that has a type, however deep."""
    if isinstance(value, Mapping):
        if "@type" in value:
            yield value
        for inner in value.values():
            yield from things(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from things(inner)


def wrong(node: Any) -> list[str]:
    return [
        f"{thing['@type']}.{name}"
        for thing in things(node)
        for name in thing
        if not name.startswith("@") and name not in VOCABULARY.get(thing["@type"], set())
    ]


def test_every_property_belongs_to_its_type() -> None:
    assert wrong(WHOLE) == []
    assert {thing["@type"] for thing in things(WHOLE)} == set(VOCABULARY)


def test_the_check_sees_a_property_of_another_type() -> None:
    assert wrong({"@type": "Product", "priceCurrency": "IDR"}) == ["Product.priceCurrency"]
    assert wrong({"@type": "Invented", "name": "x"}) == ["Invented.name"]


def test_a_product_has_its_offer_in_rupiah_until_the_sale_ends() -> None:
    offer = sd.goods(GOODS)["offers"]
    assert offer == {
        "@type": "Offer",
        "url": GOODS.page,
        "price": 92_000,
        "priceCurrency": "IDR",
        "priceValidUntil": "2026-12-05",
        "availability": "https://schema.org/InStock",
        "itemCondition": "https://schema.org/NewCondition",
        "seller": {"@id": f"{SELLER.page}#usaha"},
    }
    assert sd.goods(replace(GOODS, available=False))["offers"]["availability"].endswith("OutOfStock")
    assert "priceValidUntil" not in sd.goods(replace(GOODS, until=None))["offers"]
    assert "offers" not in sd.goods(replace(GOODS, price=None))


def test_a_service_has_a_provider_and_neither_article_number_nor_condition() -> None:
    service = sd.goods(replace(GOODS, service=True))
    assert service["@type"] == "Service"
    assert service["provider"] == {"@id": f"{SELLER.page}#usaha"}
    assert not {"sku", "weight"} & set(service)
    assert "itemCondition" not in service["offers"]


def test_every_reference_leads_to_something_in_the_document() -> None:
    whole = sd.graph(
        sd.office(OFFICE),
        sd.page(PAGE, OFFICE, about=f"{PAGE.url}#produk"),
        sd.breadcrumbs(PAGE.url, [sd.Place("Galeri", HOME)]),
        sd.business(SELLER),
        sd.goods(GOODS),
    )
    written = json.dumps(whole)
    known = {thing["@id"] for thing in things(whole) if "@id" in thing}
    referred = {part.split('"')[0] for part in written.split('{"@id": "')[1:]}
    assert referred <= known


def test_places_in_a_list_go_on_where_the_page_before_ended() -> None:
    found = sd.item_list(HOME, "Produk", [sd.Place("a", "u"), sd.Place("b", "v")], total=30, first=25)
    assert [item["position"] for item in found["itemListElement"]] == [25, 26]
    assert found["numberOfItems"] == 30


def test_nothing_empty_is_said() -> None:
    bare = sd.graph(
        sd.office(sd.Office(HOME, "Dinas", "", "")),
        sd.business(sd.Seller("u", "Usaha")),
        sd.goods(sd.Goods("u", "n", "", "", "", sd.Seller("u", ""))),
    )
    for thing in things(bare):
        assert all(value not in ("", None, []) for name, value in thing.items() if thing["@type"] != "Brand"), thing


class Scripts(HTMLParser):
    """Collects what a browser would see as elements and as the content of script blocks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.data: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.data.append(data)


@given(st.text(alphabet=st.characters(codec=None), max_size=60) | st.just(HOSTILE))
def test_no_text_leaves_its_block_and_all_of_it_arrives(text: str) -> None:
    node = sd.goods(replace(GOODS, name=text + HOSTILE))
    page = Scripts(f'<script type="application/ld+json">{sd.script(node)}</script>')
    assert page.tags == ["script"]
    assert json.loads("".join(page.data))["name"] == text + HOSTILE


@pytest.mark.parametrize("danger", ["<", ">", "&", "\u2028", "\u2029", "<!--", "</script"])
def test_nothing_that_html_could_read_stands_in_the_text(danger: str) -> None:
    assert danger not in sd.script(sd.goods(replace(GOODS, description=HOSTILE)))
