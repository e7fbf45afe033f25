"""What machines read of the gallery: schema.org, Open Graph, feeds; kept copies; the language of the reader."""

import json
import re

import pytest

from marketing.domain.types import ChannelName
from tests.functional.web.gallery_visits import DATA, change_business, change_product, of_type, said, tags
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World, add_product, promotion
from tests.unit.channels.test_structured_data import wrong

HOSTILE = '</script><script>alert(1)</script><!-- "\u2028 & <b>tebal</b>'


@pytest.fixture
def world(small_world: World) -> World:
    """On SQLite alone: test_gallery.py proves the statements on both engines."""
    return small_world


@pytest.fixture(name="reader")
def _reader(enter: Enter) -> Visit:
    return enter(signed_in=False)


@pytest.fixture(name="pages")
def _pages(reader: Visit, world: World) -> dict[str, str]:
    """Every kind of page, with a product whose words are hostile."""
    product = add_product(world.app, 1, name=HOSTILE)
    change_product(world, product, description=HOSTILE)
    business = change_business(world, product, name=HOSTILE, address=HOSTILE)
    world.run(world.approved(promotion(product, channels=(ChannelName.WEBSITE,))))
    addresses = {
        "all": "/galeri",
        "home": "/galeri/tts",
        "search": "/galeri/tts/cari?q=script",
        "category": "/galeri/tts/kategori/kerajinan",
        "product": f"/galeri/tts/produk/{product}",
        "business": f"/galeri/tts/usaha/{business}",
        "offer": f"/galeri/tts/promo/tts-{world.campaign(1).slug}",
    }
    return {name: reader.page(address) for name, address in addresses.items()}


def test_every_property_belongs_to_its_type(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        assert said(page), name
        assert wrong(said(page)) == [], name


def test_words_of_a_product_never_become_markup(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        assert "<script>alert" not in page, name
        assert "<b>" not in page, name
        scripts = re.findall(r"<script([^>]*)>", page)
        assert all("src=" in given or 'type="application/ld+json"' in given for given in scripts), name
    assert of_type(pages["product"], "Product")["name"] == HOSTILE
    assert all(json.loads(block)["@context"] == "https://schema.org" for block in DATA.findall(pages["product"]))


def test_a_product_names_its_offer_its_business_and_the_dinas(pages: dict[str, str]) -> None:
    page = pages["product"]
    product, offer = of_type(page, "Product"), of_type(page, "Product")["offers"]
    assert (offer["price"], offer["priceCurrency"]) == (100_000, "IDR")
    assert product["sku"] == "P-1"
    assert product["image"] == [f"https://siar.example/gambar/{'a' * 64}.jpg"]
    assert offer["seller"]["@id"] == of_type(page, "LocalBusiness")["@id"]
    assert of_type(page, "ItemPage")["publisher"]["@id"] == of_type(page, "GovernmentOrganization")["@id"]
    steps = of_type(page, "BreadcrumbList")["itemListElement"]
    assert [step["name"] for step in steps] == ["Galeri", "Kerajinan", HOSTILE]
    assert all(step["item"].startswith("https://siar.example/galeri/tts") for step in steps)


def test_every_page_has_an_absolute_address_a_title_and_words_for_sharing(pages: dict[str, str]) -> None:
    titles = set()
    for name, page in pages.items():
        canonical = list(tags(page, "rel", "canonical"))
        assert len(canonical) == 1, name
        assert canonical[0].startswith("https://siar.example/galeri"), name
        assert list(tags(page, "property", "og:url")) == canonical, name
        assert len(next(tags(page, "name", "description"))) > 10, name
        assert next(tags(page, "property", "og:title")), name
        assert all(address.startswith("https://") for address in tags(page, "property", "og:image")), name
        titles.add(re.search(r"<title>(.*?)</title>", page)[1])  # type: ignore[index]
    assert len(titles) == len(pages) - 1  # product and business carry the same hostile name
    assert next(tags(pages["product"], "property", "og:type")) == "product"
    assert next(tags(pages["product"], "name", "twitter:card")) == "summary_large_image"


@pytest.mark.parametrize(("page", "base"), [("home", "/galeri/tts"), ("category", "/galeri/tts/kategori/kerajinan")])
def test_a_page_names_its_own_feeds_and_they_answer(pages: dict[str, str], reader: Visit, page: str, base: str) -> None:
    feeds = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', pages[page])
    assert feeds == [
        ("application/rss+xml", f"{base}/umpan.rss"),
        ("application/atom+xml", f"{base}/umpan.atom"),
        ("application/feed+json", f"{base}/umpan.json"),
    ]
    for kind, address in feeds:
        answer = reader.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].startswith(kind), address


def test_who_holds_the_page_gets_304_until_it_changes(reader: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    for path in ("/galeri", "/galeri/tts", "/galeri/tts/cari", f"/galeri/tts/produk/{product}", "/galeri/tts/usaha/1"):
        first = reader.get(path)
        assert first.headers["cache-control"] == "public, max-age=60", path
        assert "cookie" in first.headers["vary"].lower(), path
        assert "set-cookie" not in first.headers, path
        again = reader.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["etag"] == first.headers["etag"], path
        assert reader.get(path, headers={"If-None-Match": '"lain"'}).status_code == 200, path
    held = reader.get("/galeri/tts").headers["etag"]
    change_product(world, product, verification_status="revoked")
    assert reader.get("/galeri/tts", headers={"If-None-Match": held}).status_code == 200


def test_a_page_that_is_gone_is_not_kept(reader: Visit) -> None:
    assert reader.get("/galeri/tts/produk/5").headers["cache-control"] == "no-store"


def test_a_reader_chooses_the_language_and_the_address_stays(reader: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    path = f"/galeri/tts/produk/{product}"
    before = reader.page(path)
    answer = reader.client.post("/galeri/tts/bahasa", data={"bahasa": "en", "kembali": path})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    after = reader.page(path)
    assert '<html lang="id"' in before
    assert '<html lang="en"' in after
    assert list(tags(after, "rel", "canonical")) == list(tags(before, "rel", "canonical"))
    assert next(tags(after, "property", "og:locale")) == "en_US"
    assert of_type(after, "ItemPage")["inLanguage"] == "en"


@pytest.mark.parametrize(
    "back", ["https://jahat.example", "//jahat.example", "/galeri/\\jahat", "/beranda", "/galeri/a\r\nX: y"]
)
def test_the_way_back_stays_in_the_gallery(reader: Visit, back: str) -> None:
    answer = reader.client.post("/galeri/tts/bahasa", data={"bahasa": "en", "kembali": back})
    assert answer.headers["location"] == "/galeri/tts"


def test_a_strange_site_does_not_choose_the_language(reader: Visit) -> None:
    answer = reader.client.post(
        "/galeri/tts/bahasa", data={"bahasa": "en", "kembali": ""}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert "set-cookie" not in answer.headers
    assert "set-cookie" not in reader.client.post("/galeri/tts/bahasa", data={"bahasa": "xx"}).headers


def test_a_first_visit_weighs_less_than_150_kb(pages: dict[str, str], reader: Visit) -> None:
    def weigh(address: str) -> int:
        return len(reader.get(address).content)

    for name, page in pages.items():
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        scripts = re.findall(r'<script type="module" src="([^"]+)"', page)
        assert sheets, name
        assert len(page.encode()) + sum(map(weigh, [*sheets, *scripts])) < 150_000, name


def test_head_is_answered_as_get_without_its_body(reader: Visit, world: World) -> None:
    add_product(world.app, 1)
    answer = reader.client.head("/galeri/tts")
    assert answer.status_code == 200
    assert answer.headers["etag"] == reader.get("/galeri/tts").headers["etag"]
