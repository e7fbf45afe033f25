"""Messages over several connections to one relay at once, driven by one thread.

More connections are opened only where this thread has nothing to do but to wait: with a near relay one is enough, with a far one the
waiting is shared.
"""

import selectors
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from marketing.channels.base import Deferred, Failed, SendOutcome
from marketing.channels.email.mime import BadMessageError
from marketing.channels.email.providers.smtp_dialogue import CONNECTION_LOST, Dialogue, Pace
from marketing.channels.email.providers.smtp_reply import SOON
from marketing.channels.email.writing import Envelope
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail

MAX_RECONNECTS: Final = 2
SLOW_SECONDS: Final = 0.002
"""To wait longer than this for room is worth another connection."""
_GLANCE: Final = 0.01  # how often a new connection is looked for
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Exchange(Protocol):
    """Where connections come from and go to."""

    pace: Pace
    timer: Callable[[], float]

    def connection(self) -> tuple[Dialogue, bool]:
        """Return a connection, kept or new, and whether it is new; TemporaryError carries the reason code."""
        ...

    def another(self) -> Dialogue | None:
        """Return a kept connection at once, or None and open one for later where there may be more."""
        ...

    def keep(self, dialogue: Dialogue) -> None:
        """Take a connection back for the next batch."""
        ...

    def lost(self, dialogue: Dialogue) -> None:
        """Take note that a connection is gone."""
        ...


class SmtpCarrier:
    """An opened relay; connections that break are replaced a few times before the relay counts as down."""

    def __init__(self, exchange: Exchange, write: Callable[[OutboundEmail], Envelope]) -> None:
        self._exchange = exchange
        self._write = write
        self._timer = exchange.timer
        self._selector = selectors.DefaultSelector()
        self._watched: dict[int, int] = {}
        """What the selector waits for, by connection: asking it costs more than sending a line."""
        self._open: list[Dialogue] = []
        self._roomy: dict[int, Dialogue] = {}
        """Those that had room when they were last used: looking at each of twenty costs more than writing a mail."""
        self._known: list[SendOutcome] = []
        self._connects_left = 1 + MAX_RECONNECTS
        self._trouble: TemporaryError | None = None

    def ready(self, seconds: float) -> bool:
        # A connection stands before the message is taken: taking it is what permits it to leave.
        began, asked = self._timer(), False
        while self._with_room() is None:
            if not self._open:
                self._connect()
                continue
            waited, glance = self._timer() - began, SLOW_SECONDS
            if waited >= SLOW_SECONDS:
                if (more := self._exchange.another()) is not None:
                    self._add(more)
                    continue
                glance = _GLANCE
            if asked and waited >= seconds:
                return False
            self._turn(max(0.0, min(seconds - waited, glance)))
            asked = True
        return True

    def answered(self) -> Sequence[SendOutcome]:
        known, self._known = self._known, []
        return known

    def carry(self, email: OutboundEmail) -> None:
        try:
            envelope = self._write(email)
        except BadMessageError as error:
            self._known.append(Failed(email.key, "bad_message", error.field))
            return
        dialogue = self._with_room()
        if dialogue is None:
            self._known.append(Deferred(email.key, CONNECTION_LOST, SOON, counted=False))
            return
        dialogue.take(envelope, self._timer())
        self._after(dialogue)

    def idle(self, seconds: float) -> None:
        self._let_go()
        until = self._timer() + seconds
        while (left := until - self._timer()) > 0:
            if self._open:
                self._turn(left)
            else:
                time.sleep(left)

    def hear(self, seconds: float) -> None:
        self._let_go()
        if not self._known and any(dialogue.busy for dialogue in self._open):
            self._turn(seconds)

    def flush(self) -> Sequence[SendOutcome]:
        self._let_go()
        while any(dialogue.busy for dialogue in self._open):
            self._turn(float("inf"))
            self._let_go()
        return self.answered()

    def trouble(self) -> TemporaryError | None:
        return self._trouble

    def release(self) -> None:
        for dialogue in self._open:
            self._selector.unregister(dialogue.number)
            if dialogue.busy:  # the caller gave up: what has not left never does
                dialogue.drop()
            if dialogue.alive:
                self._exchange.keep(dialogue)
            else:
                self._exchange.lost(dialogue)
        self._open.clear()
        self._roomy.clear()
        self._selector.close()

    def _with_room(self) -> Dialogue | None:
        """Return a connection that can take a message at once: one whose content waits for company, else one that is free."""
        found = None
        for dialogue in self._roomy.values():
            if dialogue.holds:
                return dialogue
            if dialogue.room and (found is None or (dialogue.free and not found.free)):
                found = dialogue
        return found

    def _connect(self) -> None:
        if not self._connects_left:
            self._trouble = self._trouble or TemporaryError(CONNECTION_LOST, SOON)
            raise self._trouble
        try:
            dialogue, new = self._exchange.connection()
        except TemporaryError as error:
            # A relay that cannot be reached now will not be reached for the next message either.
            self._connects_left, self._trouble = 0, error
            raise
        self._connects_left -= new
        self._add(dialogue)

    def _add(self, dialogue: Dialogue) -> None:
        self._open.append(dialogue)
        self._selector.register(dialogue.number, _READ, dialogue)
        self._watched[dialogue.number] = _READ
        self._after(dialogue)

    def _let_go(self) -> None:
        now = self._timer()
        for dialogue in tuple(self._open):
            if dialogue.holds:
                dialogue.let_go(now)
                self._after(dialogue)

    def _turn(self, seconds: float) -> None:
        """Wait for the relay, at most so long and no longer than it may take for an answer."""
        now = self._timer()
        due = min((one.until for one in self._open if one.until is not None), default=now + seconds)
        for key, events in self._selector.select(max(0.0, min(due - now, seconds))):
            dialogue: Dialogue = key.data
            now = self._timer()
            if events & _WRITE:
                dialogue.writable(now)
            if events & _READ:
                dialogue.readable(now)
            self._after(dialogue)
        if due <= (now := self._timer()):
            for dialogue in tuple(self._open):
                dialogue.expire(now)
                self._after(dialogue)

    def _after(self, dialogue: Dialogue) -> None:
        """Collect what became known of a connection, and wait for what it waits for."""
        if dialogue.outcomes:
            self._known += dialogue.outcomes
            dialogue.outcomes = []
        if not dialogue.alive:
            self._open.remove(dialogue)
            self._roomy.pop(dialogue.number, None)
            self._selector.unregister(dialogue.number)
            self._exchange.lost(dialogue)
            return
        if dialogue.room:
            self._roomy[dialogue.number] = dialogue
        else:
            self._roomy.pop(dialogue.number, None)
        wanted = _READ | _WRITE if dialogue.writing else _READ
        if self._watched.get(dialogue.number) != wanted:
            self._selector.modify(dialogue.number, wanted, dialogue)
            self._watched[dialogue.number] = wanted
