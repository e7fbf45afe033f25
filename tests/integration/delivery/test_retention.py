"""Messages have their time: their sums stay, the ledger balances at every moment, and nothing open is ever removed."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text, update

from marketing.channels.base import Accepted, Failed, SendOutcome
from marketing.db.models import Campaign, Event, Message, MessageRange, MessageSummary
from marketing.db.partitions import partitioned_months
from marketing.db.session import Database
from marketing.delivery import retention as module
from marketing.delivery.retention import MonthFacts, Retention
from marketing.domain.content import OutboundEmail
from marketing.domain.events import EventType
from marketing.domain.message import Ledger, MessageState
from marketing.domain.types import Purpose
from tests.support.postgres import PostgresCluster
from tests.support.world import World, add_contact, add_product, promotion

PEOPLE = 6


def retention(world: World, months: int = 3) -> Retention:
    return Retention(world.app.database, world.clock, months)


def sent_out(world: World) -> int:
    """A campaign of November 2026 that went out to all but one, who refuses."""

    def answer(email: OutboundEmail) -> SendOutcome:
        return Failed(email.key, "smtp_550", "") if email.key.endswith("3") else Accepted(email.key, "id")

    world.outbox.answer = answer  # type: ignore[method-assign]
    for number in range(1, PEOPLE + 1):
        add_contact(world.app, number, *([Purpose.PROMOTIONAL] if number > 1 else []))
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.run(campaign)
    world.app.sweeper.sweep()
    with world.app.database.write() as session:
        message = session.scalars(select(Message).where(Message.state == MessageState.ACCEPTED)).first()
        assert message is not None
        session.add(
            Event(
                tenant_id="tts",
                event_id="klik-1",
                type=EventType.CLICKED,
                campaign_id=campaign,
                message_id=message.id,
                machine=False,
                at=world.clock(),
            )
        )
    return campaign


def numbers(ledger: Ledger) -> tuple[int, dict[MessageState, int], dict[str, int]]:
    return ledger.audience, {k: v for k, v in ledger.by_state.items() if v}, dict(ledger.skipped_by_reason)


def rows(world: World) -> int:
    with world.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(Message)) or 0


def test_the_ledger_and_the_clicks_outlive_the_messages(world: World) -> None:
    campaign = sent_out(world)
    before = world.ledger(campaign)
    assert before.balances
    assert rows(world) >= PEOPLE - 1
    world.clock.now = datetime(2027, 2, 28, 23, 59, tzinfo=UTC)
    assert retention(world).tidy().removed == []
    world.clock.now = datetime(2027, 3, 1, tzinfo=UTC)
    done = retention(world).tidy()
    assert [month for month, number in done.removed if number] == [202611]
    assert (rows(world), done.held, done.busy) == (0, [], False)
    after = world.ledger(campaign)
    assert after.balances
    assert numbers(after) == numbers(before)
    with world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Event).where(Event.campaign_id == campaign)) == 1
        assert session.scalar(select(func.count()).select_from(MessageRange)) == 0
    again = retention(world).tidy()
    assert (again.removed, again.held) == ([], [])


def test_for_ever_means_for_ever(world: World) -> None:
    campaign = sent_out(world)
    held = rows(world)
    world.clock.now = datetime(2066, 1, 1, tzinfo=UTC)
    assert retention(world, 0).tidy().removed == []
    assert rows(world) == held
    assert world.ledger(campaign).balances


@pytest.mark.parametrize("what", ["a range", "a message", "a campaign"])
def test_a_month_in_which_something_is_open_stays(world: World, what: str) -> None:
    campaign = sent_out(world)
    with world.app.database.write() as session:
        if what == "a range":
            assert session.scalar(select(func.count()).select_from(MessageRange)), "the campaign has a range"
            session.execute(update(MessageRange).values(settled_at=None))
        elif what == "a message":
            session.execute(update(Message).values(state=MessageState.QUEUED))
        else:
            session.get_one(Campaign, campaign).state = module.STANDING[0]
    held = rows(world)
    world.clock.now = datetime(2029, 1, 1, tzinfo=UTC)
    done = retention(world).tidy()
    assert (sum(number for _month, number in done.removed), done.held) == (0, [202611])
    assert rows(world) == held
    (month,) = [one for one in retention(world).standing() if one.messages]
    assert (month.due, month.held) == (True, True)


def test_partitions_are_made_ahead_and_early_rows_move_into_them(world: World) -> None:
    on_server = world.app.database.engine.dialect.name == "postgresql"
    campaign = sent_out(world)
    world.clock.now = datetime(2031, 12, 5, tzinfo=UTC)
    with world.app.database.write() as session:
        session.execute(update(Message).values(month=203201))
        session.execute(update(MessageRange).values(month=203201))
    done = retention(world).tidy()
    assert list(done.made) == ([203112, 203201, 203202] if on_server else [])
    with world.app.database.read() as session:
        if on_server:
            assert session.scalar(text("SELECT count(*) FROM message_other")) == 0
            assert session.scalar(text("SELECT count(*) FROM message_203201")) == rows(world) > 0
            assert {203112, 203201, 203202} <= partitioned_months(session).keys()
    assert world.ledger(campaign).balances
    assert list(retention(world).tidy().made) == []
    known = {one.month: one for one in retention(world).standing()}
    size = known[203201].size_bytes
    assert known[203201] == MonthFacts(203201, rows(world), size, due=False, held=False)
    assert (size is not None and size > 0) is on_server


def test_it_goes_by_small_bites_and_may_break_off_between_any_two(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small_world
    campaign = sent_out(world)
    before = world.ledger(campaign)
    with world.app.database.write() as session:
        session.execute(update(Message).values(range_id=None))
        session.execute(update(MessageRange).values(tally=None))
    monkeypatch.setattr(module, "BITE", 1)
    world.clock.now = datetime(2028, 1, 1, tzinfo=UTC)
    total = rows(world)
    engine = world.app.database.engine
    for round_number in range(total):
        commits = iter(range(1000))

        def break_off(_connection: object, commits: Iterator[int] = commits) -> None:
            if next(commits) == 3:  # partitions, ranges, one bite, and then the machine stops
                raise KeyboardInterrupt

        event.listen(engine, "commit", break_off)
        with suppress(KeyboardInterrupt):
            retention(world).tidy()
        event.remove(engine, "commit", break_off)
        assert rows(world) < total or round_number == 0
        ledger = world.ledger(campaign)
        assert ledger.balances
        assert numbers(ledger) == numbers(before)
    retention(world).tidy()
    assert rows(world) == 0
    assert numbers(world.ledger(campaign)) == numbers(before)
    with world.app.database.read() as session:
        assert session.scalar(select(func.sum(MessageSummary.number))) == total


@pytest.mark.postgres
def test_while_messages_are_in_use_nobody_waits_for_the_tidying(
    postgres: PostgresCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World.make(Database(postgres.new_database()), tmp_path)
    sent_out(world)
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.05)
    world.clock.now = datetime(2027, 6, 1, tzinfo=UTC)
    held = rows(world)
    with world.app.database.read() as session:
        session.execute(select(Message.id)).all()  # a long look at the messages
        done = retention(world).tidy()
    assert (done.busy, done.removed) == (True, [])
    assert rows(world) == held
    assert [month for month, number in retention(world).tidy().removed if number] == [202611]
    world.app.database.close()


def test_the_limit_is_counted_in_whole_months(small_world: World) -> None:
    world = small_world
    for now, months, limit in (
        (datetime(2026, 11, 30, tzinfo=UTC), 24, 202411),
        (datetime(2026, 1, 1, tzinfo=UTC), 3, 202510),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), 12, 202512),
        (datetime(2026, 12, 31, 23, tzinfo=UTC) + timedelta(hours=1), 12, 202601),
    ):
        world.clock.now = now
        assert retention(world, months)._limit() == limit
