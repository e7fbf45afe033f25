"""A worker that dies while a mail is in its hands: nothing is recorded, nothing given back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pytest

from marketing.channels.base import IN_HAND, Load, SendOutcome
from marketing.domain.content import OutboundEmail
from marketing.domain.types import ChannelName, EmailType
from tests.support.world import World


class KilledError(BaseException):
    """What no code catches."""


@dataclass
class Deadly:
    """A messenger that takes one message and dies of it."""

    name: ChannelName = ChannelName.EMAIL

    def send(self, batch: Load[OutboundEmail] | Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        for _email in batch:
            raise KilledError
        yield from ()

    def in_hand(self, _tenant: str, _email_type: EmailType) -> int:
        return IN_HAND


def die(world: World, campaign_id: int) -> None:
    """Let a worker die with the first sub-batch of the campaign on its way."""
    with pytest.raises(KilledError):
        replace(world.app.pipeline, messenger=Deadly()).deliver(campaign_id, batches=1)
