"""Is this XLSX safe to unpack? Sizes and document types are looked at before any library parses a part of it."""

import zlib
from pathlib import Path
from typing import IO, Final
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from catalog_sync.sources.spreadsheet.sheets import unreadable
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

UNPACKED: Final = 200 * 1024 * 1024
PART: Final = 16 * 1024 * 1024
"""Whole parts are read into memory (styles, relations); only sheets and shared texts are streamed."""
STRINGS: Final = 64 * 1024 * 1024
ENTRIES: Final = 5_000
RATIO: Final = 400
SMALL: Final = 8 * 1024 * 1024
MEGABYTE: Final = 1024 * 1024
CHUNK: Final = 16 * 1024
LOOKED_AT: Final = 64  # chunks
_SHEETS: Final = "xl/worksheets/"
_PICTURES: Final = "xl/media/"


class _FoundError(Exception):
    """The parser met a document type (True) or the first element (False)."""


def check_archive(path: Path) -> None:
    """CatalogError when the file is broken, would unpack into too much, or declares a document type (entities)."""
    try:
        with ZipFile(path) as archive:
            _check_sizes(archive, path.name)
            for entry in archive.infolist():
                if entry.is_dir() or entry.filename.startswith(_PICTURES):
                    continue
                with archive.open(entry) as part:
                    if _declares_type(part):
                        raise unreadable(path.name)
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
        raise CatalogError(
            _(
                "Berkas “{name}” terlalu besar bila dibuka (lebih dari {limit} MB). Simpan hanya lembar produk dan usaha "
                "ke berkas baru."
            ).format(name=name, limit=UNPACKED // MEGABYTE)
        )


def _limit(name: str) -> int:
    if name.startswith((_SHEETS, _PICTURES)):
        return UNPACKED
    return STRINGS if name.casefold().endswith("sharedstrings.xml") else PART


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
