"""Searching the gallery: every word counts, wildcards are letters, pages follow each other, prices in force decide."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from marketing.domain.product import Category
from tests.functional.web.gallery_visits import change_business, change_product, names, of_type, tags
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World, add_product


@pytest.fixture(name="reader")
def _reader(enter: Enter) -> Visit:
    return enter(signed_in=False)


def search(reader: Visit, words: str, **more: str) -> list[str]:
    rest = "".join(f"&{key}={quote(value)}" for key, value in more.items())
    return names(reader.page(f"/galeri/tts/cari?q={quote(words)}{rest}"))


def test_every_word_must_stand_somewhere(reader: Visit, world: World) -> None:
    first = add_product(world.app, 1, name="Selendang merah")
    add_product(world.app, 2, name="Selendang biru")
    change_business(world, first, name="Kelompok Nunkolo", domicile_kecamatan="Amanuban Timur")
    assert search(reader, "selendang") == ["Selendang merah", "Selendang biru"]
    assert search(reader, "SELENDANG nunkolo") == ["Selendang merah"]
    assert search(reader, "merah timur kerajinan tangan") == ["Selendang merah"]
    assert search(reader, "merah biru") == []


@pytest.mark.parametrize("wild", ["%", "_", "100%", "a_b", "\\", "' OR 1=1 --", "\0", "<script>"])
def test_signs_of_the_database_are_letters(reader: Visit, world: World, wild: str) -> None:
    add_product(world.app, 1, name="Sarung")
    page = reader.get(f"/galeri/tts/cari?q={quote(wild)}z")
    assert page.status_code == 200
    assert names(page.text) == []
    assert "<script>z" not in page.text


def test_a_percent_sign_finds_itself(reader: Visit, world: World) -> None:
    add_product(world.app, 1, name="Katun 100% asli")
    add_product(world.app, 2, name="Katun 1000 benang")
    assert search(reader, "100%") == ["Katun 100% asli"]


@pytest.mark.parametrize("typed", ["se'i", "Se’i", "SEʼI"])
def test_an_apostrophe_may_be_written_in_any_way(reader: Visit, world: World, typed: str) -> None:
    add_product(world.app, 1, name="Se’i sapi asap")
    add_product(world.app, 2, name="Sesuai")
    assert search(reader, typed) == ["Se’i sapi asap"]


def test_an_endless_search_is_cut_not_refused(reader: Visit, world: World) -> None:
    add_product(world.app, 1)
    assert reader.get(f"/galeri/tts/cari?q={'tenun+' * 1000}").status_code == 200


def test_category_kecamatan_and_order_narrow_and_sort(reader: Visit, world: World) -> None:
    cloth = add_product(world.app, 1, name="Sarung", category=Category.FESYEN, price=300_000)
    add_product(world.app, 2, name="Kendang", price=200_000)
    add_product(world.app, 3, name="Anyaman", price=100_000)
    change_business(world, cloth, domicile_kecamatan="Boking")
    assert names(reader.page("/galeri/tts/kategori/fesyen")) == ["Sarung"]
    assert search(reader, "", kecamatan="Boking") == ["Sarung"]
    assert search(reader, "", kategori="kerajinan", urut="nama") == ["Anyaman", "Kendang"]
    assert search(reader, "", urut="termurah") == ["Anyaman", "Kendang", "Sarung"]
    assert search(reader, "", urut="termahal") == ["Sarung", "Kendang", "Anyaman"]
    assert len(search(reader, "", kategori="tidak-ada", urut="'; DROP TABLE")) == 3
    assert reader.get("/galeri/tts/kategori/tidak-ada").status_code == 404


def test_the_price_in_force_decides_the_order(reader: Visit, world: World) -> None:
    dear = add_product(world.app, 1, name="Obral", price=900_000)
    add_product(world.app, 2, name="Biasa", price=500_000)
    ended = add_product(world.app, 3, name="Lewat", price=600_000)
    now = world.clock()

    def sale(price: int, start: int, end: int) -> dict[str, object]:
        days = (now + timedelta(days=start), now + timedelta(days=end))
        return {"price": price, "starts": days[0].isoformat(), "ends": days[1].isoformat()}

    change_product(world, dear, sale=sale(100_000, -1, 1))
    change_product(world, ended, sale=sale(50_000, -9, -2))
    assert search(reader, "", urut="termurah") == ["Obral", "Biasa", "Lewat"]


def test_pages_follow_each_other_and_their_addresses_stand(reader: Visit, world: World) -> None:
    for number in range(1, 51):
        add_product(world.app, number)
    base = "https://siar.example/galeri/tts/kategori/kerajinan"
    pages = [reader.page(f"/galeri/tts/kategori/kerajinan?halaman={number}&utm_source=siar") for number in (1, 2, 3)]
    seen = [name for page in pages for name in names(page)]
    assert len(seen) == len(set(seen)) == 50
    assert [len(names(page)) for page in pages] == [24, 24, 2]
    assert [next(tags(page, "rel", "canonical")) for page in pages] == [base, f"{base}?halaman=2", f"{base}?halaman=3"]
    assert [list(tags(page, "rel", "prev")) for page in pages] == [[], [base], [f"{base}?halaman=2"]]
    assert [list(tags(page, "rel", "next")) for page in pages] == [[f"{base}?halaman=2"], [f"{base}?halaman=3"], []]
    assert [of_type(page, "ItemList")["itemListElement"][0]["position"] for page in pages] == [1, 25, 49]
    assert "halaman 2 dari 3" in pages[1]
    for beyond in ("4", "1000000"):
        assert reader.get(f"/galeri/tts/kategori/kerajinan?halaman={beyond}").status_code == 404
    for odd in ("0", "-1", "x", "99999999999999999999"):
        assert reader.get(f"/galeri/tts/cari?halaman={odd}").status_code == 404


def test_numbers_are_of_what_is_shown(reader: Visit, world: World) -> None:
    products = [add_product(world.app, number) for number in (1, 2, 3)]
    change_product(world, products[0], verification_status="revoked")  # its decision is not made anew yet
    page = reader.page("/galeri/tts/cari")
    assert "2 produk" in page
    assert of_type(page, "ItemList")["numberOfItems"] == 2


def test_one_list_has_one_address(reader: Visit, world: World) -> None:
    add_product(world.app, 1)
    for given in ("?kategori=kerajinan", "?urut=terbaru&kategori=kerajinan&utm_medium=email&q="):
        page = reader.page(f"/galeri/tts/cari{given}")
        assert list(tags(page, "rel", "canonical")) == ["https://siar.example/galeri/tts/kategori/kerajinan"]
    found = reader.page("/galeri/tts/cari?urut=nama&q=tenun&gclid=1")
    assert list(tags(found, "rel", "canonical")) == ["https://siar.example/galeri/tts/cari?q=tenun&amp;urut=nama"]
    assert list(tags(found, "name", "robots")) == ["noindex, follow"]
    assert list(tags(page, "name", "robots")) == []


def test_nothing_found_says_what_to_do(reader: Visit, world: World) -> None:
    add_product(world.app, 1)
    page = reader.page("/galeri/tts/cari?q=zzz")
    assert "Tidak ada produk yang cocok" in page
    assert "0 produk" in page
