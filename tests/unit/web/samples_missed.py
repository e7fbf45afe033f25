"""Sample views of what is in doubt, of who was missed, and of a database that was restored."""

from dataclasses import replace

from marketing.web.views.missed import DoubtRow, GroupRow, MissedView
from marketing.web.views.parts import Option, Pager
from marketing.web.views.restoring import RestoredView, RiskRow
from tests.unit.web.samples_shell import SHELL, Sample, nav

_CHOICES = (
    Option("belum-pasti", "Tandai belum pasti dan jeda: tidak ada yang terkirim lagi, nanti diperiksa"),
    Option("batalkan", "Batalkan untuk selamanya", selected=True),
    Option("lanjutkan", "Lanjutkan: sebagian orang mungkin menerima dua kali"),
)
MISSED = MissedView(
    campaign_id=7,
    name="Tenun pekan ini",
    doubts=(
        DoubtRow(11, "Maria Tefa <maria@surat.example>", "22 November 2026 09.00 WITA", "Jawaban server hilang"),
        DoubtRow(12, "Data orang ini sudah dihapus", "tidak tercatat", "Pengirim berhenti di tengah jalan"),
    ),
    doubtful=1_204,
    pager=Pager(2, 1_204, next="/kampanye/7/terlewat?halaman=2"),
    groups=(
        GroupRow("gangguan", "Gagal karena gangguan", "Server surat tidak menjawab cukup lama.", 31),
        GroupRow("batas", "Dilewati karena batas atau jeda", "Waktu itu sudah cukup dikirimi.", 1_200_345),
    ),
    may_settle=True,
    may_send=True,
)
HELD = RestoredView(
    since="22 November 2026 09.00 WITA",
    knows_until="21 November 2026 23.00 WITA",
    lost_until="22 November 2026 08.55 WITA",
    rows=(
        RiskRow(
            7, "Tenun pekan ini", "sending", "812 surat akan dikirim lagi. Mulai 21 November 2026 22.00 WITA.", _CHOICES
        ),
        RiskRow(8, "Panggilan bazar", "scheduled", "Seharusnya mulai 22 November 2026 08.00 WITA.", _CHOICES),
    ),
    may_decide=True,
)
PAGES = {
    "kampanye_terlewat": Sample("kampanye_terlewat.html", MISSED, SHELL, nav("campaigns")),
    "kampanye_terlewat_kosong": Sample(
        "kampanye_terlewat.html",
        replace(MISSED, doubts=(), doubtful=0, pager=None, groups=(), errors=("Pilih kelompok yang akan dikirimi.",)),
        SHELL,
        nav("campaigns"),
    ),
    "kampanye_terlewat_baca": Sample(
        "kampanye_terlewat.html",
        replace(MISSED, may_settle=False, may_send=False),
        SHELL,
        nav("campaigns"),
    ),
    "pemulihan": Sample("pemulihan.html", HELD, SHELL, nav("home")),
    "pemulihan_baca": Sample("pemulihan.html", replace(HELD, may_decide=False), SHELL, nav("home")),
    "pemulihan_tidak": Sample(
        "pemulihan.html", replace(HELD, since="", knows_until="", lost_until="", rows=()), SHELL, nav("home")
    ),
}
