"""Which e-mails there are: every kind of TTS Ps. 7(3) with its variants, its context and a sample to look at."""

from collections.abc import Callable
from dataclasses import dataclass

from marketing.domain.types import EmailType
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.templates.context import (
    ComplaintContext,
    MailContext,
    NewsletterContext,
    PersonalisedContext,
    PromotionalContext,
    RetentionContext,
    TransactionalContext,
)
from marketing.templates.samples import marketing, newsletter, transactional
from marketing.tenants.profile import TenantProfile


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """One variant of one kind of e-mail."""

    email_type: EmailType
    variant: str
    context: type[MailContext]
    sample: Callable[[TenantProfile], MailContext]


# The first of each kind is its default.
TEMPLATES: tuple[MailTemplate, ...] = (
    MailTemplate(EmailType.PROMOTIONAL, "diskon", PromotionalContext, marketing.discount),
    MailTemplate(EmailType.PROMOTIONAL, "produk_baru", PromotionalContext, marketing.new_products),
    MailTemplate(EmailType.PROMOTIONAL, "paket", PromotionalContext, marketing.bundle),
    MailTemplate(EmailType.NEWSLETTER, "buletin", NewsletterContext, newsletter.newsletter),
    MailTemplate(EmailType.NEWSLETTER, "sosialisasi", NewsletterContext, newsletter.outreach),
    MailTemplate(EmailType.RETENTION, "lama_tidak_berjumpa", RetentionContext, marketing.retention),
    MailTemplate(EmailType.PERSONALISED, "pilihan", PersonalisedContext, marketing.personalised),
    MailTemplate(EmailType.TRANSACTIONAL, "pesanan", TransactionalContext, transactional.order),
    MailTemplate(EmailType.TRANSACTIONAL, "faktur", TransactionalContext, transactional.invoice),
    MailTemplate(EmailType.TRANSACTIONAL, "pengiriman", TransactionalContext, transactional.delivery),
    MailTemplate(EmailType.TRANSACTIONAL, "komplain", ComplaintContext, transactional.complaint),
)


def variants(email_type: EmailType) -> tuple[str, ...]:
    """Return the variants of a kind, the default first."""
    return tuple(template.variant for template in TEMPLATES if template.email_type is email_type)


def default_variant(email_type: EmailType) -> str:
    """Return the variant that a new campaign of this kind starts with."""
    return variants(email_type)[0]


def template_of(email_type: EmailType, variant: str) -> MailTemplate:
    """Return one template; NotFoundError names those that exist."""
    for template in TEMPLATES:
        if (template.email_type, template.variant) == (email_type, variant):
            return template
    raise NotFoundError(
        _("Templat “{variant}” tidak ada untuk surel {kind}. Yang tersedia: {known}.").format(
            variant=variant, kind=email_type, known=", ".join(variants(email_type))
        )
    )


def named_templates(name: str) -> tuple[MailTemplate, ...]:
    """Return what a kind, a variant or “kind/variant” names; NotFoundError names those that exist."""
    found = tuple(
        one for one in TEMPLATES if name in (one.email_type.value, one.variant, f"{one.email_type}/{one.variant}")
    )
    if not found:
        known = ", ".join(f"{one.email_type}/{one.variant}" for one in TEMPLATES)
        raise NotFoundError(_("Templat “{name}” tidak ada. Yang tersedia: {known}.").format(name=name, known=known))
    return found
