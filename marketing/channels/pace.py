"""How often an account may call, shared by all workers through the storage of `limits`; used up is an answer, never a wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from marketing.channels.errors import TemporaryError
from marketing.later import without

_SCHEMES: Final = {"redis", "rediss", "redis+unix"}
AWAY: Final = "broker_away"
_STORAGE_DOWN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit and what it counts: `RateLimitItemPerMinute(20)` for the chat of this name."""

    item: RateLimitItem
    name: str


class Pace:
    """Counts calls; one per process, one storage for all of them."""

    def __init__(self, storage: Storage | None = None) -> None:
        self._limiter = MovingWindowRateLimiter(storage or MemoryStorage())

    @classmethod
    def shared(cls, broker: str) -> "Pace":
        """Return a pace kept where the task queue is; in this process for a broker that is no Redis."""
        address = broker.replace("redis+socket://", "redis+unix://", 1)
        if address.partition("://")[0] not in _SCHEMES:
            return cls()
        with without("valkey"):  # a second client that limits would load beside redis, for 10 MB
            storage = storage_from_string(address, wrap_exceptions=True)
        assert isinstance(storage, Storage), "only `async+` addresses give another kind"
        return cls(storage)

    def take(self, limits: Sequence[Limit], *, cost: int = 1) -> None:
        """Count a call in every limit; TemporaryError("pace") with the time until there is room, and then nothing is counted."""
        try:
            waits = [self._wait(limit) for limit in limits if not self._limiter.test(limit.item, limit.name, cost=cost)]
            if not waits:
                # Between two workers the last count may still fail: then nothing leaves.
                waits = [
                    self._wait(limit) for limit in limits if not self._limiter.hit(limit.item, limit.name, cost=cost)
                ]
        except StorageError:
            raise TemporaryError(AWAY, _STORAGE_DOWN) from None
        if waits:
            raise TemporaryError("pace", max(waits))

    def look(self, limits: Sequence[Limit]) -> None:
        """Raise as `take` would, and count nothing: what is to be taken only when it can leave is looked at first."""
        try:
            waits = [self._wait(limit) for limit in limits if not self._limiter.test(limit.item, limit.name)]
        except StorageError:
            raise TemporaryError("broker_away", _STORAGE_DOWN) from None
        if waits:
            raise TemporaryError("pace", max(waits))

    def _wait(self, limit: Limit) -> timedelta:
        # The oldest call in the window leaves it after at most its length.
        return timedelta(seconds=limit.item.get_expiry())
