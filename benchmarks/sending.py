"""One campaign from “send” to its last recorded answer, through real worker processes into a receiver that counts."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text, update

from benchmarks.bench import Bench
from benchmarks.by_hand import Letter, letter
from benchmarks.edition import Edition
from benchmarks.figures import microseconds
from benchmarks.office import Office, found_world
from benchmarks.people import add_people
from benchmarks.processes import MachineTime, cpu_seconds
from benchmarks.sinks import Sink
from marketing.db.models import Contact
from marketing.domain.campaign import AudienceFilter, CampaignContent
from marketing.domain.message import MessageState
from marketing.domain.types import BuyerKind
from tests.support.world import Outbox

WARM = AudienceFilter(kinds=(BuyerKind.BADAN_USAHA,))
"""People of a kind of their own get a campaign before the clock starts: workers have compiled and connected then."""
REST = AudienceFilter(kinds=(BuyerKind.MASYARAKAT,))
PATIENCE = 1_800.0
LOOK, LONGEST_LOOK = 0.02, 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Sent:
    """What one campaign took. Seconds from “send”; `cpu` is microseconds of processor time per message, by part."""

    messages: int
    seconds: float
    first: float
    last: float
    cpu: dict[str, float]
    machine: dict[str, float]
    memory: float

    @property
    def rate(self) -> float:
        """Messages per second from “send” to the last recorded answer, planning included."""
        return self.messages / self.seconds


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database with people, products and a template, to be copied for each round."""

    url: str
    content: CampaignContent
    people: int
    warm_up: int


def prepare(bench: Bench, engine: str, edition: Edition, people: int) -> Prepared:
    """Fill a database with an edition and its willing readers."""
    url, first = bench.new_url(engine), bench.amount(100, 2_000)
    world = found_world(bench, url)
    add_people(world, people + first, all_willing=True, purpose=edition.purpose)
    with world.app.database.write() as session:
        session.execute(update(Contact).where(Contact.id > people).values(kind=BuyerKind.BADAN_USAHA))
    content = edition.write(world)
    with world.app.database.write() as session:
        session.execute(text("ANALYZE"))  # as an import does at its end
    world.app.close()
    return Prepared(url, content, people, first)


def letters(bench: Bench, prepared: Prepared, number: int) -> Sequence[Letter]:
    """Return so many e-mails of the edition as they would be sent, each to another reader."""
    url = bench.copy(prepared.url)
    world = found_world(bench, url)
    assert isinstance(world.app.messenger, Outbox)
    campaign = world.approved(replace(prepared.content, audience=WARM))
    world.app.planner.start(campaign)
    while world.app.pipeline.deliver(campaign, batches=1) and len(world.app.messenger.sent) < number:
        pass
    world.app.close()
    bench.drop(url)
    found = [letter(email) for email in world.app.messenger.sent]
    return (found * (number // len(found) + 1))[:number]


def warm_up(office: Office, sink: Sink | None, prepared: Prepared) -> None:
    """Let the workers send to the people of another kind, then forget that."""
    _through(office, replace(prepared.content, audience=WARM), prepared.warm_up)
    if sink is not None:
        sink.reset()


def send(office: Office, prepared: Prepared, receiver: int, sink: Sink | None = None) -> Sent:
    """Send the edition to everybody and wait until every answer is recorded.

    `receiver` is the receiving process. AssertionError unless each reader got the edition once, where the sink can tell.
    """
    before = office.cpu() | {"receiver": cpu_seconds([receiver])}
    machine, started = MachineTime.read(), time.monotonic()
    _through(office, replace(prepared.content, audience=REST), prepared.people)
    ended, count = time.monotonic(), sink.count() if sink is not None else None
    used = office.cpu() | {"receiver": cpu_seconds([receiver])}
    if count is not None:
        count.expect(prepared.people)
    spent = {part: used[part] - before[part] for part in used}
    return Sent(
        messages=prepared.people,
        seconds=ended - started,
        first=count.first - started if count is not None else 0.0,
        last=count.last - started if count is not None else 0.0,
        cpu={part: microseconds(seconds, prepared.people) for part, seconds in spent.items()},
        machine=MachineTime.read().since(machine, sum(spent.values())),
        memory=office.memory(),
    )


def _through(office: Office, content: CampaignContent, people: int) -> None:
    """Send to so many and wait until all is recorded, looking seldom: a look costs the database as much as some messages."""
    campaign, started = office.world.approved(content), time.monotonic()
    pause, done = LOOK, 0
    while done < people:
        office.pause(pause)
        done = office.world.ledger(campaign).of(MessageState.ACCEPTED)
        taken = time.monotonic() - started
        assert taken < PATIENCE, f"{done} of {people} messages are recorded after {taken:.0f} s: {office.log_end()}"
        pause = min(max(LOOK, taken * (people - done) / done / 2), LONGEST_LOOK) if done else LOOK * 4
