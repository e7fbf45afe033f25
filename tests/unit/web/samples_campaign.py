"""Sample views of the campaigns: list, page in its states, composer."""

from dataclasses import replace
from typing import Any

from marketing.web.views import campaign as c
from marketing.web.views import composer as s
from marketing.web.views.parts import LedgerView, Option, Pager, Tab, Thumb
from marketing.web.views.preview import EmailPreview, LookLink, MailFinding, PostPreview
from marketing.web.views.reach import ReachCell, ReachRow, ReachView
from tests.unit.web.samples_shell import IMG

TEXT = "Selendang motif Amanuban, ditenun di Nunkolo.\nPesan sebelum 10 Desember supaya tiba sebelum hari raya."


EMAIL = EmailPreview(
    "Dinas Perindagkop UMKM TTS",
    "Tenun Amanuban untuk hari raya",
    "Selendang dan sarung dari Nunkolo",
    "/static/contoh-surat.html",
    "Tenun Amanuban\n\nSelendang Rp350.000",
    looks=(LookLink("Terang", "/kampanye/7/pratinjau.html?rupa=terang"),),
    findings=(MailFinding("Tautan tidak lengkap.", grave=True), MailFinding("Subjek 61 huruf.")),
    headers=(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),),
    test_action="/kampanye/7/uji",
    test_address="maria@dinas.example",
)


def post(channel: str, **more: Any) -> PostPreview:
    base = PostPreview(
        channel,
        "umkm.tts",
        TEXT,
        "Tenun Amanuban untuk hari raya",
        "https://umkm.ttskab.example/promo/tenun-amanuban",
        "umkm.ttskab.example",
        IMG + "tenun.svg",
        "Selendang tenun motif Amanuban",
        ("TenunTTS", "UMKMTimor"),
        "23 November 2026 09.00 WITA",
    )
    return replace(base, **more)


POSTS = tuple(post(name) for name in ("website", "facebook", "whatsapp", "telegram", "tiktok", "marketplace"))
INSTAGRAM = post("instagram", misfits=("Instagram meminta gambar paling sedikit 1.080 × 1.080.",))
FIGURES = ("Jangkauan", "Dilihat", "Reaksi", "Komentar", "Dibagikan", "Disimpan", "Klik di kanal", "Klik tautan kita")
REACH = ReachView(
    labels=FIGURES,
    rows=(
        ReachRow(
            1,
            "facebook",
            "UMKM TTS",
            tuple(
                ReachCell(label, text, given=text != "tidak tersedia")
                for label, text in zip(
                    FIGURES,
                    ("1.200", "1.900", "87", "12", "5", "tidak tersedia", "44", "31 (9 mesin tidak dihitung)"),
                    strict=True,
                )
            ),
            "Terakhir ditanyakan 23 November 2026 15.00 WITA.",
        ),
        ReachRow(
            4,
            "telegram",
            "Kanal UMKM TTS",
            (ReachCell(FIGURES[-1], "4"),),
            "",
            "Tidak ada lagi di Telegram: dihapus atau disembunyikan seseorang di sana.",
            gone=True,
            silent=True,
        ),
    ),
    sums=("Reaksi: 87 pada 1 kiriman", "Klik tautan kita: 35"),
)
CAMPAIGNS = c.CampaignListView(
    tabs=(
        Tab("Semua", "/kampanye", 14, current=True),
        Tab("Menunggu persetujuan", "/kampanye?keadaan=in_review", 1),
        Tab("Berjalan", "/kampanye?keadaan=sending", 1),
        Tab("Selesai", "/kampanye?keadaan=sent", 9),
    ),
    rows=(
        c.CampaignRow(
            1,
            "Tenun Amanuban untuk hari raya",
            "promotional",
            "sending",
            "23 November 2026 09.00 WITA",
            "Yuliana Nabunome",
            ("email", "facebook", "instagram", "whatsapp"),
            "1.240",
            "864 sampai · 96 klik orang",
        ),
        c.CampaignRow(
            2,
            "Kopi Mollo panen baru",
            "promotional",
            "scheduled",
            "23 November 2026 16.30 WITA",
            "Yuliana Nabunome",
            ("instagram", "telegram"),
        ),
        c.CampaignRow(
            3,
            "Buletin November: cara merawat tenun",
            "newsletter",
            "in_review",
            "25 November 2026 10.00 WITA",
            "Maria Banunaek",
            ("email",),
            "810",
        ),
        c.CampaignRow(4, "Paket Natal dari Timor", "promotional", "draft", "", "Yuliana Nabunome"),
    ),
    pager=Pager(4, 14, next="/kampanye?hal=2"),
    types=(Option("", "Semua jenis", selected=True), Option("promotional", "Promosi")),
    can_compose=True,
)
LEDGER = LedgerView(
    1,
    1240,
    queued=180,
    sending=20,
    accepted=52,
    delivered=864,
    deferred=6,
    bounced=14,
    complained=1,
    failed=5,
    skipped=96,
    unknown=2,
    live=True,
    updated_at="09.14.02 WITA",
)
CAMPAIGN = c.CampaignView(
    id=1,
    name="Tenun Amanuban untuk hari raya",
    state="sending",
    email_type="promotional",
    author="Yuliana Nabunome",
    when="Mulai 23 November 2026 09.00 WITA",
    zone="WITA",
    version=2,
    audience_label="Semua yang menyetujui promosi",
    channels=("email", "facebook", "instagram", "whatsapp"),
    acts=c.Acts(pause=True, cancel=True, settle=True),
    ledger=LEDGER,
    approved_by="Daniel Tefa",
    letter_number="500.3/112/2026",
    email=EMAIL,
    previews=(INSTAGRAM, *POSTS),
    products=(
        Thumb("Selendang tenun motif Amanuban", "Tenun Nunkolo · Rp350.000", IMG + "tenun.svg"),
        Thumb("Paket oleh-oleh Timor", "Tenun Nunkolo"),
    ),
    results=(
        c.Result("Klik orang", "96", "klik mesin tidak dihitung"),
        c.Result("Pesanan", "11", "dari tautan kampanye ini"),
        c.Result("Nilai pesanan", "Rp3,9 jt", "Rp3.870.000"),
        c.Result("Dibuka", "540", "tidak dapat dipercaya: banyak kotak surat membuka sendiri", reliable=False),
    ),
    posts=(
        c.PostLine(1, "facebook", "published", "23 November 2026 09.00 WITA", permalink="https://facebook.example/1"),
        c.PostLine(2, "instagram", "failed", "", "Gambar terlalu kecil."),
        c.PostLine(3, "whatsapp", "awaiting_human", ""),
    ),
    reach=REACH,
    history=(
        c.Happening("Daniel Tefa menyetujui versi 2", "22 November 2026 16.40 WITA", "2026-11-22T16:40+08:00"),
        c.Happening(
            "Daniel Tefa mengembalikan versi 1",
            "22 November 2026 16.05 WITA",
            "2026-11-22T16:05+08:00",
            "Harga coret belum sama dengan katalog.",
        ),
    ),
)
REVIEW = replace(
    CAMPAIGN,
    state="in_review",
    acts=c.Acts(approve=True, cancel=True),
    ledger=None,
    results=(),
    posts=(),
    letter_number="",
    approved_by="",
    errors=("Belum ada gambar untuk Instagram.",),
)
APPROVED = replace(
    CAMPAIGN,
    state="approved",
    acts=c.Acts(edit=True, schedule=True, cancel=True),
    ledger=None,
    results=(),
    posts=(),
    schedule_date="2026-11-23",
    schedule_time="09:00",
    earliest_date="2026-11-22",
)
COMPOSER = s.ComposerView(
    draft=s.Draft(
        "Tenun Amanuban untuk hari raya",
        "promotional",
        "Tenun Amanuban untuk hari raya",
        "",
        "Tenun Amanuban untuk hari raya",
        TEXT,
        "2026-11-23",
        "09:00",
    ),
    zone="WITA",
    types=(Option("promotional", "Promosi", selected=True), Option("newsletter", "Buletin")),
    products=(
        s.PickRow(3, "Paket oleh-oleh Timor", "Tenun Nunkolo", "Rp420.000", "belum pernah tampil"),
        s.PickRow(
            1,
            "Selendang tenun motif Amanuban",
            "Tenun Nunkolo",
            "Rp350.000",
            "tampil 7 kali",
            IMG + "tenun.svg",
            picked=True,
        ),
    ),
    channels=(
        s.ChannelChoice("email", ticked=True),
        s.ChannelChoice("website", ticked=True),
        s.ChannelChoice("facebook", ticked=True, max_text=63206),
        s.ChannelChoice("instagram", ticked=True, max_text=2200, note="Butuh gambar."),
        s.ChannelChoice(
            "tiktok", ticked=False, max_text=2200, note="Belum dihubungkan.", needs_human=True, available=False
        ),
        s.ChannelChoice("whatsapp", ticked=True, max_text=4096, needs_human=True),
        s.ChannelChoice("telegram", ticked=False, max_text=1024),
    ),
    besides=(Option("4", "Pelanggan lama", selected=True), Option("5", "Kota SoE")),
    audiences=(
        s.AudienceChoice(
            "semua",
            "Semua yang menyetujui promosi",
            "1.336 orang di Kab. Timor Tengah Selatan dan luar daerah",
            chosen=True,
        ),
        s.AudienceChoice("tenun", "Pernah membeli tenun", "212 orang"),
    ),
    count=s.AudienceCount(1240, 96, (("sudah menerima 3 surat pekan ini", 71), ("alamat terpental", 25))),
    campaign_id=4,
    products_left=152,
    earliest_date="2026-11-22",
    email=EMAIL,
    previews=(INSTAGRAM, *POSTS),
    errors={"produk": "Pilih paling sedikit satu produk.", "nama": "Isi nama kampanye."},
    returned_note="Harga coret se’i belum sama dengan katalog.",
    returned_by="Daniel Tefa",
)
