"""Order mail: approved, paid (invoice) and shipped, once per event (TTS Ps. 7(3)b; Blitar Ps. 1(19)–(21), 10(1))."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from marketing.campaigns.automations.base import Run
from marketing.campaigns.automations.history import CANCELLED
from marketing.campaigns.planner import Addressee
from marketing.db.models import Campaign, Message, Order, OrderEvent
from marketing.delivery.order_context import VARIANTS
from marketing.domain.campaign import CampaignContent
from marketing.domain.permission import SkipReason, skipped
from marketing.domain.types import ChannelName, EmailType
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile

# Older events are history that a first sync brings in, not news for the buyer.
FRESH = timedelta(hours=72)


class OrderMail:
    """One standing campaign per kind of event."""

    slug = "transaksi"
    email_type = EmailType.TRANSACTIONAL

    def runs(self, profile: TenantProfile, now: datetime) -> Iterable[Run]:  # noqa: ARG002  a port: standing runs need neither
        """Return the three standing campaigns."""
        for event_type, variant in VARIANTS.items():
            content = CampaignContent(
                email_type=EmailType.TRANSACTIONAL,
                variant=variant,
                subject=_name(event_type),
                preheader="",
                headline="",
                body="",
                product_ids=(),
                channels=(ChannelName.EMAIL,),
            )
            yield Run(f"{self.slug}-{variant}", _name(event_type), content, standing=True)

    def addressees(self, session: Session, run: Run, profile: TenantProfile, now: datetime) -> Iterator[Addressee]:
        """Return the buyers of fresh events that have no mail yet; a shipment before payment is held with its article.

        The held row has a trigger of its own, so that the mail still goes out once the payment arrives.
        """
        event_type = next(kind for kind, variant in VARIANTS.items() if variant == run.content.variant)
        paid = aliased(OrderEvent)
        is_paid = select(paid.id).where(paid.order_id == OrderEvent.order_id, paid.type == "paid").exists()
        query = (
            select(OrderEvent.id, Order.contact_id, is_paid)
            .join(Order, Order.id == OrderEvent.order_id)
            .where(
                OrderEvent.tenant_id == profile.id,
                OrderEvent.type == event_type,
                OrderEvent.at > now - FRESH,
                OrderEvent.at <= now,
                Order.contact_id.is_not(None),
                Order.status.not_in(CANCELLED),  # good news of an order that is off would mislead
            )
            .order_by(OrderEvent.id)
        )
        known = set(
            session.scalars(
                select(Message.trigger)
                .join(Campaign, Campaign.id == Message.campaign_id)
                .where(Campaign.tenant_id == profile.id, Campaign.slug == run.slug)
            )
        )
        for event_id, contact_id, has_paid in session.execute(query):
            held = event_type == "shipped" and not has_paid
            trigger = f"{event_id}:not_paid" if held else str(event_id)
            if contact_id is not None and trigger not in known:
                verdict = skipped(SkipReason.NOT_PAID) if held else None
                yield Addressee(contact_id, {"event_id": event_id}, trigger, verdict)


def _name(event_type: str) -> str:
    """Return what the standing campaign of an order event is called."""
    return {"approved": _("Pesanan disetujui"), "paid": _("Faktur"), "shipped": _("Pengiriman")}[event_type]
