"""One cell as text: what Excel does to numbers that are none, what stands for “nothing”, what is shown of it. Pure."""

import re
from datetime import date, datetime
from typing import Final

from marketing.domain.privacy import masked
from marketing.domain.text import one_line
from marketing.i18n import gettext as _

Cell = str | int | float | bool | datetime | date | None

EXACT: Final = 10**15
"""Excel keeps 15 digits of a number; a NIK typed as one has lost its last digit for good."""
SHOWN: Final = 60
LONGEST_NUMBER: Final = 100  # as long as an id of the contract
LONGEST_NOTHING: Final = 12  # longer cells are not looked at: this is asked of every cell
_ERROR: Final = re.compile(
    r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA|#+)"
)
_SCIENTIFIC: Final = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_KEPT_AS_TEXT: Final = re.compile(r'="([^"]*)"')
_MARKED: Final = frozenset("#='")
_QUOTED: Final = re.compile(r"'(?=[0-9+=@-])")
_PHONE_LIKE: Final = re.compile(r"(?:\+?62|0)[0-9 .()-]{7,}[0-9]")
_NOTHING: Final = frozenset(
    {"", "-", "--", "---", "–", "—", ".", "n/a", "na", "nihil", "tidak ada", "belum ada", "null"}
)


class UnreadableError(ValueError):
    """A cell that cannot be read; the text says why and what to write instead."""


def text_of(cell: Cell) -> str:
    """Return a cell as trimmed text; UnreadableError for the error of a formula. A text that looks like one stays text."""
    if isinstance(cell, str):
        text = cell.strip()
        if text[:1] not in _MARKED:
            return text
        if _ERROR.fullmatch(text):
            raise UnreadableError(_("rumusnya salah ({error})").format(error=text[:20]))
        text = _KEPT_AS_TEXT.sub(r"\1", text)
        return text[1:] if _QUOTED.match(text) else text
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def is_nothing(cell: Cell) -> bool:
    """Return whether a cell is empty or says so (“-”, “tidak ada”)."""
    if cell is None:
        return True
    return isinstance(cell, str) and len(cell) <= LONGEST_NOTHING and cell.strip().casefold() in _NOTHING


def identifier(cell: Cell) -> str:
    """Return a number that is a name (NIB, NIK, a permit, a phone) digit by digit; UnreadableError when digits are lost."""
    if isinstance(cell, datetime | date):
        raise UnreadableError(_("terbaca sebagai tanggal; jadikan kolom ini teks lalu ketik ulang"))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= EXACT:
            raise UnreadableError(
                _("Excel menyimpan hanya 15 angka pertama; jadikan kolom ini teks lalu ketik ulang nomornya")
            )
        if cell != int(cell):
            raise UnreadableError(_("nomor tidak boleh berkoma"))
        return str(int(cell))
    text = text_of(cell)
    if _SCIENTIFIC.fullmatch(text):
        raise UnreadableError(
            _("Excel mengubahnya menjadi bentuk E+ sehingga angkanya hilang; jadikan kolom ini teks lalu ketik ulang")
        )
    if len(text) > LONGEST_NUMBER:
        raise UnreadableError(_("lebih dari {limit} huruf").format(limit=LONGEST_NUMBER))
    return one_line(text)


def shown(cell: Cell) -> str:
    """Return what may be shown of a cell: short, harmless, without a NIK and without what looks like a phone number."""
    text = str(cell) if cell is not None else ""
    text = masked(one_line(text[: SHOWN * 4].encode("utf-8", "replace").decode()))
    return _PHONE_LIKE.sub("…", text)[:SHOWN]
