"""The mail that tells a person what became of what they asked of their data; it promotes nothing and counts nothing."""

from marketing.contacts.request_words import kind_title
from marketing.db.models import DataRequest
from marketing.domain.calendar_id import format_datetime_id
from marketing.domain.content import OutboundEmail
from marketing.domain.data_rights import DEADLINES, RequestState, RightKind
from marketing.domain.types import EmailType
from marketing.i18n import gettext as _
from marketing.i18n import speaking
from marketing.templates.context import SenderIdentity
from marketing.templates.system_mail import RequestContext, render_request
from marketing.tenants.profile import TenantProfile


def request_mail(
    request: DataRequest, profile: TenantProfile, address: str, language: str, answer: str
) -> OutboundEmail:
    """Return the finished mail about a closed request; the same request gives the same Message-ID.

    `answer` is what the staff wrote. No name: after an erasure we have none any more.
    """
    kind, done = RightKind(request.kind), request.state == RequestState.DONE
    with speaking(language):
        rendered = render_request(
            RequestContext(
                sender=SenderIdentity.of(profile),
                subject=_("Permintaan Anda: {what}").format(what=kind_title(kind)),
                preheader=_("Sudah selesai.") if done else _("Belum dapat kami penuhi."),
                headline=_("Permintaan Anda sudah selesai") if done else _("Permintaan Anda belum dapat kami penuhi"),
                lines=tuple(line for line in (_outcome(kind, done=done), answer) if line),
                facts=(
                    _("Permintaan: {what}").format(what=kind_title(kind)),
                    _("Diterima: {time}").format(time=format_datetime_id(request.received_at, profile.zone)),
                    _("Dijawab: {time}").format(
                        time=format_datetime_id(request.done_at or request.received_at, profile.zone)
                    ),
                    _("Dasar: {article}").format(article=DEADLINES[kind].right),
                ),
                note=_(
                    "Anda menerima surel ini karena ada permintaan atas data pribadi dengan alamat ini. Tidak setuju dengan jawabannya? Hubungi petugas pelindungan data di bawah ini."
                ),
            )
        )
    sender = profile.transactional_sender
    return OutboundEmail(
        key=f"permintaan-{request.id}",
        email_type=EmailType.TRANSACTIONAL,
        message_id=f"<permintaan.{request.id}.{request.address_hash[:24]}@{sender.partition('@')[2]}>",
        sender_name=profile.dinas_short,
        sender_address=sender,
        recipient_name="",
        recipient_address=address,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        reply_to=profile.email,
    )


def _outcome(kind: RightKind, *, done: bool) -> str:
    if not done:
        return _("Petugas kami sudah memeriksa permintaan ini. Alasannya:")
    return {
        RightKind.ACCESS: _("Salinan data Anda sudah disiapkan."),
        RightKind.PORTABILITY: _("Salinan data Anda dalam bentuk yang dapat dibaca mesin sudah disiapkan."),
        RightKind.RECTIFY: _("Data Anda sudah diperbaiki."),
        RightKind.RESTRICT: _(
            "Pemrosesan data Anda sudah dibatasi. Tidak ada yang dikirim kepada Anda selain yang diperlukan untuk pesanan Anda."
        ),
        RightKind.OBJECT: _("Pilihan produk pribadi dan pengukuran bacaan atas nama Anda sudah dihentikan."),
        RightKind.ERASE: _(
            "Data Anda sudah dihapus dan dimusnahkan. Yang tersisa hanya kode acak yang mencegah alamat ini masuk lagi, dan catatan pesanan tanpa nama Anda yang wajib disimpan sepuluh tahun. Surel ini yang terakhir."
        ),
    }[kind]
