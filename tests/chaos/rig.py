"""A whole installation of real parts that rounds are played on: servers, workers, schedulers, web, and a receiver."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from marketing.accounts.tenants import ensure_tenants
from marketing.bootstrap import App, build_app
from marketing.db.migrate import migrate
from marketing.db.session import Database
from marketing.installation import connects, free_port
from marketing.settings import Settings
from tests.chaos.clock import SharedClock
from tests.chaos.members import Member, Nursery
from tests.chaos.people import add_everyone
from tests.chaos.proxy import Cut
from tests.chaos.receiver import Behaviour
from tests.chaos.record import Record
from tests.chaos.servers import (
    Broker,
    DatabaseProxy,
    NotReadyError,
    Postgres,
    Program,
    answers,
    flush,
    wait_for,
    waiting_consumers,
)
from tests.chaos.small_disk import SmallDisk
from tests.support.world import Outbox, Tasks, World, add_product

LEASE_SECONDS = 4
"""How long a worker that died keeps what it held: short, because every round with a death waits for it."""
SMTP_TIMEOUT_SECONDS = 3
HERE = "127.0.0.1"
SECRET = "rahasia untuk uji kekacauan"


class Engine(StrEnum):
    """The two ways of running."""

    POSTGRESQL = "postgresql"
    EMBEDDED = "embedded"


@dataclass(slots=True)
class Rig:
    """Everything a round touches."""

    engine: Engine
    folder: Path
    clock: SharedClock
    app: App
    world: World
    record: Record
    receiver: Program
    nursery: Nursery
    environment: Mapping[str, str]
    willing: int
    postgres: Postgres | None = None
    proxy: DatabaseProxy | None = None
    redis: Broker | None = None
    disk: SmallDisk | None = None
    workers: list[Member] = field(default_factory=list)
    schedulers: list[Member] = field(default_factory=list)
    web: Member | None = None
    broker: Member | None = None
    product: int = 0

    @property
    def members(self) -> list[Member]:
        """Every process of Siar, in the order in which they start."""
        return [one for one in (self.broker, *self.workers, *self.schedulers, self.web) if one is not None]

    def behave(self, behaviour: Behaviour) -> None:
        """Tell the receiver how to behave from now on; one that has died is started first."""
        if not self.receiver.alive:
            self.revive_receiver()
        try:
            self.receiver.tell(behaviour.told())
        except (BrokenPipeError, NotReadyError):  # it died this very moment
            self.revive_receiver()
            self.receiver.tell(behaviour.told())

    def flush_broker(self) -> None:
        """Empty the queue."""
        flush(self.app.settings.broker)

    def revive(self) -> None:
        """Make everything as it was before any fault: nobody is dead, cut off, full or out of time."""
        self.behave(Behaviour())
        if self.proxy is not None:
            self.proxy.tell(Cut())
        if self.disk is not None:
            self.disk.make_room(self.members)
        for member in self.members:
            member.clock.right()
            if not member.alive:
                member.start()
                self.wait_until_up(member)

    def revive_receiver(self) -> None:
        """Start the receiver again on its old port."""
        self.receiver.stop()
        self.receiver.start()
        self.receiver.heard()

    def wait_for_workers(self) -> None:
        """Wait until every worker listens to the queue."""
        number = len(self.workers)
        wait_for(lambda: waiting_consumers(self.app.settings.broker) >= number, "workers that listen")

    def wait_until_up(self, member: Member) -> None:
        """Wait for who is needed by others, or looked at from outside."""
        if member is self.broker:
            wait_for(lambda: answers(self.app.settings.broker), "broker")
        if member is self.web:
            port = int(member.environment["SIAR_PORT"])
            wait_for(lambda: connects(HERE, port), "web")

    def stop(self) -> None:
        """End everything."""
        for member in reversed(self.members):
            with suppress(ProcessLookupError):
                member.kill_with_children()
        self.app.close()
        self.nursery.stop()
        self.receiver.stop()
        for part in (self.proxy, self.redis, self.postgres):
            if part is not None:
                part.stop()
        if self.disk is not None:
            self.disk.close()
        self.record.close()


@contextmanager
def running(engine: Engine, people: int, *, web: bool = True, host: str = HERE, workers: int = 2) -> Iterator[Rig]:
    """Build an installation with so many willing people, start it, and end it whatever happens.

    `host` is the address on which servers listen; with `workers=0` the caller starts its own.
    """
    with tempfile.TemporaryDirectory(prefix="siar-chaos-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)  # the wheel's server runs as a user of its own
        rig = _build(engine, folder, host, people, web=web)
        try:
            _staff(rig, workers, web=web)
            rig.revive()
            yield rig
        finally:
            rig.stop()


def _build(engine: Engine, folder: Path, host: str, people: int, *, web: bool) -> Rig:
    nursery = Nursery(web=web)
    clock = SharedClock([folder / "clock"])
    record = Record(folder / "record")
    port = free_port()
    receiver = Program("tests.chaos.receiver", str(record.path), host, str(port))
    receiver.heard()
    environment = {
        "SIAR_SMTP_HOST": host,
        "SIAR_SMTP_PORT": str(port),
        "SIAR_SMTP_TIMEOUT_SECONDS": str(SMTP_TIMEOUT_SECONDS),
        "SIAR_QUIET_HOURS": "false",
        "SIAR_SECRET_KEY": SECRET,
        "SIAR_LEASE_SECONDS": str(LEASE_SECONDS),
        "SIAR_LOG_LEVEL": "WARNING",
        "SIAR_PUBLIC_URL": "https://siar.example",
    }
    postgres = proxy = redis = disk = None
    if engine is Engine.POSTGRESQL:
        data = folder / "data"
        postgres = Postgres(folder / "pg")
        proxy = DatabaseProxy(postgres.socket, host)
        redis = Broker(folder, host)
        environment["SIAR_DATABASE_URL"] = f"postgresql+psycopg://postgres@{host}:{proxy.port}/siar"
        environment["SIAR_BROKER_URL"] = redis.url
        settings = _settings(environment, data, SIAR_DATABASE_URL=postgres.url)
    else:
        disk = SmallDisk(folder / "data")
        data = disk.folder
        settings = _settings(environment, data)
        database = Database(settings.database)
        migrate(database)
        database.close()
    environment["SIAR_DATA_DIR"] = str(data)
    app = build_app(settings, clock=clock)
    with app.database.write() as session:
        ensure_tenants(session, clock())
    world = World(app, clock, Outbox(), Tasks())  # type: ignore[arg-type]  # the shared clock has all that is asked of it
    rig = Rig(
        engine=engine, folder=folder, clock=clock, app=app, world=world, record=record, receiver=receiver,
        nursery=nursery, environment=environment, willing=add_everyone(world, people), postgres=postgres, proxy=proxy,
        redis=redis, disk=disk,
    )  # fmt: skip
    rig.product = add_product(app, 1)
    return rig


def _settings(environment: Mapping[str, str], data: Path, **changes: str) -> Settings:
    values = {**environment, **changes}
    named = {name.removeprefix("SIAR_").lower(): value for name, value in values.items()}
    known = {name: value for name, value in named.items() if name in Settings.model_fields}
    return Settings(_env_file=None, data_dir=data, **known)  # type: ignore[arg-type, call-arg]  # pydantic reads the texts


def _staff(rig: Rig, workers: int, *, web: bool) -> None:
    """Name the processes: on PostgreSQL one thread a worker and a lane for order mail, embedded what `siar up` runs."""

    def member(name: str, *arguments: str, threads: int = 1, **values: str) -> Member:
        return Member(name, rig.nursery, arguments, {**rig.environment, **values}, rig.folder, threads)

    if rig.engine is Engine.EMBEDDED:
        rig.broker = member("broker", "broker")
        rig.workers = [member("worker-1", "worker", threads=4)]
    else:
        lanes = ("--queues", "bulk,sync,social", "--concurrency", "1")
        rig.workers = [member(f"worker-{number + 1}", "worker", *lanes) for number in range(workers)]
        if workers:
            rig.workers.append(member("worker-orders", "worker", "--queues", "transactional", "--concurrency", "1"))
    rig.schedulers = [member(f"scheduler-{number}", "scheduler") for number in (1, 2)]
    if web:
        port = str(free_port())
        rig.web = member("web", "web", SIAR_HOST=HERE, SIAR_PORT=port)


def is_root() -> bool:
    """Whether small disks and network namespaces can be made here."""
    return os.geteuid() == 0
