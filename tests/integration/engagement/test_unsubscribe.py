"""Leaving: at once, as far as the person says, for everything that waits, and again without harm (UU 27/2022 Ps. 40)."""

import pytest
from sqlalchemy import delete, func, select, update

from marketing.contacts.addresses import address_hash
from marketing.contacts.consent_proof import verify_ledger
from marketing.contacts.consent_service import history
from marketing.contacts.service import ContactRecord, upsert_contacts
from marketing.contacts.unsubscribe import Scope, unsubscribe
from marketing.db.models import Address, ConsentNow, Event, Message, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.events import EventType
from marketing.domain.message import MessageState
from marketing.domain.types import BuyerKind, ChannelName, EmailType, Purpose
from tests.support.orders import add_order, enable, run_automation
from tests.support.world import TENANT, World, add_contact, add_product, messages, promotion

BOTH = (Purpose.PROMOTIONAL, Purpose.NEWSLETTER)
NEWS = {"email_type": EmailType.NEWSLETTER, "variant": "buletin"}


def waiting(world: World) -> int:
    """Let one person wait for a promotion, two newsletters and another promotion; return the first message."""
    person = add_contact(world.app, 1, *BOTH)
    add_contact(world.app, 2, *BOTH)
    product = add_product(world.app, 1)
    for content in (promotion(product), promotion(product, **NEWS), promotion(product, **NEWS), promotion(product)):
        world.app.planner.start(world.approved(content))
    return next(row.id for row in messages(world) if row.contact_id == person)


def leave(world: World, message: int, scope: Scope) -> bool:
    with world.app.database.write() as session:
        return unsubscribe(session, message, scope, source="satu-klik", now=world.clock())


def consents(world: World, contact: int) -> dict[Purpose, ConsentState]:
    with world.app.database.read() as session:
        rows = session.scalars(select(ConsentNow).where(ConsentNow.contact_id == contact))
        return {row.purpose: row.state for row in rows}


def reasons(world: World, contact: int) -> list[str]:
    return [row.reason for row in messages(world) if row.contact_id == contact]


def test_leaving_one_kind_stops_what_waits_of_that_kind_in_every_campaign(world: World) -> None:
    first = waiting(world)
    assert leave(world, first, Scope.PURPOSE)
    assert reasons(world, 1) == ["withdrawn", "", "", "withdrawn"]
    assert reasons(world, 2) == [""] * 4
    assert consents(world, 1) == {
        Purpose.PROMOTIONAL: ConsentState.WITHDRAWN,
        Purpose.NEWSLETTER: ConsentState.GIVEN,
    }
    skipped = [row for row in messages(world) if row.reason]
    assert {(row.state, row.article) for row in skipped} == {(MessageState.SKIPPED, "UU 27/2022 Ps. 40")}
    with world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Suppression)) == 0
    for campaign in (1, 2, 3, 4):
        world.run(campaign)
        assert world.ledger(campaign).balances
    mine = [email for email in world.outbox.sent if email.recipient_address == "orang1@surat.example"]
    assert {email.email_type for email in mine} == {EmailType.NEWSLETTER}


def test_leaving_all_withdraws_everything_and_puts_the_address_on_the_list(world: World) -> None:
    first = waiting(world)
    assert leave(world, first, Scope.ALL)
    assert reasons(world, 1) == ["withdrawn"] * 4
    assert set(consents(world, 1)) == set(Purpose)
    assert set(consents(world, 1).values()) == {ConsentState.WITHDRAWN}
    with world.app.database.read() as session:
        (suppressed,) = session.scalars(select(Suppression)).all()
        address = session.scalars(select(Address).where(Address.contact_id == 1)).one()
    assert suppressed.address_hash == address.hash
    assert suppressed.address_hash == address_hash(world.app.settings.signing_key, TENANT, "ORANG1@surat.example")


def test_leaving_again_is_harmless(world: World) -> None:
    first = waiting(world)
    for _time in range(3):
        assert leave(world, first, Scope.ALL)
    with world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Suppression)) == 1
        assert session.scalars(select(Event.type)).all() == [EventType.UNSUBSCRIBED]
        assert verify_ledger(session, TENANT) is None
        assert len(history(session, tenant_id=TENANT, contact_id=1)) == len(BOTH) + 3 * len(Purpose)
    assert reasons(world, 1) == ["withdrawn"] * 4


def test_a_message_nobody_knows_is_nothing_to_leave(small_world: World) -> None:
    assert not leave(small_world, 999, Scope.ALL)


def test_the_next_campaign_leaves_them_out_with_the_reason(small_world: World) -> None:
    world = small_world
    first = waiting(world)
    leave(world, first, Scope.ALL)
    later = world.approved(promotion(1))
    world.run(later)
    assert dict(world.ledger(later).skipped_by_reason) == {"suppressed": 1}


def test_order_mail_still_comes(small_world: World) -> None:
    world = small_world
    leave(world, waiting(world), Scope.ALL)
    add_order(world.app, 1, 1, events=["paid"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    assert [email.email_type for email in world.outbox.sent] == [EmailType.TRANSACTIONAL]


@pytest.mark.parametrize("written", ["orang1@surat.example", "Orang1@Surat.Example", "orang1@SURAT.example"])
def test_an_import_under_another_number_meets_the_list(world: World, written: str) -> None:
    """A person who left all and comes back in the catalogue as somebody else is known by the address."""
    leave(world, waiting(world), Scope.ALL)
    key = world.app.settings.signing_key
    with world.app.database.write() as session:
        session.execute(update(Message).where(Message.contact_id == 1).values(address_id=None))
        session.execute(delete(Address).where(Address.contact_id == 1))
    record = ContactRecord(
        external_id="B-77", name="Orang", kind=BuyerKind.MASYARAKAT, locale="id", zone="Asia/Makassar", preferences={},
        addresses={ChannelName.EMAIL: written}, consents=(), content_hash="x",
    )  # fmt: skip
    with world.app.database.write() as session:
        upsert_contacts(session, [record], tenant_id=TENANT, source="katalog", signing_key=key, now=world.clock())
    later = world.approved(promotion(1))
    world.run(later)
    assert world.ledger(later).skipped_by_reason["suppressed"] == 1
