"""Order mail to buyers and to the businesses that sell (TTS Ps. 7(3)b; Blitar Ps. 1(19)-(21), 10).

One standing campaign a variant. Which mails an order calls for is decided by `marketing.domain.orders.telling`; here stand
the orders that something happened to, who is reached, and what is held until a payment or a person lets it go.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from marketing.campaigns.automations.base import Asking, Run, find_run
from marketing.campaigns.order_alerts import (
    NewAlert,
    close,
    give_up,
    let_go,
    open_alerts,
    overtake,
    released_orders,
    standing,
)
from marketing.campaigns.planner import Addressee
from marketing.contacts.permission_facts import gather_facts
from marketing.contacts.sellers import seller_contacts
from marketing.db.insert import engine_insert
from marketing.db.models import Campaign, Message, Order, OrderAlert, OrderEvent, OrderLooked
from marketing.delivery.order_reading import load_orders
from marketing.domain.campaign import CampaignContent
from marketing.domain.message import MessageState, month_of
from marketing.domain.orders.alert import AlertKind, AlertOutcome
from marketing.domain.orders.facts import OrderFacts
from marketing.domain.orders.telling import BUYER, FRESH, VARIANT_OF, OrderVariant, Reader, Telling, Told, tellings
from marketing.domain.permission import FrequencyCap, Held, Skipped, SkipReason, decide_for, held
from marketing.domain.types import ChannelName, EmailType
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile

WAITING = (MessageState.QUEUED, MessageState.DEFERRED)
MARKETPLACES = ("shopee:", "tiktok_shop:")
"""How orders of marketplaces are named: the marketplace itself tells both sides of those."""


@dataclass(frozen=True, slots=True)
class Touched:
    """An order that something happened to: its buyer, and the state it is in."""

    buyer: int | None
    state: str


@dataclass(slots=True)
class _Desk:
    """What one run knows: the orders, who is reached, what was told."""

    variant: OrderVariant
    orders: Mapping[int, OrderFacts]
    buyers: Mapping[int, Touched]
    sellers: Mapping[int, int]
    unreached: Mapping[int, str]
    told: Mapping[int, Sequence[Told]]
    released: Collection[int]
    alerts: list[NewAlert] = field(default_factory=list)


class OrderMail:
    """One standing campaign per variant."""

    slug = "transaksi"
    email_type = EmailType.TRANSACTIONAL

    def runs(self, profile: TenantProfile, now: datetime) -> Iterable[Run]:  # noqa: ARG002  a port: standing runs need neither
        """Return the standing campaigns."""
        for variant in OrderVariant:
            content = CampaignContent(
                email_type=EmailType.TRANSACTIONAL,
                variant=variant,
                subject=_name(variant),
                preheader="",
                headline="",
                body="",
                product_ids=(),
                channels=(ChannelName.EMAIL,),
            )
            yield Run(f"{self.slug}-{variant}", _name(variant), content, standing=True)

    def settle(self, session: Session, run: Run, asking: Asking) -> bool:
        """Let go what was held once its payment is there, give up what is off, close alerts that are cured."""
        variant, tenant_id, now = OrderVariant(run.content.variant), asking.profile.id, asking.now
        if variant is OrderVariant.ORDER:
            self._close_reached(session, asking)
        if variant is not OrderVariant.DELIVERY:
            return False
        woken = False
        waiting = standing(session, tenant_id, AlertKind.NOT_PAID)
        orders = load_orders(session, {alert.order_id for alert in waiting})
        for alert in waiting:
            order = orders[alert.order_id]
            if order.off:
                close(alert, AlertOutcome.ORDER_OFF, now)
                give_up(session, tenant_id, order.id, now)
            elif order.paid:
                close(alert, AlertOutcome.PAID, now)
                woken = bool(let_go(session, tenant_id, order.id, now)) or woken
        return woken

    def addressees(self, session: Session, run: Run, asking: Asking) -> Iterator[Addressee]:
        """Return buyers and businesses whose mail is due; skips what waits and is overtaken, opens alerts for people."""
        variant = OrderVariant(run.content.variant)
        campaign = find_run(session, asking.profile.id, run.slug)
        wanted = touched(session, variant, asking, variant)
        if campaign is None or not wanted:
            return
        desk = self._desk(session, campaign, variant, wanted, asking)
        for order_id, order in desk.orders.items():
            readers = self._readers(desk, order)
            for telling in tellings(order, variant, readers, desk.told.get(order_id, ()), asking.now):
                if telling.overtaken:
                    overtake(session, campaign.id, order_id, telling.overtaken, asking.now)
                yield from self._addressee(desk, order, telling)
        open_alerts(session, asking.profile.id, desk.alerts, asking.now)
        note_looked(session, variant, wanted, asking)

    @staticmethod
    def _desk(
        session: Session, campaign: Campaign, variant: OrderVariant, wanted: Mapping[int, Touched], asking: Asking
    ) -> _Desk:
        orders = load_orders(session, wanted)
        businesses = {row_id for order in orders.values() for row_id in order.businesses}
        sellers, unreached = _reached(session, businesses, asking)
        return _Desk(
            variant=variant,
            orders=orders,
            buyers=wanted,
            sellers=sellers,
            unreached=unreached,
            told=told_of(session, campaign.id, orders),
            released=released_orders(session, asking.profile.id, orders),
        )

    @staticmethod
    def _readers(desk: _Desk, order: OrderFacts) -> list[Reader]:
        buyer = [BUYER] if desk.buyers[order.id].buyer is not None else []
        return [*buyer, *(Reader(business_id) for business_id in order.businesses)]

    @staticmethod
    def _addressee(desk: _Desk, order: OrderFacts, telling: Telling) -> Iterator[Addressee]:
        business_id = telling.reader.business_id
        contact_id = desk.buyers[order.id].buyer if business_id is None else desk.sellers.get(business_id)
        if contact_id is None:
            if business_id is not None:
                desk.alerts.append(
                    NewAlert(
                        AlertKind.UNREACHABLE,
                        desk.variant,
                        order.id,
                        business_id,
                        desk.unreached.get(business_id, SkipReason.NO_ADDRESS),
                    )
                )
            return
        verdict: Held | None = None
        if telling.needs_payment and order.id not in desk.released:
            verdict = held(SkipReason.NOT_PAID)
            desk.alerts.append(NewAlert(AlertKind.NOT_PAID, desk.variant, order.id))
        yield Addressee(
            contact_id, telling.facts, telling.trigger, verdict, order_id=order.id, month=month_of(order.placed_at)
        )

    @staticmethod
    def _close_reached(session: Session, asking: Asking) -> None:
        """Close the alerts on businesses that a mail reaches by now; what is still news goes to them by itself."""
        waiting = standing(session, asking.profile.id, AlertKind.UNREACHABLE)
        reached, _unreached = _reached(session, {row.business_id for row in waiting if row.business_id}, asking)
        for alert in waiting:
            if alert.business_id in reached:
                close(alert, AlertOutcome.REACHABLE, asking.now)


def touched(session: Session, variant: OrderVariant, asking: Asking, looked_as: str) -> dict[int, Touched]:
    """Return the orders that something of this variant happened to lately, with their buyers and states.

    Those that were looked at as they stand are left out: at any time these are nearly all. One whose business was not
    reached is looked at again, unless a person told it.
    """
    kind = next(name for name, one in VARIANT_OF.items() if one is variant)
    looked = exists().where(
        OrderLooked.order_id == Order.id,
        OrderLooked.variant == looked_as,
        OrderLooked.content_hash == Order.content_hash,
        OrderLooked.at >= OrderEvent.at,
    )
    unreached = exists().where(
        OrderAlert.order_id == Order.id,
        OrderAlert.kind == AlertKind.UNREACHABLE,
        OrderAlert.outcome != AlertOutcome.TOLD,
    )
    recent = (
        OrderEvent.tenant_id == asking.profile.id,
        OrderEvent.type == kind,
        OrderEvent.at > asking.now - FRESH,
        OrderEvent.at <= asking.now,
    )
    ours = (
        Order.tenant_id == asking.profile.id,
        *(~Order.external_id.startswith(name, autoescape=True) for name in MARKETPLACES),
    )
    query = (
        select(Order.id, Order.contact_id, Order.content_hash)
        .join(OrderEvent, OrderEvent.order_id == Order.id)
        .where(*recent, *ours, or_(Order.content_hash == "", ~looked, unreached))
    )
    found = {order_id: Touched(buyer, state) for order_id, buyer, state in session.execute(query)}
    if variant is OrderVariant.COMPLAINT:
        changed = select(Order.id, Order.contact_id, Order.content_hash).where(
            *ours, Order.complaint_changed_at > asking.now - FRESH
        )
        found |= {order_id: Touched(buyer, state) for order_id, buyer, state in session.execute(changed)}
    return dict(sorted(found.items()))


def note_looked(session: Session, looked_as: str, wanted: Mapping[int, Touched], asking: Asking) -> None:
    """Remember the state in which these orders were looked at: the one read before their facts, never a later one."""
    rows = [
        {"order_id": order_id, "variant": looked_as, "content_hash": touched.state, "at": asking.now}
        for order_id, touched in wanted.items()
    ]
    if not rows:
        return
    statement = engine_insert(session, OrderLooked)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[OrderLooked.order_id, OrderLooked.variant],
            set_={"content_hash": statement.excluded.content_hash, "at": asking.now},
        ),
        rows,
    )


def told_of(session: Session, campaign_id: int, order_ids: Collection[int]) -> Mapping[int, Sequence[Told]]:
    """Return what was told of each order in this campaign, also to people who were erased or merged since."""
    query = select(Message.order_id, Message.trigger, Message.state, Message.reason).where(
        Message.campaign_id == campaign_id, Message.order_id.in_(list(order_ids))
    )
    found: dict[int, list[Told]] = defaultdict(list)
    for order_id, trigger, state, reason in session.execute(query):
        void = state is MessageState.SKIPPED and reason == SkipReason.SUPERSEDED
        if order_id is not None:
            found[order_id].append(Told(trigger, waiting=state in WAITING, void=void))
    return found


def _reached(
    session: Session, business_ids: Collection[int], asking: Asking
) -> tuple[Mapping[int, int], Mapping[int, str]]:
    """Return the contacts of the businesses that a mail reaches, and why it does not reach the others it could name."""
    found = seller_contacts(
        session,
        asking.profile.id,
        business_ids,
        zone=asking.profile.zone,
        signing_key=asking.signing_key,
        now=asking.now,
    )
    cap = FrequencyCap()
    facts = gather_facts(
        session,
        tenant_id=asking.profile.id,
        contact_ids=list(set(found.values())),
        purpose=None,
        cap=cap,
        now=asking.now,
    )
    reached, unreached = dict[int, int](), dict[int, str]()
    for business_id, contact_id in found.items():
        known = facts.get(contact_id)
        verdict = decide_for(known.facts, None, cap) if known else None
        if verdict is None or isinstance(verdict, Skipped):
            unreached[business_id] = verdict.reason if verdict else SkipReason.NO_ADDRESS
        else:
            reached[business_id] = contact_id
    return reached, unreached


def _name(variant: OrderVariant) -> str:
    """Return what the standing campaign of a variant is called."""
    return {
        OrderVariant.ORDER: _("Pesanan disetujui"),
        OrderVariant.INVOICE: _("Faktur"),
        OrderVariant.DELIVERY: _("Pengiriman"),
        OrderVariant.COMPLAINT: _("Komplain"),
    }[variant]
