"""The SMTP dialogue's lines: smtplib's client, with an end to waiting for an answer.

smtplib waits anew after each octet, so a relay that drips its answers holds a worker for hours; here one answer has to be
there within the time-out, whole.
"""

import smtplib
import socket
import ssl
import time
from typing import Final

MAX_LINE: Final = 8_192
MAX_LINES: Final = 100
_CODE_LENGTH: Final = 3
_CHUNK: Final = 8_192
CONNECT_SECONDS: Final = 10.0
"""How long a relay that does not even answer to a connection holds a worker."""


class PatientSmtp(smtplib.SMTP):
    """A client in the clear, or made secret by STARTTLS."""

    _unread: bytes = b""

    @property
    def unread(self) -> bytes:
        """What came and nobody has asked for."""
        return self._unread

    def detach(self) -> socket.socket:
        """Give the connection away as it is."""
        assert self.sock is not None, "connected"
        sock, self.sock = self.sock, None
        return sock

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock: socket.socket = super()._get_socket(host, port, min(timeout, CONNECT_SECONDS))  # type: ignore[misc]
        return sock

    def send(self, s: bytes | str) -> None:  # type: ignore[override]
        if self.sock is not None:
            self.sock.settimeout(self.timeout)  # the last answer may have shortened it
        super().send(s)

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]:
        answer = super().docmd(cmd, args)
        if cmd.upper() == "STARTTLS" and self._unread:
            # Said in the clear and meant to be read as if it came through TLS (CVE-2021-38371 and its kin).
            raise ssl.SSLError("answers before the handshake")
        return answer

    def getreply(self) -> tuple[int, bytes]:
        """Return (code, text) of a whole answer; SMTPServerDisconnected when none came in time or it is not SMTP."""
        deadline = time.monotonic() + float(self.timeout)
        texts: list[bytes] = []
        while len(texts) < MAX_LINES:
            line = self._line(deadline)
            code, separator = line[:_CODE_LENGTH], line[_CODE_LENGTH : _CODE_LENGTH + 1]
            if not (code.isdigit() and len(code) == _CODE_LENGTH) or separator not in {b" ", b"-", b""}:
                break
            texts.append(line[_CODE_LENGTH + 1 :].strip(b" \t\r\n"))
            if separator != b"-":
                return int(code), b"\n".join(texts)
        self.close()
        raise smtplib.SMTPServerDisconnected("not an answer")

    def _line(self, deadline: float) -> bytes:
        while b"\n" not in self._unread:
            left = deadline - time.monotonic()
            if left <= 0 or self.sock is None or len(self._unread) > MAX_LINE:
                break
            try:
                self.sock.settimeout(left)
                more = self.sock.recv(_CHUNK)
            except OSError:
                break
            if not more:
                break
            self._unread += more
        line, end, rest = self._unread.partition(b"\n")
        if not end or len(line) > MAX_LINE:
            self.close()
            raise smtplib.SMTPServerDisconnected("no answer")
        self._unread = rest
        return line


class PatientSmtpTls(PatientSmtp, smtplib.SMTP_SSL):
    """A client that is secret from its first octet."""
