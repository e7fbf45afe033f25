"""Bring a database to the version of this code, or say why it cannot be."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from marketing.db.session import Database
from marketing.errors import StorageError
from marketing.i18n import gettext as _


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "marketing.db:migrations")
    config.set_main_option("path_separator", "os")
    return config


def head() -> str:
    """Return the newest revision this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(database: Database) -> str | None:
    """Return the revision of the database, None for an empty one; StorageError when it cannot be opened."""
    try:
        with database.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        raise StorageError(
            _("Basis data tidak dapat dibuka: {reason}. Periksa SIAR_DATABASE_URL dan SIAR_DATA_DIR.").format(
                reason=str(error.orig).strip().splitlines()[0]
            )
        ) from error


def check(database: Database) -> None:
    """Raise StorageError unless the database is at this code's version."""
    revision = current(database)
    if revision == head():
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise StorageError(
            _(
                "Basis data ini dari versi Siar yang lebih baru ({revision}). Perbarui Siar, jangan turunkan basis data."
            ).format(revision=revision)
        )
    raise StorageError(_("Basis data belum sesuai versi ini. Jalankan `siar migrate` lebih dahulu."))


def migrate(database: Database) -> str:
    """Upgrade to the newest revision in one transaction and return it."""
    revision = current(database)
    if revision is not None and revision != head():
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        if revision not in known:
            check(database)
    if revision is None and inspect(database.engine).get_table_names():
        raise StorageError(
            _("Basis data ini sudah berisi tabel lain dan tidak dibuat oleh Siar. Pilih basis data kosong.")
        )
    config = _config()
    with database.engine.execution_options(siar_write=True).connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head()
