"""Hands mail to an SMTP relay over connections that are kept for the next batch; no retries of its own, no sleep.

What may be handed over again is decided by where the dialogue broke: before the content it is Deferred, after it
InDoubt (`smtp_session`). Faults of the relay as a whole (unreachable, TLS, log-in) never condemn a message.
"""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

from marketing.channels.base import Failed, SendOutcome
from marketing.channels.email.mime import BadMessageError
from marketing.channels.email.providers.smtp_session import CONNECTION_LOST, SmtpSession
from marketing.channels.email.providers.smtp_wire import PatientSmtp, PatientSmtpTls
from marketing.channels.email.writing import Envelope
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail

Tls = Literal["none", "starttls", "implicit"]

MAX_RECONNECTS: Final = 2
IDLE_SECONDS: Final = 20.0
"""How long a connection is kept unused; many relays hang up after 30 seconds or a few minutes."""
_SOON = timedelta(minutes=1)
_OPERATOR = timedelta(minutes=15)  # a person must repair this: a certificate or a password
_REFUSALS = range(400, 600)
_PASSING = range(400, 500)


@dataclass(frozen=True, slots=True)
class Relay:
    """Where a relay is and how it lets us in; `ca_file` names certificates to trust besides the system's own."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = "starttls"
    timeout_seconds: float = 30.0
    ca_file: str = ""


class SmtpProvider:
    """A relay; nothing is connected before `open`."""

    def __init__(
        self, relay: Relay, write: Callable[[OutboundEmail], Envelope], timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._relay = relay
        self._write = write
        self._timer = timer
        self._idle: list[tuple[float, SmtpSession]] = []
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"SmtpProvider({self._relay.host}:{self._relay.port}, tls={self._relay.tls})"

    def open(self) -> "SmtpCarrier":
        return SmtpCarrier(self, self.session(), self._write)

    def close(self) -> None:
        with self._lock:
            sessions, self._idle = self._idle, []
        for _since, session in sessions:
            session.close()

    def session(self) -> SmtpSession:
        """Return a session ready for mail, kept or new; TemporaryError carries the reason code of what went wrong."""
        while True:
            with self._lock:
                if not self._idle:
                    break
                since, session = self._idle.pop()
            if self._timer() - since < IDLE_SECONDS and session.reset():
                return session
            session.close()
        return self._connected()

    def keep(self, session: SmtpSession) -> None:
        """Take a session back for the next batch."""
        with self._lock:
            self._idle.append((self._timer(), session))

    def _connected(self) -> SmtpSession:
        connection = self._dial()
        if connection.sock is not None:  # the last piece of a message does not wait for an acknowledgement
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._secure(connection)
            self._log_in(connection)
        except TemporaryError:
            connection.close()
            raise
        return SmtpSession(connection)

    def _context(self) -> ssl.SSLContext:
        """Return what checks the relay's certificate and name."""
        try:
            context = ssl.create_default_context()
            if self._relay.ca_file:
                context.load_verify_locations(self._relay.ca_file)
        except OSError:  # an SSLError is one too
            raise TemporaryError("tls", _OPERATOR) from None
        return context

    def _dial(self) -> smtplib.SMTP:
        relay = self._relay
        try:
            if relay.tls == "implicit":
                return PatientSmtpTls(relay.host, relay.port, timeout=relay.timeout_seconds, context=self._context())
            return PatientSmtp(relay.host, relay.port, timeout=relay.timeout_seconds)
        except ssl.SSLError:
            raise TemporaryError("tls", _OPERATOR) from None
        except smtplib.SMTPConnectError as error:
            code = error.smtp_code
            raise TemporaryError(f"smtp_{code}" if code in _REFUSALS else CONNECTION_LOST, _SOON) from None
        except (OSError, ValueError):
            raise TemporaryError(CONNECTION_LOST, _SOON) from None

    def _secure(self, connection: smtplib.SMTP) -> None:
        """Say EHLO, over TLS when asked; a relay without STARTTLS never gets the mail in the clear."""
        try:
            connection.ehlo_or_helo_if_needed()
            if self._relay.tls == "starttls":
                connection.starttls(context=self._context())
                connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPServerDisconnected:
            raise TemporaryError(CONNECTION_LOST, _SOON) from None
        except (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException):
            raise TemporaryError("tls" if self._relay.tls == "starttls" else CONNECTION_LOST, _OPERATOR) from None
        except (OSError, ValueError):
            raise TemporaryError(CONNECTION_LOST, _SOON) from None

    def _log_in(self, connection: smtplib.SMTP) -> None:
        if not self._relay.user:
            return
        try:
            connection.login(self._relay.user, self._relay.password)
        except smtplib.SMTPServerDisconnected:
            raise TemporaryError(CONNECTION_LOST, _SOON) from None
        except smtplib.SMTPAuthenticationError as error:
            passing = error.smtp_code in _PASSING  # RFC 4954 6: 454, the relay cannot check passwords just now
            raise TemporaryError(
                *((f"smtp_{error.smtp_code}", _SOON) if passing else ("credentials", _OPERATOR))
            ) from None
        except (OSError, ValueError):
            # "from None" everywhere here: the text of these errors may repeat what was sent, the password included.
            raise TemporaryError("credentials", _OPERATOR) from None


class SmtpCarrier:
    """An opened relay; a connection that breaks is replaced a few times before the relay counts as down."""

    def __init__(
        self, provider: SmtpProvider, session: SmtpSession, write: Callable[[OutboundEmail], Envelope]
    ) -> None:
        self._provider = provider
        self._session = session
        self._write = write
        self._reconnects_left = MAX_RECONNECTS
        self._trouble: TemporaryError | None = None

    def ready(self) -> None:
        # The connection stands before the message is taken: taking it is what permits it to leave.
        if self._session.alive:
            return
        if not self._reconnects_left:
            self._trouble = self._trouble or TemporaryError(CONNECTION_LOST, _SOON)
            raise self._trouble
        self._reconnects_left -= 1
        try:
            self._session = self._provider.session()
        except TemporaryError as error:
            # A relay that cannot be reached now will not be reached for the next message either.
            self._reconnects_left, self._trouble = 0, error
            raise

    def carry(self, email: OutboundEmail) -> Sequence[SendOutcome]:
        try:
            envelope = self._write(email)
        except BadMessageError as error:
            return (Failed(email.key, "bad_message", error.field),)
        return (self._session.hand_over(envelope),)

    def flush(self) -> Sequence[SendOutcome]:
        return ()

    def trouble(self) -> TemporaryError | None:
        return self._trouble

    def release(self) -> None:
        if self._session.alive:
            self._provider.keep(self._session)
