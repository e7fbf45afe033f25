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
    "rem_dibuka",
    "dibatalkan",
    "dibagikan",
    "sinkron",
    "sumber",
    "lupa",
    "tarik",
    "dihapus",
    "tersambung",
    "akun_diuji",
    "akun_gagal",
    "akun_dijeda",
    "akun_dilepas",
    "akun_disetel",
    "akun_coba",
    "sosial_tersambung",
    "sosial_diuji",
    "sosial_gagal",
    "sosial_ditolak",
    "sosial_dijeda",
    "sosial_dilepas",
    "surel_diuji",
    "surel_gagal",
    "surel_dijeda",
    "henti_catat",
    "henti_buka",
    "dicabut",
    "dibatasi",
    "tidak_dibatasi",
    "digabung",
    "impor-unggah",
    "impor-hitung",
    "impor-mulai",
    "impor-batal",
    "permintaan-masuk",
    "permintaan-mulai",
    "permintaan-selesai",
    "permintaan-ditolak",
    "data-diperbaiki",
    "segmen",
    "segmen-hapus",
    "kunci-cabut",
    "dilepaskan",
    "dikabari",
    "templat",
    "surel-uji",
    "surel-uji-gagal",
    "edisi-ditarik",
    "edisi-dipasang",
    "dipastikan",
    "susulan",
    "dipulihkan",
    "giliran",
]


def notice_of(code: str) -> Notice | None:
    """Return the notice of a code; None for anything else that stands in the address."""
    sentences = {
        "permintaan-masuk": _("Permintaan tercatat. Batas waktunya 72 jam sejak sekarang."),
        "permintaan-mulai": _("Tercatat: Anda yang mengerjakan."),
        "permintaan-selesai": _("Selesai. Orangnya diberi tahu lewat surel bila alamatnya ada."),
        "permintaan-ditolak": _("Ditolak. Alasannya dikirim kepada orangnya."),
        "data-diperbaiki": _("Perbaikan tersimpan. Selesaikan permintaannya supaya orangnya diberi tahu."),
        "dilepaskan": _("Surelnya berangkat. Nama dan alasan Anda tercatat."),
        "dikabari": _("Tercatat: UMKM ini sudah dikabari."),
        "segmen": _("Segmen tersimpan. Siapa yang termasuk dihitung ulang setiap kali dipakai."),
        "segmen-hapus": _("Segmen dihapus."),
        "kunci-cabut": _("Kunci dicabut. Program yang memakainya ditolak sejak sekarang."),
        "templat": _("Tersimpan dan berlaku untuk surel berikutnya. Yang sudah disetujui tidak berubah."),
        "surel-uji": _("Surel uji dikirim ke alamat Anda. Tautan di dalamnya hanya contoh."),
        "edisi-ditarik": _("Edisi ini ditarik dari arsip buletin. Surel yang sudah sampai tidak dapat ditarik."),
        "edisi-dipasang": _("Edisi ini kembali berdiri di arsip buletin."),
        "impor-unggah": _("Berkas diterima. Periksa arti kolomnya, lalu hitung dulu hasilnya."),
        "impor-hitung": _("Sedang dihitung. Tidak ada yang diubah."),
        "impor-mulai": _("Impor berjalan di belakang layar."),
        "impor-batal": _("Impor dibatalkan dan berkasnya dihapus. Yang sudah masuk tetap ada."),
        "henti_catat": _("Tercatat atas nama Anda. Alamat itu tidak dikirimi lagi."),
        "henti_buka": _("Dibuka. Persetujuan yang sudah dicabut tetap dicabut."),
        "dicabut": _("Pencabutan tercatat atas nama Anda dan langsung berlaku."),
        "dibatasi": _("Dibatasi. Hanya kabar pesanannya sendiri yang masih dikirim."),
        "tidak_dibatasi": _("Pembatasan dibuka. Yang sudah dilewati tidak dikirim susulan."),
        "digabung": _("Digabungkan atas nama Anda. Riwayat keduanya ada di halaman ini."),
        "disimpan": _("Draf tersimpan. Pratinjaunya sudah diperbarui."),
        "diajukan": _("Sudah dikirim untuk disetujui. Penyetuju melihatnya di berandanya."),
        "disetujui": _("Disetujui. Kampanye keluar pada waktunya."),
        "dikembalikan": _("Dikembalikan kepada penyusun beserta catatan Anda."),
        "waktu": _("Waktunya tersimpan. Mintalah persetujuan supaya kampanye dapat keluar."),
        "dijeda": _("Dijeda. Yang sudah diserahkan tetap jalan, sisanya menunggu."),
        "dilanjutkan": _("Dilanjutkan."),
        "dipastikan": _("Tercatat atas nama Anda."),
        "susulan": _("Masuk antrean. Izin setiap orang diputuskan ulang saat suratnya berangkat."),
        "dipulihkan": _("Putusan tercatat. Kiriman massal boleh keluar lagi."),
        "giliran": _("Gilirannya tersimpan."),
        "rem_dibuka": _("Kiriman massal boleh keluar lagi. Lanjutkan kampanyenya satu per satu."),
        "dibatalkan": _("Dibatalkan. Yang belum keluar tidak akan dikirim."),
        "dibagikan": _("Tercatat atas nama Anda: sudah dibagikan."),
        "sumber": _("Sumber tersimpan. Coba dulu untuk melihat apa yang akan berubah, lalu ambil."),
        "lupa": _("Sumber dilupakan. Produknya tetap di katalog, tetapi tidak diperbarui lagi dari sana."),
        "tarik": _("Pengambilan dimulai. Hasilnya tampak di sini setelah selesai."),
        "dihapus": _("Tercatat atas nama Anda: sudah dihapus."),
        "tersambung": _("Toko terhubung. Iklan pertama tampak di sini dalam beberapa menit."),
        "akun_diuji": _("Toko menjawab. Sambungannya baik."),
        "akun_dijeda": _("Akun dijeda. Yang sudah tayang tetap tayang; yang kehilangan syarat tetap ditarik."),
        "akun_dilepas": _("Akun dilepas dan izinnya dihapus. Yang masih tayang di sana tetap tayang."),
        "akun_disetel": _("Setelan tersimpan dan dipakai pada putaran berikut."),
        "akun_coba": _("Yang ditolak dicoba lagi pada putaran berikut."),
        "sosial_tersambung": _("Akun terhubung. Kampanye berikutnya terbit di sana; kiriman yang menunggu ikut keluar."),
        "sosial_diuji": _("Penyedianya menjawab. Akun dapat dipakai."),
        "sosial_dijeda": _("Akun dijeda. Kirimannya menunggu sampai dilanjutkan; yang sudah terbit tetap terbit."),
        "sosial_dilepas": _("Akun dilepas dan izinnya dihapus. Yang sudah terbit di sana tetap terbit."),
        "surel_diuji": _("Akun surel menjawab dan menerima kami."),
        "surel_dijeda": _("Akun surel dijeda."),
        "sinkron": _("Sinkronisasi dimulai. Hasilnya tampak di sini setelah selesai."),
    }
    if code == "sosial_ditolak":
        return Notice(_("Izin tidak diberikan, jadi tidak ada yang terhubung. Ulangi bila itu tidak sengaja."), "warn")
    if code in {"akun_gagal", "surel_gagal", "sosial_gagal"}:
        return Notice(_("Sambungan belum baik. Sebabnya tertulis pada akunnya."), "bad")
    if code == "surel-uji-gagal":
        return Notice(_("Surel uji belum terkirim. Periksa akun surel di halaman Kanal, lalu coba lagi."), "bad")
    return Notice(sentences[code]) if code in sentences else None


def with_notice(address: str, code: Code) -> str:
    """Return the address of a page that shows this notice once."""
    return f"{address}{'&' if '?' in address else '?'}{KEY}={code}"
