"""Consent is a ledger of events; what holds now is their fold (UU 27/2022 Ps. 20(2)a, 22, 24, 40)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from marketing.domain.types import Purpose


class ConsentState(StrEnum):
    """What one ledger line says; `none` never stands in the ledger, it is the fold of no lines."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One line: what was said, when, on which wording, through which source."""

    purpose: Purpose
    state: ConsentState
    at: datetime
    wording_version: str
    source: str
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a line may not enter the ledger."""

    reason: str


def fold(events: Iterable[ConsentEvent]) -> Mapping[Purpose, ConsentEvent]:
    """Return the line in force per purpose: the last recorded that `admit` let in."""
    return {event.purpose: event for event in events}


def admit(event: ConsentEvent, current: ConsentEvent | None, now: datetime) -> ConsentEvent | Refused:
    """Decide whether a new line may follow the current one.

    An imported consent counts only with its time, wording version and source, and never overrides a withdrawal
    that Siar already holds (catalogue contract; UU 27/2022 Ps. 24, 40). A line from the future is refused.
    """
    if event.at > now:
        return Refused("from_the_future")
    if event.state is ConsentState.GIVEN and not (event.wording_version and event.source):
        return Refused("no_proof")
    if event.imported and current is not None:
        if current.state in (ConsentState.WITHDRAWN, ConsentState.REFUSED) and event.state is ConsentState.GIVEN:
            return Refused("withdrawn_before")
        if event.at <= current.at:
            return Refused("known_already")
    return event


def seal(previous: str, *, contact: str, event: ConsentEvent) -> str:
    """Return the hash that ties a line to the one before it in the tenant's ledger, so that tampering shows."""
    line = json.dumps(
        [
            previous,
            contact,
            event.purpose,
            event.state,
            event.at.astimezone(UTC).isoformat(),
            event.wording_version,
            event.source,
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(line.encode()).hexdigest()
