"""Who belongs to the group that a campaign addresses, as SQL; it must always agree with marketing/domain/audience.py."""

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

from marketing.contacts.segment_query import Asked, belonging, chose
from marketing.contacts.segments import combined
from marketing.contacts.sellers import addressable
from marketing.db.models import Contact
from marketing.domain.campaign import AudienceFilter
from marketing.domain.permission import PUBLIC_TASK, REGISTERED
from marketing.domain.types import Purpose


def addressed(session: Session, audience: AudienceFilter, purpose: Purpose | None, asked: Asked) -> ColumnElement[bool]:
    """Return the condition that a contact belongs to the group; it is true or false, never NULL.

    NotFoundError or InvalidInputError when a segment is gone or can no longer be evaluated.
    """
    parts = [addressable(purpose, asked)]
    if purpose in PUBLIC_TASK:
        parts.append(Contact.kind.in_(sorted(REGISTERED)))
    if audience.kinds:
        parts.append(Contact.kind.in_(audience.kinds))
    if audience.topics:
        parts.append(chose(session, audience.topics, asked))
    tree = combined(session, asked.tenant_id, audience.segments, audience.besides)
    if tree is not None:
        # nobody erased or merged belongs to a segment, though each of them is a part of everybody
        parts += [Contact.erased_at.is_(None), Contact.merged_into.is_(None), belonging(session, tree, asked)]
    return and_(*parts)
