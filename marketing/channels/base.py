"""The ports. A channel implements those it has; every call takes a batch and yields one outcome per item, in any order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Generic, Protocol, TypeVar

from marketing.channels.errors import TemporaryError
from marketing.domain.content import Capabilities, OutboundEmail, OutboundPost
from marketing.domain.types import ChannelName, EmailType

IN_HAND: Final = 50
"""How many messages are permitted together by default: at most so many are in doubt when a worker dies."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took responsibility for the message."""

    key: str
    provider_id: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """A passing fault before acceptance; safe to hand over again after `retry_after`.

    `counted` says whether this was an attempt at the message itself; it was none when the provider is down or a rate is used up.
    """

    key: str
    reason: str
    retry_after: timedelta
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """Refused for good; `reason` is a code (for example smtp_550), `detail` a redacted sentence."""

    key: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It went out but the answer was lost: never repeated blindly."""

    key: str
    reason: str


SendOutcome = Accepted | Deferred | Failed | InDoubt


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything is prepared that nobody sees and that may be made again; `note` is what `submit` needs of it."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Preparing:
    """The provider is still at it: prepare again after `retry_after`, with this note."""

    note: str
    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class Published:
    """It stands in public at `permalink`; `handle` is the provider's id."""

    key: str
    handle: str
    permalink: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Accepted, not yet public; `poll(handle)` after `retry_after`."""

    key: str
    handle: str
    retry_after: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AwaitingHuman:
    """A person must do the last step (WhatsApp group, TikTok inbox); `handle` names the prepared kit."""

    key: str
    handle: str
    instruction: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The channel was asked and does not have it: it may be submitted."""

    key: str


PrepareOutcome = Ready | Preparing | Deferred | Failed
PublishOutcome = Published | Pending | AwaitingHuman | Deferred | Failed | InDoubt
FindOutcome = Published | Pending | AwaitingHuman | Absent | Deferred | InDoubt
PollOutcome = Published | Pending | AwaitingHuman | Deferred | Failed


M = TypeVar("M")
M_contra = TypeVar("M_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Load(Generic[M]):
    """Messages of one tenant and one type on their way; a Load names them before the first is taken, for taking permits it to go.

    `size` is how many there are at most, 0 where nobody knows. None among them says: too many are in doubt, hear of some first.
    """

    tenant: str
    email_type: EmailType
    emails: Iterable[M | None]
    size: int = 0

    def __iter__(self) -> Iterator[M | None]:
        """Take them one by one."""
        return iter(self.emails)


class Courier(Protocol[M_contra]):
    """Carries finished messages of one kind, each to one person."""

    name: ChannelName

    def send(self, batch: Load[M_contra] | Iterable[M_contra]) -> Iterator[SendOutcome]:
        """Hand the batch over; yields exactly one outcome per message that it takes.

        Each message is taken from the batch only when it can leave at once: taking it is what permits it to go. When nobody
        can carry mail now, the rest is not taken and TemporaryError says why (its text is a reason code) and until when.
        """
        ...

    def in_hand(self, tenant: str, email_type: EmailType) -> int:
        """Return how many messages may be permitted together: as many may be in doubt when a worker dies."""
        ...


class Messenger(Courier[OutboundEmail], Protocol):
    """The courier of e-mail."""


def send_one(messenger: Messenger, email: OutboundEmail) -> SendOutcome:
    """Hand a single e-mail over that needs no permit of the moment; never raises for a fault of the provider."""
    try:
        (outcome,) = messenger.send([email])
    except TemporaryError as error:
        return Deferred(email.key, str(error), error.retry_after, counted=False)
    return outcome


class Publisher(Protocol):
    """Publishes one thing to many, on one account of a channel: prepare, submit, poll; each method takes one post.

    Only `submit` is irreversible, and it is called once: what it left in doubt is looked up by `find` before anything is
    repeated. A ChannelError says that nothing has come to stand through this call; whatever else `submit` raises leaves it in
    doubt.
    """

    name: ChannelName
    capabilities: Capabilities

    def prepare(self, post: OutboundPost, note: str) -> PrepareOutcome:
        """Check the post and make what it needs (containers, uploads), reusing what `note` of an earlier try names."""
        ...

    def submit(self, post: OutboundPost, note: str) -> PublishOutcome:
        """Publish, with the note of `prepare`. Deferred and Failed are certain: nothing stands."""
        ...

    def find(self, post: OutboundPost, note: str) -> FindOutcome:
        """Say whether an earlier `submit` of this post went through; InDoubt where the channel cannot tell."""
        ...

    def poll(self, post: OutboundPost, handle: str) -> PollOutcome:
        """Say how far a pending post is; Deferred when nobody could be asked."""
        ...

    def withdraw(self, handle: str) -> bool:
        """Take a post down; True when it is gone (also when it was gone already), False when a person must do it.

        TemporaryError or PermanentError when the provider refuses.
        """
        ...


class Publishers(Protocol):
    """Knows the publisher of each account."""

    def of(self, tenant: str, channel: ChannelName, account: str, *, sending: bool = True) -> Publisher:
        """Return it; TemporaryError when the account cannot be used now, PermanentError when it is gone.

        `sending` is False when something is only to be asked about or taken down: a paused account allows that.
        """
        ...

    def lost(self, tenant: str, channel: ChannelName, account: str, reason: str) -> None:
        """Take note that the provider no longer lets this account in."""
        ...
