"""One scheduler leads, another takes over when its lease runs out or is given back."""

from datetime import timedelta

import pytest

from marketing.campaigns.automations import AUTOMATIONS
from marketing.db.models import JobLease
from marketing.domain.types import Purpose
from marketing.queue import TaskName
from tests.support.world import START, World, add_contact, add_product, promotion
from workers.scheduler import LEASE, LEASE_NAME, Scheduler, take_lease


def take(world: World, owner: str) -> bool:
    with world.app.database.write() as session:
        return take_lease(session, "x", owner, now=world.clock(), length=timedelta(seconds=20))


def test_a_lease_is_held_renewed_and_taken_over(world: World) -> None:
    assert take(world, "satu")
    assert not take(world, "dua")
    world.clock.forward(seconds=19)
    assert take(world, "satu")
    world.clock.forward(seconds=19)
    assert not take(world, "dua")
    world.clock.forward(seconds=1)
    assert take(world, "dua")
    assert not take(world, "satu")


def test_a_leader_that_died_while_its_clock_was_ahead_is_followed_at_once(small_world: World) -> None:
    small_world.clock.forward(hours=1)
    assert take(small_world, "satu")
    small_world.clock.forward(hours=-1)
    assert take(small_world, "dua")


def test_two_schedulers_one_leads_and_the_other_follows_when_it_stops(world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    wanted = [(TaskName.START_CAMPAIGN, {"campaign_id": campaign})]
    first, second = Scheduler(world.app), Scheduler(world.app)
    world.tasks.asked.clear()
    second._tick()
    first._tick()
    first._send(TaskName.ORDER_MAIL, tenant_id="tts")
    assert world.tasks.asked == wanted
    first.start()
    first.stop()  # it does not lead: what the leader holds stays
    first._tick()
    assert world.tasks.asked == wanted
    second.start()
    second.stop()
    world.tasks.asked.clear()
    first._tick()
    assert world.tasks.asked == wanted


def test_a_dead_leader_is_followed_after_its_lease(small_world: World) -> None:
    world = small_world
    dead, other = Scheduler(world.app), Scheduler(world.app)
    dead._tick()
    world.clock.now += LEASE - timedelta(seconds=1)
    other._send(TaskName.ORDER_MAIL, tenant_id="tts")
    assert world.tasks.asked == []
    world.clock.forward(seconds=1)
    other._send(TaskName.ORDER_MAIL, tenant_id="tts")
    assert world.tasks.asked == [(TaskName.ORDER_MAIL, {"tenant_id": "tts"})]
    with world.app.database.read() as session:
        lease = session.get_one(JobLease, LEASE_NAME)
    assert (lease.owner, lease.until) == (other._owner, START + LEASE + LEASE)


def test_every_daerah_has_its_jobs_in_its_own_zone(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_world.app.settings, "catalog_sources", {"tts": "https://katalog.example"})
    jobs = [
        (job.args, job.kwargs, str(getattr(job.trigger, "timezone", "")))
        for job in Scheduler(small_world.app)._jobs.get_jobs()
    ]
    named = [(args[0], kwargs, zone) for args, kwargs, zone in jobs if args]
    for tenant, zone in (("tts", "Asia/Makassar"), ("blitar", "Asia/Jakarta")):
        mine = [(task, kwargs, where) for task, kwargs, where in named if kwargs.get("tenant_id") == tenant]
        assert sum(task is TaskName.ORDER_MAIL for task, _ids, _zone in mine) == 1
        assert sum(task is TaskName.SYNC for task, _ids, _zone in mine) == (tenant == "tts")
        daily = {(ids["slug"], where) for task, ids, where in mine if task is TaskName.RUN_AUTOMATION}
        assert daily == {(slug, zone) for slug in AUTOMATIONS if slug != "transaksi"}
        nightly = [where for task, _ids, where in mine if task is TaskName.CHECK_LEDGER]
        assert nightly == [zone]
    assert {TaskName.SWEEP_IMPORTS, TaskName.TIDY_IMPORTS} <= {task for task, _ids, _zone in named}
