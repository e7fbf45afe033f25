"""The database as a source: up to four questions in one read-only view of it, their rows in pages of 500.

Without `:since` in any query a pull lists everything, so what is missing has left the catalogue; with it a pull lists
changes only, and what is gone is told by the queries under “deleted”.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, CursorResult, TextClause, inspect, text

from catalog_sync.contract import Kind, SetAside
from catalog_sync.sources.base import CatalogSource, Page, SourceOptions
from catalog_sync.sources.http_page import DEFAULT_PORTS
from catalog_sync.sources.sql.columns import assigned
from catalog_sync.sources.sql.connecting import Patience, engine_of, place_of, told
from catalog_sync.sources.sql.rows import RowReader
from catalog_sync.sources.sql.statement import SINCE, asks_since, question
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.local_time import zone_of

RECORDS_A_PAGE: Final = 500
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
DELETED: Final = "deleted"
PICTURE_BASE: Final = "picture_base"
TABLES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.BUSINESS: ("siar_businesses", "businesses", "usaha"),
    Kind.PRODUCT: ("siar_products", "products", "produk"),
    Kind.BUYER: ("siar_buyers",),  # people are only read where a view was made for it
    Kind.ORDER: ("siar_orders",),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One query with the operator's own names for its columns."""

    clause: TextClause
    columns: Mapping[str, Any] = field(default_factory=dict)


def open_source(location: str, options: SourceOptions = SourceOptions()) -> CatalogSource:  # noqa: B008  frozen
    """Return the database at an address or in a file; CatalogError when it cannot be read, or the mapping does not fit."""
    return SqlSource(location, options)


class SqlSource:
    """One database. `options.mapping` has a query for each kind (`{"products": "SELECT …"}`, or with its columns)."""

    memory: Mapping[str, Any] = {}

    def __init__(self, location: str, options: SourceOptions) -> None:
        """Prepare; nothing is opened yet."""
        self._place = place_of(location)
        self._timeout = options.timeout
        self._zone: ZoneInfo = zone_of(options.region_code)
        self._picture_base = _picture_base(options.mapping)
        self._questions, self._gone = _questions(options.mapping)
        self._whole = True  # until a row is met that could be any record
        engine_of(self._place, options.timeout)[0].dispose()  # a missing driver is told at once

    @property
    def snapshot(self) -> bool:
        clauses = [*(one.clause for one in self._questions.values()), *self._gone.values()]
        return self._whole and not any(asks_since(clause) for clause in clauses)

    @property
    def picture_hosts(self) -> frozenset[str]:
        if not self._picture_base:
            return frozenset()
        address = urlsplit(self._picture_base)
        return frozenset({f"{address.hostname}:{address.port or DEFAULT_PORTS[address.scheme]}"})

    @property
    def picture_folder(self) -> Path | None:
        return self._place.file.parent if self._place.file else None

    def pages(self, since: datetime | None, *, resume: str = "") -> Iterator[Page]:  # noqa: ARG002  begins anew
        self._whole = True
        engine, patience = engine_of(self._place, self._timeout, self._zone)
        with told(self._place.where):
            connection = engine.connect()
        try:
            with told(self._place.where):
                connection.begin()
                questions = self._questions or self._found(connection)
            moment = self._moment(since, engine.dialect.name)
            for kind, asked in questions.items():
                yield from self._listing(connection, patience, kind, asked, moment)
            for kind, clause in self._gone.items():
                yield from self._departed(connection, patience, kind, clause, moment)
        finally:
            with told(self._place.where):
                connection.close()
            engine.dispose()

    def _found(self, connection: Connection) -> dict[Kind, Question]:
        """Return a question for each table or view that Siar knows by name."""
        inspector = inspect(connection)
        present = {name.casefold(): name for name in [*inspector.get_table_names(), *inspector.get_view_names()]}
        quote = connection.dialect.identifier_preparer.quote
        named = {kind: next((present[name] for name in names if name in present), "") for kind, names in TABLES.items()}
        found = {kind: Question(text(f"SELECT * FROM {quote(name)}")) for kind, name in named.items() if name}  # noqa: S608  quoted
        if Kind.PRODUCT not in found:
            raise CatalogError(
                _(
                    "Tidak ada tabel atau view siar_products, products atau produk di {where}. Isi kuerinya di pemetaan sumber ini."
                ).format(where=self._place.where)
            )
        return found

    def _listing(
        self, connection: Connection, patience: Patience, kind: Kind, asked: Question, moment: object
    ) -> Iterator[Page]:
        name, number = kind.feed, 0
        result = self._ask(connection, patience, asked.clause, name, moment)
        fields = assigned(kind, list(result.keys()), asked.columns, name)
        reader = RowReader(kind, fields, self._zone, self._picture_base)
        for rows in self._parts(result, patience, name):
            records: list[dict[str, Any]] = []
            aside: list[SetAside] = []
            for row in rows:
                number += 1
                found = reader.record(row, number)
                if isinstance(found, SetAside):
                    aside.append(found)
                    known = bool(found.external_id)
                else:
                    records.append(found)
                    known = "id" in found
                self._whole = self._whole and known
            yield Page({kind: records}, set_aside=aside)

    def _departed(
        self, connection: Connection, patience: Patience, kind: Kind, clause: TextClause, moment: object
    ) -> Iterator[Page]:
        name = f"{DELETED}.{kind.feed}"
        result = self._ask(connection, patience, clause, name, moment)
        for rows in self._parts(result, patience, name):
            yield Page({}, deleted={kind: [str(row[0]) for row in rows if row[0] is not None]})

    def _ask(
        self, connection: Connection, patience: Patience, clause: TextClause, name: str, moment: object
    ) -> CursorResult[Any]:
        patience.anew()
        values = {SINCE: moment} if asks_since(clause) else {}
        streamed = connection.execution_options(stream_results=True, max_row_buffer=RECORDS_A_PAGE)
        with told(self._place.where, name):
            result = streamed.execute(clause, values)
        if not result.returns_rows:
            raise CatalogError(_("Kueri “{name}” tidak menghasilkan baris.").format(name=name))
        return result

    def _parts(self, result: CursorResult[Any], patience: Patience, name: str) -> Iterator[list[Any]]:
        """Yield the rows in parts; only our asking is watched for errors, not what is done with the rows."""
        while True:
            patience.anew()
            with told(self._place.where, name):
                rows = list(result.fetchmany(RECORDS_A_PAGE))
            if not rows:
                return
            yield rows

    def _moment(self, since: datetime | None, dialect: str) -> object:
        """Return `:since` as the engine compares it: local and without offset where it keeps no offsets."""
        moment = since or BEGINNING
        if dialect == "postgresql":
            return moment
        local = moment.astimezone(self._zone).replace(tzinfo=None)
        return local.isoformat(sep=" ", timespec="seconds") if dialect == "sqlite" else local


def _questions(mapping: Mapping[str, Any]) -> tuple[dict[Kind, Question], dict[Kind, TextClause]]:
    """Read the queries of the mapping, businesses first whatever the order they are written in."""
    feeds = {kind.feed: kind for kind in Kind}
    unknown = sorted(set(mapping) - set(feeds) - {DELETED, PICTURE_BASE})
    if unknown:
        raise _wrong(unknown[0])
    asked = {kind: _question(mapping[feed], feed) for feed, kind in feeds.items() if feed in mapping}
    gone = mapping.get(DELETED, {})
    if not isinstance(gone, Mapping) or set(gone) - set(feeds):
        raise _wrong(DELETED)
    departed = {kind: question(gone[feed], f"{DELETED}.{feed}") for feed, kind in feeds.items() if feed in gone}
    if departed and not asked:
        raise _wrong(DELETED)
    return asked, departed


def _question(given: Any, feed: str) -> Question:
    if not isinstance(given, Mapping):
        return Question(question(given, feed))
    columns = given.get("columns", {})
    if set(given) - {"query", "columns"} or not isinstance(columns, Mapping):
        raise _wrong(feed)
    return Question(question(given.get("query"), feed), dict(columns))


def _picture_base(mapping: Mapping[str, Any]) -> str:
    base = mapping.get(PICTURE_BASE, "")
    try:
        address = urlsplit(base) if isinstance(base, str) else None
        sound = base == "" or (address and address.scheme in DEFAULT_PORTS and address.hostname and address.port != 0)
    except ValueError:
        sound = False
    if not sound:
        raise _wrong(PICTURE_BASE)
    return str(base)


def _wrong(name: str) -> CatalogError:
    return CatalogError(
        _("Pemetaan “{name}” tidak dikenal atau salah bentuk. Lihat panduan katalog SQL.").format(name=str(name)[:60])
    )
