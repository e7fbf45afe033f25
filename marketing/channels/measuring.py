"""The port of those channels that say how far a post reached; the others do not implement it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from marketing.domain.insights import Metric


@dataclass(frozen=True, slots=True)
class Measured:
    """What the provider says now; a metric that it does not give is left out, for that is not 0."""

    figures: Mapping[Metric, int]


@dataclass(frozen=True, slots=True)
class Missing:
    """The account is there and the post is not. `sure` is False where it may only be hidden from us, or not counted yet."""

    sure: bool = True


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """No figures can be had of this post; `reason` is a sentence."""

    reason: str


Measurement = Measured | Missing | Unmeasured


@runtime_checkable
class Measures(Protocol):
    """Asks for the figures of a post; nothing is changed, so it may be repeated."""

    def measure(self, handle: str, permalink: str) -> Measurement:
        """Return what stands there now; ReconnectError and TemporaryError as with every call of a channel."""
        ...
