"""The whole way of a campaign through the pages: written, submitted, approved, sent, read in the ledger and the outbox."""

import re

from marketing.domain.campaign import CampaignState
from marketing.domain.types import ChannelName, Purpose, Role
from tests.functional.web.visits import Enter, typed
from tests.support.world import World, add_contact, add_product, promotion


def composed(enter: Enter, world: World, **changes: str | list[str]) -> int:
    """Let the marketer write and submit a campaign; return its number."""
    product = add_product(world.app, world.clock.number())
    place = enter(Role.MARKETER).act("/kampanye/susun", {**typed(product, **changes), "aksi": "ajukan"})
    found = re.fullmatch(r"/kampanye/(\d+)\?kabar=diajukan", place)
    assert found
    return int(found[1])


def test_from_the_composer_to_the_mail(enter: Enter, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    add_contact(world.app, 2, Purpose.NEWSLETTER)
    marketer, approver = enter(Role.MARKETER), enter(Role.APPROVER)
    campaign = composed(enter, world)
    assert "menunggu persetujuan Anda" in approver.page("/beranda")
    review = approver.page(f"/kampanye/{campaign}")
    assert "Yang Anda setujui adalah versi 1" in review
    done = approver.act(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    assert "Disetujui. Kampanye keluar pada waktunya." in approver.page(done)
    world.run(campaign)
    page = marketer.page(f"/kampanye/{campaign}")
    assert "Jumlah semua bagian 2 = penerima 2." in page
    assert f"/kotak-keluar/surat?kampanye={campaign}&amp;keadaan=accepted" in page
    listed = marketer.page(f"/kotak-keluar/surat?kampanye={campaign}&keadaan=accepted")
    assert "orang1@surat.example" in listed
    assert "orang2@surat.example" not in listed
    number = re.search(r"/kotak-keluar/surat/(\d+)", listed)
    assert number
    mail = marketer.page(number[0])
    assert "Menyetujui promosi pada 22 November 2026 lewat formulir" in mail
    assert "List-Unsubscribe" in mail
    skipped = marketer.page(f"/kotak-keluar/surat?kampanye={campaign}&keadaan=skipped")
    assert "Belum menyetujui jenis surat ini (UU 27/2022 Ps. 20(2)a)" in skipped


def test_the_author_never_approves(enter: Enter, world: World) -> None:
    campaign = composed(enter, world)
    marketer = enter(Role.MARKETER)
    page = marketer.page(f"/kampanye/{campaign}")
    assert "/setujui" not in page
    assert marketer.post(f"/kampanye/{campaign}/setujui", {"versi": "1"}).status_code == 403
    assert world.campaign(campaign).state is CampaignState.IN_REVIEW


def test_an_author_who_is_also_approver_needs_a_colleague(enter: Enter, world: World) -> None:
    campaign = composed(enter, world)
    marketer = enter(Role.MARKETER)
    with world.app.database.write() as session:
        from marketing.db.models import RoleGrant

        assert marketer.user
        session.add(RoleGrant(user_id=marketer.user.id, role=Role.APPROVER))
    page = marketer.page(f"/kampanye/{campaign}")
    assert "/setujui" not in page
    assert "rekan lain yang menyetujuinya" in page
    answer = marketer.post(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    assert answer.status_code == 403
    assert "Penyusun tidak boleh menyetujui" in answer.text
    assert "menunggu persetujuan Anda" not in marketer.page("/beranda")


def test_what_is_approved_is_what_was_looked_at(enter: Enter, world: World) -> None:
    campaign = composed(enter, world)
    approver = enter(Role.APPROVER)
    content = {**typed(1, teks="Lain sekali."), "aksi": "ajukan"}
    enter(Role.MARKETER).act(f"/kampanye/{campaign}/susun", content)
    answer = approver.post(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    assert answer.status_code == 403
    assert "Isinya berubah sejak Anda membukanya" in answer.text
    assert world.campaign(campaign).state is CampaignState.IN_REVIEW


def test_a_returned_draft_shows_the_note_and_waits_for_its_author(enter: Enter, world: World) -> None:
    campaign = composed(enter, world)
    marketer, approver = enter(Role.MARKETER), enter(Role.APPROVER)
    empty = approver.post(f"/kampanye/{campaign}/kembalikan", {"catatan": " "})
    assert empty.status_code == 422
    assert "Tulis catatan" in empty.text
    approver.act(f"/kampanye/{campaign}/kembalikan", {"catatan": "Harga <b>coret</b> keliru."})
    assert "Harga &lt;b&gt;coret&lt;/b&gt; keliru." in marketer.page("/beranda")
    assert "Harga &lt;b&gt;coret&lt;/b&gt; keliru." in marketer.page(f"/kampanye/{campaign}/susun")


def test_another_hour_after_approval_asks_again(enter: Enter, world: World) -> None:
    campaign = world.approved(promotion(add_product(world.app, 1)), hours=3)
    marketer = enter(Role.MARKETER)
    past = marketer.post(f"/kampanye/{campaign}/jadwalkan", {"tanggal": "2026-11-21", "jam": "10:00", "kapan": "nanti"})
    assert past.status_code == 422
    assert world.campaign(campaign).state is CampaignState.SCHEDULED
    marketer.act(f"/kampanye/{campaign}/jadwalkan", {"tanggal": "2026-11-25", "jam": "10:00", "kapan": "nanti"})
    standing = world.campaign(campaign)
    assert standing.state is CampaignState.DRAFT
    assert standing.scheduled_at is not None
    assert standing.scheduled_at.isoformat() == "2026-11-25T02:00:00+00:00"
    marketer.act(f"/kampanye/{campaign}/ajukan")
    assert world.campaign(campaign).state is CampaignState.IN_REVIEW


def test_pause_resume_cancel(enter: Enter, world: World) -> None:
    campaign = world.approved(promotion(add_product(world.app, 1)), hours=3)
    marketer, approver = enter(Role.MARKETER), enter(Role.APPROVER)
    marketer.act(f"/kampanye/{campaign}/jeda")
    assert "Dijeda oleh" in marketer.page(f"/kampanye/{campaign}")
    assert marketer.post(f"/kampanye/{campaign}/lanjutkan").status_code == 403
    approver.act(f"/kampanye/{campaign}/lanjutkan")
    assert world.campaign(campaign).state is CampaignState.SCHEDULED
    marketer.act(f"/kampanye/{campaign}/batalkan")
    again = marketer.post(f"/kampanye/{campaign}/batalkan")
    assert again.status_code == 409
    assert "Keadaannya sudah berubah" in again.text


def test_page_and_fragment_agree_on_live(enter: Enter, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    marketer = enter(Role.MARKETER)
    for step in (lambda: None, lambda: world.app.planner.start(campaign), lambda: world.run(campaign)):
        step()
        page, part = marketer.page(f"/kampanye/{campaign}"), marketer.page(f"/kampanye/{campaign}/neraca")
        assert ("data-live=" in page) == ("data-live=" in part)
    assert "data-live=" not in part
    assert world.campaign(campaign).state is CampaignState.SENT


def test_the_list_finds_by_state_kind_and_name(enter: Enter, world: World) -> None:
    campaign = composed(enter, world, nama="100% tenun_asli")
    world.approved(promotion(add_product(world.app, 50), channels=(ChannelName.WEBSITE,)), hours=3)
    marketer = enter(Role.MARKETER)
    for query, found in (
        ("", True),
        ("?keadaan=in_review", True),
        ("?keadaan=sent", False),
        ("?jenis=promotional", True),
        ("?jenis=newsletter", False),
        ("?q=100%25", True),
        ("?q=tenun_asli", True),
        ("?q=tenunXasli", False),
        ("?keadaan=ngawur&jenis=ngawur&halaman=1", True),
    ):
        assert (f'href="/kampanye/{campaign}"' in marketer.page(f"/kampanye{query}")) is found, query
