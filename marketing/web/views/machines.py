"""Mesin kirim: what leaves now, what waits and for how long, who works at it, and what stands in the way."""

from dataclasses import dataclass

from marketing.web.views.mail_health import Figure


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One lane of messages."""

    name: str
    note: str
    due: int
    waits: str
    leased: int
    lost: int
    later: int
    late: bool


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign on its way; `done` of `total` messages have had their turn."""

    name: str
    href: str
    kind: str
    done: int
    total: int
    said: str
    pace: str
    ends: str


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A process that spoke lately, or fell silent."""

    part: str
    host: str
    doing: str
    rate: str
    since: str
    heard: str
    state: str


@dataclass(frozen=True, slots=True)
class WayRow:
    """A mail account."""

    name: str
    provider: str
    state: str
    said: str


@dataclass(frozen=True, slots=True)
class StopLine:
    """What stands still, or was made slow."""

    text: str
    stopped: bool


@dataclass(frozen=True, slots=True)
class MachinesView:
    """The page; `warnings` are sentences on what does not answer at all."""

    at: str
    figures: tuple[Figure, ...]
    lanes: tuple[LaneRow, ...]
    campaigns: tuple[CampaignRow, ...] = ()
    campaigns_more: int = 0
    workers: tuple[WorkerRow, ...] = ()
    ways: tuple[WayRow, ...] = ()
    stops: tuple[StopLine, ...] = ()
    health_href: str = ""
    warnings: tuple[str, ...] = ()
    summary: str = ""
