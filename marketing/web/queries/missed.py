"""Messages in doubt of one campaign, as its page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.models import Address, Contact, Message
from marketing.domain.message import MessageState
from marketing.web.queries.message_pages import message_ids


@dataclass(frozen=True, slots=True)
class Doubt:
    """One message in doubt; name and address are empty once the person was erased."""

    id: int
    name: str
    address: str
    handed_over_at: datetime | None
    reason: str


def doubts_of(session: Session, campaign_id: int, *, offset: int, limit: int) -> Sequence[Doubt]:
    """Return one page of the messages in doubt."""
    ids = message_ids(session, [campaign_id], MessageState.UNKNOWN, offset=offset, limit=limit)
    query = (
        select(Message, Contact, Address.normalised)
        .join(Contact, Contact.id == Message.contact_id)
        .outerjoin(Address, Address.id == Message.address_id)
        .where(Message.id.in_(ids))
        .order_by(Message.id.desc())
    )
    found = []
    for message, contact, address in session.execute(query):
        known = contact.erased_at is None
        found.append(
            Doubt(
                message.id,
                contact.name if known else "",
                (address or "") if known else "",
                message.handed_over_at,
                message.reason,
            )
        )
    return found
