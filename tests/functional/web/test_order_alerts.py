"""What about orders waits for a person: seen on Beranda, seen to by those who may, with a reason and a name."""

from sqlalchemy import select

from marketing.db.models import OrderAlert
from marketing.domain.types import Role
from tests.functional.web.visits import Enter
from tests.support.orders import add_order, enable, run_automation
from tests.support.world import World, add_contact, add_product, messages

PAGE = "/kotak-keluar/pesanan"


def happened(world: World) -> None:
    """A shipment before payment, of a business without an address."""
    product = add_product(world.app, 1)
    add_order(
        world.app, 1, add_contact(world.app, 1), products=[product], status="shipped", events=["approved", "shipped"]
    )
    enable(world, "transaksi")
    run_automation(world, "transaksi")


def outcomes(world: World) -> list[str]:
    with world.app.database.read() as session:
        return list(session.scalars(select(OrderAlert.outcome).order_by(OrderAlert.id)))


def test_it_waits_on_beranda_and_in_the_outbox_until_somebody_sees_to_it(enter: Enter, world: World) -> None:
    happened(world)
    visit = enter(Role.MARKETER)
    home = visit.page("/beranda")
    assert "Kabar pengiriman 1 pesanan ditahan: belum dibayar" in home
    assert "1 UMKM tidak terjangkau surel pesanan" in home
    page = visit.page(PAGE)
    assert "Pengiriman pesanan SO-1 ditahan" in page
    assert "Perwali Blitar 24/2024 Ps. 10(1)" in page
    assert page.count("belum dikabari tentang pesanan SO-1") == 2, "of the approval and of the shipment"
    assert "orang1@surat.example" not in page
    mail = visit.page("/kotak-keluar/surat/2")
    assert "Pesanannya belum dibayar" in mail
    assert "Pesanan SO-1 dalam pengiriman" in visit.page("/kotak-keluar/surat?q=SO-1&keadaan=deferred")


def test_a_release_needs_a_reason_and_sends_at_once(enter: Enter, world: World) -> None:
    happened(world)
    visit = enter(Role.MANAGING_TEAM)
    with world.app.database.read() as session:
        held = session.scalars(select(OrderAlert.id).where(OrderAlert.kind == "not_paid")).one()
    refused = visit.post(f"{PAGE}/{held}/lepaskan", {"catatan": "ya"})
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.text
    assert visit.act(f"{PAGE}/{held}/lepaskan", {"catatan": "Bayar di tempat."}) == f"{PAGE}?kabar=dilepaskan"
    (task, ids) = world.tasks.asked[-1]
    assert task.value == "delivery.deliver_transactional"
    world.app.pipeline.deliver(int(ids["campaign_id"]), batches=1)
    assert world.outbox.sent[-1].subject == "Pesanan SO-1 dalam pengiriman"
    ended = visit.page(f"{PAGE}?tab=selesai")
    assert "Dilepaskan oleh" in ended
    assert "Bayar di tempat." in ended
    assert world.audited()[-1] == "order.shipment_released"
    again = visit.post(f"{PAGE}/{held}/lepaskan", {"catatan": "Sekali lagi."})
    assert again.status_code == 403


def test_a_companion_tells_businesses_but_releases_nothing(enter: Enter, world: World) -> None:
    happened(world)
    visit = enter(Role.COMPANION)
    page = visit.page(PAGE)
    assert "Lepaskan surelnya" not in page
    assert "Telepon: +6281200000001" in page
    with world.app.database.read() as session:
        ids = {alert.kind: alert.id for alert in session.scalars(select(OrderAlert))}
    assert visit.post(f"{PAGE}/{ids['not_paid']}/lepaskan", {"catatan": "Bayar di tempat."}).status_code == 403
    visit.act(f"{PAGE}/{ids['unreachable']}/dikabari", {"catatan": "Ditelepon jam sembilan."})
    assert sorted(outcomes(world)) == ["", "", "told"]
    assert len(messages(world)) == 2


def test_who_has_no_part_in_it_sees_nothing_and_neither_does_a_neighbour(enter: Enter, world: World) -> None:
    happened(world)
    for role in (Role.HEAD, None):
        assert enter(role).get(PAGE).status_code == 403
    assert "ditahan" not in enter(Role.HEAD).page("/beranda")
    neighbour = enter(Role.MARKETER, "blitar")
    assert "SO-1" not in neighbour.page(PAGE)
    for alert in (1, 2, 3, 2**63):
        for act in ("lepaskan", "dikabari"):
            assert neighbour.post(f"{PAGE}/{alert}/{act}", {"catatan": "Bayar di tempat."}).status_code in (404, 422)
    assert outcomes(world) == ["", "", ""]
    assert (
        enter(Role.MARKETER).client.post(f"{PAGE}/1/lepaskan", data={"catatan": "Bayar di tempat."}).status_code == 403
    )
