"""What one incoming mail turned out to be."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketing.domain.bounce import BounceClass, Verdict
from marketing.domain.stop_words import StopScope
from marketing.domain.text import cut, one_line


class InboundKind(StrEnum):
    """What to do with an incoming mail."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    LEAVING = "leaving"  # a person, or their provider for them, asks us to stop
    AUTO_REPLY = "auto_reply"
    OTHER = "other"  # somebody wrote; a person reads it
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Failure:
    """What was said of one recipient. The address only tells which of several words are meant; it never says who is acted upon."""

    address: str
    verdict: Verdict
    permanent: bool  # the reporting server has given up
    text: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One incoming mail: its kind, and the tokens in it that may name a message of ours, the most trustworthy first.

    Tokens are candidates: only what our key has signed counts, and the signer decides that.
    """

    kind: InboundKind
    references: tuple[str, ...] = ()
    unsubscribe_tokens: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    stop: StopScope | None = None
    sender: str = ""
    note: str = ""

    def failure_for(self, address: str) -> Failure | None:
        """Return what was said of the address that our message went to.

        A server behind it may name another one (forwarding): one message went to one person, so the mildest word counts.
        """
        if not self.failures:
            return None
        own = [one for one in self.failures if one.address.lower() == address.lower()]
        return min(own or self.failures, key=lambda one: _MILDEST.index(one.verdict.bounce))


_MILDEST: Final = (
    BounceClass.NONE,
    BounceClass.TECHNICAL,
    BounceClass.BLOCK,
    BounceClass.SOFT,
    BounceClass.HARD,
    BounceClass.COMPLAINT,
)
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
SHOWN: Final = 300
"""Characters of a server's words that are kept."""


def redacted(text: str) -> str:
    """Return a server's words on one line without any e-mail address in them."""
    return cut(one_line(_ADDRESS.sub("…", text[: 4 * SHOWN])), SHOWN)
