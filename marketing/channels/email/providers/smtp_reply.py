"""What a relay answers: octets become whole answers, and an answer becomes what it means for one message; pure."""

import re
from datetime import timedelta
from typing import Final, NamedTuple

from marketing.channels.base import Deferred, Failed

MAX_LINE: Final = 8_192
MAX_LINES: Final = 100
CLOSING: Final = 421
GO_AHEAD: Final = 354
SOON: Final = timedelta(minutes=1)
LATER: Final = timedelta(minutes=5)  # what greylisting relays usually ask for
OPERATOR: Final = timedelta(minutes=15)  # a person must repair this: a certificate or a password
_DONE, _GO_ON, _PASSING, _FINAL = 2, 3, 4, 5  # RFC 5321 4.2.1: the first digit is the verdict
_CODE_LENGTH: Final = 3
_NOT_LOGGED_IN: Final = frozenset({530, 534, 535, 538})  # RFC 4954: our log-in is at fault, not the message
_ENHANCED: Final = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
_ID_LENGTH: Final = 200


class NotSmtpError(Exception):
    """What came is no answer of SMTP, or has no end."""


class Reply(NamedTuple):
    """One whole answer."""

    code: int
    text: bytes

    @property
    def done(self) -> bool:
        """Whether it says that what was asked is done."""
        return self.code // 100 == _DONE

    @property
    def refuses(self) -> bool:
        """Whether it says no, for now or for good."""
        return self.code // 100 in {_PASSING, _FINAL}

    def refusal(self, key: str) -> Deferred | Failed:
        """Return what a refusal means; of the relay's words only the status codes are kept, they may hold an address."""
        if self.code in _NOT_LOGGED_IN:
            return Deferred(key, "credentials", OPERATOR, counted=False)
        if self.code // 100 == _FINAL:
            found = _ENHANCED.match(self.text)
            return Failed(key, f"smtp_{self.code}", found.group().decode("ascii") if found else "")
        return Deferred(key, f"smtp_{self.code}", LATER)

    def printable(self) -> str:
        """Return the words as one line that can be kept."""
        if self.text.isascii() and self.text.decode("ascii").isprintable() and len(self.text) <= _ID_LENGTH:
            return self.text.decode("ascii")
        words = "".join(char if char.isprintable() else " " for char in self.text.decode("utf-8", "replace")).split()
        return " ".join(words)[:_ID_LENGTH]


class Replies:
    """Cuts the octets that come in into answers."""

    def __init__(self, unread: bytes = b"") -> None:
        self._unread = unread
        self._texts: list[bytes] = []

    def feed(self, octets: bytes) -> None:
        """Take what has just come."""
        self._unread += octets

    def next(self) -> Reply | None:
        """Return the next whole answer, None when it is not whole yet; NotSmtpError when it never will be."""
        while True:
            line, end, rest = self._unread.partition(b"\n")
            if len(line) > MAX_LINE or len(self._texts) >= MAX_LINES:
                raise NotSmtpError
            if not end:
                return None
            self._unread = rest
            code, separator = line[:_CODE_LENGTH], line[_CODE_LENGTH : _CODE_LENGTH + 1]
            if not (code.isdigit() and len(code) == _CODE_LENGTH) or separator not in {b" ", b"-", b"\r", b""}:
                raise NotSmtpError
            text = line[_CODE_LENGTH + 1 :].strip(b" \t\r\n")
            if separator == b"-":
                self._texts.append(text)
                continue
            if self._texts:
                text = b"\n".join((*self._texts, text))
                self._texts = []
            reply = Reply(int(code), text)
            if not _DONE <= reply.code // 100 <= _FINAL:
                raise NotSmtpError
            return reply
