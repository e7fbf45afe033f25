"""Sample views of Lokapasar."""

from marketing.web.views.marketplace import FaultRow, MarketplaceCard, MarketplaceView, ShoppingFeed
from marketing.web.views.parts import Option

MARKETPLACES = MarketplaceView(
    page_href="/katalog/lokapasar",
    total=2_000,
    capped=True,
    businesses=(Option("", "Semua usaha"), Option("7", "Tenun Nunkolo", selected=True)),
    categories=(Option("", "Semua kategori", selected=True), Option("kerajinan", "Kerajinan")),
    cards=(
        MarketplaceCard(
            id="shopee",
            title="Shopee",
            fitting=1_846,
            faults=(
                FaultRow(
                    "Berat belum diisi",
                    154,
                    "Contoh: Selendang tenun (Tenun Nunkolo). Berat belum diisi; Shopee menghitung ongkos kirim darinya.",
                    "Isi berat beserta kemasannya dalam gram di katalog.",
                ),
            ),
            steps=("Pilih kategori Shopee untuk setiap produk.",),
            download_href="/katalog/lokapasar/shopee.xlsx?usaha=7",
        ),
        MarketplaceCard(id="blibli", title="Blibli", fitting=0, faults=(), steps=(), download_href=""),
    ),
    feeds=(
        ShoppingFeed("Google Merchant", "Diambil setiap hari.", 1_990, "https://siar.example/galeri/tts/merchant.xml"),
    ),
    filtered=True,
)
