"""Why something did not go out, in words: codes of the permission decision, of the mail relay and of ourselves."""

import re

from marketing.channels.whatsapp.cloud_errors import sentence
from marketing.domain.permission import SkipReason
from marketing.i18n import gettext as _

_WHATSAPP = re.compile(r"wa_([0-9]{1,9})")
BOUNCED = "bounce_"
"""How the reason of a returned message begins; its class follows."""


def skip_label(reason: str, *, by_chat: bool = False) -> str:
    """Return why a person was left out, of mail or of WhatsApp."""
    if by_chat and reason == SkipReason.NO_ADDRESS:
        return _("Tidak punya nomor WhatsApp")
    return (
        {
            SkipReason.NO_ADDRESS: _("Tidak punya alamat surel"),
            SkipReason.ERASED: _("Datanya sudah dihapus atas permintaan"),
            SkipReason.SUPPRESSED: _("Alamatnya berhenti menerima apa pun"),
            SkipReason.NO_CONSENT: _("Belum menyetujui jenis surat ini"),
            SkipReason.WITHDRAWN: _("Menarik persetujuannya"),
            SkipReason.TOO_OFTEN: _("Sudah cukup dikirimi dalam tujuh hari terakhir"),
            SkipReason.PRODUCT_HELD: _("Produknya sedang tertahan"),
            SkipReason.NOTHING_TO_SAY: _("Tidak ada produk yang cocok untuk orang ini"),
            SkipReason.NOT_PAID: _("Pesanannya belum dibayar"),
            SkipReason.CANCELLED: _("Kampanyenya dibatalkan"),
            SkipReason.ORDER_OFF: _("Pesanannya dibatalkan atau dananya dikembalikan"),
            SkipReason.SUPERSEDED: _("Diganti oleh surat yang lebih baru sebelum berangkat"),
            SkipReason.RESTRICTED: _("Minta pemrosesan datanya dibatasi"),
            SkipReason.UNREACHABLE: _("Kotak suratnya tidak ada"),
            SkipReason.LEGAL_STOP: _("Dihentikan perintah hukum"),
            SkipReason.NOT_CONFIRMED: _("Belum mengonfirmasi langganannya"),
            SkipReason.OUTDATED_WORDING: _("Menyetujui kalimat yang sudah diganti"),
            SkipReason.NOT_REGISTERED: _("Bukan pelaku UMKM atau penyedia terdaftar"),
            SkipReason.PAUSED: _("Sedang minta jeda"),
            SkipReason.OWN_LIMIT: _("Sudah sebanyak yang ia mau pekan ini"),
        }.get(SkipReason(reason), reason)
        if reason in set(SkipReason)
        else failure_label(reason)
    )


def class_label(bounce: str) -> str:
    """Return why a mail came back."""
    return {
        "hard": _("Alamatnya tidak ada"),
        "soft": _("Kotak surat penuh atau servernya sedang tidak menerima"),
        "block": _("Server penerima menolak kami sebagai pengirim"),
        "technical": _("Galat teknis antara dua server"),
        "complaint": _("Diadukan sebagai spam"),
    }.get(bounce, _("Dikembalikan"))


def failure_label(reason: str, detail: str = "") -> str:
    """Return what a mail relay or our own work said, with its code where it has one."""
    if not reason:
        return ""
    for code in (reason, detail):
        if found := _WHATSAPP.fullmatch(code):
            return sentence(int(found[1]))
    if reason == "complaint" or reason.startswith(BOUNCED):
        said = " · ".join(filter(None, (class_label(reason.removeprefix(BOUNCED)), detail)))
    elif reason.startswith("smtp_"):
        said = _("Server penerima menjawab {code}").format(code=detail or reason.removeprefix("smtp_"))
    elif reason.startswith("http_") and reason != "http_400":
        said = _("Penyedia surat menjawab {code}").format(code=reason.removeprefix("http_"))
    else:
        said = {
            "bad_address": _("Alamatnya tidak dapat dipakai"),
            "bad_message": _("Suratnya tidak dapat ditulis dengan aman"),
            "config": _("Penyedia surat menolak setelan akun kami"),
            "connection": _("Server surat tidak dapat dihubungi"),
            "credentials": _("Server surat menolak sandi kami"),
            "gave_up": _("Sudah dicoba berkali-kali tanpa hasil"),
            "http_400": _("Penyedia surat menolak isinya"),
            "no_number": _("Belum ada nomor WhatsApp yang terhubung"),
            "pace": _("Batas kirim tercapai, menunggu giliran"),
            "paused": _("Akun kanalnya sedang dijeda"),
            "reconnect": _("Akun kanalnya perlu disambungkan ulang"),
            "wa_resting": _("Nomor WhatsApp sedang dibatasi Meta, dilanjutkan sendiri"),
            "no_account": _("Tidak ada akun surel untuk jenis surat ini"),
            "no_answer": _("Jawaban server hilang"),
            "rate": _("Batas kirim tercapai, menunggu giliran"),
            "sender_refused": _("Penyedia surat menolak alamat pengirim kami"),
            "tls": _("Sambungan aman ke server surat gagal"),
            "too_large": _("Suratnya terlalu besar bagi server surat"),
            "unclear_answer": _("Jawaban server tidak dapat dibaca"),
            "waited": _("Menunggu giliran"),
            "worker_lost": _("Pengirim berhenti di tengah jalan"),
            "never_arrived": _("Dipastikan tidak terkirim"),
            "judged_arrived": _("Dinyatakan sampai oleh petugas"),
            "restored": _("Basis data dipulihkan dari cadangan"),
            "render_error": _("Suratnya tidak dapat disusun"),
            "slow": _("Server surat terlalu lambat, dicoba lagi"),
            "smtputf8_unsupported": _("Server tidak mengenal alamat berhuruf khusus"),
        }.get(reason, reason)
    return said
