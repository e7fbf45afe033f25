"""STOP in a chat takes effect at once, once, for that channel or for everything, on both engines."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from marketing.contacts import preferences
from marketing.contacts.addresses import address_hash
from marketing.contacts.asking import wordings_now
from marketing.contacts.leaving_by_chat import ChatLeaving, ChatMessage, Left
from marketing.db.models import Address, Answered, ConsentRecord, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.message import MessageState
from marketing.domain.stop_words import StopScope
from marketing.domain.types import ChannelName, Purpose
from marketing.errors import InvalidInputError
from tests.support.subscribing import states
from tests.support.world import TENANT, World, add_contact, add_product, messages, promotion

PHONE = "+6281234567890"


@pytest.fixture(name="maria")
def _maria(world: World) -> int:
    """Somebody with a mailbox and a number who agreed to everything."""
    contact = add_contact(world.app, 1, *Purpose)
    with world.app.database.write() as session:
        session.add(
            Address(
                tenant_id=TENANT,
                contact_id=contact,
                channel=ChannelName.WHATSAPP,
                normalised=PHONE,
                hash=address_hash(world.app.settings.signing_key, TENANT, PHONE),
            )
        )
    return contact


def said(
    world: World, text: str, *, sender: str = "6281234567890", number: str = "wamid.1", **more: str
) -> Left | None:
    chats = ChatLeaving(world.app.database, world.app.settings.signing_key, world.clock)
    channel = ChannelName(more.get("channel", ChannelName.WHATSAPP))
    return chats.leave_by_chat(TENANT, ChatMessage(channel, sender, text, number))


def lines(world: World) -> int:
    with world.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(ConsentRecord)) or 0


def barred(world: World) -> set[tuple[ChannelName, str]]:
    with world.app.database.read() as session:
        rows = session.execute(select(Suppression.channel, Suppression.reason))
        return {(channel, reason) for channel, reason in rows}


def test_stop_ends_the_channel_and_leaves_the_mails(world: World, maria: int) -> None:
    left = said(world, "Stop kak 🙏")
    assert left is not None
    assert (left.scope, left.is_repeat) == (StopScope.CHANNEL, False)
    assert "WhatsApp" in left.reply
    assert "STOP SEMUA" in left.reply
    state = states(world, maria)
    gone = {purpose for purpose in Purpose if state[purpose] is ConsentState.WITHDRAWN}
    assert gone == {Purpose.WHATSAPP_MARKETING, Purpose.SOSIALISASI}
    assert barred(world) == set()


def test_stop_everything_bars_every_address_and_stops_what_waits_in_the_same_transaction(
    world: World, maria: int
) -> None:
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    assert [row.state for row in messages(world)] == [MessageState.QUEUED]
    left = said(world, "STOP SEMUA")
    assert left is not None
    assert left.scope is StopScope.ALL
    assert set(states(world, maria).values()) == {ConsentState.WITHDRAWN}
    assert barred(world) == {(ChannelName.EMAIL, "unsubscribe_all"), (ChannelName.WHATSAPP, "unsubscribe_all")}
    assert [(row.state, row.reason) for row in messages(world)] == [(MessageState.SKIPPED, "withdrawn")]
    world.run(campaign)
    assert world.outbox.sent == []


def test_whoever_switches_the_channel_on_again_is_reached_there_and_nowhere_else(world: World, maria: int) -> None:
    said(world, "STOP SEMUA")
    with world.app.database.write() as session:
        person = preferences.find_person(session, maria)
        assert person is not None
        texts = wordings_now(session, TENANT, [Purpose.WHATSAPP_MARKETING], "id", world.clock())
        wishes = preferences.preferences_of(session, person, "id", world.clock()).wishes
        preferences.change(
            session,
            person,
            agreed=tuple(texts.values()),
            withdrawn=frozenset(),
            wishes=wishes,
            now=world.clock(),
        )
    assert barred(world) == {(ChannelName.EMAIL, "unsubscribe_all")}
    assert states(world, maria)[Purpose.WHATSAPP_MARKETING] is ConsentState.GIVEN


def test_the_same_message_again_changes_nothing_and_needs_no_second_reply(world: World, maria: int) -> None:
    before = lines(world)
    first = said(world, "stop")
    again = said(world, "stop")
    assert first is not None
    assert again == Left(first.scope, first.reply, is_repeat=True)
    assert lines(world) == before + 2
    assert said(world, "stop", number="wamid.2") is not None  # asked anew it is written down anew
    assert lines(world) == before + 4


def test_two_deliveries_of_one_message_at_once_are_one(world: World, maria: int) -> None:
    before = lines(world)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _turn: said(world, "stop"), range(2)))
    assert sorted(one.is_repeat for one in found if one) == [False, True]
    assert lines(world) == before + 2


def test_what_is_no_stop_changes_nothing(world: World, maria: int) -> None:
    before = lines(world)
    assert said(world, "jangan berhenti") is None
    assert said(world, "Madu masih ada?") is None
    assert (lines(world), barred(world)) == (before, set())
    with world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Answered)) == 0


def test_a_chat_that_nobody_knows_is_left_alone_from_now_on(world: World) -> None:
    assert said(world, "berhenti") is not None
    assert said(world, "/stop", sender="123456789", channel=ChannelName.TELEGRAM) is not None
    assert barred(world) == {(ChannelName.WHATSAPP, "unsubscribe_all"), (ChannelName.TELEGRAM, "unsubscribe_all")}


def test_the_ledger_keeps_neither_number_nor_the_id_that_holds_it(world: World, maria: int) -> None:
    said(world, "stop", number="wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABIY")
    with world.app.database.read() as session:
        record = session.scalars(select(ConsentRecord).order_by(ConsentRecord.id.desc())).first()
        kept = session.scalars(select(Answered)).one()
        assert record is not None
        told = f"{record.evidence} {kept.name_hash} {kept.content_hash} {kept.answer}"
    assert "wamid" not in told
    assert "1234567890" not in told
    assert (record.source, record.evidence["scope"]) == ("obrolan", "kanal")


@pytest.mark.parametrize(
    ("channel", "sender"), [(ChannelName.WHATSAPP, "bukan nomor"), (ChannelName.EMAIL, "a@b.example")]
)
def test_a_sender_that_is_none_is_refused(world: World, channel: ChannelName, sender: str) -> None:
    with pytest.raises(InvalidInputError, match="Pengirim"):
        said(world, "stop", sender=sender, channel=channel)
