"""Kontak: the list of people, one person, and the list of never-send."""

from dataclasses import dataclass

from marketing.web import paths
from marketing.web.views.parts import Option, Pager, Tab


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One person of the list; addresses are masked, `standing` are chips by label and tone."""

    id: int
    name: str
    kind_label: str
    addresses: tuple[str, ...]
    given: tuple[str, ...]
    standing: tuple[tuple[str, str], ...] = ()
    since: str = ""

    @property
    def href(self) -> str:
        """The page of the person."""
        return paths.contact(self.id)


@dataclass(frozen=True, slots=True)
class TwinRow:
    """Two contacts that may be one person, and what they share."""

    keep: int
    keep_name: str
    gone: int
    gone_name: str
    by: str

    @property
    def keep_href(self) -> str:
        """The page of the older one."""
        return paths.contact(self.keep)

    @property
    def gone_href(self) -> str:
        """The page of the younger one."""
        return paths.contact(self.gone)

    @property
    def merge_href(self) -> str:
        """Where the two become one."""
        return paths.contact(self.keep, "gabung")


@dataclass(frozen=True, slots=True)
class ContactsView:
    """One page of people; each of `stats` is a label, a figure and a note, `by_address` the answer to a whole address."""

    rows: tuple[ContactRow, ...]
    pager: Pager
    stats: tuple[tuple[str, str, str], ...] = ()
    query: str = ""
    kinds: tuple[Option, ...] = ()
    purposes: tuple[Option, ...] = ()
    states: tuple[Option, ...] = ()
    standings: tuple[Option, ...] = ()
    twins: tuple[TwinRow, ...] | None = None
    can_export: bool = False
    can_merge: bool = False
    tabs: tuple[Tab, ...] = ()
    by_address: bool = False
    search_help: str = ""

    @property
    def filtered(self) -> bool:
        """Whether an empty list is empty because of the filter."""
        options = (*self.kinds, *self.purposes, *self.states, *self.standings)
        return bool(self.query) or self.by_address or any(option.selected and option.value for option in options)


@dataclass(frozen=True, slots=True)
class ConsentNowRow:
    """What holds for one purpose; `value` is the purpose as forms post it, `tone` how the word is marked."""

    value: str
    title: str
    label: str
    tone: str
    since: str
    basis: str
    note: str = ""
    can_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class LedgerLineView:
    """One line of the ledger, with the text that was shown, line by line."""

    id: int
    title: str
    label: str
    when: str
    details: tuple[str, ...]
    wording: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message to this person and why it went or not."""

    id: int
    campaign: str
    campaign_href: str
    type_label: str
    state: str
    when: str
    why: tuple[str, ...]
    clicks: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class SuppressionRow:
    """One row of the list of never-send; `lift_href` is empty for whoever may not lift it."""

    id: int
    channel: str
    reason: str
    note: str
    when: str
    who: str
    contact: str = ""
    contact_href: str = ""
    lift_href: str = ""
    locked: str = ""
    needs_document: bool = False


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What the person asked of their data."""

    title: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """One person; acts are empty for whoever may not act. `older_href` leads on through the messages."""

    id: int
    name: str
    standing: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    erased: str = ""
    addresses: tuple[tuple[str, str, str], ...] = ()
    preferences: tuple[tuple[str, str], ...] = ()
    consents: tuple[ConsentNowRow, ...] = ()
    lines: tuple[LedgerLineView, ...] = ()
    lines_total: int = 0
    messages: tuple[MessageRow, ...] = ()
    older_href: str = ""
    newest_href: str = ""
    orders: tuple[tuple[str, str, str, str], ...] = ()
    orders_total: int = 0
    suppressions: tuple[SuppressionRow, ...] = ()
    requests: tuple[RequestRow, ...] = ()
    merged: tuple[str, ...] = ()
    receipts: tuple[tuple[str, str], ...] = ()
    withdraw_href: str = ""
    restrict_href: str = ""
    lift_restriction_href: str = ""
    merge_href: str = ""


@dataclass(frozen=True, slots=True)
class MergeView:
    """Choosing who is the same person; `this` stays, the chosen one goes into it."""

    this: ContactRow
    rows: tuple[ContactRow, ...]
    chosen: str = ""
    number: str = ""
    errors: tuple[tuple[str, str], ...] = ()

    def wrong(self, name: str) -> str:
        """Return what is wrong with a field, or nothing."""
        return dict(self.errors).get(name, "")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for one address said; the address itself is not repeated."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class SuppressionsView:
    """The list of never-send; `errors` are field and sentence, `note` is what was typed before one."""

    rows: tuple[SuppressionRow, ...]
    pager: Pager
    reasons: tuple[Option, ...]
    by_hand: tuple[Option, ...] = ()
    lift_reasons: tuple[Option, ...] = ()
    can_add: bool = False
    found: Found | None = None
    errors: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def filtered(self) -> bool:
        """Whether an empty list is empty because of the filter."""
        return self.found is not None or any(option.selected and option.value for option in self.reasons)

    def wrong(self, name: str) -> str:
        """Return what is wrong with a field, or nothing."""
        return dict(self.errors).get(name, "")
