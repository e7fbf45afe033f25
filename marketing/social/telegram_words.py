"""What the bot says, in the language of whoever listens."""

from marketing.domain.consent_wording import Wording
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile


def asking(profile: TenantProfile, wording: Wording) -> str:
    """Return what a person reads before the two buttons: the whole text in force, and that nothing is ticked beforehand."""
    last = _("Teks persetujuan versi {version}. Tidak ada yang tercatat sebelum Anda menekan “Ya, saya setuju”.")
    return f"{profile.dinas}\n\n{wording.text}\n\n{last.format(version=wording.version)}"


def yes_label() -> str:
    """Return the button that agrees."""
    return _("Ya, saya setuju")


def no_label() -> str:
    """Return the button that does not."""
    return _("Tidak")


def agreed(profile: TenantProfile, preferences: str) -> str:
    """Return the confirmation, with the ways to end it."""
    text = _(
        "Persetujuan Anda tercatat. {office} boleh mengirim kabar promosi UMKM ke obrolan ini.\n\n"
        "Berhenti kapan saja: tulis STOP atau /stop di sini.\nLihat dan ubah pilihan Anda: {preferences}"
    )
    return text.format(office=profile.dinas_short, preferences=preferences)


def declined() -> str:
    """Return what is said to a no."""
    return _("Baik. Tidak ada yang dicatat dan tidak ada yang dikirim.")


def barred(profile: TenantProfile) -> str:
    """Return what is said to a chat that must be left alone for a reason its owner cannot lift here."""
    text = _("Obrolan ini ada di daftar yang tidak boleh dikirimi. Untuk membukanya, tulis ke {address}.")
    return text.format(address=profile.dpo.email or profile.email)


def asked_too_long_ago(link: str) -> str:
    """Return what is said to a button or a link that no longer counts."""
    return _("Tautan atau tombol ini sudah tidak berlaku. Mulai lagi dari sini: {link}").format(link=link)


def greeting(profile: TenantProfile, link: str) -> str:
    """Return what a bot says that was found by itself."""
    text = _(
        "Ini bot {dinas}. Bot ini tidak mengirim apa pun sebelum Anda setuju.\n\n"
        "Untuk menerima kabar produk UMKM {area} di Telegram, buka {link}\nUntuk berhenti, tulis STOP."
    )
    return text.format(dinas=profile.dinas, area=profile.short_name, link=link)


def not_read(profile: TenantProfile) -> str:
    """Return the one answer of a day to whatever else is written."""
    text = _(
        "Pesan di bot ini tidak dibaca petugas. Hubungi {office}: {phone}, {email}.\n"
        "Untuk berhenti menerima kabar, tulis STOP."
    )
    return text.format(office=profile.dinas_short, phone=profile.phone, email=profile.email)
