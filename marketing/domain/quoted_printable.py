"""Quoted-printable (RFC 2045 6.7), whole and in pieces that are joined later; pure.

A piece ends with a soft line break, so the next begins at the start of a line: pieces that were encoded apart can stand in
any order without a line above 76 characters, and none ends inside an encoded octet. No line begins with a dot: it would have to
be doubled on its way (RFC 5321 4.5.2), and looking for such lines costs a sender as much as sending does.
"""

import re
from binascii import b2a_qp
from typing import Final

SOFT_BREAK: Final = "=\r\n"
_OVERLONG: Final = re.compile(r"^([^\r\n]{74,})(=20|=09)(?=\r$)", re.MULTILINE)
_PLAIN: Final = re.compile(r"[!-\-/-<>-~](?:[ -<>-~]{0,73}[!-<>-~])?")
_WIDTH: Final = 76
_DOT: Final = "=2E"
_ROOM: Final = 75  # characters before the "=" of a soft line break


def encoded(text: str) -> str:
    """Return a whole part, its last line ended; UnicodeEncodeError for half a character (a lone surrogate)."""
    lines = _lines(text)
    return _written(lines if lines.endswith("\r\n") else lines + "\r\n")


def piece(text: str) -> str:
    """Return a part of a line, or lines and a part, that something follows; errors as for `encoded`.

    No line end may be split between two pieces.
    """
    if not text:
        return ""
    if _PLAIN.fullmatch(text):  # most names
        return text + SOFT_BREAK
    written = _written(_lines(text) + "\r\n")[:-2]
    room = written.rfind("\n") + 1 + _ROOM
    if len(written) > room:  # no room for the break: what ends the line goes on the next
        end = 3 if written[-3] == "=" else 1
        written = f"{written[:-end]}{SOFT_BREAK}{_DOT if written[-1] == '.' else written[-end:]}"
    return written if written.endswith("\n") else written + SOFT_BREAK


def _written(lines: str) -> str:
    # b2a_qp breaks long lines in the style of the first line end it sees, so there must be one. A blank that ends a full line
    # it writes beyond the margin.
    written = b2a_qp(lines.encode(), istext=True).decode("ascii")
    if "=20\r\n" in written or "=09\r\n" in written:
        written = _OVERLONG.sub(rf"\1{SOFT_BREAK}\2", written)
    if "\n." in written or written.startswith("."):
        return "\r\n".join([_begun(line) if line.startswith(".") else line for line in written.split("\r\n")])
    return written


def _begun(line: str) -> str:
    """Return a line that begins with a dot otherwise, in two where it becomes too long."""
    line = _DOT + line[1:]
    if len(line) <= _WIDTH:
        return line
    end = _WIDTH - 2 * len(_DOT)
    while "=" in line[end - 2 : end]:  # never inside an encoded octet
        end -= 1
    rest = line[end:]
    return f"{line[:end]}{SOFT_BREAK}{_DOT + rest[1:] if rest.startswith('.') else rest}"


def _lines(text: str) -> str:
    """Return the text with every line end as mail has it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
