"""One SMTP dialogue with a relay: each step's answer becomes the outcome of one message."""

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, SendOutcome
from marketing.channels.email.writing import Envelope

CONNECTION_LOST: Final = "connection"

_SOON = timedelta(minutes=1)
_LATER = timedelta(minutes=5)  # what greylisting relays usually ask for
_OPERATOR = timedelta(minutes=15)
_DONE, _GO_ON, _PASSING, _FINAL = 2, 3, 4, 5  # RFC 5321 4.2.1: the first digit is the verdict
_CLOSING = 421
_GO_AHEAD = 354
_NOT_LOGGED_IN = frozenset({530, 534, 535, 538})  # RFC 4954: our log-in is at fault, not the message
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
_LINE_STARTS_WITH_DOT = re.compile(rb"(?m)^\.")
_ID_LENGTH = 200


class _LostError(Exception):
    """The dialogue cannot go on: connection gone, timed out, or an answer that is not SMTP."""


@dataclass(frozen=True, slots=True)
class _Reply:
    code: int
    text: bytes

    @property
    def family(self) -> int:
        return self.code // 100

    @property
    def refuses(self) -> bool:
        return self.family in {_PASSING, _FINAL}

    def refusal(self, key: str) -> Deferred | Failed:
        """Return what a refusal means; of the relay's words only the status codes are kept, they may hold an address."""
        if self.code in _NOT_LOGGED_IN:
            return Deferred(key, "credentials", _OPERATOR, counted=False)
        if self.family == _FINAL:
            found = _ENHANCED.match(self.text)
            return Failed(key, f"smtp_{self.code}", found.group().decode("ascii") if found else "")
        return Deferred(key, f"smtp_{self.code}", _LATER)


class SmtpSession:
    """A greeted, secured and logged-in connection; `alive` until the relay hangs up or stops making sense."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self._connection = connection
        self._pipelining = connection.has_extn("pipelining")
        size = str(connection.esmtp_features.get("size", ""))
        self._max_bytes = int(size) if size.isascii() and size.isdigit() else 0  # RFC 1870 4: 0 is no limit
        self.alive = True

    def hand_over(self, envelope: Envelope) -> SendOutcome:
        """Carry one message through MAIL, RCPT and DATA; leaves the connection clean for the next, or not alive."""
        key = envelope.key
        if not (_safe(envelope.sender) and _safe(envelope.recipient)):
            return Failed(key, "bad_address", "")
        if self._max_bytes and len(envelope.data) > self._max_bytes:
            return Failed(key, "too_large", "")
        options = self._mail_options(envelope)
        if options is None:
            return Failed(key, "smtputf8_unsupported", "")
        try:
            refused = self._announce(envelope, options)
        except _LostError:
            return Deferred(key, CONNECTION_LOST, _SOON)
        if refused is not None:
            self.reset()
            return refused.refusal(key)
        return self._transmit(envelope)

    def reset(self) -> bool:
        """Clear what was begun, so that the next message starts afresh; False when nobody answers as they should."""
        if not self.alive:
            return False
        try:
            self._say(b"RSET\r\n")
            if self._hear().family != _DONE:
                self._drop()
        except _LostError:
            return False
        return self.alive

    def close(self) -> None:
        """Say goodbye when someone still listens, and close in any case."""
        if self.alive:
            with suppress(OSError, ValueError):
                self._connection.quit()
        self._drop()

    def _mail_options(self, envelope: Envelope) -> str | None:
        """Return the parameters of MAIL, or None when the relay cannot carry such addresses."""
        size = f" SIZE={len(envelope.data)}" if self._connection.has_extn("size") else ""
        if envelope.sender.isascii() and envelope.recipient.isascii() and envelope.data.isascii():
            return size
        if not self._connection.has_extn("smtputf8"):
            return None
        # Addresses outside ASCII stand in the header too; RFC 6531 3.6 wants 8BITMIME offered with SMTPUTF8.
        return f"{size} SMTPUTF8 BODY=8BITMIME"

    def _announce(self, envelope: Envelope, options: str) -> _Reply | None:
        """Go as far as the relay's "go ahead"; returns its refusal, if any. Nothing of the content has left yet."""
        steps = [
            f"MAIL FROM:<{envelope.sender}>{options}\r\n".encode(),
            f"RCPT TO:<{envelope.recipient}>\r\n".encode(),
            b"DATA\r\n",
        ]
        if self._pipelining:  # RFC 2920: all three at once; each is answered all the same
            self._say(b"".join(steps))
        refused: _Reply | None = None
        for number, step in enumerate(steps):
            last = number == len(steps) - 1
            if not self._pipelining:
                self._say(step)
            reply = self._hear()
            if reply.refuses:
                refused = refused or reply
                if not self._pipelining or not self.alive:
                    return refused
            elif last and reply.code == _GO_AHEAD and refused is not None:
                self._end_empty()
            elif reply.code != _GO_AHEAD if last else reply.family != _DONE:
                self._drop()
                raise _LostError
        return refused

    def _end_empty(self) -> None:
        """End the content of a message that has no recipient; RFC 2920 3.1 allows a relay to ask for it all the same."""
        self._say(b".\r\n")
        if not self._hear().refuses:
            self._drop()

    def _transmit(self, envelope: Envelope) -> SendOutcome:
        data = _LINE_STARTS_WITH_DOT.sub(b"..", envelope.data)
        if not data.endswith(b"\r\n"):
            data += b"\r\n"
        try:
            self._say(data + b".\r\n")
        except _LostError:
            # The final dot is the last thing written: while sending fails, the relay cannot have a whole message.
            return Deferred(envelope.key, CONNECTION_LOST, _SOON)
        try:
            reply = self._hear()
        except _LostError:
            return InDoubt(envelope.key, "no_answer")
        if reply.family == _DONE:
            return Accepted(envelope.key, _printable(reply.text))
        if reply.refuses:
            self.reset()
            return reply.refusal(envelope.key)
        self._drop()
        return InDoubt(envelope.key, "unclear_answer")

    def _say(self, words: bytes) -> None:
        try:
            self._connection.send(words)
        except (OSError, ValueError) as error:  # every SMTPException is an OSError, time-outs too
            self._drop()
            raise _LostError from error

    def _hear(self) -> _Reply:
        try:
            code, text = self._connection.getreply()
        except (OSError, ValueError) as error:
            self._drop()
            raise _LostError from error
        reply = _Reply(code, text)
        if reply.family not in {_DONE, _GO_ON, _PASSING, _FINAL}:
            self._drop()
            raise _LostError
        if code == _CLOSING:
            self._drop()
        return reply

    def _drop(self) -> None:
        self.alive = False
        with suppress(OSError):
            self._connection.close()


def _safe(address: str) -> bool:
    """Return whether the address can stand between angle brackets of a command line."""
    return bool(address) and address.isprintable() and not any(char in address for char in " <>")


def _printable(text: bytes) -> str:
    words = "".join(char if char.isprintable() else " " for char in text.decode("utf-8", "replace")).split()
    return " ".join(words)[:_ID_LENGTH]
