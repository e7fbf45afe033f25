"""The ports. A channel implements those it has; every call takes a batch and yields one outcome per item, in any order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from marketing.domain.content import Capabilities, OutboundEmail, OutboundPost
from marketing.domain.types import ChannelName


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took responsibility for the message."""

    key: str
    provider_id: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """A passing fault before acceptance; safe to hand over again after `retry_after`."""

    key: str
    reason: str
    retry_after: timedelta


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
class Published:
    """It stands in public at `permalink`; `handle` is the provider's id."""

    key: str
    handle: str
    permalink: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Accepted, not yet public; ask `check(handle)` later."""

    key: str
    handle: str


@dataclass(frozen=True, slots=True)
class AwaitingHuman:
    """A person must do the last step (WhatsApp group, TikTok inbox); `handle` names the prepared kit."""

    key: str
    handle: str
    instruction: str


PublishOutcome = Published | Pending | AwaitingHuman | Deferred | Failed | InDoubt


class Messenger(Protocol):
    """Carries one message to one person."""

    name: ChannelName

    def send(self, batch: Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        """Hand the batch over; yields exactly one outcome per message and raises only for programming errors.

        Each message is taken from the batch only when it can leave at once: taking it is what permits it to go.
        """
        ...


class Publisher(Protocol):
    """Publishes one thing to many."""

    name: ChannelName
    capabilities: Capabilities

    def publish(self, batch: Sequence[OutboundPost]) -> Iterator[PublishOutcome]:
        """Publish each post once; a post whose marker already stands is answered with the standing one."""
        ...

    def withdraw(self, handle: str) -> bool:
        """Take a post down; True when it is gone (also when it was gone already), False when a person must do it."""
        ...
