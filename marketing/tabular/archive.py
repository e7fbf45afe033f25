"""Is this XLSX safe to unpack? Sizes and document types are looked at before any library parses a part of it."""

import re
import zlib
from pathlib import Path
from typing import IO, Final
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.sheets import unreadable

UNPACKED: Final = 200 * 1024 * 1024
PART: Final = 8 * 1024 * 1024
"""Parts that are read into memory as a whole: styles, relations and whatever else is not named below."""
STRINGS: Final = 64 * 1024 * 1024
TAGS_OF_STRINGS: Final = 3_000_000
TAGS_OF_A_ROW: Final = 300_000
"""openpyxl keeps every element of the shared texts, and those of a row until it ends; a row has 16,384 cells at most."""
ENTRIES: Final = 5_000
RATIO: Final = 400
SMALL: Final = 8 * 1024 * 1024
MEGABYTE: Final = 1024 * 1024
CHUNK: Final = 64 * 1024
LOOKED_AT: Final = 16  # chunks
_STRINGS: Final = "sharedstrings.xml"
_SHEETS: Final = "xl/worksheets/"
_UNREAD: Final = ("xl/media/", "xl/pivotcache/", "xl/embeddings/", "xl/drawings/", "xl/externallinks/", "xl/calcchain")
_ROW: Final = re.compile(rb"<(?:[\w.-]{1,40}:)?row[\s/>]")


class _FoundError(Exception):
    """The parser met a document type (True) or the first element (False)."""


def check_archive(path: Path) -> None:
    """CatalogError when the file is broken, would unpack into too much, or declares a document type (entities)."""
    try:
        with ZipFile(path) as archive:
            _check_sizes(archive, path.name)
            for entry in archive.infolist():
                name = entry.filename.casefold()
                if entry.is_dir() or name.startswith(_UNREAD):
                    continue
                with archive.open(entry) as part:
                    if _declares_type(part):
                        raise unreadable(path.name)
                if name.endswith(_STRINGS) or name.startswith(_SHEETS):
                    with archive.open(entry) as part:
                        if _too_many_tags(part, of_sheet=name.startswith(_SHEETS)):
                            raise _too_large(path.name)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise unreadable(path.name) from error


def _check_sizes(archive: ZipFile, name: str) -> None:
    entries = archive.infolist()
    if (
        len(entries) > ENTRIES
        or sum(entry.file_size for entry in entries) > UNPACKED
        or any(entry.file_size > SMALL and entry.file_size > RATIO * max(entry.compress_size, 1) for entry in entries)
        or any(entry.file_size > _limit(entry.filename) for entry in entries)
    ):
        raise _too_large(name)


def _limit(name: str) -> int:
    name = name.casefold()
    if name.startswith((_SHEETS, *_UNREAD)):
        return UNPACKED
    return STRINGS if name.endswith(_STRINGS) else PART


def _too_many_tags(part: IO[bytes], *, of_sheet: bool) -> bool:
    """Return whether a part has more elements than memory should hold at once."""
    tags, limit = 0, TAGS_OF_A_ROW if of_sheet else TAGS_OF_STRINGS
    while chunk := part.read(CHUNK):
        if of_sheet and _ROW.search(chunk):
            tags = 0  # a row has ended; what the rest of this chunk adds is little
        tags += chunk.count(b"<")
        if tags > limit:
            return True
    return False


def _too_large(name: str) -> CatalogError:
    return CatalogError(
        _(
            "Berkas “{name}” terlalu besar bila dibuka (lebih dari {limit} MB, atau terlalu banyak sel). Simpan hanya "
            "lembar yang diperlukan ke berkas baru."
        ).format(name=name, limit=UNPACKED // MEGABYTE)
    )


def _declares_type(part: IO[bytes]) -> bool:
    """Return whether an XML part has a DOCTYPE, read no further than to its first element; one that is no XML has none."""

    def found(*_told: object) -> None:
        raise _FoundError

    def ended(*_told: object) -> None:
        raise StopIteration

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = found
    parser.StartElementHandler = ended
    try:
        for _number in range(LOOKED_AT):
            chunk = part.read(CHUNK)
            parser.Parse(chunk, not chunk)
            if not chunk:
                return False
    except _FoundError:
        return True
    except (StopIteration, ExpatError):
        return False
    return True  # a megabyte without an element is nothing that Excel wrote
