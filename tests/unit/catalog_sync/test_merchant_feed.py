"""A merchant feed as shops really write it, and as an attacker would."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog_sync.contract import Kind, Product, SetAside, parse
from catalog_sync.sources.base import Page, SourceOptions
from catalog_sync.sources.merchant_feed import MerchantFeed, open_source, reading, text
from marketing.errors import CatalogError

HEAD = b'<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>T</title>'
TAIL = b"</channel></rss>"
BASIS = {
    "id": "P-1",
    "title": "Kain tenun",
    "brand": "Tenun Nunkolo",
    "price": "15000 IDR",
    "availability": "in_stock",
    "product_type": "Fesyen > Kain Tenun",
}


def item(**fields: str | None) -> bytes:
    given = {key: value for key, value in {**BASIS, **fields}.items() if value is not None}
    return b"<item>" + b"".join(f"<g:{key}>{value}</g:{key}>".encode() for key, value in given.items()) + b"</item>"


def feed(*items: bytes) -> bytes:
    return HEAD + b"".join(items) + TAIL


@pytest.fixture
def at(tmp_path: Path) -> Callable[..., MerchantFeed]:
    def opened(body: bytes, **options: Any) -> MerchantFeed:
        path = tmp_path / "umpan.xml"
        path.write_bytes(body)
        source = open_source(str(path), SourceOptions(region_code="53.02", **options))
        assert isinstance(source, MerchantFeed)
        return source

    return opened


def pages(source: MerchantFeed) -> list[Page]:
    return list(source.pages(None))


def products(source: MerchantFeed) -> list[dict[str, Any]]:
    return [raw for page in pages(source) for raw in page.records[Kind.PRODUCT]]


def aside(source: MerchantFeed) -> list[SetAside]:
    return [one for page in pages(source) for one in page.set_aside]


def refused(source: MerchantFeed) -> str:
    with pytest.raises(CatalogError) as caught:
        pages(source)
    return str(caught.value)


def test_every_field_finds_its_place(at: Callable[..., MerchantFeed]) -> None:
    found = products(
        at(
            feed(
                item(
                    description="Tenun <![CDATA[<b>tangan</b>]]>.",
                    link="https://toko.example/p/1",
                    image_link="https://toko.example/1,2.jpg",
                    additional_image_link="https://toko.example/3.jpg, https://toko.example/4.jpg",
                    sale_price="12000.00 IDR",
                    sale_price_effective_date="2026-12-01T00:00+0800/2026-12-31",
                    shipping_weight="1.5 kg",
                    inventory="7",
                    custom_label_0="unggulan",
                )
            )
        )
    )
    record = parse(Kind.PRODUCT, found[0])
    assert isinstance(record, Product)
    assert (record.name, record.price, record.stock, record.weight_gram) == ("Kain tenun", 15_000, 7, 1_500)
    assert [image.url for image in record.images or ()] == [
        "https://toko.example/1,2.jpg",
        "https://toko.example/3.jpg",
        "https://toko.example/4.jpg",
    ]
    assert found[0]["sale"] == {
        "price": 12_000,
        "starts": "2026-12-01T00:00:00+08:00",
        "ends": "2026-12-31T23:59:59+08:00",
    }
    assert found[0]["how_to_order"] == {"url": "https://toko.example/p/1"}
    assert found[0]["custom_label_0"] == "unggulan"
    assert "verification" not in found[0]  # a shop does not verify itself


@pytest.mark.parametrize(
    ("fields", "price", "sale"),
    [
        ({"sale_price": "12000 IDR"}, 12_000, None),  # without dates no reduction may be claimed: it is the price
        ({"sale_price": "20000 IDR"}, 15_000, None),
        ({"price": None}, None, None),
        ({"price": "0 IDR"}, 0, None),
        ({"price": "Rp 15000"}, 15_000, None),
    ],
)
def test_what_is_charged(
    at: Callable[..., MerchantFeed], fields: dict[str, Any], price: int | None, sale: object
) -> None:
    found = products(at(feed(item(**fields))))[0]
    assert (found.get("price"), found.get("sale")) == (price, sale)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"price": "15.00 USD"}, "mata uang USD"),
        ({"price": "15000"}, "mata uang -"),
        ({"price": "15.000 IDR"}, "desimal"),
        ({"price": "15000.5 IDR"}, "berpecahan"),
        ({"price": "IDR 15000 IDR"}, "mata uang"),
        ({"price": "1" * 16 + " IDR"}, "bukan harga"),
        ({"price": "١٥٠٠٠ IDR"}, "bukan harga"),
        ({"sale_price": "murah"}, "sale_price"),
        ({"sale_price": "9 IDR", "sale_price_effective_date": "besok"}, "bukan “awal/akhir”"),
        ({"sale_price": "9 IDR", "sale_price_effective_date": "2026-13-01/2026-12-31"}, "bukan “awal/akhir”"),
        ({"availability": "mungkin"}, "availability"),
        ({"brand": None}, "brand belum diisi"),
        ({"id": None}, "id belum diisi"),
        ({"product_type": "Perabot", "title": "Meja"}, "product_type"),
        ({"title": "Kain \x00"}, "huruf rusak"),
        ({"title": "Kain &#11; &#xD83D;"}, "huruf rusak"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    at: Callable[..., MerchantFeed], fields: dict[str, Any], said: str
) -> None:
    source = at(feed(item(id="P-0"), item(**fields)))
    found = aside(source)
    assert len(found) == 1
    assert said in found[0].reason
    assert "(butir ke-2, baris 1)." in found[0].reason
    assert [raw["id"] for raw in products(source)] == ["P-0"]
    lost_its_name = fields.get("id", "") is None or fields.get("brand", "") is None
    assert source.snapshot is not lost_its_name  # what cannot be named could be any product of ours


@pytest.mark.parametrize(
    ("availability", "stock"),
    [
        ("in stock", None),
        ("out_of_stock", 0),
        ("preorder", 0),
        ("backorder", 0),
        ("https://schema.org/OutOfStock", 0),
        ("available for order", None),
        (None, None),
    ],
)
def test_what_cannot_be_had_now_has_no_stock(
    at: Callable[..., MerchantFeed], availability: str | None, stock: int | None
) -> None:
    assert products(at(feed(item(availability=availability))))[0].get("stock") == stock


@pytest.mark.parametrize(
    ("told", "category"),
    [
        ({"product_type": None, "google_product_category": "413", "title": "X"}, "minuman"),
        ({"product_type": "Food, Beverages &amp; Tobacco > Food Items > Snack Foods"}, "makanan_olahan"),
        ({"product_type": "Toko > Kerajinan > Anyaman"}, "kerajinan"),
        ({"product_type": "Lain-lain", "title": "Kotak"}, "lainnya"),
        (
            {"product_type": "Perabot", "title": "Tas kopi"},
            "minuman",
        ),  # in doubt it is food, which must show its permit
        ({"product_type": "Jasa jahit"}, "jasa"),
    ],
)
def test_category_comes_from_the_shops_words(
    at: Callable[..., MerchantFeed], told: dict[str, Any], category: str
) -> None:
    found = products(at(feed(item(**told))))[0]
    assert found["category"] == category
    assert found["kind"] == ("service" if category == "jasa" else "goods")


def test_an_operator_says_whose_feed_it_is_and_who_vouches(at: Callable[..., MerchantFeed]) -> None:
    verified = {"status": "verified", "by": "Tim", "at": "2026-08-01T09:00:00+08:00"}
    mapping = {
        "business": {"name": "Dapur Mollo", "nib": "0220123456789"},
        "product": {"unit": "bungkus", "verification": verified, "how_to_order": {"text": "Lewat WhatsApp."}},
    }
    source = at(feed(item(brand=None, link="https://toko.example/1"), item(id="P-2")), mapping=mapping)
    page = pages(source)[0]
    assert page.records[Kind.BUSINESS] == [
        {"id": "usaha", "role": "umkm", "name": "Dapur Mollo", "nib": "0220123456789"}
    ]
    one, two = page.records[Kind.PRODUCT]
    assert one["business_id"] == two["business_id"] == "usaha"
    assert (one["unit"], one["verification"]) == ("bungkus", verified)
    assert one["how_to_order"] == {"text": "Lewat WhatsApp.", "url": "https://toko.example/1"}


def test_brands_are_businesses_however_they_are_written(at: Callable[..., MerchantFeed]) -> None:
    mapping = {"businesses": {"tenun nunkolo": {"id": "U-7", "nib": "0220"}}}
    items = [
        item(id="1"),
        item(id="2", brand=" TENUN  Nunkolo "),
        item(id="3", brand="Lain"),
        item(id="4", brand="LAIN"),
    ]
    page = pages(at(feed(*items), mapping=mapping))[0]
    assert [(one["id"], one["name"]) for one in page.records[Kind.BUSINESS]] == [
        ("U-7", "Tenun Nunkolo"),
        ("merek:lain", "Lain"),
    ]
    assert {raw["business_id"] for raw in page.records[Kind.PRODUCT]} == {"U-7", "merek:lain"}


@pytest.mark.parametrize(
    "mapping",
    [
        {"usaha": {}},
        {"business": []},
        {"business": {"scale": "raksasa"}},
        {"businesses": {"A": "U-1"}},
        {"businesses": {"A": {"nib": 5}}},
        {"product": {"price": "gratis"}},
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_before_anything_is_fetched(mapping: dict[str, Any]) -> None:
    with pytest.raises(CatalogError, match="Pemetaan umpan"):
        open_source("http://127.0.0.1:1/umpan.xml", SourceOptions(mapping=mapping))


LOL = "".join(f'<!ENTITY l{one} "{f"&l{one - 1};" * 10}">' for one in range(1, 10))
INSIDE = {
    "billion laughs in text": f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LOL}]><rss><channel><item>&l9;</item></channel></rss>',
    "billion laughs in an attribute": f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LOL}]><rss a="&l9;"/>',
    "a file": '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item>&f;</item></channel></rss>',
    "a parameter entity": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x">%p;]><rss/>',
    "a document type alone": '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/rss.dtd"><rss/>',
    "an unknown entity": "<rss><channel><item>&nbsp;</item></channel></rss>",
    "no bottom": "<rss><channel><item>" + "<a>" * 400,
    "no end": HEAD.decode() + item().decode(),
    "two roots": "<rss/><rss/>",
    "a web page": "<!doctype html><html><body>Masuk dulu</body></html>",
    "another root": "<katalog><item/></katalog>",
    "a root below": "<a><rss/></a>",
    "an unknown prefix": "<rss><channel><item><g:id>1</g:id></item></channel></rss>",
    "strange letters": '<?xml version="1.0" encoding="EBCDIC-CP-US"?><rss/>',
    "nothing": "",
    "blanks": "   ",
}


@pytest.mark.parametrize("body", INSIDE.values(), ids=INSIDE)
def test_what_is_no_feed_is_one_sentence(at: Callable[..., MerchantFeed], body: str) -> None:
    said = refused(at(body.encode()))
    assert said.startswith("umpan.xml")
    assert said.endswith(".")
    assert "root:" not in said


def test_size_has_an_end_packed_or_not(at: Callable[..., MerchantFeed], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "FEED_BYTES", 2_000_000)
    many = feed(*[item(id=str(number)) for number in range(10_000)])
    assert "lebih besar dari" in refused(at(many))
    bomb = gzip.compress(many)
    assert len(bomb) < 100_000
    assert "lebih besar dari" in refused(at(bomb))
    monkeypatch.setattr(reading, "ITEM_BYTES", 100_000)
    assert "satu produk lebih besar" in refused(at(feed(item(description="x" * 500_000))))
    assert "satu produk lebih besar" in refused(at(feed(b"<y/>" * 60_000)))


def test_gzip_is_known_by_its_bytes_and_by_its_end(at: Callable[..., MerchantFeed]) -> None:
    packed = gzip.compress(feed(item()))
    assert len(products(at(packed))) == 1
    half = len(feed(item())) // 2
    assert len(products(at(gzip.compress(feed(item())[:half]) + gzip.compress(feed(item())[half:]) + b"\0\0"))) == 1
    assert "terpotong" in refused(at(packed[:-9]))
    assert "gzip" in refused(at(packed[:20] + b"\xff" * 20 + packed[40:]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_letters_are_read_as_declared(at: Callable[..., MerchantFeed], encoding: str) -> None:
    body = feed(item(title="Kain café")).decode().replace('"1.0"?', f'"1.0" encoding="{encoding}"?')
    assert products(at(body.encode(encoding)))[0]["name"] == "Kain café"
    assert products(at(b"\xef\xbb\xbf\n " + feed(item(title="Kain café"))))[0]["name"] == "Kain café"


def test_a_broken_letter_costs_its_own_item(at: Callable[..., MerchantFeed]) -> None:
    source = at(feed(item(id="1"), item(id="2").replace(b"Kain", b"Ka\xffin"), item(id="3")))
    assert [raw["id"] for raw in products(source)] == ["1", "3"]
    assert [one.external_id for one in aside(source)] == ["2"]


def test_references_split_between_two_pieces_are_whole(
    at: Callable[..., MerchantFeed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "HEAD", 1)
    for size in (7, 11, 13):
        monkeypatch.setattr(text, "PIECE", size)
        assert products(at(feed(item(title="Kain &amp; &#233; &#x1F600;"))))[0]["name"] == "Kain & é 😀"
        assert len(aside(at(feed(item(title="Kain &#x1F;"))))) == 1
