"""What becomes of an answer given at somebody else's check-out. Pure; the ledger's own rules stand behind it.

- An unticked box is no refusal (UU 27/2022 Ps. 22 wants a yes; silence says nothing): it leaves what was given elsewhere.
- A yes counts once the owner of the address has confirmed it. A program that confirms addresses itself may vouch for them.
- A yes older than a no that we hold is the past. A newer one after a no, or to an address that must be left alone, is for
  the owner to confirm: nobody vouches anybody back in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from marketing.domain.consent import NO, ConsentEvent, ConsentState, channel_of
from marketing.domain.types import ChannelName, Purpose

OLDEST: Final = timedelta(hours=72)
"""How old a yes may be when it arrives; what is older comes as a file, with its proof."""
SKEW: Final = timedelta(minutes=5)
"""How far another clock may be ahead of ours."""


class Answer(StrEnum):
    """What the person did with one box."""

    YES = "yes"
    UNTICKED = "unticked"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What is done about one answer."""

    RECORD = "record"
    ASK_OWNER = "ask_owner"
    WITHDRAW = "withdraw"
    STANDS = "stands"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Held:
    """What we hold of the person for one purpose; `barred` says that the address must be left alone."""

    current: ConsentEvent | None = None
    outdated: bool = False
    barred: bool = False


def is_timely(collected_at: datetime, now: datetime) -> bool:
    """Return whether an answer arrives in time and not from the future."""
    return now - OLDEST <= collected_at <= now + SKEW


def step_for(purpose: Purpose, answer: Answer, held: Held, *, vouched: bool, collected_at: datetime) -> Step:
    """Decide about one answer."""
    if answer is Answer.UNTICKED:
        return Step.LEAVE
    if answer is Answer.WITHDRAWN:
        return Step.WITHDRAW
    current = held.current
    said_no = current is not None and current.state in NO
    if current is not None and current.state is ConsentState.GIVEN and not held.outdated:
        return Step.STANDS
    if current is not None and said_no and current.at >= collected_at:
        return Step.LEAVE
    if vouched and not said_no and not held.barred:
        return Step.RECORD
    # Only a mail asks its owner; a number is confirmed by the person in the preference centre.
    return Step.ASK_OWNER if channel_of(purpose) is ChannelName.EMAIL else Step.LEAVE
