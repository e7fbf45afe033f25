"""Sample views of the machines: at work, idle, and with everything in the way."""

from dataclasses import replace

from marketing.web.views.machines import CampaignRow, LaneRow, MachinesView, StopLine, WayRow, WorkerRow
from marketing.web.views.mail_health import Figure
from tests.unit.web.samples_shell import SHELL, Sample, nav

_FIGURES = (
    Figure("Laju sekarang", "186.400", "surat per menit, rata-rata menit terakhir"),
    Figure("Menunggu terlama", "2 menit 4 detik", "sejak boleh keluar, dari kedua jalur"),
    Figure("Pekerja", "3", "terdengar dalam semenit terakhir"),
    Figure("Belum pasti", "12", "surat 30 hari terakhir yang jawabannya hilang"),
)
_LANES = (
    LaneRow("Pesanan", "tidak pernah menunggu kampanye", 0, "–", 0, 0, 2, late=False),
    LaneRow("Massal", "kampanye dan otomasi bergiliran", 812_000, "6 menit 1 detik", 8, 1, 4_120, late=True),
)
MACHINES = MachinesView(
    at="22 November 2026 09.00 WITA",
    figures=_FIGURES,
    lanes=_LANES,
    campaigns=(
        CampaignRow(
            "Promo tenun SoE menjelang Natal untuk seluruh pembeli yang setuju",
            "/kampanye/7",
            "Promosi",
            188_000,
            1_000_000,
            "188.000 dari 1.000.000 selesai",
            "186.400 per menit",
            "kira-kira selesai 22 November 2026 09.05 WITA",
        ),
        CampaignRow(
            "Buletin",
            "/kampanye/8",
            "Buletin",
            0,
            1,
            "0 dari 0 selesai",
            "0 per menit",
            "penerimanya masih disusun",
        ),
    ),
    campaigns_more=3,
    workers=(
        WorkerRow(
            "Pekerja",
            "pekerja-01.diskominfo.example",
            "jalur bulk, social, sync; 4 tugas sekaligus",
            "93.200 per menit",
            "21 November 2026 08.00 WITA",
            "3 detik lalu",
            "healthy",
        ),
        WorkerRow("Penjadwal", "siar-1", "", "", "21 November 2026 08.00 WITA", "4 menit 2 detik lalu", "attention"),
    ),
    ways=(
        WayRow("Relai kantor", "smtp", "healthy", ""),
        WayRow("SendGrid", "sendgrid", "attention", "Server tidak menjawab."),
    ),
    stops=(
        StopLine("Aduan spam: kiriman berhenti (1 kali)", stopped=True),
        StopLine("Alamat mati: mendekati batas (2 kali)", stopped=False),
    ),
    health_href="/kotak-keluar/kesehatan",
    warnings=("Penjadwal tidak berjalan.",),
    summary="186.400 surat per menit, 812.000 menunggu giliran",
)
IDLE = replace(MACHINES, campaigns=(), campaigns_more=0, workers=(), ways=(), stops=(), health_href="", warnings=())
PAGES = {
    "mesin-kirim": Sample("mesin_kirim.html", MACHINES, SHELL, nav("channels")),
    "mesin-kirim-diam": Sample("mesin_kirim.html", IDLE, SHELL, nav("channels")),
}
