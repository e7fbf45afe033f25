"""Hands mail to an SMTP relay: one connection per batch, no retries of its own, no sleep.

What may be handed over again is decided by where the dialogue broke: before the content it is Deferred, after it
InDoubt (`smtp_session`). Faults of the relay as a whole (unreachable, TLS, log-in) never condemn a message.
"""

import smtplib
import ssl
from collections.abc import Iterable, Iterator
from datetime import timedelta
from operator import length_hint
from typing import Final, Literal

from marketing.channels.base import Deferred, SendOutcome
from marketing.channels.email.providers.base import Envelope
from marketing.channels.email.providers.smtp_session import CONNECTION_LOST, SmtpSession
from marketing.channels.errors import TemporaryError

Tls = Literal["none", "starttls", "implicit"]

MAX_RECONNECTS: Final = 2
_SOON = timedelta(minutes=1)
_OPERATOR = timedelta(minutes=15)  # a person must repair this: a certificate or a password
_REFUSALS = range(400, 600)


class SmtpProvider:
    """A relay; nothing is connected before `deliver`."""

    def __init__(self, *, host: str, port: int, user: str, password: str, tls: Tls, timeout_seconds: float) -> None:
        self._host = host
        self._port = port
        self._user = user
        self._password = password
        self._tls = tls
        self._timeout = timeout_seconds

    def __repr__(self) -> str:
        return f"SmtpProvider({self._host}:{self._port}, tls={self._tls})"

    def deliver(self, batch: Iterable[Envelope]) -> Iterator[SendOutcome]:
        waiting = iter(batch)
        session: SmtpSession | None = None
        connections_left = 1 + MAX_RECONNECTS
        given_up = Deferred("", CONNECTION_LOST, _SOON)
        try:
            while length_hint(waiting, 1):  # for nothing that is known to be empty does it connect
                # The connection stands before the envelope is taken: taking it is what permits it to leave.
                if (session is None or not session.alive) and connections_left:
                    connections_left -= 1
                    try:
                        session = self._open()
                    except TemporaryError as error:
                        # A relay that cannot be reached now will not be reached for the next message either.
                        connections_left, session = 0, None
                        given_up = Deferred("", str(error), error.retry_after)
                envelope = next(waiting, None)
                if envelope is None:
                    return
                if session is None or not session.alive:
                    yield Deferred(envelope.key, given_up.reason, given_up.retry_after)
                else:
                    yield session.hand_over(envelope)
        finally:
            # Also when the caller stops half-way: the connection does not outlive the batch.
            if session is not None:
                session.close()

    def _open(self) -> SmtpSession:
        """Return a session ready for mail; TemporaryError carries the reason code of what went wrong."""
        connection = self._dial()
        try:
            self._secure(connection)
            self._log_in(connection)
        except TemporaryError:
            connection.close()
            raise
        return SmtpSession(connection)

    def _dial(self) -> smtplib.SMTP:
        try:
            if self._tls == "implicit":
                context = ssl.create_default_context()
                return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
            return smtplib.SMTP(self._host, self._port, timeout=self._timeout)
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
            if self._tls == "starttls":
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo_or_helo_if_needed()
        except (ssl.SSLError, smtplib.SMTPNotSupportedError):
            raise TemporaryError("tls", _OPERATOR) from None
        except (OSError, ValueError):
            raise TemporaryError(CONNECTION_LOST, _SOON) from None

    def _log_in(self, connection: smtplib.SMTP) -> None:
        if not self._user:
            return
        try:
            connection.login(self._user, self._password)
        except smtplib.SMTPServerDisconnected:
            raise TemporaryError(CONNECTION_LOST, _SOON) from None
        except (OSError, ValueError):
            # "from None" everywhere here: the text of these errors may repeat what was sent, the password included.
            raise TemporaryError("credentials", _OPERATOR) from None
