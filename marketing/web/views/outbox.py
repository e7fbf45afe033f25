"""Kotak keluar: every mail and post that went out, or would have, as it looked."""

from dataclasses import dataclass
from typing import Literal

from marketing.web import paths
from marketing.web.views.parts import Option, Pager, Tab
from marketing.web.views.preview import ChatPreview, PostPreview
from marketing.web.views.reach import ReachRow
from marketing.web.views.tasks import TaskRow
from marketing.web.views.withdrawals import WithdrawalRow


@dataclass(frozen=True, slots=True)
class MailRow:
    """One message; `reason` and `article` say why it was not sent, where it was not."""

    id: int
    recipient: str
    subject: str
    type_label: str
    state: str
    when: str
    campaign: str = ""
    reason: str = ""
    article: str = ""

    @property
    def href(self) -> str:
        """The page of the message."""
        return paths.mail(self.id)


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post."""

    id: int
    channel: str
    account: str
    title: str
    state: str
    when: str
    campaign: str = ""
    reason: str = ""
    permalink: str = ""

    @property
    def href(self) -> str:
        """The page of the post."""
        return paths.post(self.id)


@dataclass(frozen=True, slots=True)
class OutboxView:
    """One page of mails or of posts."""

    tabs: tuple[Tab, ...]
    tab: Literal["surat", "kiriman"]
    pager: Pager
    mails: tuple[MailRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    query: str = ""
    states: tuple[Option, ...] = ()
    kinds: tuple[Option, ...] = ()
    campaigns: tuple[Option, ...] = ()
    sandbox: bool = False

    @property
    def action(self) -> str:
        """Where the filter is sent; a search for mails is posted, for it may be somebody's address."""
        return paths.OUTBOX_SEARCH if self.tab == "surat" else paths.OUTBOX_POSTS

    @property
    def filtered(self) -> bool:
        """Whether an empty list is empty because of the filter."""
        options = (*self.states, *self.kinds, *self.campaigns)
        return bool(self.query) or any(option.selected and option.value for option in options)


@dataclass(frozen=True, slots=True)
class MailView:
    """One message: what the receiver sees, what machines read, and why it was sent or not."""

    id: int
    subject: str
    recipient: str
    sender: str
    state: str
    when: str
    type_label: str
    why: tuple[str, ...]
    campaign: str = ""
    campaign_href: str = ""
    preheader: str = ""
    reason: str = ""
    article: str = ""
    has_html: bool = True
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    events: tuple[tuple[str, str], ...] = ()
    chat: ChatPreview | None = None

    @property
    def html_href(self) -> str:
        """The HTML part, for the sandboxed frame."""
        return paths.mail_html(self.id)


@dataclass(frozen=True, slots=True)
class PostView:
    """One post as its channel would show it."""

    id: int
    channel: str
    state: str
    when: str
    preview: PostPreview
    campaign: str = ""
    campaign_href: str = ""
    reason: str = ""
    permalink: str = ""
    marker: str = ""
    tasks: tuple[TaskRow, ...] = ()
    withdrawn: tuple[WithdrawalRow, ...] = ()
    reach: ReachRow | None = None
