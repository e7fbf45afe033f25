"""Bring a database to the version of this code."""

from alembic import command
from alembic.config import Config

from marketing.db.session import Database
from marketing.db.version import current, head


def alembic_config() -> Config:
    """Return Alembic's settings; there is no alembic.ini to keep in step."""
    config = Config()
    config.set_main_option("script_location", "marketing.db:migrations")
    config.set_main_option("path_separator", "os")
    return config


def migrate(database: Database) -> str:
    """Upgrade to the newest revision in one transaction and return it; StorageError when this database cannot be ours."""
    if current(database) != head():
        config = alembic_config()
        with database.engine.execution_options(siar_write=True).connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return head()
