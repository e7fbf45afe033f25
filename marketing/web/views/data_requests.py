"""What people asked of their data, the clocks of it, and the letters about a breach."""

from dataclasses import dataclass, field
from typing import Literal

from marketing.web.views.parts import Option, Pager, Tab


@dataclass(frozen=True, slots=True)
class ClockView:
    """How a request stands against its hour: `state` is overdue, due_soon or in_time, empty once it is closed."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request of the queue."""

    title: str
    who: str
    state: str
    clock: ClockView
    due: str
    article: str
    href: str


@dataclass(frozen=True, slots=True)
class RequestsView:
    """The queue; `loud` says how many are past their hour."""

    rows: tuple[RequestRow, ...]
    pager: Pager
    tabs: tuple[Tab, ...] = ()
    loud: str = ""
    kinds: tuple[Option, ...] = ()
    address: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    can_act: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request with what can be done about it; addresses of acts are empty where nothing is left to do.

    `held` says what speaks against an erasure at once.
    """

    title: str
    who: str
    state: str
    clock: ClockView
    facts: tuple[tuple[str, str], ...]
    means: str = ""
    answer: str = ""
    undelivered: bool = False
    start_action: str = ""
    finish_action: str = ""
    finish_label: str = ""
    refuse_action: str = ""
    pack_action: str = ""
    rectify_action: str = ""
    erases: bool = False
    held: tuple[str, ...] = ()
    name: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BreachView:
    """The form about a breach; only those who answer for it draft the notices."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    can_act: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice as it will be printed."""

    title: str
    to: str
    paragraphs: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    closing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LettersView:
    """Both drafts, with the clock and the facts of the audit log."""

    clock: ClockView
    due: str
    letters: tuple[Letter, ...]
    log: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OwnDataView:
    """What a person does with their own data on a link from their mailbox; `state` is that of the link."""

    state: Literal["copy", "erase", "held", "erased", "refused", "late", "sent"]
    title: str
    action: str
    preferences_href: str = ""
    erases: bool = False
    holds: tuple[str, ...] = ()
    until: str = ""
