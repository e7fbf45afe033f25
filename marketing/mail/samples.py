"""A template as a finished mail for a reader who does not exist: to look at, to measure, to keep as a file."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from html import unescape
from typing import Final

from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.types import EmailType
from marketing.errors import InvalidInputError
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.i18n import gettext as _
from marketing.templates.checks import Examined, Finding, findings, source_findings
from marketing.templates.compiler import TemplateSource, compile_email
from marketing.templates.context import MailContext
from marketing.templates.registry import MailTemplate
from marketing.tenants.profile import TenantProfile

READER: Final = "nama@contoh.example"
_HIDDEN: Final = re.compile(r"<div[^>]*display:\s*none[^>]*>([^<]*)", re.IGNORECASE)
_FILLING: Final = re.compile(r"[\s\u00ad\u034f\u200b-\u200f\u2007\ufeff]{3,}")  # keeps the body out of the inbox's line


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


def examined_bytes(data: bytes, own: str) -> Examined:
    """Return what the checks need of a mail kept as a file (RFC 5322); InvalidInputError when it is none of ours.

    The preheader is the first text that is hidden, as MJML writes it.
    """
    message = message_from_bytes(data, policy=policy.default)
    parts = {kind: message.get_body((kind,)) for kind in ("html", "plain")}
    try:
        markup, text = (part.get_content() if part else "" for part in parts.values())
        subject, leave = str(message["Subject"] or ""), str(message["List-Unsubscribe"] or "")
    except (LookupError, ValueError, TypeError) as error:
        raise InvalidInputError(_("Berkas ini bukan surel yang dapat dibaca."), field="berkas") from error
    if not markup.strip() or not text.strip():
        raise InvalidInputError(_("Berkas ini tidak memuat bagian HTML dan teks."), field="berkas")
    hidden = _HIDDEN.search(markup)
    preheader = _FILLING.split(unescape(hidden[1]))[0].strip() if hidden else ""
    return Examined(subject, preheader, markup, text, leave.strip().removeprefix("<").removesuffix(">"), own)


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
        body=WholeBody(rendered.html, rendered.text),
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
