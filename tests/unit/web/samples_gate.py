"""Sample views of the gate: one product before it, and what each business still lacks."""

from marketing.web.views.catalog import ReasonView
from marketing.web.views.guidance import BusinessRow, GapView, GuidanceView
from marketing.web.views.parts import Pager
from marketing.web.views.product_explain import PastRow, ProductExplainView

HELD = ProductExplainView(
    id=7,
    name="Keripik pisang <b>“Mollo”</b>",
    business="Dapur Mollo",
    state="held",
    said="Tidak boleh dipromosikan: 1 alasan.",
    asked="Ditanyakan 22 November 2026 16.05 WITA.",
    product_facts=(("Harga", "Rp15.000"), ("Kategori", "Makanan olahan")),
    business_facts=(("NIB", "0220123456789"),),
    description="Renyah.\n\n• tanpa pengawet",
    reasons=(
        ReasonView(
            "P-IRT kedaluwarsa 14 November 2026.",
            "Perbup TTS 17/2025 Pasal 10 ayat (2)",
            "perpanjang P-IRT, lalu perbarui nomor dan tanggal berlakunya di katalog.",
            "Kualitas produk sesuai ketentuan peraturan perundang-undangan.",
        ),
    ),
    remarks=(ReasonView("Nomor halal tidak lazim.", "PP 42/2024", "periksa nomornya."),),
    past=(PastRow("21 November 2026 09.00 WITA", "held", "TTS 10(2)", "aturan 2 · katalog 3"),),
    rules="perbup_tts_17_2025/2",
)
READY = ProductExplainView(
    id=8,
    name="Selendang tenun",
    business="Tenun Nunkolo",
    state="ready",
    said="Boleh dipromosikan.",
    asked="Ditanyakan 22 November 2026 16.05 WITA.",
    product_facts=(("Harga", "Rp350.000"),),
    business_facts=(("NIB", "0220123456789"),),
    description="Tenun tangan.",
    picture="/static/img/tenun.svg",
    picture_alt="Selendang",
    public_href="/galeri/tts/produk/8",
    can_promote=True,
)
GUIDANCE = GuidanceView(
    summary="1 usaha mempunyai 2 produk tertahan.",
    rows=(
        BusinessRow(
            name="Dapur Mollo",
            place="Mollo Utara",
            contact="+6281234567890",
            held="2 produk tertahan",
            next_step="perpanjang P-IRT: 2 produk bebas",
            gaps=(
                GapView(
                    topic="Standardisasi dan sertifikasi",
                    basis="TTS Ps. 9(1)b",
                    what="P-IRT kedaluwarsa",
                    code="TTS 10(2)",
                    cure="perpanjang P-IRT",
                    count="2 produk",
                    products="Keripik pisang, Keripik singkong",
                ),
            ),
        ),
    ),
    pager=Pager(1, 1),
    download_href="/katalog/pendampingan.csv",
)
