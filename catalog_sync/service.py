"""One pull of one catalogue, from the first page to the gate.

A catalogue that breaks in the middle leaves every page taken so far in place: each was written whole, and the next pull
continues from there by content hash. The run is recorded as failed, and the gate is asked all the same, because a
product whose verification was revoked on page one must not wait for page two.
"""

import time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from catalog_sync.contract import Kind, SetAside
from catalog_sync.diff import Counts
from catalog_sync.picture_round import PictureCounts, copy_missing
from catalog_sync.pictures import PictureStore
from catalog_sync.pull import Pull
from catalog_sync.repository import Scope
from catalog_sync.runs import end_run, start_run
from catalog_sync.sources.base import CatalogSource
from marketing.db.session import Database
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.products.gate import GateReport, evaluate_gate_in_batches, gate_report
from marketing.tenants.profile import TenantProfile


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a pull did. `new` … `deleted` count products; `by_kind` has every kind of record by its name."""

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
) -> SyncResult:
    """Pull the catalogue, keep what changed, ask the gate, copy new pictures.

    Without `since` everything is compared, which also finds a change that forgot its `updated_at` and takes in records
    that were set aside until now. CatalogError when the catalogue cannot be read to its end.
    """
    started = time.monotonic()

    def finished() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    scope = Scope(profile.id, source_name)
    with database.write() as session:
        run_id = start_run(session, scope, now)
    pull = Pull(database, scope, profile, signing_key, now, run_id)
    try:
        try:
            for page in source.pages(since):
                pull.take(page)
        finally:
            pull.delete_gone()
            evaluate_gate_in_batches(database, profile, now)
        copied = copy_missing(database, scope, pictures, source) if pictures else PictureCounts()
        with database.read() as session:
            report = gate_report(session, profile.id)
        result = _result(pull, report, copied)
        with database.write() as session:
            end_run(session, run_id, finished(), _counts(result))
    except BaseException as error:
        said = str(error) if isinstance(error, CatalogError) else _("Terhenti oleh kesalahan; lihat catatan sistem.")
        with database.write() as session:
            end_run(session, run_id, finished(), _by_kind(pull.counts), said)
        raise
    return result


def _result(pull: Pull, report: GateReport, copied: PictureCounts) -> SyncResult:
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
    )


def _by_kind(counts: dict[Kind, Counts]) -> dict[str, Any]:
    return {"by_kind": {kind.value: asdict(one) for kind, one in counts.items()}}


def _counts(result: SyncResult) -> dict[str, Any]:
    return {
        "new": result.new,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "deleted": result.deleted,
        "set_aside": len(result.set_aside),
        "total": result.total,
        "promotable": result.promotable,
        "held": result.held,
        "pictures": asdict(result.pictures),
        "by_kind": {name: asdict(one) for name, one in result.by_kind.items()},
    }
