"""Tugas: what only a person can do for a post, made for a phone."""

from dataclasses import dataclass

from marketing.web import paths
from marketing.web.views.parts import Option
from marketing.web.views.preview import PostPreview
from marketing.web.views.withdrawals import WithdrawalRow


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of a list; `state` is a chip, `whose` says who is to do it or who did."""

    id: int
    title: str
    post: str
    icon: str
    state: str
    since: str
    whose: str

    @property
    def href(self) -> str:
        """The page of the task."""
        return paths.task(self.id)


@dataclass(frozen=True, slots=True)
class TasksView:
    """What is mine, what is anybody's or a colleague's, and what was done lately."""

    mine: tuple[TaskRow, ...]
    others: tuple[TaskRow, ...]
    done: tuple[TaskRow, ...]
    names_people: bool = False


@dataclass(frozen=True, slots=True)
class ShareKit:
    """What a person needs to finish a post by hand; `group` is where, `steps` what an app other than WhatsApp asks for."""

    group: str
    text: str
    picture: str = ""
    picture_name: str = ""
    open_href: str = ""
    steps: tuple[str, ...] = ()
    code_note: str = ""
    wants_link: bool = False


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task; `can_act` is whether this person may say that it is done, `error` what was wrong with that."""

    id: int
    kind: str
    channel: str
    title: str
    state: str
    since: str
    whose: str
    post_id: int
    preview: PostPreview
    waits: bool
    can_act: bool = False
    can_take: bool = False
    mine: bool = False
    kit: ShareKit | None = None
    account: str = ""
    account_href: str = ""
    sent: str = ""
    done_note: str = ""
    permalink: str = ""
    proof: bool = False
    most_mb: int = 0
    withdrawn: tuple[WithdrawalRow, ...] = ()
    campaign: str = ""
    campaign_href: str = ""
    error: str = ""
    wrong_field: str = ""
    given_link: str = ""

    @property
    def post_href(self) -> str:
        """The page of the post."""
        return paths.post(self.post_id)

    @property
    def most_bytes(self) -> int:
        """How large a proof may be."""
        return self.most_mb * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AccountPerson:
    """One account and who finishes its posts by hand."""

    id: int
    name: str
    channel: str
    people: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class TaskPeopleView:
    """Accounts with their persons, and the form for a WhatsApp group."""

    accounts: tuple[AccountPerson, ...]
    people: tuple[Option, ...]
    error: str = ""
    given_name: str = ""
