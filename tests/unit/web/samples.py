"""Sample views of every page, as full as they get in practice, and empty ones for a first day."""

from dataclasses import dataclass, replace
from typing import Any

from marketing.tenants.profile import profile_of
from marketing.web import paths
from marketing.web.views import campaign as c
from marketing.web.views import catalog as k
from marketing.web.views import composer as s
from marketing.web.views import home as h
from marketing.web.views import outbox as o
from marketing.web.views import public as p
from marketing.web.views.parts import LedgerView, Option, Pager, Tab, Thumb
from marketing.web.views.preview import EmailPreview, PostPreview
from marketing.web.views.shell import Counts, Nav, Notice, Place, Shell, Tenant

TENANT = Tenant.of(profile_of("tts"))
BLITAR = Tenant.of(profile_of("blitar"))
SHELL = Shell(TENANT, csrf="token-uji", path="/beranda")
SITE = p.SiteNav(home_href="/tts/", language_href="/tts/?bahasa=en")
IMG = "/static/img/"
TEXT = "Selendang motif Amanuban, ditenun di Nunkolo.\nPesan sebelum 10 Desember supaya tiba sebelum hari raya."


@dataclass(frozen=True)
class Sample:
    template: str
    view: Any
    shell: Shell
    nav: Nav | p.SiteNav | None = None


def nav(active: Place, tenant: Tenant = TENANT) -> Nav:
    return Nav("Yuliana Nabunome", "Pemasar", tenant, active, Counts(approvals=1, shares=3))


HOME = h.HomeView(
    greeting="Selamat pagi, Ibu Yuliana",
    today="Senin, 23 November 2026. Dua kiriman keluar hari ini, dan empat hal menunggu Anda.",
    waiting=(
        h.Waiting("Kiriman Instagram “Madu hutan Mutis” gagal terbit", "Gambar terlalu kecil: 640 × 640, Instagram meminta paling sedikit 1.080 × 1.080.", "/x", "Ganti gambar", "instagram", "bad"),
        h.Waiting("“Paket Natal dari Timor” dikembalikan dengan catatan", "Bapak Daniel Tefa: “Harga coret se’i belum sama dengan katalog.” · 22 November 2026 16.05 WITA", "/x", "Perbaiki", "approval", "warn"),
        h.Waiting("3 tugas berbagi ke grup WhatsApp", "Gambar dan teks sudah siap. Kerjakan dari ponsel, paling lambat hari ini 17.00 WITA.", "/x", "Kerjakan", "whatsapp", "hold"),
        h.Waiting("5 produk tertahan sejak Jumat", "Dua P-IRT kedaluwarsa, dua belum jelas status halalnya, satu tanpa harga.", "/x", "Lihat alasannya", "box"),
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
    chart=h.BarChart("Pesanan per hari", "Naik dari 2 pesanan pada 24 Oktober menjadi 9 pada 20 November 2026.", (2, 3, 3, 2, 4, 5, 3, 2, 3, 4, 4, 3, 5, 6, 4, 3, 4, 4, 5, 5, 6, 4, 3, 5, 5, 7, 6, 9, 6, 5), "24 Okt", "22 Nov"),
    agenda=(
        h.AgendaItem("Tenun Amanuban untuk hari raya", "/kampanye/1", "sending", "09.00", "hari ini", "2026-11-23T09:00+08:00", ("email", "facebook", "instagram", "whatsapp")),
        h.AgendaItem("Kopi Mollo panen baru", "/kampanye/2", "scheduled", "16.30", "hari ini", "2026-11-23T16:30+08:00", ("instagram", "telegram")),
        h.AgendaItem("Buletin November: cara merawat tenun", "/kampanye/3", "in_review", "10.00", "Rab 25", "2026-11-25T10:00+08:00", ("email",)),
    ),
    first_steps=(h.FirstStep("Lengkapi profil Daerah", True), h.FirstStep("Hubungkan katalog produk", True), h.FirstStep("Hubungkan TikTok", False, "/x", "Hubungkan")),
)
READY = (
    k.ProductRow(1, "Selendang tenun motif Amanuban", "Tenun Nunkolo", "Kerajinan", "Rp350.000", "12 lembar", 7, "18 Nov 2026", IMG + "tenun.svg"),
    k.ProductRow(2, "Madu hutan Mutis 500 ml", "KTH Mutis Lestari", "Makanan olahan", "Rp125.000", "48 botol", 4, "12 Nov 2026", IMG + "madu.svg"),
    k.ProductRow(3, "Paket oleh-oleh Timor", "Tenun Nunkolo", "Kerajinan", "Rp420.000", "9 paket", 0),
)
HELD = (
    k.HeldProduct(9, "Se’i sapi asap 250 gram", "Se’i Oenasi, Kota SoE", (
        k.ReasonView("P-IRT kedaluwarsa 14 November 2026", "Perbup TTS 17/2025 Ps. 10 ayat (2)", "unggah P-IRT yang baru ke katalog. Perpanjangan diurus lewat OSS.", "kualitas produk sesuai ketentuan peraturan perundang-undangan", href="/x", action="Minta bantuan pendamping"),
        k.ReasonView("Status halal belum jelas", "UU 33/2014 jo. PP 42/2024 Ps. 160 ayat (2)", "isi nomor sertifikat halal, atau pilih “tidak halal” supaya keterangan itu ikut tampil.", severe=False),
    ), IMG + "sei.svg", "Ditahan 20 November 2026 07.40 WITA.", "Ditarik dari Facebook dan Telegram."),
    k.HeldProduct(10, "Sarung tenun motif Kauniki", "Kelompok Tafen Kuan, Nunkolo", (
        k.ReasonView("Belum punya Nomor Induk Berusaha", "Perbup TTS 17/2025 Ps. 10 ayat (1) huruf a", "daftarkan NIB di OSS (tanpa biaya), lalu isi nomornya di katalog."),
    ), IMG + "tenun.svg"),
)  # fmt: skip
CATALOG = k.CatalogView(
    summary="214 produk dari 74 UMKM. Disinkronkan 23 November 2026 07.40 WITA; 1 catatan disisihkan.",
    tabs=(Tab("Semua", "/katalog", 214, current=True), Tab("Siap promosi", "/katalog?tab=siap", 168), Tab("Tertahan", "/katalog?tab=tertahan", 31)),
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
CAMPAIGNS = c.CampaignListView(
    tabs=(Tab("Semua", "/kampanye", 14, current=True), Tab("Menunggu persetujuan", "/kampanye?keadaan=in_review", 1), Tab("Berjalan", "/kampanye?keadaan=sending", 1), Tab("Selesai", "/kampanye?keadaan=sent", 9)),
    rows=(
        c.CampaignRow(1, "Tenun Amanuban untuk hari raya", "promotional", "sending", "23 November 2026 09.00 WITA", "Yuliana Nabunome", ("email", "facebook", "instagram", "whatsapp"), "1.240", "864 sampai · 96 klik orang"),
        c.CampaignRow(2, "Kopi Mollo panen baru", "promotional", "scheduled", "23 November 2026 16.30 WITA", "Yuliana Nabunome", ("instagram", "telegram")),
        c.CampaignRow(3, "Buletin November: cara merawat tenun", "newsletter", "in_review", "25 November 2026 10.00 WITA", "Maria Banunaek", ("email",), "810"),
        c.CampaignRow(4, "Paket Natal dari Timor", "promotional", "draft", "", "Yuliana Nabunome"),
    ),
    pager=Pager(4, 14, next="/kampanye?hal=2"),
    types=(Option("", "Semua jenis", selected=True), Option("promotional", "Promosi")),
    can_compose=True,
)
EMAIL = EmailPreview("Dinas Perindagkop UMKM TTS", "Tenun Amanuban untuk hari raya", "Selendang dan sarung dari Nunkolo", "/static/contoh-surat.html", "Tenun Amanuban\n\nSelendang Rp350.000")


def post(channel: str, **more: Any) -> PostPreview:
    base = PostPreview(channel, "umkm.tts", TEXT, "Tenun Amanuban untuk hari raya", "https://umkm.ttskab.example/promo/tenun-amanuban", "umkm.ttskab.example", IMG + "tenun.svg", "Selendang tenun motif Amanuban", ("TenunTTS", "UMKMTimor"), "23 November 2026 09.00 WITA")
    return replace(base, **more)


POSTS = tuple(post(name) for name in ("website", "facebook", "whatsapp", "telegram", "tiktok", "marketplace"))
INSTAGRAM = post("instagram", misfits=("Instagram meminta gambar paling sedikit 1.080 × 1.080.",))
LEDGER = LedgerView(1, 1240, queued=180, sending=20, accepted=52, delivered=864, deferred=6, bounced=14, complained=1, failed=5, skipped=96, unknown=2, live=True, updated_at="09.14.02 WITA")
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
    acts=c.Acts(pause=True, cancel=True, send_missed=True),
    ledger=LEDGER,
    approved_by="Daniel Tefa",
    letter_number="500.3/112/2026",
    email=EMAIL,
    previews=(INSTAGRAM, *POSTS),
    products=(Thumb("Selendang tenun motif Amanuban", "Tenun Nunkolo · Rp350.000", IMG + "tenun.svg"), Thumb("Paket oleh-oleh Timor", "Tenun Nunkolo")),
    results=(c.Result("Klik orang", "96", "klik mesin tidak dihitung"), c.Result("Pesanan", "11", "dari tautan kampanye ini"), c.Result("Nilai pesanan", "Rp3,9 jt", "Rp3.870.000"), c.Result("Dibuka", "540", "tidak dapat dipercaya: banyak kotak surat membuka sendiri", reliable=False)),
    posts=(c.PostLine(1, "facebook", "published", "23 November 2026 09.00 WITA", permalink="https://facebook.example/1"), c.PostLine(2, "instagram", "failed", "", "Gambar terlalu kecil."), c.PostLine(3, "whatsapp", "awaiting_human", "")),
    history=(c.Happening("Daniel Tefa menyetujui versi 2", "22 November 2026 16.40 WITA", "2026-11-22T16:40+08:00"), c.Happening("Daniel Tefa mengembalikan versi 1", "22 November 2026 16.05 WITA", "2026-11-22T16:05+08:00", "Harga coret belum sama dengan katalog.")),
)
REVIEW = replace(CAMPAIGN, state="in_review", acts=c.Acts(approve=True, cancel=True), ledger=None, results=(), posts=(), letter_number="", approved_by="", errors=("Belum ada gambar untuk Instagram.",))
APPROVED = replace(CAMPAIGN, state="approved", acts=c.Acts(edit=True, schedule=True, cancel=True), ledger=None, results=(), posts=(), schedule_date="2026-11-23", schedule_time="09:00", earliest_date="2026-11-22")
COMPOSER = s.ComposerView(
    draft=s.Draft("Tenun Amanuban untuk hari raya", "promotional", "Tenun Amanuban untuk hari raya", "", "Tenun Amanuban untuk hari raya", TEXT, "2026-11-23", "09:00"),
    zone="WITA",
    types=(Option("promotional", "Promosi", selected=True), Option("newsletter", "Buletin")),
    products=(s.PickRow(3, "Paket oleh-oleh Timor", "Tenun Nunkolo", "Rp420.000", "belum pernah tampil"), s.PickRow(1, "Selendang tenun motif Amanuban", "Tenun Nunkolo", "Rp350.000", "tampil 7 kali", IMG + "tenun.svg", picked=True)),
    channels=(s.ChannelChoice("email", True), s.ChannelChoice("website", True), s.ChannelChoice("facebook", True, 63206), s.ChannelChoice("instagram", True, 2200, "Butuh gambar."), s.ChannelChoice("tiktok", False, 2200, "Belum dihubungkan.", needs_human=True, available=False), s.ChannelChoice("whatsapp", True, 4096, needs_human=True), s.ChannelChoice("telegram", False, 1024)),
    audiences=(s.AudienceChoice("semua", "Semua yang menyetujui promosi", "1.336 orang di Kab. Timor Tengah Selatan dan luar daerah", chosen=True), s.AudienceChoice("tenun", "Pernah membeli tenun", "212 orang")),
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
MAIL_TABS = (Tab("Surat", paths.OUTBOX_MAIL, 1240, current=True), Tab("Kiriman", paths.OUTBOX_POSTS, 12))
MAILS = o.OutboxView(
    tabs=MAIL_TABS,
    tab="surat",
    pager=Pager(3, None, next="/kotak-keluar/surat?sesudah=3"),
    mails=(
        o.MailRow(1, "Maria Nomleni <maria.nomleni@surel.example>", "Tenun Amanuban untuk hari raya", "Promosi", "delivered", "23 November 2026 09.02 WITA", "Tenun Amanuban untuk hari raya"),
        o.MailRow(2, "Yohanes Tse <yohanes@surel.example>", "Tenun Amanuban untuk hari raya", "Promosi", "skipped", "23 November 2026 09.00 WITA", reason="Tidak menyetujui promosi", article="UU 27/2022 Ps. 20(2)a"),
        o.MailRow(3, "Lusia Benu <lusia@surel.example>", "Pesanan PO-2611-004 kami terima", "Transaksi pesanan", "bounced", "22 November 2026 14.30 WITA", reason="Alamat tidak ada."),
    ),
    states=(Option("", "Semua keadaan", selected=True), Option("skipped", "Dilewati")),
    kinds=(Option("", "Semua jenis", selected=True), Option("promotional", "Promosi")),
    campaigns=(Option("", "Semua kampanye", selected=True), Option("1", "Tenun Amanuban untuk hari raya")),
    sandbox=True,
)
POST_LIST = replace(MAILS, tab="kiriman", mails=(), posts=(o.PostRow(1, "facebook", "umkm.tts", "Tenun Amanuban untuk hari raya", "published", "23 November 2026 09.00 WITA"), o.PostRow(3, "whatsapp", "Warga SoE", "Tenun Amanuban untuk hari raya", "awaiting_human", "23 November 2026 09.00 WITA")))
MAIL = o.MailView(1, "Tenun Amanuban untuk hari raya", "Maria Nomleni <maria.nomleni@surel.example>", "Dinas Perindagkop UMKM TTS <promosi@kabar.ttskab.example>", "delivered", "23 November 2026 09.02 WITA", "Promosi", ("Menyetujui promosi pada 3 Mei 2026 lewat formulir situs (UU 27/2022 Ps. 20(2)a).", "Surat pertama pekan ini; batasnya 3."), "Tenun Amanuban untuk hari raya", "/kampanye/1", "Selendang dan sarung", text="Tenun Amanuban\n\nSelendang Rp350.000\nBerhenti: https://umkm.ttskab.example/u/abc", headers=(("List-Unsubscribe", "<https://umkm.ttskab.example/v1/u/0123456789abcdefghijkl>"), ("Message-ID", "<a@b>")), events=(("Sampai di kotak surat", "23 November 2026 09.02 WITA"),))
SKIPPED = replace(MAIL, state="skipped", reason="Tidak menyetujui promosi.", article="UU 27/2022 Ps. 20(2)a", has_html=False, text="", headers=(), events=())
SHARE = o.PostView(3, "whatsapp", "awaiting_human", "Siap 23 November 2026 09.00 WITA", post("whatsapp", account="Warga SoE"), "Tenun Amanuban untuk hari raya", "/kampanye/1", marker="siar-1-wa", kit=o.ShareKit("Buka dari ponsel yang ikut grup.", TEXT, IMG + "tenun.svg", "tenun.svg", "https://wa.me/?text=Tenun", "Buka WhatsApp"))
PUBLISHED = o.PostView(1, "facebook", "published", "23 November 2026 09.00 WITA", post("facebook"), "Tenun Amanuban untuk hari raya", permalink="https://facebook.example/1")
GOODS = (
    p.PublicProduct("Selendang tenun motif Amanuban", "Tenun Nunkolo", "/tts/produk/selendang", "Rp350.000", IMG + "tenun.svg", "Selendang tenun", "Rp400.000"),
    p.PublicProduct("Madu hutan Mutis 500 ml", "KTH Mutis Lestari", "/tts/produk/madu", "Rp125.000", IMG + "madu.svg"),
    p.PublicProduct("Paket oleh-oleh Timor", "Tenun Nunkolo", "/tts/produk/paket", "Rp420.000"),
)
GALLERY = p.SiteHomeView("168 produk dari 74 pelaku usaha, sudah diverifikasi.", GOODS, Pager(3, 168, next="/tts/?hal=2"), "/tts/", categories=(Option("", "Semua kategori", selected=True),), feeds=(p.Link("RSS", "/tts/umpan.rss", "produk terbaru"), p.Link("Google Merchant", "/tts/umpan.xml")))
PRODUCT = p.PublicProductView("Selendang tenun motif Amanuban", "Rp350.000", "lembar", ("Ditenun tangan dengan benang katun.", "Ukuran 180 × 60 cm."), "Tenun Nunkolo", "Nunkolo", ("Kirim pesan WhatsApp ke penenun.", "Bayar setelah ongkos kirim disepakati."), "Rp400.000", "Harga ini sampai 10 Desember 2026", IMG + "tenun.svg", "Selendang tenun", "Tersedia 12 lembar", (("Berat", "350 gram"), ("Halal", "tidak wajib")), (("NIB", "9120 0000 0000 1"), ("Alamat", "Nunkolo")), "https://wa.me/62811", "https://toko.example", GOODS)
PROMO = p.PromoView("Tenun Amanuban untuk hari raya", ("Selendang motif Amanuban, ditenun di Nunkolo.",), GOODS, "Sampai 10 Desember 2026", ended=True)
LEAVE = p.UnsubscribeView("Promosi", "m•••a@surel.example", "/u/abc")
WHY = p.WhyView("Promosi", "m•••a@surel.example", "Anda menyetujui menerima promosi pada 3 Mei 2026 lewat formulir di situs kami.", "UU 27/2022 Ps. 20 ayat (2) huruf a", (("Kampanye", "Tenun Amanuban untuk hari raya"),), "Produk dipilih sama untuk semua penerima.", "/u/abc")
LOGIN = p.LoginView("pemasar@tts.example", "E-mail atau kata sandi tidak cocok.", "/katalog", (("pemasar@tts.example", "Pemasar"), ("penyetuju@tts.example", "Penyetuju")), "coba-siar")
LOST = p.ErrorView(404, "Halaman ini tidak ada", "Tautannya mungkin salah ketik, atau halamannya sudah dihapus.", "Mulai lagi dari beranda.", "/beranda", "Ke beranda")

PAGES: dict[str, Sample] = {
    "masuk": Sample("login.html", LOGIN, replace(SHELL, tenant=None)),
    "beranda": Sample("beranda.html", HOME, SHELL, nav("home")),
    "beranda-kosong": Sample("beranda.html", h.HomeView("Selamat datang", "Belum ada apa-apa."), SHELL, nav("home")),
    "katalog": Sample("katalog.html", CATALOG, replace(SHELL, notice=Notice("Katalog disinkronkan: 3 produk baru.", href="/x", action="Lihat")), nav("catalog")),
    "katalog-kosong": Sample("katalog.html", k.CatalogView("Belum disinkronkan.", CATALOG.tabs, "semua"), SHELL, nav("catalog")),
    "kampanye-daftar": Sample("kampanye_daftar.html", CAMPAIGNS, SHELL, nav("campaigns")),
    "kampanye-daftar-kosong": Sample("kampanye_daftar.html", replace(CAMPAIGNS, rows=()), SHELL, nav("campaigns")),
    "kampanye-susun": Sample("kampanye_susun.html", COMPOSER, SHELL, nav("campaigns")),
    "kampanye-susun-baru": Sample("kampanye_susun.html", replace(COMPOSER, draft=s.Draft(), count=None, campaign_id=None, errors={}, returned_note="", email=None, previews=(), products=()), SHELL, nav("campaigns")),
    "kampanye": Sample("kampanye.html", CAMPAIGN, SHELL, nav("campaigns")),
    "kampanye-tinjau": Sample("kampanye.html", REVIEW, SHELL, nav("campaigns")),
    "kampanye-setuju": Sample("kampanye.html", APPROVED, SHELL, nav("campaigns")),
    "kotak-keluar": Sample("kotak_keluar.html", MAILS, SHELL, nav("outbox")),
    "kotak-keluar-kiriman": Sample("kotak_keluar.html", POST_LIST, SHELL, nav("outbox")),
    "kotak-keluar-kosong": Sample("kotak_keluar.html", replace(MAILS, mails=(), states=(), kinds=(), campaigns=()), SHELL, nav("outbox")),
    "surat": Sample("kotak_keluar_surat.html", MAIL, SHELL, nav("outbox")),
    "surat-dilewati": Sample("kotak_keluar_surat.html", SKIPPED, SHELL, nav("outbox")),
    "pos-whatsapp": Sample("kotak_keluar_pos.html", SHARE, SHELL, nav("outbox")),
    "pos-facebook": Sample("kotak_keluar_pos.html", PUBLISHED, SHELL, nav("outbox")),
    "publik": Sample("publik_beranda.html", GALLERY, replace(SHELL, tenant=BLITAR), replace(SITE, active="home")),
    "publik-produk": Sample("publik_produk.html", PRODUCT, SHELL, SITE),
    "publik-promo": Sample("publik_promo.html", PROMO, SHELL, SITE),
    "publik-promo-kosong": Sample("publik_promo.html", replace(PROMO, products=()), SHELL, SITE),
    "berhenti": Sample("berhenti.html", LEAVE, SHELL, SITE),
    "berhenti-jenis": Sample("berhenti.html", replace(LEAVE, done="type", undo_href="/p/abc"), SHELL, SITE),
    "berhenti-semua": Sample("berhenti.html", replace(LEAVE, done="all"), SHELL, SITE),
    "berhenti-salah": Sample("berhenti.html", p.UnsubscribeView(wrong=True), SHELL, SITE),
    "mengapa": Sample("mengapa.html", WHY, SHELL, SITE),
    "galat": Sample("galat.html", LOST, replace(SHELL, tenant=None)),
}
