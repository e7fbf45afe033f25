"""Sample views of segments."""

from dataclasses import replace

from marketing.web.views import segments as s
from marketing.web.views.parts import Option

TEXT = "kind in (masyarakat, penyedia) and bought(category=kerajinan, days=180) and not clicked(days=90)"
WORDS = (
    "Masyarakat atau Penyedia yang membeli kerajinan dalam 180 hari terakhir dan tidak mengklik dalam 90 hari terakhir"
)
SEGMENTS = s.SegmentsView(
    (
        s.SegmentRow("Pembeli kerajinan", WORDS, "/kontak/segmen/1", "22 November 2026 09.00 WITA"),
        s.SegmentRow("Kota SoE", "Orang yang tinggal di Kecamatan Kota SoE", "/kontak/segmen/2", "1 November 2026"),
    ),
    can_change=True,
)
FORM = s.SegmentFormView(
    name="Pembeli kerajinan",
    text=TEXT,
    by_rows=True,
    conditions=(
        s.ConditionView(
            1,
            "s0",
            "kind",
            "Kelompok",
            (
                s.InputView(
                    "s0-nilai",
                    "Kelompok",
                    "checks",
                    "masyarakat",
                    (Option("masyarakat", "Masyarakat", selected=True), Option("penyedia", "Penyedia")),
                ),
            ),
        ),
        s.ConditionView(
            2,
            "s1",
            "bought",
            "Pembelian",
            (
                s.InputView("s1-category", "Kategori", "select", "", (Option("", "semua"), Option("jasa", "jasa"))),
                s.InputView("s1-days", "Dalam berapa hari terakhir", "number", "180", optional=True),
            ),
            negated=True,
            wrong="Angka 9999 di luar batas 1 sampai 3650.",
        ),
        s.ConditionView(3, "s2", "name", "Nama memuat", (s.InputView("s2-nilai", "Nilai", "text", "Siti"),)),
    ),
    kinds=(Option("kind", "Kelompok"), Option("bought", "Pembelian")),
    count=1_234,
    explanation=WORDS,
    segment_id=1,
    uses=("kampanye “Tenun pekan ini”",),
    errors={"teks": "Lengkapi syarat yang ditandai."},
)
NEW = s.SegmentFormView("", "", by_rows=True, kinds=FORM.kinds)
WRITTEN = replace(FORM, by_rows=False, conditions=(), uses=(), errors={"nama": "Beri segmen nama."})
