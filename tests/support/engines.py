"""Databases of tests that share what SQLAlchemy knows: each engine of its own would compile every statement anew."""

from typing import Any

from sqlalchemy import URL, Engine, event, make_url
from sqlalchemy.dialects import plugins
from sqlalchemy.engine import CreateEnginePlugin
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from marketing.db.session import Database

STATEMENTS = 4000
_first: dict[str, Engine] = {}


class Shared(CreateEnginePlugin):
    """Give an engine the dialect and the compiled statements of the first of its kind: half the time of a first page."""

    def __init__(self, url: URL, kwargs: dict[str, Any]) -> None:
        super().__init__(url, kwargs)
        kwargs["query_cache_size"] = STATEMENTS

    def update_url(self, url: URL) -> URL:
        return url

    def engine_created(self, engine: Engine) -> None:
        kind = engine.dialect.name
        if first := _first.get(kind):
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = first._compiled_cache
        else:  # a dialect is of use to others once it has asked its first connection what it can do
            event.listen(engine, "connect", lambda *_: _first.setdefault(kind, engine))
        if kind == "sqlite":
            event.listen(engine, "connect", _forgetful)


plugins.register("siar_tests", __name__, "Shared")


def opened(url: str) -> Database:
    """Return the database of a test."""
    shared = make_url(url).update_query_dict({"plugin": "siar_tests"})
    return Database(shared.render_as_string(hide_password=False))


def _forgetful(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Wait for no disk: nobody cuts the power of a test, as for PostgreSQL."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()
