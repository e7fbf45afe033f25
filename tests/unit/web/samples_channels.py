"""Kanal with sample views: a healthy shop, one that waits for its owner, and nothing at all."""

from dataclasses import replace

from marketing.web.views.api_keys import ApiKeysView, KeyRow
from marketing.web.views.channels import (
    AccountCard,
    AccountView,
    CategoryChoice,
    ChannelsView,
    ConnectCard,
    ConnectView,
    DeleteTask,
    ListingRow,
    StateCount,
)
from marketing.web.views.mail_accounts import MailAccountsView, MailCard
from marketing.web.views.parts import Option, Pager

OWNERS = (Option("", "Diskopukm TTS (semua produk yang layak)", selected=True), Option("3", "Dapur Mama Yuli"))
HEALTHY = AccountCard(
    id=1,
    name="Galeri UMKM TTS",
    provider="Shopee",
    owner="Diskopukm TTS",
    state="active",
    reason="",
    problems=("Terlalu banyak panggilan ke Shopee; sistem menunggu sebentar.",),
    facts=(("Nomor toko", "322300222"), ("Izin masuk berlaku sampai", "22 November 2026 pukul 13.00 WITA")),
    counts=(StateCount("listed", 128, "/kanal/akun/1?keadaan=listed"), StateCount("refused", 3, "/kanal/akun/1")),
    aside=(("2611220007", "mata uang MYR"),),
    auto=True,
    details_href="/kanal/akun/1",
    try_action="/kanal/akun/1/uji",
    auto_action="/kanal/akun/1/otomatis",
    retry_action="/kanal/akun/1/coba-lagi",
    pause_action="/kanal/akun/1/jeda",
    remove_action="/kanal/akun/1/lepas",
)
WAITING = AccountCard(
    id=2,
    name="Dapur Mama Yuli",
    provider="Tokopedia dan TikTok Shop",
    owner="Dapur Mama Yuli",
    state="reconnect",
    reason="Izin toko sudah berakhir; sambungkan ulang toko ini.",
    problems=(),
    facts=(("Nomor toko", "7495"),),
    counts=(),
    aside=(),
    auto=False,
    details_href="/kanal/akun/2",
    auto_action="/kanal/akun/2/otomatis",
    resume_action="/kanal/akun/2/lanjutkan",
    reconnect_href="/kanal/tiktok-shop/sambungkan?usaha=3",
)
MAIL = MailAccountsView(
    cards=(
        MailCard(
            id=7,
            name="relai kantor",
            provider="SMTP",
            state="active",
            trouble="Penyedia tidak dapat dihubungi. Periksa alamat, porta, dan jaringan; dicoba lagi sendiri.",
            bad=False,
            location_note="",
            facts=(("Server", "smtp.kantor.go.id:587 (starttls)"), ("Data disimpan di", "Indonesia")),
            try_action="/kanal/surel/7/uji",
            pause_action="/kanal/surel/7/jeda",
        ),
        MailCard(
            id=8,
            name="SendGrid",
            provider="SendGrid",
            state="paused",
            trouble="Nama pengguna, kata sandi, atau kunci API ditolak.",
            bad=True,
            location_note="Data diolah di Amerika Serikat (PP 71/2019 Ps. 20).",
            facts=(("Server", "api.sendgrid.com"), ("Batas kirim", "10/detik; gmail.com: 300/jam")),
            try_action="/kanal/surel/8/uji",
            resume_action="/kanal/surel/8/lanjutkan",
        ),
    ),
    default="kotak masuk lokal",
    can_change=True,
    waiting=("Pesanan",),
)
CHANNELS = ChannelsView(
    mail=MAIL,
    tasks=(
        DeleteTask(
            "Keripik Pisang",
            "Dapur Mama Yuli (Shopee), SKU tts-P-1",
            "Verifikasi dicabut (Perbup TTS 17/2025 Pasal 10)",
            "/kanal/iklan/7/dihapus",
        ),
    ),
    accounts=(HEALTHY, WAITING),
    connects=(
        ConnectCard(
            id="shopee",
            name="Shopee",
            registered=True,
            setting="",
            href="/kanal/shopee/sambungkan",
            back_url="https://siar.example/kanal/shopee/kembali",
            push_url="https://siar.example/webhook/shopee",
            owners=OWNERS,
        ),
        ConnectCard(
            id="tiktok-shop",
            name="TikTok Shop",
            registered=False,
            setting="SIAR_TIKTOK_SHOP_APP_KEY",
            href="/kanal/tiktok-shop/sambungkan",
            back_url="https://siar.example/kanal/tiktok-shop/kembali",
            push_url="https://siar.example/webhook/tiktok-shop",
            owners=OWNERS,
        ),
    ),
    can_connect=True,
)
NOTHING = ChannelsView(
    tasks=(),
    accounts=(),
    connects=(),
    can_connect=False,
    mail=MailAccountsView((), "relai smtp.kantor.go.id di setelan pemasangan ini", can_change=False),
)
CONNECT = ConnectView(
    "Shopee", "Diskopukm TTS", "Semua produk yang siap promosi ditayangkan di toko ini.", "/kanal/shopee/menuju"
)
ROWS = (
    ListingRow("Tenun ikat", "/katalog/produk/1", "tts-P-1", "listed", "", "Rp350.000", "5", "22 November 2026"),
    ListingRow("Madu", "/katalog/produk/2", "tts-P-2", "refused", "Isi jumlah stok di katalog.", "", "", "22 November"),
)
ACCOUNT = AccountView(
    card=HEALTHY,
    states=(Option("", "Semua keadaan", selected=True), Option("refused", "Ditolak")),
    action="/kanal/akun/1",
    rows=ROWS,
    pager=Pager(2, 60, "", "/kanal/akun/1?halaman=2"),
    choices=(
        CategoryChoice("kerajinan", "Kerajinan", "101234", "20 x 15 x 10", "Bahan: katun"),
        CategoryChoice("minuman", "Minuman", "", "", ""),
    ),
    choice_action="/kanal/akun/1/pilihan",
)
EMPTY_ACCOUNT = AccountView(WAITING, ACCOUNT.states, "/kanal/akun/2", (), Pager(0, 0), (), "/kanal/akun/2/pilihan")
KEYS = ApiKeysView(
    rows=(
        KeyRow("a1b2c3d4e5f6", "Situs resmi", ("Menyampaikan persetujuan",), "22 Nov 2026 09.00 WITA", "belum pernah", "", "/kanal/kunci/a1b2c3d4e5f6/cabut"),
        KeyRow("0f0f0f0f0f0f", "Toko lama", ("Menyampaikan pencabutan",), "1 Nov 2026 09.00 WITA", "2 Nov 2026", "20 Nov 2026 10.00 WITA", ""),
    ),
    scopes=(Option("consents", "Menyampaikan persetujuan"), Option("withdrawals", "Menyampaikan pencabutan")),
    address="https://siar.example/api/v1/openapi.json",
)  # fmt: skip
NEW_KEY = replace(KEYS, secret="siar_a1b2c3d4e5f6_" + "A" * 43, wrong_name="Beri nama.", wrong_scopes="Pilih satu.")
