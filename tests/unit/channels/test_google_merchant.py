"""The Google Merchant feed: what Google requires stands there, and no product's text can break it."""

import io
import re
from collections.abc import Iterable

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from marketing.channels.marketplace import google_merchant
from marketing.channels.marketplace.listing import MAX_SKU, Listing, sku_of
from marketing.domain.product import Category
from tests.unit.channels.listing_samples import CLOSING, HOSTILE, NOW, SALE, listing, picture

G = "{http://base.google.com/ns/1.0}"
REQUIRED = ("id", "title", "description", "link", "image_link", "availability", "price", "brand", "identifier_exists")
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\dZ"


def feed(listings: Iterable[Listing]) -> bytes:
    pieces = google_merchant.feed(
        listings, place="Kab. TTS", office="Dinas <UMKM>", link="https://siar.example/galeri/tts", now=NOW
    )
    return "".join(pieces).encode()


def items(body: bytes) -> list[dict[str, str]]:
    root = etree.fromstring(body)
    return [{child.tag.removeprefix(G): child.text or "" for child in item} for item in root.iter("item")]


def test_every_required_attribute_stands_there_in_googles_words() -> None:
    (found,) = items(feed([listing()]))
    assert all(found[name] for name in REQUIRED)
    assert found["price"] == "350000 IDR"
    assert found["availability"] == "in_stock"
    assert found["identifier_exists"] == "no"
    assert found["condition"] == "new"
    assert found["shipping_weight"] == "300 g"
    assert found["product_type"] == "Kerajinan"
    assert not {"gtin", "mpn", "sale_price", "google_product_category"} & set(found)


def test_a_feed_reader_finds_nothing_to_complain_about() -> None:
    read = feedparser.parse(io.BytesIO(feed([listing(), listing(sku="tts-P-002", title=HOSTILE[7])])))
    assert not read.bozo
    assert [entry["g_id"] for entry in read.entries] == ["tts-P-001", "tts-P-002"]


def test_an_empty_catalogue_is_still_a_feed() -> None:
    assert items(feed([])) == []


def test_a_sale_is_told_with_its_dates_until_it_ends() -> None:
    (found,) = items(feed([listing(sale=SALE)]))
    assert (found["price"], found["sale_price"]) == ("350000 IDR", "300000 IDR")
    assert re.fullmatch(f"{MOMENT}/{MOMENT}", found["sale_price_effective_date"])
    assert len(found["sale_price_effective_date"]) <= 51
    assert "sale_price" not in google_merchant.item(listing(sale=SALE), SALE.ends)


def test_at_most_ten_more_pictures_and_nothing_out_of_stock_is_in_stock() -> None:
    many = listing(pictures=tuple(picture(number) for number in range(1, 15)), stock=0)
    text = google_merchant.item(many, NOW)
    assert text.count("<g:additional_image_link>") == 10
    assert "<g:availability>out_of_stock<" in text


@pytest.mark.parametrize(
    "refused",
    [
        listing(pictures=()),
        listing(kind="service"),
        listing(title=""),
        listing(pictures=(picture(width=99),)),
        listing(pictures=(picture(width=249),), category=Category.FESYEN),
    ],
)
def test_what_google_would_refuse_is_left_out(refused: Listing) -> None:
    assert items(feed([refused])) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    hostile = listing(title=f"Kain {text}", description=f"{text}\n\n{CLOSING}", business=f"Usaha {text}")
    (found,) = items(feed([hostile]))
    assert found["price"] == "350000 IDR"
    assert set(found) == set(items(feed([listing()]))[0])
    assert "\x00" not in found["title"]
    assert found["title"].startswith("Kain")


@given(st.text(max_size=400), st.text(max_size=6_000))
def test_no_text_breaks_the_feed_or_its_limits(title: str, description: str) -> None:
    (found,) = items(feed([listing(title=f"K{title}", description=f"{description}\n\n{CLOSING}")]))
    assert len(found["title"]) <= 150
    assert len(found["description"]) <= 5_000


def test_a_long_description_gives_way_before_who_made_it() -> None:
    long = listing(description=f"{'tenun ' * 2_000}\n\n{CLOSING}")
    (found,) = items(feed([long]))
    assert found["description"].endswith(CLOSING)
    assert len(found["description"]) <= 5_000


def test_an_id_is_stable_short_and_safe() -> None:
    assert sku_of("tts", "P-001") == "tts-P-001"
    strange = ["P 1", "P/1", "x" * 200, "é", "", "=1", "P-001\n"]
    made = [sku_of("tts", name) for name in strange] + [sku_of("tts", "P-001", "kedua")]
    assert len(set(made)) == len(made)
    assert all(len(sku) <= MAX_SKU and re.fullmatch(r"[A-Za-z0-9._-]+", sku) for sku in made)


@given(st.text(max_size=80), st.text(max_size=80))
def test_two_products_never_share_an_id(first: str, second: str) -> None:
    assert (sku_of("tts", first) == sku_of("tts", second)) == (first == second)
