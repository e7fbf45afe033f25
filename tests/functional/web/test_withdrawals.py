"""What lost its standing is told place by place; a named person finishes what no call can, and it is written down."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketing.db.models import AuditEntry, Post, Product, ShareTask, Withdrawal
from marketing.delivery.share_tasks import confirm_share
from marketing.domain.post import PostState
from marketing.domain.product import VerificationStatus
from marketing.domain.types import ChannelName, Role
from marketing.domain.withdrawal import WithdrawalState
from marketing.products.gate import evaluate_gate
from marketing.tenants.profile import profile_of
from tests.functional.web.visits import Enter
from tests.support.world import TENANT, World, add_product, promotion

C = ChannelName
HOSTILE = "=HYPERLINK(1)<script>alert(1)</script>"


def revoked(world: World, *channels: ChannelName, name: str = "Tenun 1", number: int = 1) -> int:
    """Publish a product, share by hand what needs it, revoke it, and recall."""
    product = add_product(world.app, number, name=name)
    world.run(world.approved(promotion(product, channels=channels)))
    with world.app.database.write() as session:
        for post in list(session.scalars(select(Post).where(Post.state == PostState.AWAITING_HUMAN))):
            confirm_share(
                session, tenant_id=TENANT, post_id=post.id, user_id=world.staff(Role.MARKETER).id, now=world.clock()
            )
    world.clock.forward(minutes=5)
    with world.app.database.write() as session:
        session.get_one(Product, product).verification_status = VerificationStatus.REVOKED
        evaluate_gate(session, profile_of(TENANT), world.clock(), [product])
    world.clock.forward(seconds=4)
    world.app.recall.run(TENANT)
    return product


def removal_of(world: World, kind: str = "remove") -> str:
    with world.app.database.read() as session:
        return f"/tugas/{session.scalars(select(ShareTask.id).where(ShareTask.kind == kind)).one()}"


def post_of(world: World, channel: ChannelName) -> Post:
    with world.app.database.read() as session:
        return session.scalars(select(Post).where(Post.channel == channel)).one()


def lines(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_every_place_is_told_with_its_article_and_how_long_it_took(enter: Enter, world: World) -> None:
    revoked(world, C.FACEBOOK, C.WHATSAPP)
    page = words(enter(Role.COMPANION).page("/katalog/penarikan"))
    for part in (
        "Galeri dan umpan",
        "Facebook",
        "Grup WhatsApp",
        "TTS 10(1)c",
        "huruf c",
        "22 November 2026 09.05 WITA",
    ):
        assert part in page, part
    assert "1 menunggu petugas, 0 sedang dicoba" in page
    assert "oleh Siar 4 detik dari 1 penarikan yang selesai" in page
    assert "oleh petugas – belum ada" in page


def test_the_page_of_the_product_lists_its_own_withdrawals(enter: Enter, world: World) -> None:
    product = revoked(world, C.FACEBOOK)
    other = add_product(world.app, 2)
    visit = enter(Role.COMPANION)
    page = words(visit.page(f"/katalog/produk/{product}"))
    assert "Semua penarikan" in page
    assert re.search(r"Facebook TTS 10\(1\)c 22 November 2026 09.05 WITA Selesai 4 detik", page)
    assert "Semua penarikan" not in visit.page(f"/katalog/produk/{other}")
    assert "/katalog/penarikan" in visit.page("/katalog?tab=ditarik")


def test_the_list_is_narrowed_by_state_channel_and_words(enter: Enter, world: World) -> None:
    revoked(world, C.FACEBOOK, C.WHATSAPP)
    visit = enter(Role.MARKETER)
    for query, shown in (
        ("keadaan=awaiting_human", 1),
        ("keadaan=done", 2),
        ("keadaan=open", 0),
        ("jenis=facebook", 1),
        ("q=tenun", 3),
        ("q=10(1)c&jenis=whatsapp", 1),
        ("q=kopi", 0),
        ("keadaan=%27&jenis=x", 3),
    ):
        page = visit.page(f"/katalog/penarikan?{query}")
        assert page.count("/katalog/produk/1") == shown, query
        assert ("Tidak ada yang cocok" in page) is (shown == 0), query


def test_the_file_has_every_withdrawal_and_no_formula(enter: Enter, world: World) -> None:
    revoked(world, C.FACEBOOK, name=HOSTILE)
    visit = enter(Role.HEAD)
    assert "<script>alert" not in visit.page("/katalog/penarikan")
    answer = visit.get("/katalog/penarikan.csv?jenis=facebook")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="penarikan-tts-2026-11-22.csv"'
    (row,) = lines(answer.text)
    assert row["Produk"] == f"'{HOSTILE}"
    assert (row["Kode"], row["Keadaan"], row["Detik sampai tercatat selesai"]) == ("TTS 10(1)c", "Selesai", "4")
    assert row["Kehilangan syarat"] == "2026-11-22T09:05:00+08:00"
    assert len(lines(visit.get("/katalog/penarikan.csv").text)) == 2


def test_a_removal_waits_on_beranda_and_beside_the_navigation_until_a_named_person_did_it(
    enter: Enter, world: World
) -> None:
    revoked(world, C.WHATSAPP)
    post = post_of(world, C.WHATSAPP)
    visit = enter(Role.MARKETER)
    page = visit.page("/beranda")
    assert "1 kiriman Grup WhatsApp harus dihapus" in page
    task = removal_of(world)
    assert f'href="{task}"' in page
    assert re.search(r'Tugas<span class="count">1<', page)
    assert f'href="{task}"' in visit.page(f"/kotak-keluar/kiriman/{post.id}")
    page = words(visit.page(task))
    assert "Tarik kiriman dari Grup WhatsApp" in page
    assert "Mengapa ditarik" in page
    assert "TTS 10(1)c" in page
    assert "Dibagikan oleh pemasar@dinas.example" in words(visit.page(f"/kotak-keluar/kiriman/{post.id}"))
    world.clock.forward(minutes=30)
    place = visit.act(f"{task}/dihapus")
    page = words(visit.page(place))
    assert "Tercatat atas nama Anda: sudah dihapus." in page
    assert "Sudah saya hapus" not in page
    assert "Dihapus oleh pemasar@tts.example" in page
    assert "dihapus oleh pemasar@tts.example" in words(visit.page(f"/kotak-keluar/kiriman/{post.id}"))
    assert "harus dihapus" not in visit.page("/beranda")
    with world.app.database.read() as session:
        row = session.scalars(select(Withdrawal).where(Withdrawal.place == f"pos:{post.id}")).one()
        assert visit.user
        assert (row.state, row.done_by) == (WithdrawalState.DONE, visit.user.id)
        assert row.done_at == world.clock()
        assert session.get_one(Post, post.id).state is PostState.WITHDRAWN
    assert "post.removed" in world.audited()
    assert "oleh petugas 30 menit 4 detik dari 1" in words(visit.page("/katalog/penarikan"))


def test_only_a_post_that_waits_for_it_can_be_marked_deleted_once(enter: Enter, world: World) -> None:
    product = add_product(world.app, 2)
    world.run(world.approved(promotion(product, channels=(C.FACEBOOK,))))
    visit = enter(Role.APPROVER)
    revoked(world, C.WHATSAPP)
    path = f"{removal_of(world)}/dihapus"
    share = removal_of(world, "share")
    assert visit.post(f"{share}/dihapus").status_code == 404
    assert visit.client.post(path, data={"csrf": "palsu"}).status_code == 403
    for role in (Role.HEAD, Role.OPERATOR):
        assert enter(role).post(path).status_code == 403, role
    assert enter(Role.MARKETER, "blitar").post(path).status_code == 404
    assert enter(Role.HEAD).page(removal_of(world)).count("Sudah saya hapus") == 0
    assert post_of(world, C.WHATSAPP).state is PostState.PUBLISHED
    visit.act(path)
    assert visit.post(path).status_code == 403
    with world.app.database.read() as session:
        acts = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "post.removed")
        assert session.scalar(acts) == 1


def test_a_share_that_nobody_did_is_void_and_not_told_as_shared(enter: Enter, world: World) -> None:
    product = add_product(world.app, 1)
    world.run(world.approved(promotion(product, channels=(C.WHATSAPP,))))
    with world.app.database.write() as session:
        session.get_one(Product, product).verification_status = VerificationStatus.REVOKED
        evaluate_gate(session, profile_of(TENANT), world.clock(), [product])
    world.app.recall.run(TENANT)
    post = post_of(world, C.WHATSAPP)
    assert post.state is PostState.WITHDRAWN
    page = enter(Role.MARKETER).page(f"/kotak-keluar/kiriman/{post.id}")
    assert 'href="/tugas/1"' not in page
    assert "Dibagikan oleh" not in page
    assert "Mengapa ditarik" in page
    with world.app.database.read() as session:
        assert session.scalars(select(ShareTask)).one().done_at is not None


@pytest.mark.parametrize("detail", ["Kanal tidak menjawab.", "<b>"])
def test_a_channel_that_fails_says_how_often_and_when_again(enter: Enter, world: World, detail: str) -> None:
    revoked(world, C.FACEBOOK)
    with world.app.database.write() as session:
        row = session.scalars(select(Withdrawal).where(Withdrawal.channel == C.FACEBOOK)).one()
        row.state, row.done_at, row.attempts, row.detail = WithdrawalState.OPEN, None, 3, detail
        row.next_try_at = world.clock() + timedelta(minutes=1)
    world.clock.forward(hours=2)
    page = enter(Role.MARKETER).page("/katalog/penarikan?keadaan=open")
    assert (
        f"percobaan ke-3 · {detail.replace('<', '&lt;').replace('>', '&gt;')} · dicoba lagi 22 November 2026 09.06 WITA"
        in page
    )
    assert "sudah 2 jam" in page


def test_another_daerah_sees_nothing_of_it(enter: Enter, world: World) -> None:
    revoked(world, C.FACEBOOK)
    visit = enter(Role.MARKETER, "blitar")
    assert "Belum ada penarikan" in visit.page("/katalog/penarikan")
    assert lines(visit.get("/katalog/penarikan.csv").text) == []
