"""Kesehatan surat: what came back, what stands still for it, and what a person does about it."""

from dataclasses import dataclass

from marketing.web.views.parts import Tab


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the last seven days."""

    label: str
    figure: str
    note: str


@dataclass(frozen=True, slots=True)
class StopRow:
    """Something that stands still or is close to it; `action` is where it is let go on, for who may."""

    id: int
    title: str
    text: str
    since: str
    stopped: bool
    href: str = ""
    action: str = ""

    @property
    def note_id(self) -> str:
        """The id of its field for a reason."""
        return f"alasan-{self.id}"


@dataclass(frozen=True, slots=True)
class LostMail:
    """A mail about an order that did not arrive."""

    title: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A bounce mailbox."""

    name: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class MailHealthView:
    """The page."""

    tabs: tuple[Tab, ...]
    figures: tuple[Figure, ...]
    stops: tuple[StopRow, ...] = ()
    lost: tuple[LostMail, ...] = ()
    lost_more: int = 0
    mailboxes: tuple[MailboxRow, ...] = ()
    errors: tuple[str, ...] = ()
