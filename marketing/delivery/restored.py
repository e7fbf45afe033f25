"""After a restored backup: what would be sent again, and what a person decides about each of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.contacts.suppressions import without_addresses
from marketing.db.models import Campaign, DatabaseLife, Message, MessageRange, Post, User
from marketing.db.models.life import ONLY
from marketing.domain.campaign import TRANSITIONS, CampaignState
from marketing.domain.message import OPEN, MessageState
from marketing.domain.permission import SkipReason
from marketing.domain.post import PostState
from marketing.domain.restoring import RestoreChoice
from marketing.domain.transitions import change
from marketing.domain.types import EmailType, Role
from marketing.errors import InvalidInputError, NotAllowedError
from marketing.i18n import gettext as _

REASON: Final = "restored"
DECIDERS: Final = (Role.APPROVER, Role.OPERATOR)
"""Who may say what becomes of campaigns after a restore: who answers for what is sent, or for the machine."""


@dataclass(frozen=True, slots=True)
class Held:
    """Since when the database is held, what it knows until when, and how far the lost one had come."""

    at: datetime
    knows_until: datetime
    lost_until: datetime


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A campaign that may have gone on in the lost time; `waiting` is how many messages would be sent, 0 before its plan."""

    id: int
    name: str
    state: CampaignState
    started_at: datetime | None
    scheduled_at: datetime | None
    waiting: int


def held(session: Session) -> Held | None:
    """Return why nothing in bulk leaves now; None while the database is the newest that was seen."""
    life = session.get(DatabaseLife, ONLY)
    if life is None or life.held_at is None:
        return None
    return Held(life.held_at, life.beat_at, life.marker_at or life.held_at)


def at_risk(session: Session, since: Held, tenant_id: str = "") -> Sequence[AtRisk]:
    """Return the campaigns (of one Daerah, or of all) that were going out when the backup was made, or were to begin since."""
    query = _at_risk(since)
    if tenant_id:
        query = query.where(Campaign.tenant_id == tenant_id)
    found = session.scalars(query.order_by(Campaign.id)).all()
    counting = select(Message.campaign_id, func.count()).where(
        Message.campaign_id.in_([one.id for one in found]), Message.state.in_(OPEN)
    )
    waiting: dict[int, int] = dict(session.execute(counting.group_by(Message.campaign_id)).all())
    return [
        AtRisk(one.id, one.name, one.state, one.started_at, one.scheduled_at, waiting.get(one.id, 0)) for one in found
    ]


def decide(session: Session, user: User, choices: Mapping[int, RestoreChoice], *, reason: str, now: datetime) -> None:
    """Do what a person chose for each campaign of their Daerah at risk, and let sending go on; other Daerah's are paused.

    NotAllowedError when nothing is held or somebody lacks the role; InvalidInputError without a reason or where a campaign
    is left undecided.
    """
    require_role(user, *DECIDERS)
    reason = without_addresses(reason, field="catatan")
    life = session.scalars(select(DatabaseLife).where(DatabaseLife.id == ONLY).with_for_update(key_share=True)).first()
    since = held(session)
    if life is None or since is None:
        raise NotAllowedError(_("Pengiriman tidak sedang ditahan. Mungkin rekan Anda sudah memutuskannya."))
    query = _at_risk(since).order_by(Campaign.id).with_for_update(key_share=True)
    campaigns = list(session.scalars(query.execution_options(populate_existing=True)))
    own = [one for one in campaigns if one.tenant_id == user.tenant_id]
    if {one.id for one in own} - set(choices):
        raise InvalidInputError(_("Pilih apa yang dilakukan untuk setiap kampanye."), field="pilihan")
    for campaign in campaigns:
        choice = choices[campaign.id] if campaign.tenant_id == user.tenant_id else None
        _apply(session, campaign, choice, now)
        write_audit(
            session,
            tenant_id=campaign.tenant_id,
            user_id=user.id if choice else None,
            action="restore.decided" if choice else "restore.paused",
            subject=f"campaign:{campaign.id}",
            now=now,
            details={"choice": str(choice or ""), "version": campaign.version, "state": campaign.state},
        )
    write_audit(
        session,
        tenant_id=user.tenant_id,
        user_id=user.id,
        action="restore.released",
        subject="database",
        now=now,
        details={"reason": reason, "campaigns": len(own)},
    )
    life.number = max(life.number, life.marker_number or 0) + 1  # ahead of every marker that is still about
    life.beat_at, life.held_at = now, None


def _at_risk(since: Held) -> Select[Campaign]:
    begun = (Campaign.state == CampaignState.SCHEDULED) & (Campaign.scheduled_at <= since.lost_until)
    return select(Campaign).where(
        Campaign.email_type != EmailType.TRANSACTIONAL, (Campaign.state == CampaignState.SENDING) | begun
    )


def _apply(session: Session, campaign: Campaign, choice: RestoreChoice | None, now: datetime) -> None:
    if choice is RestoreChoice.GO_ON:
        return
    if choice is RestoreChoice.CANCEL:
        campaign.state = change(TRANSITIONS, campaign.state, CampaignState.CANCELLED)
        campaign.state_reason, campaign.finished_at = _("Dibatalkan setelah basis data dipulihkan dari cadangan."), now
        _close(session, campaign, now, (MessageState.UNKNOWN, REASON), frozenset({MessageState.SENDING}))
        _close(session, campaign, now, (MessageState.SKIPPED, SkipReason.CANCELLED))
        session.execute(
            update(Post)
            .where(Post.campaign_id == campaign.id, Post.state.in_([PostState.QUEUED, PostState.AWAITING_HUMAN]))
            .values(state=PostState.WITHDRAWN, settled_at=now)
        )
        return
    if choice is RestoreChoice.UNSURE and campaign.state is CampaignState.SENDING:
        _close(session, campaign, now, (MessageState.UNKNOWN, REASON))
    # Posts and what is not planned yet wait too, until somebody looks.
    campaign.state = change(TRANSITIONS, campaign.state, CampaignState.PAUSED)
    campaign.state_reason = _(
        "Basis data dipulihkan dari cadangan: sebagian mungkin sudah keluar. Periksa, lalu lanjutkan atau batalkan."
    )


def _close(
    session: Session,
    campaign: Campaign,
    now: datetime,
    settled: tuple[MessageState, str],
    from_states: frozenset[MessageState] = OPEN,
) -> None:
    """Bring everything open of a campaign to an end; the ledger keeps balancing, for nobody leaves it."""
    session.execute(
        update(Message)
        .where(Message.campaign_id == campaign.id, Message.state.in_(from_states))
        .values(state=settled[0], reason=settled[1], settled_at=now, not_before=None, lease_owner=None),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(MessageRange)
        .where(MessageRange.campaign_id == campaign.id, MessageRange.settled_at.is_(None))
        .values(settled_at=now, due_at=None, lease_owner=None, lease_until=None, tally=None),
        execution_options={"synchronize_session": False},
    )
