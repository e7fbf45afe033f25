"""Consent is a ledger of events; what holds now is their fold (UU 27/2022 Ps. 20(2)a, 22, 24, 40)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from marketing.domain.types import ChannelName, Purpose

# A consent on paper, as on a fair: it counts with the scan and with the member of staff who entered it.
PAPER: Final = "kertas"
DECISION_ONLY, WHOLE_LINE = 1, 2
_AS_JSON: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


class ConsentState(StrEnum):
    """What one ledger line says; `none` never stands in the ledger, it is the fold of no lines."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NONE = "none"


NO: Final = frozenset({ConsentState.WITHDRAWN, ConsentState.REFUSED})
"""What nothing may be sent on, whatever was sent before."""


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """What was said, when, on which wording, through which source.

    `channel` is the channel that the decision is about; empty means the one that belongs to the purpose. `language` and
    `wording_hash` (SHA-256, hex) name the text that was shown, word for word.
    """

    purpose: Purpose
    state: ConsentState
    at: datetime
    wording_version: str
    source: str
    imported: bool = False
    channel: str = ""
    language: str = ""
    wording_hash: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What is written of one decision of one person; `recorded_by` is the user who entered it for them, as from paper."""

    contact_id: int
    event: ConsentEvent
    evidence: Mapping[str, Any] = field(default_factory=dict)
    recorded_by: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a line may not enter the ledger."""

    reason: str


_CHANNELS: Mapping[Purpose, tuple[ChannelName, ...]] = {
    Purpose.PROMOTIONAL: (ChannelName.EMAIL,),
    Purpose.NEWSLETTER: (ChannelName.EMAIL,),
    Purpose.RETENTION: (ChannelName.EMAIL,),
    Purpose.PERSONALISED: (ChannelName.EMAIL,),
    Purpose.ENGAGEMENT_TRACKING: (ChannelName.EMAIL,),
    Purpose.WHATSAPP_MARKETING: (ChannelName.WHATSAPP,),
    Purpose.TELEGRAM_MARKETING: (ChannelName.TELEGRAM,),
    Purpose.SOSIALISASI: (ChannelName.EMAIL, ChannelName.WHATSAPP),
}


def channel_of(purpose: Purpose) -> ChannelName:
    """Return the channel that a decision about this purpose is about when none is named."""
    return _CHANNELS[purpose][0]


def purposes_on(channel: ChannelName) -> tuple[Purpose, ...]:
    """Return the purposes for which somebody may be written to on this channel."""
    return tuple(purpose for purpose, channels in _CHANNELS.items() if channel in channels)


def writes_on(purpose: Purpose | None) -> ChannelName:
    """Return the channel on which a campaign of this purpose writes to persons; what a contract needs goes by e-mail."""
    return ChannelName.EMAIL if purpose is None else channel_of(purpose)


def fold(events: Iterable[ConsentEvent]) -> Mapping[Purpose, ConsentEvent]:
    """Return the line in force per purpose: the last recorded that `admit` let in."""
    return {event.purpose: event for event in events}


def admit(event: ConsentEvent, current: ConsentEvent | None, now: datetime) -> ConsentEvent | Refused:
    """Decide whether a new line may follow the current one.

    An imported consent counts only with its time, wording version and source, and never overrides a withdrawal
    that Siar already holds (catalogue contract; UU 27/2022 Ps. 24, 40). A line from the future is refused. What is
    allowed on one channel allows nothing on another; to leave is possible from anywhere.
    """
    if event.at > now:
        return Refused("from_the_future")
    if event.state is ConsentState.GIVEN and not (event.wording_version and event.source):
        return Refused("no_proof")
    if event.state in (ConsentState.GIVEN, ConsentState.REQUESTED) and event.channel not in (
        "",
        *_CHANNELS[event.purpose],
    ):
        return Refused("other_channel")
    if event.imported and current is not None:
        if current.state in (ConsentState.WITHDRAWN, ConsentState.REFUSED) and event.state is ConsentState.GIVEN:
            return Refused("withdrawn_before")
        if event.at <= current.at:
            return Refused("known_already")
    return event


def admit_line(line: LedgerLine, current: ConsentEvent | None, now: datetime) -> LedgerLine | Refused:
    """Decide as `admit` does, and ask a consent on paper for its scan and for who entered it (UU 27/2022 Ps. 24)."""
    on_paper = line.event.source == PAPER and line.event.state is ConsentState.GIVEN and not line.event.imported
    if on_paper and not (line.recorded_by and line.evidence.get("scan")):
        return Refused("no_proof")
    verdict = admit(line.event, current, now)
    return verdict if isinstance(verdict, Refused) else line


def seal(previous: str, *, contact: str, event: ConsentEvent) -> str:
    """Return the hash of form 1, which ties the decision alone to the line before it in the tenant's ledger."""
    return _hash(
        [
            previous,
            contact,
            event.purpose,
            event.state,
            _moment(event.at),
            event.wording_version,
            event.source,
        ],
    )


def seal_line(previous: str, line: LedgerLine, *, tenant_id: str, recorded_at: datetime) -> str:
    """Return the hash of form 2, which ties everything that is kept of a line to the line before it.

    The evidence is JSON of texts, whole numbers and truth values only, so that both engines give back what was sealed.
    """
    event = line.event
    return _hash(
        [
            WHOLE_LINE,
            previous,
            tenant_id,
            line.contact_id,
            event.purpose,
            event.channel,
            event.state,
            _moment(event.at),
            _moment(recorded_at),
            event.wording_version,
            event.wording_hash,
            event.language,
            event.source,
            line.evidence,
            line.recorded_by,
        ]
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _hash(line: list[Any]) -> str:
    return hashlib.sha256(_AS_JSON(line).encode()).hexdigest()
