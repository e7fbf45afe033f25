"""What kind a file is by its first bytes, whatever its name says, and its sheets."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.delimited import DelimitedSheet, KnownIn
from marketing.tabular.sheets import Limits, Sheet

_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_PDF: Final = b"%PDF"
_ODS: Final = b"mimetypeapplication/vnd.oasis.opendocument"
_LOOKED_AT: Final = 4 * 1024 * 1024


def open_file(path: Path, stack: ExitStack, *, known_in: KnownIn, limits: Limits, label: str = "") -> Sequence[Sheet]:
    """Return the sheets of a file, closed with the stack; CatalogError when it is none that can be read, or too large.

    `known_in` finds the delimiter of a text file; `label` stands before the places of its rows where there are several files.
    """
    try:
        return _open(path, stack, known_in, limits, label)
    except OSError as error:
        raise CatalogError(
            _("Berkas “{name}” tidak dapat dibaca ({reason}).").format(name=path.name, reason=error.strerror)
        ) from error


def _open(path: Path, stack: ExitStack, known_in: KnownIn, limits: Limits, label: str) -> Sequence[Sheet]:
    with path.open("rb") as file:
        head = file.read(64)
        if head.startswith(_OLE):
            raise _old_or_locked(path.name, locked=_ENCRYPTED in head + file.read(_LOOKED_AT))
    if head.startswith(_PDF) or _ODS in head:
        raise CatalogError(
            _("“{name}” bukan CSV atau XLSX. Buka di Excel atau LibreOffice, lalu simpan sebagai XLSX.").format(
                name=path.name
            )
        )
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        from marketing.tabular.workbook import Workbook  # noqa: PLC0415  openpyxl takes 5 MB of every process

        book = Workbook(path, limits, label)
        stack.callback(book.close)
        return book.sheets
    return [DelimitedSheet(path, known_in, limits, label)]


def _old_or_locked(name: str, *, locked: bool) -> CatalogError:
    if locked:
        return CatalogError(
            _("“{name}” dikunci kata sandi. Simpan salinannya tanpa kata sandi (File, Info, Protect Workbook).").format(
                name=name
            )
        )
    return CatalogError(
        _("“{name}” berformat Excel lama (.xls). Buka di Excel, lalu simpan sebagai Excel Workbook (.xlsx).").format(
            name=name
        )
    )
