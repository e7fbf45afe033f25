"""Meta tells of WhatsApp: believed by its signature over the raw body, once, in any order; STOP ends it and is answered once."""

import json
import logging
import random
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from marketing.bootstrap import App
from marketing.channels.pace import Pace
from marketing.channels.whatsapp.cloud import WhatsAppMessenger, opening
from marketing.contacts.addresses import address_hash
from marketing.db.models import (
    Address,
    Campaign,
    ChannelAccount,
    ConsentNow,
    Event,
    Message,
    ProviderEvent,
    Suppression,
    WhatsAppTemplate,
)
from marketing.demo.simulators.graph import APP_SECRET
from marketing.demo.simulators.server import Fault
from marketing.demo.simulators.whatsapp import WhatsAppServer, proved, signed
from marketing.domain.account import AccountState
from marketing.domain.consent import ConsentState
from marketing.domain.message import MessageState
from marketing.domain.sealing import Sealer
from marketing.domain.types import ChannelName, Purpose
from marketing.domain.whatsapp_template import TemplateState
from marketing.queue import TaskName
from marketing.social.whatsapp_numbers import WhatsAppNumbers
from marketing.web.app import create_app
from marketing.whatsapp import look_after, templates_of
from tests.functional.web.visits import Answer
from tests.support.whatsapp import PERSON, VERIFY, office, template
from tests.support.world import TENANT, World, add_contact, add_product, promotion

HOOK = "/webhook/meta"
_numbers = count(1)


class Office:
    """A connected number, people with consent, and Meta's post."""

    def __init__(self, world: World, server: WhatsAppServer, client: TestClient) -> None:
        self.world, self.server, self.client = world, server, client
        self.app: App = world.app

    @cached_property
    def campaign_id(self) -> int:
        campaign_id = self.world.approved(promotion(add_product(self.app, 1)))
        with self.app.database.write() as session:
            session.get_one(Campaign, campaign_id).purpose = Purpose.WHATSAPP_MARKETING
        return campaign_id

    def contact(self, digits: str = PERSON) -> int:
        contact_id = add_contact(self.app, next(_numbers), Purpose.WHATSAPP_MARKETING)
        with self.app.database.write() as session:
            hashed = address_hash(self.app.settings.signing_key, TENANT, f"+{digits}")
            phone = {"channel": ChannelName.WHATSAPP, "normalised": f"+{digits}", "hash": hashed}
            session.add(Address(tenant_id=TENANT, contact_id=contact_id, **phone))
        return contact_id

    def sent(self, contact_id: int, digits: str = PERSON) -> int:
        """Send a template to a contact, as the engine does; returns the message's row, which holds the outcome."""
        campaign_id = self.campaign_id
        with self.app.database.write() as session:
            address = session.scalars(
                select(Address).where(Address.contact_id == contact_id, Address.channel == ChannelName.WHATSAPP)
            ).one()
            row = Message(
                tenant_id=TENANT, campaign_id=campaign_id, version=1, contact_id=contact_id, address_id=address.id,
                channel=ChannelName.WHATSAPP, state=MessageState.SENDING, context={}, attempt=1, queued_at=self.world.clock(),
            )  # fmt: skip
            session.add(row)
            session.flush()
            row_id = row.id
        numbers = WhatsAppNumbers(self.app.database, Sealer((self.app.settings.signing_key,)), self.world.clock)
        courier = WhatsAppMessenger(numbers, Pace(), opening(APP_SECRET, self.server.url))
        (outcome,) = courier.send([template(digits, reference=self.app.signer.reference(row_id))])
        accepted = getattr(outcome, "provider_id", None)
        with self.app.database.write() as session:
            row = session.get_one(Message, row_id)
            row.state, row.provider_id = MessageState.ACCEPTED if accepted else MessageState.UNKNOWN, accepted
        return row_id

    def raw(self, body: bytes, **headers: str) -> Answer:
        return self.client.post(HOOK, content=body, headers=headers)

    def post(self, payload: Any) -> int:
        body, headers = signed(payload)
        return self.client.post(HOOK, content=body, headers=headers).status_code

    def state(self, row_id: int) -> MessageState:
        with self.app.database.read() as session:
            return session.get_one(Message, row_id).state

    def rows(self, model: Any) -> list[Any]:
        with self.app.database.read() as session:
            return list(session.scalars(select(model)))

    def consent(self, contact_id: int) -> ConsentState:
        with self.app.database.read() as session:
            return session.scalars(
                select(ConsentNow.state).where(
                    ConsentNow.contact_id == contact_id, ConsentNow.purpose == Purpose.WHATSAPP_MARKETING
                )
            ).one()

    def answers(self) -> list[str]:
        return [str(one.content["body"]) for one in self.server.sent if one.kind == "text"]


@pytest.fixture
def at(small_world: World) -> Iterator[Office]:
    with WhatsAppServer() as server:
        app = office(small_world, server)
        with TestClient(create_app(app), base_url="https://siar.example") as client:
            yield Office(small_world, server, client)


def test_meta_verifies_the_address_with_the_token_that_was_typed_in(at: Office) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    answer = at.client.get(HOOK, params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    for wrong in (
        {"hub.verify_token": "salah"},
        {"hub.mode": "x"},
        {"hub.challenge": "<script>"},
        {"hub.verify_token": ""},
    ):
        assert at.client.get(HOOK, params=asked | wrong).status_code == 403


def test_what_meta_did_not_sign_changes_nothing(at: Office) -> None:
    row = at.sent(at.contact())
    body, headers = signed(at.server.hooks[1])
    proof = headers["X-Hub-Signature-256"]
    forged = [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": proof[:-1] + ("1" if proof.endswith("0") else "0")},
        {"X-Hub-Signature-256": proof[7:]},
    ]
    assert [at.raw(body, **one).status_code for one in forged] == [403] * 4
    assert at.raw(body + b" ", **headers).status_code == 403
    assert at.raw(b"x" * (3 * 1024 * 1024 + 1), **headers).status_code == 413
    assert at.state(row) is MessageState.ACCEPTED
    assert at.rows(ProviderEvent) == []


def test_deep_and_crooked_bodies_are_read_without_harm(at: Office) -> None:
    nothings: list[Any] = [[], "x", 7, None, {}, {"object": 3}]
    assert {at.post(payload) for payload in nothings} == {400}
    values: list[Any] = [None, [], "x", {"statuses": [{"id": [1], "status": {}, "timestamp": True}, 3]}, {"messages": {"a": 1}},
                  {"messages": [{"from": "62\u0000", "id": "\ud800", "timestamp": "9" * 400}]},
                  {"user_preferences": [None, {"wa_id": 5}]}]  # fmt: skip
    for value in values:
        for name in ("messages", "user_preferences", "message_template_status_update", "", 4):
            entry = {"id": "102290129340398", "changes": [{"field": name, "value": value}, 5]}
            assert at.post({"object": "whatsapp_business_account", "entry": [entry, None]}) == 200
    deep = b'{"object": "whatsapp_business_account", "entry": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert at.raw(deep, **proved(deep)).status_code == 400


def test_statuses_in_any_order_and_often_come_to_the_same(at: Office) -> None:
    shuffled = random.Random(7)
    for number in range(6):
        digits = f"62812000000{number:02d}"
        row = at.sent(at.contact(digits), digits)
        hooks, at.server.hooks = at.server.hooks * 2, []
        shuffled.shuffle(hooks)
        assert {at.post(hook) for hook in hooks} == {200}
        assert at.state(row) is MessageState.DELIVERED
        with at.app.database.read() as session:
            told = session.scalars(select(Event.type).where(Event.message_id == row)).all()
        assert len(told) == len(set(told)), "the same status twice is one event"


def test_a_lost_answer_is_settled_by_the_status_that_names_our_reference(at: Office) -> None:
    at.server.break_next("/messages", Fault.DROP_ANSWER)
    row = at.sent(at.contact())
    assert at.state(row) is MessageState.UNKNOWN
    at.post(at.server.hooks[1])
    assert at.state(row) is MessageState.DELIVERED
    assert len(at.server.sent) == 1


def test_stop_ends_it_at_once_and_is_answered_once(at: Office) -> None:
    contact = at.contact()
    at.server.writes(PERSON, "Berhenti")
    hook = at.server.hooks[-1]
    assert [at.post(hook) for _time in range(3)] == [200] * 3
    assert at.consent(contact) is ConsentState.WITHDRAWN
    (words,) = at.answers()
    assert "Sudah kami hentikan" in words
    at.server.writes("6281999999999", "Apakah masih ada tenun merah?")
    at.post(at.server.hooks[-1])
    assert len(at.answers()) == 1


def test_a_stop_older_than_meta_repeats_is_left(at: Office) -> None:
    contact = at.contact()
    at.server.writes(PERSON, "STOP")
    at.world.clock.now += timedelta(days=9)
    assert at.post(at.server.hooks[-1]) == 200
    assert at.consent(contact) is ConsentState.GIVEN


def test_a_stop_that_cannot_be_answered_is_a_stop(at: Office) -> None:
    contact = at.contact()
    at.server.writes(PERSON, "STOP")
    at.server.tokens.clear()
    assert at.post(at.server.hooks[-1]) == 200
    assert at.consent(contact) is ConsentState.WITHDRAWN


def test_stopping_marketing_inside_whatsapp_is_a_withdrawal_and_resuming_is_no_consent(at: Office) -> None:
    contact = at.contact()
    at.server.chooses(PERSON, "stop")
    at.server.chooses(PERSON, "resume")
    assert {at.post(hook) for hook in at.server.hooks * 2} == {200}
    assert at.consent(contact) is ConsentState.WITHDRAWN


def test_131050_suppresses_the_number(at: Office) -> None:
    contact = at.contact()
    at.server.person(PERSON).stopped_marketing = True
    at.sent(contact)
    assert {at.post(hook) for hook in at.server.hooks * 2} == {200}
    assert at.consent(contact) is ConsentState.WITHDRAWN
    assert [one.channel for one in at.rows(Suppression)] == [ChannelName.WHATSAPP]


def test_a_payment_fault_told_twice_pauses_the_number_once(at: Office) -> None:
    at.server.paid = False
    at.sent(at.contact())
    hook = at.server.hooks[-1]
    at.post(hook)
    (account,) = at.rows(ChannelAccount)
    assert account.state is AccountState.PAUSED
    assert "Pembayaran" in account.state_reason
    with at.app.database.write() as session:
        session.get_one(ChannelAccount, account.id).state = AccountState.ACTIVE  # a person has paid
    at.post(hook)
    assert at.rows(ChannelAccount)[0].state is AccountState.ACTIVE


def test_what_is_unknown_is_kept_once_and_names_nobody(at: Office) -> None:
    at.server.tell("kabar_baru", {"event": "SOMETHING_NEW", "phone": PERSON, "name": "Ibu Ani", "text": "Halo rahasia"})
    at.server.tell("phone_number_quality_update", {"event": "DOWNGRADE", "current_limit": "TIER_250"})
    assert [at.post(hook) for hook in at.server.hooks * 2] == [200] * 4
    kept = {one.kind: one.payload for one in at.rows(ProviderEvent)}
    assert set(kept) == {"kabar_baru", "phone_number_quality_update"}
    assert kept["kabar_baru"]["event"] == "SOMETHING_NEW"
    told = json.dumps(kept)
    assert not any(word in told for word in (PERSON, "Ani", "rahasia"))
    asked = [ids for task, ids in at.world.tasks.asked if task is TaskName.WHATSAPP_TEMPLATES]
    assert asked == [{"tenant_id": TENANT}], "a changed limit is asked for, once"
    at.world.clock.now += timedelta(days=31)
    look_after(at.app, TENANT)
    assert at.rows(ProviderEvent) == []


def test_a_number_that_is_not_ours_touches_nobody(at: Office) -> None:
    contact = at.contact()
    at.server.writes(PERSON, "STOP")
    other = json.loads(
        json.dumps(at.server.hooks[-1]).replace("106540352242922", "999").replace("102290129340398", "998")
    )
    assert at.post(other) == 200
    assert at.post({"object": "page", "entry": [{"id": "1"}]}) == 200
    assert at.consent(contact) is ConsentState.GIVEN
    assert at.rows(ProviderEvent) == []


def test_what_meta_decides_about_a_template_is_known_at_once_and_in_order(at: Office) -> None:
    assert templates_of(at.app).sync(TENANT) == 2
    at.world.clock.now = at.server.pass_time(timedelta(minutes=5))
    at.server.decides("promo_umkm", "PAUSED")
    at.server.now += timedelta(minutes=5)
    at.server.decides("promo_umkm", "APPROVED")
    at.server.recategorises("pesanan_dikirim", "MARKETING")
    for hook in reversed(at.server.hooks):
        assert at.post(hook) == 200
    found = {one.name: one for one in at.rows(WhatsAppTemplate)}
    assert found["promo_umkm"].state is TemplateState.APPROVED, "the older word came last"
    moved = found["pesanan_dikirim"]
    assert (moved.category, moved.previous_category) == ("marketing", "utility")


def test_no_log_holds_what_people_wrote(at: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    at.contact()
    at.server.writes(PERSON, "STOP")
    at.post(at.server.hooks[-1])
    with at.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Event)) is not None
    written = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("sqlalchemy"))
    assert PERSON not in written
    assert APP_SECRET not in written
