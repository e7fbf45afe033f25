"""SendGrid tells what became of mails: believed by its signature, once, in any order, and of our own messages only."""

import random
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from marketing.db.models import (
    ChannelAccount,
    ConsentNow,
    ConsentRecord,
    Event,
    MailFeedback,
    Message,
    RawFeedback,
    Suppression,
)
from marketing.domain.account import AccountState
from marketing.domain.consent import ConsentState
from marketing.domain.events import EventType
from marketing.domain.message import MessageState
from marketing.domain.types import Purpose
from marketing.web import paths
from marketing.web.app import create_app
from tests.functional.web.visits import Answer
from tests.support.feedback import BLOCKED, HARD, SOFT, SendGridAccount, body_of, sent_campaign
from tests.support.world import World, messages

S = MessageState


class Posts:
    """Posts as SendGrid does."""

    def __init__(self, client: TestClient, account: SendGridAccount) -> None:
        self.client, self.account = client, account

    def raw(self, body: bytes, headers: dict[str, str] | None = None, *, to: int = 0, age: int = 0) -> Answer:
        signed = self.account.signed(body, age=age) if headers is None else headers
        return self.client.post(
            paths.mail_webhook(to or self.account.id),
            content=body,
            headers=signed | {"Content-Type": "application/json"},
        )

    def __call__(self, *events: dict[str, Any]) -> None:
        assert self.raw(body_of(events)).status_code == 204


@pytest.fixture
def post(small_world: World) -> Iterator[Posts]:
    with TestClient(create_app(small_world.app), base_url="https://siar.example") as client:
        yield Posts(client, SendGridAccount(small_world))


@pytest.fixture
def post_on_both(world: World) -> Iterator[Posts]:
    with TestClient(create_app(world.app), base_url="https://siar.example") as client:
        yield Posts(client, SendGridAccount(world))


def states(world: World) -> list[MessageState]:
    return [message.state for message in messages(world)]


def reasons(world: World) -> dict[str, int]:
    with world.app.database.read() as session:
        return dict(session.execute(select(Suppression.reason, func.count()).group_by(Suppression.reason)).all())


def test_the_life_of_three_messages(world: World, post_on_both: Posts) -> None:
    post = post_on_both
    sent_campaign(world, 3)
    first, second, third = (message.id for message in messages(world))
    event = post.account.event
    post(
        event(first, "processed"),
        event(first, "delivered"),
        event(second, "bounce", **HARD),
        event(third, "delivered"),
        event(third, "spamreport"),
        event(first, "open"),
        event(first, "click", url="https://x.example"),
    )
    assert states(world) == [S.DELIVERED, S.BOUNCED, S.COMPLAINED]
    assert reasons(world) == {"hard_bounce": 1, "complaint": 1}
    with world.app.database.read() as session:
        bounced = session.get_one(Message, second)
        assert (bounced.reason, bounced.detail) == ("bounce_hard", "5.1.1")
        kinds = session.scalars(select(Event.type).where(Event.message_id == first).order_by(Event.id)).all()
        assert set(kinds) == {EventType.ACCEPTED, EventType.DELIVERED}
        assert session.scalar(select(func.count(RawFeedback.event_id))) == 5


def test_what_is_told_again_changes_nothing(world: World, post_on_both: Posts) -> None:
    post = post_on_both
    sent_campaign(world, 2)
    one, two = (message.id for message in messages(world))
    events = [
        post.account.event(one, "bounce", **HARD),
        post.account.event(two, "group_unsubscribe"),
        post.account.event(two, "spamreport"),
    ]
    post(*events)

    def kept() -> list[Any]:
        with world.app.database.read() as session:
            counts = [
                session.scalar(select(func.count()).select_from(table))
                for table in (Event, MailFeedback, ConsentRecord)
            ]
            return [*counts, states(world), reasons(world)]

    before = kept()
    for _turn in range(3):
        random.Random(1).shuffle(events)
        post(*events, *events)
    assert kept() == before


def test_in_whatever_order_the_story_ends_the_same(small_world: World, post: Posts) -> None:
    world = small_world
    names: tuple[tuple[str, dict[str, str]], ...] = (
        ("processed", {}),
        ("deferred", {}),
        ("delivered", {}),
        ("bounce", SOFT),
    )
    sent_campaign(world, 24)
    orders = list(zip(permutations(names), messages(world), strict=True))
    for place in range(len(names)):
        post(*(post.account.event(message.id, order[place][0], **order[place][1]) for order, message in orders))
    assert set(states(world)) == {S.BOUNCED}
    assert reasons(world) == {}


def test_an_event_settles_what_our_own_record_does_not_know_yet(small_world: World, post: Posts) -> None:
    world = small_world
    unsure = (S.SENDING, S.UNKNOWN, S.QUEUED, S.DEFERRED)
    sent_campaign(world, len(unsure))
    with world.app.database.write() as session:
        for state, message in zip(unsure, messages(world), strict=True):
            row = session.get_one(Message, message.id)
            row.state, row.settled_at, row.lease_owner, row.provider_id = state, None, "pekerja", None
    post(*(post.account.event(message.id, "bounce", **HARD) for message in messages(world)))
    for after in messages(world):
        assert (after.state, after.lease_owner, after.provider_id) == (S.BOUNCED, None, "abc")
        assert after.settled_at is not None


def test_five_soft_bounces_without_a_delivery_are_a_dead_address(world: World, post_on_both: Posts) -> None:
    post = post_on_both
    sent_campaign(world, 1)
    (first,) = messages(world)
    ids = [first.id, *_more_messages(world, first, 7)]
    for message_id in ids[:4]:
        post(post.account.event(message_id, "bounce", **SOFT), post.account.event(message_id, "bounce", **SOFT))
    world.clock.forward(days=1)
    post(post.account.event(ids[4], "delivered"))
    world.clock.forward(days=1)
    for message_id in ids[5:8]:
        post(post.account.event(message_id, "bounce", **SOFT))
    assert reasons(world) == {}  # a delivery in between, and one message counts once
    for message_id in _more_messages(world, first, 2, start=20):
        post(post.account.event(message_id, "bounce", **SOFT))
    assert reasons(world) == {"soft_bounces": 1}


def _more_messages(world: World, like: Message, number: int, start: int = 0) -> list[int]:
    """Write messages that the same person got before."""
    with world.app.database.write() as session:
        rows = [
            Message(
                tenant_id=like.tenant_id, campaign_id=like.campaign_id, version=1, contact_id=like.contact_id,
                address_id=like.address_id, channel=like.channel, trigger=f"t{start + turn}", state=S.ACCEPTED, context={},
                queued_at=world.clock(), settled_at=world.clock(), attempt=1,
            )
            for turn in range(number)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def test_blocks_and_technical_faults_suppress_nobody(small_world: World, post: Posts) -> None:
    world = small_world
    sent_campaign(world, 2)
    one, two = (message.id for message in messages(world))
    post(
        post.account.event(one, "bounce", **BLOCKED),
        post.account.event(two, "bounce", type="bounce", bounce_classification="Technical Failure"),
    )
    assert [message.reason for message in messages(world)] == ["bounce_block", "bounce_technical"]
    assert reasons(world) == {}


def test_leaving_there_is_leaving_here_and_coming_back_there_is_no_consent(small_world: World, post: Posts) -> None:
    world = small_world
    _campaign, (one, two) = sent_campaign(world, 2)
    first, second = (message.id for message in messages(world))
    post(
        post.account.event(first, "group_unsubscribe", asm_group_id=1),
        post.account.event(second, "unsubscribe"),
    )
    post(post.account.event(first, "group_resubscribe"), post.account.event(second, "group_resubscribe"))
    with world.app.database.read() as session:
        standing = select(ConsentNow.purpose).where(ConsentNow.state == ConsentState.WITHDRAWN)
        assert session.scalars(standing.where(ConsentNow.contact_id == one)).all() == [Purpose.PROMOTIONAL]
        assert set(session.scalars(standing.where(ConsentNow.contact_id == two))) == set(Purpose)
        line = session.scalars(
            select(ConsentRecord).where(ConsentRecord.contact_id == one).order_by(ConsentRecord.id.desc())
        ).first()
        assert line is not None
        assert line.source == "sendgrid"
        assert line.evidence["message"] == first
    assert reasons(world) == {"unsubscribe_all": 1}


def test_a_no_that_comes_late_does_not_undo_a_newer_yes(small_world: World, post: Posts) -> None:
    world = small_world
    _campaign, (one,) = sent_campaign(world, 1)
    (message,) = messages(world)
    late = post.account.event(message.id, "group_unsubscribe")
    world.clock.forward(hours=2)
    with world.app.database.write() as session:
        session.get_one(ConsentNow, (one, Purpose.PROMOTIONAL)).at = world.clock()
    post(late)
    with world.app.database.read() as session:
        assert session.get_one(ConsentNow, (one, Purpose.PROMOTIONAL)).state is ConsentState.GIVEN


def test_a_complaint_outweighs_a_leaving_that_the_person_could_lift(world: World, post_on_both: Posts) -> None:
    post = post_on_both
    sent_campaign(world, 1)
    (message,) = messages(world)
    post(post.account.event(message.id, "unsubscribe"))
    post(post.account.event(message.id, "spamreport"))
    assert reasons(world) == {"complaint": 1}


def test_an_open_by_software_is_taken_off_the_opens_we_counted(small_world: World, post: Posts) -> None:
    world = small_world
    sent_campaign(world, 1)
    (message,) = messages(world)
    with world.app.database.write() as session:
        for number, seconds in enumerate((0, 3_600)):
            session.add(
                Event(
                    tenant_id=message.tenant_id, event_id=f"o{number}", type=EventType.OPENED, campaign_id=message.campaign_id,
                    message_id=message.id, machine=False, at=world.clock.now.replace(hour=1 + seconds // 3_600),
                )
            )  # fmt: skip
    post(post.account.event(message.id, "open", sg_machine_open=True))
    with world.app.database.read() as session:
        assert session.scalars(
            select(Event.machine).where(Event.type == EventType.OPENED).order_by(Event.id)
        ).all() == [
            True,
            False,
        ]


def test_nobody_else_is_believed(small_world: World, post: Posts) -> None:
    world = small_world
    sent_campaign(world, 1)
    (message,) = messages(world)
    body = body_of([post.account.event(message.id, "bounce", **HARD)])
    keyless = post.account.add({})
    foreign = SendGridAccount(world)
    signed = post.account.signed(body)
    refused = [
        post.raw(body, {}),
        post.raw(body + b" ", signed),
        post.raw(body, age=301),
        post.raw(body, age=-301),
        post.raw(body, foreign.signed(body)),
        post.raw(body, to=keyless),
        post.raw(body, to=keyless + 1_000),
        post.raw(b"", {}),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert post.raw(b"x" * 10_000_000).status_code == 413
    assert post.raw(b"<html>").status_code == 400
    with world.app.database.write() as session:
        session.get_one(ChannelAccount, post.account.id).state = AccountState.REMOVED
    assert post.raw(body).status_code == 403
    assert states(world) == [S.ACCEPTED]


def test_another_daerahs_account_says_nothing_of_our_messages(small_world: World, post: Posts) -> None:
    world = small_world
    sent_campaign(world, 1)
    (message,) = messages(world)
    blitar = Posts(post.client, SendGridAccount(world, tenant="blitar"))
    blitar(blitar.account.event(message.id, "bounce", **HARD), blitar.account.event(10**9, "bounce", **HARD))
    assert states(world) == [S.ACCEPTED]
    assert reasons(world) == {}


def test_what_is_strange_in_a_batch_stops_nothing_else_in_it(world: World, post_on_both: Posts) -> None:
    post = post_on_both
    sent_campaign(world, 1)
    (message,) = messages(world)
    good = post.account.event(message.id, "delivered")
    post(
        {}, {"event": None}, good | {"sg_event_id": None, "timestamp": "x"}, good | {"siar": "7.x"},
        post.account.event(message.id, "bounce", reason="\ud800\0", status=[1], type={"a": 1}), good,
    )  # fmt: skip
    assert states(world) == [S.BOUNCED]
