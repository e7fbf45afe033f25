"""One product before the gate: what it is, what the gate says now, and what it said before."""

from dataclasses import dataclass
from typing import Literal

from marketing.web import paths
from marketing.web.views.catalog import ReasonView
from marketing.web.views.withdrawals import WithdrawalRow

State = Literal["ready", "held", "unverified", "withdrawn"]


@dataclass(frozen=True, slots=True)
class PastRow:
    """One stored answer: when, which state, by which codes, under which rules and version of the catalogue."""

    when: str
    state: Literal["ready", "held"]
    codes: str
    versions: str


@dataclass(frozen=True, slots=True)
class ProductExplainView:
    """The page of one product for staff."""

    id: int
    name: str
    business: str
    state: State
    said: str
    asked: str
    product_facts: tuple[tuple[str, str], ...]
    business_facts: tuple[tuple[str, str], ...]
    description: str
    reasons: tuple[ReasonView, ...] = ()
    remarks: tuple[ReasonView, ...] = ()
    past: tuple[PastRow, ...] = ()
    picture: str = ""
    picture_alt: str = ""
    rules: str = ""
    public_href: str = ""
    can_promote: bool = False
    withdrawals: tuple[WithdrawalRow, ...] = ()
    withdrawals_total: int = 0

    @property
    def promote_href(self) -> str:
        """The composer with this product already picked."""
        return paths.compose(None, produk=self.id)
