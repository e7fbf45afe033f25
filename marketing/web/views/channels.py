"""Kanal: accounts on marketplaces, their state, and what a person has to do."""

from dataclasses import dataclass

from marketing.web.views.mail_accounts import MailAccountsView
from marketing.web.views.parts import Option, Pager


@dataclass(frozen=True, slots=True)
class DeleteTask:
    """A listing to delete by hand."""

    title: str
    note: str
    why: str
    done_action: str


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many listings are in one state, and where they are listed."""

    state: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class AccountCard:
    """One account; an empty address means that the person may not, or the state does not allow it."""

    id: int
    name: str
    provider: str
    owner: str
    state: str
    reason: str
    problems: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    counts: tuple[StateCount, ...]
    aside: tuple[tuple[str, str], ...]
    auto: bool
    details_href: str
    try_action: str = ""
    auto_action: str = ""
    retry_action: str = ""
    pause_action: str = ""
    resume_action: str = ""
    remove_action: str = ""
    reconnect_href: str = ""


@dataclass(frozen=True, slots=True)
class ConnectCard:
    """One marketplace that shops can be connected of; both addresses are registered there by the operator."""

    id: str
    name: str
    registered: bool
    setting: str
    href: str
    back_url: str
    push_url: str
    owners: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ChannelsView:
    """The whole page; `keys_href` and `machines_href` lead whoever may administer to the keys of other programs and to the machines."""

    tasks: tuple[DeleteTask, ...]
    accounts: tuple[AccountCard, ...]
    connects: tuple[ConnectCard, ...]
    can_connect: bool
    mail: MailAccountsView
    keys_href: str = ""
    machines_href: str = ""


@dataclass(frozen=True, slots=True)
class ConnectView:
    """What will happen when a shop is connected, before its owner is asked by the provider."""

    provider: str
    owner: str
    scope: str
    go_href: str


@dataclass(frozen=True, slots=True)
class ListingRow:
    """One listing of an account."""

    product: str
    href: str
    sku: str
    state: str
    reason: str
    price: str
    stock: str
    when: str


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """What the office chose for a category of the catalogue."""

    id: str
    label: str
    category_id: str
    parcel: str
    attributes: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account with its listings and choices."""

    card: AccountCard
    states: tuple[Option, ...]
    action: str
    rows: tuple[ListingRow, ...]
    pager: Pager
    choices: tuple[CategoryChoice, ...]
    choice_action: str
    filtered: bool = False
