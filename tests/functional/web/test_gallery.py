"""The public gallery: what it shows, what it never shows, and where old addresses lead."""

import re
from datetime import timedelta

import pytest

from marketing.db.models import Product, ProductImage
from marketing.domain.product import HalalStatus
from marketing.domain.types import ChannelName
from tests.functional.web.gallery_visits import change_business, change_product, names, of_type
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World, add_product, promotion


@pytest.fixture(name="reader")
def _reader(enter: Enter) -> Visit:
    return enter(signed_in=False)


def test_the_front_page_shows_categories_products_and_businesses(reader: Visit, world: World) -> None:
    for number in (1, 2, 3):
        add_product(world.app, number)
    add_product(world.app, 9, promotable=False, stock=0, name="Tertahan")
    page = reader.page("/galeri/tts")
    assert "3 produk dari 3 usaha" in page
    assert set(names(page)) == {"Tenun 1", "Tenun 2", "Tenun 3"}
    assert 'href="/galeri/tts/kategori/kerajinan"' in page
    assert re.findall(r'href="/galeri/tts/usaha/\d+">(Usaha \d)', page)
    assert "Tertahan" not in page
    assert "Usaha 9" not in page


def test_every_daerah_with_products_has_its_entry(reader: Visit, world: World) -> None:
    assert "Belum ada produk" in reader.page("/galeri")
    add_product(world.app, 1)
    page = reader.page("/galeri")
    assert 'href="/galeri/tts"' in page
    assert "/galeri/blitar" not in page
    assert reader.get("/galeri/bukan-daerah").status_code == 404


def test_a_product_page_has_the_three_parts_of_blitar_article_9(reader: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    business = change_business(
        world, product, marketplace_urls=["https://shopee.co.id/tenun", "javascript:alert(1)"], website=""
    )
    page = reader.page(f"/galeri/tts/produk/{product}")
    for name in ("Informasi produk", "Informasi pelaku usaha", "Cara memesan"):
        heading = re.search(rf'<section class="block" aria-labelledby="([a-z-]+)"><h2 id="\1">{name}</h2>', page)
        assert heading, name
    assert "Rp100.000" in page
    assert "Tersedia 5 lembar" in page
    assert "Diverifikasi Dinas Perindagkop UMKM TTS pada 22 November 2026" in page
    assert f'href="/galeri/tts/usaha/{business}"' in page
    assert "https://wa.me/6281200000001?text=Halo" in page
    assert "Beli di Shopee" in page
    assert "javascript:" not in page
    assert "https://wa.me/?text=Tenun%201" in page


def test_a_sale_names_the_price_before_and_its_last_day(reader: Visit, world: World) -> None:
    product, now = add_product(world.app, 1), world.clock()
    sale = {
        "price": 80_000,
        "starts": (now - timedelta(days=1)).isoformat(),
        "ends": (now + timedelta(days=9)).isoformat(),
    }
    change_product(world, product, sale=sale)
    page = reader.page(f"/galeri/tts/produk/{product}")
    assert "Rp80.000" in page
    assert re.search(r"<s [^>]*><span[^>]*>semula </span>Rp100.000</s>", page)
    assert "Harga ini berlaku sampai 1 Desember 2026." in page
    offer = of_type(page, "Product")["offers"]
    assert (offer["price"], offer["priceValidUntil"]) == (80_000, "2026-12-01")


def test_food_that_is_not_halal_says_so(reader: Visit, world: World) -> None:
    permit = {"type": "PIRT", "number": "2065302010123-29", "expires": "2029-12-31"}
    product = add_product(world.app, 1, category="makanan_olahan", halal_status=HalalStatus.NOT_HALAL, permits=[permit])
    page = reader.page(f"/galeri/tts/produk/{product}")
    assert re.search(r'class="not-halal">.*?Tidak halal', page, re.DOTALL)
    assert "2065302010123-29, berlaku sampai 31 Desember 2029" in page


def test_all_pictures_are_there_without_a_script(reader: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    with world.app.database.write() as session:
        row = session.get_one(Product, product)
        row.images.append(
            ProductImage(position=1, url="https://x.example/2.jpg", alt="Tepi", sha256="b" * 64, width=800, height=600)
        )
        row.images.append(ProductImage(position=2, url="https://x.example/3.jpg", alt="", sha256=None))
    page = reader.page(f"/galeri/tts/produk/{product}")
    assert re.findall(r'<figure class="shot" id="(gambar-\d)">', page) == ["gambar-1", "gambar-2"]
    assert 'href="#gambar-2"' in page
    assert re.search(r'alt="Tepi" width="800" height="600" loading="lazy"', page)
    assert "x.example" not in page


@pytest.mark.parametrize(
    "values",
    [{"stock": 0}, {"deleted_at": "now"}, {"verification_status": "revoked"}],
    ids=["held", "deleted", "revoked"],
)
def test_what_is_not_shown_looks_like_what_never_was(reader: Visit, world: World, values: dict[str, object]) -> None:
    """The last decision still says promotable: the gate is asked again for what is shown."""
    product = add_product(world.app, 1)
    change_product(world, product, **{key: world.clock() if value == "now" else value for key, value in values.items()})
    gone, unknown = reader.get(f"/galeri/tts/produk/{product}"), reader.get("/galeri/tts/produk/999999")
    assert gone.status_code == unknown.status_code == 404
    assert gone.text.replace(str(product), "") == unknown.text.replace("999999", "").replace(str(product), "")
    assert "Lihat semua produk" in gone.text
    for page in ("/galeri/tts", "/galeri/tts/cari", "/galeri/tts/kategori/kerajinan"):
        assert "Tenun 1" not in reader.get(page).text, page
    assert reader.get("/galeri/tts/usaha/1").status_code == 404


@pytest.mark.parametrize("odd", ["0", "-1", "1.0", "9" * 40, "satu", "1%00", "²"])
def test_an_odd_number_is_no_product(reader: Visit, world: World, odd: str) -> None:
    add_product(world.app, 1)
    assert reader.get(f"/galeri/tts/produk/{odd}").status_code == 404
    assert reader.get(f"/galeri/tts/usaha/{odd}").status_code == 404


def test_another_daerah_does_not_show_it(reader: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    assert reader.get(f"/galeri/blitar/produk/{product}").status_code == 404
    assert reader.get("/galeri/blitar/usaha/1").status_code == 404


def test_a_business_has_its_page_while_one_of_its_products_stands(reader: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    business = change_business(
        world, product, marketplace_urls=["https://www.tokopedia.com/a"], joined_group="Kelompok Tafen Kuan"
    )
    page = reader.page(f"/galeri/tts/usaha/{business}")
    for text in ("Usaha 1", "Kota Soe", "Kelompok Tafen Kuan", "Toko di Tokopedia", "+62 812-0000-0001", "Tenun 1"):
        assert text in page, text
    change_product(world, product, promotable=False, stock=0)
    assert reader.get(f"/galeri/tts/usaha/{business}").status_code == 404
    assert "nib" not in page.lower()


def test_an_offer_keeps_its_words_and_drops_what_lost_its_standing(reader: Visit, world: World) -> None:
    first, second = add_product(world.app, 1), add_product(world.app, 2)
    world.run(world.approved(promotion(first, second, channels=(ChannelName.WEBSITE,))))
    address = f"/galeri/tts/promo/tts-{world.campaign(1).slug}"
    assert set(names(reader.page(address))) == {"Tenun 1", "Tenun 2"}
    change_product(world, first, verification_status="revoked")
    page = reader.page(address)
    assert "Tiga tenun baru dari SoE." in page
    assert names(page) == ["Tenun 2"]
    assert reader.get(f"/galeri/blitar/promo/tts-{world.campaign(1).slug}").status_code == 404
    assert reader.get("/galeri/tts/promo/tidak-ada").status_code == 404


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/tts", "/galeri/tts"),
        ("/tts/produk/7?utm_source=siar", "/galeri/tts/produk/7?utm_source=siar"),
        ("/tts/promo/tts-a-b", "/galeri/tts/promo/tts-a-b"),
    ],
)
def test_old_addresses_lead_on_for_good(reader: Visit, old: str, new: str) -> None:
    answer = reader.get(old)
    assert (answer.status_code, answer.headers["location"]) == (308, new)


def test_an_old_address_of_nobody_leads_nowhere(reader: Visit) -> None:
    for path in ("/bukan-daerah", "/bukan-daerah/produk/1", "/tts/produk/abc"):
        assert reader.get(path).status_code == 404, path


def test_the_spotlight_turns_with_the_day_of_the_daerah(reader: Visit, world: World) -> None:
    for number in range(1, 11):
        add_product(world.app, number)

    def lit() -> set[str]:
        return set(
            re.findall(r'<h3><a class="product-link" href="/galeri/tts/usaha/(\d+)">', reader.page("/galeri/tts"))
        )

    seen, today = set(), lit()
    assert len(today) == 4
    assert lit() == today
    for _day in range(3):
        seen |= lit()
        world.clock.forward(days=1)
    assert len(seen) == 10


@pytest.mark.parametrize("path", ["/galeri/tts/promo/%00", "/galeri/tts/buletin/%00", "/galeri/tts/produk?q=a%00b"])
def test_an_address_that_no_database_can_hold_leads_nowhere(enter: Enter, path: str) -> None:
    answer = enter(signed_in=False).get(path)
    assert answer.status_code in {200, 404}
    assert "Ada yang salah di pihak kami" not in answer.text


def test_a_form_that_no_database_can_hold_is_refused_in_words(enter: Enter) -> None:
    visit = enter(signed_in=False)
    visit.page("/masuk")
    answer = visit.post("/masuk", {"email": "a\0b@x.example", "sandi": "kata sandi panjang"})
    assert answer.status_code < 500
