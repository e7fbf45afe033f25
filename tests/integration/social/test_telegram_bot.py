"""A bot asks for consent in its chat, records what was pressed there, takes STOP, and says everything once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from marketing.bootstrap import App
from marketing.channels.pace import Limit, Pace
from marketing.channels.social import Access, SocialProvider
from marketing.channels.telegram.adapter import TelegramDoor
from marketing.contacts.addresses import address_hash
from marketing.contacts.unsubscribe import UNSUBSCRIBE_ALL
from marketing.db.models import Address, ChannelAccount, ConsentRecord, Contact, ProviderEvent, Suppression
from marketing.demo.simulators import telegram
from marketing.demo.simulators.server import Fault
from marketing.demo.simulators.telegram import TelegramServer
from marketing.domain.consent import ConsentState
from marketing.domain.types import ChannelName, Purpose, Role
from marketing.errors import InvalidInputError
from marketing.social.telegram_bot import POLL, WEBHOOK
from marketing.telegram import bots_of, lines_of
from tests.support.subscribing import states
from tests.support.world import TENANT, World, add_contact

P = Purpose.TELEGRAM_MARKETING
MARIA, YOHANES = 912_345_678, 812_345_679
YES, NO = "Ya, saya setuju", "Tidak"
URL = "https://siar.example/webhook/telegram/1"


class Unhurried(Pace):
    def take(self, limits: Sequence[Limit], *, cost: int = 1) -> None:
        pass


@dataclass
class Office:
    """A world with one bot that asks Telegram for what it was told."""

    world: World
    server: TelegramServer
    app: App
    account: int

    def link(self, contact: int = 0) -> str:
        found = bots_of(self.app).invitation(TENANT, contact)
        assert found is not None
        return found

    def round(self) -> int:
        self.server.meets(MARIA)
        self.server.meets(YOHANES)
        return lines_of(self.app).round(TENANT)

    def said(self, person: int = MARIA) -> list[dict[str, Any]]:
        return self.server.standing(person)

    def asked(self, contact: int = 0, person: int = MARIA) -> dict[str, Any]:
        """Let a person follow a link; returns the message with the two buttons."""
        self.server.people.presses_link(person, self.link(contact))
        assert self.round() == 1
        return self.said(person)[-1]

    def agreed(self, contact: int = 0, person: int = MARIA) -> dict[str, Any]:
        self.server.people.presses(person, self.asked(contact, person), YES)
        assert self.round() == 1
        return self.said(person)[-1]

    def rows(self, table: type) -> int:
        with self.app.database.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def owner(self, person: int = MARIA) -> int:
        with self.app.database.read() as session:
            query = select(Address.contact_id).where(Address.normalised == str(person))
            return session.scalars(query).one()


@pytest.fixture(name="office")
def _office(small_world: World) -> Iterator[Office]:
    yield from opened(small_world)


@pytest.fixture(name="both")
def _both(world: World) -> Iterator[Office]:
    yield from opened(world)


def opened(world: World) -> Iterator[Office]:
    """Yield an office whose only account's bot is asked."""
    with TelegramServer() as server:
        doors = {**world.app.social.publishers.doors, SocialProvider.TELEGRAM: TelegramDoor(Unhurried(), server.url)}
        social = replace(world.app.social, publishers=replace(world.app.social.publishers, doors=doors))
        app = replace(world.app, social=social)
        operator = world.staff(Role.OPERATOR)
        access = Access(SocialProvider.TELEGRAM, str(telegram.CHANNEL), "UMKM TTS", telegram.TOKEN)
        account = social.connect(operator, access)
        assert lines_of(app).switch(operator, account, POLL) == "umkm_tts_bot"
        yield Office(world, server, app, account)


def test_a_link_is_short_enough_for_telegram_and_ends(office: Office) -> None:
    payload = office.link(2**40).partition("?start=")[2]
    assert len(payload) <= 64
    question = office.asked()
    assert question["reply_markup"]["inline_keyboard"][0][0]["text"] == YES
    late = office.link()
    office.world.clock.forward(hours=26)
    office.server.pass_time(timedelta(hours=26))
    office.server.people.presses_link(MARIA, late)
    office.round()
    assert "tidak berlaku" in office.said()[-1]["text"]
    office.server.people.presses(MARIA, question, YES)  # the question was asked in time and may be answered later
    office.round()
    assert office.rows(ConsentRecord) == 1


def test_nothing_is_recorded_before_the_button_is_pressed_and_the_chat_shows_the_whole_text(office: Office) -> None:
    text = office.asked()["text"]
    for word in ("lewat Telegram", "Dasar hukum", "Hak Anda", "versi 2026-1"):
        assert word in text
    assert (office.rows(ConsentRecord), office.rows(Address)) == (0, 0)


def test_a_yes_is_a_line_in_the_ledger_with_its_text_and_its_proof(both: Office) -> None:
    confirmation = both.agreed()
    assert "tercatat" in confirmation["text"]
    assert "/p/" in confirmation["text"]
    assert "reply_markup" not in both.said()[0], "the buttons are gone"
    with both.app.database.read() as session:
        (line,) = session.scalars(select(ConsentRecord))
        (contact,) = session.scalars(select(Contact).where(Contact.id == line.contact_id))
    assert (line.purpose, line.state, line.channel, line.source) == (P, ConsentState.GIVEN, "telegram", "bot")
    assert (line.wording_version, line.language, len(line.wording_hash)) == ("2026-1", "id", 64)
    assert (line.evidence["form"], line.evidence["bot"]) == ("bot", "umkm_tts_bot")
    assert str(MARIA) not in str(line.evidence)
    assert contact.name == "Maria"


def test_a_link_from_the_preference_page_gives_the_chat_to_that_person(office: Office) -> None:
    person = add_contact(office.app, 1, Purpose.PROMOTIONAL)
    office.agreed(person)
    assert office.owner() == person
    assert states(office.world, person)[P] is ConsentState.GIVEN
    other = add_contact(office.app, 2)
    office.server.pass_time(timedelta(minutes=2))
    office.agreed(other)  # a forwarded link does not move a chat to somebody else
    assert office.owner() == person


def test_a_no_and_an_old_button_record_nothing(office: Office) -> None:
    question = office.asked()
    office.server.people.presses(MARIA, question, NO)
    office.server.people.presses(MARIA, question, YES)
    office.round()
    assert [("dicatat" in one["text"], "tidak berlaku" in one["text"]) for one in office.said()[1:]] == [
        (True, False),
        (False, True),
    ]
    assert office.rows(ConsentRecord) == 0


def test_a_button_that_was_shown_to_somebody_else_or_invented_is_worth_nothing(office: Office) -> None:
    question = office.asked()
    data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    office.server.meets(YOHANES)
    for bad in (data, "ya:99999", "ya:-1", "ya:1e9", "ya:²", "", "ya"):
        office.server.people.presses_data(YOHANES, {**question, "chat": {"id": YOHANES, "type": "private"}}, bad)
    office.round()
    assert office.rows(ConsentRecord) == 0


@pytest.mark.parametrize("payload", ["x", "1-0-0", "A" * 64, "../../etc"])
def test_a_forged_payload_asks_nothing(office: Office, payload: str) -> None:
    office.server.people.says(MARIA, f"/start {payload}")
    office.round()
    assert "reply_markup" not in office.said()[-1]
    assert "/langganan/tts/telegram" in office.said()[-1]["text"]


@pytest.mark.parametrize("text", ["STOP", "/stop", "berhenti dong kak", "/stop@umkm_tts_bot"])
def test_stop_withdraws_at_once_and_is_answered_once(office: Office, text: str) -> None:
    office.agreed()
    update = office.server.people.says(MARIA, text)
    office.round()
    assert states(office.world, office.owner())[P] is ConsentState.WITHDRAWN
    assert "dihentikan" in office.said()[-1]["text"] or "hentikan" in office.said()[-1]["text"]
    before, lines = len(office.said()), office.rows(ConsentRecord)
    assert bots_of(office.app).take(office.account, update) is False, "Telegram tells again"
    lines_of(office.app).say_what_waits(TENANT)
    assert (len(office.said()), office.rows(ConsentRecord)) == (before, lines)


def test_whoever_left_everything_comes_back_by_a_new_yes_and_a_complaint_stays(office: Office) -> None:
    office.agreed()
    office.server.people.says(MARIA, "STOP SEMUA")
    office.round()
    office.server.pass_time(timedelta(minutes=2))
    office.agreed()
    assert states(office.world, office.owner())[P] is ConsentState.GIVEN
    with office.app.database.read() as session:
        barred = session.scalars(select(Suppression.reason).where(Suppression.channel == ChannelName.TELEGRAM)).all()
    assert UNSUBSCRIBE_ALL not in barred
    hashed = address_hash(office.app.settings.signing_key, TENANT, str(YOHANES))
    with office.app.database.write() as session:
        channel, now = ChannelName.TELEGRAM, office.world.clock()
        session.add(Suppression(tenant_id=TENANT, channel=channel, address_hash=hashed, reason="complaint", at=now))
    lines = office.rows(ConsentRecord)
    assert "daftar yang tidak boleh dikirimi" in office.agreed(person=YOHANES)["text"]
    assert office.rows(ConsentRecord) == lines


def test_whoever_blocks_the_bot_has_left(office: Office) -> None:
    office.agreed()
    office.server.people.blocks(MARIA)
    assert office.round() == 1
    assert states(office.world, office.owner())[P] is ConsentState.WITHDRAWN


def test_a_block_that_is_found_out_only_at_the_answer_is_taken_as_leaving_too(office: Office) -> None:
    office.agreed()
    office.server.people.says(MARIA, "Madu masih ada?")
    office.server.chats[MARIA].member = False
    office.round()
    assert states(office.world, office.owner())[P] is ConsentState.WITHDRAWN


def test_other_words_get_one_answer_a_day(office: Office) -> None:
    for text in ("Madu masih ada?", "Halo", "", "🍯" * 3000):
        office.server.people.says(MARIA, text)
    office.round()
    assert len(office.said()) == 1
    assert "tidak dibaca petugas" in office.said()[0]["text"]
    office.server.pass_time(timedelta(days=1))
    office.world.clock.forward(hours=24)
    office.server.people.says(MARIA, "Halo lagi")
    office.round()
    assert len(office.said()) == 2


def test_the_same_update_twice_and_two_workers_at_once_are_one(both: Office) -> None:
    question = both.asked()
    update = both.server.people.presses(MARIA, question, YES)
    bots = bots_of(both.app)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _turn: bots.take(both.account, update), range(2)))
    assert sorted(found) == [False, True]
    assert both.rows(ConsentRecord) == 1


def test_what_is_new_to_us_is_kept_without_what_it_says(office: Office) -> None:
    update = {"update_id": 5, "message_reaction_2031": {"user": {"first_name": "Maria"}, "new": [{"emoji": "🍯"}]}}
    bots = bots_of(office.app)
    assert [bots.take(office.account, update) for _time in range(2)] == [True, False]
    with office.app.database.read() as session:
        (event,) = session.scalars(select(ProviderEvent))
    assert (event.kind, event.payload["shape"]["message_reaction_2031"]["user"]) == (
        "message_reaction_2031",
        {"first_name": "str"},
    )


def test_a_group_is_not_listened_to_and_a_bot_put_out_of_its_channel_waits_for_a_person(office: Office) -> None:
    group = {"chat": {"id": -5, "type": "group"}, "from": {"id": MARIA}, "date": 1_795_000_000, "text": "STOP"}
    bots = bots_of(office.app)
    assert bots.take(office.account, {"update_id": 1, "message": group}) is False
    assert office.rows(ProviderEvent) == 0
    out = {"chat": {"id": telegram.CHANNEL, "type": "channel"}, "new_chat_member": {"status": "kicked"}}
    bots.take(office.account, {"update_id": 2, "my_chat_member": out})
    with office.app.database.read() as session:
        account = session.get_one(ChannelAccount, office.account)
    assert (account.state.value, account.state_reason.endswith(".")) == ("reconnect", True)


def test_an_answer_that_certainly_did_not_leave_is_said_later_and_a_lost_one_is_not_said_twice(office: Office) -> None:
    office.server.meets(MARIA)
    office.server.people.says(MARIA, "/start")
    office.server.break_next("/sendMessage", Fault.RATE)
    office.round()
    assert office.said() == []
    office.round()
    assert len(office.said()) == 1
    office.server.pass_time(timedelta(minutes=2))
    office.server.people.says(MARIA, "/start")
    office.server.break_next("/sendMessage", Fault.DROP_ANSWER)
    office.round()
    office.round()
    assert len(office.said()) == 2


def test_a_bot_whose_token_was_revoked_is_asked_once_and_waits_for_a_person(office: Office) -> None:
    office.server.break_next("/getupdates", Fault.TOKEN)
    assert office.round() == 0
    with office.app.database.read() as session:
        account = session.get_one(ChannelAccount, office.account)
    assert (account.state.value, "@BotFather" in account.state_reason) == ("reconnect", True)
    before = len(office.server.asked)
    office.round()
    assert len(office.server.asked) == before


def test_no_number_of_a_chat_stands_readable_while_an_answer_waits(office: Office) -> None:
    office.server.break_next("/sendMessage", Fault.RATE)
    office.server.people.says(MARIA, "/start")
    office.round()
    with office.app.database.read() as session:
        kept = [str(row.payload) + row.key for row in session.scalars(select(ProviderEvent))]
    assert kept
    assert not any(str(MARIA) in text for text in kept)


def test_a_webhook_and_asking_are_never_both(office: Office) -> None:
    operator, lines = office.world.staff(Role.OPERATOR), lines_of(office.app)
    lines.switch(operator, office.account, WEBHOOK, URL)
    assert office.server.people.webhook["secret_token"] == bots_of(office.app).secret(TENANT, office.account)
    office.server.people.says(MARIA, "/start")
    assert office.round() == 0, "whoever has a webhook is not asked"
    lines.switch(operator, office.account, POLL)
    assert office.server.people.webhook == {}
    assert office.round() == 1
    with pytest.raises(InvalidInputError, match="https"):
        lines.switch(operator, office.account, WEBHOOK, "http://localhost:8000/webhook/telegram/1")


def test_a_bot_listens_for_one_account_alone_and_connecting_again_keeps_it_listening(office: Office) -> None:
    operator = office.world.staff(Role.OPERATOR)
    again = Access(SocialProvider.TELEGRAM, str(telegram.CHANNEL), "UMKM TTS", telegram.TOKEN)
    assert office.app.social.connect(operator, again) == office.account
    assert office.link()
    group = office.app.social.connect(operator, replace(again, remote_id="-5", name="Grup"))
    with pytest.raises(InvalidInputError, match="sudah mendengarkan"):
        lines_of(office.app).switch(operator, group, POLL)
