"""One pull of one catalogue, from the first page to the gate.

A catalogue that breaks in the middle leaves every page taken so far in place: each was written whole together with the
gate's answer, and the next pull continues from there. The run is recorded as failed, and what lost its standing is
recalled all the same, because a product revoked on page one must not wait for page two.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from catalog_sync.contract import Kind, SetAside
from catalog_sync.diff import Counts
from catalog_sync.intake import Intake
from catalog_sync.picture_round import PictureCounts, copy_missing
from catalog_sync.pictures import PictureStore
from catalog_sync.pull import Pull
from catalog_sync.repository import Scope
from catalog_sync.runs import Run, end_run, start_run
from catalog_sync.sources.base import CatalogSource
from marketing.db.session import Database
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.products.gate import GateReport, ask_all_when_due, gate_report, is_empty
from marketing.tenants.profile import TenantProfile


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a pull did. `new` … `deleted` count products; `by_kind` has every kind of record by its name.

    `withheld` counts what the source no longer lists and Siar yet keeps, because most of the catalogue would go;
    `newest` is the newest `updated_at` that was read, `complete` whether everything the source has was looked at.
    """

    run_id: int
    new: int
    changed: int
    unchanged: int
    deleted: int
    set_aside: list[SetAside]
    held: dict[str, int]
    total: int
    promotable: int
    by_kind: dict[str, Counts] = field(default_factory=dict)
    pictures: PictureCounts = field(default_factory=PictureCounts)
    withheld: int = 0
    newest: datetime | None = None
    complete: bool = True


def sync(
    database: Database,
    source: CatalogSource,
    *,
    profile: TenantProfile,
    source_name: str,
    signing_key: bytes,
    now: datetime,
    pictures: PictureStore | None = None,
    since: datetime | None = None,
    however_many_deleted: bool = False,
    recall: Callable[[], object] = lambda: None,
) -> SyncResult:
    """Pull the catalogue, keep what changed, ask the gate, recall what lost its standing, copy new pictures.

    Without `since` everything is compared, which also finds a change that forgot its `updated_at` and takes in records
    that were set aside until now. CatalogError when the catalogue cannot be read to its end.
    """
    started = time.monotonic()

    def finished() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    scope = Scope(profile.id, source_name)
    with database.write() as session:
        run = start_run(session, scope, now, since)
        first = is_empty(session, profile.id)
    if first:
        ask_all_when_due(database, profile, now)  # nothing to ask: the answers given while pulling are today's round
    pull = Pull(Intake(database, scope, profile, signing_key, now), run.id)
    try:
        try:
            complete = _take_all(pull, source, since, run, however_many=however_many_deleted)
        finally:
            pull.delete_gone()
            ask_all_when_due(database, profile, now)
            recall()
        copied = copy_missing(database, scope, pictures, source) if pictures else PictureCounts()
        with database.read() as session:
            report = gate_report(session, profile.id)
        result = _result(pull, report, copied, complete=complete)
        with database.write() as session:
            end_run(session, run.id, finished(), _counts(result))
    except BaseException as error:
        said = str(error) if isinstance(error, CatalogError) else _("Terhenti oleh kesalahan; lihat catatan sistem.")
        with database.write() as session:
            end_run(session, run.id, finished(), {"by_kind": _by_kind(pull.counts)}, said)
        raise
    return result


def _take_all(pull: Pull, source: CatalogSource, since: datetime | None, run: Run, *, however_many: bool) -> bool:
    """Take every page; return whether the whole catalogue was looked at, so that the next pull may ask for less."""
    for page in source.pages(since, resume=run.resume):
        pull.take(page)
    if run.resume:
        return False  # what was listed before the kill was seen by another process
    if source.snapshot:
        pull.delete_absent(however_many=however_many)
    return since is None or source.snapshot


def _result(pull: Pull, report: GateReport, copied: PictureCounts, *, complete: bool) -> SyncResult:
    products = pull.counts[Kind.PRODUCT]
    return SyncResult(
        run_id=pull.run_id,
        new=products.new,
        changed=products.changed,
        unchanged=products.unchanged,
        deleted=products.deleted,
        set_aside=pull.set_aside,
        held=report.held,
        total=report.total,
        promotable=report.promotable,
        by_kind={kind.value: counts for kind, counts in pull.counts.items()},
        pictures=copied,
        withheld=pull.withheld,
        newest=pull.intake.newest,
        complete=complete,
    )


def _by_kind(counts: dict[Kind, Counts]) -> dict[str, Any]:
    return {kind.value: asdict(one) for kind, one in counts.items()}


def _counts(result: SyncResult) -> dict[str, Any]:
    return {
        "new": result.new,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "deleted": result.deleted,
        "set_aside": len(result.set_aside),
        "withheld": result.withheld,
        "total": result.total,
        "promotable": result.promotable,
        "held": result.held,
        "pictures": asdict(result.pictures),
        "by_kind": {name: asdict(one) for name, one in result.by_kind.items()},
    }
