"""The relay's log settles what is in doubt: taken over, returned or never arrived; through rotation, and by our own ids alone."""

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from marketing.db.models import ChannelAccount, MailFeedback, Message
from marketing.delivery.log_following import LogFollower
from marketing.delivery.relay_log import LogMemory, LogResult
from marketing.domain.account import AccountState
from marketing.domain.events import event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource
from marketing.domain.message import MessageState
from marketing.domain.missed import NEVER_ARRIVED
from marketing.domain.types import ChannelName
from marketing.feedback import intake_of, relay_log_of
from tests.support.feedback import sent_campaign
from tests.support.world import TENANT, World, messages

S = MessageState


def in_doubt(world: World, people: int, state: MessageState = S.UNKNOWN) -> list[int]:
    """Send to so many people, and forget what the relay answered."""
    campaign_id, _contacts = sent_campaign(world, people)
    with world.app.database.write() as session:
        session.execute(
            update(Message)
            .where(Message.campaign_id == campaign_id)
            .values(state=state, reason="no_answer", handed_over_at=world.clock(), settled_at=None)
        )
        return list(session.scalars(select(Message.id).where(Message.campaign_id == campaign_id).order_by(Message.id)))


def stamped(at: datetime, said: str) -> str:
    return f"{at.isoformat()} relai postfix/{said}\n"


def named(world: World, message_id: int, queue_id: str) -> str:
    reference = world.app.signer.reference(message_id)
    return stamped(world.clock(), f"cleanup[1]: {queue_id}: message-id=<{reference}@promo.example>")


def taken(world: World, message_id: int, queue_id: str) -> str:
    queued = stamped(world.clock(), f"qmgr[1]: {queue_id}: from=<a@promo.example>, size=1, nrcpt=1 (queue active)")
    return named(world, message_id, queue_id) + queued


def states(world: World) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in messages(world)]


def read(world: World, text: str, memory: LogMemory | None = None) -> LogResult:
    return relay_log_of(world.app).read(text.encode().splitlines(), memory or LogMemory())


def test_what_the_relay_has_is_accepted_and_what_came_back_is_returned(small_world: World) -> None:
    world = small_world
    first, second, third = in_doubt(world, 3)
    bounced = stamped(
        world.clock(),
        "smtp[1]: QB000: to=<orang@surat.example>, relay=mx, dsn=5.1.1, status=bounced (550 5.1.1 <orang@surat.example>: tidak ada)",
    )
    text = taken(world, first, "QA000") + taken(world, second, "QB000") + bounced + named(world, third, "QC000")
    for _time in range(2):
        read(world, text)
        assert [state for state, _reason in states(world)] == [S.ACCEPTED, S.BOUNCED, S.UNKNOWN]
    with world.app.database.read() as session:
        kept = session.scalars(select(MailFeedback)).all()
        assert sorted(row.source for row in kept) == [FeedbackSource.RELAY_LOG] * 2
        assert not any("orang@" in row.detail for row in kept)


def test_forged_numbers_and_strangers_settle_nothing(small_world: World) -> None:
    world = small_world
    (message_id,) = in_doubt(world, 1)
    text = taken(world, message_id, "QA000").replace(world.app.signer.reference(message_id), "1.AAAAAAAAAAAAAAAA")
    assert read(world, text).ours == 0
    reused = taken(world, message_id, "QA000").splitlines(keepends=True)[0]
    stranger = stamped(world.clock(), "cleanup[1]: QA000: message-id=<lain@lain.example>")
    queued = stamped(world.clock(), "qmgr[1]: QA000: from=<x@y.example>, size=1, nrcpt=1 (queue active)")
    read(world, reused + stranger + queued)
    assert states(world) == [(S.UNKNOWN, "no_answer")]


def test_what_the_log_does_not_name_never_arrived_but_only_where_it_must_have_been_named(small_world: World) -> None:
    world = small_world
    first, second = in_doubt(world, 2)
    before = stamped(world.clock() - timedelta(minutes=30), "qmgr[1]: QX000: removed")
    seen = taken(world, first, "QA000")
    soon = stamped(world.clock() + timedelta(minutes=5), "qmgr[1]: QX000: removed")
    later = stamped(world.clock() + timedelta(minutes=30), "qmgr[1]: QX000: removed")
    assert read(world, before + seen + soon).never_arrived == 0  # too soon to say
    assert read(world, seen + later).never_arrived == 0  # not read from before the handing over
    with world.app.database.write() as session:
        account = ChannelAccount(
            tenant_id=TENANT, channel=ChannelName.EMAIL, provider="smtp", remote_id="x", name="x", state=AccountState.REMOVED,
            sealed_credentials="", settings={}, created_at=world.clock(), updated_at=world.clock(),
        )  # fmt: skip
        session.add(account)
    assert read(world, before + seen + later).never_arrived == 0  # it may have gone another way
    with world.app.database.write() as session:
        session.delete(session.merge(account))
    assert read(world, before + seen + later).never_arrived == 1
    assert states(world) == [(S.ACCEPTED, ""), (S.FAILED, NEVER_ARRIVED)]
    told = Feedback(event_id("x", 1), second, FeedbackKind.DELIVERED, world.clock(), FeedbackSource.SENDGRID)
    intake_of(world.app).take(TENANT, [told])  # something tells otherwise: it is believed
    assert states(world)[1][0] == S.DELIVERED


def test_what_a_worker_still_has_in_hand_is_looked_at_again(small_world: World) -> None:
    world = small_world
    (message_id,) = in_doubt(world, 1, S.SENDING)
    memory = LogMemory()
    assert read(world, taken(world, message_id, "QA000"), memory).accepted == 0
    with world.app.database.write() as session:
        session.get_one(Message, message_id).state = S.UNKNOWN  # the worker was dead
    assert read(world, "", memory).accepted == 1


def test_a_file_is_followed_through_rotation_and_truncation(small_world: World, tmp_path: Path) -> None:
    world = small_world
    ids = in_doubt(world, 6)
    path, queue = tmp_path / "mail.log", [f"Q{number}000" for number in range(6)]
    follower = LogFollower(path, tmp_path / "tempat.json", relay_log_of(world.app))

    def accepted() -> int:
        result = follower.read()
        assert result is not None
        return result.accepted

    path.write_text(taken(world, ids[0], queue[0]) + named(world, ids[1], queue[1]))
    assert accepted() == 1
    assert accepted() == 0
    rest = taken(world, ids[1], queue[1]).splitlines(keepends=True)[1]
    with path.open("a") as file:
        file.write(rest[:20])
    assert accepted() == 0  # half a line
    with path.open("a") as file:
        file.write(rest[20:] + taken(world, ids[2], queue[2]))
    path.rename(tmp_path / "mail.log.1")
    path.write_text(stamped(world.clock(), "qmgr[1]: QX000: removed") + taken(world, ids[3], queue[3]))
    assert accepted() == 3
    path.write_text(taken(world, ids[4], queue[4]))  # truncated and begun anew
    assert accepted() == 1
    (tmp_path / "tempat.json").write_bytes(b"\xff{")
    path.write_bytes(path.read_bytes() + b"\xff\xfe" * 40_000 + b"\n" + taken(world, ids[5], queue[5]).encode())
    assert accepted() == 1
    assert "@" not in (tmp_path / "tempat.json").read_text()


REACHED = {FeedbackKind.ACCEPTED: S.ACCEPTED, FeedbackKind.DELIVERED: S.DELIVERED, FeedbackKind.BOUNCED: S.BOUNCED}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*REACHED, FeedbackKind.DEFERRED]), max_size=4))
def test_a_providers_events_settle_what_is_in_doubt_in_any_order(small_world: World, kinds: list[FeedbackKind]) -> None:
    world = small_world
    rows = messages(world)
    message_id = rows[0].id if rows else in_doubt(world, 1)[0]
    with world.app.database.write() as session:
        row = session.get_one(Message, message_id)
        row.state, row.reason = S.UNKNOWN, "no_answer"
    for kind in kinds:
        told = Feedback(
            event_id("acara", world.clock.number()), message_id, kind, world.clock(), FeedbackSource.SENDGRID
        )
        intake_of(world.app).take(TENANT, [told])
    told_of = [REACHED[kind] for kind in kinds if kind in REACHED]
    expected = max(told_of, key=[S.ACCEPTED, S.DELIVERED, S.BOUNCED].index) if told_of else S.UNKNOWN
    assert messages(world)[0].state is expected
