"""One stretch of a plan: who comes next, and their messages written by one INSERT … SELECT."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, func, literal, null, select, text, true, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from marketing.contacts.audience_query import addressed
from marketing.contacts.permission_query import Rule, verdicts
from marketing.contacts.segment_query import Asked
from marketing.db.base import Json, UTCDateTime
from marketing.db.bulk import next_ids
from marketing.db.insert import engine_insert
from marketing.db.models import Campaign, Contact, Message, MessageRange
from marketing.delivery.planned_ranges import write_ranges
from marketing.delivery.ranges import RANGE, month_of_campaign
from marketing.domain.campaign import AudienceFilter, CampaignState
from marketing.domain.message import MessageState
from marketing.domain.permission import ARTICLES

PLANNABLE = frozenset({CampaignState.SENDING, CampaignState.PAUSED})
SPARE = 2
"""Ranges for contacts of the stretch that an import commits between the question who comes next and the plan itself."""
LOCK_SPACE = 5_292
"""Advisory locks of plans on PostgreSQL: this number and the campaign's."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The contacts that a plan asks next: so many, in the range of `asked`."""

    asked: Asked
    contacts: int


def nobody_else_plans(session: Session, campaign_id: int) -> bool:
    """Take the plan of a campaign until this transaction ends; False when another planner has it in hand just now."""
    if session.get_bind().dialect.name != "postgresql":
        return True  # one writes at a time
    session.execute(
        text("SET LOCAL plan_cache_mode = force_custom_plan")
    )  # tables that grow while they are planned for
    lock = select(func.pg_try_advisory_xact_lock(LOCK_SPACE, campaign_id % 2**31))
    return bool(session.scalar(lock))


def may_run_beside(session: Session) -> bool:
    """Return whether two stretches can be written at the same time, each on a connection of its own."""
    return session.get_bind().dialect.name == "postgresql"


def next_stretch(session: Session, campaign: Campaign, after: int, size: int, now: datetime) -> Stretch | None:
    """Return the contacts beyond `after` that the plan is to ask next, at most `size`; None when there are no more."""
    here = (
        select(Contact.id)
        .where(
            Contact.tenant_id == campaign.tenant_id,
            Contact.id > after,
            Contact.id <= (campaign.audience_until or 0),
        )
        .order_by(Contact.id)
        .limit(size)
        .subquery()
    )
    last, contacts = session.execute(select(func.max(here.c.id), func.count())).one()
    return None if last is None else Stretch(Asked(campaign.tenant_id, now, after, last), contacts)


def plan_stretch(session: Session, campaign: Campaign, audience: AudienceFilter, rule: Rule, stretch: Stretch) -> int:
    """Write the messages to a stretch of contacts, decided by the database; return how many came about.

    NotFoundError or InvalidInputError when a segment is gone or can no longer be evaluated.
    """
    asked = stretch.asked
    month = month_of_campaign(campaign, asked.now)
    group = addressed(session, audience, rule.purpose, asked)
    decided = verdicts(session, asked, rule, group)
    place = func.row_number().over(order_by=decided.selected_columns.contact_id)
    people = decided.add_columns(place.label("place")).subquery()
    ids = list(next_ids(session, MessageRange, -(-stretch.contacts // RANGE) + SPARE))
    values: dict[str, ColumnElement[Any]] = {
        "tenant_id": literal(campaign.tenant_id),
        "campaign_id": literal(campaign.id),
        "range_id": _range_of(people.c.place, ids),
        "month": literal(month),
        "version": literal(campaign.version),
        "contact_id": people.c.contact_id,
        "address_id": people.c.address_id,
        "channel": literal(rule.channel.value, String),
        "trigger": literal(""),
        "state": _state(people.c.reason, people.c.until),
        "reason": func.coalesce(people.c.reason, ""),
        "article": case(
            {reason.value: article for reason, article in ARTICLES.items() if article}, value=people.c.reason, else_=""
        ),
        "detail": literal(""),
        "context": literal({}, Json),
        "attempt": literal(0),
        "not_before": people.c.until,
        "queued_at": literal(asked.now, UTCDateTime()),
        "settled_at": case((people.c.reason.is_not(None), literal(asked.now, UTCDateTime())), else_=null()),
    }
    rows = (
        select(*values.values()).where(true()).order_by(people.c.contact_id)
    )  # SQLite tells ON CONFLICT from a join by it
    statement = engine_insert(session, Message).from_select(list(values), rows, include_defaults=False)
    session.execute(statement.on_conflict_do_nothing())
    return write_ranges(session, campaign, ids, month=month, now=asked.now)


def settle_stretch(session: Session, campaign: Campaign, asked: Asked, added: int) -> bool:
    """Note how far the plan has come, as the last thing of its transaction; False when it must be taken back.

    The campaign's row is held for this moment only, so that those who send do not wait for those who plan. A campaign that
    was cancelled while the stretch was written gets none of it.
    """
    here = (
        Campaign.id == campaign.id,
        Campaign.planned_to == asked.after,
        Campaign.planned_at.is_(None),
        Campaign.state.in_(sorted(PLANNABLE)),
    )
    found: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an UPDATE has a row count
        update(Campaign)
        .where(*here)
        .values(planned_to=asked.upto, audience=Campaign.audience + added)
        .execution_options(synchronize_session=False)
    )
    return found.rowcount == 1


def _state(reason: ColumnElement[Any], until: ColumnElement[Any]) -> ColumnElement[str]:
    return case(
        (reason.is_not(None), literal(MessageState.SKIPPED.value, String)),
        (until.is_not(None), literal(MessageState.DEFERRED.value, String)),
        else_=literal(MessageState.QUEUED.value, String),
    )


def _range_of(place: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[int]:
    """Return the range of the row in this place: the first thousand stand in the first, and so on."""
    *before, last = ids
    return case(*((place <= RANGE * number, one) for number, one in enumerate(before, 1)), else_=last)
