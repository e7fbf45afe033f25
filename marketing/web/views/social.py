"""Media sosial: the accounts on which campaigns appear, and how another is connected."""

from dataclasses import dataclass

from marketing.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class SocialCard:
    """One account; an empty address means that the person may not, or the state does not allow it. `more` are links beside it."""

    id: int
    name: str
    provider: str
    icon: str
    state: str
    standing: str
    problem: str
    facts: tuple[tuple[str, str], ...]
    abilities: tuple[str, ...]
    try_action: str = ""
    pause_action: str = ""
    resume_action: str = ""
    remove_action: str = ""
    reconnect_href: str = ""
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WayIn:
    """One provider that an account can be connected of; without `href` the operator fills in `setting` first.

    `addresses` are typed in at the provider by the operator.
    """

    id: str
    name: str
    text: str
    href: str
    setting: str = ""
    addresses: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SocialView:
    """The whole page."""

    cards: tuple[SocialCard, ...]
    ways: tuple[WayIn, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a form; a secret one never carries its value back."""

    id: str
    label: str
    value: str = ""
    kind: str = "text"
    note: str = ""
    wrong: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class LeaveLink:
    """One way to the provider's own page."""

    label: str
    href: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class ConnectSocialView:
    """How one provider's account is connected: by a form with `fields`, or on the provider's own page by `links`.

    `direct_action` is where TikTok's choice of who may see direct posts is sent to.
    """

    title: str
    intro: str
    steps: tuple[str, ...]
    action: str = ""
    fields: tuple[FieldView, ...] = ()
    wrong: str = ""
    links: tuple[LeaveLink, ...] = ()
    direct_action: str = ""
    privacies: tuple[Option, ...] = ()
    comments: bool = False
    figures: bool = False


@dataclass(frozen=True, slots=True)
class OfferedAccount:
    """One account that a person's leave leads to."""

    value: str
    label: str
    note: str
    selected: bool


@dataclass(frozen=True, slots=True)
class ChooseView:
    """Which of the offered accounts are connected."""

    accounts: tuple[OfferedAccount, ...]
    action: str
    again_href: str
    wrong: str = ""
