"""The record of each pull: started, what it counted and set aside, how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from catalog_sync.contract import SetAside
from catalog_sync.repository import Scope
from marketing.db.models import SetAside as SetAsideRow
from marketing.db.models import SyncRun, Tenant
from marketing.i18n import gettext as _

RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
RUNS_KEPT: Final = 20
RESUME_WITHIN: Final = timedelta(hours=6)
"""Set-aside records of older runs go; the runs themselves and their counts stay."""


@dataclass(frozen=True, slots=True)
class Run:
    """A pull that has begun; `resume` is where a killed one before it had come to, empty to begin at the start."""

    id: int
    resume: str = ""


def start_run(session: Session, scope: Scope, now: datetime, since: datetime | None) -> Run:
    """Record a pull that begins; one that never ended, because its process died, is closed as failed and gone on with."""
    if session.get(Tenant, scope.tenant_id) is None:
        session.add(Tenant(id=scope.tenant_id, created_at=now))
        session.flush()
    ours = (SyncRun.tenant_id == scope.tenant_id, SyncRun.source == scope.source)
    last = session.scalars(select(SyncRun).where(*ours).order_by(SyncRun.id.desc()).limit(1)).first()
    resume = ""
    if last is not None and last.state == RUNNING and now - last.started_at < RESUME_WITHIN and last.since == since:
        resume = last.resume
    session.execute(
        update(SyncRun)
        .where(*ours, SyncRun.state == RUNNING)
        .values(state=FAILED, finished_at=now, error=_("Terputus."))
        .execution_options(synchronize_session=False)
    )
    recent = select(SyncRun.id).where(*ours).order_by(SyncRun.id.desc()).limit(RUNS_KEPT)
    session.execute(
        delete(SetAsideRow).where(
            SetAsideRow.sync_run_id.in_(select(SyncRun.id).where(*ours)), SetAsideRow.sync_run_id.not_in(recent)
        )
    )
    run = SyncRun(tenant_id=scope.tenant_id, source=scope.source, started_at=now, state=RUNNING, counts={}, since=since)
    session.add(run)
    session.flush()
    return Run(run.id, resume)


def keep_progress(session: Session, run_id: int, resume: str) -> None:
    """Keep how far a pull has come, in case its process dies."""
    session.execute(update(SyncRun).where(SyncRun.id == run_id).values(resume=resume))


def keep_set_aside(session: Session, scope: Scope, run_id: int, records: Sequence[SetAside]) -> None:
    """Keep the records that could not be taken, each with its reason."""
    if records:
        session.execute(
            insert(SetAsideRow),
            [
                {
                    "tenant_id": scope.tenant_id,
                    "sync_run_id": run_id,
                    "kind": str(record.kind),
                    "external_id": record.external_id,
                    "reason": record.reason,
                    "excerpt": record.excerpt,
                }
                for record in records
            ],
        )


def end_run(session: Session, run_id: int, now: datetime, counts: dict[str, Any], error: str | None = None) -> None:
    """Record how a pull ended; with an error it failed, and what its pages brought until then stays."""
    state = DONE if error is None else FAILED
    session.execute(
        update(SyncRun).where(SyncRun.id == run_id).values(state=state, finished_at=now, counts=counts, error=error)
    )
