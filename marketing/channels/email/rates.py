"""How much an account may send, shared by all workers; permits are taken in blocks and what is not used is given back.

Seconds are paced: a permit of an account with a rate per second has a moment, and is waited for in place when it is near.
Hours and days are windows; one that is used up is an answer with a due time, never a wait.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from limits.errors import StorageError
from limits.storage import RedisStorage

from marketing.channels.email.counting import (
    LATE_SECONDS,
    Counting,
    Grant,
    Limit,
    OwnCounting,
    SharedCounting,
)
from marketing.later import without
from marketing.observability import get_logger

log = get_logger(__name__)
SHORTEST: Final = timedelta(seconds=1)
STORAGE_DOWN: Final = timedelta(minutes=1)
STORAGE_SECONDS: Final = 5.0
"""How long the broker may take to count."""
BLOCK: Final = 50
"""At most so many permits are taken at a time."""
NEAR_SECONDS: Final = 1.0
"""A permit that comes within this time is waited for; it is less than how long a message may be on its way (PERMIT_SECONDS)."""
LONGEST_SPREAD: Final = timedelta(minutes=5)
_FIRST: Final = 4
_SECOND, _HOUR, _DAY = 1, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Rate:
    """The most that may leave per second, hour and day; 0 is no limit."""

    per_second: int = 0
    per_hour: int = 0
    per_day: int = 0

    def limits(self, name: str) -> Iterator[Limit]:
        """Yield each limit that is set, under this name."""
        for amount, seconds in ((self.per_second, _SECOND), (self.per_hour, _HOUR), (self.per_day, _DAY)):
            if amount:
                yield Limit(name, amount, seconds)


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

    def of_account(self) -> tuple[Limit, ...]:
        """Return the limits for everything."""
        return tuple(self.overall.limits(self.account))

    def of_domain(self, domain: str) -> tuple[Limit, ...]:
        """Return the limits for one receiving domain."""
        own = self.by_domain.get(domain)
        return (
            *(own.limits(f"{self.account}/{domain}") if own else ()),
            *self.warm_up.limits(f"pemanasan/{self.office}/{domain}"),
        )


@dataclass(frozen=True, slots=True)
class UsedUp:
    """No room for now, and for how long."""

    wait: timedelta


class Rates:
    """Counts what leaves; one per process, one storage for all of them."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        counting: Counting | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.timer = timer
        self.counting = counting or OwnCounting(lambda: clock().timestamp(), timer)

    @classmethod
    def shared(cls, broker: str, clock: Callable[[], datetime]) -> "Rates":
        """Return rates kept where the task queue is (redis://…, rediss://…, redis+socket:///…); in this process for others."""
        address = broker.replace("redis+socket://", "redis+unix://", 1)
        if address.partition("://")[0] not in {"redis", "rediss", "redis+unix"}:
            return cls(clock)
        with without("valkey"):  # a second client that limits would load beside redis, for 10 MB
            storage = RedisStorage(address, socket_timeout=STORAGE_SECONDS, socket_connect_timeout=STORAGE_SECONDS)
        return cls(clock, SharedCounting(storage))

    def permits(self, rates: AccountRates) -> "Permits":
        """Return what takes permits for one load."""
        return Permits(self, rates)


class Permits:
    """What one load may still send by one account; used by one thread."""

    def __init__(self, rates: Rates, account: AccountRates) -> None:
        self._rates = rates
        self._account = account
        self._overall = _Block(rates, account.of_account())
        self._domains: dict[str, _Block] = {}

    def due(self, to_come: int = 0) -> float | UsedUp:
        """Return in how many seconds the next message may leave, whomever it is for; 0 for at once.

        `to_come` is how many messages there are at most, this one included; 0 or less where nobody knows.
        """
        return self._overall.due(to_come)

    def due_for(self, domain: str) -> float | UsedUp:
        """Return in how many seconds the next message to this receiving domain may leave, as far as the domain goes."""
        block = self._domains.get(domain)
        if block is None:
            block = self._domains[domain] = _Block(self._rates, self._account.of_domain(domain), first=1)
        return block.due()

    def turned_away(self, domain: str, due: float) -> UsedUp:
        """Return how long a message to this receiving domain is put off that could leave in `due` seconds."""
        return UsedUp(self._domains[domain].put_off(due))

    def use(self, domain: str) -> None:
        """Take note that one leaves; only when both were due."""
        self._overall.use()
        self._domains[domain].use()

    def give_back(self) -> None:
        """Give back what was not used."""
        for block in (self._overall, *self._domains.values()):
            block.give_back()


class _Block:
    """Permits in hand under the same limits."""

    def __init__(self, rates: Rates, limits: Sequence[Limit], first: int = _FIRST) -> None:
        self._rates = rates
        self._limits = limits
        self._grant = Grant(0)
        self._next = 0.0  # of the timer: the moment of the next permit
        self._left = 0
        self._missed = 0
        self._wanted = first
        # A twentieth of a second's worth at a time: workers take turns, and what one does not come to is lost to all.
        self._most = min([BLOCK, *(max(1, limit.amount // 20) for limit in limits if limit.paced)])
        self._turned_away = 0

    def due(self, to_come: int = 0) -> float | UsedUp:
        if not self._limits:
            return 0.0
        now = self._rates.timer()
        while self._left and self._grant.step and now - self._next > LATE_SECONDS:
            self._missed += 1  # its moment is over: with those to come it would make a burst
            self._skip()
        if not self._left and (refused := self._fetch(now, to_come)) is not None:
            return refused
        return max(0.0, self._next - self._rates.timer())

    def use(self) -> None:
        if self._limits:
            self._skip()

    def give_back(self) -> None:
        unused, self._left = self._left, 0
        try:
            if unused:
                self._rates.counting.give_back(self._limits, unused, self._grant)
            windows = [limit for limit in self._limits if not limit.paced]
            if self._missed and windows:
                self._rates.counting.give_back(windows, self._missed, self._grant)
        except StorageError:
            log.warning("mail rates cannot be given back: the broker does not answer")

    def _skip(self) -> None:
        self._left -= 1
        self._next += self._grant.step

    def _fetch(self, now: float, to_come: int) -> float | UsedUp | None:
        """Take the next permits; or return a short wait, or what is used up."""
        wanted = min(to_come if to_come > 0 else self._wanted, self._most)
        try:
            grant = self._rates.counting.take(self._limits, wanted)
        except StorageError:
            log.warning("mail rates cannot be counted: the broker does not answer")
            return UsedUp(STORAGE_DOWN)
        if not grant.count:
            if grant.wait <= NEAR_SECONDS and self._limits[grant.blocked].paced:
                return max(grant.wait, 0.001)
            return UsedUp(self.put_off(grant.wait, grant.blocked))
        self._wanted = 2 * wanted
        self._grant, self._left = grant, grant.count
        self._next = now + grant.first
        return None

    def put_off(self, seconds: float, blocked: int = 0) -> timedelta:
        """Return for how long: each that is turned away a little longer than the last, as there is room for them."""
        limit = self._limits[blocked]
        share = self._turned_away * limit.seconds / limit.amount
        self._turned_away += 1
        spread = min(share, max(limit.seconds, LONGEST_SPREAD.total_seconds()))
        return max(SHORTEST, timedelta(seconds=math.ceil(seconds + spread)))
