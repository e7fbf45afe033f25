"""How states, channels and e-mail types are called and marked on screen: an icon and a word, never colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from marketing.domain.category_words import category_titles
from marketing.i18n import gettext as _
from marketing.i18n import language

Tone = Literal["ok", "info", "warn", "bad", "hold", "brand", "idle"]


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as a word with its tone and icon."""

    label: str
    tone: Tone
    icon: str


PERSONAL_CHAT = "whatsapp_pribadi"
"""How pages call the messages to persons on a channel whose own name stands for its group."""


@cache
def _chips(_language: str) -> dict[str, Chip]:
    """Return all states: campaign, message, post, product, channel, pull and withdrawal; the same word always means the same thing."""
    return {
        "draft": Chip(_("Draf"), "idle", "pencil"),
        "in_review": Chip(_("Menunggu persetujuan"), "hold", "approval"),
        "approved": Chip(_("Disetujui"), "ok", "check"),
        "scheduled": Chip(_("Terjadwal"), "brand", "clock"),
        "sending": Chip(_("Sedang dikirim"), "info", "send"),
        "sent": Chip(_("Selesai dikirim"), "ok", "check"),
        "paused": Chip(_("Dijeda"), "warn", "pause"),
        "cancelled": Chip(_("Dibatalkan"), "idle", "cross"),
        "failed": Chip(_("Gagal"), "bad", "warning"),
        "queued": Chip(_("Menunggu giliran"), "idle", "clock"),
        "accepted": Chip(_("Diterima server"), "info", "send"),
        "delivered": Chip(_("Sampai"), "ok", "check"),
        "deferred": Chip(_("Ditunda sementara"), "idle", "clock"),
        "bounced": Chip(_("Terpental"), "bad", "warning"),
        "complained": Chip(_("Diadukan"), "bad", "warning"),
        "skipped": Chip(_("Dilewati"), "warn", "skip"),
        "unknown": Chip(_("Belum pasti"), "hold", "question"),
        "submitting": Chip(_("Sedang dikirim"), "info", "send"),
        "pending": Chip(_("Diproses kanal"), "info", "clock"),
        "published": Chip(_("Terbit"), "ok", "check"),
        "unconfirmed": Chip(_("Belum pasti"), "hold", "question"),
        "awaiting_human": Chip(_("Menunggu petugas"), "hold", "person"),
        "shared": Chip(_("Sudah dibagikan"), "ok", "check"),
        "withdrawn": Chip(_("Ditarik"), "idle", "undo"),
        "ready": Chip(_("Siap promosi"), "ok", "check"),
        "held": Chip(_("Tertahan"), "warn", "pause"),
        "unverified": Chip(_("Menunggu verifikasi"), "hold", "clock"),
        "healthy": Chip(_("Sehat"), "ok", "check"),
        "sandbox": Chip(_("Kotak pasir"), "brand", "outbox"),
        "attention": Chip(_("Perlu perhatian"), "warn", "warning"),
        "running": Chip(_("Sedang diambil"), "info", "sync"),
        "open": Chip(_("Sedang dicoba"), "warn", "clock"),
        "done": Chip(_("Selesai"), "ok", "check"),
        "needless": Chip(_("Tidak perlu lagi"), "idle", "skip"),
        "active": Chip(_("Terhubung"), "ok", "plug"),
        "reconnect": Chip(_("Perlu disambungkan ulang"), "bad", "warning"),
        "removed": Chip(_("Dilepas"), "idle", "cross"),
        "wanted": Chip(_("Menunggu giliran"), "idle", "clock"),
        "creating": Chip(_("Sedang dibuat"), "info", "send"),
        "listed": Chip(_("Tayang"), "ok", "check"),
        "unlisted": Chip(_("Tidak tayang"), "idle", "undo"),
        "refused": Chip(_("Ditolak"), "bad", "warning"),
        "received": Chip(_("Diterima"), "hold", "clock"),
        "in_progress": Chip(_("Dikerjakan"), "info", "person"),
        "overdue": Chip(_("Terlambat"), "bad", "warning"),
        "due_soon": Chip(_("Segera"), "warn", "clock"),
        "in_time": Chip(_("Masih cukup waktu"), "idle", "clock"),
        "disconnected": Chip(_("Belum dihubungkan"), "idle", "plug"),
    }


@cache
def _channels(_language: str) -> dict[str, tuple[str, str]]:
    return {
        "website": (_("Situs web"), "globe"),
        "facebook": ("Facebook", "facebook"),
        "instagram": ("Instagram", "instagram"),
        "tiktok": ("TikTok", "tiktok"),
        "whatsapp": (_("Grup WhatsApp"), "whatsapp"),
        PERSONAL_CHAT: (_("Pesan pribadi WhatsApp"), "whatsapp"),
        "telegram": ("Telegram", "telegram"),
        "email": (_("Surel"), "mail"),
        "marketplace": (_("Lokapasar"), "shop"),
    }


@cache
def _email_types(_language: str) -> dict[str, str]:
    return {
        "promotional": _("Promosi"),
        "transactional": _("Transaksi pesanan"),
        "newsletter": _("Buletin"),
        "sosialisasi": _("Sosialisasi UMKM"),
        "retention": _("Ajakan kembali"),
        "personalised": _("Saran pribadi"),
        "whatsapp_marketing": _("WhatsApp (pesan pribadi)"),
    }


@cache
def _categories(_language: str) -> Mapping[str, str]:
    return category_titles()


_CATEGORY_ICONS = {
    "makanan_olahan": "bowl",
    "minuman": "cup",
    "kerajinan": "basket",
    "fesyen": "shirt",
    "pertanian": "leaf",
    "jasa": "tool",
}


def chip_of(state: str) -> Chip:
    """Return how a state is shown; KeyError for a state that no screen knows."""
    return _chips(language())[state]


def channel_label(channel: str) -> str:
    """Return what people call a channel."""
    return _channels(language())[channel][0]


def channel_icon(channel: str) -> str:
    """Return the icon of a channel."""
    return _channels(language())[channel][1]


def email_type_label(email_type: str) -> str:
    """Return what people call one of the five kinds of e-mail (TTS Ps. 7(3)), or what goes out for another purpose of its own."""
    return _email_types(language())[email_type]


def category_label(category: str) -> str:
    """Return what people call a product category of the catalogue contract."""
    return _categories(language())[category]


def category_icon(category: str) -> str:
    """Return the icon of a product category; one without its own gets the box."""
    return _CATEGORY_ICONS.get(category, "box")
