"""The folder of an export: written beside the old one and put in its place only when it is whole."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from marketing.errors import InvalidInputError, StorageError
from marketing.i18n import gettext as _

MARKER: Final = ".siar-ekspor.json"  # says that the folder is ours to replace


@contextmanager
def whole(out: Path, note: Mapping[str, object]) -> Iterator[Path]:
    """Give an empty folder that takes the place of `out` when the block ends well; otherwise `out` stays as it was.

    InvalidInputError when `out` holds something else than an earlier export; StorageError when the disk refuses.
    """
    out = out.resolve()
    fresh, old = out.with_name(f".{out.name}.siar-baru"), out.with_name(f".{out.name}.siar-lama")
    try:
        _recover(out, old)
        _check(out)
        shutil.rmtree(fresh, ignore_errors=True)  # what a killed export left
        fresh.mkdir(parents=True)
        try:
            yield fresh
            (fresh / MARKER).write_text(json.dumps(dict(note), ensure_ascii=False, indent=2), "utf-8")
            _swap(fresh, out, old)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise StorageError(
            _("Folder “{path}” tidak dapat ditulis ({reason}). Ekspor lama tetap ada.").format(
                path=out, reason=error.strerror or error
            )
        ) from error


def _check(out: Path) -> None:
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file()):
        raise InvalidInputError(
            _("“{path}” sudah berisi hal lain. Pilih folder kosong, atau folder hasil ekspor sebelumnya.").format(
                path=out
            ),
            field="out",
        )


def _recover(out: Path, old: Path) -> None:
    """Finish what a crash between the two renames left: there is always one whole export."""
    if old.is_dir():
        if out.exists():
            shutil.rmtree(old)
        else:
            old.rename(out)


def _swap(fresh: Path, out: Path, old: Path) -> None:
    stood = out.exists()
    if stood:
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if stood:
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
