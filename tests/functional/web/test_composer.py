"""The composer keeps what was typed, says what is wrong where it is wrong, and counts people as the planner will."""

import re

import pytest
from sqlalchemy import select

from marketing.db.models import CampaignVersion, Product
from marketing.domain.types import ChannelName, Purpose, Role
from tests.functional.web.visits import Enter, typed
from tests.support.world import World, add_contact, add_product, promotion


def test_a_product_of_the_catalogue_comes_chosen(enter: Enter, world: World) -> None:
    product, other = add_product(world.app, 1), add_product(world.app, 2)
    page = enter(Role.MARKETER).page(f"/kampanye/susun?produk={product}")
    assert re.search(rf'name="produk" value="{product}" checked', page)
    assert re.search(rf'name="produk" value="{other}">', page)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"nama": " "}, "nama", "Beri nama kampanyenya."),
        ({"judul": ""}, "judul", "Judul masih kosong."),
        ({"teks": " "}, "teks", "Isi masih kosong."),
        ({"subjek": ""}, "subjek", "Subjek masih kosong."),
        ({"kanal": []}, "kanal", "Pilih paling sedikit satu kanal."),
        ({"kanal": ["burung"]}, "kanal", "Ada kanal yang tidak dikenal."),
        ({"produk": []}, "produk", "Pilih paling sedikit satu produk."),
        ({"produk": ["999999", "x", "9" * 40]}, "produk", "Ada produk yang tidak dikenal"),
        ({"jenis": "transactional"}, "jenis", "Pilih jenis surelnya."),
        ({"penerima": "kelompok:siapa"}, "penerima", "Pilih penerima dari daftar."),
        ({"tanggal": "kapan", "jam": "09:00"}, "tanggal", "Tanggal ini tidak dikenal."),
        ({"tanggal": "0001-01-01", "jam": "09:00"}, "tanggal", "Tahun ini tidak masuk akal."),
        ({"tanggal": "2026-11-23", "jam": ""}, "jam", "Isi jamnya juga."),
        ({"tanggal": "", "jam": ""}, "jam", "Tetapkan tanggal dan jam kirim"),
        ({"tanggal": "2026-11-21"}, "jam", "Jam kirim sudah lewat."),
    ],
)
def test_an_error_keeps_everything_typed(
    enter: Enter, world: World, changes: dict[str, str | list[str]], field: str, sentence: str
) -> None:
    product = add_product(world.app, 1)
    marketer = enter(Role.MARKETER)
    answer = marketer.post("/kampanye/susun", {**typed(product, **changes), "aksi": "ajukan"})
    assert answer.status_code == 422
    assert f'<a href="#{field}">{sentence}' in answer.text
    given = {**typed(product), **changes}
    for name in ("nama", "judul", "subjek", "ringkas", "tanggal", "jam"):
        assert f'name="{name}"' in answer.text
        assert f'value="{given[name]}"' in answer.text, name
    if given["teks"].strip():
        assert "Tiga tenun baru.\n\nPesan langsung.</textarea>" in answer.text
    assert (f'value="{product}" checked' in answer.text) is (str(product) in given["produk"])
    assert 'href="/kampanye/' not in marketer.page("/kampanye?keadaan=draft").split("<main")[1].split("toolbar")[1]


def test_a_held_product_is_refused_with_its_article(enter: Enter, world: World) -> None:
    held = add_product(world.app, 1, stock=0)
    answer = enter(Role.MARKETER).post("/kampanye/susun", {**typed(held), "aksi": "ajukan"})
    assert answer.status_code == 422
    assert "belum boleh dipromosikan" in answer.text
    assert "Perbup" in answer.text


def test_a_draft_may_go_without_an_hour_and_shows_its_previews(enter: Enter, world: World) -> None:
    product = add_product(world.app, 1)
    marketer = enter(Role.MARKETER)
    content = typed(product, tanggal="", jam="", kanal=["email", "facebook"])
    place = marketer.act("/kampanye/susun", {**content, "aksi": "simpan"})
    page = marketer.page(place)
    assert "Draf tersimpan." in page
    assert 'id="panel-facebook"' in page
    frame = re.search(r'<iframe src="(/kampanye/\d+/pratinjau\.html)" sandbox="([^"]*)"', page)
    assert frame
    assert "allow-scripts" not in frame[2]
    shown = marketer.get(frame[1])
    assert "sandbox" in shown.headers["content-security-policy"]
    assert '<base target="_blank">' in shown.text
    assert "Nama Penerima" in shown.text


def test_searching_keeps_the_choice_and_saves_nothing(enter: Enter, world: World) -> None:
    chosen, found, other = (add_product(world.app, number) for number in (1, 2, 3))
    marketer = enter(Role.MARKETER)
    answer = marketer.post("/kampanye/susun", {**typed(chosen), "cari": "usaha 2", "aksi": "cari"})
    assert answer.status_code == 200
    assert f'value="{chosen}" checked' in answer.text
    assert f'name="produk" value="{found}"' in answer.text
    assert f'name="produk" value="{other}"' not in answer.text
    assert "Tenun pekan ini" not in marketer.page("/kampanye")


def test_least_shown_products_come_first(enter: Enter, world: World) -> None:
    shown, fresh = add_product(world.app, 1), add_product(world.app, 2)
    world.run(world.approved(promotion(shown, channels=(ChannelName.WEBSITE,))))
    page = enter(Role.MARKETER).page("/kampanye/susun")
    assert page.index(f'name="produk" value="{fresh}"') < page.index(f'name="produk" value="{shown}"')
    assert "tampil 1 kali" in page


def test_the_count_is_what_the_planner_will_do(enter: Enter, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    add_contact(world.app, 2, Purpose.PROMOTIONAL)
    add_contact(world.app, 3)
    add_contact(world.app, 4, Purpose.PROMOTIONAL, email=None)
    add_contact(world.app, 5, Purpose.PROMOTIONAL, tenant="blitar", email="lain@surat.example")
    marketer = enter(Role.MARKETER)
    part = marketer.page("/kampanye/penerima?jenis=promotional&penerima=semua&produk=1")
    assert "<output>2</output>" in part
    assert "2 orang dilewati" in part
    assert "Belum menyetujui jenis surat ini" in part
    counted = marketer.post("/kampanye/susun", {**typed(), "aksi": "hitung"})
    assert "<output>2</output>" in counted.text
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.run(campaign)
    ledger = world.ledger(campaign)
    assert (ledger.sent, ledger.audience) == (2, 4)


def test_the_count_of_a_group(enter: Enter, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    marketer = enter(Role.MARKETER)
    for group, number in (("kelompok:masyarakat", 1), ("kelompok:penyedia", 0), ("topik:kerajinan", 0)):
        assert f"<output>{number}</output>" in marketer.page(f"/kampanye/penerima?jenis=promotional&penerima={group}")
    for wrong in ("jenis=transactional&penerima=semua", "jenis=promotional&penerima=topik:apa"):
        assert marketer.get(f"/kampanye/penerima?{wrong}").status_code == 422


def test_a_standing_draft_is_edited_with_what_it_has(enter: Enter, world: World) -> None:
    product = add_product(world.app, 1)
    marketer = enter(Role.MARKETER)
    place = marketer.act("/kampanye/susun", {**typed(product, penerima="topik:kerajinan"), "aksi": "simpan"})
    path = place.partition("?")[0]
    page = marketer.page(path)
    for text in ('value="Tenun pekan ini"', 'value="2026-11-22"', 'value="09:00"', 'value="topik:kerajinan" checked'):
        assert text in page
    assert marketer.act(path, {**typed(product, nama="Nama lain"), "aksi": "ajukan"}).endswith("?kabar=diajukan")
    assert "Nama lain" in marketer.page("/kampanye?keadaan=in_review")


def test_what_went_out_is_not_edited(enter: Enter, world: World) -> None:
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.run(campaign)
    marketer = enter(Role.MARKETER)
    assert marketer.get(f"/kampanye/{campaign}/susun").status_code == 403
    assert marketer.post(f"/kampanye/{campaign}/susun", {**typed(1), "aksi": "simpan"}).status_code == 403


def test_bundles_alone_become_a_mail_of_bundles(enter: Enter, world: World) -> None:
    part = {"product_id": "P-1", "quantity": 2}
    single, bundle = add_product(world.app, 1), add_product(world.app, 2)
    with world.app.database.write() as session:
        session.get_one(Product, bundle).bundle_of = [part]
    marketer = enter(Role.MARKETER)
    for product in (bundle, single):
        assert marketer.post("/kampanye/susun", {**typed(product), "aksi": "simpan"}).status_code == 303
    with world.app.database.read() as session:
        contents = session.scalars(select(CampaignVersion.content).order_by(CampaignVersion.id)).all()
    assert [content["variant"] for content in contents] == ["paket", "produk_baru"]
