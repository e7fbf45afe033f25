"""Belum pasti dan terlewat: what became of the messages in doubt, and whom a campaign may still be sent to."""

from dataclasses import dataclass

from marketing.web import paths
from marketing.web.views.parts import Pager


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """One message in doubt; `recipient` is empty words where the person was erased."""

    id: int
    recipient: str
    handed_over: str
    reason: str

    @property
    def href(self) -> str:
        """The page of the message."""
        return paths.mail(self.id)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of people whom the campaign missed."""

    value: str
    label: str
    note: str
    number: int


@dataclass(frozen=True, slots=True)
class MissedView:
    """The page; `why_not` says why nothing can be sent to the missed now, empty where it can."""

    campaign_id: int
    name: str
    doubts: tuple[DoubtRow, ...]
    doubtful: int
    pager: Pager | None
    groups: tuple[GroupRow, ...]
    may_settle: bool
    may_send: bool
    why_not: str = ""
    errors: tuple[str, ...] = ()
