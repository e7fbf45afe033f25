"""Newsletters and their edition for businesses from the form to the mail, on either engine."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from marketing.contacts.unsubscribe import Scope
from marketing.db.models import CampaignVersion, Contact
from marketing.domain.campaign import CampaignState
from marketing.domain.message import MessageState
from marketing.domain.newsletter import MarketNote
from marketing.domain.types import BuyerKind, Purpose, Role
from tests.functional.web.newsletters import Form, newsletter, number_in, saved
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World, add_contact, add_product, messages


@pytest.fixture
def marketer(enter: Enter) -> Visit:
    return enter(Role.MARKETER)


def business(world: World, number: int, kind: BuyerKind = BuyerKind.PELAKU_UMKM) -> int:
    """Add a registered business that never consented to anything."""
    contact_id = add_contact(world.app, number)
    with world.app.database.write() as session:
        session.get_one(Contact, contact_id).kind = kind
    return contact_id


def outreach(**changes: str) -> Form:
    return newsletter(jenis="sosialisasi", judul="Kabar program", **changes)


def sent(enter: Enter, world: World, form: Form) -> int:
    """Take a campaign from the form to the last mail; return its number."""
    campaign = number_in(enter(Role.MARKETER).act("/kampanye/susun", {**form, "aksi": "ajukan"}))
    enter(Role.APPROVER).act(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    world.run(campaign)
    return campaign


def test_sosialisasi_goes_to_registered_businesses_alone(enter: Enter, world: World) -> None:
    umkm, provider = business(world, 1), business(world, 2, BuyerKind.PENYEDIA)
    add_contact(world.app, 3, Purpose.NEWSLETTER, Purpose.PROMOTIONAL)
    objecting = business(world, 4)
    world.withdraw(objecting, Purpose.SOSIALISASI)
    marketer = enter(Role.MARKETER)
    counted = marketer.page("/kampanye/penerima?jenis=sosialisasi&penerima=semua")
    assert "<output>2</output>" in counted
    campaign = sent(enter, world, outreach())
    assert world.campaign(campaign).state is CampaignState.SENT
    states = {row.contact_id: (row.state, row.reason) for row in messages(world)}
    assert states == {
        umkm: (MessageState.ACCEPTED, ""),
        provider: (MessageState.ACCEPTED, ""),
        objecting: (MessageState.SKIPPED, "withdrawn"),
    }
    mail = world.outbox.sent[0]
    for part in (mail.html, mail.text):
        assert "Perbup TTS 17/2025 Ps. 6(1)c; UU 27/2022 Ps. 20(2)e" in part
        assert "Anda berhak berkeberatan" in part
        assert "Lihat produk" not in part
        assert "Memotret dengan ponsel" in part
    assert mail.list_id.startswith("sosialisasi.tts.")
    page = marketer.page(f"/kampanye/{campaign}")
    for text in ("Sosialisasi UMKM", "Semua pelaku UMKM dan penyedia terdaftar yang tidak berkeberatan"):
        assert text in page
    listed = marketer.page(f"/kotak-keluar/surat?kampanye={campaign}&keadaan=accepted")
    number = re.search(r"/kotak-keluar/surat/(\d+)", listed)
    assert number
    assert "Tugas Dinas terhadap usaha terdaftar" in marketer.page(number[0])


def test_what_promotes_does_not_leave_as_sosialisasi_even_if_it_was_approved_somehow(
    enter: Enter, world: World
) -> None:
    business(world, 1)
    campaign = number_in(enter(Role.MARKETER).act("/kampanye/susun", {**outreach(), "aksi": "ajukan"}))
    enter(Role.APPROVER).act(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    product = add_product(world.app, 1)
    with world.app.database.write() as session:
        version = session.scalars(select(CampaignVersion).where(CampaignVersion.campaign_id == campaign)).one()
        version.content = {**version.content, "product_ids": [product]}
    world.run(campaign)
    assert [(row.state, row.reason) for row in messages(world)] == [(MessageState.SKIPPED, "no_consent")]
    assert world.outbox.sent == []


def test_whoever_objects_leaves_sosialisasi_and_keeps_the_newsletter(enter: Enter, world: World) -> None:
    person = business(world, 1)
    sent(enter, world, outreach())
    mail = world.outbox.sent[0]
    reader = enter(signed_in=False)
    found = re.search(r"https://siar\.example(/m/[^\"]+)", mail.html)
    assert found
    why = reader.page(found[1])
    assert "UU 27/2022 Ps. 20(2)e" in why
    assert "sosialisasi adalah tugas Dinas" in why
    leave = mail.unsubscribe_url.removeprefix("https://siar.example")
    assert "sosialisasi bagi pelaku UMKM" in reader.page(leave)
    assert reader.post(leave, {"lingkup": Scope.PURPOSE}).status_code == 200
    sent(enter, world, outreach(nama="Edisi dua"))
    assert [row.state for row in messages(world)] == [MessageState.ACCEPTED, MessageState.SKIPPED]
    world.clock.forward(days=40)
    with world.app.database.read() as session:
        assert session.get_one(Contact, person).erased_at is None


def test_leaving_the_newsletter_stops_no_sosialisasi_on_its_way(enter: Enter, world: World) -> None:
    person = business(world, 1)
    marketer = enter(Role.MARKETER)
    campaign = number_in(marketer.act("/kampanye/susun", {**outreach(), "aksi": "ajukan"}))
    enter(Role.APPROVER).act(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    world.app.planner.start(campaign)
    world.withdraw(person, Purpose.NEWSLETTER)
    assert [row.state for row in messages(world)] == [MessageState.QUEUED]
    world.withdraw(person, Purpose.SOSIALISASI)
    assert [row.state for row in messages(world)] == [MessageState.SKIPPED]


REFUSED: tuple[tuple[Form, str], ...] = (
    ({"blok-1-isi": "Lihat https://siar.example/galeri/tts/produk/1"}, "Sosialisasi tidak memuat produk"),
    ({"penerima": "kelompok:masyarakat"}, "hanya untuk pelaku UMKM dan penyedia"),
    ({"kanal": ["email", "website"]}, "dikirim kepada orangnya"),
    ({"produk": ["1"]}, "Sosialisasi tidak memuat produk"),
)


def test_sosialisasi_promotes_nothing_and_reaches_nobody_else(marketer: Visit, world: World) -> None:
    assert add_product(world.app, 1) == 1
    for changes, sentence in REFUSED:
        answer = marketer.post("/kampanye/susun", {**outreach(), **changes, "aksi": "simpan"})
        assert answer.status_code == 422
        assert sentence in answer.text


def test_the_newsletter_counts_clicks_in_articles_and_is_read_in_the_browser(enter: Enter, world: World) -> None:
    product = add_product(world.app, 1)
    add_contact(world.app, 1, Purpose.NEWSLETTER)
    link = "https://oss.example/nib?a=1&b=2"
    sent(enter, world, newsletter(product, **{"blok-1-tautan": link, "blok-1-isi": "Satu.\n\nDua."}))
    (mail,) = world.outbox.sent
    assert "oss.example" not in mail.html
    reader = enter(signed_in=False)
    tracked = re.search(r"selengkapnya: https://siar\.example(/k/\S+)", mail.text)
    assert tracked
    assert reader.get(tracked[1]).headers["location"] == link
    shown = re.search(r"https://siar\.example(/w/[^\"]+)", mail.html)
    assert shown
    page = reader.page(shown[1])
    for text in ("Memotret dengan ponsel", "Kemiri kupas, per kg", "Tenun 1", "Alun-alun SoE"):
        assert text in page


def test_a_figure_of_the_catalogue_is_counted_by_us(marketer: Visit, world: World) -> None:
    for number in (1, 2, 3):
        add_product(world.app, number)
    added = marketer.post("/kampanye/susun", {**newsletter(), "angka": "harga:kerajinan", "aksi": "tambah:katalog"})
    assert "Rp100.000–Rp300.000 (3 produk dari 3 usaha)" in added.text
    forged = newsletter(blok=["4"]) | {
        "blok-4-jenis": "market",
        "blok-4-label": "Harga emas",
        "blok-4-nilai": "Rp1",
        "blok-4-sumber": "Katalog",
        "blok-4-tanggal": "2020-01-01",
        "blok-4-ukuran": "harga:kerajinan",
    }
    campaign = number_in(marketer.act("/kampanye/susun", {**forged, "aksi": "simpan"}))
    (note,) = saved(world, campaign).blocks
    assert note == MarketNote(
        "Kisaran harga kerajinan",
        "Rp100.000–Rp300.000 (3 produk dari 3 usaha)",
        "Katalog Dinas Perindagkop UMKM TTS",
        "2026-11-22",
        "harga:kerajinan",
    )


def test_two_editors_do_not_overwrite_each_other_unknowingly(enter: Enter, marketer: Visit, world: World) -> None:
    campaign = number_in(marketer.act("/kampanye/susun", {**newsletter(), "aksi": "simpan"}))
    path = f"/kampanye/{campaign}/susun"
    assert 'name="versi" value="1"' in marketer.page(path)
    marketer.act(path, {**newsletter(judul="Dari yang pertama"), "versi": "1", "aksi": "simpan"})
    late = {**newsletter(judul="Dari yang kedua"), "versi": "1", "aksi": "simpan"}
    answer = marketer.post(path, late)
    assert answer.status_code == 409
    assert "menyimpan versi 2 sejak Anda membuka draf ini" in answer.text
    assert "Dari yang kedua" in answer.text
    assert saved(world, campaign).headline == "Dari yang pertama"
    marketer.act(path, {**late, "versi": "2"})
    assert saved(world, campaign).headline == "Dari yang kedua"


def test_two_editors_at_the_same_moment_and_one_is_told(enter: Enter, world: World) -> None:
    campaign = number_in(enter(Role.MARKETER).act("/kampanye/susun", {**newsletter(), "aksi": "simpan"}))
    editors = [enter(Role.MARKETER), enter(Role.MARKETER)]
    path, form = f"/kampanye/{campaign}/susun", {**newsletter(), "versi": "1", "aksi": "simpan"}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda visit: visit.post(path, form).status_code, editors))
    assert sorted(answers) == [303, 409]
    assert world.campaign(campaign).version == 2
