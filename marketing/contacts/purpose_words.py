"""What a person may agree to, in the few words of forms, mails and receipts."""

from marketing.domain.types import Purpose
from marketing.i18n import gettext as _


def purpose_title(purpose: Purpose) -> str:
    """Return the name of a purpose as a person reads it."""
    return {
        Purpose.PROMOTIONAL: _("Promosi produk UMKM"),
        Purpose.NEWSLETTER: _("Buletin UMKM"),
        Purpose.RETENTION: _("Ajakan kembali berbelanja"),
        Purpose.PERSONALISED: _("Pilihan produk untuk Anda"),
        Purpose.ENGAGEMENT_TRACKING: _("Pengukuran bacaan atas nama Anda"),
        Purpose.WHATSAPP_MARKETING: _("Kabar promosi lewat WhatsApp"),
        Purpose.TELEGRAM_MARKETING: _("Kabar promosi lewat Telegram"),
        Purpose.SOSIALISASI: _("Sosialisasi bagi pelaku UMKM"),
    }[purpose]
