"""The mail that tells a person what became of what they asked of their data; it promotes nothing and counts nothing."""

from marketing.contacts.request_words import kind_title
from marketing.db.models import DataRequest
from marketing.domain.calendar_id import format_datetime
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.data_rights import COPIES, DEADLINES, OPEN, RequestState, RightKind
from marketing.domain.links import LinkPurpose, LinkSigner
from marketing.domain.types import EmailType
from marketing.i18n import gettext as _
from marketing.i18n import language as spoken
from marketing.i18n import speaking
from marketing.templates.context import SenderIdentity
from marketing.templates.system_mail import RequestContext, render_request
from marketing.tenants.profile import TenantProfile


def own_link(signer: LinkSigner, request: DataRequest) -> str:
    """Return the short-lived link on which a person takes a copy or confirms an erasure; empty where there is nothing to open.

    It names the request and the moment from which it counts, so that a repeated mail carries the same link.
    """
    if request.state in OPEN and (issued := request.details.get("issued")):
        return signer.url(LinkPurpose.OWN_DATA, request.id, int(issued))
    if request.state == RequestState.DONE and request.kind in COPIES and request.done_at is not None:
        return signer.url(LinkPurpose.OWN_DATA, request.id, int(request.done_at.timestamp()))
    return ""


def request_mail(
    request: DataRequest, profile: TenantProfile, address: str, *, language: str, answer: str, link: str = ""
) -> OutboundEmail:
    """Return the finished mail about a closed request, or about an open one with its link; a repeat has the same Message-ID.

    `answer` is what the staff wrote. No name: after an erasure we have none any more.
    """
    with speaking(language):
        words = _asked(request, profile, link) if request.state in OPEN else _closed(request, profile, answer, link)
        rendered = render_request(words)
    sender = profile.transactional_sender
    part = f"tautan{request.details.get('issued', 0)}" if request.state in OPEN else "permintaan"
    return OutboundEmail(
        key=f"permintaan-{request.id}",
        email_type=EmailType.TRANSACTIONAL,
        message_id=f"<{part}.{request.id}.{request.address_hash[:24]}@{sender.partition('@')[2]}>",
        sender_name=profile.dinas_short,
        sender_address=sender,
        recipient_name="",
        recipient_address=address,
        subject=rendered.subject,
        body=WholeBody(rendered.html, rendered.text),
        reply_to=profile.email,
        tenant=profile.id,
    )


def _closed(request: DataRequest, profile: TenantProfile, answer: str, link: str) -> RequestContext:
    kind, done = RightKind(request.kind), request.state == RequestState.DONE
    return RequestContext(
        sender=SenderIdentity.of(profile),
        subject=_("Permintaan Anda: {what}").format(what=kind_title(kind)),
        preheader=_("Sudah selesai.") if done else _("Belum dapat kami penuhi."),
        headline=_("Permintaan Anda sudah selesai") if done else _("Permintaan Anda belum dapat kami penuhi"),
        lines=tuple(line for line in (_outcome(kind, done=done), answer, _until() if link else "") if line),
        facts=(
            *_facts(request, profile),
            _("Dijawab: {time}").format(
                time=format_datetime(request.done_at or request.received_at, profile.zone, spoken())
            ),
            _("Dasar: {article}").format(article=DEADLINES[kind].right),
        ),
        note=_(
            "Anda menerima surel ini karena ada permintaan atas data pribadi dengan alamat ini. Tidak setuju dengan jawabannya? Hubungi petugas pelindungan data di bawah ini."
        ),
        action=_("Unduh salinan data saya"),
        address_note=_("Bila tombol tidak dapat dibuka, salin alamat ini ke peramban:"),
        url=link,
    )


def _asked(request: DataRequest, profile: TenantProfile, link: str) -> RequestContext:
    """Return the words of the mail whose link proves that whoever asked reads this mailbox."""
    erases = request.kind == RightKind.ERASE
    return RequestContext(
        sender=SenderIdentity.of(profile),
        subject=_("Konfirmasi penghapusan data Anda") if erases else _("Salinan data Anda siap diunduh"),
        preheader=_("Tautan berlaku 24 jam."),
        headline=_("Hapus data Anda?") if erases else _("Salinan data Anda siap diunduh"),
        lines=(
            _("Seseorang, semoga Anda sendiri, meminta agar data pribadi dengan alamat ini dihapus.")
            if erases
            else _("Seseorang, semoga Anda sendiri, meminta salinan data pribadi dengan alamat ini."),
            _("Tidak ada yang dihapus sebelum Anda menekan tombol di halaman itu.") if erases else _until(),
        ),
        facts=(*_facts(request, profile), _("Tautan berlaku 24 jam.")),
        note=_("Bukan Anda? Abaikan surel ini dan jangan teruskan tautannya. Tidak ada yang berubah."),
        action=_("Buka halaman penghapusan") if erases else _("Unduh salinan data saya"),
        address_note=_("Bila tombol tidak dapat dibuka, salin alamat ini ke peramban:"),
        url=link,
    )


def _facts(request: DataRequest, profile: TenantProfile) -> tuple[str, ...]:
    return (
        _("Permintaan: {what}").format(what=kind_title(RightKind(request.kind))),
        _("Diterima: {time}").format(time=format_datetime(request.received_at, profile.zone, spoken())),
    )


def _until() -> str:
    return _("Unduh lewat tautan di bawah ini. Jangan teruskan: siapa yang membukanya dapat membaca data Anda.")


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
