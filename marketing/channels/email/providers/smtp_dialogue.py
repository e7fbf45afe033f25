"""One SMTP dialogue with a relay, without waiting: what is to be said is written at once, what is heard decides.

With PIPELINING (RFC 2920) MAIL, RCPT and DATA leave together, and those of the next message ride on the end of a content:
one round trip a message. Without it each command waits for the answer to the one before. What may be handed over again is
decided by where the dialogue broke: before the final dot was written it is Deferred, after it InDoubt.
"""

import re
import socket
import ssl
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Final

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, SendOutcome
from marketing.channels.email.providers.smtp_reply import CLOSING, GO_AHEAD, SOON, NotSmtpError, Replies, Reply
from marketing.channels.email.writing import Envelope
from marketing.domain.message import PERMIT_SECONDS

CONNECTION_LOST: Final = "connection"
WAITED: Final = "waited"
RIDE_SECONDS: Final = 0.5
"""Where an answer takes longer, the next message does not ride: it would wait for the one before with its permit in hand."""
SWALLOWS_SECONDS: Final = 600.0
"""How long nothing rides on a relay that has lost what followed a content."""
_AGAIN: Final = timedelta(seconds=5)
_CHUNK: Final = 65_536
_RECORD: Final = 16_384
"""One record of TLS: of a longer piece, part could reach the relay and the whole count as unwritten."""
_SMOOTHING: Final = 0.3
_OUT_OF_STEP: Final = range(500, 504)  # RFC 5321 4.2.2: not understood, or not expected here
_GOODBYE_SECONDS: Final = 1.0
_LINE_STARTS_WITH_DOT: Final = re.compile(rb"(?m)^\.")
_SAFE: Final = re.compile(r"[!-;=?-~\u0080-\U0010ffff]+")
_WOULD_WAIT: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class _Step(Enum):
    """What an answer that is owed belongs to."""

    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    DOT = auto()
    EMPTY = auto()  # the dot of a message that has no recipient; RFC 2920 3.1
    RSET = auto()


@dataclass(slots=True)
class Pace:
    """How fast a relay answers, learnt by all its dialogues."""

    answer_seconds: float = 0.0
    no_riding_until: float = float("-inf")

    def heard(self, seconds: float) -> None:
        """Take note of how long one answer took."""
        self.answer_seconds += _SMOOTHING * (seconds - self.answer_seconds)


@dataclass(slots=True)
class _Job:
    """One message under way."""

    key: str
    content: bytes
    commands: tuple[bytes, bytes, bytes]
    asked: float
    rode: bool
    answered: bool = False
    refused: Reply | None = None
    end: int = -1
    """The place in the stream after its final dot; -1 while nothing of the content was written."""


class Dialogue:
    """A greeted, secured and logged-in connection; `alive` until the relay hangs up or stops making sense.

    `features` are the relay's extensions by name in lower case. Every `now` is of a timer that never goes back, in seconds.
    """

    def __init__(self, sock: socket.socket, features: Mapping[str, str], timeout: float, pace: Pace) -> None:
        self._sock = sock
        self._features = features
        self._pipelining = "pipelining" in features
        size = str(features.get("size", ""))
        self._max_bytes = int(size) if size.isascii() and size.isdigit() else 0  # RFC 1870 4: 0 is no limit
        self._timeout = timeout
        self._pace = pace
        self._replies = Replies()
        self._owed: deque[tuple[_Step, _Job | None]] = deque()
        self._jobs: list[_Job] = []
        self._cleared: _Job | None = None
        self._unsent = memoryview(b"")
        self._written = 0
        self._now = 0.0
        self._part = _RECORD if isinstance(sock, ssl.SSLSocket) else None
        self.alive = True
        self.number = sock.fileno()
        self.until: float | None = None
        """By when (of the timer) what is under way must have gone on."""
        self.outcomes: list[SendOutcome] = []
        sock.settimeout(0)

    @property
    def busy(self) -> bool:
        """Whether a message is under way."""
        return bool(self._jobs)

    @property
    def room(self) -> bool:
        """Whether one more message can leave at once."""
        return self.alive and (self._cleared is not None or self.free or self._trailing)

    @property
    def free(self) -> bool:
        """Whether nothing is owed by either side."""
        return not (self._jobs or self._owed)

    @property
    def _trailing(self) -> bool:
        """Whether only the answer to one content is owed, behind which the next message may ask already."""
        return len(self._jobs) == len(self._owed) == 1 and self._jobs[0].end >= 0 and self._rides

    @property
    def holds(self) -> bool:
        """Whether a content may go, and waits for the next message to ride on it."""
        return self._cleared is not None

    @property
    def writing(self) -> bool:
        """Whether something is left to be written when the connection takes more."""
        return bool(self._unsent)

    def take(self, envelope: Envelope, now: float) -> None:
        """Begin with one message; only where there is `room`."""
        job = self._job(envelope, now)
        if job is None:
            return
        before = self._content(now)
        if not self.alive:
            self.outcomes.append(Deferred(job.key, CONNECTION_LOST, SOON, counted=False))
            return
        self._jobs.append(job)
        if self._pipelining:
            self._owed += ((_Step.MAIL, job), (_Step.RCPT, job), (_Step.DATA, job))
            self._write(b"".join((before, *job.commands)), now)
        else:
            self._owed.append((_Step.MAIL, job))
            self._write(job.commands[0], now)

    def let_go(self, now: float) -> None:
        """Write the content that waits for a next message: there is none just now."""
        if self._cleared is not None and (content := self._content(now)):
            self._write(content, now)

    def reset(self, now: float) -> None:
        """Ask whether somebody still listens; there is room again when they do."""
        if self.alive:
            self._owed.append((_Step.RSET, None))
            self._write(b"RSET\r\n", now)

    def readable(self, now: float) -> None:
        """Hear what has come."""
        self._now = now
        if self.alive and not self._hear(now):
            self.drop()

    def writable(self, now: float) -> None:
        """Write on."""
        if self.alive and self._unsent:
            self._send(now)

    def expire(self, now: float) -> None:
        """Give the relay up when its time is over."""
        self._now = now
        if self.alive and self.until is not None and now >= self.until:
            self.drop()

    def close(self, *, wait: bool = True) -> None:
        """Say goodbye when someone still listens, and close in any case."""
        if self.alive and not self._jobs:
            with suppress(OSError):
                self._sock.settimeout(_GOODBYE_SECONDS if wait else 0)
                self._sock.sendall(b"QUIT\r\n")
                if wait:
                    self._sock.recv(_CHUNK)
        self.drop()

    def drop(self) -> None:
        """Close, and say what became of each message under way."""
        if not self.alive:
            return
        self.alive = False
        with suppress(OSError):
            self._sock.close()
        jobs, self._jobs, self._cleared, self.until = self._jobs, [], None, None
        swallowed = bool(jobs) and jobs[0].rode and not jobs[0].answered
        if swallowed:  # the content before it was answered, the commands after it were not
            self._pace.no_riding_until = self._now + SWALLOWS_SECONDS
        self.outcomes += [self._broken(job) for job in jobs]

    @property
    def _rides(self) -> bool:
        """Whether a message may begin while the answer to the one before is still owed."""
        slow = self._pace.answer_seconds > RIDE_SECONDS
        return self._pipelining and not slow and self._now >= self._pace.no_riding_until

    def _broken(self, job: _Job) -> SendOutcome:
        if job.refused is not None:
            return job.refused.refusal(job.key)
        if self._is_out(job):
            return InDoubt(job.key, "no_answer")
        return Deferred(job.key, CONNECTION_LOST, SOON, counted=job.answered or not job.rode)

    def _is_out(self, job: _Job) -> bool:
        # The dot is the last but its line end: while it is not written, the relay cannot have a whole message.
        return 0 <= job.end <= self._written + len(b"\r\n")

    def _job(self, envelope: Envelope, now: float) -> _Job | None:
        """Return the message as it will be said, None (and a failure) when this relay cannot carry it."""
        key, data = envelope.key, envelope.data
        options, reason = self._mail_options(envelope), ""
        if not (_safe(envelope.sender) and _safe(envelope.recipient)):
            reason = "bad_address"
        elif self._max_bytes and len(data) > self._max_bytes:
            reason = "too_large"
        elif options is None:
            reason = "smtputf8_unsupported"
        if reason:
            self.outcomes.append(Failed(key, reason, ""))
            return None
        if envelope.dots and (data.startswith(b".") or b"\n." in data):
            data = _LINE_STARTS_WITH_DOT.sub(b"..", data)
        commands = (
            f"MAIL FROM:<{envelope.sender}>{options}\r\n".encode(),
            f"RCPT TO:<{envelope.recipient}>\r\n".encode(),
            b"DATA\r\n",
        )
        return _Job(key, data, commands, now, rode=bool(self._jobs))

    def _mail_options(self, envelope: Envelope) -> str | None:
        """Return the parameters of MAIL, or None when the relay cannot carry such a message."""
        size = f" SIZE={len(envelope.data)}" if "size" in self._features else ""
        named = envelope.sender.isascii() and envelope.recipient.isascii()
        if named and envelope.data.isascii():
            return size
        if named and envelope.data.partition(b"\r\n\r\n")[0].isascii() and "8bitmime" in self._features:
            return f"{size} BODY=8BITMIME"
        if "smtputf8" not in self._features:
            return None
        # What is outside ASCII stands in addresses and header; RFC 6531 3.6 wants 8BITMIME offered with SMTPUTF8.
        return f"{size} SMTPUTF8 BODY=8BITMIME"

    def _content(self, now: float) -> bytes:
        """Return the content that may go, to be written now; empty when there is none, or it has waited for too long."""
        job, self._cleared = self._cleared, None
        if job is None:
            return b""
        if job.rode and now - job.asked > PERMIT_SECONDS:
            # Permitted a while ago and not gone yet: permitted anew next time. After the go-ahead only hanging up stops it.
            self._settle(job, Deferred(job.key, WAITED, _AGAIN, counted=False))
            self.drop()
            return b""
        end = b".\r\n" if job.content.endswith(b"\r\n") else b"\r\n.\r\n"
        job.end = self._written + len(self._unsent) + len(job.content) + len(end)
        self._owed.append((_Step.DOT, job))
        content, job.content = job.content, b""
        return content + end

    def _write(self, words: bytes, now: float) -> None:
        self._now = now
        self._unsent = memoryview(bytes(self._unsent) + words if self._unsent else words)
        self.until = now + self._timeout
        self._send(now)

    def _send(self, now: float) -> None:
        while self._unsent and self.alive:
            try:
                sent = self._sock.send(self._unsent[: self._part])
            except _WOULD_WAIT:
                return
            except (OSError, ValueError):
                self._hear(now)  # what it said before it hung up still counts
                self.drop()
                return
            self._written += sent
            self._unsent = self._unsent[sent:]
        self.until = now + self._timeout if self._owed else None

    def _hear(self, now: float) -> bool:
        """Read all that is there; False when there will be no more, or it makes no sense."""
        while self.alive:
            try:
                octets = self._sock.recv(_CHUNK)
            except _WOULD_WAIT:
                return True
            except (OSError, ValueError):
                return False
            if not octets:
                return False
            self._replies.feed(octets)
            try:
                while self.alive and (reply := self._replies.next()) is not None:
                    self._heard(reply, now)
            except NotSmtpError:
                return False
            if len(octets) < _CHUNK and not (isinstance(self._sock, ssl.SSLSocket) and self._sock.pending()):
                return True
        return True

    def _heard(self, reply: Reply, now: float) -> None:
        if not self._owed:  # said without having been asked: it is closing, or out of step
            self.drop()
            return
        step, job = self._owed.popleft()
        self.until = now + self._timeout if self._owed or self._unsent else None
        if job is None:
            if not reply.done:
                self.drop()
            return
        match step:
            case _Step.DOT:
                self._ended(job, reply, now)
            case _Step.EMPTY:
                self._refuse(job, now)
                if not reply.refuses:
                    self.drop()
            case _:
                self._answered(step, job, reply, now)
        if reply.code == CLOSING:
            self.drop()

    def _answered(self, step: _Step, job: _Job, reply: Reply, now: float) -> None:
        """Go on after the answer to a command; nothing of this content has left yet."""
        if step is _Step.MAIL and job.rode and reply.code in _OUT_OF_STEP:
            self.drop()  # it has lost count: no fault of the message
            return
        job.answered = True
        if reply.refuses:
            job.refused = job.refused or reply
            if reply.code != CLOSING and (step is _Step.DATA or not self._pipelining):
                self._refuse(job, now)
        elif step is not _Step.DATA:
            if not reply.done:
                self.drop()
            elif not self._pipelining:
                following = _Step.RCPT if step is _Step.MAIL else _Step.DATA
                self._owed.append((following, job))
                self._write(job.commands[1 if step is _Step.MAIL else 2], now)
        elif reply.code != GO_AHEAD:
            self.drop()
        elif job.refused is not None:
            self._owed.append((_Step.EMPTY, job))
            self._write(b".\r\n", now)
        else:
            self._go_ahead(job, now)

    def _go_ahead(self, job: _Job, now: float) -> None:
        """Keep the content for the next message to ride on it, or write it at once."""
        self._pace.heard(now - job.asked)
        self._cleared = job
        if not self._rides:
            self.let_go(now)

    def _ended(self, job: _Job, reply: Reply, now: float) -> None:
        """Settle what the answer to the content says."""
        if reply.refuses:
            self._settle(job, reply.refusal(job.key))
            if self._unsent and not self._is_out(job):
                self.drop()  # it did not want to hear the end of it
            elif not self._jobs and reply.code != CLOSING:
                self.reset(now)
        elif not self._is_out(job):
            self.drop()
        elif reply.done:
            self._settle(job, Accepted(job.key, reply.printable()))
        else:
            self._settle(job, InDoubt(job.key, "unclear_answer"))
            self.drop()

    def _refuse(self, job: _Job, now: float) -> None:
        """Settle a message whose envelope was refused, and clear what was begun of it."""
        assert job.refused is not None, "only called after a refusal"
        self._settle(job, job.refused.refusal(job.key))
        if not self._jobs:
            self.reset(now)

    def _settle(self, job: _Job, outcome: SendOutcome) -> None:
        self._jobs.remove(job)
        self.outcomes.append(outcome)


def _safe(address: str) -> bool:
    """Return whether the address can stand between angle brackets of a command line."""
    return _SAFE.fullmatch(address) is not None and (address.isascii() or address.isprintable())
