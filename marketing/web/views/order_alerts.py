"""Perhatian pesanan: shipments held until they are paid, and businesses that no mail reaches."""

from dataclasses import dataclass

from marketing.web.views.parts import Pager, Tab


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert: what is the matter, why, what to do, and how it ended."""

    id: int
    kind: str
    title: str
    why: str
    article: str
    advice: str
    contact: str
    since: str
    action: str = ""
    label: str = ""
    question: str = ""
    note_label: str = ""
    ended: str = ""
    note: str = ""

    @property
    def note_id(self) -> str:
        """The field of the reason."""
        return f"alasan-{self.id}"


@dataclass(frozen=True, slots=True)
class AlertsView:
    """One page of alerts, waiting or ended."""

    tabs: tuple[Tab, ...]
    states: tuple[Tab, ...]
    pager: Pager
    closed: bool
    rows: tuple[AlertRow, ...] = ()
