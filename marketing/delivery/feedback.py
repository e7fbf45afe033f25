"""Take in what came back about messages: states, the list of never-send, withdrawals; each thing told counts once.

One transaction per batch. What leaves a person's consent comes before the rows of messages are locked, in the order in which a
withdrawal by link locks them, so that the two never wait for each other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from marketing.contacts.consent_service import record_consents
from marketing.contacts.suppressions import Reason
from marketing.contacts.unsubscribe import suppress_addresses
from marketing.db.insert import engine_insert
from marketing.db.models import (
    Address,
    Campaign,
    ConsentNow,
    Event,
    InboundMail,
    MailFeedback,
    Message,
    RawFeedback,
    Suppression,
)
from marketing.delivery.ranges import recount
from marketing.domain.bounce import CONSEQUENCE, SOFT_LIMIT, SOFT_WINDOW, BounceClass, Consequence
from marketing.domain.consent import ConsentEvent, ConsentState, LedgerLine, channel_of
from marketing.domain.events import EventType
from marketing.domain.feedback import EVENT_OF, Feedback, FeedbackKind, path
from marketing.domain.message import TRANSITIONS, MessageState
from marketing.domain.missed import NEVER_ARRIVED
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName, Purpose

RAW_KEPT: Final = timedelta(days=30)
INBOUND_KEPT: Final = timedelta(days=180)
SAME_OPEN: Final = timedelta(minutes=1)
LEAVING: Final = frozenset({FeedbackKind.LEFT, FeedbackKind.LEFT_MAIL, FeedbackKind.LEFT_ALL, FeedbackKind.COMPLAINED})
BY_MAIL: Final = tuple(purpose for purpose in Purpose if channel_of(purpose) is ChannelName.EMAIL)
COMPLAINT_REASON: Final = "complaint"
_WEAKER: Final = {
    Reason.COMPLAINT: (Reason.UNSUBSCRIBE_ALL, Reason.SOFT_BOUNCES),
    Reason.HARD_BOUNCE: (Reason.UNSUBSCRIBE_ALL, Reason.SOFT_BOUNCES),
}


def bounce_reason(bounce: BounceClass) -> str:
    """Return the code under which a returned message keeps why."""
    return f"bounce_{bounce}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a batch told: how much of it was new, how much was of no message of this Daerah, and what breakers must look at."""

    fresh: int = 0
    strange: int = 0
    campaigns: frozenset[int] = frozenset()
    complaints: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    message_id: int
    contact_id: int
    campaign_id: int
    purpose: Purpose | None
    address_hash: str


def take_in(
    session: Session,
    tenant_id: str,
    reports: Sequence[Feedback],
    now: datetime,
    channel: ChannelName = ChannelName.EMAIL,
) -> Taken:
    """Apply what was told of messages of this Daerah on this channel; the caller owns the transaction and asks the breakers afterwards."""
    known = _known(session, tenant_id, {report.message_id for report in reports}, channel)
    own = [report for report in reports if report.message_id in known]
    _mark_machines(session, own)
    fresh = _record(session, tenant_id, own, known, now)
    _leave(session, tenant_id, [one for one in fresh if one.kind in LEAVING], known, now)
    _move(session, fresh, now)
    barred = _barred(session, fresh, known) if channel is not ChannelName.EMAIL else {}
    _suppress(session, tenant_id, channel, barred | _unreachable(session, tenant_id, fresh, known, now), now)
    told_off = {known[one.message_id].campaign_id for one in fresh if one.kind is FeedbackKind.BOUNCED}
    return Taken(
        fresh=len(fresh),
        strange=len(reports) - len(own),
        campaigns=frozenset(told_off),
        complaints=any(_is_complaint(one) for one in fresh),
    )


def forget_raw(session: Session, now: datetime) -> None:
    """Delete what is kept for a while only."""
    session.execute(delete(RawFeedback).where(RawFeedback.received_at < now - RAW_KEPT))
    session.execute(delete(InboundMail).where(InboundMail.received_at < now - INBOUND_KEPT))


def _is_complaint(report: Feedback) -> bool:
    return report.kind is FeedbackKind.COMPLAINED


def _known(session: Session, tenant_id: str, ids: Iterable[int], channel: ChannelName) -> Mapping[int, _Known]:
    query = (
        select(Message.id, Message.contact_id, Message.campaign_id, Campaign.purpose, Address.hash)
        .join(Campaign, Campaign.id == Message.campaign_id)
        .outerjoin(Address, Address.id == Message.address_id)
        .where(Message.id.in_(ids), Message.tenant_id == tenant_id, Message.channel == channel)
    )
    return {row[0]: _Known(row[0], row[1], row[2], row[3], row[4] or "") for row in session.execute(query)}


def _mark_machines(session: Session, reports: Iterable[Feedback]) -> None:
    """Mark the opens that a provider knows to be software's among those we counted ourselves."""
    for report in reports:
        if report.kind is FeedbackKind.MACHINE_OPEN:
            session.execute(
                update(Event)
                .where(
                    Event.message_id == report.message_id,
                    Event.type == EventType.OPENED,
                    Event.at.between(report.at - SAME_OPEN, report.at + SAME_OPEN),
                )
                .values(machine=True)
            )


def _record(
    session: Session, tenant_id: str, reports: Iterable[Feedback], known: Mapping[int, _Known], now: datetime
) -> list[Feedback]:
    """Write what is told for the first time, and return it in the order in which it happened."""
    # In one order for everybody: two that bring the same events wait for each other, never both.
    told = {str(one.identity): one for one in reports if one.kind in EVENT_OF}
    if not told:
        return []
    rows = [
        {
            "tenant_id": tenant_id,
            "event_id": identity,
            "type": EVENT_OF[told[identity].kind],
            "campaign_id": known[told[identity].message_id].campaign_id,
            "message_id": told[identity].message_id,
            "contact_id": None,
            "link_id": None,
            "machine": False,
            "at": told[identity].at,
        }
        for identity in sorted(told)
    ]
    adding = engine_insert(session, Event).on_conflict_do_nothing().returning(Event.event_id, Event.id)
    ids: dict[str, int] = dict(session.execute(adding, rows).all())
    fresh = [told[identity] for identity in ids]
    if fresh:
        session.execute(insert(MailFeedback), [_detail(tenant_id, ids, one, known, now) for one in fresh])
    raw = [
        {"event_id": ids[str(one.identity)], "payload": dict(one.raw), "received_at": now} for one in fresh if one.raw
    ]
    if raw:
        session.execute(insert(RawFeedback), raw)
    return sorted(fresh, key=lambda one: (one.at, str(one.identity)))


def _detail(
    tenant_id: str, ids: Mapping[str, int], report: Feedback, known: Mapping[int, _Known], now: datetime
) -> dict[str, object]:
    message = known[report.message_id]
    return {
        "event_id": ids[str(report.identity)],
        "tenant_id": tenant_id,
        "campaign_id": message.campaign_id,
        "message_id": message.message_id,
        "kind": report.kind,
        "bounce": report.verdict.bounce,
        "status": report.verdict.status,
        "detail": report.detail,
        "source": report.source,
        "address_hash": message.address_hash,
        "at": report.at,
        "received_at": now,
    }


def _leave(
    session: Session, tenant_id: str, reports: Sequence[Feedback], known: Mapping[int, _Known], now: datetime
) -> None:
    """Withdraw what people left, unless a consent given afterwards stands (UU 27/2022 Ps. 40); what waits for them is stopped."""
    lines: list[LedgerLine] = []
    everything: set[int] = set()
    for report in reports:
        message = known[report.message_id]
        leaving: Iterable[Purpose] = Purpose
        if report.kind is FeedbackKind.LEFT and message.purpose is not None:
            leaving = (message.purpose,)
        elif report.kind is FeedbackKind.LEFT_MAIL:
            leaving = BY_MAIL
        given = select(ConsentNow.purpose).where(
            ConsentNow.contact_id == message.contact_id,
            ConsentNow.state == ConsentState.GIVEN,
            ConsentNow.at > report.at,
        )
        later = set(session.scalars(given))
        if report.kind is FeedbackKind.LEFT_ALL and not later:
            everything.add(message.contact_id)
        evidence = {"message": message.message_id, "event": str(report.identity), "told": str(report.kind)}
        lines += [
            LedgerLine(
                message.contact_id, ConsentEvent(one, ConsentState.WITHDRAWN, now, "", str(report.source)), evidence
            )
            for one in leaving
            if one not in later
        ]
    if lines:
        record_consents(session, tenant_id, lines, now)
    for contact_id in sorted(everything):
        suppress_addresses(session, tenant_id, contact_id, now)
    session.flush()


def _move(session: Session, reports: Sequence[Feedback], now: datetime) -> None:
    """Bring each message where the events say it is, by the transition table only."""
    ids = {report.message_id for report in reports}
    # NO KEY: whoever has just written an event of a message holds its key, and would wait for us as we for them.
    query = select(Message).where(Message.id.in_(ids)).order_by(Message.id).with_for_update(key_share=True)
    rows = {row.id: row for row in session.scalars(query.execution_options(populate_existing=True))}
    for report in reports:
        row = rows[report.message_id]
        passed = path(_before(row), report.kind, attempts=row.attempt)
        if not passed:
            continue
        if row.settled_at is None or MessageState.ACCEPTED in passed:
            row.settled_at = row.settled_at or now
        row.state = passed[-1]
        row.lease_owner, row.not_before = None, None
        row.provider_id = row.provider_id or report.provider_id or None
        row.reason, row.detail = "", ""
        if report.kind is FeedbackKind.BOUNCED:
            row.reason, row.detail = bounce_reason(report.verdict.bounce), report.verdict.status
        elif _is_complaint(report):
            row.reason = COMPLAINT_REASON
    session.flush()
    recount(session, {row.range_id for row in rows.values()})


def _before(row: Message) -> MessageState:
    """Return where a message stood: one that was judged never to have arrived is in doubt again once something tells of it."""
    if row.state is MessageState.FAILED and row.reason == NEVER_ARRIVED:
        return change(TRANSITIONS, row.state, MessageState.UNKNOWN)
    return row.state


def _unreachable(
    session: Session, tenant_id: str, reports: Sequence[Feedback], known: Mapping[int, _Known], now: datetime
) -> dict[str, Reason]:
    """Return which addresses are to be left alone from now on, and why."""
    found: dict[str, Reason] = {}
    softly: set[str] = set()
    for report in reports:
        hashed = known[report.message_id].address_hash
        if not hashed or report.kind not in (FeedbackKind.BOUNCED, FeedbackKind.COMPLAINED):
            continue
        what = CONSEQUENCE[report.verdict.bounce]
        if _is_complaint(report) or report.verdict.bounce is BounceClass.COMPLAINT:
            found[hashed] = Reason.COMPLAINT
        elif what is Consequence.SUPPRESS:
            found.setdefault(hashed, Reason.HARD_BOUNCE)
        elif what is Consequence.COUNT:
            softly.add(hashed)
    return dict.fromkeys(_worn_out(session, tenant_id, softly, now), Reason.SOFT_BOUNCES) | found


def _barred(session: Session, reports: Iterable[Feedback], known: Mapping[int, _Known]) -> dict[str, Reason]:
    """Return the numbers of those who left at their provider: it lets nothing through, whatever a file says that comes later.

    Not where a consent that was given afterwards stands; a consent of their own lifts it again.
    """
    left = [known[one.message_id] for one in reports if one.kind is FeedbackKind.LEFT]
    given = select(ConsentNow.contact_id, ConsentNow.purpose).where(
        ConsentNow.contact_id.in_({one.contact_id for one in left}), ConsentNow.state == ConsentState.GIVEN
    )
    standing = {(contact_id, purpose) for contact_id, purpose in session.execute(given)} if left else set()
    gone = (one for one in left if (one.contact_id, one.purpose) not in standing and one.address_hash)
    return dict.fromkeys((one.address_hash for one in gone), Reason.UNSUBSCRIBE_ALL)


def _worn_out(session: Session, tenant_id: str, hashes: Collection[str], now: datetime) -> list[str]:
    """Return the addresses from which too many messages came back softly with none delivered in between."""
    if not hashes:
        return []
    query = select(
        MailFeedback.address_hash, MailFeedback.kind, MailFeedback.bounce, MailFeedback.at, MailFeedback.message_id
    ).where(
        MailFeedback.tenant_id == tenant_id,
        MailFeedback.address_hash.in_(hashes),
        MailFeedback.at > now - SOFT_WINDOW,
    )
    returned: dict[str, set[int]] = defaultdict(set)
    for row in session.execute(query.order_by(MailFeedback.at, MailFeedback.event_id)):
        if row.kind is FeedbackKind.DELIVERED:
            returned[row.address_hash].clear()
        elif row.kind is FeedbackKind.BOUNCED and row.bounce is BounceClass.SOFT:
            returned[row.address_hash].add(row.message_id)
    return [hashed for hashed, messages in returned.items() if len(messages) >= SOFT_LIMIT]


def _suppress(
    session: Session, tenant_id: str, channel: ChannelName, found: Mapping[str, Reason], now: datetime
) -> None:
    """Put addresses on the list of never-send by their keyed hash; what the law or an erasure put there stays as it is."""
    for reason in sorted(set(found.values())):
        adding = engine_insert(session, Suppression)
        if reason in _WEAKER:
            adding = adding.on_conflict_do_update(
                index_elements=["tenant_id", "channel", "address_hash"],
                set_={"reason": reason, "at": now},
                where=or_(*(Suppression.reason == weaker for weaker in _WEAKER[reason])),
            )
        else:
            adding = adding.on_conflict_do_nothing()
        rows = [
            {
                "tenant_id": tenant_id,
                "channel": channel,
                "address_hash": hashed,
                "reason": reason,
                "note": "",
                "at": now,
            }
            for hashed in sorted(found)  # in one order for everybody
            if found[hashed] is reason
        ]
        session.execute(adding, rows)
