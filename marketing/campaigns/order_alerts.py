"""What about an order waits for a person: opened once per fact, closed by itself or by somebody with a reason.

A shipment before payment is held for every reader of it (Perwali Blitar 24/2024 Ps. 10(1)): the payment lets it go, or a
person does, who answers for it by name. A business that no mail reaches has to be told another way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.db.insert import engine_insert
from marketing.db.models import Campaign, Message, OrderAlert, User
from marketing.delivery.ranges import wake
from marketing.domain.message import MessageState
from marketing.domain.orders.alert import BY_ITSELF, LONGEST_REASON, SHORTEST_REASON, AlertKind, AlertOutcome
from marketing.domain.permission import SkipReason
from marketing.domain.text import cleaned
from marketing.domain.types import EmailType, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.queue import TaskName, TaskQueue

RELEASING = (Role.MARKETER, Role.APPROVER, Role.MANAGING_TEAM)
TELLING = (*RELEASING, Role.COMPANION)
UNSENT = (MessageState.QUEUED, MessageState.DEFERRED)


@dataclass(frozen=True, slots=True)
class NewAlert:
    """Something to tell a person; `what` is the variant of the mail."""

    kind: AlertKind
    what: str
    order_id: int
    business_id: int | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        """The name of the fact: a payment is asked for once an order, a business is to be told of each mail."""
        mail = "" if self.business_id is None else f":{self.business_id}:{self.what}"
        return f"{self.kind}:{self.order_id}{mail}"


def open_alerts(session: Session, tenant_id: str, alerts: Iterable[NewAlert], now: datetime) -> None:
    """Write those that are not there yet, and open again what had closed by itself; what a person closed stays closed."""
    rows = {
        alert.key: {
            "tenant_id": tenant_id,
            "key": alert.key,
            "kind": alert.kind,
            "what": alert.what,
            "order_id": alert.order_id,
            "business_id": alert.business_id,
            "reason": alert.reason,
            "opened_at": now,
        }
        for alert in alerts
    }
    if rows:
        again = engine_insert(session, OrderAlert).on_conflict_do_update(
            index_elements=[OrderAlert.tenant_id, OrderAlert.key],
            set_={"opened_at": now, "closed_at": None, "outcome": ""},
            # no IN here: SQLAlchemy writes no list into a statement that goes out for several rows
            where=or_(*(OrderAlert.outcome == one for one in BY_ITSELF)),
        )
        session.execute(again, list(rows.values()))


def standing(session: Session, tenant_id: str, kind: AlertKind) -> Sequence[OrderAlert]:
    """Return the alerts of a kind that still wait, the oldest first."""
    query = select(OrderAlert).where(
        OrderAlert.tenant_id == tenant_id, OrderAlert.kind == kind, OrderAlert.closed_at.is_(None)
    )
    return session.scalars(query.order_by(OrderAlert.id)).all()


def close(alert: OrderAlert, outcome: AlertOutcome, now: datetime, user_id: int | None = None, note: str = "") -> None:
    """End an alert."""
    alert.outcome, alert.closed_at, alert.closed_by, alert.note = outcome, now, user_id, note


def released_orders(session: Session, tenant_id: str, order_ids: Iterable[int]) -> set[int]:
    """Return the orders whose shipment a person let go although no payment is known."""
    query = select(OrderAlert.order_id).where(
        OrderAlert.tenant_id == tenant_id,
        OrderAlert.kind == AlertKind.NOT_PAID,
        OrderAlert.outcome == AlertOutcome.RELEASED,
        OrderAlert.order_id.in_(list(order_ids)),
    )
    return set(session.scalars(query))


def let_go(session: Session, tenant_id: str, order_id: int, now: datetime) -> Sequence[int]:
    """Queue the held mails of an order; return the campaigns they belong to."""
    return _change(session, tenant_id, order_id, now, state=MessageState.QUEUED, reason="", article="")


def give_up(session: Session, tenant_id: str, order_id: int, now: datetime) -> None:
    """Skip the held mails of an order that is off."""
    off = SkipReason.ORDER_OFF
    _change(session, tenant_id, order_id, now, state=MessageState.SKIPPED, reason=off, article="", settled_at=now)


def overtake(session: Session, campaign_id: int, order_id: int, triggers: Sequence[str], now: datetime) -> None:
    """Skip mails that wait and would now say something that is no longer so."""
    session.execute(
        update(Message)
        .where(
            Message.campaign_id == campaign_id,
            Message.order_id == order_id,
            Message.trigger.in_(triggers),
            Message.state.in_(UNSENT),
        )
        .values(state=MessageState.SKIPPED, reason=SkipReason.SUPERSEDED, article="", settled_at=now)
    )


def release_shipment(
    session: Session, queue: TaskQueue, user: User, alert_id: int, *, reason: str, now: datetime
) -> None:
    """Let a shipment's mails go before its payment is known, under this person's name and reason.

    NotAllowedError without the role or when it does not wait any more; InvalidInputError for a reason nobody can read.
    """
    require_role(user, *RELEASING)
    note = _reason(reason)
    alert = _waiting(session, user, alert_id, AlertKind.NOT_PAID)
    close(alert, AlertOutcome.RELEASED, now, user.id, note)
    for campaign_id in let_go(session, user.tenant_id, alert.order_id, now):
        queue.enqueue(session, TaskName.DELIVER_TRANSACTIONAL, campaign_id=campaign_id)
    _audit(session, user, alert, "order.shipment_released", now)


def note_told(session: Session, user: User, alert_id: int, *, note: str, now: datetime) -> None:
    """Record that a person told the business by other means, and how."""
    require_role(user, *TELLING)
    said = _reason(note)
    alert = _waiting(session, user, alert_id, AlertKind.UNREACHABLE)
    close(alert, AlertOutcome.TOLD, now, user.id, said)
    _audit(session, user, alert, "order.business_told", now)


def _audit(session: Session, user: User, alert: OrderAlert, action: str, now: datetime) -> None:
    # The reason itself stands with the alert: an audit line can never be taken back, and people write names.
    write_audit(
        session,
        tenant_id=user.tenant_id,
        user_id=user.id,
        action=action,
        subject=f"order:{alert.order_id}",
        now=now,
        details={"alert": alert.id, "business": alert.business_id},
    )


def _waiting(session: Session, user: User, alert_id: int, kind: AlertKind) -> OrderAlert:
    alert = session.get(OrderAlert, alert_id, with_for_update=True)
    if alert is None or alert.tenant_id != user.tenant_id or alert.kind != kind:
        raise NotFoundError(_("Peringatan ini tidak ada."))
    if alert.closed_at is not None:
        raise NotAllowedError(_("Peringatan ini sudah selesai. Muat ulang halamannya."))
    return alert


def _reason(text: str) -> str:
    said = cleaned(text).strip()
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise InvalidInputError(
            _("Tulis alasannya, {least} sampai {most} huruf.").format(least=SHORTEST_REASON, most=LONGEST_REASON),
            field="alasan",
        )
    return said


def _change(session: Session, tenant_id: str, order_id: int, now: datetime, **values: Any) -> Sequence[int]:
    held: tuple[ColumnElement[bool], ...] = (
        Message.tenant_id == tenant_id,
        Message.order_id == order_id,
        Message.state == MessageState.DEFERRED,
        Message.not_before.is_(None),
        Message.reason == SkipReason.NOT_PAID,
        Message.campaign_id.in_(select(Campaign.id).where(Campaign.email_type == EmailType.TRANSACTIONAL)),
    )
    moved = update(Message).where(*held).values(**values).returning(Message.campaign_id, Message.range_id)
    changed = session.execute(moved).all()
    wake(session, [range_id for _campaign, range_id in changed], now)
    return sorted({campaign_id for campaign_id, _range in changed})
