"""Settle messages in doubt by the relay's own log: it has them, they came back from there, or they never reached it.

Only Message-IDs that we signed count, whatever else stands in the log; addresses are not looked at. What the log does not name
is judged as never arrived only for offices whose mail all goes by the relay of the settings, and only for hours that the log
was read over without a gap: even then nothing is sent again without a person (campaigns/missed.py).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketing.channels.email.inbound.relay_log import LogLine, Told, read_line
from marketing.db.models import Campaign, ChannelAccount, Message
from marketing.db.session import Database
from marketing.delivery.breakers import RECENT
from marketing.delivery.intake import FeedbackIntake
from marketing.delivery.ranges import recount
from marketing.domain.bounce import BounceClass, Verdict, classify
from marketing.domain.events import event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource
from marketing.domain.links import LinkSigner
from marketing.domain.message import TRANSITIONS, MessageState
from marketing.domain.missed import NEVER_ARRIVED
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName, EmailType

PART: Final = 5_000
"""Lines that matter, taken in at once."""
QUEUE_MOST: Final = 50_000
WAITING_MOST: Final = 50_000
SURE_AFTER: Final = timedelta(minutes=15)
"""What the log does not name this long after the handing over never came: a relay logs within seconds, clocks differ by minutes."""
CLOCKS: Final = timedelta(minutes=5)
NEVER_MOST: Final = 5_000


@dataclass(slots=True)
class LogMemory:
    """What of a log must be kept between two readings: queue numbers still in it that are ours, and what it covers without a gap."""

    queue: dict[str, int] = field(default_factory=dict)
    waiting: dict[int, None] = field(default_factory=dict)
    """Messages that the relay has, while our own record of the handing over is still open."""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(slots=True)
class LogResult:
    """What a reading brought, in numbers."""

    lines: int = 0
    ours: int = 0
    accepted: int = 0
    bounced: int = 0
    never_arrived: int = 0


@dataclass(frozen=True, slots=True)
class RelayLog:
    """Reads lines of a relay's log into the ledger; used by one thread at a time."""

    database: Database
    intake: FeedbackIntake
    signer: LinkSigner
    clock: Callable[[], datetime]
    zone: tzinfo = UTC

    def read(self, lines: Iterable[bytes], memory: LogMemory) -> LogResult:
        """Take lines in and settle what they tell; reading the same lines again changes nothing."""
        result = LogResult()
        queued: dict[int, LogLine] = {}
        bounced: dict[int, LogLine] = {}
        for raw in lines:
            result.lines += 1
            at, line = read_line(raw, self.clock(), self.zone)
            if at is not None:
                memory.since = memory.since or at
                memory.until = max(memory.until or at, at)
            if line is None or (message_id := self._message(line, memory)) is None:
                continue
            result.ours += line.told is Told.QUEUED
            if line.told in (Told.QUEUED, Told.BOUNCED):
                (queued if line.told is Told.QUEUED else bounced)[message_id] = line
            if len(queued) + len(bounced) >= PART:
                self._settle(queued, bounced, memory, result)
        self._settle(queued, bounced, memory, result)
        result.never_arrived = self._never_arrived(memory)
        return result

    def _message(self, line: LogLine, memory: LogMemory) -> int | None:
        """Return which message of ours a line is about."""
        if line.message_id:
            found = self.signer.referred(line.message_id.partition("@")[0])
            if found is not None:
                while len(memory.queue) >= QUEUE_MOST:
                    del memory.queue[next(iter(memory.queue))]
                memory.queue[line.queue_id] = found
            else:
                memory.queue.pop(line.queue_id, None)  # a queue number is used again for another's mail
        if line.told is Told.GONE:
            memory.queue.pop(line.queue_id, None)
            return None
        return memory.queue.get(line.queue_id)

    def _settle(
        self, queued: dict[int, LogLine], bounced: dict[int, LogLine], memory: LogMemory, result: LogResult
    ) -> None:
        now = self.clock()
        ids = {*queued, *bounced, *memory.waiting}
        with self.database.read() as session:
            known = _known(session, ids)
        reports: dict[str, list[Feedback]] = {}
        memory.waiting.clear()
        for message_id in sorted(ids & set(known)):
            tenant_id, state, reason = known[message_id]
            told = reports.setdefault(tenant_id, [])
            if message_id in bounced:
                told.append(_bounce(message_id, bounced[message_id]))
            elif state is MessageState.UNKNOWN or (state is MessageState.FAILED and reason == NEVER_ARRIVED):
                at = queued[message_id].at if message_id in queued else now
                told.append(_report(message_id, FeedbackKind.ACCEPTED, at))
            elif state is MessageState.SENDING and len(memory.waiting) < WAITING_MOST:
                memory.waiting[message_id] = None  # a worker has it, or died with it: looked at again next time
        for tenant_id, told in reports.items():
            self.intake.take(tenant_id, told)
            result.bounced += sum(one.kind is FeedbackKind.BOUNCED for one in told)
            result.accepted += sum(one.kind is FeedbackKind.ACCEPTED for one in told)
        queued.clear()
        bounced.clear()

    def _never_arrived(self, memory: LogMemory) -> int:
        """Judge what the log should have named and does not."""
        if memory.since is None or memory.until is None:
            return 0
        earliest, latest = memory.since + CLOCKS, memory.until - SURE_AFTER
        if earliest >= latest:
            return 0
        other_way = exists().where(
            ChannelAccount.tenant_id == Campaign.tenant_id, ChannelAccount.channel == ChannelName.EMAIL
        )
        now = self.clock()
        going = select(Campaign.id).where(
            Campaign.started_at > now - RECENT, Campaign.email_type != EmailType.TRANSACTIONAL, ~other_way
        )
        query = (
            select(Message)
            .where(
                Message.campaign_id.in_(going),
                Message.state == MessageState.UNKNOWN,
                Message.channel == ChannelName.EMAIL,
                Message.handed_over_at.between(earliest, latest),
                Message.id.not_in(list(memory.waiting)[:NEVER_MOST]),
            )
            .order_by(Message.id)
            .limit(NEVER_MOST)
        )
        with self.database.write() as session:
            rows = session.scalars(query.with_for_update(key_share=True)).all()
            for row in rows:
                row.state = change(TRANSITIONS, row.state, MessageState.FAILED)
                row.reason, row.settled_at = NEVER_ARRIVED, row.settled_at or now
            session.flush()
            recount(session, {row.range_id for row in rows})
        return len(rows)


def _known(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, MessageState, str]]:
    found: dict[int, tuple[str, MessageState, str]] = {}
    wanted: Sequence[int] = sorted(ids)
    for start in range(0, len(wanted), PART):
        query = select(Message.id, Message.tenant_id, Message.state, Message.reason)
        for row in session.execute(query.where(Message.id.in_(wanted[start : start + PART]))):
            found[row.id] = (row.tenant_id, row.state, row.reason)
    return found


def _report(
    message_id: int, kind: FeedbackKind, at: datetime, verdict: Verdict | None = None, text: str = ""
) -> Feedback:
    return Feedback(
        event_id("relay-log", message_id, str(kind)),
        message_id,
        kind,
        at,
        FeedbackSource.RELAY_LOG,
        verdict or Verdict(BounceClass.NONE),
        text,
    )


def _bounce(message_id: int, line: LogLine) -> Feedback:
    verdict = classify(status=line.status, text=line.text)
    return _report(message_id, FeedbackKind.BOUNCED, line.at, verdict, line.text)
