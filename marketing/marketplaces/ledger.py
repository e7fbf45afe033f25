"""The ledger of listings: every step is committed before and after the call that it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from marketing.channels.marketplace.errors import LOOK_UP_AFTER, Later, Paused, Reconnect, Refused
from marketing.channels.marketplace.errors import Failure as Failed
from marketing.channels.marketplace.port import RemoteId
from marketing.db.models import MarketplaceListing, Withdrawal
from marketing.db.session import Database
from marketing.domain import withdrawal
from marketing.domain.listing import TRANSITIONS, ListingState
from marketing.domain.transitions import change
from marketing.domain.withdrawal import WithdrawalState
from marketing.i18n import gettext as _
from marketing.marketplaces.offering import Target

PLACE: Final = "lokapasar"
"""The first word of a withdrawal's place that is a listing."""
STANDING: Final = (ListingState.CREATING, ListingState.UNCONFIRMED, ListingState.LISTED)
ASK_AGAIN: Final = timedelta(hours=1)
S = ListingState
# What may already stand comes first: keeping it right goes before adding more.
_ORDER: Final = {S.LISTED: 0, S.CREATING: 1, S.UNCONFIRMED: 2, S.WANTED: 3}


@dataclass(slots=True)
class Job:
    """One row that is due, as it was read; `state` follows what this process writes."""

    id: int
    product_id: int
    sku: str
    state: ListingState
    remote: RemoteId | None
    content: str
    price: int | None
    stock: int | None
    attempts: int


def due_jobs(session: Session, account_id: int, now: datetime, limit: int) -> list[Job]:
    """Return the rows whose turn it is."""
    row = MarketplaceListing
    query = (
        select(row)
        .where(row.account_id == account_id, row.state.in_(list(_ORDER)), row.next_try_at <= now)
        .order_by(case(_ORDER, value=row.state), row.next_try_at, row.id)
        .limit(limit)
    )
    return [job_of(found) for found in session.scalars(query)]


def job_of(row: MarketplaceListing) -> Job:
    """Return a row as a job."""
    return Job(
        id=row.id,
        product_id=row.product_id,
        sku=row.sku,
        state=row.state,
        remote=RemoteId.parse(row.remote_id) if row.remote_id else None,
        content=row.content_hash,
        price=row.price,
        stock=row.stock,
        attempts=row.attempts,
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    """Writes what became of jobs; each call is one transaction."""

    database: Database
    clock: Callable[[], datetime]

    def creating(self, job: Job, target: Target) -> bool:
        """Write ahead that a listing may come into being; False when the row was taken back meanwhile: then do not call."""
        now = self.clock()
        with self.database.write() as session:
            row = _locked(session, job)
            if row.state is not S.WANTED:
                return False
            row.state = change(TRANSITIONS, row.state, S.CREATING)
            row.content_hash, row.price, row.stock = target.content, target.price, target.stock
            row.attempts += 1
            row.lease_until = row.next_try_at = now + LOOK_UP_AFTER
            row.updated_at = now
            job.state, job.attempts = S.CREATING, row.attempts
        return True

    def in_doubt(self, job: Job, look_up_after: timedelta) -> None:
        """Write that it may or may not stand: the SKU is looked up before anything else."""
        self._write(
            job,
            S.UNCONFIRMED,
            next_try_at=self.clock() + look_up_after,
            reason=_("Jawaban lokapasar hilang; dicari dulu menurut SKU."),
        )

    def absent(self, job: Job) -> None:
        """Write that nothing stands under the SKU, so that it may be created."""
        self._write(job, S.WANTED, next_try_at=self.clock())

    def known(self, job: Job, remote: RemoteId) -> None:
        """Write which listing it is, before it is brought on sale again."""
        job.remote = remote
        self._write(job, job.state, remote_id=str(remote))

    def listed(
        self, job: Job, remote: RemoteId, target: Target | None, *, reason: str = "", look: bool = False
    ) -> None:
        """Write that it stands and what it says; without a target its content is not known, so it is due again."""
        job.remote = remote
        values: dict[str, Any] = {
            "remote_id": str(remote),
            "reason": reason,
            "content_hash": target.content if target else "",
            "price": target.price if target else None,
            "stock": target.stock if target else None,
            "next_try_at": self.clock() if look else None,
        }
        self._write(job, S.LISTED, **values)

    def unlisted(self, job: Job, reason: str) -> None:
        """Write that it no longer stands; a person who was to delete it by hand need not any more."""
        self._write(job, S.UNLISTED, reason=reason, next_try_at=None)

    def vanished(self, job: Job, target: Target) -> None:
        """Write that the listing was deleted at the marketplace; it is not made again until the product changes."""
        self._write(
            job,
            S.REFUSED,
            refused_hash=target.content,
            next_try_at=None,
            reason=_(
                "Dihapus di lokapasar. Tidak dibuat lagi sampai produknya berubah atau Anda menekan “Coba lagi yang ditolak”."
            ),
        )

    def failed(self, job: Job, failure: Failed, target: Target | None) -> None:
        """Write a failure: refused for good, or when it is tried again. What stands stays `listed`, so that a recall finds it."""
        back = S.WANTED if job.state is S.CREATING else job.state
        match failure:
            case Refused(detail=detail):
                if job.state is S.UNCONFIRMED:  # whether it stands is still not known
                    self._write(job, job.state, reason=detail, next_try_at=self.clock() + ASK_AGAIN)
                    return
                kept = {"reason": detail, "next_try_at": None, "refused_hash": target.fingerprint if target else ""}
                self._write(job, S.LISTED if job.state is S.LISTED else S.REFUSED, **kept)
            case Later(detail=detail, retry_after=wait):
                self._write(job, back, reason=detail, next_try_at=self.clock() + wait)
            case Paused() | Reconnect():
                self._write(job, back, next_try_at=self.clock())
            case _:
                self._write(job, back, next_try_at=self.clock() + LOOK_UP_AFTER)

    def later(self, job: Job, wait: timedelta) -> None:
        """Write that its turn comes later."""
        self._write(job, job.state, next_try_at=self.clock() + wait)

    def settled(self, job: Job) -> None:
        """Write that nothing has to be done."""
        self._write(job, job.state, next_try_at=None, reason="")

    def _write(self, job: Job, state: ListingState, **values: Any) -> None:
        now = self.clock()
        with self.database.write() as session:
            row = _locked(session, job)
            if row.state is not job.state and state is not S.LISTED:
                return  # taken down meanwhile, and this call did not bring it back
            if row.state is not job.state:
                # It was taken down while a call was under way that may have put it back: look again at once.
                values["next_try_at"] = now
            if row.state is not state:
                row.state = change(TRANSITIONS, row.state, state)
            for name, value in values.items():
                setattr(row, name, value)
            if "refused_hash" not in values and state in (S.LISTED, S.UNLISTED, S.CREATING):
                row.refused_hash = ""
            row.lease_until = None
            row.updated_at = now
            if state is S.UNLISTED:
                close_withdrawals(session, job.id, now)
            job.state = state


def close_withdrawals(session: Session, listing_id: int, now: datetime, user_id: int | None = None) -> int:
    """Write that what a person was to delete by hand is gone, with who did it if it was a person; return how many."""
    query = select(Withdrawal).where(
        Withdrawal.place == f"{PLACE}:{listing_id}", Withdrawal.state == WithdrawalState.AWAITING_HUMAN
    )
    rows = list(session.scalars(query.with_for_update()))
    for row in rows:
        row.state = change(withdrawal.TRANSITIONS, row.state, WithdrawalState.DONE)
        row.done_at, row.done_by, row.detail = now, user_id, ""
    return len(rows)


def _locked(session: Session, job: Job) -> MarketplaceListing:
    return session.get_one(MarketplaceListing, job.id, with_for_update=True)
