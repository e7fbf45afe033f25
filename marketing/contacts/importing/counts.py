"""How far an import is, and the file of what went wrong: both take up where a killed worker left off."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

from marketing.contacts.importing.record import Remark
from marketing.i18n import gettext as _
from marketing.tabular.writing import MARK, csv_line


@dataclass(slots=True)
class Counts:
    """Numbers of one import. `offset` is the last row that is settled, `total` how many there are (0: not counted)."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    consents: int = 0
    remarks: int = 0
    offset: int = 0
    total: int = 0
    errors_bytes: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Take over what a job keeps."""
        return cls(**{one.name: int(kept.get(one.name, 0)) for one in fields(cls)})

    def kept(self) -> dict[str, int]:
        """Return what a job keeps."""
        return asdict(self)


class ErrorFile:
    """A CSV file of remarks; what a killed worker wrote beyond the settled rows is cut off."""

    def __init__(self, path: Path, settled: int) -> None:
        """Open the file where the settled rows end; 0 begins it anew."""
        path.touch(mode=0o600)
        self._file = path.open("r+b")
        self._file.truncate(settled)
        self._file.seek(0, 2)
        if not settled:
            headings = (_("Baris"), _("Kolom"), _("Alasan"), _("Akibat"))
            self._file.write((MARK + csv_line(headings)).encode())

    def write(self, remarks: Iterable[Remark]) -> int:
        """Add remarks and return how long the file is now."""
        ignored, refused = _("bagian ini diabaikan"), _("baris ditolak")
        for one in remarks:
            line = csv_line((str(one.row), one.column, one.text, refused if one.refused else ignored))
            self._file.write(line.encode("utf-8", "replace"))
        self._file.flush()
        return self._file.tell()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
