"""One SMTP dialogue with a relay: each step's answer becomes the outcome of one message."""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, SendOutcome
from marketing.channels.email.providers.base import Envelope

CONNECTION_LOST: Final = "connection"

_SOON = timedelta(minutes=1)
_LATER = timedelta(minutes=5)  # what greylisting relays usually ask for
_OPERATOR = timedelta(minutes=15)
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

    def refusal(self, key: str) -> Deferred | Failed:
        """Return what a refusal means; of the relay's words only the status codes are kept, they may hold an address."""
        if self.code in _NOT_LOGGED_IN:
            return Deferred(key, "credentials", _OPERATOR)
        if self.family == 5:  # noqa: PLR2004  RFC 5321 4.2.1: the first digit is the verdict
            found = _ENHANCED.match(self.text)
            return Failed(key, f"smtp_{self.code}", found.group().decode("ascii") if found else "")
        return Deferred(key, f"smtp_{self.code}", _LATER)


class SmtpSession:
    """A greeted, secured and logged-in connection; `alive` until the relay hangs up or stops making sense."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self._connection = connection
        self.alive = True

    def hand_over(self, envelope: Envelope) -> SendOutcome:
        """Carry one message through MAIL, RCPT and DATA; leaves the connection clean for the next, or not alive."""
        key = envelope.key
        if not (_safe(envelope.sender) and _safe(envelope.recipient)):
            return Failed(key, "bad_address", "")
        options = self._mail_options(envelope)
        if options is None:
            return Failed(key, "smtputf8_unsupported", "")
        try:
            refused = self._announce(envelope, options)
        except _LostError:
            return Deferred(key, CONNECTION_LOST, _SOON)
        if refused is not None:
            self._reset()
            return refused.refusal(key)
        return self._transmit(envelope)

    def close(self) -> None:
        """Say goodbye when someone still listens, and close in any case."""
        if self.alive:
            with suppress(OSError, ValueError):
                self._connection.quit()
        self._drop()

    def _mail_options(self, envelope: Envelope) -> list[str] | None:
        """Return the parameters of MAIL, or None when the relay cannot carry such addresses."""
        options = [f"SIZE={len(envelope.data)}"] if self._connection.has_extn("size") else []
        if envelope.sender.isascii() and envelope.recipient.isascii() and envelope.data.isascii():
            return options
        if not self._connection.has_extn("smtputf8"):
            return None
        # Addresses outside ASCII stand in the header too; RFC 6531 3.6 wants 8BITMIME offered with SMTPUTF8.
        return [*options, "SMTPUTF8", "BODY=8BITMIME"]

    def _announce(self, envelope: Envelope, options: list[str]) -> _Reply | None:
        """Go as far as the relay's "go ahead"; returns its refusal, if any. Nothing of the content has left yet."""
        for step in (
            lambda: self._connection.mail(envelope.sender, options),
            lambda: self._connection.rcpt(envelope.recipient),
        ):
            reply = self._ask(step)
            if reply.family in {4, 5}:
                return reply
            if reply.family != 2:  # noqa: PLR2004
                self._drop()
                raise _LostError
        reply = self._ask(lambda: self._connection.docmd("DATA"))
        if reply.family in {4, 5}:
            return reply
        if reply.code != _GO_AHEAD:
            self._drop()
            raise _LostError
        return None

    def _transmit(self, envelope: Envelope) -> SendOutcome:
        data = _LINE_STARTS_WITH_DOT.sub(b"..", envelope.data)
        if not data.endswith(b"\r\n"):
            data += b"\r\n"
        try:
            self._connection.send(data + b".\r\n")
        except OSError:
            # The final dot is the last thing written: while sending fails, the relay cannot have a whole message.
            self._drop()
            return Deferred(envelope.key, CONNECTION_LOST, _SOON)
        try:
            reply = self._ask(self._connection.getreply)
        except _LostError:
            return InDoubt(envelope.key, "no_answer")
        if reply.family == 2:  # noqa: PLR2004
            return Accepted(envelope.key, _printable(reply.text))
        if reply.family in {4, 5}:
            self._reset()
            return reply.refusal(envelope.key)
        self._drop()
        return InDoubt(envelope.key, "unclear_answer")

    def _ask(self, step: Callable[[], tuple[int, bytes]]) -> _Reply:
        try:
            code, text = step()
        except (OSError, ValueError) as error:  # every SMTPException is an OSError, timeouts too
            self._drop()
            raise _LostError from error
        reply = _Reply(code, text)
        if reply.family not in {2, 3, 4, 5}:
            self._drop()
            raise _LostError
        if code == _CLOSING:
            self._drop()
        return reply

    def _reset(self) -> None:
        """Clear the refused message, so that the next one starts afresh."""
        if not self.alive:
            return
        with suppress(_LostError):
            if self._ask(self._connection.rset).family != 2:  # noqa: PLR2004
                self._drop()

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
