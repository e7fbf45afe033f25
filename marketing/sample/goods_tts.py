"""What the small businesses of Timor Tengah Selatan sell; weaving and lontar here, food in its own file."""

from functools import partial

from marketing.sample.goods_tts_food import FOOD_TRADES
from marketing.sample.vocabulary import Item, Trade

_cloth = partial(Item, category="fesyen")
_craft = partial(Item, category="kerajinan")

_MOTIFS = ("Amanuban", "Mollo", "Amanatun", "kaif Mollo", "buna Amanatun", "mata kaif Amanuban")

_WEAVING = Trade(
    titles=(
        "Tenun {desa}",
        "Sanggar Tenun {keluarga}",
        "Kelompok Tenun Mama {nama}",
        "Rumah Tenun {kecamatan}",
        "Tenun Ikat Ina {nama}",
    ),
    items=(
        _cloth(
            "Selendang tenun ikat motif {v}",
            "Selendang tenun ikat bermotif {v}, ditenun dengan alat tenun gedogan dari benang katun yang diikat dan dicelup sendiri. Ukuran sekitar 60 × 180 cm.",
            325_000,
            "lembar",
            300,
            "tenun",
            variants=_MOTIFS,
        ),
        _cloth(
            "Sarung tenun motif {v}",
            "Sarung tenun bermotif {v} untuk pakaian adat maupun sehari-hari. Dua lembar kain disambung tangan; ukuran sekitar 110 × 160 cm.",
            850_000,
            "lembar",
            900,
            "sarung",
            variants=_MOTIFS,
        ),
        _cloth(
            "Sal tenun motif {v}",
            "Sal ringan bermotif {v}, cocok sebagai cendera mata bagi tamu. Ukuran sekitar 20 × 150 cm, dengan rumbai di kedua ujungnya.",
            125_000,
            "lembar",
            120,
            "tenun",
            variants=_MOTIFS,
        ),
        _cloth(
            "Tas selempang tenun {v}",
            "Tas selempang dari kain tenun {v} dengan lapisan dalam kain katun dan satu saku beritsleting. Ukuran 26 × 22 cm.",
            185_000,
            "buah",
            350,
            "tas",
            variants=_MOTIFS,
        ),
        _cloth(
            "Dompet tenun {v}",
            "Dompet panjang berlapis kain tenun {v}, dengan enam tempat kartu dan satu tempat uang koin.",
            75_000,
            "buah",
            110,
            "dompet",
            variants=_MOTIFS,
        ),
        _cloth(
            "Rompi tenun {v}",
            "Rompi dari kain tenun {v} dengan lapisan furing, tersedia ukuran M sampai XL. Sebutkan ukuran saat memesan.",
            385_000,
            "potong",
            450,
            "rompi",
            variants=_MOTIFS,
        ),
        _cloth(
            "Destar tenun {v}",
            "Ikat kepala laki-laki dari tenun {v}, dipakai pada upacara adat dan penyambutan tamu.",
            95_000,
            "lembar",
            90,
            "tenun",
            variants=_MOTIFS,
        ),
        _craft(
            "Sarung bantal tenun {v}",
            "Sarung bantal hias dari tenun {v}, ukuran 40 × 40 cm, dengan ritsleting di sisi belakang.",
            110_000,
            "buah",
            220,
            "bantal",
            variants=_MOTIFS,
        ),
        _craft(
            "Taplak meja tenun {v}",
            "Taplak meja tamu dari tenun {v}, ukuran 45 × 150 cm.",
            240_000,
            "lembar",
            400,
            "tenun",
            variants=_MOTIFS,
        ),
    ),
    stories=(
        "Dikerjakan para penenun di {tempat}; selembar kain memerlukan dua sampai enam minggu.",
        "Warna merah berasal dari akar mengkudu dan warna biru dari daun nila yang ditanam di kebun sendiri.",
        "Cuci dengan tangan memakai sabun lembut, jangan diperas, dan jemur di tempat teduh.",
    ),
    share=24,
)
_LONTAR = Trade(
    titles=("Anyaman Lontar {desa}", "Kerajinan {keluarga}", "Sanggar Anyam Mama {nama}"),
    items=(
        _craft(
            "Bakul anyaman lontar {v}",
            "Bakul dari daun lontar yang dikeringkan dan dianyam rapat, untuk menyimpan beras atau jagung.",
            65_000,
            "buah",
            350,
            "anyaman",
            variants=("kecil", "sedang", "besar"),
            percents=(100, 150, 220),
        ),
        _craft(
            "Kotak sirih pinang {v}",
            "Kotak sirih pinang (oko mama) dengan tutup, dihias manik-manik dan anyaman berwarna.",
            145_000,
            "buah",
            300,
            "kotak",
            variants=("manik merah", "manik hitam", "anyaman warna"),
            percents=(110, 110, 100),
        ),
        _craft(
            "Tikar lontar {v}",
            "Tikar anyaman daun lontar, dapat dilipat dan ringan dibawa.",
            120_000,
            "lembar",
            900,
            "tikar",
            variants=("100 × 150 cm", "150 × 200 cm"),
            percents=(100, 170),
        ),
        _craft(
            "Topi anyaman lontar {v}",
            "Topi lebar dari daun lontar, nyaman dipakai di kebun maupun di pantai.",
            55_000,
            "buah",
            150,
            "topi",
            variants=("dewasa", "anak"),
            percents=(100, 75),
        ),
        _craft(
            "Tempat tisu lontar {v}",
            "Tempat tisu dari anyaman lontar dengan rangka bambu.",
            48_000,
            "buah",
            220,
            "kotak",
            variants=("natural", "merah nila", "cokelat"),
        ),
        _craft(
            "Kalung muti {v}",
            "Kalung manik-manik khas Timor, dirangkai tangan dengan benang ganda.",
            175_000,
            "buah",
            80,
            "kalung",
            variants=("jingga", "merah bata", "hijau"),
        ),
    ),
    stories=(
        "Bahan disiapkan sendiri oleh para perajin di {tempat}.",
        "Dikerjakan kelompok perempuan di {tempat}, Kecamatan {kecamatan}.",
    ),
    share=8,
)

TRADES = (_WEAVING, *FOOD_TRADES, _LONTAR)

# Not what Pasal 1 angka 6 calls produk UMKM: fresh produce and services.
OUTSIDE = (
    Item("Jeruk keprok SoE segar", "Jeruk keprok segar dipetik dari kebun di Mollo, dikirim dalam peti kayu berisi 5 kilogram.", 110_000, "peti", 5_400, "buah", "pertanian"),
    Item("Jagung pipil lokal", "Jagung putih pipil kering untuk dimasak atau digiling. Berat bersih 5 kilogram.", 48_000, "karung", 5_100, "jagung", "pertanian"),
    Item("Bibit kemiri siap tanam", "Bibit kemiri umur enam bulan, tinggi sekitar 40 cm, dalam polibag.", 15_000, "polibag", 900, "buah", "pertanian"),
    Item("Jasa pelatihan menenun", "Pelatihan menenun tingkat dasar selama dua hari bagi paling banyak sepuluh orang, di tempat penenun.", 950_000, "paket", 0, "tenun", "jasa", kind="service"),
    Item("Jasa sewa pakaian adat", "Sewa pakaian adat lengkap untuk sepasang pengantin selama tiga hari.", 450_000, "paket", 0, "rompi", "jasa", kind="service"),
    Item("Alpukat Mollo segar", "Alpukat mentega segar dari Mollo Tengah, dipetik menjelang matang. Berat bersih 3 kilogram.", 54_000, "dus", 3_200, "buah", "pertanian"),
)  # fmt: skip
