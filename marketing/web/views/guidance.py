"""Pendampingan: what each business lacks, for those who help it."""

from dataclasses import dataclass

from marketing.web.views.parts import Pager


@dataclass(frozen=True, slots=True)
class GapView:
    """One thing that is missing and what cures it."""

    topic: str
    basis: str
    what: str
    code: str
    cure: str
    count: str
    products: str


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """One business with everything that keeps its products back."""

    name: str
    place: str
    contact: str
    held: str
    next_step: str
    gaps: tuple[GapView, ...]


@dataclass(frozen=True, slots=True)
class GuidanceView:
    """One page of the businesses with gaps, those with most held products first."""

    summary: str
    rows: tuple[BusinessRow, ...]
    pager: Pager
    query: str = ""
    download_href: str = ""
