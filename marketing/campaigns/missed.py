"""Send a campaign to those whom it missed, and to nobody else: the same rows go back to the queue, so nobody gets it twice."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.campaigns.state import move
from marketing.contacts.suppressions import without_addresses
from marketing.db.models import Campaign, Message, User
from marketing.delivery import breakers
from marketing.delivery.claiming import first_held
from marketing.delivery.ledger import Counts
from marketing.delivery.ranges import RANGE, open_range, wake
from marketing.domain.campaign import CampaignState
from marketing.domain.message import MessageState
from marketing.domain.missed import GROUPS, MissedGroup, group_of
from marketing.domain.types import EmailType, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.queue import TaskQueue, lane_of
from marketing.tenants.profile import profile_of

AGAIN = frozenset({CampaignState.SENT, CampaignState.SENDING, CampaignState.PAUSED})
"""States in which a campaign may turn to those it missed; what a person cancelled stays cancelled."""
START_WITHIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class MissedService:
    """The use cases; the caller owns the transaction."""

    queue: TaskQueue
    clock: Callable[[], datetime]

    def send(
        self, session: Session, user: User, campaign_id: int, groups: Collection[MissedGroup], *, reason: str
    ) -> int:
        """Queue these groups again; each person is decided anew as the message leaves. Returns how many were queued.

        NotFoundError for another Daerah's campaign; NotAllowedError where it may not send; InvalidInputError without a
        group, a reason, or anybody in the groups.
        """
        require_role(user, Role.APPROVER)
        campaign, now = self._find(session, user, campaign_id), self.clock()
        reason = without_addresses(reason, field="catatan")
        if not groups:
            raise InvalidInputError(_("Pilih kelompok yang akan dikirimi."), field="kelompok")
        if may_not := why_not(session, campaign, now):
            raise NotAllowedError(may_not)
        breakers.let_go_on(session, user, campaign, reason=reason, now=now)
        queued = _requeue(session, campaign, groups, now)
        if not queued:
            raise InvalidInputError(_("Tidak ada seorang pun di kelompok itu."), field="kelompok")
        campaign.latest_start = now + START_WITHIN
        if campaign.state is CampaignState.SENT:
            move(campaign, CampaignState.SENDING)
            campaign.finished_at = None
        if campaign.state is CampaignState.SENDING:
            self.queue.enqueue(session, lane_of(campaign.email_type), campaign_id=campaign.id)
        write_audit(
            session,
            tenant_id=campaign.tenant_id,
            user_id=user.id,
            action="campaign.missed",
            subject=f"campaign:{campaign.id}",
            now=now,
            details={
                "version": campaign.version,
                "state": campaign.state,
                "groups": sorted(groups),
                "messages": queued,
                "reason": reason,
            },
        )
        return queued

    def _find(self, session: Session, user: User, campaign_id: int) -> Campaign:
        campaign = session.get(Campaign, campaign_id, with_for_update={"key_share": True}, populate_existing=True)
        if campaign is None or campaign.tenant_id != user.tenant_id:
            raise NotFoundError(_("Kampanye ini tidak ada."))
        return campaign


def why_not(session: Session, campaign: Campaign, now: datetime) -> str:
    """Return why a campaign may not turn to those it missed, empty where it may."""
    if campaign.email_type is EmailType.TRANSACTIONAL:
        return _("Surel pesanan tidak dikirim susulan lewat sini.")
    if campaign.state not in AGAIN or campaign.started_at is None:
        return _("Kampanye ini tidak dapat dikirim susulan: belum mulai, atau sudah dibatalkan.")
    held = first_held(session, campaign, profile_of(campaign.tenant_id), now) if campaign.automation is None else None
    if held is not None:
        return _("“{product}” masih tertahan.").format(product=held[0].facts.name)
    return ""


def missed_in(counts: Counts) -> Mapping[MissedGroup, int]:
    """Return how many people each group holds; groups that hold nobody are left out."""
    found: Counter[MissedGroup] = Counter()
    for (state, reason), number in counts.items():
        if group := group_of(state, reason):
            found[group] += number
    return +found


def _requeue(session: Session, campaign: Campaign, groups: Collection[MissedGroup], now: datetime) -> int:
    """Put the rows of these groups back to the queue by the transition table; nobody who was sent to is among them."""
    wanted = [
        (Message.state == state) & Message.reason.in_(reasons) for state, reasons in map(GROUPS.__getitem__, groups)
    ]
    query = select(Message.id, Message.range_id, Message.month).where(Message.campaign_id == campaign.id, or_(*wanted))
    rows = session.execute(query.order_by(Message.id).with_for_update(key_share=True)).all()
    homes = {row.range_id for row in rows if row.range_id is not None}
    _gather(session, campaign, [(row.id, row.month) for row in rows if row.range_id is None], now)
    for start in range(0, len(rows), RANGE):
        session.execute(
            update(Message)
            .where(Message.campaign_id == campaign.id, Message.id.in_([row.id for row in rows[start : start + RANGE]]))
            .values(
                state=MessageState.QUEUED,
                reason="",
                article="",
                detail="",
                # What may have been handed over keeps one attempt: an event that comes late still settles it.
                attempt=case((Message.attempt > 0, 1), else_=0),
                not_before=None,
                handed_over_at=None,
                lease_owner=None,
                settled_at=None,
            ),
            execution_options={"synchronize_session": False},
        )
    wake(session, homes, now)
    return len(rows)


def _gather(session: Session, campaign: Campaign, rows: Sequence[tuple[int, int]], now: datetime) -> None:
    """Give messages from before there were ranges a range to leave by."""
    for month in sorted({month for _id, month in rows}):
        ids = [row_id for row_id, at in rows if at == month]
        for start in range(0, len(ids), RANGE):
            part = ids[start : start + RANGE]
            home = open_range(session, campaign, month=month, size=len(part), due_at=now)
            session.execute(
                update(Message).where(Message.campaign_id == campaign.id, Message.id.in_(part)).values(range_id=home),
                execution_options={"synchronize_session": False},
            )
