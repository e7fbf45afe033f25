"""What a program of the Daerah says that a person answered; plain values, addresses already in their one form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketing.accounts.api_keys import Caller
from marketing.domain.outside_consent import Answer
from marketing.domain.types import ChannelName, Purpose


@dataclass(frozen=True, slots=True)
class Shown:
    """Which text stood beside a box: its version and language, and the SHA-256 or the text itself to prove it."""

    version: str
    language: str
    hash: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One box."""

    purpose: Purpose
    answer: Answer
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where it was said; `place` and `order` are the program's own words, `page` an address without its query."""

    place: str
    page: str = ""
    order: str = ""
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Vouched:
    """The program says that it confirmed the addresses itself: when, and by a link, a code or a log-in."""

    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Collected:
    """What was collected from one person; addresses normalised, by channel."""

    addresses: Mapping[ChannelName, str]
    language: str
    boxes: tuple[Box, ...]
    collected_at: datetime
    circumstances: Circumstances
    name: str = ""
    vouched: Vouched | None = None


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Who leaves what through a program's account page."""

    addresses: Mapping[ChannelName, str]
    purposes: tuple[Purpose, ...]
    everything: bool
    circumstances: Circumstances
    said_at: datetime | None = None


def evidence_of(caller: Caller, said: Circumstances) -> dict[str, Any]:
    """Return what the ledger keeps of where it was said; what is not known does not appear."""
    known = {"api_key": caller.prefix, "place": said.place, "page": said.page, "order": said.order}
    return {name: value for name, value in known.items() if value}
