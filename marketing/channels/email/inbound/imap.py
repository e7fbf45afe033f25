"""The bounce mailbox by IMAP4rev1 (RFC 3501): read in small batches, never deleting, moving away what was dealt with (RFC 6851).

The connection is verified TLS; without TLS only a server on this very machine is spoken to.
"""

import imaplib
import re
import ssl
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Final, Literal, Self

from marketing.channels.email.inbound.parts import MAX_BYTES
from marketing.channels.errors import TemporaryError

ImapTls = Literal["implicit", "starttls", "none"]
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
TIMEOUT_SECONDS: Final = 30.0
_SOON: Final = timedelta(minutes=5)
_FOLDER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,99}")
_VALIDITY: Final = re.compile(rb"\d{1,10}")
_UID: Final = re.compile(rb"\bUID (\d{1,10})\b")


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """Where a mailbox is and how to get in; the password is in no repr."""

    host: str
    port: int
    tls: ImapTls
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    done_folder: str = "Siar"

    def __post_init__(self) -> None:
        """Refuse what could end a command, and a password in the clear over a network (ValueError)."""
        if not all(_FOLDER.fullmatch(name) for name in (self.folder, self.done_folder)):
            raise ValueError("folder")
        if any(char in "\r\n\0" for char in self.user + self.password):
            raise ValueError("user")
        if self.tls == "none" and self.host not in LOOPBACK:
            raise ValueError("tls")


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a mailbox was read: ids rise within one validity, and mean nothing in another (RFC 3501 2.3.1.1)."""

    validity: int = 0
    uid: int = 0


@dataclass(frozen=True, slots=True)
class Arrived:
    """One mail as it lies there; `raw` is its beginning, `size` (octets) that of the whole."""

    uid: int
    size: int
    raw: bytes = field(repr=False)


class ImapMailbox:
    """An open mailbox, to be used as a context; TemporaryError carries the code of what went wrong."""

    def __init__(self, address: MailboxAddress) -> None:
        """Connect, log in and choose the folder."""
        self._address = address
        self._connection = _dial(address)
        self._moves = False
        try:
            self.validity = self._enter()
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        """Return the open mailbox."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye."""
        self._close()

    def after(self, cursor: Cursor, limit: int) -> Sequence[int]:
        """Return the ids of the oldest mails that were not read yet, at most `limit`."""
        last = cursor.uid if cursor.validity == self.validity else 0
        found = self._ask("SEARCH", "UID", f"{last + 1}:*")  # answers with the last mail even when it is older
        uids = sorted(
            {int(word) for line in found if isinstance(line, bytes) for word in line.split() if word.isdigit()}
        )
        return [uid for uid in uids if uid > last][:limit]

    def fetch(self, uids: Iterable[int]) -> list[Arrived]:
        """Return the mails with these ids, each one's beginning only; one that the server cannot give is left out."""
        mails = []
        for uid in uids:
            with suppress(_RefusedError):
                mail = self._fetch_one(uid)
                if mail is not None:
                    mails.append(mail)
        return mails

    def put_away(self, uids: Sequence[int]) -> None:
        """Move mails to the folder of what was dealt with; where the server cannot, mark them as read."""
        if not uids:
            return
        wanted, place = ",".join(map(str, uids)), f'"{self._address.done_folder}"'
        if self._moves:
            with suppress(*_FAULTS):
                self._connection.create(place)  # refused where it exists
            with suppress(_RefusedError):
                self._ask("MOVE", wanted, place)
                return
        self._ask("STORE", wanted, "+FLAGS.SILENT", r"(\Seen)")

    def _enter(self) -> int:
        address = self._address
        try:
            self._connection.login(_quoted(address.user), address.password)  # which quotes the password itself
        except imaplib.IMAP4.abort:
            raise TemporaryError("connection", _SOON) from None
        except (imaplib.IMAP4.error, UnicodeEncodeError):
            raise TemporaryError("credentials", _SOON) from None  # its text may repeat the password
        except OSError:
            raise TemporaryError("connection", _SOON) from None
        try:
            # What it can do is told anew after the log-in, and the library does not ask again by itself.
            _status, can = self._connection.capability()
            self._moves = any(b"MOVE" in line.upper().split() for line in can if isinstance(line, bytes))
            status, _count = self._connection.select(f'"{address.folder}"')
            _name, answer = self._connection.response("UIDVALIDITY")
        except _FAULTS:
            raise TemporaryError("connection", _SOON) from None
        if status != "OK":
            raise TemporaryError("folder", _SOON)
        found = _VALIDITY.search(answer[0]) if answer and isinstance(answer[0], bytes) else None
        return int(found[0]) if found else 1

    def _fetch_one(self, uid: int) -> Arrived | None:
        answer = self._ask("FETCH", str(uid), f"(UID RFC822.SIZE BODY.PEEK[]<0.{MAX_BYTES}>)")
        for part in answer:
            if isinstance(part, tuple) and (found := _UID.search(part[0])) and int(found[1]) == uid:
                size = re.search(rb"RFC822\.SIZE (\d{1,12})", part[0])
                return Arrived(uid, int(size[1]) if size else len(part[1]), part[1])
        return None

    def _ask(self, command: str, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
        try:
            status, answer = self._connection.uid(command, *words)
        except (imaplib.IMAP4.abort, OSError):
            raise TemporaryError("connection", _SOON) from None
        except imaplib.IMAP4.error:
            raise _RefusedError from None
        if status != "OK":
            raise _RefusedError
        return answer

    def _close(self) -> None:
        with suppress(*_FAULTS):
            self._connection.logout()


class _RefusedError(Exception):
    """The server said no to one command; the connection goes on."""


_FAULTS: Final = (imaplib.IMAP4.error, OSError)


def _dial(address: MailboxAddress) -> imaplib.IMAP4:
    try:
        if address.tls == "implicit":
            return imaplib.IMAP4_SSL(
                address.host, address.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT_SECONDS
            )
        connection = imaplib.IMAP4(address.host, address.port, timeout=TIMEOUT_SECONDS)
        if address.tls == "starttls":
            connection.starttls(ssl.create_default_context())
    except ssl.SSLError:
        raise TemporaryError("tls", _SOON) from None
    except (imaplib.IMAP4.error, OSError, ValueError):
        raise TemporaryError("connection", _SOON) from None
    return connection


def _quoted(text: str) -> str:
    """Return a quoted string (RFC 3501 4.3): a log-in name may hold blanks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
