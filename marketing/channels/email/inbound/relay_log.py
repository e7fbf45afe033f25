"""Read the log of a mail relay on one's own machines: Postfix (syslog or RFC 3339 stamps) and Exim's main log.

Two kinds of lines matter: which queue number a Message-ID of ours got, and what became of a queue number. A relay has taken a
mail over once its queue manager names it; the line with the Message-ID alone comes before the data has ended. Addresses are
read past and never kept. Formats: Postfix 3.x `postconf(5)`, `qshape(1)` and its own log lines; Exim 4.9x specification ch. 52.
"""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from marketing.channels.email.inbound.report import redacted

LONGEST_LINE: Final = 16_384
"""Bytes; longer lines are no relay's."""
_MONTHS: Final = {name: at for at, name in enumerate(calendar.month_abbr) if name}
_SYSLOG: Final = re.compile(r"([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) \S{1,255} ")
_RFC3339: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) \S{1,255} ")
_EXIM: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d{1,6})?(?: ([+-]\d{4}))? (?:\[\d{1,10}\] )?")
_POSTFIX: Final = re.compile(
    r"postfix[\w.-]{0,40}/(?:[\w-]{1,20}/){0,2}([a-z]{2,12})\[\d{1,10}\]: ([0-9A-Za-z]{5,30}): "
)
_EXIM_QUEUE: Final = re.compile(
    r"([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) (<=|=>|->|>>|\*\*|==|Completed)(?: |$)"
)
_MESSAGE_ID: Final = re.compile(r"(?:resent-)?message-id=<([^<>\s]{3,500})>")
_EXIM_ID: Final = re.compile(r" id=<?([^<>\s]{3,500})>?(?: |$)")
_STATUS: Final = re.compile(
    r" dsn=(\d\.\d{1,3}\.\d{1,3}), status=(sent|bounced|expired|deferred|undeliverable)(?: \((.*)\))?"
)
_DELIVERS: Final = frozenset({"smtp", "lmtp", "local", "virtual", "pipe", "error", "discard"})


class Told(StrEnum):
    """What a line says of a queue number."""

    NAMED = "named"  # a Message-ID was seen in its header; the data may still break off
    QUEUED = "queued"  # the relay has it and answers for it
    BOUNCED = "bounced"
    GONE = "gone"  # nothing more will be said of it


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line that matters. `message_id` (without brackets) only where it is named; `status` and `text` only where it bounced."""

    at: datetime
    queue_id: str
    told: Told
    message_id: str = ""
    status: str = ""
    text: str = ""


def read_line(raw: bytes, now: datetime, zone: tzinfo = UTC) -> tuple[datetime | None, LogLine | None]:
    """Return the stamp of a line, and what it says if it matters; nothing raises, whatever stands there.

    `zone` is that of stamps without one; a syslog stamp has no year either and is taken to be the last such day.
    """
    if len(raw) > LONGEST_LINE:
        return None, None
    line = raw.decode("utf-8", "replace")
    if (found := _stamped(line, now, zone)) is None:
        return None, None
    at, rest, exim = found
    return at, (_exim(at, rest) if exim else _postfix(at, rest))


def _stamped(line: str, now: datetime, zone: tzinfo) -> tuple[datetime, str, bool] | None:
    try:
        if match := _RFC3339.match(line):
            return datetime.fromisoformat(match[1]).astimezone(UTC), line[match.end() :], False
        if match := _EXIM.match(line):
            own = datetime.strptime(match[2], "%z").tzinfo if match[2] else zone
            return datetime.fromisoformat(match[1]).replace(tzinfo=own).astimezone(UTC), line[match.end() :], True
        if (match := _SYSLOG.match(line)) and match[1] in _MONTHS:
            numbers = (_MONTHS[match[1]], *(int(part) for part in match.groups()[1:]))
            return _last_such_day(numbers, now, zone), line[match.end() :], False
    except (ValueError, OverflowError):
        pass
    return None


def _last_such_day(numbers: tuple[int, ...], now: datetime, zone: tzinfo) -> datetime:
    month, day, hour, minute, second = numbers
    for year in range(now.year + 1, now.year - 5, -1):  # 29 February: at most four years back
        try:
            at = datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
        except ValueError:
            continue
        if at <= now + timedelta(days=1):
            return at
    raise ValueError("no such day")


def _postfix(at: datetime, rest: str) -> LogLine | None:
    match = _POSTFIX.match(rest)
    if match is None:
        return None
    daemon, queue_id, said = match[1], match[2], rest[match.end() :]
    if daemon == "cleanup":
        named = _MESSAGE_ID.match(said)
        return LogLine(at, queue_id, Told.NAMED, message_id=named[1]) if named else None
    if daemon == "qmgr":
        if said.startswith("removed"):
            return LogLine(at, queue_id, Told.GONE)
        return LogLine(at, queue_id, Told.QUEUED) if said.startswith("from=<") and "queue active" in said else None
    if daemon in _DELIVERS and (status := _STATUS.search(said)):
        if status[2] in ("bounced", "expired", "undeliverable"):
            return LogLine(at, queue_id, Told.BOUNCED, status=status[1], text=redacted(status[3] or ""))
        return LogLine(at, queue_id, Told.QUEUED)
    return None


def _exim(at: datetime, rest: str) -> LogLine | None:
    match = _EXIM_QUEUE.match(rest)
    if match is None:
        return None
    queue_id, sign, said = match[1], match[2], rest[match.end() :]
    match sign:
        case "<=":  # logged when the message has been received as a whole
            named = _EXIM_ID.search(said)
            return LogLine(at, queue_id, Told.QUEUED, message_id=named[1]) if named else None
        case "**":
            return LogLine(at, queue_id, Told.BOUNCED, text=redacted(said.partition(": ")[2]))
        case "Completed":
            return LogLine(at, queue_id, Told.GONE)
        case _:
            return LogLine(at, queue_id, Told.QUEUED)


def lines_of(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Cut a stream into finished lines, each with the number of bytes up to its end; what has no end yet is left.

    A line beyond LONGEST_LINE is given as an empty one, without being kept in memory.
    """
    held, size, done = bytearray(), 0, 0
    for chunk in chunks:
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            part = chunk[start:end]
            size += len(part) + 1
            done += size
            yield (bytes(held) + part if size <= LONGEST_LINE else b"", done)
            held.clear()
            start, size = end + 1, 0
        size += len(chunk) - start
        if size <= LONGEST_LINE:
            held += chunk[start:]
        else:
            held.clear()
