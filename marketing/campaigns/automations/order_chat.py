"""News of an order by WhatsApp, beside the e-mail: to buyers who agreed to be written to there, in a utility template.

The opt-in that Meta asks for whatever the message (WhatsApp Business Messaging Policy) is the person's consent to WhatsApp; who
takes it back, by STOP or anywhere else, gets no more of these, and the e-mail goes on. One standing campaign a variant; its
content holds the template that was chosen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.campaigns.automations.base import Asking, Run, find_run, open_run
from marketing.campaigns.automations.order_mail import note_looked, told_of, touched
from marketing.campaigns.order_alerts import overtake, released_orders
from marketing.campaigns.planner import Addressee
from marketing.contacts.permission_facts import gather_facts
from marketing.db.models import Approval, Automation, Campaign, CampaignVersion, User
from marketing.delivery.chat_templates import find_template
from marketing.delivery.order_reading import load_orders
from marketing.delivery.versions import content_of
from marketing.domain.campaign import CHAT, CampaignContent, ChatTemplate
from marketing.domain.chat import guessed, misfits
from marketing.domain.message import month_of
from marketing.domain.orders.telling import BUYER, OrderVariant, tellings
from marketing.domain.permission import Allowed, FrequencyCap, decide_for
from marketing.domain.types import ChannelName, EmailType, Purpose, Role
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.domain.whatsapp_template import holes
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile

TOLD: Final = (OrderVariant.ORDER, OrderVariant.INVOICE, OrderVariant.DELIVERY)
"""What is told: a complaint comes with papers, which a template cannot carry."""


class OrderChat:
    """One standing campaign per variant."""

    slug = "transaksi-whatsapp"
    email_type = EmailType.TRANSACTIONAL

    def runs(self, profile: TenantProfile, now: datetime) -> Iterable[Run]:  # noqa: ARG002  a port: standing runs need neither
        """Return the standing campaigns."""
        for variant in TOLD:
            content = CampaignContent(
                email_type=EmailType.TRANSACTIONAL,
                variant=f"{CHAT}-{variant}",
                subject=_name(variant),
                preheader="",
                headline="",
                body="",
                product_ids=(),
                channels=(),
            )
            yield Run(f"{self.slug}-{variant}", _name(variant), content, standing=True)

    def settle(self, session: Session, run: Run, asking: Asking) -> bool:  # noqa: ARG002  nothing of it waits for a condition
        """Return that nothing was put right: what may not be told yet has no row."""
        return False

    def addressees(self, session: Session, run: Run, asking: Asking) -> Iterator[Addressee]:
        """Return the buyers who agreed and whose news is due; skips what waits and is overtaken.

        A shipment before its payment (Perwali Blitar 24/2024 Ps. 10(1)) is looked at again until it is paid or let go.
        """
        campaign = find_run(session, asking.profile.id, run.slug)
        if campaign is None or content_of(session, campaign).chat is None:
            return
        variant = OrderVariant(run.content.variant.removeprefix(f"{CHAT}-"))
        wanted = touched(session, variant, asking, run.content.variant)
        if not wanted:
            return
        orders = load_orders(session, wanted)
        told, released = told_of(session, campaign.id, orders), released_orders(session, asking.profile.id, orders)
        agreed = _agreed(session, asking, {one.buyer for one in wanted.values() if one.buyer is not None})
        early: set[int] = set()
        for order_id, order in orders.items():
            buyer = wanted[order_id].buyer
            for telling in tellings(order, variant, [BUYER], told.get(order_id, ()), asking.now):
                if telling.needs_payment and order_id not in released:
                    early.add(order_id)
                elif buyer is not None and buyer in agreed:
                    if telling.overtaken:
                        overtake(session, campaign.id, order_id, telling.overtaken, asking.now)
                    month = month_of(order.placed_at)
                    yield Addressee(buyer, telling.facts, telling.trigger, order_id=order_id, month=month)
        done = {order_id: one for order_id, one in wanted.items() if order_id not in early}
        note_looked(session, run.content.variant, done, asking)


def _agreed(session: Session, asking: Asking, buyers: set[int]) -> set[int]:
    """Return those who may be told by WhatsApp now."""
    cap, purpose = FrequencyCap(), Purpose.WHATSAPP_MARKETING
    facts = gather_facts(
        session,
        tenant_id=asking.profile.id,
        contact_ids=sorted(buyers),
        purpose=purpose,
        cap=cap,
        now=asking.now,
        channel=ChannelName.WHATSAPP,
    )
    return {row_id for row_id, one in facts.items() if decide_for(one.facts, purpose, cap, owed=True) == Allowed()}


def switch_on_chat(
    session: Session, *, approver: User, profile: TenantProfile, wanted: ChatTemplate, now: datetime
) -> None:
    """Let order news go by WhatsApp in this template from now on, under this approver's name; again: in another template.

    Without fields, what usually stands in the holes is taken. NotAllowedError without the role, InvalidInputError for a
    template that cannot carry it.
    """
    require_role(approver, Role.APPROVER)
    template = find_template(session, profile.id, wanted)
    if template is None:
        raise InvalidInputError(
            _("Templat “{name}” tidak ada. Lihat “siar whatsapp templates”.").format(name=wanted.name)
        )
    if not wanted.fields:
        wanted = replace(wanted, fields=tuple(guessed(holes(template.shape.body), order=True)))
    wrong = misfits(template, wanted.fields, category=TemplateCategory.UTILITY, site="")
    for sentence in wrong:
        raise InvalidInputError(sentence)
    rule = OrderChat()
    standing = session.get(Automation, (profile.id, rule.slug))
    if standing is None:
        standing = Automation(tenant_id=profile.id, slug=rule.slug)
        session.add(standing)
    standing.enabled, standing.approved_by, standing.approved_at = True, approver.id, now
    session.flush()
    for run in rule.runs(profile, now):
        campaign = open_run(session, rule, run, standing, now)
        _use(session, campaign, wanted, standing)
    _audit(session, approver, "automation.on", now, template=f"{wanted.name}/{wanted.language}")


def switch_off_chat(session: Session, *, approver: User, now: datetime) -> None:
    """Tell nothing new by WhatsApp; what waits already still goes. NotAllowedError without the role."""
    require_role(approver, Role.APPROVER)
    standing = session.get(Automation, (approver.tenant_id, OrderChat.slug))
    if standing is not None and standing.enabled:
        standing.enabled = False
        _audit(session, approver, "automation.off", now)


def _use(session: Session, campaign: Campaign, wanted: ChatTemplate, standing: Automation) -> None:
    """Make a version in this template the one that new messages take."""
    content = content_of(session, campaign)
    if content.chat == wanted:
        return
    campaign.version += 1
    session.add_all(
        [
            CampaignVersion(
                tenant_id=campaign.tenant_id,
                campaign_id=campaign.id,
                number=campaign.version,
                content=replace(content, chat=wanted).to_json(),
                created_at=standing.approved_at,
            ),
            Approval(
                tenant_id=campaign.tenant_id,
                campaign_id=campaign.id,
                version=campaign.version,
                author_id=None,
                approver_id=standing.approved_by,
                approved=True,
                note=f"otomasi {OrderChat.slug}",
                at=standing.approved_at,
            ),
        ]
    )
    session.flush()


def _audit(session: Session, user: User, action: str, now: datetime, **details: str) -> None:
    write_audit(
        session,
        tenant_id=user.tenant_id,
        user_id=user.id,
        action=action,
        subject=OrderChat.slug,
        now=now,
        details=details,
    )


def _name(variant: OrderVariant) -> str:
    names: Mapping[OrderVariant, str] = {
        OrderVariant.ORDER: _("Pesanan disetujui (WhatsApp)"),
        OrderVariant.INVOICE: _("Pembayaran diterima (WhatsApp)"),
        OrderVariant.DELIVERY: _("Pengiriman (WhatsApp)"),
    }
    return names[variant]
