"""Pages for everybody beside the gallery: leaving a list, why a mail came, signing in, and what went wrong."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SiteNav:
    """The few links of the public pages; the language is posted to `language_action` and leads back to `path`."""

    home_href: str
    all_href: str = ""
    search_action: str = ""
    language_action: str = ""
    path: str = ""
    active: Literal["", "home", "all"] = ""


@dataclass(frozen=True, slots=True)
class UnsubscribeView:
    """Leaving: asks by GET, acts by POST. `done` says what was stopped."""

    type_label: str = ""
    address: str = ""
    action: str = ""
    done: Literal["", "type", "all"] = ""
    preferences_href: str = ""


@dataclass(frozen=True, slots=True)
class WhyView:
    """Why this mail came: the consent it rests on word for word, the decision, who sent it, and the ways out."""

    type_label: str
    address: str
    basis: str
    law: str
    decision: tuple[str, ...]
    letterhead: tuple[str, ...]
    officer: str
    facts: tuple[tuple[str, str], ...] = ()
    wording: tuple[str, ...] = ()
    unsubscribe_href: str = ""
    preferences_href: str = ""
    receipt_href: str = ""


@dataclass(frozen=True, slots=True)
class LoginView:
    """Signing in; `error` is a sentence and never says which of the two was wrong."""

    email: str = ""
    error: str = ""
    next: str = ""
    demo_users: tuple[tuple[str, str], ...] = ()
    demo_password: str = ""


@dataclass(frozen=True, slots=True)
class ForgottenView:
    """A forgotten password: the form, and the one answer that everybody gets."""

    sent: bool = False


@dataclass(frozen=True, slots=True)
class PasswordView:
    """Where the link of a mail leads; `valid` is false for a link that is used, late or damaged."""

    valid: bool
    email: str
    action: str
    error: str = ""
    field: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What happened, why, what to do."""

    status: int
    title: str
    text: str
    advice: str
    href: str = "/"
    action: str = ""
