"""Sample views of Beranda and Katalog, as full as they get in practice."""

from marketing.web.views import catalog as k
from marketing.web.views import home as h
from marketing.web.views.parts import Option, Pager, Tab
from tests.unit.web.samples_shell import IMG

HOME = h.HomeView(
    greeting="Selamat pagi, Ibu Yuliana",
    today="Senin, 23 November 2026. Dua kiriman keluar hari ini, dan empat hal menunggu Anda.",
    waiting=(
        h.Waiting(
            "Kiriman Instagram “Madu hutan Mutis” gagal terbit",
            "Gambar terlalu kecil: 640 × 640, Instagram meminta paling sedikit 1.080 × 1.080.",
            "/x",
            "Ganti gambar",
            "instagram",
            "bad",
        ),
        h.Waiting(
            "“Paket Natal dari Timor” dikembalikan dengan catatan",
            "Bapak Daniel Tefa: “Harga coret se’i belum sama dengan katalog.” · 22 November 2026 16.05 WITA",
            "/x",
            "Perbaiki",
            "approval",
            "warn",
        ),
        h.Waiting(
            "3 tugas berbagi ke grup WhatsApp",
            "Gambar dan teks sudah siap. Kerjakan dari ponsel, paling lambat hari ini 17.00 WITA.",
            "/x",
            "Kerjakan",
            "whatsapp",
            "hold",
        ),
        h.Waiting(
            "5 produk tertahan sejak Jumat",
            "Dua P-IRT kedaluwarsa, dua belum jelas status halalnya, satu tanpa harga.",
            "/x",
            "Lihat alasannya",
            "box",
        ),
    ),
    health=(
        h.Health("Instagram", "instagram", "attention", "izin habis 28 November 2026", "/x", "Perbarui"),
        h.Health("TikTok", "tiktok", "disconnected", "belum dihubungkan", "/x", "Hubungkan"),
        h.Health("Katalog", "box", note="07.40 WITA"),
        h.Health("E-mail", "mail", note="1.120 dari 5.000 hari ini"),
        h.Health("Facebook", "facebook"),
        h.Health("Grup WhatsApp", "whatsapp"),
        h.Health("Telegram", "telegram"),
    ),
    period="24 Oktober – 22 November 2026, dibanding 30 hari sebelumnya",
    stats=(
        h.Stat("Klik orang", "1.846", "klik mesin tidak dihitung", "18%", "up"),
        h.Stat("Pesanan", "132", "dari 121", "9%", "up"),
        h.Stat("Nilai pesanan", "Rp38,4 jt", "dari Rp31,5 jt", "22%", "up", exact="Rp38.412.500"),
        h.Stat("UMKM yang tampil", "61 dari 74", "13 belum pernah tampil", "3", "down", href="/katalog"),
    ),
    chart=h.BarChart(
        "Pesanan per hari",
        "Naik dari 2 pesanan pada 24 Oktober menjadi 9 pada 20 November 2026.",
        (2, 3, 3, 2, 4, 5, 3, 2, 3, 4, 4, 3, 5, 6, 4, 3, 4, 4, 5, 5, 6, 4, 3, 5, 5, 7, 6, 9, 6, 5),
        "24 Okt",
        "22 Nov",
    ),
    agenda=(
        h.AgendaItem(
            "Tenun Amanuban untuk hari raya",
            "/kampanye/1",
            "sending",
            "09.00",
            "hari ini",
            "2026-11-23T09:00+08:00",
            ("email", "facebook", "instagram", "whatsapp"),
        ),
        h.AgendaItem(
            "Kopi Mollo panen baru",
            "/kampanye/2",
            "scheduled",
            "16.30",
            "hari ini",
            "2026-11-23T16:30+08:00",
            ("instagram", "telegram"),
        ),
        h.AgendaItem(
            "Buletin November: cara merawat tenun",
            "/kampanye/3",
            "in_review",
            "10.00",
            "Rab 25",
            "2026-11-25T10:00+08:00",
            ("email",),
        ),
    ),
    first_steps=(
        h.FirstStep("Lengkapi profil Daerah", done=True),
        h.FirstStep("Hubungkan katalog produk", done=True),
        h.FirstStep("Hubungkan TikTok", done=False, href="/x", action="Hubungkan"),
    ),
)
READY = (
    k.ProductRow(
        1,
        "Selendang tenun motif Amanuban",
        "Tenun Nunkolo",
        "Kerajinan",
        "Rp350.000",
        "12 lembar",
        7,
        "18 Nov 2026",
        IMG + "tenun.svg",
    ),
    k.ProductRow(
        2,
        "Madu hutan Mutis 500 ml",
        "KTH Mutis Lestari",
        "Makanan olahan",
        "Rp125.000",
        "48 botol",
        4,
        "12 Nov 2026",
        IMG + "madu.svg",
    ),
    k.ProductRow(3, "Paket oleh-oleh Timor", "Tenun Nunkolo", "Kerajinan", "Rp420.000", "9 paket", 0),
)
HELD = (
    k.HeldProduct(
        9,
        "Se’i sapi asap 250 gram",
        "Se’i Oenasi, Kota SoE",
        (
            k.ReasonView(
                "P-IRT kedaluwarsa 14 November 2026",
                "Perbup TTS 17/2025 Ps. 10 ayat (2)",
                "unggah P-IRT yang baru ke katalog. Perpanjangan diurus lewat OSS.",
                "kualitas produk sesuai ketentuan peraturan perundang-undangan",
                href="/x",
                action="Minta bantuan pendamping",
            ),
            k.ReasonView(
                "Status halal belum jelas",
                "UU 33/2014 jo. PP 42/2024 Ps. 160 ayat (2)",
                "isi nomor sertifikat halal, atau pilih “tidak halal” supaya keterangan itu ikut tampil.",
                severe=False,
            ),
        ),
        IMG + "sei.svg",
        "Ditahan 20 November 2026 07.40 WITA.",
        "Ditarik dari Facebook dan Telegram.",
    ),
    k.HeldProduct(
        10,
        "Sarung tenun motif Kauniki",
        "Kelompok Tafen Kuan, Nunkolo",
        (
            k.ReasonView(
                "Belum punya Nomor Induk Berusaha",
                "Perbup TTS 17/2025 Ps. 10 ayat (1) huruf a",
                "daftarkan NIB di OSS (tanpa biaya), lalu isi nomornya di katalog.",
            ),
        ),
        IMG + "tenun.svg",
    ),
)
CATALOG = k.CatalogView(
    summary="214 produk dari 74 UMKM. Disinkronkan 23 November 2026 07.40 WITA; 1 catatan disisihkan.",
    tabs=(
        Tab("Semua", "/katalog", 214, current=True),
        Tab("Siap promosi", "/katalog?tab=siap", 168),
        Tab("Tertahan", "/katalog?tab=tertahan", 31),
    ),
    tab="semua",
    categories=(Option("", "Semua kategori", selected=True), Option("kerajinan", "Kerajinan")),
    reasons=(Option("", "Semua alasan"), Option("halal", "Halal", selected=True)),
    held=HELD,
    held_pager=Pager(2, 31, next="/katalog?hal=2"),
    ready=READY,
    ready_pager=Pager(3, 168, "/katalog?hal=1", "/katalog?hal=3"),
    can_sync=True,
    export_href="/katalog.csv",
)
