"""Taking a sent newsletter out of the public archive, and putting it back; nothing of it is forgotten."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.db.models import Campaign, User, WithdrawnIssue
from marketing.delivery.versions import content_of
from marketing.domain.campaign import CampaignState
from marketing.domain.types import EmailType, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _

MAX_REASON = 500


def withdraw_issue(session: Session, user: User, campaign_id: int, *, reason: str, now: datetime) -> WithdrawnIssue:
    """Take an issue out of the archive; doing it again changes nothing. NotAllowedError for what does not stand there."""
    campaign = _issue(session, user, campaign_id)
    said = reason.strip()
    if not said or len(said) > MAX_REASON:
        raise InvalidInputError(
            _("Tulis alasan penarikannya, paling panjang {number} huruf.").format(number=MAX_REASON), field="catatan"
        )
    standing = withdrawn(session, campaign.id)
    if standing is not None:
        return standing
    row = WithdrawnIssue(
        tenant_id=campaign.tenant_id, campaign_id=campaign.id, reason=said, user_id=user.id, at=now, restored_at=None
    )
    session.add(row)
    session.flush()
    _audit(session, campaign, user, "newsletter.withdraw", now)
    return row


def restore_issue(session: Session, user: User, campaign_id: int, *, now: datetime) -> None:
    """Put an issue back; the row of its withdrawal stays, with its reason."""
    campaign = _issue(session, user, campaign_id)
    row = withdrawn(session, campaign.id)
    if row is None:
        raise NotAllowedError(_("Edisi ini tidak sedang ditarik dari arsip."))
    row.restored_at = now
    session.flush()
    _audit(session, campaign, user, "newsletter.restore", now)


def withdrawn(session: Session, campaign_id: int) -> WithdrawnIssue | None:
    """Return the withdrawal that stands, with its reason; None while the issue is not withdrawn."""
    query = select(WithdrawnIssue).where(
        WithdrawnIssue.campaign_id == campaign_id, WithdrawnIssue.restored_at.is_(None)
    )
    return session.scalars(query.order_by(WithdrawnIssue.id.desc()).limit(1)).first()


def _issue(session: Session, user: User, campaign_id: int) -> Campaign:
    require_role(user, Role.MARKETER, Role.APPROVER)
    campaign = session.get(Campaign, campaign_id, with_for_update={"key_share": True})
    if campaign is None or campaign.tenant_id != user.tenant_id:
        raise NotFoundError(_("Kampanye ini tidak ada."))
    sent = campaign.state is CampaignState.SENT and campaign.email_type is EmailType.NEWSLETTER
    if not sent or not content_of(session, campaign).archived:
        raise NotAllowedError(_("Kampanye ini tidak ada di arsip buletin."))
    return campaign


def _audit(session: Session, campaign: Campaign, user: User, action: str, now: datetime) -> None:
    write_audit(
        session,
        tenant_id=campaign.tenant_id,
        user_id=user.id,
        action=action,
        subject=f"campaign:{campaign.id}",
        now=now,
        details={"version": campaign.version},
    )
