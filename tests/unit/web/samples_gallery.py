"""Sample views of the public gallery."""

from marketing.channels.website import structured_data as data
from marketing.web.views import gallery as g
from marketing.web.views.parts import Option, Pager
from tests.unit.web.samples_shell import IMG

FEEDS = (g.FeedLink("RSS", "RSS: Kab. TTS", "/galeri/tts/umpan.rss", "application/rss+xml"),)
HEAD = g.Head(
    "Selendang tenun motif Amanuban",
    "Ditenun tangan dengan benang katun.",
    "https://siar.example/galeri/tts/produk/1",
    picture="https://siar.example/gambar/1.jpg",
    picture_alt="Selendang tenun",
    previous_href="https://siar.example/galeri/tts/cari",
    next_href="https://siar.example/galeri/tts/cari?halaman=3",
    feeds=FEEDS,
    structured=(
        data.graph(data.item_list("https://siar.example/galeri/tts", "</script><script>alert(1)", (), total=0)),
    ),
)
SHARE = g.Share("https://siar.example/galeri/tts/produk/1", "Selendang", "https://wa.me/?text=Selendang")
CRUMBS = (
    g.Link("Galeri", "/galeri/tts"),
    g.Link("Kerajinan", "/galeri/tts/kategori/kerajinan"),
    g.Link("Selendang", ""),
)
GOODS = (
    g.Card(
        "Selendang tenun motif Amanuban",
        "Tenun Nunkolo",
        "/galeri/tts/produk/1",
        "Rp350.000",
        IMG + "tenun.svg",
        "Selendang tenun",
        "Rp400.000",
        "Nunkolo",
    ),
    g.Card("Madu hutan Mutis 500 ml", "KTH Mutis Lestari", "/galeri/tts/produk/2", "Rp125.000", IMG + "madu.svg"),
    g.Card("Paket oleh-oleh Timor", "", "/galeri/tts/produk/3", "Rp420.000"),
)
BUSINESS = g.BusinessCard("Tenun Nunkolo", "/galeri/tts/usaha/1", "Nunkolo", 7, (IMG + "tenun.svg",))
GALLERY = g.GalleryHomeView(
    HEAD,
    168,
    74,
    "/galeri/tts/cari",
    "/galeri/tts/cari",
    tiles=(g.Tile("Kerajinan", "/galeri/tts/kategori/kerajinan", "basket", 38),),
    newest=GOODS,
    spotlight=(BUSINESS, g.BusinessCard("Kopi Fatumnasi", "/galeri/tts/usaha/2", "", 2)),
    feeds=FEEDS,
    embed='<iframe src="https://siar.example/galeri/tts/widget"></iframe>',
    guide_href="/galeri/tts/pasang",
)
LISTING = g.ListingView(
    HEAD,
    CRUMBS,
    "Kerajinan",
    "38 produk, halaman 1 dari 2",
    GOODS,
    Pager(24, 38, next="/galeri/tts/kategori/kerajinan?halaman=2"),
    "/galeri/tts/cari",
    query="tenun",
    categories=(Option("", "Semua kategori", selected=True), Option("kerajinan", "Kerajinan (38)")),
    places=(Option("", "Semua kecamatan", selected=True),),
    orders=(Option("terbaru", "Terbaru", selected=True),),
    clear_href="/galeri/tts/cari",
    feeds=FEEDS,
)
WAYS = (
    g.Link("Pesan lewat WhatsApp", "https://wa.me/62811", "whatsapp"),
    g.Link("Beli di Shopee", "https://shopee.co.id/tenun", "shop"),
)
PRODUCT = g.ProductView(
    HEAD,
    CRUMBS,
    "Selendang tenun motif Amanuban",
    "Kerajinan",
    "Rp350.000",
    "lembar",
    BUSINESS,
    SHARE,
    description=("Ditenun tangan dengan benang katun.", "Ukuran 180 × 60 cm."),
    verified="Diverifikasi Dinas Perindagkop UMKM TTS pada 1 Agustus 2026",
    not_halal=True,
    price_was="Rp400.000",
    sale_until="Harga ini berlaku sampai 10 Desember 2026.",
    stock="Tersedia 12 lembar",
    pictures=(g.Picture(IMG + "tenun.svg", "Selendang", 1080, 1080), g.Picture(IMG + "kopi.svg", "Rincian", 0, 0)),
    facts=(("Berat", "350 gram"), ("P-IRT", "2065302010123-29, berlaku sampai 31 Desember 2029")),
    business_facts=(("Alamat", "Nunkolo"),),
    business_links=(g.Link("+62 812-0000-1001", "tel:+6281200001001", "phone"),),
    order_steps=("Kirim pesan WhatsApp ke penenun.", "Bayar setelah ongkos kirim disepakati."),
    order_links=WAYS,
    report_href="mailto:umkm@ttskab.example",
    others=GOODS,
)
MAKER = g.BusinessView(
    HEAD,
    CRUMBS,
    "Tenun Nunkolo",
    "Nunkolo",
    "Diverifikasi Dinas Perindagkop UMKM TTS",
    (("Alamat", "Nunkolo"), ("Kelompok", "Kelompok Tafen Kuan")),
    WAYS,
    GOODS,
    Pager(24, 30, next="/galeri/tts/usaha/1?halaman=2"),
    SHARE,
    feeds=FEEDS,
)
OFFER = g.OfferView(
    HEAD,
    CRUMBS,
    "Tenun Amanuban untuk hari raya",
    ("Selendang motif Amanuban, ditenun di Nunkolo.",),
    GOODS,
    SHARE,
    "Diterbitkan Dinas pada 22 November 2026",
)
DAERAH = g.DaerahListView(
    HEAD, (g.DaerahCard("Kabupaten Timor Tengah Selatan", "/galeri/tts", "Dinas Perindagkop", "TTS", 168, 74),)
)
LOST_PRODUCT = g.LostView(
    HEAD, "Halaman ini tidak ada", "Produk ini tidak ada.", "/galeri/tts/cari", "/galeri/tts/cari", newest=GOODS
)
