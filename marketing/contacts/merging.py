"""Two contacts that are one person become one; what happened stays readable.

The ledger is append-only: the lines of the contact that goes stay with it, and `merged_into` leads on. What the other one's
word changes for the contact that stays is written there as new lines that name both the merge and the line they repeat.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from marketing.accounts.audit import write_audit
from marketing.contacts.consent_service import record_consents
from marketing.contacts.recounting import recount_ranges_of
from marketing.contacts.restricting import restrict
from marketing.contacts.stopping import UNSENT, stop_messages
from marketing.db.models import (
    Address,
    ConsentNow,
    ConsentRecord,
    Contact,
    DataRequest,
    Event,
    Message,
    Order,
    Subscription,
    Tenant,
)
from marketing.domain.consent import NO, ConsentEvent, ConsentState, LedgerLine
from marketing.domain.message import MessageState
from marketing.domain.permission import SkipReason
from marketing.domain.types import Purpose
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _

RANK: Final = {ConsentState.WITHDRAWN: 3, ConsentState.REFUSED: 2, ConsentState.GIVEN: 1}
MOST: Final = 200
"""Pairs that are suggested at once; a list nobody can read helps nobody."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What moved; `consents` are the purposes for which the contact that stays now follows the other's word."""

    addresses: int
    orders: int
    messages: int
    events: int
    consents: tuple[Purpose, ...]

    def told(self) -> dict[str, Any]:
        """Return what moved as the audit log and the command tell it."""
        return {
            "addresses": self.addresses,
            "orders": self.orders,
            "messages": self.messages,
            "events": self.events,
            "consents": [purpose.value for purpose in self.consents],
        }


@dataclass(frozen=True, slots=True)
class Twins:
    """Two contacts that may be one person, the older first, and by what: `address` or `name`."""

    keep: int
    gone: int
    by: str


def merge(session: Session, keep: int, gone: int, *, tenant_id: str, user_id: int | None, now: datetime) -> Merged:
    """Make two contacts one; the caller owns the transaction and writes the audit log.

    Per purpose a no of either stands (UU 27/2022 Ps. 40); a consent of the one who goes is taken over, with its time, wording
    and source, only where the one who stays has said nothing. Wishes and restrictions: the stricter of both. NotFoundError
    for a contact that is not of this Daerah, InvalidInputError for one that was erased, is merged, or is the same.
    """
    # First, as everybody who writes the ledger does: two that lock it and a person in different order wait for each other.
    session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    staying, going = _both(session, tenant_id, keep, gone)
    purposes = _take_over(session, keep, gone, tenant_id=tenant_id, user_id=user_id, now=now)
    _stricter(staying, going)
    moved = {
        model: _moved(session, model, model.contact_id == gone, keep)
        for model in (Address, Order, Event, DataRequest, Subscription)
    }
    messages = _move_messages(session, keep, gone, now)
    session.execute(update(Contact).where(Contact.merged_into == gone).values(merged_into=keep))
    going.merged_into = keep
    session.flush()
    _stop_moved(session, staying, now)
    session.expire(staying)
    session.expire(going)
    return Merged(moved[Address], moved[Order], messages, moved[Event], tuple(purposes))


def merge_by_hand(
    session: Session, keep: int, gone: int, *, tenant_id: str, user_id: int | None, now: datetime
) -> Merged:
    """Do what `merge` does for a person at a page or a command, and write the audit log; errors as there."""
    done = merge(session, keep, gone, tenant_id=tenant_id, user_id=user_id, now=now)
    write_audit(
        session,
        tenant_id=tenant_id,
        user_id=user_id,
        action="contacts.merge",
        subject=f"contact:{keep}",
        now=now,
        details={"keep": keep, "gone": gone, **done.told()},
    )
    return done


def twins_of(session: Session, contact: Contact, limit: int) -> Sequence[Contact]:
    """Return the contacts that may be this very person: the same address in other letter case first, then the same name."""
    mine, other = aliased(Address), aliased(Address)
    same = select(other.contact_id).join(mine, and_(mine.hash == other.hash, mine.tenant_id == other.tenant_id))
    by_address = Contact.id.in_(same.where(mine.contact_id == contact.id))
    alike: list[ColumnElement[bool]] = [by_address]
    if contact.name:
        alike.append(func.lower(Contact.name) == contact.name.lower())
    query = select(Contact).where(
        Contact.tenant_id == contact.tenant_id,
        Contact.id != contact.id,
        Contact.erased_at.is_(None),
        Contact.merged_into.is_(None),
        or_(*alike),
    )
    nearest = case((by_address, 0), (Contact.kecamatan == contact.kecamatan, 1), else_=2)
    return session.scalars(query.order_by(nearest, Contact.id).limit(limit)).all()


def suggestions(session: Session, tenant_id: str, limit: int = MOST) -> list[Twins]:
    """Return contacts that may be the same person: the same address in other letter case, or the same name in one kecamatan.

    Only a suggestion: two people may bear one name, so nothing is ever merged by itself.
    """
    first, second = aliased(Address), aliased(Address)
    same = and_(first.tenant_id == second.tenant_id, first.hash == second.hash, first.contact_id < second.contact_id)
    by_address = (
        select(first.contact_id, second.contact_id).join(second, same).where(first.tenant_id == tenant_id).distinct()
    )
    found = [Twins(keep, gone, "address") for keep, gone in session.execute(by_address.limit(limit))]
    known = {(one.keep, one.gone) for one in found}
    by_name = session.execute(_namesakes(tenant_id).limit(max(limit - len(found), 0)))
    return found + [Twins(keep, gone, "name") for keep, gone in by_name if (keep, gone) not in known]


def _namesakes(tenant_id: str) -> "Select[int, int]":
    """Return the query of each namesake beside the oldest contact of that name, where a kecamatan is named."""
    groups = (
        select(func.min(Contact.id).label("oldest"), func.lower(Contact.name).label("name"), Contact.kecamatan)
        .where(*_standing(tenant_id))
        .group_by(func.lower(Contact.name), Contact.kecamatan)
        .having(func.count() > 1)
        .subquery()
    )
    return (
        select(groups.c.oldest, Contact.id)
        .join(groups, and_(func.lower(Contact.name) == groups.c.name, Contact.kecamatan == groups.c.kecamatan))
        .where(*_standing(tenant_id), Contact.id != groups.c.oldest)
        .order_by(groups.c.oldest, Contact.id)
    )


def _standing(tenant_id: str) -> Iterable[ColumnElement[bool]]:
    return (
        Contact.tenant_id == tenant_id,
        Contact.erased_at.is_(None),
        Contact.merged_into.is_(None),
        Contact.name != "",
        Contact.kecamatan != "",
    )


def _both(session: Session, tenant_id: str, keep: int, gone: int) -> tuple[Contact, Contact]:
    if keep == gone:
        raise InvalidInputError(_("Pilih dua kontak yang berbeda."))
    query = select(Contact).where(Contact.tenant_id == tenant_id, Contact.id.in_([keep, gone]))
    rows = {row.id: row for row in session.scalars(query.order_by(Contact.id).with_for_update())}
    for number in (keep, gone):
        if number not in rows:
            raise NotFoundError(_("Kontak nomor {n} tidak ada.").format(n=number))
        if rows[number].erased_at is not None:
            raise InvalidInputError(_("Kontak nomor {n} sudah dihapus.").format(n=number))
        if rows[number].merged_into is not None:
            raise InvalidInputError(
                _("Kontak nomor {n} sudah digabungkan ke nomor {into}.").format(n=number, into=rows[number].merged_into)
            )
    return rows[keep], rows[gone]


def _take_over(
    session: Session, keep: int, gone: int, *, tenant_id: str, user_id: int | None, now: datetime
) -> Sequence[Purpose]:
    """Write on the contact that stays what the other one's word changes, and return for which purposes."""
    query = select(ConsentNow).where(ConsentNow.contact_id == keep)
    standing = {row.purpose: row.state for row in session.scalars(query)}
    lines: list[LedgerLine] = []
    joined = select(ConsentRecord).join(ConsentNow, ConsentNow.event_id == ConsentRecord.id)
    for line in session.scalars(joined.where(ConsentNow.contact_id == gone).order_by(ConsentRecord.id)):
        mine = standing.get(line.purpose)
        if line.state not in RANK or (mine is not None and RANK[line.state] <= RANK.get(mine, 0)):
            continue
        event = ConsentEvent(
            purpose=line.purpose,
            state=line.state,
            at=line.at,
            wording_version=line.wording_version,
            source=line.source,
            imported=line.state is ConsentState.GIVEN,  # it repeats a line; what that rests on is proved there
            channel=line.channel,
            language=line.language if line.wording_hash else "",
            wording_hash=line.wording_hash,
        )
        evidence = {"merged_from": gone, "line": line.id}
        lines.append(LedgerLine(keep, event, evidence, user_id))
    refused = record_consents(session, tenant_id, lines, now) if lines else {}
    return [line.event.purpose for place, line in enumerate(lines) if place not in refused]


def _stricter(staying: Contact, going: Contact) -> None:
    """Join what both say of the person: the gaps filled, the wishes and restrictions those that send less."""
    staying.name = staying.name or going.name
    staying.kecamatan = staying.kecamatan or going.kecamatan
    topics = list(staying.preferences.get("categories", ()))
    if new := [topic for topic in going.preferences.get("categories", ()) if topic not in topics]:
        staying.preferences = {**staying.preferences, "categories": topics + new}
    restricted = [one for one in (staying.restricted_at, going.restricted_at) if one is not None]
    paused = [one for one in (staying.paused_until, going.paused_until) if one is not None]
    weekly = [one for one in (staying.weekly_limit, going.weekly_limit) if one is not None]
    staying.restricted_at = min(restricted, default=None)
    staying.paused_until = max(paused, default=None)
    staying.weekly_limit = min(weekly, default=None)


def _move_messages(session: Session, keep: int, gone: int, now: datetime) -> int:
    """Move messages; where both got one of the same kind, the other's stays where it was, and does not leave a second time."""
    other = aliased(Message)
    twin = (
        select(other.id)
        .where(
            other.contact_id == keep,
            other.campaign_id == Message.campaign_id,
            other.channel == Message.channel,
            other.trigger == Message.trigger,
        )
        .exists()
    )
    moved = _moved(session, Message, and_(Message.contact_id == gone, ~twin), keep)
    session.execute(
        update(Message)
        .where(Message.contact_id == gone, or_(*(Message.state == state for state in UNSENT)))
        .values(state=MessageState.SKIPPED, reason=SkipReason.CANCELLED, settled_at=now, not_before=None)
        .execution_options(synchronize_session=False)
    )
    recount_ranges_of(session, [keep, gone])
    return moved


def _moved(session: Session, model: type, whose: "ColumnElement[bool]", keep: int) -> int:
    found = session.execute(
        update(model).where(whose).values(contact_id=keep).execution_options(synchronize_session=False)
    )
    return int(found.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _stop_moved(session: Session, staying: Contact, now: datetime) -> None:
    """Stop what came over from the other one and what the joint word of both no longer carries."""
    said_no = select(ConsentNow.purpose).where(ConsentNow.contact_id == staying.id, ConsentNow.state.in_(NO))
    if staying.restricted_at is not None:
        restrict(session, [staying.id], tenant_id=staying.tenant_id, now=now)
    stop_messages(
        session,
        tenant_id=staying.tenant_id,
        contact_ids=[staying.id],
        purposes=list(session.scalars(said_no)),
        now=now,
    )
