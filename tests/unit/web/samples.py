"""Every page with a sample view: full, empty, and each branch that a person may meet."""

from dataclasses import replace

from marketing.web.views import catalog as k
from marketing.web.views import composer as s
from marketing.web.views import home as h
from marketing.web.views.imports import ImportsView
from marketing.web.views.parts import Pager
from marketing.web.views.public import ForgottenView, PasswordView
from marketing.web.views.shell import Notice
from marketing.web.views.sources import RehearsalView, SourcesView
from tests.unit.web import samples_contacts as contacts
from tests.unit.web import samples_data_requests as data_requests
from tests.unit.web import samples_machines as machines
from tests.unit.web import samples_mail_health as mail_health
from tests.unit.web import samples_mail_templates as mail_templates
from tests.unit.web import samples_missed as missed
from tests.unit.web import samples_newsletters as letters
from tests.unit.web import samples_orders as orders
from tests.unit.web import samples_people as people
from tests.unit.web import samples_social as social
from tests.unit.web import samples_tasks as tasks
from tests.unit.web import samples_whatsapp as whatsapp
from tests.unit.web.samples_campaign import APPROVED, CAMPAIGN, CAMPAIGNS, COMPOSER, REVIEW
from tests.unit.web.samples_channels import ACCOUNT, CHANNELS, CONNECT, EMPTY_ACCOUNT, KEYS, NEW_KEY, NOTHING
from tests.unit.web.samples_gallery import DAERAH, GALLERY, LISTING, LOST_PRODUCT, MAKER, OFFER, PRODUCT
from tests.unit.web.samples_gate import GUIDANCE, HELD, READY
from tests.unit.web.samples_imports import ENDED, IMPORTS, MAPPING, RUNNING, TRIED
from tests.unit.web.samples_marketplace import MARKETPLACES
from tests.unit.web.samples_office import CATALOG, HOME
from tests.unit.web.samples_outside import (
    LEAVE,
    LOGIN,
    LOST,
    MAIL,
    MAILS,
    POST_LIST,
    PUBLISHED,
    SHARE,
    SKIPPED,
    WHY,
)
from tests.unit.web.samples_segments import FORM as SEGMENT_FORM
from tests.unit.web.samples_segments import NEW as SEGMENT_NEW
from tests.unit.web.samples_segments import SEGMENTS
from tests.unit.web.samples_segments import WRITTEN as SEGMENT_WRITTEN
from tests.unit.web.samples_shell import BLITAR, SHELL, SITE, Sample, nav
from tests.unit.web.samples_sources import ASIDE, REHEARSAL, SOURCES, WITHDRAWALS
from tests.unit.web.samples_sources import FIXED as SOURCE_FIXED
from tests.unit.web.samples_sources import FORM as SOURCE_FORM
from tests.unit.web.samples_sources import ROW as WITHDRAWN
from tests.unit.web.samples_widget import EMBED, FRAME

NEW_PASSWORD = PasswordView(valid=True, email="maria@dinas.example", action="/g/x")
PAGES: dict[str, Sample] = {
    "masuk": Sample("login.html", LOGIN, replace(SHELL, tenant=None)),
    "lupa-sandi": Sample("lupa_sandi.html", ForgottenView(), replace(SHELL, tenant=None)),
    "lupa-sandi-dikirim": Sample("lupa_sandi.html", ForgottenView(sent=True), replace(SHELL, tenant=None)),
    "atur-sandi": Sample("atur_sandi.html", NEW_PASSWORD, replace(SHELL, tenant=None)),
    "atur-sandi-salah": Sample(
        "atur_sandi.html", replace(NEW_PASSWORD, error="Tidak sama.", field="ulangi"), replace(SHELL, tenant=None)
    ),
    "atur-sandi-selesai": Sample(
        "atur_sandi.html", replace(NEW_PASSWORD, email="", done=True), replace(SHELL, tenant=None)
    ),
    "atur-sandi-lewat": Sample(
        "atur_sandi.html", replace(NEW_PASSWORD, email="", valid=False), replace(SHELL, tenant=None)
    ),
    "beranda": Sample("beranda.html", HOME, SHELL, nav("home")),
    "beranda-kosong": Sample("beranda.html", h.HomeView("Selamat datang", "Belum ada apa-apa."), SHELL, nav("home")),
    "katalog": Sample(
        "katalog.html",
        CATALOG,
        replace(SHELL, notice=Notice("Katalog disinkronkan: 3 produk baru.", href="/x", action="Lihat")),
        nav("catalog"),
    ),
    "katalog-kosong": Sample(
        "katalog.html", k.CatalogView("Belum disinkronkan.", CATALOG.tabs, "semua"), SHELL, nav("catalog")
    ),
    "katalog-produk": Sample("katalog_produk.html", HELD, SHELL, nav("catalog")),
    "katalog-produk-boleh": Sample("katalog_produk.html", READY, SHELL, nav("catalog")),
    "pendampingan": Sample("katalog_pendampingan.html", GUIDANCE, SHELL, nav("catalog")),
    "pendampingan-kosong": Sample(
        "katalog_pendampingan.html", replace(GUIDANCE, rows=(), pager=Pager(0, 0)), SHELL, nav("catalog")
    ),
    "segmen": Sample("segmen.html", SEGMENTS, SHELL, nav("campaigns")),
    "segmen-kosong": Sample("segmen.html", replace(SEGMENTS, rows=()), SHELL, nav("campaigns")),
    "segmen-susun": Sample("segmen_susun.html", SEGMENT_FORM, SHELL, nav("campaigns")),
    "segmen-susun-baru": Sample("segmen_susun.html", SEGMENT_NEW, SHELL, nav("campaigns")),
    "segmen-susun-teks": Sample("segmen_susun.html", SEGMENT_WRITTEN, SHELL, nav("campaigns")),
    "lokapasar": Sample("katalog_lokapasar.html", MARKETPLACES, SHELL, nav("catalog")),
    "lokapasar-kosong": Sample("katalog_lokapasar.html", replace(MARKETPLACES, total=0), SHELL, nav("catalog")),
    "kanal": Sample("kanal.html", CHANNELS, SHELL, nav("channels")),
    "kanal-kosong": Sample("kanal.html", NOTHING, SHELL, nav("channels")),
    "kanal-sambung": Sample("kanal_sambung.html", CONNECT, SHELL, nav("channels")),
    "kanal-akun": Sample("kanal_akun.html", ACCOUNT, SHELL, nav("channels")),
    "kanal-akun-kosong": Sample("kanal_akun.html", EMPTY_ACCOUNT, SHELL, nav("channels")),
    "kanal-akun-disaring": Sample("kanal_akun.html", replace(EMPTY_ACCOUNT, filtered=True), SHELL, nav("channels")),
    "kanal-kunci": Sample("kanal_kunci.html", KEYS, SHELL, nav("channels")),
    "kanal-kunci-baru": Sample("kanal_kunci.html", NEW_KEY, SHELL, nav("channels")),
    "kanal-kunci-kosong": Sample("kanal_kunci.html", replace(KEYS, rows=()), SHELL, nav("channels")),
    "sumber": Sample("katalog_sumber.html", SOURCES, SHELL, nav("catalog")),
    "sumber-kosong": Sample("katalog_sumber.html", SourcesView(()), SHELL, nav("catalog")),
    "impor": Sample("impor.html", IMPORTS, SHELL, nav("campaigns")),
    "impor-kosong": Sample("impor.html", ImportsView(), SHELL, nav("campaigns")),
    "impor-kolom": Sample("impor_berkas.html", MAPPING, SHELL, nav("campaigns")),
    "impor-coba": Sample("impor_berkas.html", TRIED, SHELL, nav("campaigns")),
    "impor-jalan": Sample("impor_berkas.html", RUNNING, SHELL, nav("campaigns")),
    "impor-selesai": Sample("impor_berkas.html", ENDED, SHELL, nav("campaigns")),
    "sumber-isi": Sample("katalog_sumber_isi.html", SOURCE_FORM, SHELL, nav("catalog")),
    "sumber-jadwal": Sample("katalog_sumber_isi.html", SOURCE_FIXED, SHELL, nav("catalog")),
    "sumber-coba": Sample("katalog_sumber_coba.html", REHEARSAL, SHELL, nav("catalog")),
    "sumber-coba-gagal": Sample(
        "katalog_sumber_coba.html",
        RehearsalView("toko", "22 November 2026", error="Tidak menjawab."),
        SHELL,
        nav("catalog"),
    ),
    "sisihan": Sample("katalog_sisihan.html", ASIDE, SHELL, nav("catalog")),
    "sisihan-kosong": Sample(
        "katalog_sisihan.html", replace(ASIDE, rows=(), query="", kinds=()), SHELL, nav("catalog")
    ),
    "penarikan": Sample("katalog_penarikan.html", WITHDRAWALS, SHELL, nav("catalog")),
    "penarikan-kosong": Sample(
        "katalog_penarikan.html", replace(WITHDRAWALS, rows=(), query=""), SHELL, nav("catalog")
    ),
    "kontak": Sample("kontak.html", contacts.CONTACTS, SHELL, nav("contacts")),
    "kontak-kosong": Sample("kontak.html", contacts.NOBODY, SHELL, nav("contacts")),
    "kontak-ganda": Sample("kontak.html", contacts.TWINS, SHELL, nav("contacts")),
    "kontak-tak-ganda": Sample("kontak.html", contacts.NO_TWINS, SHELL, nav("contacts")),
    "kontak-orang": Sample("kontak_orang.html", contacts.CONTACT, SHELL, nav("contacts")),
    "kontak-dibatasi": Sample("kontak_orang.html", contacts.RESTRICTED, SHELL, nav("contacts")),
    "kontak-dihapus": Sample("kontak_orang.html", contacts.ERASED, SHELL, nav("contacts")),
    "kontak-gabung": Sample("kontak_gabung.html", contacts.MERGE, SHELL, nav("contacts")),
    "kontak-gabung-salah": Sample("kontak_gabung.html", contacts.MERGE_WRONG, SHELL, nav("contacts")),
    "daftar-henti": Sample("kontak_daftar_henti.html", contacts.SUPPRESSIONS, SHELL, nav("contacts")),
    "daftar-henti-kosong": Sample("kontak_daftar_henti.html", contacts.NONE_BARRED, SHELL, nav("contacts")),
    **data_requests.PAGES,
    **machines.PAGES,
    **mail_health.PAGES,
    **missed.PAGES,
    **mail_templates.PAGES,
    **whatsapp.PAGES,
    **social.PAGES,
    **orders.PAGES,
    **tasks.PAGES,
    "kampanye-daftar": Sample("kampanye_daftar.html", CAMPAIGNS, SHELL, nav("campaigns")),
    "kampanye-daftar-kosong": Sample("kampanye_daftar.html", replace(CAMPAIGNS, rows=()), SHELL, nav("campaigns")),
    "kampanye-susun": Sample("kampanye_susun.html", COMPOSER, SHELL, nav("campaigns")),
    "kampanye-susun-baru": Sample(
        "kampanye_susun.html",
        replace(
            COMPOSER,
            draft=s.Draft(),
            count=None,
            campaign_id=None,
            errors={},
            returned_note="",
            email=None,
            previews=(),
            products=(),
        ),
        SHELL,
        nav("campaigns"),
    ),
    "kampanye-susun-buletin": Sample("kampanye_susun.html", letters.LETTER, SHELL, nav("campaigns")),
    "kampanye-arsip": Sample("kampanye.html", replace(CAMPAIGN, archive=letters.STANDING), SHELL, nav("campaigns")),
    "kampanye-ditarik": Sample("kampanye.html", replace(CAMPAIGN, archive=letters.WITHDRAWN), SHELL, nav("campaigns")),
    "kampanye": Sample("kampanye.html", CAMPAIGN, SHELL, nav("campaigns")),
    "kampanye-tinjau": Sample("kampanye.html", REVIEW, SHELL, nav("campaigns")),
    "kampanye-setuju": Sample("kampanye.html", APPROVED, SHELL, nav("campaigns")),
    "kotak-keluar": Sample("kotak_keluar.html", MAILS, SHELL, nav("outbox")),
    "kotak-keluar-kiriman": Sample("kotak_keluar.html", POST_LIST, SHELL, nav("outbox")),
    "kotak-keluar-kosong": Sample(
        "kotak_keluar.html", replace(MAILS, mails=(), states=(), kinds=(), campaigns=()), SHELL, nav("outbox")
    ),
    "surat": Sample("kotak_keluar_surat.html", MAIL, SHELL, nav("outbox")),
    "surat-dilewati": Sample("kotak_keluar_surat.html", SKIPPED, SHELL, nav("outbox")),
    "pos-whatsapp": Sample("kotak_keluar_pos.html", SHARE, SHELL, nav("outbox")),
    "pos-dihapus": Sample(
        "kotak_keluar_pos.html",
        replace(
            SHARE,
            state="published",
            tasks=(),
            withdrawn=(WITHDRAWN,),
        ),
        SHELL,
        nav("outbox"),
    ),
    "pos-facebook": Sample("kotak_keluar_pos.html", PUBLISHED, SHELL, nav("outbox")),
    "publik": Sample("publik_beranda.html", GALLERY, replace(SHELL, tenant=BLITAR), replace(SITE, active="home")),
    "publik-kosong": Sample(
        "publik_beranda.html",
        replace(GALLERY, products=0, businesses=0, tiles=(), newest=(), spotlight=(), feeds=()),
        SHELL,
        SITE,
    ),
    "bingkai": Sample("widget.html", FRAME, SHELL, SITE),
    "bingkai-kosong": Sample("widget.html", replace(FRAME, products=()), SHELL, SITE),
    "pasang": Sample("pasang.html", EMBED, SHELL, SITE),
    "publik-daerah": Sample("publik_daerah.html", DAERAH, replace(SHELL, tenant=None)),
    "publik-daerah-kosong": Sample("publik_daerah.html", replace(DAERAH, places=()), replace(SHELL, tenant=None)),
    "publik-daftar": Sample("publik_daftar.html", LISTING, SHELL, replace(SITE, search_action="", active="all")),
    "publik-daftar-kosong": Sample("publik_daftar.html", replace(LISTING, products=(), feeds=()), SHELL, SITE),
    "publik-produk": Sample("publik_produk.html", PRODUCT, SHELL, SITE),
    "publik-produk-tanpa-gambar": Sample(
        "publik_produk.html", replace(PRODUCT, pictures=(), order_links=(), others=(), not_halal=False), SHELL, SITE
    ),
    "publik-usaha": Sample("publik_usaha.html", MAKER, SHELL, SITE),
    "publik-beranda-buletin": Sample(
        "publik_beranda.html",
        replace(GALLERY, letters=letters.LETTERS, letters_href="/galeri/tts/buletin"),
        SHELL,
        SITE,
    ),
    "publik-promo": Sample("publik_promo.html", OFFER, SHELL, SITE),
    "publik-promo-kosong": Sample("publik_promo.html", replace(OFFER, products=()), SHELL, SITE),
    "publik-buletin": Sample("publik_buletin.html", letters.ARCHIVE, SHELL, SITE),
    "publik-buletin-kosong": Sample("publik_buletin.html", letters.ARCHIVE_EMPTY, SHELL, SITE),
    "publik-buletin-edisi": Sample("publik_buletin_edisi.html", letters.ISSUE, SHELL, SITE),
    "publik-hilang": Sample("publik_hilang.html", LOST_PRODUCT, SHELL, SITE),
    "berhenti": Sample("berhenti.html", LEAVE, SHELL, SITE),
    "berhenti-jenis": Sample("berhenti.html", replace(LEAVE, done="type"), SHELL, SITE),
    "berhenti-semua": Sample("berhenti.html", replace(LEAVE, done="all"), SHELL, SITE),
    "mengapa": Sample("mengapa.html", WHY, SHELL, SITE),
    "langganan": Sample("langganan.html", people.FORM, SHELL, SITE),
    "langganan-salah": Sample("langganan.html", people.MEND, SHELL, SITE),
    "langganan-bingkai": Sample("langganan_bingkai.html", people.FORM, SHELL),
    "langganan-diminta": Sample("langganan_diminta.html", people.ASKED, SHELL, SITE),
    "langganan-bingkai-diminta": Sample("langganan_bingkai_diminta.html", people.ASKED, SHELL),
    "langganan-konfirmasi": Sample("langganan_konfirmasi.html", people.CONFIRM, SHELL, SITE),
    "langganan-selesai": Sample("langganan_konfirmasi.html", people.CONFIRMED, SHELL, SITE),
    "langganan-poster": Sample("langganan_poster.html", people.POSTER, SHELL),
    "preferensi": Sample("preferensi.html", people.PREFERENCES, SHELL, SITE),
    "preferensi-salah": Sample("preferensi.html", people.PREFERENCES_WRONG, SHELL, SITE),
    "galat": Sample("galat.html", LOST, replace(SHELL, tenant=None)),
}
