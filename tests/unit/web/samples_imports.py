"""Sample views of files of contacts on their way in."""

from marketing.web.views import imports as i
from marketing.web.views.parts import Option

FIGURES = (
    ("Baris", "1.204"),
    ("Baru", "1.100"),
    ("Berubah", "4"),
    ("Tetap", "80"),
    ("Ditolak", "20"),
    ("Persetujuan dicatat", "900"),
)
CHOICES = (Option("", "Tentukan…", selected=True), Option("phone", "HP atau WhatsApp"), Option("-", "Tidak dipakai"))
IMPORTS = i.ImportsView(
    (
        i.ImportRow(2, "pameran-dengan-nama-yang-panjang-sekali-2026.xlsx", "22 November 2026 09.00 WITA", "Sedang diimpor", "1.204 baris"),
        i.ImportRow(1, "orang.csv", "21 November 2026 09.00 WITA", "Gagal", "Berkas rusak."),
    ),
    error="Tidak ada kolom surel, HP atau Telegram.",
)  # fmt: skip
MAPPING = i.ImportView(
    2,
    "orang.csv",
    "Menunggu arti kolom",
    "map",
    columns=(i.ColumnChoice("kolom-0", "Nama", CHOICES), i.ColumnChoice("kolom-1", "Kontak", CHOICES, unclear=True)),
    headings=("Nama", "Kontak", ""),
    rows=((2, ("Budi <b>", "0812…", "")),),
    error="Kolom “Kontak” dapat berarti lebih dari satu hal.",
)
TRIED = i.ImportView(
    2,
    "orang.csv",
    "Sudah dihitung, belum diimpor",
    "map",
    figures=FIGURES,
    columns=(i.ColumnChoice("kolom-0", "Nama", CHOICES),),
    headings=("Nama",),
    rows=((2, ("Budi",)),),
    tried=True,
    errors_href="/kontak/impor/2/galat.csv",
    result="Belum ada yang diubah. Beginilah hasilnya bila diimpor.",
)
RUNNING = i.ImportView(
    2, "orang.csv", "Sedang diimpor", "running", figures=FIGURES, done=600, total=1204, progress="600 dari 1.204 baris"
)
ENDED = i.ImportView(2, "orang.csv", "Selesai", "ended", figures=FIGURES, result="Selesai.")
