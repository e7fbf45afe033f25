"""A catalogue that lies in a database: tables that Siar knows by name, or queries that an operator wrote; only ever read."""

from catalog_sync.sources.sql.source import SqlSource, open_source

__all__ = ["SqlSource", "open_source"]
