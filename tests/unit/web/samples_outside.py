"""Sample views of Kotak keluar and the public pages."""

from dataclasses import replace

from marketing.web import paths
from marketing.web.views import outbox as o
from marketing.web.views import public as p
from marketing.web.views.parts import Option, Pager, Tab
from tests.unit.web.samples_campaign import post
from tests.unit.web.samples_tasks import ROW as TASK

MAIL_TABS = (Tab("Surat", paths.OUTBOX_MAIL, 1240, current=True), Tab("Kiriman", paths.OUTBOX_POSTS, 12))
MAILS = o.OutboxView(
    tabs=MAIL_TABS,
    tab="surat",
    pager=Pager(3, None, next="/kotak-keluar/surat?sesudah=3"),
    mails=(
        o.MailRow(
            1,
            "Maria Nomleni <maria.nomleni@surel.example>",
            "Tenun Amanuban untuk hari raya",
            "Promosi",
            "delivered",
            "23 November 2026 09.02 WITA",
            "Tenun Amanuban untuk hari raya",
        ),
        o.MailRow(
            2,
            "Yohanes Tse <yohanes@surel.example>",
            "Tenun Amanuban untuk hari raya",
            "Promosi",
            "skipped",
            "23 November 2026 09.00 WITA",
            reason="Tidak menyetujui promosi",
            article="UU 27/2022 Ps. 20(2)a",
        ),
        o.MailRow(
            3,
            "Lusia Benu <lusia@surel.example>",
            "Pesanan PO-2611-004 kami terima",
            "Transaksi pesanan",
            "bounced",
            "22 November 2026 14.30 WITA",
            reason="Alamat tidak ada.",
        ),
    ),
    states=(Option("", "Semua keadaan", selected=True), Option("skipped", "Dilewati")),
    kinds=(Option("", "Semua jenis", selected=True), Option("promotional", "Promosi")),
    campaigns=(Option("", "Semua kampanye", selected=True), Option("1", "Tenun Amanuban untuk hari raya")),
    sandbox=True,
)
POST_LIST = replace(
    MAILS,
    tab="kiriman",
    mails=(),
    posts=(
        o.PostRow(
            1, "facebook", "umkm.tts", "Tenun Amanuban untuk hari raya", "published", "23 November 2026 09.00 WITA"
        ),
        o.PostRow(
            3,
            "whatsapp",
            "Warga SoE",
            "Tenun Amanuban untuk hari raya",
            "awaiting_human",
            "23 November 2026 09.00 WITA",
        ),
    ),
)
MAIL = o.MailView(
    1,
    "Tenun Amanuban untuk hari raya",
    "Maria Nomleni <maria.nomleni@surel.example>",
    "Dinas Perindagkop UMKM TTS <promosi@kabar.ttskab.example>",
    "delivered",
    "23 November 2026 09.02 WITA",
    "Promosi",
    (
        "Menyetujui promosi pada 3 Mei 2026 lewat formulir situs (UU 27/2022 Ps. 20(2)a).",
        "Surat pertama pekan ini; batasnya 3.",
    ),
    "Tenun Amanuban untuk hari raya",
    "/kampanye/1",
    "Selendang dan sarung",
    text="Tenun Amanuban\n\nSelendang Rp350.000\nBerhenti: https://umkm.ttskab.example/u/abc",
    headers=(
        ("List-Unsubscribe", "<https://umkm.ttskab.example/v1/u/0123456789abcdefghijkl>"),
        ("Message-ID", "<a@b>"),
    ),
    events=(("Sampai di kotak surat", "23 November 2026 09.02 WITA"),),
)
SKIPPED = replace(
    MAIL,
    state="skipped",
    reason="Tidak menyetujui promosi.",
    article="UU 27/2022 Ps. 20(2)a",
    has_html=False,
    text="",
    headers=(),
    events=(),
)
SHARE = o.PostView(
    3,
    "whatsapp",
    "awaiting_human",
    "Siap 23 November 2026 09.00 WITA",
    post("whatsapp", account="Warga SoE"),
    "Tenun Amanuban untuk hari raya",
    "/kampanye/1",
    marker="siar-1-wa",
    tasks=(TASK,),
)
PUBLISHED = o.PostView(
    1,
    "facebook",
    "published",
    "23 November 2026 09.00 WITA",
    post("facebook"),
    "Tenun Amanuban untuk hari raya",
    permalink="https://facebook.example/1",
)
LEAVE = p.UnsubscribeView("Promosi", "m•••a@surel.example", "/u/abc", preferences_href="/p/abc")
WHY = p.WhyView(
    "Promosi",
    "m•••a@surel.example",
    "Anda menyetujui menerima promosi pada 3 Mei 2026 lewat formulir di situs kami.",
    "UU 27/2022 Ps. 20 ayat (2) huruf a",
    ("Diizinkan: persetujuan Anda berlaku saat surat ini keluar.",),
    ("Pemerintah Kabupaten Timor Tengah Selatan", "Dinas Perindagkop UMKM"),
    "Petugas pelindungan data",
    (("Penerima surat ini", "Semua yang menyetujui promosi"),),
    ("Ya, kirimi saya promosi produk UMKM lewat surel.", "Tujuan: memberi tahu Anda produk baru."),
    "/u/abc",
    "/p/abc",
    "/m/abc/bukti.json",
)
LOGIN = p.LoginView(
    "pemasar@tts.example",
    "E-mail atau kata sandi tidak cocok.",
    "/katalog",
    (("pemasar@tts.example", "Pemasar"), ("penyetuju@tts.example", "Penyetuju")),
    "coba-siar",
)
LOST = p.ErrorView(
    404,
    "Halaman ini tidak ada",
    "Tautannya mungkin salah ketik, atau halamannya sudah dihapus.",
    "Mulai lagi dari beranda.",
    "/beranda",
    "Ke beranda",
)
