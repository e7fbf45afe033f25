"""Every e-mail of the registry and of the system, as a sample, for each Daerah and in each language; made once per process."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from marketing.accounts.password_links import PasswordLinks
from marketing.accounts.sign_in_mail import SignInMail, written
from marketing.contacts.confirmation_mail import confirmation_mail
from marketing.contacts.request_mail import request_mail
from marketing.db.models import DataRequest, Subscription, User
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.data_rights import RequestState, RightKind
from marketing.domain.links import LinkSigner
from marketing.domain.types import EmailType, Purpose
from marketing.i18n import LANGUAGES, speaking
from marketing.templates.compiler import compile_email
from marketing.templates.context import MailContext
from marketing.templates.registry import TEMPLATES, MailTemplate, template_of
from marketing.templates.samples import transactional
from marketing.tenants.profile import TenantProfile, load_profiles

NOW = datetime(2026, 11, 22, 8, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ShownMail:
    """One e-mail as it would leave; `context` is what the template was given, None for a mail of the system."""

    name: str
    language: str
    profile: TenantProfile
    email: OutboundEmail
    context: MailContext | None


@cache
def every_mail() -> tuple[ShownMail, ...]:
    """Return them all, in a stable order."""
    return tuple(
        mail
        for profile in load_profiles().values()
        for language in LANGUAGES
        for mail in (
            *(_campaign_mail(template, profile, language) for template in TEMPLATES),
            *_other_faces(profile, language),
            _system_mail("konfirmasi", profile, language, _confirmation(profile, language)),
            _system_mail("permintaan", profile, language, _request(profile, language)),
        )
    )


def _system_mail(kind: str, profile: TenantProfile, language: str, email: OutboundEmail) -> ShownMail:
    name = f"{kind}-{profile.id}-{language}"
    named = replace(email, message_id=f"<{name}@{email.sender_address.partition('@')[2]}>")
    return ShownMail(name, language, profile, named, None)


def _campaign_mail(template: MailTemplate, profile: TenantProfile, language: str) -> ShownMail:
    with speaking(language):
        context = template.sample(profile)
    mail = compile_email(template.email_type, template.variant, language).render(context)
    marketing = template.email_type is not EmailType.TRANSACTIONAL
    sender = profile.marketing_sender if marketing else profile.transactional_sender
    name = f"{template.variant}-{profile.id}-{language}"
    email = OutboundEmail(
        key=name,
        email_type=template.email_type,
        message_id=f"<{name}@{sender.partition('@')[2]}>",
        sender_name=profile.dinas_short,
        sender_address=sender,
        recipient_name=context.recipient_name,
        recipient_address="maria@pembeli.example",
        subject=mail.subject,
        body=WholeBody(mail.html, mail.text),
        reply_to=profile.email,
        unsubscribe_url=context.links.unsubscribe,
        list_id=f"{template.email_type}.{profile.id}.{sender.partition('@')[2]}" if marketing else "",
        feedback_id=f"1:{template.email_type}:{profile.id}:siarumkm" if marketing else "",
    )
    return ShownMail(name, language, profile, email, context)


def _other_faces(profile: TenantProfile, language: str) -> Iterator[ShownMail]:
    """Yield the other faces of order mail and the mails about signing in; each Daerah in another language, to save time."""
    if (list(load_profiles()).index(profile.id) + LANGUAGES.index(language)) % 2 == 0:
        yield from (_order_mail(name, profile, language) for name in transactional.MORE)
        yield from (_sign_in_mail(kind, profile, language) for kind in SignInMail)


def _order_mail(name: str, profile: TenantProfile, language: str) -> ShownMail:
    """Return another face of an order mail: to the business, corrected, or at another stage."""
    variant, sample = transactional.MORE[name]
    shown = _campaign_mail(replace(template_of(EmailType.TRANSACTIONAL, variant), sample=sample), profile, language)
    called = f"{name}-{profile.id}-{language}"
    domain = shown.email.sender_address.partition("@")[2]
    return replace(shown, name=called, email=replace(shown.email, key=called, message_id=f"<{called}@{domain}>"))


def _sign_in_mail(kind: SignInMail, profile: TenantProfile, language: str) -> ShownMail:
    user = User(id=1, tenant_id=profile.id, email="maria@pembeli.example", name="Maria", password_hash="x")
    links = PasswordLinks(LinkSigner((b"k" * 32,), "https://siar.example"), b"k" * 32)
    email = written(user, kind, links, "https://siar.example", until=int(NOW.timestamp()) + 1800, language=language)
    return _system_mail(f"masuk-{kind}", profile, language, email)


def _confirmation(profile: TenantProfile, language: str) -> OutboundEmail:
    row = Subscription(
        id=1,
        language=language,
        purposes=[Purpose.PROMOTIONAL, Purpose.NEWSLETTER],
        address="maria@pembeli.example",
        token_hash="a" * 64,
    )
    return confirmation_mail(row, profile, f"{profile.website}/konfirmasi/{'a' * 32}")


def _request(profile: TenantProfile, language: str) -> OutboundEmail:
    row = DataRequest(
        id=1,
        kind=RightKind.ACCESS,
        state=RequestState.DONE,
        address_hash="b" * 64,
        received_at=NOW,
        due_at=NOW,
        done_at=NOW,
        details={},
    )
    return request_mail(row, profile, "maria@pembeli.example", language=language, answer="Salinan data Anda terlampir.")
