"""Views of the subscription: the form, what follows it, the page of the confirmation, the poster."""

from dataclasses import dataclass
from typing import Literal

from marketing.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class Box:
    """One purpose to agree to: the sentence beside the box and the lines of UU 27/2022 Ps. 21 under it."""

    name: str
    title: str
    question: str
    told: tuple[str, ...]
    mark: str
    checked: bool = False


@dataclass(frozen=True, slots=True)
class FormView:
    """The form. `again` asks to send it once more and says why."""

    office: str
    area: str
    action: str
    language_href: str
    boxes: tuple[Box, ...]
    topics: tuple[Option, ...]
    proof: str
    spoken: str
    email: str = ""
    name: str = ""
    again: str = ""
    wrong_email: str = ""
    wrong_purpose: str = ""
    home_href: str = ""
    telegram_href: str = ""


@dataclass(frozen=True, slots=True)
class AskedView:
    """What every address is told."""

    email: str
    back_href: str


@dataclass(frozen=True, slots=True)
class ConfirmView:
    """Confirming: asks by GET, acts by POST."""

    state: Literal["ask", "done"]
    address: str
    action: str
    boxes: tuple[Box, ...] = ()
    preferences_href: str = ""


@dataclass(frozen=True, slots=True)
class PosterView:
    """A sheet to print for a fair; `code_href` is the QR code as SVG, `print_href` the same for a printer."""

    address: str
    short_address: str
    office: str
    back_href: str
    code_href: str
    print_href: str
    telegram: bool = False
