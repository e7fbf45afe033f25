"""The decision of marketing/domain/permission.py as SQL for both engines, for a plan of many people at once.

It must always agree with `decide_for` on what marketing/contacts/permission_facts.py gathers; a property test holds them
together. Everything that belongs to a person is joined once for a whole range of contacts, never asked person by person.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from marketing.contacts.segment_query import Asked
from marketing.contacts.wordings import load_ages
from marketing.db.base import UTCDateTime
from marketing.db.bulk import among
from marketing.db.models import Address, Campaign, ConsentNow, ConsentRecord, Contact, Message, Suppression
from marketing.domain.consent import ConsentState, writes_on
from marketing.domain.frequency import WEEK, FrequencyCap
from marketing.domain.message import SENT, MessageState
from marketing.domain.permission import NOT_OBJECTED, PUBLIC_TASK, REGISTERED, STOPS_EVERYTHING, UNGIVEN, SkipReason
from marketing.domain.quiet_hours import QuietHours, zone_of
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.tenants.profile import profile_of

NEVER = literal(None, UTCDateTime())
Case = tuple[ColumnElement[bool], SkipReason]


@dataclass(frozen=True, slots=True)
class Rule:
    """What the decision is about: `besides` is the campaign whose own messages do not count against the cap."""

    purpose: Purpose | None
    cap: FrequencyCap
    quiet: QuietHours | None = None
    besides: int = 0

    @property
    def channel(self) -> ChannelName:
        """Where the person is written to."""
        return writes_on(self.purpose)


def verdicts(session: Session, asked: Asked, rule: Rule, belonging: ColumnElement[bool] | None = None) -> Select[Any]:
    """Return the query of everybody of a range who is `belonging`, with what becomes of a message to them.

    Its columns: contact_id; address_id, the oldest one, or NULL; reason, a SkipReason, or NULL where nothing speaks
    against it; until, where it has to wait for the end of the night.
    """
    address, suppression = _addresses(session, asked, rule.channel), Suppression.__table__.alias()
    here: FromClause = Contact.__table__.outerjoin(address, address.c.contact_id == Contact.id).outerjoin(
        suppression,
        and_(
            suppression.c.tenant_id == asked.tenant_id,
            suppression.c.channel == rule.channel,
            suppression.c.address_hash == address.c.hash,
        ),
    )
    against: list[Case] = [
        (Contact.erased_at.is_not(None), SkipReason.ERASED),
        (address.c.id.is_(None), SkipReason.NO_ADDRESS),
        *((suppression.c.reason == why, reason) for why, reason in STOPS_EVERYTHING.items()),
    ]
    until: ColumnElement[Any] = NEVER
    if rule.purpose is not None:
        here, unwanted = _unwanted(session, asked, rule.purpose, here, suppression.c.id.is_not(None))
        here, too_much = _too_much(asked, rule, here)
        against += [*unwanted, *too_much]
        until = _until(session, asked, rule.quiet)
    each = (
        select(
            Contact.id.label("contact_id"),
            address.c.id.label("address_id"),
            case(*((when, literal(why.value, String)) for when, why in against)).label("reason"),
            until.label("until"),
        )
        .select_from(here)
        .where(
            Contact.tenant_id == asked.tenant_id,
            asked.within(Contact.id),
            *(() if belonging is None else (belonging,)),
        )
        .subquery()
    )
    may_go = case((each.c.reason.is_(None), each.c.until))
    return select(each.c.contact_id, each.c.address_id, each.c.reason, may_go.label("until"))


def _addresses(session: Session, asked: Asked, channel: ChannelName) -> Subquery:
    """Return the oldest address of each contact on the channel."""
    mine = (asked.within(Address.contact_id), Address.channel == channel, _theirs(Address, asked))
    if session.get_bind().dialect.name == "postgresql":
        columns = (Address.contact_id, Address.id, Address.hash)
        ordered = select(*columns).where(*mine).order_by(Address.contact_id, Address.id)
        return ordered.ext(distinct_on(Address.contact_id)).subquery()
    # SQLite takes the columns beside a minimum from the row that has it
    return select(Address.contact_id, func.min(Address.id).label("id"), Address.hash).where(*mine).group_by(
        Address.contact_id
    ).subquery()  # fmt: skip


def _theirs(model: Any, asked: Asked) -> ColumnElement[bool]:
    """Narrow to the Daerah only where no range does: in a range its contacts are found by their ids alone."""
    return model.tenant_id == asked.tenant_id if asked.upto is None else true()


def _unwanted(
    session: Session, asked: Asked, purpose: Purpose, here: FromClause, suppressed: ColumnElement[bool]
) -> tuple[FromClause, list[Case]]:
    """Join what was said of the purpose; return why a person is not to be written to for it at all."""
    said = ConsentNow.__table__.alias()
    mine = and_(said.c.contact_id == Contact.id, said.c.purpose == purpose, asked.within(said.c.contact_id))
    here = here.outerjoin(said, mine)
    against: list[Case] = [
        (Contact.restricted_at.is_not(None), SkipReason.RESTRICTED),
        (suppressed, SkipReason.SUPPRESSED),
    ]
    if purpose in PUBLIC_TASK:
        against += [
            (said.c.state.not_in(sorted(NOT_OBJECTED)), SkipReason.WITHDRAWN),
            (Contact.kind.not_in(sorted(REGISTERED)), SkipReason.NOT_REGISTERED),
        ]
        return here, against
    against += [(said.c.state == state, reason) for state, reason in UNGIVEN.items()]
    against.append((or_(said.c.state.is_(None), said.c.state != ConsentState.GIVEN), SkipReason.NO_CONSENT))
    if expired := load_ages(session, asked.tenant_id, asked.now).outdated(purpose):
        line = ConsentRecord.__table__.alias()
        here = here.outerjoin(line, line.c.id == said.c.event_id)
        against.append((line.c.wording_version.in_(expired), SkipReason.OUTDATED_WORDING))
    return here, against


def _too_much(asked: Asked, rule: Rule, here: FromClause) -> tuple[FromClause, list[Case]]:
    """Join how many marketing messages went out lately; return why it is too much."""
    cap = rule.cap
    in_hand = Message.state == MessageState.SENDING
    out = Message.state.in_([*SENT, MessageState.UNKNOWN])
    # counted by cases, not found by conditions: PostgreSQL would take such rows for few and go through all of them once per
    # contact, when its figures are from before a campaign was sent
    marketing = and_(Message.campaign_id != rule.besides, Campaign.email_type != EmailType.TRANSACTIONAL)
    counts = (
        func.sum(
            case((and_(marketing, or_(in_hand, out & (Message.settled_at >= asked.now - length))), 1), else_=0)
        ).label(name)
        for name, length in (("within_cap", cap.window), ("this_week", WEEK))
    )
    recent = (
        select(Message.contact_id, *counts)
        .join(Campaign, Campaign.id == Message.campaign_id)
        .where(asked.within(Message.contact_id), _theirs(Message, asked))
        .group_by(Message.contact_id)
        .subquery()
    )
    within_cap, this_week = (func.coalesce(column, 0) for column in (recent.c.within_cap, recent.c.this_week))
    return here.outerjoin(recent, recent.c.contact_id == Contact.id), [
        (Contact.paused_until > asked.now, SkipReason.PAUSED),
        (this_week >= Contact.weekly_limit, SkipReason.OWN_LIMIT),
        (within_cap >= cap.limit, SkipReason.TOO_OFTEN),
    ]


def _until(session: Session, asked: Asked, quiet: QuietHours | None) -> ColumnElement[Any]:
    """Return when the night is over by the clock of each person: what hangs on the zone alone is decided once a zone."""
    if quiet is None:
        return NEVER
    home = profile_of(asked.tenant_id).tz
    here = select(Contact.zone).where(Contact.tenant_id == asked.tenant_id, asked.within(Contact.id)).distinct()
    asleep: dict[datetime, list[str]] = defaultdict(list)
    for name in session.scalars(here):
        until = quiet.wait_until(asked.now.astimezone(zone_of(name, home)))
        if until is not None:
            asleep[until.astimezone(UTC)].append(name)
    waits = [(among(session, Contact.zone, names), literal(until, UTCDateTime())) for until, names in asleep.items()]
    return case(*waits) if waits else NEVER
