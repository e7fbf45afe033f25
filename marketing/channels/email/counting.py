"""Counts what leaves against limits, in one step for all of them: in this process, or in Redis for many.

Two kinds of limit. A *window* counts over one length of time, sliding: the last window counts in the share of it that still
lies within one length from now. A *pace* gives out moments, one after the other, so that nothing ever bursts: the algorithm
is GCRA with no credit, and a little slower than the limit (`HEADROOM`), so that a message that leaves up to `LATE_SECONDS`
after its moment still leaves no sliding second with more than the limit: floor(1.05 x 0.95 n) + 1 <= n.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from limits.errors import StorageError
from limits.storage import RedisStorage

HEADROOM: Final = 0.95
LATE_SECONDS: Final = 0.05
AHEAD_SECONDS: Final = 1.0
"""How far ahead moments are given out."""
_MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` in `seconds`; what leaves in a single second is paced."""

    name: str
    amount: int
    seconds: int

    @property
    def key(self) -> str:
        """Under which it is counted: a changed amount goes on with the count there is."""
        return f"{self.name}/{self.seconds}"

    @property
    def paced(self) -> bool:
        """Whether moments are given out instead of counting."""
        return self.seconds == 1

    @property
    def interval(self) -> int:
        """Microseconds between two moments."""
        return round(_MICRO / (self.amount * HEADROOM))


@dataclass(frozen=True, slots=True)
class Grant:
    """So many may leave, the first in `first` seconds, the others `step` seconds after each other.

    When none may, `wait` says after how many seconds there is room for one more, and `blocked` which limit has none.
    """

    count: int
    first: float = 0.0
    step: float = 0.0
    wait: float = 0.0
    blocked: int = 0
    last: int = 0
    """When the moments given out end, as the storage knows it; only to give some back."""


class Counting(Protocol):
    """Where counts are kept."""

    def take(self, limits: Sequence[Limit], wanted: int) -> Grant:
        """Count as many of `wanted` as every limit has room for."""
        ...

    def give_back(self, limits: Sequence[Limit], unused: int, grant: Grant) -> None:
        """Take back what was counted and did not leave."""
        ...


@dataclass(slots=True)
class _Window:
    number: int = -1
    count: int = 0
    before: int = 0

    def at(self, number: int) -> "_Window":
        """Return the window as it is now."""
        if number == self.number:
            return self
        return _Window(number, 0, self.count if number == self.number + 1 else 0)


class OwnCounting:
    """Counts in this process. `clock` (seconds since 1970) is that of windows, `timer` that of paces."""

    def __init__(self, clock: Callable[[], float], timer: Callable[[], float]) -> None:
        self._clock, self._timer = clock, timer
        self._windows: dict[str, _Window] = {}
        self._moments: dict[str, int] = {}
        self._lock = threading.Lock()

    def take(self, limits: Sequence[Limit], wanted: int) -> Grant:
        with self._lock:
            return self._take(limits, wanted)

    def _take(self, limits: Sequence[Limit], wanted: int) -> Grant:
        now, beat = int(self._clock() * _MICRO), int(self._timer() * _MICRO)
        count, wait, blocked, first, step = wanted, 0, 0, beat, 0
        for number, limit in enumerate(limits):
            if limit.paced:
                room, away = self._moments_left(limit, beat)
                first, step = max(first, self._moments.get(limit.key, 0)), max(step, limit.interval)
            else:
                room, away = self._room(limit, now)
            if room < 1 and away > wait:
                wait, blocked = away, number
            count = min(count, room)
        if count < 1:
            return Grant(0, wait=wait / _MICRO, blocked=blocked)
        last = first + (count - 1) * step
        for limit in limits:
            if limit.paced:
                self._moments[limit.key] = last + limit.interval
            else:
                self._windows[limit.key].count += count
        return Grant(count, (first - beat) / _MICRO, step / _MICRO, last=last)

    def give_back(self, limits: Sequence[Limit], unused: int, grant: Grant) -> None:
        with self._lock:
            now = int(self._clock() * _MICRO)
            for limit in limits:
                if limit.paced:
                    if self._moments.get(limit.key) == grant.last + limit.interval:
                        self._moments[limit.key] -= round(unused * grant.step * _MICRO)
                    continue
                window = self._windows.get(limit.key, _Window()).at(now // (limit.seconds * _MICRO))
                window.count = max(0, window.count - unused)
                self._windows[limit.key] = window

    def _moments_left(self, limit: Limit, beat: int) -> tuple[int, int]:
        free = max(self._moments.get(limit.key, 0), beat)
        ahead = beat + round(AHEAD_SECONDS * _MICRO) - free
        return -(-ahead // limit.interval) if ahead > 0 else 0, -ahead + 1

    def _room(self, limit: Limit, now: int) -> tuple[int, int]:
        """Return for how many there is room, and in how many microseconds for one when there is none."""
        length = limit.seconds * _MICRO
        window = self._windows[limit.key] = self._windows.get(limit.key, _Window()).at(now // length)
        return window_room(limit.amount, length, now % length, window.count, window.before)


def window_room(amount: int, length: int, gone: int, count: int, before: int) -> tuple[int, int]:
    """Return for how many there is room in a sliding window, and how long until there is for one; times in microseconds.

    `gone` of the window's `length` is over; `count` left in it, and `before` in the one before.
    """
    room = amount - count - -(-before * (length - gone) // length)
    if room > 0:
        return room, 0
    if amount < 1:
        return 0, length
    if count < amount:  # when enough of the last window lies further back
        return 0, max(1, length - (amount - 1 - count) * length // before - gone)
    return 0, length - gone + max(0, length - (amount - 1) * length // count)


_SHARED: Final = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local function text(number) return string.format('%.0f', number) end
local function window(key, length)
  local kept, number = redis.call('HMGET', key, 'n', 'c', 'b'), math.floor(now / length)
  local n, c, b = tonumber(kept[1] or -1), tonumber(kept[2] or 0), tonumber(kept[3] or 0)
  if n ~= number then b = (n + 1 == number) and c or 0; c = 0 end
  return number, c, b
end
"""
_TAKE: Final = (
    _SHARED
    + """
local count, ahead = tonumber(ARGV[1]), tonumber(ARGV[2])
local wait, blocked, first, step = 0, 0, now, 0
local windows = {}
for i, key in ipairs(KEYS) do
  local amount, length, interval = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
  local room, away = 0, 0
  if interval > 0 then
    local free = math.max(tonumber(redis.call('GET', key) or 0), now)
    first, step = math.max(first, free), math.max(step, interval)
    away = free - now - ahead + 1
    if away <= 0 then room = math.ceil((now + ahead - free) / interval) end
  else
    local n, c, b = window(key, length)
    local gone = now % length
    windows[i] = {n, c, b}
    room = amount - c - math.ceil(b * (length - gone) / length)
    if room < 1 then
      room = 0
      if c < amount then away = math.max(1, length - math.floor((amount - 1 - c) * length / b) - gone)
      else away = length - gone + math.max(0, length - math.floor((amount - 1) * length / c)) end
    end
  end
  if room < 1 and away > wait then wait, blocked = away, i - 1 end
  count = math.min(count, room)
end
if count < 1 then return {0, text(wait), blocked} end
local last = first + (count - 1) * step
for i, key in ipairs(KEYS) do
  local length, interval = tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
  if interval > 0 then
    redis.call('SET', key, text(last + interval), 'PX', 60000)
  else
    local w = windows[i]
    redis.call('HSET', key, 'n', text(w[1]), 'c', text(w[2] + count), 'b', text(w[3]))
    redis.call('PEXPIRE', key, text(math.ceil(length / 500)))
  end
end
return {count, text(first - now), text(step), text(last)}
"""
)
_GIVE_BACK: Final = (
    _SHARED
    + """
local unused, last, step = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
for i, key in ipairs(KEYS) do
  local length, interval = tonumber(ARGV[3 * i + 2]), tonumber(ARGV[3 * i + 3])
  if interval > 0 then
    if tonumber(redis.call('GET', key) or 0) == last + interval then
      redis.call('SET', key, text(last + interval - unused * step), 'PX', 60000)
    end
  else
    local n, c, b = window(key, length)
    redis.call('HSET', key, 'n', text(n), 'c', text(math.max(0, c - unused)), 'b', text(b))
    redis.call('PEXPIRE', key, text(math.ceil(length / 500)))
  end
end
"""
)


class SharedCounting:
    """Counts in Redis, by its clock: one round trip for any number of limits. StorageError when it does not answer."""

    def __init__(self, storage: RedisStorage) -> None:
        self._faults = storage.base_exceptions
        connection: Any = storage.get_connection()  # typed for two libraries at once
        self._take = connection.register_script(_TAKE)
        self._give_back = connection.register_script(_GIVE_BACK)

    def take(self, limits: Sequence[Limit], wanted: int) -> Grant:
        said = self._call(self._take, limits, wanted, round(AHEAD_SECONDS * _MICRO))
        if not int(said[0]):
            return Grant(0, wait=int(said[1]) / _MICRO, blocked=int(said[2]))
        return Grant(int(said[0]), int(said[1]) / _MICRO, int(said[2]) / _MICRO, last=int(said[3]))

    def give_back(self, limits: Sequence[Limit], unused: int, grant: Grant) -> None:
        self._call(self._give_back, limits, unused, grant.last, round(grant.step * _MICRO))

    def _call(self, script: Any, limits: Sequence[Limit], *arguments: int) -> Any:
        each = [
            number
            for limit in limits
            for number in (limit.amount, limit.seconds * _MICRO, limit.interval if limit.paced else 0)
        ]
        try:
            return script(keys=[f"siar-mail:{limit.key}" for limit in limits], args=[*arguments, *each])
        except self._faults as error:
            raise StorageError(error) from error
