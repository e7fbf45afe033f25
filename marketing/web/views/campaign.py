"""Kampanye: the list, and the page of one campaign."""

from dataclasses import dataclass

from marketing.web import paths
from marketing.web.views.parts import LedgerView, Option, Pager, Tab, Thumb
from marketing.web.views.preview import ChatPreview, EmailPreview, PostPreview
from marketing.web.views.reach import ReachView
from marketing.web.views.states import email_type_label


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One line of the list; `result` is what came of it, in words ("1.180 sampai · 96 klik orang")."""

    id: int
    name: str
    email_type: str
    state: str
    when: str
    author: str
    channels: tuple[str, ...] = ()
    audience: str = ""
    result: str = ""

    @property
    def href(self) -> str:
        """The page of the campaign."""
        return paths.campaign(self.id)

    @property
    def type_label(self) -> str:
        """The kind of e-mail in words."""
        return email_type_label(self.email_type)


@dataclass(frozen=True, slots=True)
class CampaignListView:
    """One page of the campaigns."""

    tabs: tuple[Tab, ...]
    rows: tuple[CampaignRow, ...]
    pager: Pager
    query: str = ""
    types: tuple[Option, ...] = ()
    can_compose: bool = False
    state: str = ""

    @property
    def filtered(self) -> bool:
        """Whether an empty list is empty because of the filter."""
        elsewhere = any(tab.current for tab in self.tabs[1:])
        return bool(self.query) or elsewhere or any(option.selected and option.value for option in self.types)


@dataclass(frozen=True, slots=True)
class Result:
    """A number of results; what is unreliable says so in its note."""

    label: str
    figure: str
    note: str = ""
    href: str = ""
    reliable: bool = True


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history: who did what, when; `note` is what they wrote."""

    text: str
    when: str
    iso: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post of this campaign on one channel."""

    id: int
    channel: str
    state: str
    when: str
    reason: str = ""
    permalink: str = ""
    shared: str = ""

    @property
    def href(self) -> str:
        """The page of the post."""
        return paths.post(self.id)


@dataclass(frozen=True, slots=True)
class Acts:
    """What this person may do to this campaign now; the routes ask again before they do it."""

    edit: bool = False
    submit: bool = False
    approve: bool = False
    schedule: bool = False
    pause: bool = False
    resume: bool = False
    resume_why: bool = False  # going on asks for a reason
    cancel: bool = False
    settle: bool = False  # judge what is in doubt, or send to the missed: its own page
    priority: tuple[Option, ...] = ()
    why_not_approve: str = ""

    @property
    def any(self) -> bool:
        """Whether there is anything to press."""
        return any((self.edit, self.submit, self.schedule, self.pause, self.resume, self.cancel))


@dataclass(frozen=True, slots=True)
class ArchiveNote:
    """Where a sent newsletter stands in the public archive; `reason` and `by` are there while it is withdrawn."""

    href: str
    reason: str = ""
    by: str = ""
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class CampaignView:
    """The page of one campaign. `schedule_date` and `schedule_time` are for date and time fields (ISO).

    `awaits` is the moment (ISO) at which a scheduled campaign begins to move and the page should look again.
    """

    id: int
    name: str
    state: str
    email_type: str
    author: str
    when: str
    zone: str
    version: int
    audience_label: str
    channels: tuple[str, ...]
    acts: Acts
    ledger: LedgerView | None = None
    left_out: int = 0
    state_reason: str = ""
    schedule_date: str = ""
    schedule_time: str = ""
    earliest_date: str = ""
    awaits: str = ""
    approved_by: str = ""
    letter_number: str = ""
    email: EmailPreview | None = None
    previews: tuple[PostPreview, ...] = ()
    chat: ChatPreview | None = None
    products: tuple[Thumb, ...] = ()
    results: tuple[Result, ...] = ()
    posts: tuple[PostLine, ...] = ()
    reach: ReachView | None = None
    history: tuple[Happening, ...] = ()
    archive: ArchiveNote | None = None
    errors: tuple[str, ...] = ()

    @property
    def type_label(self) -> str:
        """The kind of e-mail in words."""
        return email_type_label(self.email_type)

    @property
    def missed(self) -> int:
        """How many an honest second try would reach: those whose fate nobody knows."""
        return self.ledger.unknown if self.ledger else 0
