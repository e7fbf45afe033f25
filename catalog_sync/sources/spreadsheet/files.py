"""Which files a location means."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog_sync.sources.spreadsheet.headings import known_in
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.opening import open_file
from marketing.tabular.sheets import Limits, Sheet

TEXT: Final = frozenset({".csv", ".tsv", ".txt"})
SUFFIXES: Final = TEXT | {".xlsx", ".xlsm", ".xls", ".ods"}
LIMITS: Final = Limits(rows=200_000, bytes=64 * 1024 * 1024)
PRODUCTS: Final = "produk"
BUSINESSES: Final = "usaha"


@dataclass(frozen=True, slots=True)
class Given:
    """One file; `of_business` is what its name says it lists, None when it says nothing."""

    path: Path
    of_business: bool | None = None


def given_files(path: Path) -> list[Given]:
    """Return the file, or `produk.*` and `usaha.*` of a folder; a folder with one spreadsheet alone means that one."""
    if path.is_file():
        return [Given(path)]
    if not path.is_dir():
        raise CatalogError(_("Tidak ada berkas atau folder “{path}”.").format(path=path))
    try:
        inside = sorted(path.iterdir())
    except OSError as error:
        raise CatalogError(
            _("Folder “{path}” tidak dapat dibaca ({reason}).").format(path=path, reason=error.strerror)
        ) from error
    there = [one for one in inside if one.suffix.casefold() in SUFFIXES and one.is_file() and one.name[0] not in "~."]
    named: list[Given] = []
    for stem, of_business in ((PRODUCTS, False), (BUSINESSES, True)):
        found = [one for one in there if one.stem.casefold() == stem]
        if len(found) > 1:
            raise CatalogError(
                _("Ada {count} berkas “{stem}” di folder “{path}”; sisakan satu saja: {names}.").format(
                    count=len(found), stem=stem, path=path, names=", ".join(one.name for one in found)
                )
            )
        named += [Given(one, of_business) for one in found]
    if any(one.of_business is False for one in named):
        return named
    if len(there) == 1:
        return [Given(there[0])]
    raise CatalogError(
        _(
            "Tidak ada berkas produk di folder “{path}”: taruh produk.xlsx atau produk.csv (dan usaha.xlsx) di sana."
        ).format(path=path)
    )


def open_sheets(files: Sequence[Given], stack: ExitStack) -> tuple[list[Sheet], dict[int, bool]]:
    """Return all sheets, and by their place what the name of their file says they list; closed with the stack."""
    sheets: list[Sheet] = []
    told: dict[int, bool] = {}
    for one in files:
        label = one.path.name if len(files) > 1 else ""
        opened = open_file(one.path, stack, known_in=known_in, limits=LIMITS, label=label)
        if one.of_business is not None:
            told |= dict.fromkeys(range(len(sheets), len(sheets) + len(opened)), one.of_business)
        sheets += opened
    return sheets, told
