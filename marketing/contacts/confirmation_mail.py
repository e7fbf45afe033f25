"""The mail that asks the owner of a mailbox whether the wish is really theirs; it promotes nothing and counts nothing."""

from marketing.contacts.purpose_words import purpose_title
from marketing.db.models import Subscription
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.types import EmailType, Purpose
from marketing.i18n import gettext as _
from marketing.i18n import speaking
from marketing.templates.context import SenderIdentity
from marketing.templates.system_mail import ConfirmationContext, render_confirmation
from marketing.tenants.profile import TenantProfile


def confirmation_mail(row: Subscription, profile: TenantProfile, url: str) -> OutboundEmail:
    """Return the finished mail, in the language of the form; the same row gives the same words, link and Message-ID.

    What somebody typed as a name stays out: a stranger could make us deliver a message of theirs to any address.
    """
    with speaking(row.language):
        rendered = render_confirmation(
            ConfirmationContext(
                sender=SenderIdentity.of(profile),
                subject=_("Konfirmasi langganan Anda: {office}").format(office=profile.dinas_short),
                preheader=_("Satu langkah lagi. Tanpa konfirmasi, tidak ada yang dikirim."),
                headline=_("Konfirmasi langganan Anda"),
                request=_("Seseorang, semoga Anda sendiri, meminta dengan alamat ini:"),
                wishes=tuple(purpose_title(Purpose(name)) for name in row.purposes),
                how=_(
                    "Bila benar Anda, buka halaman konfirmasi lalu tekan tombolnya. Tautan berlaku 72 jam, sekali pakai."
                ),
                action=_("Buka halaman konfirmasi"),
                address_note=_("Bila tombol tidak dapat dibuka, salin alamat ini ke peramban:"),
                ignore=_(
                    "Bukan Anda? Abaikan saja surel ini. Tanpa konfirmasi, alamat Anda kami hapus setelah 72 jam."
                ),
                confirm_url=url,
            )
        )
    sender = profile.transactional_sender
    return OutboundEmail(
        key=f"langganan-{row.id}",
        email_type=EmailType.TRANSACTIONAL,
        message_id=f"<langganan.{row.token_hash[:32]}@{sender.partition('@')[2]}>",
        sender_name=profile.dinas_short,
        sender_address=sender,
        recipient_name="",
        recipient_address=row.address,
        subject=rendered.subject,
        body=WholeBody(rendered.html, rendered.text),
        reply_to=profile.email,
        tenant=profile.id,
    )
