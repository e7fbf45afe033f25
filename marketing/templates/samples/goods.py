"""What the sample mails of each Daerah speak of: invented businesses with goods that are at home there."""

from dataclasses import dataclass
from typing import Final

from marketing.templates.context import MarketRow, OrderLine


@dataclass(frozen=True, slots=True)
class Good:
    """One product of a sample; `before` only when its price is reduced.

    `parts` is what a bundle holds: how many of which product, and who makes it.
    """

    name: str
    business: str
    price: str
    before: str = ""
    summary: str = ""
    parts: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SampleGoods:
    """The goods and words of one Daerah; `on_sale_words` and `new_words` name the goods inside a sentence."""

    recipient: str
    on_sale_words: str
    on_sale: tuple[Good, ...]
    new_words: str
    new: tuple[Good, ...]
    bundles: tuple[Good, ...]
    picked: tuple[Good, ...]
    market: tuple[MarketRow, ...]
    ordered: tuple[OrderLine, ...]
    shipping_cost: str
    total: str


_TTS = SampleGoods(
    recipient="Ibu Maria Tefa",
    on_sale_words="tenun dan madu",
    on_sale=(
        Good("Selendang tenun motif Amanuban", "Tenun Nunkolo", "Rp297.500", before="Rp350.000"),
        Good("Madu hutan Mutis 500 ml", "KTH Mutis Lestari", "Rp112.500", before="Rp125.000"),
        Good("Kopi arabika sangrai 250 g", "Kopi Lereng Mutis", "Rp60.000"),
    ),
    new_words="Jagung bose instan, tas anyaman lontar, dan sambal lu’at",
    new=(
        Good(
            "Jagung bose instan 400 g",
            "Dapur Mama Oa",
            "Rp28.000",
            summary="Jagung pulut yang sudah ditumbuk dan dikeringkan, siap dimasak bersama kacang dalam 25 menit.",
        ),
        Good(
            "Tas anyaman lontar",
            "Anyaman Oenali",
            "Rp135.000",
            summary="Anyaman daun lontar dua lapis dengan tali kulit, muat buku dan botol minum.",
        ),
        Good(
            "Sambal lu’at 150 g",
            "Dapur Mama Yuli",
            "Rp25.000",
            summary="Cabai, jeruk purut, dan daun kemangi yang difermentasi tiga hari, khas Timor.",
        ),
    ),
    bundles=(
        Good(
            "Paket sarapan Timor",
            "Koperasi Mutis Bersama",
            "Rp185.000",
            parts=(
                (1, "Kopi arabika sangrai 250 g", "Kopi Lereng Mutis"),
                (1, "Madu hutan Mutis 500 ml", "KTH Mutis Lestari"),
                (1, "Jagung bose instan 400 g", "Dapur Mama Oa"),
            ),
        ),
        Good(
            "Paket meja tenun",
            "Tenun Nunkolo",
            "Rp420.000",
            parts=((1, "Taplak meja tenun Amanuban", "Tenun Nunkolo"), (6, "Tatakan anyaman lontar", "Anyaman Oenali")),
        ),
    ),
    picked=(
        Good("Kopi arabika sangrai 250 g", "Kopi Lereng Mutis", "Rp60.000"),
        Good("Madu hutan Mutis 500 ml", "KTH Mutis Lestari", "Rp125.000"),
        Good("Selendang tenun motif Amanuban", "Tenun Nunkolo", "Rp350.000"),
    ),
    market=(
        MarketRow("Benang katun, per kg", "Rp92.000", "Pantauan Pasar Inpres SoE, 20 November 2026"),
        MarketRow("Biji kopi arabika, per kg", "Rp78.000", "Pantauan Pasar Inpres SoE, 20 November 2026"),
        MarketRow("Kemiri kupas, per kg", "Rp38.000", "Pantauan Pasar Inpres SoE, 20 November 2026"),
    ),
    ordered=(
        OrderLine("Selendang tenun motif Amanuban", "Tenun Nunkolo", "1", "Rp297.500", "Rp297.500"),
        OrderLine("Madu hutan Mutis 500 ml", "KTH Mutis Lestari", "2", "Rp112.500", "Rp225.000"),
    ),
    shipping_cost="Rp35.000",
    total="Rp557.500",
)

_BLITAR = SampleGoods(
    recipient="Bapak Agus Prasetyo",
    on_sale_words="kendang dan wajik",
    on_sale=(
        Good("Kendang jimbe kayu mahoni 25 cm", "Kendang Sentul Raya", "Rp153.000", before="Rp180.000"),
        Good("Wajik kletik 400 g", "Dapur Bu Sumiati", "Rp22.500", before="Rp25.000"),
        Good("Kain batik cap motif belimbing", "Batik Turi Asri", "Rp145.000"),
    ),
    new_words="Opak gambir, tas batik perca, dan jasa ukir suvenir",
    new=(
        Good(
            "Opak gambir wijen 300 g",
            "Opak Pakunden",
            "Rp24.000",
            summary="Opak gambir tipis dengan taburan wijen, dipanggang di atas bara.",
        ),
        Good(
            "Tas batik perca",
            "Batik Turi Asri",
            "Rp85.000",
            summary="Perca batik cap yang dijahit berlapis, dengan ritsleting dan saku dalam.",
        ),
        Good(
            "Jasa ukir suvenir kayu, per buah",
            "Bubut Tanggung Jaya",
            "Rp15.000",
            summary="Nama atau lambang diukir pada suvenir kayu, selesai dalam tiga hari.",
        ),
    ),
    bundles=(
        Good(
            "Paket oleh-oleh Blitar",
            "Dapur Bu Sumiati",
            "Rp75.000",
            parts=(
                (1, "Wajik kletik 400 g", "Dapur Bu Sumiati"),
                (1, "Opak gambir wijen 300 g", "Opak Pakunden"),
                (1, "Sambal pecel 500 g", "Dapur Bu Sumiati"),
            ),
        ),
        Good(
            "Paket suvenir pernikahan",
            "Kendang Sentul Raya",
            "Rp98.000",
            parts=((1, "Kendang jimbe mini", "Kendang Sentul Raya"), (2, "Pouch batik cap", "Batik Turi Asri")),
        ),
    ),
    picked=(
        Good("Sambal pecel 500 g", "Dapur Bu Sumiati", "Rp32.000"),
        Good("Opak gambir wijen 300 g", "Opak Pakunden", "Rp24.000"),
        Good("Kain batik cap motif belimbing", "Batik Turi Asri", "Rp145.000"),
    ),
    market=(
        MarketRow("Kacang tanah kupas, per kg", "Rp29.000", "Pantauan Pasar Legi, 20 November 2026"),
        MarketRow("Beras ketan, per kg", "Rp16.500", "Pantauan Pasar Legi, 20 November 2026"),
        MarketRow("Kain mori primisima, per m", "Rp24.000", "Pantauan Pasar Legi, 20 November 2026"),
    ),
    ordered=(
        OrderLine("Kendang jimbe kayu mahoni 25 cm", "Kendang Sentul Raya", "2", "Rp153.000", "Rp306.000"),
        OrderLine("Wajik kletik 400 g", "Dapur Bu Sumiati", "4", "Rp22.500", "Rp90.000"),
    ),
    shipping_cost="Rp28.000",
    total="Rp424.000",
)

_BY_TENANT: Final = {"tts": _TTS, "blitar": _BLITAR}


def goods_of(tenant_id: str) -> SampleGoods:
    """Return the sample goods of a Daerah; one that joined later is shown with those of TTS."""
    return _BY_TENANT.get(tenant_id, _TTS)
