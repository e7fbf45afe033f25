"""Newsletters written block by block through the form, as a browser without scripts would."""

import re

import pytest

from marketing.db.models import CampaignVersion
from marketing.domain.newsletter import Article, Happening, MarketNote, Shelf
from marketing.domain.types import Purpose, Role
from tests.functional.web.newsletters import newsletter, number_in, saved
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World, add_contact, add_product


def order_of(page: str) -> list[str]:
    """Return the keys of the blocks as they stand in the form, those of the blank copies left out."""
    return re.findall(r'name="blok" value="([1-9]\d*)"', page)


@pytest.fixture
def world(small_world: World) -> World:
    """Forms ask no engine anything of its own; the way to the mail is on both (test_newsletter_path.py)."""
    return small_world


@pytest.fixture
def marketer(enter: Enter) -> Visit:
    return enter(Role.MARKETER)


def test_blocks_are_kept_in_order_and_shown_again(marketer: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    campaign = number_in(marketer.act("/kampanye/susun", {**newsletter(product), "aksi": "simpan"}))
    content = saved(world, campaign)
    assert content.blocks == (
        Article("Memotret dengan ponsel", "Dekat jendela.\n\nTiga gambar."),
        MarketNote("Kemiri kupas, per kg", "Rp38.000", "Pantauan Pasar Inpres SoE", "2026-11-20"),
        Happening("Pasar UMKM", "Alun-alun SoE", "2026-12-12", "08:00"),
    )
    assert content.archived
    page = marketer.page(f"/kampanye/{campaign}/susun")
    assert 'name="blok-3-tempat" type="text" value="Alun-alun SoE"' in page
    preview = marketer.page(f"/kampanye/{campaign}/pratinjau.html")
    for text in ("Dalam edisi ini", "Memotret dengan ponsel", "Pantauan Pasar Inpres SoE, 20 November 2026"):
        assert text in preview
    assert "Sabtu, 12 Desember 2026, pukul 08.00 WITA" in preview


ACTS = {
    "naik:2": ["2", "1", "3"],
    "turun:2": ["1", "3", "2"],
    "naik:1": ["1", "2", "3"],
    "turun:3": ["1", "2", "3"],
    "buang:1": ["2", "3"],
    "tambah:article": ["1", "2", "3", "4"],
    "tambah:products": ["1", "2", "3", "4"],
    "tambah:apa-saja": ["1", "2", "3"],
    "naik:99": ["1", "2", "3"],
    "cari": ["1", "2", "3"],
}


def test_a_button_arranges_the_blocks_and_loses_nothing(marketer: Visit) -> None:
    wrong = newsletter(**{"blok-3-tanggal": "2026-13-45", "blok-2-sumber": "<b>Pasar</b>"})
    for act, order in ACTS.items():
        answer = marketer.post("/kampanye/susun", {**wrong, "aksi": act})
        assert answer.status_code == 200, act
        assert order_of(answer.text) == order, act
        for text in ('value="2026-13-45"', "&lt;b&gt;Pasar&lt;/b&gt;", "Alun-alun SoE"):
            assert text in answer.text
    assert "Tenun pekan ini" not in marketer.page("/kampanye")


def test_too_few_products_make_no_market(marketer: Visit, world: World) -> None:
    add_product(world.app, 1)
    for measure in ("harga:kerajinan", "harga:apa", "harga", "", "baru:1"):
        answer = marketer.post("/kampanye/susun", {**newsletter(), "angka": measure, "aksi": "tambah:katalog"})
        assert order_of(answer.text) == ["1", "2", "3"]
        assert "Katalog belum cukup berisi" in answer.text
        forged = newsletter(**{"blok-2-ukuran": measure or "tak-ada"})
        assert marketer.post("/kampanye/susun", {**forged, "aksi": "simpan"}).status_code == 422


WRONG = (
    ("blok-1-tautan", "javascript:alert(1)", "Tautan harus berupa alamat lengkap"),
    ("blok-1-tautan", "data:text/html,<script>", "Tautan harus berupa alamat lengkap"),
    ("blok-1-isi", "x" * 100_000, "Paling panjang 4000 huruf"),
    ("blok-2-tanggal", "2026-02-30", "Tanggal ini tidak ada di kalender"),
    ("blok-3-jam", "25:00", "Tulis jam seperti 09:00"),
)


def test_what_is_wrong_is_told_at_its_field(marketer: Visit) -> None:
    for field, value, sentence in WRONG:
        answer = marketer.post("/kampanye/susun", {**newsletter(**{field: value}), "aksi": "simpan"})
        assert answer.status_code == 422
        assert f'<a href="#{field}">{sentence}' in answer.text
        assert f'id="{field}-salah"' in answer.text


def test_a_draft_may_lack_words_that_sending_needs(marketer: Visit, world: World) -> None:
    gap = newsletter(**{"blok-1-judul": "", "blok-2-sumber": ""})
    refused = marketer.post("/kampanye/susun", {**gap, "aksi": "ajukan"})
    assert refused.status_code == 422
    for field in ("blok-1-judul", "blok-2-sumber"):
        assert f'<a href="#{field}">' in refused.text
    campaign = number_in(marketer.act("/kampanye/susun", {**gap, "aksi": "simpan"}))
    answer = marketer.post(f"/kampanye/{campaign}/ajukan")
    assert answer.status_code == 422
    assert "Tulis judul artikelnya" in answer.text


def test_hostile_words_stay_words(marketer: Visit, world: World) -> None:
    evil = newsletter(
        **{
            "blok-1-judul": "<script>alert(1)</script>\r\nBcc: semua@surat.example \u202emoc",
            "blok-1-isi": "</td></table><img src=x onerror=alert(1)> {{ 7 * 7 }} {% raw %}\0",
            "blok-3-judul": "مرحبا بكم",
        }
    )
    campaign = number_in(marketer.act("/kampanye/susun", {**evil, "aksi": "simpan"}))
    article, _note, event = saved(world, campaign).blocks
    assert isinstance(article, Article)
    assert article.title == "<script>alert(1)</script> Bcc: semua@surat.example moc"
    assert isinstance(event, Happening)
    assert event.title == "مرحبا بكم"
    for page in (f"/kampanye/{campaign}/pratinjau.html", f"/kampanye/{campaign}/susun", f"/kampanye/{campaign}"):
        shown = marketer.page(page)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "49" not in re.findall(r"onerror=alert\(1\)&gt; (\S+)", shown)


def test_no_more_than_twenty_blocks_and_one_place_for_products(marketer: Visit) -> None:
    keys = [str(number) for number in range(1, 22)]
    many = newsletter(blok=keys) | {f"blok-{key}-jenis": "products" for key in keys}
    answer = marketer.post("/kampanye/susun", {**many, "aksi": "simpan"})
    assert answer.status_code == 422
    assert "Paling banyak 20 bagian" in answer.text
    assert "Tempat produk cukup satu" in answer.text
    full = newsletter(blok=keys[:20]) | {f"blok-{key}-jenis": "article" for key in keys[:20]}
    more = marketer.post("/kampanye/susun", {**full, "aksi": "tambah:article"})
    assert len(order_of(more.text)) == 20


def test_blocks_belong_to_newsletters(marketer: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    answer = marketer.post("/kampanye/susun", {**newsletter(product, jenis="promotional"), "aksi": "simpan"})
    assert answer.status_code == 422
    assert "Bagian buletin hanya untuk buletin dan sosialisasi" in answer.text
    assert "Memotret dengan ponsel" in answer.text


def test_an_article_takes_its_picture_from_a_chosen_product(marketer: Visit, world: World) -> None:
    chosen, other = add_product(world.app, 1), add_product(world.app, 2)
    fine = newsletter(chosen, **{"blok-1-gambar": str(chosen)})
    campaign = number_in(marketer.act("/kampanye/susun", {**fine, "aksi": "simpan"}))
    assert f"/gambar/{'a' * 64}" in marketer.page(f"/kampanye/{campaign}/pratinjau.html")
    refused = marketer.post("/kampanye/susun", {**fine, "blok-1-gambar": str(other), "aksi": "simpan"})
    assert refused.status_code == 422
    assert "Gambar artikel diambil dari produk yang dipilih" in refused.text


def test_versions_from_before_there_were_blocks_can_still_be_read(marketer: Visit, world: World) -> None:
    add_contact(world.app, 1, Purpose.NEWSLETTER)
    product = add_product(world.app, 1)
    campaign = number_in(marketer.act("/kampanye/susun", {**newsletter(product, blok=[]), "aksi": "simpan"}))
    with world.app.database.write() as session:
        version = session.query(CampaignVersion).filter_by(campaign_id=campaign).one()
        version.content = {name: value for name, value in version.content.items() if name not in ("blocks", "archived")}
    assert saved(world, campaign).blocks == ()
    assert not saved(world, campaign).archived
    page = marketer.page(f"/kampanye/{campaign}/pratinjau.html")
    assert "Tenun 1" in page
    assert Shelf() not in saved(world, campaign).blocks
