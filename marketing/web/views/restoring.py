"""Basis data dipulihkan: what would be sent again, and what a person decides about it."""

from dataclasses import dataclass

from marketing.web import paths
from marketing.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One campaign that may have gone on in the lost time."""

    id: int
    name: str
    state: str
    what: str
    choices: tuple[Option, ...]

    @property
    def href(self) -> str:
        """The page of the campaign."""
        return paths.campaign(self.id)


@dataclass(frozen=True, slots=True)
class RestoredView:
    """The page; nothing is held where `since` is empty."""

    since: str
    knows_until: str
    lost_until: str
    rows: tuple[RiskRow, ...]
    may_decide: bool
    errors: tuple[str, ...] = ()
