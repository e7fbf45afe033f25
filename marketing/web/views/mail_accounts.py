"""Kanal: the accounts that carry an office's mail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailCard:
    """One account; `bad` says that a person must repair it. An empty address means that this person may not."""

    id: int
    name: str
    provider: str
    state: str
    trouble: str
    bad: bool
    location_note: str
    facts: tuple[tuple[str, str], ...]
    try_action: str = ""
    pause_action: str = ""
    resume_action: str = ""


@dataclass(frozen=True, slots=True)
class MailAccountsView:
    """The section; without cards the mail leaves by what `default` names. `waiting` are types that no account takes."""

    cards: tuple[MailCard, ...]
    default: str
    can_change: bool
    waiting: tuple[str, ...] = ()
