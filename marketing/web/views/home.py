"""Beranda: first what waits for me, then what happens, then numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from marketing.web.views.states import Tone


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for this person, with its next step."""

    title: str
    text: str
    href: str
    action: str
    icon: str = "approval"
    tone: Tone = "idle"


@dataclass(frozen=True, slots=True)
class Health:
    """A channel (or the catalogue) and whether it works; `note` says what is wrong in plain words."""

    label: str
    icon: str
    state: str = "healthy"
    note: str = ""
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """A number that says against what; `exact` is the figure in full where `figure` is rounded."""

    label: str
    figure: str
    note: str
    trend: str = ""
    direction: Literal["", "up", "down"] = ""
    exact: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One thing that goes out today or this week."""

    title: str
    href: str
    state: str
    time: str
    day: str
    iso: str
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One line of the first-run checklist."""

    label: str
    done: bool
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, in SVG units of a 960 × 190 drawing."""

    x: float
    y: float
    height: float
    width: float
    value: int
    peak: bool


@dataclass(frozen=True, slots=True)
class BarChart:
    """Orders per day as bars; the sentence says what the drawing shows, for those who do not see it."""

    title: str
    sentence: str
    values: Sequence[int]
    first_label: str
    last_label: str

    @property
    def top(self) -> int:
        """The value of the upper grid line: the least of 2, 4, 10, 20, 40, 100 … that holds all bars."""
        need, step = max([*self.values, 1]), 1
        while True:
            for factor in (2, 4, 10):
                if need <= factor * step:
                    return factor * step
            step *= 10

    @property
    def half(self) -> int:
        """The value of the middle grid line."""
        return self.top // 2

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The bars, laid out between the axis at x = 40 and the right edge at 960, ground at y = 150."""
        slot = 920 / max(len(self.values), 1)
        peak = max(self.values, default=0)
        mark = next((i for i, value in enumerate(self.values) if value == peak and peak), -1)
        return tuple(
            Bar(
                x=round(40 + i * slot + slot * 0.13, 1),
                y=round(150 - 130 * value / self.top, 1),
                height=round(130 * value / self.top, 1),
                width=round(slot * 0.74, 1),
                value=value,
                peak=i == mark,
            )
            for i, value in enumerate(self.values)
        )


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything on Beranda."""

    greeting: str
    today: str
    waiting: tuple[Waiting, ...] = ()
    health: tuple[Health, ...] = ()
    period: str = ""
    stats: tuple[Stat, ...] = ()
    chart: BarChart | None = None
    agenda: tuple[AgendaItem, ...] = ()
    first_steps: tuple[FirstStep, ...] = field(default=())
    can_compose: bool = True

    @property
    def troubled(self) -> tuple[Health, ...]:
        """What needs care."""
        return tuple(item for item in self.health if item.state not in ("healthy", "sandbox"))

    @property
    def well(self) -> tuple[Health, ...]:
        """What works."""
        return tuple(item for item in self.health if item.state in ("healthy", "sandbox"))

    @property
    def steps_done(self) -> int:
        """How far the first-run checklist is."""
        return sum(step.done for step in self.first_steps)
