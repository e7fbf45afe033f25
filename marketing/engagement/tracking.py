"""Record what people do with a message; a person is named in an event only if they agreed to that."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import ConsentNow, Event, Link, Message
from marketing.domain.consent import ConsentState
from marketing.domain.events import EventType, event_id
from marketing.domain.types import Purpose


@dataclass(frozen=True, slots=True)
class Hit:
    """One request to a signed address."""

    message_id: int
    token: str  # the signed part of the address: known to whoever was written to, and to nobody who reads our tables
    machine: bool
    opted_out: bool  # Sec-GPC or DNT: counted in the sum, never for the person
    at: datetime


def destination(session: Session, message_id: int, link_id: int) -> str | None:
    """Return where a counted link leads: looked up, and only for a link of the message's own campaign."""
    query = select(Link.url).join(Message, Message.campaign_id == Link.campaign_id)
    return session.scalar(query.where(Message.id == message_id, Link.id == link_id))


def record_hit(session: Session, hit: Hit, kind: EventType, *, link_id: int | None = None) -> bool:
    """Store an open, click or web view once per message, link, kind and minute; False when the message is gone or it was known.

    A second hit within the minute is the same act (double click, proxy and person).
    """
    message = session.get(Message, hit.message_id)
    if message is None:
        return False
    named = not hit.opted_out and _tracked(session, message.contact_id)
    row = {
        "tenant_id": message.tenant_id,
        "event_id": str(event_id(kind, hit.token, link_id or 0, hit.at.strftime("%Y%m%d%H%M"), int(hit.machine))),
        "type": kind,
        "campaign_id": message.campaign_id,
        "message_id": message.id if named else None,
        "contact_id": message.contact_id if named else None,
        "link_id": link_id,
        "machine": hit.machine,
        "at": hit.at,
    }
    added = session.scalars(engine_insert(session, Event).on_conflict_do_nothing().returning(Event.id), [row]).all()
    return bool(added)


def _tracked(session: Session, contact_id: int) -> bool:
    standing = session.get(ConsentNow, (contact_id, Purpose.ENGAGEMENT_TRACKING))
    return standing is not None and standing.state is ConsentState.GIVEN
