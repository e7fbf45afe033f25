"""Penarikan: what lost its standing and how it left each place."""

from dataclasses import dataclass

from marketing.web import paths
from marketing.web.views.parts import Option, Pager


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    """One product taken off one place: why, since when, how it ended, how long it took."""

    product_id: int
    product: str
    place: str
    why: str
    code: str
    citation: str
    since: str
    state: str
    took: str
    note: str = ""
    place_href: str = ""

    @property
    def product_href(self) -> str:
        """The page of the product."""
        return paths.product_explain(self.product_id)


@dataclass(frozen=True, slots=True)
class WithdrawalsView:
    """One page of withdrawals; each of `stats` is a label, a figure and what it is measured against."""

    rows: tuple[WithdrawalRow, ...]
    pager: Pager
    stats: tuple[tuple[str, str, str], ...] = ()
    query: str = ""
    states: tuple[Option, ...] = ()
    channels: tuple[Option, ...] = ()
    download_href: str = ""

    @property
    def filtered(self) -> bool:
        """Whether an empty list is empty because of the filter."""
        chosen = any(option.selected and option.value for option in (*self.states, *self.channels))
        return bool(self.query) or chosen
