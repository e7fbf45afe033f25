"""How much an account may send, shared by all workers through the storage of `limits`.

A rate that is used up is an answer with a due time, never a wait. The counters slide over their window (the last window
counts in the share of it that still lies within one length from now), so nothing bursts at the turn of an hour.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from marketing.observability import get_logger

log = get_logger(__name__)
SHORTEST: Final = timedelta(seconds=1)
STORAGE_DOWN: Final = timedelta(minutes=1)
_NAMESPACE: Final = "siar-mail"


@dataclass(frozen=True, slots=True)
class Rate:
    """The most that may leave per second, hour and day; 0 is no limit."""

    per_second: int = 0
    per_hour: int = 0
    per_day: int = 0

    def items(self) -> Iterator[RateLimitItem]:
        """Yield each limit that is set."""
        if self.per_second:
            yield RateLimitItemPerSecond(self.per_second, namespace=_NAMESPACE)
        if self.per_hour:
            yield RateLimitItemPerHour(self.per_hour, namespace=_NAMESPACE)
        if self.per_day:
            yield RateLimitItemPerDay(self.per_day, namespace=_NAMESPACE)


@dataclass(frozen=True, slots=True)
class AccountRates:
    """The rates of one account: for everything, and for receiving domains by name (in lower case).

    `warm_up` holds for each receiving domain and is counted for the whole `office`, whichever of its accounts carries.
    """

    account: str
    overall: Rate = field(default_factory=Rate)
    by_domain: Mapping[str, Rate] = field(default_factory=dict)
    warm_up: Rate = field(default_factory=Rate)
    office: str = ""

    @property
    def unlimited(self) -> bool:
        """Whether nothing is limited, so that nothing need be counted."""
        return not self.by_domain and self.overall == self.warm_up == Rate()


@dataclass(frozen=True, slots=True)
class UsedUp:
    """No room: until when to wait, and whether for everything or for this receiving domain alone."""

    wait: timedelta
    whole_account: bool


class Rates:
    """Counts what leaves; one per process, one storage for all of them."""

    def __init__(self, clock: Callable[[], datetime], storage: Storage | None = None) -> None:
        """`clock` tells how long a window still lasts; the windows themselves go by the storage's own clock."""
        self._clock = clock
        self._limiter = SlidingWindowCounterRateLimiter(storage or MemoryStorage())

    @classmethod
    def shared(cls, broker: str, clock: Callable[[], datetime]) -> "Rates":
        """Return rates kept where the task queue is (redis://…, rediss://…, redis+socket:///…); in this process for others."""
        address = broker.replace("redis+socket://", "redis+unix://", 1)
        if address.partition("://")[0] not in {"redis", "rediss", "redis+unix"}:
            return cls(clock)
        storage = storage_from_string(address, wrap_exceptions=True)
        assert isinstance(storage, Storage), "only `async+` addresses give another kind"
        return cls(clock, storage)

    def take(self, rates: AccountRates, domain: str) -> UsedUp | None:
        """Count one message to this receiving domain; or say what is used up, and count nothing."""
        if rates.unlimited:
            return None
        places: list[tuple[RateLimitItem, tuple[str, ...]]] = [
            (item, (rates.account,)) for item in rates.overall.items()
        ]
        own = rates.by_domain.get(domain.lower())
        places += [(item, (rates.account, domain.lower())) for item in (own.items() if own else ())]
        places += [(item, ("pemanasan", rates.office, domain.lower())) for item in rates.warm_up.items()]
        try:
            # All are looked at before one is counted; between two workers the last count may still fail: then nothing leaves.
            for act in (self._limiter.test, self._limiter.hit):
                for item, names in places:
                    if not act(item, *names):
                        return UsedUp(self._wait(item, names), whole_account=len(names) == 1)
        except StorageError:
            log.warning("mail rates cannot be counted: the broker does not answer")
            return UsedUp(STORAGE_DOWN, whole_account=True)
        return None

    def room(self, rates: AccountRates) -> UsedUp | None:
        """Say whether the account as a whole is used up, without counting."""
        try:
            for item in rates.overall.items():
                if not self._limiter.test(item, rates.account):
                    return UsedUp(self._wait(item, (rates.account,)), whole_account=True)
        except StorageError:
            return UsedUp(STORAGE_DOWN, whole_account=True)
        return None

    def _wait(self, item: RateLimitItem, names: tuple[str, ...]) -> timedelta:
        reset = self._limiter.get_window_stats(item, *names).reset_time
        left = reset - self._clock().timestamp()
        share = item.get_expiry() / max(1, item.amount)  # about when there is room for one more
        seconds = min(max(left, share, 0.0), item.get_expiry())
        return max(SHORTEST, timedelta(seconds=math.ceil(seconds)))
