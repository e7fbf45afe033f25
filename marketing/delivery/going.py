"""What is asked before anything leaves: which campaigns of the Dinas are sending, and whom nobody is just stopping.

On PostgreSQL the same statement records what became of the messages before: each further question is a wait for another process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Integer, String, bindparam, or_, select, text
from sqlalchemy.orm import Session

from marketing.contacts.stopping import LOCKING, LOCKING_TYPES, free_of, free_to_write_to, locks_of
from marketing.db.models import Campaign
from marketing.delivery.message_rows import RECORDING, RECORDING_TYPES, Answer, Place, record, recorded
from marketing.domain.campaign import CampaignState
from marketing.domain.types import EmailType

_GOING = select(Campaign.id, Campaign.state).where(
    Campaign.tenant_id == bindparam("tenant"),
    or_(
        Campaign.id == bindparam("own"),
        (Campaign.email_type != EmailType.TRANSACTIONAL)
        & or_(
            Campaign.state.in_([CampaignState.SENDING, CampaignState.PAUSED]),
            Campaign.finished_at > bindparam("decided"),
        ),
    ),
)
_TOGETHER = text(
    f"""
    WITH recorded AS ({RECORDING})
    SELECT (SELECT json_object_agg(campaign.id, campaign.state) FROM campaign
            WHERE campaign.tenant_id = :tenant AND (campaign.id = :own OR campaign.email_type <> 'transactional'
              AND (campaign.state IN ('sending', 'paused') OR campaign.finished_at > :decided))) AS going,
           ({LOCKING}) AS free"""  # noqa: S608  fixed texts
).bindparams(
    *RECORDING_TYPES,
    *LOCKING_TYPES,
    bindparam("tenant", type_=String()),
    bindparam("own", type_=Integer()),
    bindparam("decided", type_=DateTime(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """`going` are this campaign, if it is sending, and every other bulk campaign of the tenant that has sent since the decision.

    `free` are the contacts whom nobody is stopping, and whom nobody can stop until this transaction ends.
    """

    going: frozenset[int]
    free: set[int]


def record_and_look(
    session: Session,
    place: Place,
    answers: Sequence[Answer],
    *,
    owner: str,
    own: Campaign,
    decided_at: datetime,
    contact_ids: Sequence[int],
) -> Standing:
    """Record the answers (`message_rows.record`), and say how things stand for these contacts."""
    asked = {"tenant": own.tenant_id, "own": own.id, "decided": decided_at}
    if session.get_bind().dialect.name == "postgresql":
        values = {**recorded(place, answers, owner=owner), **locks_of(contact_ids), **asked}
        found = session.connection().execute(_TOGETHER, values).one()
        states = {int(row_id): state for row_id, state in (found.going or {}).items()}
        return Standing(_going(states, own), free_of(contact_ids, found.free))
    record(session, place, answers, owner=owner)
    states = {row_id: state for row_id, state in session.connection().execute(_GOING, asked)}  # noqa: C416  a row is no pair to a type checker
    return Standing(_going(states, own), free_to_write_to(session, contact_ids))


def _going(states: Mapping[int, Any], own: Campaign) -> frozenset[int]:
    return frozenset(states.keys() - ({own.id} if states.get(own.id) != CampaignState.SENDING else set()))
