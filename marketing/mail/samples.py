"""A template as a finished mail for a reader who does not exist: to look at, to measure, to keep as a file."""

from dataclasses import dataclass
from typing import Final

from marketing.domain.content import OutboundEmail
from marketing.domain.types import EmailType
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.templates.checks import Examined, Finding, findings, source_findings
from marketing.templates.compiler import TemplateSource, compile_email
from marketing.templates.context import MailContext
from marketing.templates.registry import MailTemplate
from marketing.tenants.profile import TenantProfile

READER: Final = "nama@contoh.example"


@dataclass(frozen=True, slots=True)
class SampleMail:
    """The mail, with what the template was given."""

    email: OutboundEmail
    context: MailContext

    def examined(self, own: str) -> Examined:
        """Return what the checks need; `own` is our public address."""
        return examined(self.email, self.context.preheader, own)


def examined(email: OutboundEmail, preheader: str, own: str) -> Examined:
    """Return what the checks need of a mail; order mail has no way out to look for."""
    leave = "" if email.email_type is EmailType.TRANSACTIONAL else email.unsubscribe_url
    return Examined(email.subject, preheader, email.html, email.text, leave, own)


def sample_of(
    template: MailTemplate,
    profile: TenantProfile,
    source: TemplateSource | None = None,
    language: str = SOURCE_LANGUAGE,
) -> SampleMail:
    """Return the sample in one language; TemplateError or RenderError when the source cannot be used."""
    with speaking(language):
        context = template.sample(profile)
    rendered = compile_email(template.email_type, template.variant, language, source).render(context)
    marketing = template.email_type is not EmailType.TRANSACTIONAL
    sender = profile.marketing_sender if marketing else profile.transactional_sender
    domain = sender.partition("@")[2]
    key = f"contoh-{template.variant}-{profile.id}-{language}"
    email = OutboundEmail(
        key=key,
        email_type=template.email_type,
        message_id=f"<{key}@{domain}>",
        sender_name=profile.dinas_short,
        sender_address=sender,
        recipient_name=context.recipient_name,
        recipient_address=READER,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        reply_to=profile.email,
        unsubscribe_url=context.links.unsubscribe if marketing else "",
        list_id=f"{template.email_type}.{profile.id}.{domain}" if marketing else "",
        feedback_id=f"0:{template.email_type}:{profile.id}:siarumkm" if marketing else "",
        tenant=profile.id,
    )
    return SampleMail(email, context)


def template_findings(sample: SampleMail, source: TemplateSource | None, own: str) -> tuple[Finding, ...]:
    """Return what to mend in a template: its mail, and for an office's own also its source."""
    return (*findings(sample.examined(own)), *(source_findings(source.mjml) if source else ()))
