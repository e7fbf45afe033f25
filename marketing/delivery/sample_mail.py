"""A campaign's mail before it goes out: for a reader who does not exist, what to mend in it, and a trial to oneself.

Its links belong to message 0, which there is none of: following them opens nothing, counts nothing and stops nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from marketing.channels.base import Accepted, InDoubt, Messenger, send_one
from marketing.contacts.permission_facts import ContactFacts
from marketing.db.models import Campaign, Message, User
from marketing.delivery.composing import MailComposer, load_campaign_mail
from marketing.delivery.versions import content_of
from marketing.domain.content import OutboundEmail
from marketing.domain.permission import SendFacts
from marketing.domain.types import ChannelName, EmailType
from marketing.i18n import gettext as _
from marketing.mail.samples import READER, examined
from marketing.templates.checks import Finding, Level, findings
from marketing.tenants.profile import TenantProfile

NOBODY: Final = 0


@dataclass(frozen=True, slots=True)
class SampleMails:
    """Makes and examines the mail of a campaign's newest version."""

    composer: MailComposer

    def of(self, session: Session, campaign: Campaign, profile: TenantProfile, now: datetime) -> OutboundEmail | None:
        """Return it as a sample reader would get it; None for order mail, which is different every time."""
        if campaign.email_type is EmailType.TRANSACTIONAL:
            return None
        facts = SendFacts(has_address=True, erased=False, suppressed=False)
        reader = ContactFacts(NOBODY, _("Nama Penerima"), None, READER, facts)
        message = Message(
            id=NOBODY,
            tenant_id=campaign.tenant_id,
            campaign_id=campaign.id,
            version=campaign.version,
            contact_id=NOBODY,
            context={"last_order": (now - timedelta(days=profile.inactive_days)).isoformat()},
        )
        mail = load_campaign_mail(session, campaign, campaign.version, profile, [message])
        return self.composer.compose(message, reader, replace(mail, links={}), now)

    def findings(
        self, session: Session, campaign: Campaign, profile: TenantProfile, now: datetime
    ) -> tuple[Finding, ...]:
        """Return what to mend in it, errors first; nothing where the campaign sends no mail."""
        content = content_of(session, campaign)
        email = self.of(session, campaign, profile, now) if ChannelName.EMAIL in content.channels else None
        return findings(examined(email, content.preheader, self.composer.public_url)) if email else ()

    def fault(self, session: Session, campaign: Campaign, profile: TenantProfile, now: datetime) -> str:
        """Return the first error that keeps the mail from going out, empty where there is none."""
        found = self.findings(session, campaign, profile, now)
        return next((one.text for one in found if one.level is Level.ERROR), "")


def trial_of(email: OutboundEmail, user: User, reference: str) -> OutboundEmail:
    """Return the sample addressed to the person who asked for it, marked in its subject, and of no campaign."""
    return replace(
        email,
        key=f"uji-{reference}",
        message_id=f"<uji.{reference}@{email.sender_address.partition('@')[2]}>",
        recipient_name=user.name,
        recipient_address=user.email,
        subject=_("[Uji] {subject}").format(subject=email.subject),
        feedback_id="",
        campaign=0,
    )


def send_trial(messenger: Messenger, trial: OutboundEmail) -> bool:
    """Send it at once; False when nobody would carry it now."""
    return isinstance(send_one(messenger, trial), Accepted | InDoubt)
