"""Nothing is sent from a database that is older than its own past: a restored backup asks a person first.

The scheduler and every worker raise the number in the database and note it outside (`beat`). A database found behind a marker
is held: bulk mail, posts and new runs wait, order mail goes on. Whoever claims asks `closed` in the same transaction, so that
not one message leaves between the restoring and the next beat.
"""

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.db.base import UTCDateTime
from marketing.db.insert import engine_insert
from marketing.db.models import Campaign, DatabaseLife, Tenant
from marketing.db.models.life import ONLY
from marketing.db.session import Database
from marketing.delivery.life_markers import Marker
from marketing.domain.campaign import TRANSITIONS, CampaignState
from marketing.domain.life import BEAT, OUTAGE, Mark, ahead_of
from marketing.domain.transitions import change
from marketing.domain.types import EmailType
from marketing.i18n import gettext as _
from marketing.observability import get_logger

log = get_logger(__name__)
CLOSED: Final = """EXISTS (SELECT 1 FROM database_life WHERE held_at IS NOT NULL OR beat_at < :silent_since
    OR (lineage = :known_lineage AND number < :known_number))"""
"""The condition that nothing in bulk may leave now, with the values of `RestoreGuard.closing`: the database is held, behind its marker, or
was silent for so long that the next beat decides what may go on by itself."""
_CLOSED: Final = text(f"SELECT {CLOSED}").bindparams(bindparam("silent_since", type_=UTCDateTime()))
_NOTHING_KNOWN: Final = Mark("", 0, datetime.min.replace(tzinfo=UTC))


@dataclass(slots=True)
class RestoreGuard:
    """One per process; any thread may ask it."""

    database: Database
    markers: Sequence[Marker]
    clock: Callable[[], datetime]
    _known: Mark | None = None
    _looked: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def closed(self, session: Session) -> bool:
        """Return whether nothing in bulk may leave now."""
        return bool(session.connection().execute(_CLOSED, self.closing()).scalar_one())

    def closing(self) -> Mapping[str, Any]:
        """Return the values of `CLOSED`; the markers outside are read at the first call only."""
        if not self._looked:
            with self.database.read() as session:
                lineage = session.scalar(select(DatabaseLife.lineage))
            if lineage is not None:  # else nothing has ever been noted of this database
                self._remember(*(marker.read(lineage) for marker in self.markers))
        known = self._known or _NOTHING_KNOWN
        return {"silent_since": self.clock() - OUTAGE, "known_lineage": known.lineage, "known_number": known.number}

    def beat(self) -> bool:
        """Raise the number where nobody did within a second, and note it outside; False while the database is held."""
        now = self.clock()
        with self.database.read() as session:
            found = session.get(DatabaseLife, ONLY)
        outside = [marker.read(found.lineage) for marker in self.markers] if found is not None else []
        self._remember(*outside)
        if found is not None and self._is_fresh(found, now):
            return True
        with self.database.write() as session:
            life = _life(session, now)
            standing = Mark(life.lineage, life.number, life.beat_at)
            ahead = ahead_of(standing, [self._known])
            if life.held_at is None and ahead is not None:
                self._hold(session, life, ahead, now)
            if life.held_at is not None:
                return False
            if now - life.beat_at > OUTAGE:
                _ask_after_outage(session, life.beat_at, now)
            life.number, life.beat_at = life.number + 1, now
            mark = Mark(life.lineage, life.number, life.beat_at)
        self._remember(mark)
        for marker in self.markers:  # after the commit: a marker is never ahead of what the database holds
            marker.write(mark)
        return True

    def _is_fresh(self, life: DatabaseLife, now: datetime) -> bool:
        """Return whether somebody has just raised the number, so that it need only be noted."""
        mark = Mark(life.lineage, life.number, life.beat_at)
        if life.held_at is not None or not timedelta() <= now - life.beat_at < BEAT or ahead_of(mark, [self._known]):
            return False  # a clock that was set back does not stop the count
        if self._known != mark:
            self._remember(mark)
            for marker in self.markers:
                marker.write(mark)
        return True

    def _remember(self, *marks: Mark | None) -> None:
        with self._lock:
            self._looked = True
            for mark in marks:
                known = self._known
                if mark and (known is None or known.lineage != mark.lineage or mark.number > known.number):
                    self._known = mark

    def _hold(self, session: Session, life: DatabaseLife, ahead: Mark, now: datetime) -> None:
        life.held_at, life.marker_number, life.marker_at = now, ahead.number, ahead.at
        log.error("the database is older than its marker: bulk sending waits for a person (siar restore status)")
        for tenant_id in session.scalars(select(Tenant.id).order_by(Tenant.id)):
            write_audit(
                session,
                tenant_id=tenant_id,
                user_id=None,
                action="restore.held",
                subject="database",
                now=now,
                details={"number": life.number, "marker": ahead.number, "lost_until": ahead.at.isoformat()},
            )


def _life(session: Session, now: datetime) -> DatabaseLife:
    """Return the one row, locked; made at the first call."""
    query = select(DatabaseLife).where(DatabaseLife.id == ONLY).with_for_update(key_share=True)
    found = session.scalars(query).first()
    if found is None:
        values = {"id": ONLY, "lineage": secrets.token_hex(16), "number": 1, "beat_at": now}
        session.execute(engine_insert(session, DatabaseLife).values(values).on_conflict_do_nothing())
        found = session.scalars(query).one()
    return found


def _ask_after_outage(session: Session, since: datetime, now: datetime) -> None:
    """Pause what was going out before a long silence and whose latest start has passed: a person says whether it still holds."""
    late = func.coalesce(Campaign.latest_start, Campaign.started_at)
    query = select(Campaign).where(
        Campaign.state == CampaignState.SENDING, Campaign.email_type != EmailType.TRANSACTIONAL, late < now
    )
    hours = int((now - since).total_seconds() // 3600)
    for campaign in session.scalars(query.order_by(Campaign.id).with_for_update(key_share=True)):
        campaign.state = change(TRANSITIONS, campaign.state, CampaignState.PAUSED)
        campaign.state_reason = _(
            "Siar tidak berjalan selama {hours} jam dan jam keluar paling lambat sudah lewat. Periksa apakah isinya masih"
            " berlaku, lalu lanjutkan atau batalkan."
        ).format(hours=hours)
