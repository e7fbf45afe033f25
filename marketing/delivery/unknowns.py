"""Messages in doubt, settled by a person: it arrived, or it never left and may be sent after all."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.contacts.suppressions import without_addresses
from marketing.db.models import Campaign, Message, User
from marketing.delivery.ranges import recount
from marketing.domain.message import TRANSITIONS, MessageState
from marketing.domain.missed import JUDGED_ARRIVED, NEVER_ARRIVED
from marketing.domain.transitions import change
from marketing.domain.types import Role
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _

AT_ONCE: Final = 5_000
"""Messages that one transaction settles."""
NAMED: Final = 50
"""Message numbers that the audit line names; the rest is counted."""


def settle_by_person(
    session: Session,
    user: User,
    campaign_id: int,
    message_ids: Collection[int] | None,
    *,
    arrived: bool,
    reason: str,
    now: datetime,
) -> int:
    """Settle messages in doubt of a campaign (None: all of them, at most AT_ONCE a call); returns how many it were.

    What was settled in the meantime stays as it is. NotFoundError for another Daerah's campaign, InvalidInputError without a
    reason or where nothing was chosen.
    """
    require_role(user, Role.MARKETER, Role.APPROVER)
    reason = without_addresses(reason, field="catatan")
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.tenant_id != user.tenant_id:
        raise NotFoundError(_("Kampanye ini tidak ada."))
    if message_ids is not None and not message_ids:
        raise InvalidInputError(_("Pilih sekurang-kurangnya satu kiriman."), field="pilihan")
    query = select(Message).where(Message.campaign_id == campaign_id, Message.state == MessageState.UNKNOWN)
    if message_ids is not None:
        query = query.where(Message.id.in_(message_ids))
    rows = session.scalars(
        query.order_by(Message.id)
        .limit(AT_ONCE)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.state = change(TRANSITIONS, row.state, MessageState.ACCEPTED if arrived else MessageState.FAILED)
        row.reason, row.detail = JUDGED_ARRIVED if arrived else NEVER_ARRIVED, ""
        row.settled_at = row.settled_at or now
    session.flush()
    if rows:
        write_audit(
            session,
            tenant_id=campaign.tenant_id,
            user_id=user.id,
            action="unknown.arrived" if arrived else "unknown.not_sent",
            subject=f"campaign:{campaign.id}",
            now=now,
            details={
                "version": campaign.version,
                "messages": len(rows),
                "first": [row.id for row in rows[:NAMED]],
                "reason": reason,
            },
        )
    recount(session, {row.range_id for row in rows})
    return len(rows)
