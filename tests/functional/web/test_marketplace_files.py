"""Marketplaces through HTTP: the page, the files, the two feeds and the shapes of pictures."""

import csv
import io
import re
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import update

from marketing.db.models import Business, Product, ProductImage
from marketing.domain.product import Category, VerificationStatus
from marketing.domain.types import Role
from marketing.products import listings
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World, add_product

PAGE = "/katalog/lokapasar"
MERCHANT, META = "/galeri/tts/merchant.xml", "/galeri/tts/meta.csv"
ID = "{http://base.google.com/ns/1.0}id"
LONG = "Tenun tangan dari benang kapas dengan pewarna alam."


def stock_shop(world: World, number: int = 3) -> list[int]:
    """Products that fit everywhere, but the last one has no weight."""
    ids = [add_product(world.app, each) for each in range(1, number + 1)]
    with world.app.database.write() as session:
        session.execute(update(Product).values(name="Selendang tenun ikat motif", description=LONG))
        session.execute(update(Product).where(Product.id == ids[-1]).values(weight_gram=None))
        session.execute(update(Business).values(domicile_kecamatan="Amanuban Selatan"))
    return ids


def change(world: World, row_id: int, **values: Any) -> None:
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == row_id).values(**values))


def merchant_ids(visit: Visit) -> list[str]:
    return [node.text or "" for node in etree.fromstring(visit.get(MERCHANT).content).iter(ID)]


def meta_rows(visit: Visit) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(visit.get(META).text, newline="")))


@pytest.mark.parametrize("role", [Role.MARKETER, Role.MANAGING_TEAM])
def test_the_page_says_how_many_fit_and_what_cures_the_rest(enter: Enter, world: World, role: Role) -> None:
    stock_shop(world)
    text = enter(role).page(PAGE)
    assert text.count("2 dari 3 produk memenuhi syarat") == 4
    assert "Berat belum diisi" in text
    assert "Isi berat beserta kemasannya dalam gram di katalog." in text
    assert "https://siar.example/galeri/tts/merchant.xml" in text
    assert f'href="{PAGE}/shopee.xlsx"' in text


@pytest.mark.parametrize("role", [Role.APPROVER, Role.HEAD, Role.COMPANION, Role.OPERATOR])
def test_others_are_not_let_in(enter: Enter, world: World, role: Role) -> None:
    visit = enter(role)
    assert visit.get(PAGE).status_code == 403
    assert visit.get(f"{PAGE}/shopee.xlsx").status_code == 403


def test_an_empty_catalogue_says_what_to_do(enter: Enter, world: World) -> None:
    visit = enter(Role.MARKETER)
    assert "Belum ada yang dapat diunggah" in visit.page(PAGE)
    assert visit.get(f"{PAGE}/lazada.xlsx").status_code == 200


@pytest.mark.parametrize("name", ["shopee", "tokopedia", "lazada", "blibli"])
def test_a_file_is_downloaded_and_opens(enter: Enter, world: World, name: str) -> None:
    stock_shop(world)
    answer = enter(Role.MARKETER).get(f"{PAGE}/{name}.xlsx")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}-tts-2026-11-22.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    assert [row[0] for row in book["Tidak ikut"].iter_rows(min_row=2, values_only=True)] == ["tts-P-3"]
    cells = [str(cell.value) for row in book["Template"].iter_rows() for cell in row]
    assert {"tts-P-1", "tts-P-2"} <= set(cells)


def test_a_file_that_nobody_knows_is_not_there(enter: Enter, world: World) -> None:
    visit = enter(Role.MARKETER)
    for name in ("bukalapak", "shopee.xlsx%2f..", "..%2fshopee"):
        assert visit.get(f"{PAGE}/{name}.xlsx").status_code == 404


def test_page_and_file_are_narrowed_alike(enter: Enter, world: World) -> None:
    ids = stock_shop(world)
    change(world, ids[0], category=Category.FESYEN)
    visit = enter(Role.MARKETER)
    assert "1 produk siap promosi" in visit.page(f"{PAGE}?kategori=fesyen")
    with world.app.database.read() as session:
        business = session.get_one(Product, ids[1]).business_id
    text = visit.page(f"{PAGE}?usaha={business}")
    assert "1 dari 1 produk memenuhi syarat" in text
    assert f"shopee.xlsx?usaha={business}" in text
    book = load_workbook(io.BytesIO(visit.get(f"{PAGE}/shopee.xlsx?usaha={business}").content))
    assert book["Template"].max_row == 7
    for strange in ("usaha=abc", f"usaha={'9' * 40}", "usaha=-1", "kategori=%00", "usaha=²", "kategori=tidak-ada"):
        assert "3 produk siap promosi" in visit.page(f"{PAGE}?{strange}")


def test_a_large_catalogue_is_counted_in_part(enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stock_shop(world)
    monkeypatch.setattr("marketing.web.routes.marketplace.COUNTED", 2)
    assert "dihitung dari 2 produk pertama" in enter(Role.MARKETER).page(PAGE)


def test_feeds_hold_every_product_over_many_batches(
    enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "BATCH", 2)
    stock_shop(world, 5)
    visit = enter(signed_in=False)
    assert merchant_ids(visit) == [f"tts-P-{number}" for number in range(1, 6)]
    assert [row["id"] for row in meta_rows(visit)] == merchant_ids(visit)
    answer = visit.get(MERCHANT)
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert "Amanuban Selatan, Kab. Timor Tengah Selatan" in answer.text
    assert "/galeri/tts/produk/" in answer.text


def test_what_the_gate_holds_now_is_in_no_feed_although_nobody_decided_again(enter: Enter, world: World) -> None:
    ids = stock_shop(world)
    visit = enter(signed_in=False)
    change(world, ids[0], verification_status=VerificationStatus.REVOKED)
    change(world, ids[1], stock=0)
    change(world, ids[2], deleted_at=world.clock())
    assert merchant_ids(visit) == []
    assert meta_rows(visit) == []


def test_a_reader_that_has_the_newest_gets_nothing_and_after_a_change_everything(enter: Enter, world: World) -> None:
    stock_shop(world)
    visit = enter(signed_in=False)
    for address in (MERCHANT, META):
        etag = visit.get(address).headers["etag"]
        assert etag.startswith('W/"')
        again = visit.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        world.clock.forward(days=1)  # a permit may have ended
        assert visit.get(address, headers={"If-None-Match": etag}).status_code == 200
        head = visit.client.head(address)
        assert (head.status_code, head.content) == (200, b"")


def test_feeds_of_an_unknown_place_are_not_there(enter: Enter, world: World) -> None:
    visit = enter(signed_in=False)
    assert visit.get("/galeri/entah/merchant.xml").status_code == 404
    assert visit.get("/galeri/entah/meta.csv").status_code == 404


def test_hostile_names_break_neither_feed_nor_page(enter: Enter, world: World) -> None:
    ids = stock_shop(world)
    name = '=1+1"</g:title><script>alert(1)</script>,\n\u202e&amp;'
    change(world, ids[0], name=name)
    change(world, ids[2], name=name)
    visit = enter(Role.MARKETER)
    assert len(merchant_ids(visit)) == 3
    assert not any(cell.startswith("=") for row in meta_rows(visit) for cell in row.values())
    assert "<script>alert(1)" not in visit.page(PAGE)


def test_two_catalogues_may_call_different_products_the_same(enter: Enter, world: World) -> None:
    ids = stock_shop(world)
    change(world, ids[1], source="kedua", external_id="P-1")
    found = merchant_ids(enter(signed_in=False))
    assert len(set(found)) == 3
    assert found[0] == "tts-P-1"
    assert re.fullmatch(r"tts\.x[0-9a-f]{32}", found[1])


def test_a_picture_has_its_shapes_for_ever_and_nothing_else_is_served(enter: Enter, world: World) -> None:
    folder = world.app.settings.picture_dir
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (900, 600), "white").save(folder / f"{'a' * 64}.jpg")
    (folder / "rahasia.persegi.jpg").write_bytes(b"rahasia")
    visit = enter(signed_in=False)
    for shape, size in (("persegi", (1080, 1080)), ("potret", (1080, 1350)), ("lanskap", (1200, 630))):
        answer = visit.get(f"/gambar/{'a' * 64}.{shape}.jpg")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        with Image.open(io.BytesIO(answer.content)) as made:
            assert made.size == size
    assert visit.client.head(f"/gambar/{'a' * 64}.persegi.jpg").status_code == 200
    assert visit.get(f"/gambar/{'a' * 64}.jpg").status_code == 200
    for name in (
        "rahasia.persegi",
        f"{'b' * 64}.persegi",
        f"{'a' * 64}.bulat",
        f"{'A' * 64}.persegi",
        "..%2fa.persegi",
    ):
        assert visit.get(f"/gambar/{name}.jpg").status_code == 404, name


def test_a_product_without_a_picture_of_ours_is_left_out(enter: Enter, world: World) -> None:
    ids = stock_shop(world)
    with world.app.database.write() as session:
        session.execute(update(ProductImage).where(ProductImage.product_id == ids[0]).values(sha256=None))
    visit = enter(Role.MARKETER)
    assert merchant_ids(visit) == ["tts-P-2", "tts-P-3"]
    assert "Belum ada foto" in visit.page(PAGE)
