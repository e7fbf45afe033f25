"""Sample views of the frame for other sites and of the page that explains it."""

from marketing.web.views import widget as w
from marketing.web.views.parts import Option
from tests.unit.web.samples_gallery import FEEDS, HEAD
from tests.unit.web.samples_shell import IMG

FRAME = w.WidgetView(
    "Produk UMKM Kabupaten Timor Tengah Selatan",
    "Dinas Perindagkop UMKM TTS",
    "/merek/tts.css",
    "https://siar.example/galeri/tts?utm_medium=widget",
    (
        w.WidgetProduct(
            "Selendang tenun motif Amanuban",
            "Tenun Nunkolo",
            "Nunkolo",
            "Rp350.000",
            "https://siar.example/galeri/tts/produk/1?utm_medium=widget",
            "Rp400.000",
            IMG + "tenun.svg",
            "Selendang tenun",
        ),
        w.WidgetProduct("Madu hutan", "KTH Mutis", "", "Rp125.000", "https://siar.example/galeri/tts/produk/2"),
    ),
)
EMBED = w.EmbedView(
    HEAD,
    "Produk UMKM Kabupaten Timor Tengah Selatan",
    "/galeri/tts/widget",
    700,
    '<iframe src="https://siar.example/galeri/tts/widget" title="Produk UMKM"></iframe>',
    "https://siar.example/galeri/tts/widget.json",
    "/galeri/tts/pasang",
    (Option("", "Semua kategori", selected=True), Option("kerajinan", "Kerajinan")),
    (Option("", "Semua usaha", selected=True), Option("7", "Tenun Nunkolo")),
    (Option("6", "6 produk", selected=True),),
    FEEDS,
    (("id, sku", "nama tetap produk"),),
)
