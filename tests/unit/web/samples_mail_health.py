"""Sample views of how the mail is doing, and of a campaign that a breaker stopped."""

from dataclasses import replace

from marketing.web.views.campaign import Acts
from marketing.web.views.mail_health import Figure, LostMail, MailboxRow, MailHealthView, StopRow
from marketing.web.views.parts import Tab
from tests.unit.web.samples_campaign import CAMPAIGN
from tests.unit.web.samples_shell import SHELL, Sample, nav

_TABS = (
    Tab("Surat", "/kotak-keluar/surat", 12),
    Tab("Kiriman", "/kotak-keluar/kiriman", 4),
    Tab("Kesehatan surat", "/kotak-keluar/kesehatan", current=True),
)
_FIGURES = (
    Figure("Aduan spam", "0,34%", "17 dari 5.000 surat massal; batasnya 0,10%"),
    Figure("Alamat mati", "12", "alamatnya tidak ada; langsung masuk daftar henti"),
    Figure("Sementara", "31", "dicoba lagi"),
    Figure("Ditolak sebagai pengirim", "0", "salah kami, tidak seorang pun dihentikan"),
)
_SINCE = "Sejak 22 November 2026 09.00 WITA"
HEALTH = MailHealthView(
    tabs=_TABS,
    figures=_FIGURES,
    stops=(
        StopRow(
            1, "Semua kiriman massal", "0,34% penerima mengadukan surat kami sebagai spam.", _SINCE, stopped=True,
            action="/kotak-keluar/kesehatan/1/buka",
        ),
        StopRow(2, "Kampanye “Tenun SoE”", "3,10% alamat penerima tidak ada.", _SINCE, stopped=False, href="/kampanye/7"),
    ),
    lost=(LostMail("Surel pesanan SO-2026-0001 tidak sampai", "Alamatnya tidak ada, hari ini.", "/kotak-keluar/surat/9"),),
    lost_more=3,
    mailboxes=(MailboxRow("pantul@promo.dinas.example", "attention", "Servernya tidak dapat dihubungi."),),
)  # fmt: skip
STOPPED = replace(
    CAMPAIGN,
    state="paused",
    state_reason="6,00% alamat penerima tidak ada (12 dari 200 surat).",
    acts=Acts(resume=True, resume_why=True, cancel=True),
)
PAGES = {
    "kesehatan-surat": Sample("kotak_keluar_kesehatan.html", HEALTH, SHELL, nav("outbox")),
    "kesehatan-surat-tenang": Sample(
        "kotak_keluar_kesehatan.html", MailHealthView(_TABS, _FIGURES), SHELL, nav("outbox")
    ),
    "kesehatan-surat-ditolak": Sample(
        "kotak_keluar_kesehatan.html", replace(HEALTH, errors=("Tulis catatannya.",)), SHELL, nav("outbox")
    ),
    "kampanye-berhenti-sendiri": Sample("kampanye.html", STOPPED, SHELL, nav("campaigns")),
}
