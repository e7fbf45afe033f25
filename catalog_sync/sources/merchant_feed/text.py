"""Bytes of a feed to text that XML can carry, whatever its packing and its letters; piece by piece, within a limit."""

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from marketing.errors import CatalogError
from marketing.i18n import gettext as _

MEGABYTE: Final = 1024 * 1024
FEED_BYTES: Final = 512 * MEGABYTE
PIECE: Final = 64 * 1024
HEAD: Final = 1024
GZIP: Final = b"\x1f\x8b"
GZIP_WINDOW: Final = 31  # zlib's number for “a gzip header follows”
REFERENCE_LENGTH: Final = 14
LAST_LETTER: Final = 0x10FFFF
ENCODINGS: Final = {
    name: name for name in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "iso-8859-15", "windows-1252")
} | {"utf8": "utf-8", "us-ascii": "windows-1252", "ascii": "windows-1252", "latin1": "iso-8859-1"}

_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_OPEN_REFERENCE: Final = re.compile(r"&[#0-9a-zA-Z]{0,12}$")


def readable(chunks: Iterable[bytes], where: str) -> Iterator[str]:
    """Yield the text; CatalogError names `where` when it is too large, torn, or in letters nobody knows."""
    return _text(_limited(_unpacked(chunks, where), where), where)


def _unpacked(chunks: Iterable[bytes], where: str) -> Iterator[bytes]:
    source = iter(chunks)
    first = b""
    while len(first) < len(GZIP) and (chunk := next(source, b"")):
        first += chunk
    if first.startswith(GZIP):
        yield from _gunzipped(first, source, where)
    else:
        yield first
        yield from source


def _gunzipped(data: bytes, source: Iterator[bytes], where: str) -> Iterator[bytes]:
    """Unpack piece by piece, so that a bomb meets the limit before it meets the memory."""
    unpacker = zlib.decompressobj(GZIP_WINDOW)
    try:
        while True:
            if piece := unpacker.decompress(data, PIECE):
                yield piece
            data = unpacker.unconsumed_tail
            if unpacker.eof:
                data = unpacker.unused_data or next(source, b"")
                if not data.startswith(GZIP):  # nothing more, or padding that every unpacker ignores
                    return
                unpacker = zlib.decompressobj(GZIP_WINDOW)
            elif not data and not piece:
                data = next(source, b"")
                if not data:
                    raise CatalogError(_("{where} terpotong di tengah. Ambil lagi nanti.").format(where=where))
    except zlib.error:
        raise CatalogError(_("{where} bukan gzip yang utuh. Ambil lagi nanti.").format(where=where)) from None


def _limited(chunks: Iterable[bytes], where: str) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > FEED_BYTES:
            raise CatalogError(
                _("{where} lebih besar dari {limit} MB. Bagi umpan menjadi beberapa sumber.").format(
                    where=where, limit=FEED_BYTES // MEGABYTE
                )
            )
        for start in range(0, len(chunk), PIECE):
            yield chunk[start : start + PIECE]


def _text(chunks: Iterable[bytes], where: str) -> Iterator[str]:
    """Decode by byte order mark or declaration; what XML cannot carry becomes U+FFFD, also where it is spelt `&#0;`."""
    source = iter(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= HEAD:
            break
    decoder = codecs.getincrementaldecoder(_encoding(head, where))("replace")
    held = decoder.decode(head).removeprefix("\ufeff").lstrip()
    for chunk in source:
        ready, held = _whole_references(held)
        yield _sound(ready)
        held += decoder.decode(chunk)
    yield _sound(held + decoder.decode(b"", final=True))


def _encoding(head: bytes, where: str) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.match(head)
    if declared is None or head.startswith(codecs.BOM_UTF8):
        return "utf-8"
    name = declared[1].decode("ascii").lower()
    if name not in ENCODINGS:
        raise CatalogError(_("{where} memakai pengodean huruf “{name}”; pakai UTF-8.").format(where=where, name=name))
    return ENCODINGS[name]


def _whole_references(text: str) -> tuple[str, str]:
    """Hold back a reference that the next piece may complete."""
    found = _OPEN_REFERENCE.search(text, max(0, len(text) - REFERENCE_LENGTH))
    return (text[: found.start()], text[found.start() :]) if found else (text, "")


def _sound(text: str) -> str:
    return _REFERENCE.sub(_spelt, _FORBIDDEN.sub("\ufffd", text))


def _spelt(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    return "\ufffd" if code > LAST_LETTER or _FORBIDDEN.match(chr(code)) else match[0]
