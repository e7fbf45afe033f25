"""The outbox: found by name and subject, shown as it arrived without counting us as readers."""

import re

from sqlalchemy import func, select

from marketing.channels.email.mime import build_mime
from marketing.contacts.unsubscribe import Scope, unsubscribe
from marketing.db.models import Event, Post
from marketing.domain.types import ChannelName, Purpose, Role
from tests.functional.web.visits import Enter
from tests.support.world import World, add_contact, add_product, promotion

HOSTILE = "<script>alert('x')</script>"


def went_out(world: World, *, channels: tuple[ChannelName, ...] = (ChannelName.EMAIL,), **changes: object) -> int:
    add_contact(world.app, 1, Purpose.PROMOTIONAL, Purpose.ENGAGEMENT_TRACKING)
    campaign = world.approved(promotion(add_product(world.app, 1), channels=channels, **changes))
    world.run(campaign)
    return campaign


def test_mails_are_found_by_person_subject_and_filter(enter: Enter, world: World) -> None:
    campaign = went_out(world, subject="Kabar 50% dari SoE")
    visit = enter(Role.MARKETER)
    for query, found in (
        ("q=orang+1", True),
        ("q=ORANG1%40surat", True),
        ("q=kabar+soe", True),
        ("q=50%25", True),
        ("q=50_", False),
        ("q=siapa", False),
        ("keadaan=accepted&jenis=promotional", True),
        ("keadaan=failed", False),
        ("jenis=newsletter", False),
        (f"kampanye={campaign}", True),
        ("kampanye=999", False),
        ("halaman=2", False),
    ):
        text = visit.page(f"/kotak-keluar/surat?{query}")
        assert ('href="/kotak-keluar/surat/1"' in text) is found, query


def test_what_may_be_an_address_is_searched_without_standing_in_one_of_ours(enter: Enter, world: World) -> None:
    went_out(world)
    visit = enter(Role.MARKETER)
    assert 'method="post"' in visit.page("/kotak-keluar/surat").partition('role="search"')[2][:120]
    for typed, hit in (("orang1@surat.example", True), ("orang1@", True), ("0812 3456 7", False), ("lain@x", False)):
        answer = visit.post("/kotak-keluar/surat/cari", {"q": typed, "keadaan": "accepted"})
        assert answer.status_code == 200, typed
        assert ('href="/kotak-keluar/surat/1"' in answer.text) is hit, typed
        assert f"q={typed[:4]}" not in answer.text
    assert visit.act("/kotak-keluar/surat/cari", {"q": "tenun 50%", "jenis": "promotional"}) == (
        "/kotak-keluar/surat?q=tenun+50%25&jenis=promotional"
    )


def test_a_mail_is_shown_as_it_arrived(enter: Enter, world: World) -> None:
    went_out(world)
    folder = world.app.settings.inbox_dir
    folder.mkdir(parents=True)
    from hashlib import sha256

    email = world.outbox.sent[0]
    raw = build_mime(email, date=world.clock()).replace(b"Tiga tenun baru", b"Persis yang tiba")
    (folder / f"{sha256(email.message_id.encode()).hexdigest()}.eml").write_bytes(raw)
    visit = enter(Role.MARKETER)
    assert "Persis yang tiba" in visit.page("/kotak-keluar/surat/1/isi.html")
    page = visit.page("/kotak-keluar/surat/1")
    assert "Persis yang tiba" in page
    assert "List-Unsubscribe-Post" in page


def test_our_own_view_is_not_counted_as_a_reader(enter: Enter, world: World) -> None:
    went_out(world)
    text = enter(Role.MARKETER).page("/kotak-keluar/surat/1/isi.html")
    assert "https://siar.example/b/" not in text
    assert "https://siar.example/k/" not in text
    assert "https://siar.example/galeri/tts/produk/" in text
    assert "data:image/gif" in text


def test_a_skipped_mail_says_why_and_shows_no_body(enter: Enter, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    product = add_product(world.app, 1)
    world.run(world.approved(promotion(product)))
    with world.app.database.write() as session:
        unsubscribe(session, 1, Scope.PURPOSE, source="halaman", now=world.clock())
    world.run(world.approved(promotion(product)))
    visit = enter(Role.APPROVER)
    page = visit.page("/kotak-keluar/surat/2")
    assert "Mengapa tidak dikirim" in page
    assert "UU 27/2022 Ps. 40" in page
    assert "Menarik persetujuan promosi pada 22 November 2026 lewat halaman." in page
    assert visit.get("/kotak-keluar/surat/2/isi.html").status_code == 404
    events = visit.page("/kotak-keluar/surat/1")
    assert "Berhenti berlangganan" in events


def test_hostile_text_stays_text_everywhere(enter: Enter, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    product = add_product(world.app, 1, name=f"Tenun {HOSTILE}")
    add_product(world.app, 2, name=f"Ditahan {HOSTILE}", stock=0, promotable=False)
    every = (ChannelName.EMAIL, ChannelName.WEBSITE, ChannelName.FACEBOOK, ChannelName.WHATSAPP, ChannelName.TIKTOK)
    content = promotion(product, channels=every, subject=HOSTILE, headline=HOSTILE, body=f"{HOSTILE} {{{{ 7*7 }}}}")
    campaign = world.approved(content)
    world.run(campaign)
    visit = enter(Role.MARKETER)
    posts = [f"/kotak-keluar/kiriman/{number}" for number in range(1, 5)]
    for path in (
        "/beranda",
        "/katalog",
        "/katalog?tab=tertahan",
        "/kampanye",
        "/kampanye/susun",
        f"/kampanye/{campaign}",
        f"/kampanye/{campaign}/pratinjau.html",
        "/kotak-keluar/surat",
        "/kotak-keluar/surat/1",
        "/kotak-keluar/surat/1/isi.html",
        "/kotak-keluar/kiriman",
        *posts,
        f"/kampanye?q={HOSTILE}",
        f"/katalog?q={HOSTILE}&kategori={HOSTILE}&alasan={HOSTILE}&tab={HOSTILE}",
        f"/kotak-keluar/surat?q={HOSTILE}&kabar={HOSTILE}",
    ):
        assert "<script>alert" not in visit.page(path), path
    assert "&lt;script&gt;" in visit.page("/kampanye/susun")


def test_the_permanent_address_of_a_sandbox_post_leads_to_it(enter: Enter, world: World) -> None:
    campaign = went_out(world, channels=(ChannelName.FACEBOOK,))
    with world.app.database.read() as session:
        permalink = session.scalars(select(Post.permalink)).one()
    assert permalink
    visit = enter(Role.APPROVER)
    answer = visit.get(permalink.removeprefix("https://siar.example"))
    assert answer.status_code == 303
    assert 'href="/kotak-keluar/kiriman/1"' in visit.page(answer.headers["location"])
    assert "Buka di Facebook" not in visit.page("/kotak-keluar/kiriman/1")
    assert "Buka kiriman" not in visit.page(f"/kampanye/{campaign}")


def test_posts_are_found_by_channel_state_and_title(enter: Enter, world: World) -> None:
    went_out(world, channels=(ChannelName.FACEBOOK, ChannelName.WHATSAPP))
    visit = enter(Role.APPROVER)
    for query, found in (
        ("q=tenun+baru", {1, 2}),
        ("q=lain", set()),
        ("jenis=facebook", {1}),
        ("keadaan=awaiting_human", {2}),
        ("keadaan=failed", set()),
    ):
        text = visit.page(f"/kotak-keluar/kiriman?{query}")
        assert {int(row) for row in re.findall(r'href="/kotak-keluar/kiriman/(\d+)"', text)} == found, query


def test_nothing_here_records_an_event(enter: Enter, world: World) -> None:
    went_out(world)
    visit = enter(Role.MARKETER)
    for path in ("/kotak-keluar/surat/1", "/kotak-keluar/surat/1/isi.html"):
        visit.page(path)
    with world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 0
