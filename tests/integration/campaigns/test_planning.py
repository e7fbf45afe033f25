"""A plan in stretches: everybody once, decided as ever, whatever cuts it off or happens to people meanwhile."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from marketing.campaigns import plan_query, planner
from marketing.campaigns.planner import Addressee, Planner
from marketing.contacts import segments
from marketing.contacts.merging import merge_by_hand
from marketing.contacts.permission_facts import gather_facts
from marketing.db.models import Campaign, Contact, Message, MessageRange, Segment
from marketing.delivery.leases import LEASE
from marketing.domain.campaign import AudienceFilter, CampaignState
from marketing.domain.message import MessageState
from marketing.domain.permission import ARTICLES, Allowed, FrequencyCap, Later, QuietHours, Skipped, decide_for
from marketing.domain.types import Purpose, Role
from marketing.queue import TaskName
from tests.support.crowd import Crowd
from tests.support.world import START, TENANT, World, add_contact, add_product, messages, promotion

PROMO = Purpose.PROMOTIONAL


class CutOffError(Exception):
    """Stands for the end of a process."""


@pytest.fixture
def stretches_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every stretch be of two contacts, and every range of messages too."""
    monkeypatch.setattr(planner, "FIRST", 2)
    monkeypatch.setattr(planner, "GROWTH", 1)
    monkeypatch.setattr(plan_query, "RANGE", 2)


def people(world: World, number: int) -> list[int]:
    return [add_contact(world.app, one, PROMO) for one in range(number)]


def campaign_of(world: World, **changes: Any) -> int:
    return world.approved(promotion(add_product(world.app, 1), **changes))


def after_a_stretch(world: World, monkeypatch: pytest.MonkeyPatch, act: Callable[[], None], which: int = 1) -> None:
    """Let something happen right after a stretch has been committed."""
    send, woken = world.tasks.send, [0]

    def then(task: TaskName, **ids: int | str) -> bool:
        woken[0] += task is TaskName.DELIVER
        if woken[0] == which:
            woken[0] += 1
            act()
        return send(task, **ids)

    monkeypatch.setattr(world.tasks, "send", then)


def ranges(world: World) -> list[MessageRange]:
    with world.app.database.read() as session:
        return list(session.scalars(select(MessageRange).order_by(MessageRange.id)))


def whole(world: World, campaign: int, ids: list[int]) -> bool:
    """Return whether everybody stands there once, and every count says so."""
    reached = Counter(row.contact_id for row in messages(world) if row.campaign_id == campaign)
    planned = world.campaign(campaign)
    sizes = sum(one.size for one in ranges(world) if one.campaign_id == campaign)
    return (
        reached == Counter(ids)
        and planned.audience == sizes == len(ids)
        and planned.planned_at is not None
        and world.ledger(campaign).balances
    )


def test_each_row_is_what_the_function_decides(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "FIRST", 7)
    monkeypatch.setattr(plan_query, "RANGE", 20)
    crowd, cap, quiet = Crowd(world, 3), FrequencyCap(2), QuietHours()
    campaign = campaign_of(world)
    world.clock.forward(hours=1)
    with world.app.database.read() as session:
        mine = select(Contact.id).where(
            Contact.tenant_id == TENANT, Contact.id.in_(crowd.ids), Contact.source != "usaha"
        )
        facts = gather_facts(
            session,
            tenant_id=TENANT,
            contact_ids=session.scalars(mine).all(),
            purpose=PROMO,
            cap=cap,
            now=world.clock(),
        )
    replace(world.app.planner, cap=cap, quiet=quiet).start(campaign)
    rows = {row.contact_id: row for row in messages(world) if row.campaign_id == campaign}
    assert facts.keys() <= rows.keys()
    for row_id, known in facts.items():
        row = rows[row_id]
        told: tuple[Any, ...]
        match decide_for(known.facts, PROMO, cap, quiet):
            case Skipped(reason=reason, article=article):
                told = (MessageState.SKIPPED, reason, article, None, world.clock())
                assert article == ARTICLES[reason]
            case Later(until=until):
                told = (MessageState.DEFERRED, "", "", until, None)
            case Allowed():
                told = (MessageState.QUEUED, "", "", None, None)
        assert (row.state, row.reason, row.article, row.not_before, row.settled_at) == told
        assert (row.address_id, row.queued_at, row.month) == (known.address_id, world.clock(), 202611)
    assert whole(world, campaign, list(rows))


def test_a_range_says_how_many_it_holds_when_they_may_leave_and_whether_anything_is_left(
    world: World, stretches_of_two: None
) -> None:
    ids = people(world, 5)
    with world.app.database.write() as session:
        session.execute(update(Contact).where(Contact.id.in_(ids[:2])).values(restricted_at=START))
        session.execute(update(Contact).where(Contact.id == ids[2]).values(zone="Asia/Jayapura"))
        session.execute(update(Contact).where(Contact.id == ids[3]).values(restricted_at=START))
    world.clock.forward(hours=10.5)  # 19.30 in Makassar, 20.30 in Jayapura
    campaign = campaign_of(world)
    replace(world.app.planner, quiet=QuietHours()).start(campaign)
    now, morning = world.clock(), START + timedelta(hours=22)
    assert [(one.size, one.due_at, one.settled_at) for one in ranges(world)] == [
        (2, None, now),
        (2, morning, None),
        (1, now, None),
    ]
    assert [row.range_id for row in messages(world)] == [one.id for one in ranges(world) for _n in range(one.size)]
    assert {one.month for one in ranges(world)} == {202611}


@pytest.mark.parametrize("committed", [True, False])
def test_a_plan_that_was_killed_goes_on_where_it_was_and_counts_nobody_twice(
    world: World, stretches_of_two: None, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    ids, campaign = people(world, 7), campaign_of(world)

    def die(*_arguments: object) -> Any:
        raise CutOffError

    with monkeypatch.context() as patch:
        if committed:
            after_a_stretch(world, patch, die, which=2)
        else:
            patch.setattr(planner, "settle_stretch", die)
        with pytest.raises(CutOffError):
            world.app.planner.start(campaign)
    assert world.campaign(campaign).planned_at is None
    assert len(messages(world)) == sum(one.size for one in ranges(world)) == (4 if committed else 0)
    late = add_contact(world.app, 99, PROMO)
    world.app.planner.start(campaign)
    assert whole(world, campaign, ids)
    assert late not in {row.contact_id for row in messages(world)}
    world.app.planner.start(campaign)
    assert whole(world, campaign, ids)


def test_who_comes_after_the_start_never_joins(
    small_world: World, stretches_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small_world
    ids, campaign = people(world, 3), campaign_of(world)
    after_a_stretch(world, monkeypatch, lambda: void(add_contact(world.app, 50, PROMO)))
    world.app.planner.start(campaign)
    assert whole(world, campaign, ids)


def void(_value: object) -> None:
    """Forget what an act returns."""


def test_two_planners_at_once_plan_everybody_once(world: World, stretches_of_two: None) -> None:
    ids, campaign = people(world, 21), campaign_of(world)
    together = threading.Barrier(3)

    def plan(_number: int) -> None:
        together.wait(20)
        world.app.planner.start(campaign)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(plan, range(3)))
    world.app.planner.start(campaign)  # as the sweeper asks where the one that went on died
    assert whole(world, campaign, ids)


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("taken_back", [0, 2, 4])
def test_two_stretches_at_once_leave_no_gap_whichever_is_taken_back(
    world: World, stretches_of_two: None, monkeypatch: pytest.MonkeyPatch, taken_back: int
) -> None:
    monkeypatch.setattr(planner, "STRETCH", 2)
    ids, campaign, settle = people(world, 9), campaign_of(world), plan_query.settle_stretch

    def settled(session: Any, row: Campaign, asked: Any, added: int) -> bool:
        return asked.after != ids[0] - 1 + taken_back and settle(session, row, asked, added)

    with monkeypatch.context() as patch:
        patch.setattr(planner, "settle_stretch", settled)
        world.app.planner.start(campaign)
    assert len(messages(world)) == taken_back == world.campaign(campaign).audience
    world.app.planner.start(campaign)
    assert whole(world, campaign, ids)


def test_in_turns_it_gives_its_place_up_and_comes_to_the_same(small_world: World, stretches_of_two: None) -> None:
    world = small_world
    ids, campaign, turns = people(world, 5), campaign_of(world), 1
    while not world.app.planner.start(campaign, turn=0):
        assert len(messages(world)) == min(2 * turns, 5)
        turns += 1
    assert (turns, whole(world, campaign, ids)) == (4, True)
    assert world.tasks.asked[-1] == (TaskName.DELIVER, {"campaign_id": campaign})


def test_the_first_stretch_is_small_and_wakes_the_workers(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world
    monkeypatch.setattr(planner, "FIRST", 3)
    monkeypatch.setattr(planner, "STRETCH", 50)
    people(world, 30)
    campaign, seen = campaign_of(world), list[int]()
    after_a_stretch(world, monkeypatch, lambda: seen.append(len(messages(world))))
    world.app.planner.start(campaign)
    assert (seen, world.campaign(campaign).audience) == ([3], 30)
    assert world.tasks.asked.count((TaskName.DELIVER, {"campaign_id": campaign})) == 3 + 1


def test_a_pause_in_the_middle_lets_the_plan_be_finished_and_nothing_leave(
    world: World, stretches_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, campaign = people(world, 5), campaign_of(world)

    def pause() -> None:
        with world.app.database.write() as session:
            world.app.campaigns.pause(session, world.staff(Role.MARKETER), campaign)

    after_a_stretch(world, monkeypatch, pause)
    world.app.planner.start(campaign)
    assert whole(world, campaign, ids)
    world.app.pipeline.deliver(campaign, batches=3)
    assert (world.outbox.sent, world.campaign(campaign).state) == ([], CampaignState.PAUSED)


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_a_cancelled_campaign_was_just_planning_is_taken_back(
    world: World, stretches_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(world, 6)
    campaign, settle, done = campaign_of(world), plan_query.settle_stretch, list[int]()

    def cancelled_before(session: Any, row: Campaign, *rest: Any) -> bool:
        done.append(1)
        if len(done) == 2:
            with world.app.database.write() as other:
                world.app.campaigns.cancel(other, world.staff(Role.MARKETER), campaign)
        return settle(session, row, *rest)

    monkeypatch.setattr(planner, "settle_stretch", cancelled_before)
    world.app.planner.start(campaign)
    world.app.sweeper.sweep()
    assert (len(messages(world)), len(ranges(world)), world.campaign(campaign).planned_at) == (2, 1, None)
    ledger = world.ledger(campaign)
    assert (dict(ledger.skipped_by_reason), ledger.balances) == ({"cancelled": 2}, True)


def test_a_plan_whose_worker_died_is_gone_on_with_after_a_lease(
    small_world: World, stretches_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, wanted = small_world, TaskName.PLAN_CAMPAIGN
    ids, campaign = people(world, 5), campaign_of(world)
    assert not world.app.planner.start(campaign, turn=0.0)
    world.tasks.asked.clear()
    world.app.sweeper.sweep()
    assert (wanted, {"campaign_id": campaign}) not in world.tasks.asked
    world.clock.now += LEASE + timedelta(seconds=1)
    world.app.sweeper.sweep()
    assert (wanted, {"campaign_id": campaign}) in world.tasks.asked
    world.app.planner.start(campaign)
    assert whole(world, campaign, ids)


def test_a_segment_that_is_lost_in_the_middle_stops_the_campaign_until_it_is_there_again(
    world: World, stretches_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = people(world, 5)
    with world.app.database.write() as session:
        number = segments.save(
            session, tenant_id=TENANT, name="A", text="locale = id", user_id=None, now=START
        ).id  # fmt: skip
    campaign, kept = campaign_of(world, audience=AudienceFilter(segments=(number,))), dict[str, Any]()

    def lose() -> None:
        with world.app.database.write() as session:
            row = session.get_one(Segment, number)
            kept.update({column.key: getattr(row, column.key) for column in Segment.__table__.columns})
            session.delete(row)

    after_a_stretch(world, monkeypatch, lose)
    world.app.planner.start(campaign)
    standing = world.campaign(campaign)
    assert (standing.state, standing.audience, standing.planned_at) == (CampaignState.PAUSED, 2, None)
    assert "tidak ada" in standing.state_reason
    with world.app.database.write() as session:
        session.add(Segment(**kept))
        world.app.campaigns.resume(session, world.staff(Role.APPROVER), campaign)
    world.app.planner.start(campaign)
    assert whole(world, campaign, ids)


def test_whoever_is_merged_or_erased_while_it_is_planned_is_written_to_once_or_not_at_all(
    world: World, stretches_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, campaign = people(world, 7), campaign_of(world)

    def meanwhile() -> None:
        with world.app.database.write() as session:
            # one who stands in the plan already goes on as one who is still to be asked
            merge_by_hand(session, ids[4], ids[0], tenant_id=TENANT, user_id=None, now=world.clock())
            session.execute(update(Contact).where(Contact.id == ids[5]).values(erased_at=world.clock()))

    after_a_stretch(world, monkeypatch, meanwhile)
    world.app.planner.start(campaign)
    assert whole(world, campaign, ids[1:])
    skipped = {row.contact_id: row.reason for row in messages(world) if row.state is MessageState.SKIPPED}
    assert skipped == {ids[5]: "erased"}
    world.run(campaign)
    assert len({email.recipient_address for email in world.outbox.sent}) == len(world.outbox.sent) == 5


def test_people_that_an_automation_names_stand_in_honest_ranges_too(small_world: World) -> None:
    world = small_world
    ids = people(world, 3)
    campaign, plan = campaign_of(world), world.app.planner

    def add(*which: int) -> int:
        with world.app.database.write() as session:
            return plan.add(session, session.get_one(Campaign, campaign), [Addressee(row_id) for row_id in which])

    assert isinstance(plan, Planner)
    assert [add(*ids[:2]), add(*ids), add(*ids)] == [2, 1, 0]
    assert [one.size for one in ranges(world)] == [2, 1]
    assert world.campaign(campaign).audience == 3
    with world.app.database.read() as session:
        held = dict(session.execute(select(Message.contact_id, Message.range_id)).all())
    first, second = (one.id for one in ranges(world))
    assert held == {ids[0]: first, ids[1]: first, ids[2]: second}
