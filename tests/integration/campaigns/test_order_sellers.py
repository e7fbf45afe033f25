"""Order mail to the businesses that sell, what a person must see to, and complaints (Blitar Ps. 10)."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from marketing.campaigns.order_alerts import note_told, release_shipment
from marketing.contacts.consent_service import record_consent
from marketing.db.models import Business, Contact, Message, Order, OrderAlert, OrderEvent, Product, Suppression
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.message import MessageState
from marketing.domain.types import BuyerKind, Purpose, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.web.app import create_app
from tests.support.orders import add_event, add_order, enable, run_automation
from tests.support.world import World, add_contact, add_product, add_user, messages, promotion

PAPERS = ("bukti_persetujuan_pemesanan", "bukti_pembayaran", "bukti_pengiriman", "foto_produk")


def business_of(world: World, product: int) -> int:
    with world.app.database.read() as session:
        return session.get_one(Product, product).business_id


def give_address(world: World, product: int, email: str) -> None:
    with world.app.database.write() as session:
        session.get_one(Business, session.get_one(Product, product).business_id).email = email


def shop(world: World, number: int) -> int:
    product = add_product(world.app, number)
    give_address(world, product, f"usaha{number}@usaha.example")
    return product


def alerts(world: World) -> list[OrderAlert]:
    with world.app.database.read() as session:
        return list(session.scalars(select(OrderAlert).order_by(OrderAlert.id)))


def arrived(world: World) -> list[tuple[str, str]]:
    return [(email.recipient_address, email.subject) for email in world.outbox.sent]


def set_order(world: World, order: int, **values: Any) -> None:
    with world.app.database.write() as session:
        session.execute(update(Order).where(Order.id == order).values(**values))


def complain(world: World, order: int, documents: int, status: str = "open") -> None:
    papers = [{"kind": kind, "number": "", "url": f"https://k.example/{kind}"} for kind in PAPERS[:documents]]
    said = {"opened_at": world.clock().isoformat(), "text": "Warnanya lain.", "status": status, "documents": papers}
    set_order(world, order, complaint=said, complaint_changed_at=world.clock())


def test_each_business_of_an_order_gets_its_own_lines_once(world: World) -> None:
    first, second = shop(world, 1), shop(world, 2)
    add_order(world.app, 1, add_contact(world.app, 1), products=[first, second], events=("approved", "paid"))
    enable(world, "transaksi")
    for _time in range(2):
        run_automation(world, "transaksi")
    assert sorted(arrived(world)) == [
        ("orang1@surat.example", "Faktur dan bukti pembayaran pesanan SO-1"),
        ("orang1@surat.example", "Pesanan SO-1 disetujui penjual"),
        ("usaha1@usaha.example", "Pembayaran pesanan SO-1 untuk usaha Anda diterima"),
        ("usaha1@usaha.example", "Pesanan SO-1 untuk usaha Anda disetujui"),
        ("usaha2@usaha.example", "Pembayaran pesanan SO-1 untuk usaha Anda diterima"),
        ("usaha2@usaha.example", "Pesanan SO-1 untuk usaha Anda disetujui"),
    ]
    with world.app.database.read() as session:
        sellers = session.scalars(select(Contact).where(Contact.source == "usaha")).all()
        assert [(one.kind, one.name) for one in sellers] == [(BuyerKind.PELAKU_UMKM, "Usaha 1"), (BuyerKind.PELAKU_UMKM, "Usaha 2")]  # fmt: skip
        assert {one.order_id for one in session.scalars(select(Message))} == {1}
    assert alerts(world) == []


def test_whoever_has_the_mailbox_of_a_business_already_is_the_one_we_write_to(small_world: World) -> None:
    world = small_world
    product = shop(world, 1)
    owner = add_contact(world.app, 9, email="Usaha1@usaha.example")
    add_order(world.app, 1, owner, products=[product], events=["paid"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    assert [row.contact_id for row in messages(world)] == [owner, owner]
    assert len(world.outbox.sent) == 2, "one as the buyer, one as the business"


def test_a_business_that_no_mail_reaches_is_told_by_a_person_and_never_forgotten(small_world: World) -> None:
    world = small_world
    product = add_product(world.app, 1)
    add_order(world.app, 1, add_contact(world.app, 1), products=[product], events=["approved"])
    enable(world, "transaksi")
    for _time in range(2):
        run_automation(world, "transaksi")
    (alert,) = alerts(world)
    assert (alert.kind, alert.what, alert.reason, alert.business_id) == ("unreachable", "pesanan", "no_address", business_of(world, product))  # fmt: skip
    assert len(world.outbox.sent) == 1, "the buyer's"
    companion = world.staff(Role.COMPANION)
    with world.app.database.write() as session:
        note_told(session, companion, alert.id, note="Ditelepon pukul sembilan.", now=world.clock())
    run_automation(world, "transaksi")
    (alert,) = alerts(world)
    assert (alert.outcome, alert.closed_by, alert.note) == ("told", companion.id, "Ditelepon pukul sembilan.")
    assert world.audited()[-1] == "order.business_told"


def test_many_businesses_that_no_mail_reaches_at_once_keep_no_buyer_waiting(world: World) -> None:
    product = add_product(world.app, 1)
    for number in (1, 2, 3):
        add_order(world.app, number, add_contact(world.app, number), products=[product], events=["approved"])
    enable(world, "transaksi")
    for _time in range(2):
        run_automation(world, "transaksi")
    assert len(alerts(world)) == 3
    assert len(world.outbox.sent) == 3


def test_once_a_business_has_an_address_its_mail_goes_by_itself(small_world: World) -> None:
    world = small_world
    product = add_product(world.app, 1)
    add_order(world.app, 1, add_contact(world.app, 1), products=[product], events=["approved"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    give_address(world, product, "usaha1@usaha.example")
    run_automation(world, "transaksi")
    assert arrived(world)[-1] == ("usaha1@usaha.example", "Pesanan SO-1 untuk usaha Anda disetujui")
    assert [alert.outcome for alert in alerts(world)] == ["reachable"]
    world.suppress(messages(world)[-1].contact_id)
    with world.app.database.write() as session:
        session.execute(update(Suppression).values(reason="hard_bounce"))
    add_event(world.app, 1, "paid")
    run_automation(world, "transaksi")
    assert [(alert.what, alert.reason) for alert in alerts(world)][1:] == [("faktur", "unreachable")]


def test_a_held_shipment_raises_one_alert_and_a_person_lets_it_go_with_a_reason(world: World) -> None:
    product = shop(world, 1)
    add_order(world.app, 1, add_contact(world.app, 1), products=[product], status="shipped", events=["shipped"])
    enable(world, "transaksi")
    for _time in range(2):
        run_automation(world, "transaksi")
    assert world.outbox.sent == []
    assert {(row.state, row.reason) for row in messages(world)} == {(MessageState.DEFERRED, "not_paid")}
    (alert,) = alerts(world)
    team, companion = world.staff(Role.MANAGING_TEAM), world.staff(Role.COMPANION)
    with world.app.database.write() as session:
        with pytest.raises(InvalidInputError, match="alasan"):
            release_shipment(session, world.app.queue, team, alert.id, reason=" ya ", now=world.clock())
        with pytest.raises(NotAllowedError):
            release_shipment(session, world.app.queue, companion, alert.id, reason="Bayar di tempat.", now=world.clock())  # fmt: skip
        release_shipment(session, world.app.queue, team, alert.id, reason="Bayar di tempat.", now=world.clock())
    run_automation(world, "transaksi")
    for task, ids in world.tasks.asked:
        if task.value == "delivery.deliver_transactional":
            world.app.pipeline.deliver(int(ids["campaign_id"]), batches=2)
    assert len(world.outbox.sent) == 2
    assert {(row.state, row.article) for row in messages(world)} == {(MessageState.ACCEPTED, "")}
    (alert,) = alerts(world)
    assert (alert.outcome, alert.note, alert.closed_by) == ("released", "Bayar di tempat.", team.id)
    assert world.audited()[-1] == "order.shipment_released"
    with world.app.database.write() as session, pytest.raises(NotAllowedError, match="sudah selesai"):
        release_shipment(session, world.app.queue, team, alert.id, reason="Sekali lagi.", now=world.clock())


def test_another_daerah_releases_nothing_of_ours(small_world: World) -> None:
    world = small_world
    add_order(world.app, 1, add_contact(world.app, 1), status="shipped", events=["shipped"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    neighbour = add_user(world.app, Role.MANAGING_TEAM, "tim@blitar.example", "blitar")
    with world.app.database.write() as session, pytest.raises(NotFoundError):
        release_shipment(session, world.app.queue, neighbour, 1, reason="Bayar di tempat.", now=world.clock())
    assert alerts(world)[0].closed_at is None


def test_a_held_shipment_of_an_order_that_is_off_ends_without_a_mail(small_world: World) -> None:
    world = small_world
    order = add_order(world.app, 1, add_contact(world.app, 1), status="shipped", events=["shipped"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    set_order(world, order, status="cancelled")
    run_automation(world, "transaksi")
    assert [(row.state, row.reason) for row in messages(world)] == [(MessageState.SKIPPED, "order_off")]
    assert [alert.outcome for alert in alerts(world)] == ["order_off"]


def test_an_order_cancelled_between_planning_and_sending_is_not_praised(small_world: World) -> None:
    world = small_world
    order = add_order(world.app, 1, add_contact(world.app, 1), events=["paid"])
    enable(world, "transaksi")
    world.app.automations.run("tts", "transaksi")
    set_order(world, order, status="refunded")
    run_automation(world, "transaksi")
    world.app.pipeline.deliver(messages(world)[0].campaign_id, batches=2)
    assert world.outbox.sent == []
    assert [(row.state, row.reason) for row in messages(world)] == [(MessageState.SKIPPED, "order_off")]


def test_a_tracking_number_corrected_while_held_leaves_as_one_right_mail(small_world: World) -> None:
    world = small_world
    order = add_order(world.app, 1, add_contact(world.app, 1), status="shipped", events=["shipped"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    with world.app.database.write() as session:
        session.execute(update(OrderEvent).values(tracking_number="RESI-2"))
    run_automation(world, "transaksi")
    add_event(world.app, order, "paid")
    run_automation(world, "transaksi")
    (mail,) = [email for email in world.outbox.sent if "pengiriman" in email.subject]
    assert "RESI-2" in mail.text
    assert "RESI-1" not in mail.text
    assert "Perbaikan" not in mail.subject
    assert sorted(row.reason for row in messages(world)) == ["", "", "superseded"]


def test_a_tracking_number_corrected_afterwards_is_a_mail_that_says_so_and_the_old_one_stays_as_it_was(
    small_world: World,
) -> None:
    world = small_world
    add_order(world.app, 1, add_contact(world.app, 1), events=["paid", "shipped"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    with world.app.database.write() as session:
        session.execute(update(OrderEvent).where(OrderEvent.type == "shipped").values(tracking_number="RESI-2"))
    run_automation(world, "transaksi")
    run_automation(world, "transaksi")
    first, second = [email for email in world.outbox.sent if "pengiriman" in email.subject]
    assert second.subject == "Perbaikan: Pesanan SO-1 dalam pengiriman"
    assert "RESI-2" in second.text
    assert first.message_id != second.message_id
    old = next(row for row in messages(world) if row.context.get("tracking") == "RESI-1")
    assert old.context["again"] is False


def test_a_complaint_with_three_of_four_documents_names_the_missing_one_to_both_and_then_goes_on(world: World) -> None:
    product = shop(world, 1)
    order = add_order(world.app, 1, add_contact(world.app, 1), products=[product])
    enable(world, "transaksi")
    complain(world, order, 3)
    for _time in range(2):
        run_automation(world, "transaksi")
    buyer, seller = world.outbox.sent
    assert buyer.subject == "Komplain atas pesanan SO-1 kami terima, dokumen belum lengkap"
    assert seller.subject == "Ada komplain atas pesanan SO-1 untuk usaha Anda"
    for email in (buyer, seller):
        assert "BELUM ADA: Foto produk yang diterima" in email.text
        assert email.text.count("BELUM ADA: ") == 1
        assert "29 November 2026" in email.text
        assert "Warnanya lain." in email.text
    world.clock.forward(hours=1)
    complain(world, order, 4)
    run_automation(world, "transaksi")
    world.clock.forward(days=9)
    complain(world, order, 4, "selesai")
    run_automation(world, "transaksi")
    run_automation(world, "transaksi")
    assert [subject for address, subject in arrived(world) if address == "orang1@surat.example"][1:] == [
        "Komplain atas pesanan SO-1: dokumen lengkap",
        "Komplain atas pesanan SO-1 selesai",
    ]
    assert len(world.outbox.sent) == 6


def test_a_complaint_that_only_an_event_tells_of_asks_for_all_four(small_world: World) -> None:
    world = small_world
    add_order(world.app, 1, add_contact(world.app, 1), events=["complained"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    (mail,) = world.outbox.sent
    assert mail.text.count("BELUM ADA: ") == 4


def test_orders_of_a_marketplace_are_told_by_the_marketplace(small_world: World) -> None:
    world = small_world
    order = add_order(world.app, 1, None, products=[shop(world, 1)], events=["paid"])
    set_order(world, order, external_id="shopee:2611ABC")
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    assert messages(world) == []


def test_a_business_is_told_why_it_was_written_to(small_world: World) -> None:
    world = small_world
    add_order(world.app, 1, add_contact(world.app, 1), products=[shop(world, 1)], events=["paid"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    buyer, seller = world.outbox.sent
    with TestClient(create_app(world.app), base_url="https://siar.example") as client:
        for email, why in ((buyer, "karena memesan produk UMKM"), (seller, "karena usaha Anda menerima pesanan")):
            assert why in email.text
            address = re.search(r"https://siar\.example(/m/\S+)", email.text)
            view = re.search(r"https://siar\.example(/w/\S+)", email.text)
            assert address
            assert view
            page = client.get(address[1]).text
            assert why in page
            assert "Pembeli dan UMKM dalam pesanan SO-1" in page
            assert "Total" in client.get(view[1]).text


def test_a_business_known_from_its_orders_alone_is_no_public_of_a_promotion_until_it_decides(
    small_world: World,
) -> None:
    world = small_world
    product = shop(world, 1)
    add_order(world.app, 1, add_contact(world.app, 1, Purpose.PROMOTIONAL), products=[product], events=["paid"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    before = world.approved(promotion(product))
    world.run(before)
    assert world.ledger(before).audience == 1
    with world.app.database.write() as session:
        seller = session.scalars(select(Contact.id).where(Contact.source == "usaha")).one()
        given = [ConsentEvent(Purpose.PROMOTIONAL, ConsentState.GIVEN, world.clock(), "2026-1", "formulir")]
        record_consent(session, tenant_id="tts", contact_id=seller, events=given, now=world.clock())
    after = world.approved(promotion(product))
    world.run(after)
    assert world.ledger(after).audience == 2


def test_an_order_is_looked_at_again_once_the_catalogue_changed_it(world: World) -> None:
    order = add_order(world.app, 1, add_contact(world.app, 1), events=["paid"])
    set_order(world, order, content_hash="satu")
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    set_order(world, order, total=120_000)
    run_automation(world, "transaksi")
    assert len(world.outbox.sent) == 1, "the state that was looked at: nobody asks twice"
    set_order(world, order, content_hash="dua")
    run_automation(world, "transaksi")
    run_automation(world, "transaksi")
    assert [email.subject for email in world.outbox.sent][1:] == ["Perbaikan: Faktur dan bukti pembayaran pesanan SO-1"]
    world.clock.forward(minutes=1)
    add_event(world.app, order, "shipped")
    run_automation(world, "transaksi")
    assert len(world.outbox.sent) == 3, "an event that came into being without the catalogue is seen all the same"
