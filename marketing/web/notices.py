"""What a page says after an act: the address carries a code from this list, never a text."""

from typing import Literal

from marketing.i18n import gettext as _
from marketing.web.views.shell import Notice

KEY = "kabar"
Code = Literal[
    "disimpan",
    "diajukan",
    "disetujui",
    "dikembalikan",
    "waktu",
    "dijeda",
    "dilanjutkan",
    "dibatalkan",
    "dibagikan",
    "sinkron",
    "sumber",
    "lupa",
    "tarik",
    "dihapus",
]


def notice_of(code: str) -> Notice | None:
    """Return the notice of a code; None for anything else that stands in the address."""
    sentences = {
        "disimpan": _("Draf tersimpan. Pratinjaunya sudah diperbarui."),
        "diajukan": _("Sudah dikirim untuk disetujui. Penyetuju melihatnya di berandanya."),
        "disetujui": _("Disetujui. Kampanye keluar pada waktunya."),
        "dikembalikan": _("Dikembalikan kepada penyusun beserta catatan Anda."),
        "waktu": _("Waktunya tersimpan. Mintalah persetujuan supaya kampanye dapat keluar."),
        "dijeda": _("Dijeda. Yang sudah diserahkan tetap jalan, sisanya menunggu."),
        "dilanjutkan": _("Dilanjutkan."),
        "dibatalkan": _("Dibatalkan. Yang belum keluar tidak akan dikirim."),
        "dibagikan": _("Tercatat atas nama Anda: sudah dibagikan."),
        "sumber": _("Sumber tersimpan. Coba dulu untuk melihat apa yang akan berubah, lalu tarik."),
        "lupa": _("Sumber dilupakan. Produknya tetap di katalog, tetapi tidak diperbarui lagi dari sana."),
        "tarik": _("Penarikan dimulai. Hasilnya tampak di sini setelah selesai."),
        "dihapus": _("Tercatat atas nama Anda: sudah dihapus."),
        "sinkron": _("Sinkronisasi dimulai. Hasilnya tampak di sini setelah selesai."),
    }
    return Notice(sentences[code]) if code in sentences else None


def with_notice(address: str, code: Code) -> str:
    """Return the address of a page that shows this notice once."""
    return f"{address}{'&' if '?' in address else '?'}{KEY}={code}"
