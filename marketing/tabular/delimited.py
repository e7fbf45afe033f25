"""CSV and its kin: encoding and delimiter are found, torn quotes are noticed, rows come one by one.

Every byte that is no UTF-8 is read as Windows-1252. That decides short texts rightly where statistics would see Big5,
and mends files in which both are mixed. What Windows-1252 writes is valid UTF-8 only where special signs follow each
other (`É”`), which Indonesian hardly ever has.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.sheets import Limits, Row, too_many_rows, unreadable

MEGABYTE: Final = 1024 * 1024
CELL: Final = 64 * MEGABYTE
"""A description may be long; the file as a whole is limited."""
SAMPLE: Final = 128 * 1024
SAMPLE_ROWS: Final = 100
DELIMITERS: Final = (";", ",", "\t", "|")
ENOUGH: Final = 3
WIDEST: Final = 20_000
KnownIn = Callable[[Sequence[str]], int]
"""Says how many known headings a row has."""
_SEP: Final = re.compile(r"\s*\"?sep=(?P<delimiter>[^\r\n])\"?[ \t;,]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
_HTML: Final = re.compile(r"\s*<(?:!doctype|html|table|\?xml|meta|style)", re.IGNORECASE)
_FALLBACK: Final = "siar-windows-1252"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_FALLBACK, _as_windows)


def encoding_of(head: bytes) -> str:
    """Return the encoding the first bytes tell: a byte order mark, or the zeros of UTF-16 without one; else UTF-8."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    zeros = [head[start::2].count(0) for start in (0, 1)]
    if max(zeros) * 8 > len(head) > 1:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    return "utf-8"


def delimiter_of(sample: str, known_in: KnownIn) -> str:
    """Return the delimiter under which the sample has the most known headings, then the most even columns."""

    def score(delimiter: str) -> tuple[int, float, int]:
        try:
            rows = [
                row
                for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), SAMPLE_ROWS)
                if any(row)
            ]
        except csv.Error:
            return (0, 0.0, 0)
        if not rows:
            return (0, 0.0, 0)
        width, often = Counter(len(row) for row in rows).most_common(1)[0]
        headings = max(known_in(tuple(row)) for row in rows[:60])
        return (headings, often / len(rows) if width > 1 else 0.0, width)

    return max(DELIMITERS, key=score)


class DelimitedSheet:
    """One CSV, TSV or text file."""

    exact = True
    title = ""

    def __init__(self, path: Path, known_in: KnownIn, limits: Limits, file: str = "") -> None:
        """Look at the beginning of the file; CatalogError when it is too large or no table."""
        self.file = file
        self._path = path
        self._limits = limits
        csv.field_size_limit(CELL)
        if path.stat().st_size > limits.bytes:
            raise CatalogError(
                _("Berkas “{name}” lebih besar dari {limit} MB. Bagi menjadi beberapa berkas.").format(
                    name=path.name, limit=limits.bytes // MEGABYTE
                )
            )
        with path.open("rb") as binary:
            self._encoding = encoding_of(binary.read(SAMPLE))
        with self._open() as text:
            sample = text.read(SAMPLE)
        if _HTML.match(sample):
            raise CatalogError(
                _("Berkas “{name}” sebenarnya halaman web. Buka di Excel, lalu simpan sebagai XLSX atau CSV.").format(
                    name=path.name
                )
            )
        told = _SEP.match(sample)
        self._skip = told.end() if told else 0
        self._delimiter = told["delimiter"] if told else delimiter_of(sample, known_in)

    def rows(self) -> Iterator[Row]:
        count, number = 0, 0
        try:
            with self._open() as text:
                text.read(self._skip)
                reader = csv.reader(self._narrow(text), delimiter=self._delimiter)
                for number, cells in enumerate(reader, 1):
                    if not any(cell.strip() for cell in cells):
                        continue
                    count += 1
                    if count > self._limits.rows:
                        raise too_many_rows(self._path.name, self._limits.rows)
                    if self._swallowed(cells):
                        raise _torn(self._path.name, number)
                    yield Row(number, [cell or None for cell in cells])
        except csv.Error as error:
            raise _torn(self._path.name, number + 1) from error
        except (UnicodeError, OSError) as error:
            raise unreadable(self._path.name) from error

    def _narrow(self, lines: Iterable[str]) -> Iterator[str]:
        """Pass on lines of a width that can be held in memory."""
        for line in lines:
            if line.count(self._delimiter) > WIDEST:
                raise unreadable(self._path.name)
            yield line

    def _open(self) -> io.TextIOWrapper:
        errors = _FALLBACK if self._encoding.startswith("utf-8") else "replace"
        return self._path.open(encoding=self._encoding, errors=errors, newline="")

    def _swallowed(self, cells: list[str]) -> bool:
        """Return whether a cell holds whole rows, because a quotation mark was never closed."""
        least = max(ENOUGH, len(cells) // 2)
        return any(
            "\n" in cell and any(line.count(self._delimiter) >= least for line in cell.splitlines()) for cell in cells
        )


def _torn(name: str, number: int) -> CatalogError:
    return CatalogError(
        _("“{name}” baris {row}: ada tanda kutip yang tidak ditutup. Perbaiki baris itu, lalu coba lagi.").format(
            name=name, row=number
        )
    )
