"""Hands mail to an SMTP relay over connections that are kept for the next batch; no retries of its own, no sleep.

Connecting, securing and logging in is smtplib's, one step after the other (`smtp_wire`); then the dialogue is ours
(`smtp_dialogue`), over one or several connections (`smtp_carrier`). Faults of the relay as a whole (unreachable, TLS, log-in)
never condemn a message.
"""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from marketing.channels.email.providers.base import PATIENCE_SECONDS, SLOW
from marketing.channels.email.providers.smtp_carrier import SmtpCarrier
from marketing.channels.email.providers.smtp_dialogue import CONNECTION_LOST, Dialogue, Pace
from marketing.channels.email.providers.smtp_reply import OPERATOR, SOON
from marketing.channels.email.providers.smtp_wire import PatientSmtp, PatientSmtpTls
from marketing.channels.email.writing import Envelope
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail

Tls = Literal["none", "starttls", "implicit"]

IDLE_SECONDS: Final = 20.0
"""How long a connection is kept unused; many relays hang up after 30 seconds or a few minutes."""
FRESH_SECONDS: Final = 2.0
"""A connection used so short a time ago needs no proof that the relay still listens."""
CONNECTIONS: Final = 20
"""Postfix takes 50 from one address at a time (smtpd_client_connection_count_limit), for all workers together."""
_FULL_SECONDS: Final = 60.0
"""How long no more connections are tried after the relay refused one."""
_REFUSALS: Final = range(400, 600)
_PASSING: Final = range(400, 500)


@dataclass(frozen=True, slots=True)
class Relay:
    """Where a relay is and how it lets us in; `ca_file` names certificates to trust besides the system's own.

    `connections` is how many one process may have open there; each thread that sends has one in any case.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = "starttls"
    timeout_seconds: float = 30.0
    ca_file: str = ""
    connections: int = CONNECTIONS


class SmtpProvider:
    """A relay; nothing is connected before `open`."""

    def __init__(
        self, relay: Relay, write: Callable[[OutboundEmail], Envelope], timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._relay = relay
        self._write = write
        self.timer = timer
        self.pace = Pace()
        self._kept: list[tuple[float, Dialogue]] = []
        self._ours: set[Dialogue] = set()
        self._opening = 0
        self._full_until = float("-inf")
        self._closings = 0
        self._own_name: str | None = None  # what EHLO says; asking the resolver may take seconds, so it is asked once
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"SmtpProvider({self._relay.host}:{self._relay.port}, tls={self._relay.tls})"

    def open(self) -> SmtpCarrier:
        carrier = SmtpCarrier(self, self._write)
        try:
            ready = carrier.ready(PATIENCE_SECONDS)
        except TemporaryError:
            carrier.release()
            raise
        if not ready:
            carrier.release()
            raise TemporaryError(SLOW, SOON)
        return carrier

    def close(self) -> None:
        with self._lock:
            kept, self._kept = self._kept, []
            self._ours.clear()  # what is still used, or just being opened, is closed by who has it
            self._closings += 1
        for _since, dialogue in kept:
            dialogue.close()

    def connection(self) -> tuple[Dialogue, bool]:
        """Return a connection, kept or new, and whether it is new; TemporaryError carries the reason code."""
        if (kept := self._pop()) is not None:
            return kept, False
        closings = self._closings
        dialogue = self._connected()
        self._note(dialogue, closings)
        return dialogue, True

    def another(self) -> Dialogue | None:
        """Return a kept connection at once, or None and open one for later where there may be more.

        As many are opened at a time as there are, so that a far relay is soon met by enough.
        """
        if (kept := self._pop()) is not None:
            return kept
        with self._lock:
            wanted = max(1, len(self._ours)) - self._opening
            new = min(wanted, self._relay.connections - len(self._ours) - self._opening)
            if new <= 0 or self.timer() < self._full_until:
                return None
            self._opening += new
            closings = self._closings
        for _number in range(new):
            threading.Thread(target=self._open_another, args=(closings,), name="smtp-connect", daemon=True).start()
        return None

    def keep(self, dialogue: Dialogue) -> None:
        """Take a connection back for the next batch."""
        now = self.timer()
        with self._lock:
            ours = dialogue in self._ours
            if ours:
                self._kept.append((now, dialogue))
            stale = [one for since, one in self._kept if now - since >= IDLE_SECONDS]
            self._kept = [(since, one) for since, one in self._kept if now - since < IDLE_SECONDS]
            self._ours.difference_update(stale)
        for one in stale if ours else (*stale, dialogue):
            one.close(wait=False)

    def lost(self, dialogue: Dialogue) -> None:
        """Take note that a connection is gone."""
        with self._lock:
            self._ours.discard(dialogue)

    def _pop(self) -> Dialogue | None:
        """Return a kept connection that nobody has closed, as far as can be seen."""
        while True:
            with self._lock:
                if not self._kept:
                    return None
                since, dialogue = self._kept.pop()
            now = self.timer()
            dialogue.readable(now)
            if dialogue.alive and now - since < IDLE_SECONDS:
                if now - since >= FRESH_SECONDS:
                    dialogue.reset(now)
                return dialogue
            dialogue.close(wait=False)
            self.lost(dialogue)

    def _note(self, dialogue: Dialogue, closings: int) -> bool:
        with self._lock:
            if closings != self._closings:
                return False
            self._ours.add(dialogue)
            return True

    def _open_another(self, closings: int) -> None:
        try:
            dialogue = self._connected()
        except TemporaryError:
            with self._lock:
                self._opening -= 1
                self._full_until = self.timer() + _FULL_SECONDS
            return
        noted = self._note(dialogue, closings)
        with self._lock:
            self._opening -= 1
        if noted:
            self.keep(dialogue)
        else:
            dialogue.close(wait=False)

    def _connected(self) -> Dialogue:
        connection = self._dial()
        if connection.sock is not None:  # the last piece of a message does not wait for an acknowledgement
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._secure(connection)
            self._log_in(connection)
        except TemporaryError:
            connection.close()
            raise
        if connection.unread:  # more answers than questions
            connection.close()
            raise TemporaryError(CONNECTION_LOST, SOON)
        features = {name: str(value) for name, value in connection.esmtp_features.items()}
        return Dialogue(connection.detach(), features, self._relay.timeout_seconds, self.pace)

    def _context(self) -> ssl.SSLContext:
        """Return what checks the relay's certificate and name."""
        try:
            context = ssl.create_default_context()
            if self._relay.ca_file:
                context.load_verify_locations(self._relay.ca_file)
        except OSError:  # an SSLError is one too
            raise TemporaryError("tls", OPERATOR) from None
        return context

    def _dial(self) -> PatientSmtp:
        relay, own = self._relay, self._own_name
        try:
            connection: PatientSmtp
            if relay.tls == "implicit":
                connection = PatientSmtpTls(
                    relay.host, relay.port, own, timeout=relay.timeout_seconds, context=self._context()
                )
            else:
                connection = PatientSmtp(relay.host, relay.port, own, timeout=relay.timeout_seconds)
        except ssl.SSLError:
            raise TemporaryError("tls", OPERATOR) from None
        except smtplib.SMTPConnectError as error:
            code = error.smtp_code
            raise TemporaryError(f"smtp_{code}" if code in _REFUSALS else CONNECTION_LOST, SOON) from None
        except (OSError, ValueError):
            raise TemporaryError(CONNECTION_LOST, SOON) from None
        self._own_name = connection.local_hostname
        return connection

    def _secure(self, connection: PatientSmtp) -> None:
        """Say EHLO, over TLS when asked; a relay without STARTTLS never gets the mail in the clear."""
        try:
            connection.ehlo_or_helo_if_needed()
            if self._relay.tls == "starttls":
                connection.starttls(context=self._context())
                connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPServerDisconnected:
            raise TemporaryError(CONNECTION_LOST, SOON) from None
        except (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException):
            raise TemporaryError("tls" if self._relay.tls == "starttls" else CONNECTION_LOST, OPERATOR) from None
        except (OSError, ValueError):
            raise TemporaryError(CONNECTION_LOST, SOON) from None

    def _log_in(self, connection: PatientSmtp) -> None:
        if not self._relay.user:
            return
        try:
            connection.login(self._relay.user, self._relay.password)
        except smtplib.SMTPServerDisconnected:
            raise TemporaryError(CONNECTION_LOST, SOON) from None
        except smtplib.SMTPAuthenticationError as error:
            passing = error.smtp_code in _PASSING  # RFC 4954 6: 454, the relay cannot check passwords just now
            raise TemporaryError(
                *((f"smtp_{error.smtp_code}", SOON) if passing else ("credentials", OPERATOR))
            ) from None
        except (OSError, ValueError):
            # "from None" everywhere here: the text of these errors may repeat what was sent, the password included.
            raise TemporaryError("credentials", OPERATOR) from None
