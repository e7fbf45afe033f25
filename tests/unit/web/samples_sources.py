"""Sample views of sources, pulls, what was set aside, and withdrawals."""

from marketing.web.views import sources as s
from marketing.web.views import withdrawals as w
from marketing.web.views.catalog import SetAsideRow
from marketing.web.views.parts import Option, Pager

RUNS = (
    s.RunRow(9, "22 November 2026 07.40 WITA", "running", "–", "–", "–", "–", "–", "0"),
    s.RunRow(
        8, "22 November 2026 07.25 WITA", "done", "1 menit 12 detik", "3", "41", "1.160", "2", "4", has_list=True, note="1.102 tidak jadi dihapus"
    ),
    s.RunRow(7, "21 November 2026 07.25 WITA", "failed", "20 detik", "0", "1", "–", "–", "0", note="katalog.example/products menjawab 502."),
)  # fmt: skip
FACTS = (
    ("Bentuk", "Toko WooCommerce"),
    ("Alamat", "https://toko.dekranasda.example/belanja/dengan/alamat/yang/panjang/sekali"),
    ("Ditarik sendiri", "tiap 15 menit"),
    ("Pengambilan berikutnya", "22 November 2026 07.55 WITA"),
    ("Produk di katalog", "1.204"),
    ("Pengambilan terakhir", "22 November 2026 07.40 WITA, selama 1 menit 12 detik"),
)
SOURCES = s.SourcesView(
    (
        s.SourceCard("katalog", "settings", "done", FACTS, RUNS[1:2]),
        s.SourceCard(
            "toko-dekranasda",
            "web",
            "failed",
            FACTS,
            RUNS,
            error="toko.dekranasda.example menolak kunci API (401). Buat kunci baru.",
            withheld="1.102 produk tidak ada lagi di sumber tetapi belum dihapus.",
            command="siar sync --tenant tts --source toko-dekranasda --delete-many",
        ),
        s.SourceCard("spreadsheet", "cli", "", FACTS),
        s.SourceCard("umpan-lama", "gone", "done", FACTS[4:], RUNS),
    ),
    can_change=True,
)
FORM = s.SourceFormView(
    "", "Toko!", (Option("contract", "Katalog siar-catalog/1"), Option("woocommerce", "Toko WooCommerce", selected=True)),
    "http://10.0.0.5/", '{"unit": "buah"', "2",
    errors={
        "nama": "Nama sumber: huruf kecil, angka dan tanda hubung.",
        "bentuk": "Pilih bentuk sumber dari daftar.",
        "alamat": "Alamat ini ada di jaringan dalam, bukan internet umum.",
        "pemetaan": "Pemetaan bukan JSON yang sah: baris 1, kolom 16.",
        "menit": "Isi 5 sampai 10.080 menit.",
    },
)  # fmt: skip
FIXED = s.SourceFormView("spreadsheet", "spreadsheet", (), "", "", "60", fixed=True, facts=FACTS[:2])
REHEARSAL = s.RehearsalView(
    "toko-dekranasda",
    "22 November 2026 07.41 WITA",
    stats=(
        ("Baru", "120", "produk"),
        ("Berubah", "4", "produk"),
        ("Tetap", "1.080", "produk"),
        ("Dihapus", "2", "produk yang tidak ada lagi di sumber"),
        ("Disisihkan", "61", "catatan yang tidak dapat dibaca"),
    ),
    held_by=(("TTS 10(1)c", "12"), ("TTS 10(1)e", "3")),
    changes=(
        s.ChangeRow("Produk", "P-1", "Baru", "Selendang tenun Nunkolo", "", "boleh dipromosikan"),
        s.ChangeRow("Produk", "P-2", "Berubah", "Keripik pisang", "harga, stok", "tertahan: TTS 10(1)c, TTS 10(2)", held=True),
        s.ChangeRow("UMKM", "U-7", "Dihapus", "U-7", ""),
    ),
    more="dan 26 lagi",
    set_aside=(SetAsideRow("Produk", "P-99", "Harga “50,000” tidak jelas."),),
    set_aside_more="dan 11 lagi",
)  # fmt: skip
ASIDE = s.SetAsideView(
    8,
    "toko-dekranasda",
    "Pengambilan 22 November 2026 07.25 WITA dari “toko-dekranasda”.",
    (SetAsideRow("Produk", "P-99", "Harga “50,000” tidak jelas."), SetAsideRow("UMKM", "–", "Tanpa nama.")),
    Pager(2, 2),
    kinds=(Option("", "Semua jenis"), Option("product", "Produk", selected=True)),
    query="harga",
    download_href="/katalog/sumber/pengambilan/8.csv",
    note="Pengambilan ini menyisihkan 40 catatan.",
)
ROW = w.WithdrawalRow(
    7,
    "Keripik pisang Soe",
    "Grup WhatsApp",
    "Verifikasi dicabut.",
    "TTS 10(1)c",
    "Perbup TTS 17/2025 Pasal 10 ayat (1) huruf c",
    "22 November 2026 07.25 WITA",
    "awaiting_human",
    "sudah 3 jam",
    note="kanal ini tidak dapat menghapus sendiri",
    place_href="/kotak-keluar/kiriman/3",
)
WITHDRAWALS = w.WithdrawalsView(
    (
        ROW,
        w.WithdrawalRow(7, "Keripik pisang Soe", "Facebook", "Verifikasi dicabut.", "TTS 10(1)c", "Pasal 10", "22 November 2026", "open", "sudah 2 menit", "percobaan ke-3 · Kanal tidak menjawab."),
        w.WithdrawalRow(7, "Keripik pisang Soe", "Galeri dan umpan", "Verifikasi dicabut.", "TTS 10(1)c", "Pasal 10", "22 November 2026", "done", "seketika"),
    ),
    Pager(3, 3),
    stats=(
        ("Belum selesai", "2", "1 menunggu petugas, 1 sedang dicoba; mungkin masih tampil"),
        ("Median sampai hilang, oleh Siar", "4 detik", "dari 31 penarikan yang selesai dalam 90 hari"),
        ("Median sampai hilang, oleh petugas", "–", "belum ada yang selesai dalam 90 hari"),
    ),
    query="keripik",
    states=(Option("", "Semua keadaan", selected=True), Option("open", "Sedang dicoba")),
    channels=(Option("", "Semua kanal", selected=True), Option("facebook", "Facebook")),
    download_href="/katalog/penarikan.csv",
)  # fmt: skip
