"""The sources of a catalogue with their pulls, and what each pull could not take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.db.models import CatalogSource, Product, SetAside, SyncRun
from marketing.db.session import Database
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.web.queries.searching import has_words

SHOWN_RUNS = 20
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One pull; `counts` holds products, those of a failed one as far as it came.

    `kept` are its set-aside records that we still have, `partial` says that it asked only for what had changed.
    """

    id: int
    source: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    error: str
    counts: Mapping[str, Any]
    kept: int
    partial: bool


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source as kept, without its secrets; `format` is empty when only its pulls are left."""

    name: str
    format: str = ""
    location: str = ""
    minutes: int | None = None
    not_before: datetime | None = None
    products: int = 0
    runs: tuple[RunFacts, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class AsideFacts:
    """A record that a pull could not take; its content is not shown."""

    id: int
    kind: str
    external_id: str
    reason: str


def sources_of(session: Session, tenant_id: str) -> list[SourceFacts]:
    """Return every source by name, also those that were forgotten while their pulls are remembered."""
    rows = session.scalars(select(CatalogSource).where(CatalogSource.tenant_id == tenant_id))
    kept = {row.name: row for row in rows}
    pulled = session.scalars(select(SyncRun.source).where(SyncRun.tenant_id == tenant_id).distinct())
    live = select(Product.source, func.count()).where(Product.tenant_id == tenant_id, Product.deleted_at.is_(None))
    products: dict[str, int] = dict(session.execute(live.group_by(Product.source)).all())
    found = []
    for name in sorted({*kept, *pulled}, key=lambda one: (one not in kept, one)):
        row, runs = kept.get(name), _runs(session, tenant_id, name)
        if row is None:
            found.append(SourceFacts(name, products=products.get(name, 0), runs=runs))
        else:
            found.append(
                SourceFacts(name, row.format, row.location, row.minutes, row.not_before, products.get(name, 0), runs)
            )
    return found


def find_run(session: Session, tenant_id: str, run_id: int) -> RunFacts:
    """Return one pull; NotFoundError for another tenant's."""
    row = session.scalars(select(SyncRun).where(SyncRun.tenant_id == tenant_id, SyncRun.id == run_id)).one_or_none()
    if row is None:
        raise NotFoundError(_("Pengambilan ini tidak ada."))
    return _run(row, session.scalar(select(func.count()).where(SetAside.sync_run_id == run_id)) or 0)


def set_aside(
    session: Session, run: RunFacts, *, words: str, kind: str, offset: int, limit: int
) -> tuple[Sequence[AsideFacts], int]:
    """Return one page of what a pull set aside, in its order, and how much there is in all."""
    query = _aside(run.id, words, kind)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return [AsideFacts(*row) for row in session.execute(query.offset(offset).limit(limit))], total


def aside_kinds(session: Session, run_id: int) -> list[str]:
    """Return the kinds of record among what a pull set aside."""
    return sorted(session.scalars(select(SetAside.kind).where(SetAside.sync_run_id == run_id).distinct()))


def every_set_aside(database: Database, run_id: int, *, words: str, kind: str) -> Iterator[AsideFacts]:
    """Yield all that a pull set aside, a bounded number in memory."""
    last = 0
    while True:
        with database.read() as session:
            query = _aside(run_id, words, kind).where(SetAside.id > last).limit(CHUNK)
            rows = [AsideFacts(*row) for row in session.execute(query)]
        yield from rows
        if len(rows) < CHUNK:
            return
        last = rows[-1].id


def _aside(run_id: int, words: str, kind: str) -> Any:
    query = select(SetAside.id, SetAside.kind, SetAside.external_id, SetAside.reason)
    query = query.where(SetAside.sync_run_id == run_id, has_words(words, SetAside.external_id, SetAside.reason))
    return (query.where(SetAside.kind == kind) if kind else query).order_by(SetAside.id)


def _runs(session: Session, tenant_id: str, source: str) -> tuple[RunFacts, ...]:
    query = select(SyncRun).where(SyncRun.tenant_id == tenant_id, SyncRun.source == source)
    rows = session.scalars(query.order_by(SyncRun.id.desc()).limit(SHOWN_RUNS)).all()
    counted = select(SetAside.sync_run_id, func.count()).where(SetAside.sync_run_id.in_([row.id for row in rows]))
    kept: dict[int, int] = dict(session.execute(counted.group_by(SetAside.sync_run_id)).all())
    return tuple(_run(row, kept.get(row.id, 0)) for row in rows)


def _run(row: SyncRun, kept: int) -> RunFacts:
    counts = {**row.counts.get("by_kind", {}).get("product", {}), **row.counts}
    return RunFacts(
        row.id,
        row.source,
        row.state,
        row.started_at,
        row.finished_at,
        row.error or "",
        counts,
        kept,
        row.since is not None,
    )
