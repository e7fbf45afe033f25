"""Beranda shows only what the database holds; the catalogue says why, and pulls anew when asked."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketing.db.models import AuditEntry, GateDecision, Order, Post, Product, SetAside, SyncRun
from marketing.domain.types import ChannelName, Purpose, Role
from marketing.products.gate import evaluate_gate
from marketing.queue import TaskName
from marketing.tenants.profile import profile_of
from tests.functional.web.visits import Enter
from tests.support.world import TENANT, World, add_contact, add_product, promotion


def figure(page: str, label: str) -> str:
    found = re.search(rf"<dt>{label}</dt><dd class=\"stat-figure\"[^>]*>([^<]*)</dd>(.*?)</div>", page, re.DOTALL)
    assert found
    return f"{found[1]} | {re.sub('<[^>]+>', '', found[2])}"


def add_order(world: World, number: int, total: int, days_ago: int, status: str = "paid") -> None:
    with world.app.database.write() as session:
        session.add(
            Order(
                tenant_id=TENANT,
                external_id=f"O-{number}",
                number=f"SO-{number}",
                placed_at=world.clock() - timedelta(days=days_ago),
                status=status,
                shipping_cost=0,
                total=total,
                content_hash="",
            )
        )


def ask_gate(world: World) -> None:
    with world.app.database.write() as session:
        evaluate_gate(session, profile_of(TENANT), world.clock())


def test_a_new_daerah_sees_first_steps_and_no_invented_numbers(enter: Enter, world: World) -> None:
    page = enter(Role.MARKETER).page("/beranda")
    for label in ("Klik orang", "Pesanan", "Nilai pesanan", "UMKM yang tampil"):
        assert figure(page, label).startswith("– | tidak tersedia")
    assert "Langkah awal" in page
    assert "Tidak ada yang menunggu Anda" in page
    assert "Belum pernah disinkronkan." in page


def test_numbers_are_set_against_the_thirty_days_before(enter: Enter, world: World) -> None:
    for number, days_ago in enumerate((1, 2, 3, 40, 41)):
        add_order(world, number, 1_500_000, days_ago)
    add_order(world, 9, 99_000_000, 1, status="cancelled")
    page = enter(Role.MARKETER).page("/beranda")
    assert figure(page, "Pesanan") == "3 | ▲ 50% · dari 2"
    assert figure(page, "Nilai pesanan").startswith("Rp4,5 jt | ▲ 50% · dari Rp3 jt")
    assert figure(page, "Klik orang").startswith("– | tidak tersedia")


def test_what_was_not_recorded_before_is_not_a_zero(enter: Enter, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    world.run(world.approved(promotion(add_product(world.app, 1))))
    page = enter(Role.MARKETER).page("/beranda")
    assert figure(page, "Klik orang").startswith("0 | 30 hari sebelumnya tidak tersedia")
    assert figure(page, "UMKM yang tampil").startswith("1 dari 1")


def test_what_waits_and_what_goes_out(enter: Enter, world: World) -> None:
    every = (ChannelName.EMAIL, ChannelName.WHATSAPP)
    product = add_product(world.app, 1)
    world.run(world.approved(promotion(product, channels=every)))
    world.approved(promotion(product), hours=30)
    with world.app.database.write() as session:
        post = session.scalars(select(Post)).one()
        session.add(
            Post(
                tenant_id=TENANT,
                campaign_id=post.campaign_id,
                version=1,
                channel=ChannelName.FACEBOOK,
                account="a",
                marker="x",
                state="failed",
                reason="Gambar terlalu kecil.",
                content={},
                queued_at=world.clock(),
                settled_at=world.clock(),
            )
        )
    page = enter(Role.MARKETER).page("/beranda")
    assert "Kiriman Facebook “Tenun” gagal terbit" in page
    assert "1 gagal dalam tujuh hari" in page
    assert "1 kiriman Grup WhatsApp siap dibagikan" in page
    assert "hari ini" in page
    assert "besok" in page


def test_newly_held_products_are_told(enter: Enter, world: World) -> None:
    product = add_product(world.app, 1)
    ask_gate(world)
    world.clock.forward(days=1)
    with world.app.database.write() as session:
        session.get_one(Product, product).stock = 0
    ask_gate(world)
    visit = enter(Role.MANAGING_TEAM)
    assert "1 produk baru tertahan" in visit.page("/beranda")
    world.clock.forward(days=8)
    assert "baru tertahan" not in enter(Role.MANAGING_TEAM).page("/beranda")


def test_a_held_product_says_everything(enter: Enter, world: World) -> None:
    add_product(world.app, 1, stock=0, price=None, promotable=False)
    add_product(world.app, 2)
    add_product(world.app, 3, verification_status="pending", promotable=False)
    gone = add_product(world.app, 4)
    ask_gate(world)
    with world.app.database.write() as session:
        session.get_one(Product, gone).deleted_at = world.clock()
        reasons = session.scalars(select(GateDecision.reasons).where(GateDecision.product_id == 1)).one()
    visit = enter(Role.MARKETER)
    assert len(reasons) > 1
    page = visit.page("/katalog?tab=tertahan")
    from html import escape

    for reason in reasons:
        for part in ("text", "citation", "cure"):
            assert escape(reason[part], quote=False) in page.replace("&#39;", "'").replace("&#34;", '"'), reason[part]
    for tab, here, count in (
        ("tertahan", "Tenun 1", 1),
        ("siap", "Tenun 2", 1),
        ("menunggu", "Tenun 3", 1),
        ("ditarik", "Tenun 4", 1),
        ("", "Tenun 2", 3),
    ):
        page = visit.page(f"/katalog?tab={tab}")
        assert here in page
        assert re.search(rf'aria-current="page">[^<]+<span class="count">{count}<', page), tab
    code = reasons[0]["code"]
    assert "Tenun 1" in visit.get("/katalog", params={"tab": "tertahan", "alasan": code}).text
    assert "Tenun 1" not in visit.get("/katalog", params={"tab": "tertahan", "alasan": "X"}).text
    assert "Tenun 2" not in visit.page("/katalog?q=usaha+1")
    assert f'href="/kampanye/susun?produk={2}"' in visit.page("/katalog?tab=siap")
    assert "/kampanye/susun?produk=" not in enter(Role.APPROVER).page("/katalog?tab=siap")


def test_the_last_sync_and_what_it_set_aside(enter: Enter, world: World) -> None:
    with world.app.database.write() as session:
        run = SyncRun(
            tenant_id=TENANT, source="katalog", started_at=world.clock(), finished_at=world.clock(), state="done", counts={}
        )  # fmt: skip
        session.add(run)
        session.flush()
        session.add(
            SetAside(
                tenant_id=TENANT,
                sync_run_id=run.id,
                kind="product",
                external_id="P-99",
                reason="Harga bukan angka.",
                excerpt="Rahasia",
            )
        )
    page = enter(Role.MARKETER).page("/katalog")
    assert "Disinkronkan 22 November 2026 09.00 WITA; 1 catatan disisihkan." in page
    assert "P-99" in page
    assert "Harga bukan angka." in page
    assert "Rahasia" not in page


@pytest.mark.parametrize("connected", [True, False])
def test_pulling_anew(enter: Enter, world: World, connected: bool) -> None:
    if connected:
        world.app.settings.catalog_sources[TENANT] = "https://katalog.example"
    visit = enter(Role.MARKETER)
    assert ("/katalog/sinkron" in visit.page("/katalog")) is connected
    if not connected:
        assert visit.post("/katalog/sinkron").status_code == 404
        return
    assert visit.act("/katalog/sinkron") == "/katalog?kabar=sinkron"
    assert (TaskName.SYNC, {"tenant_id": TENANT}) in world.tasks.asked
    with world.app.database.read() as session:
        assert "catalog.sync" in set(session.scalars(select(AuditEntry.action)))
