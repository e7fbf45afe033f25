"""Which version a database has and which this code needs; read without Alembic, because every process asks at start."""

from functools import cache
from importlib import resources

from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from marketing.db.session import Database
from marketing.errors import StorageError
from marketing.i18n import gettext as _


@cache
def known() -> tuple[str, ...]:
    """Return the revisions of this code, oldest first: migrations are numbered by their file names."""
    folder = resources.files("marketing.db") / "migrations" / "versions"
    return tuple(sorted(entry.name.partition("_")[0] for entry in folder.iterdir() if entry.name[:4].isdigit()))


def head() -> str:
    """Return the newest revision this code knows."""
    return known()[-1]


def current(database: Database) -> str | None:
    """Return the revision of the database, None for an empty one.

    StorageError when it cannot be opened, holds somebody else's tables, or comes from a newer Siar.
    """
    try:
        with database.engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            if "alembic_version" in tables:
                revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            else:
                revision = None
    except DatabaseError as error:
        raise StorageError(
            _("Basis data tidak dapat dibuka: {reason}. Periksa SIAR_DATABASE_URL dan SIAR_DATA_DIR.").format(
                reason=str(error.orig).strip().splitlines()[0]
            )
        ) from error
    if revision is None and tables:
        raise StorageError(
            _("Basis data ini sudah berisi tabel lain dan tidak dibuat oleh Siar. Pilih basis data kosong.")
        )
    if revision is not None and revision not in known():
        raise StorageError(
            _(
                "Basis data ini dari versi Siar yang lebih baru ({revision}). Perbarui Siar, jangan turunkan basis data."
            ).format(revision=revision)
        )
    return revision


def check(database: Database) -> None:
    """Raise StorageError unless the database is at this code's version."""
    if current(database) != head():
        raise StorageError(_("Basis data belum sesuai versi ini. Jalankan `siar migrate` lebih dahulu."))
