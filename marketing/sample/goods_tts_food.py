"""What Timor Tengah Selatan eats and drinks: forest honey, jagung bose, se'i, Mollo coffee, sambal lu'at, lontar sugar."""

from functools import partial

from marketing.sample.vocabulary import Item, Trade

_craft = partial(Item, category="kerajinan")
_food = partial(Item, category="makanan_olahan", permit="PIRT", halal="certified")
_smoked = partial(Item, category="makanan_olahan", permit="BPOM_MD", halal="certified")
_drink = partial(Item, category="minuman", permit="PIRT", halal="certified")

_PACKS = ("250 gram", "500 gram", "1 kilogram")
_BY_PACK = (100, 185, 350)
_SNACK = ("150 gram", "250 gram", "500 gram")
_BY_SNACK = (100, 160, 300)

_HONEY = Trade(
    titles=("Madu Hutan {desa}", "Madu Mutis {keluarga}", "Kelompok Madu {desa}"),
    items=(
        _food(
            "Madu hutan Mutis {v}",
            "Madu dari lebah hutan di kawasan Gunung Mutis, dipanen dengan cara lestari dan disaring tanpa dipanaskan. Isi bersih {v}.",
            65_000,
            "botol",
            400,
            "madu",
            variants=("250 ml", "500 ml", "1 liter"),
            percents=(100, 185, 350),
        ),
        _food(
            "Madu sarang Mutis {v}",
            "Potongan sarang madu hutan Mutis dalam wadah tertutup. Berat bersih {v}.",
            85_000,
            "wadah",
            300,
            "madu",
            variants=("200 gram", "400 gram"),
            percents=(100, 190),
        ),
        _food(
            "Permen madu jahe {v}",
            "Permen keras dari madu Mutis dan jahe merah. Berat bersih {v}.",
            18_000,
            "bungkus",
            120,
            "kemasan",
            variants=("100 gram", "200 gram"),
            percents=(100, 185),
        ),
        _craft(
            "Lilin lebah {v}",
            "Lilin dari malam lebah hutan, dituang dalam cetakan bambu, beraroma madu alami.",
            35_000,
            "buah",
            150,
            "lilin",
            variants=("bulat", "silinder", "segi enam"),
        ),
    ),
    stories=(
        "Pemanenan dilakukan pada musim bunga ampupu, bersama para tua adat setempat.",
        "Dikerjakan kelompok pemanen madu {tempat}.",
    ),
    share=7,
    districts=("Fatumnasi", "Mollo Utara", "Tobu", "Nunbena", "Mollo Tengah"),
)
_STAPLE = Trade(
    titles=("Dapur {keluarga}", "Jagung Bose Mama {nama}", "Pangan Lokal {desa}"),
    items=(
        _food(
            "Jagung bose kering {v}",
            "Jagung putih lokal yang sudah ditumbuk dan dipisahkan kulit arinya, siap dimasak dengan kacang dan santan. Berat bersih {v}.",
            22_000,
            "bungkus",
            270,
            "jagung",
            variants=_PACKS,
            percents=_BY_PACK,
        ),
        _food(
            "Jagung bose siap saji {v}",
            "Jagung bose dengan kacang merah, tinggal diseduh air panas. Isi {v}.",
            17_000,
            "cup",
            110,
            "jagung",
            variants=("rasa asli", "rasa santan", "rasa daun kelor"),
        ),
        _food(
            "Jagung katemak kering {v}",
            "Campuran jagung, kacang tanah, dan kacang nasi untuk masakan katemak. Berat bersih {v}.",
            24_000,
            "bungkus",
            270,
            "jagung",
            variants=_PACKS,
            percents=_BY_PACK,
        ),
        _food(
            "Tepung daun kelor {v}",
            "Daun kelor yang dikeringkan di rumah pengering lalu digiling halus. Berat bersih {v}.",
            32_000,
            "bungkus",
            120,
            "kemasan",
            variants=("100 gram", "250 gram"),
            percents=(100, 220),
        ),
        _food(
            "Kacang tanah sangrai {v}",
            "Kacang tanah lokal yang disangrai dengan pasir, gurih tanpa minyak. Berat bersih {v}.",
            15_000,
            "bungkus",
            170,
            "kemasan",
            variants=_SNACK,
            percents=_BY_SNACK,
        ),
    ),
    stories=(
        "Bahan dibeli langsung dari petani di Kecamatan {kecamatan}.",
        "Simpan di tempat kering; tahan enam bulan dalam kemasan tertutup.",
    ),
    share=6,
)
_SEI = Trade(
    titles=("Se'i {keluarga}", "Rumah Se'i {desa}", "Dapur Asap {nama}"),
    items=(
        _smoked(
            "Se'i sapi {v}",
            "Daging sapi diiris memanjang dan diasapi dengan kayu dan daun kosambi, dikemas hampa udara dalam keadaan beku. Berat bersih {v}.",
            68_000,
            "kemasan",
            280,
            "sei",
            variants=_PACKS,
            percents=_BY_PACK,
        ),
        _smoked(
            "Se'i babi {v}",
            "Daging babi diasapi dengan kayu kosambi, dikemas hampa udara dalam keadaan beku. Produk ini mengandung babi. Berat bersih {v}.",
            62_000,
            "kemasan",
            280,
            "sei",
            variants=_PACKS,
            percents=_BY_PACK,
            halal="not_halal",
        ),
        _smoked(
            "Se'i ikan {v}",
            "Ikan tuna asap khas pantai selatan Timor, dikemas hampa udara dalam keadaan beku. Berat bersih {v}.",
            56_000,
            "kemasan",
            280,
            "sei",
            variants=_PACKS,
            percents=_BY_PACK,
        ),
        _food(
            "Abon sapi asap {v}",
            "Abon dari daging sapi yang diasapi lebih dahulu, gurih sedikit manis. Berat bersih {v}.",
            42_000,
            "kemasan",
            130,
            "kemasan",
            variants=("100 gram", "250 gram"),
            percents=(100, 230),
        ),
    ),
    stories=(
        "Diolah setiap pekan di rumah asap {tempat}.",
        "Pengiriman ke luar Pulau Timor memakai kotak berpendingin.",
    ),
    share=7,
)
_COFFEE = Trade(
    titles=("Kopi {desa}", "Kopi Mollo {keluarga}", "Rumah Kopi {nama}"),
    items=(
        _drink(
            "Kopi Mollo arabika {v}",
            "Biji kopi arabika dari kebun di lereng Mutis, disangrai sedang. Berat bersih {v}.",
            58_000,
            "kemasan",
            280,
            "kopi",
            variants=_PACKS,
            percents=_BY_PACK,
        ),
        _drink(
            "Kopi Mollo robusta bubuk {v}",
            "Kopi robusta digiling halus untuk kopi tubruk. Berat bersih {v}.",
            38_000,
            "kemasan",
            280,
            "kopi",
            variants=_PACKS,
            percents=_BY_PACK,
        ),
        _drink(
            "Kopi jahe Mollo {v}",
            "Kopi bubuk dengan jahe merah kering, tanpa gula. Berat bersih {v}.",
            32_000,
            "kemasan",
            180,
            "kopi",
            variants=("150 gram", "300 gram"),
            percents=(100, 185),
        ),
        _drink(
            "Teh daun kelor {v}",
            "Daun kelor kering dalam kantong celup. Isi {v}.",
            27_000,
            "kotak",
            80,
            "kemasan",
            variants=("20 kantong", "40 kantong"),
            percents=(100, 180),
        ),
        _drink(
            "Sirup jeruk keprok {v}",
            "Sirup dari jeruk keprok SoE, tanpa pewarna. Isi bersih {v}.",
            38_000,
            "botol",
            620,
            "botol",
            variants=("330 ml", "500 ml"),
            percents=(100, 140),
        ),
        _drink(
            "Minuman asam jawa {v}",
            "Minuman asam jawa dan gula lempeng, disajikan dingin. Isi bersih {v}.",
            13_000,
            "botol",
            280,
            "botol",
            variants=("250 ml", "500 ml"),
            percents=(100, 170),
        ),
    ),
    stories=(
        "Bahan dipetik dari kebun sendiri di lereng Mutis.",
        "Diolah setiap pekan supaya tetap segar ketika sampai.",
    ),
    share=7,
    districts=("Mollo Utara", "Mollo Tengah", "Mollo Selatan", "Fatumnasi", "Tobu", "Mollo Barat", "Kota Soe"),
)
_SNACKS = Trade(
    titles=("Keripik {keluarga}", "Camilan Mama {nama}", "Sambal dan Gula {desa}", "Oleh-Oleh {desa}"),
    items=(
        _food(
            "Keripik pisang {v}",
            "Pisang kepok diiris tipis dan digoreng renyah, {v}. Berat bersih 150 gram.",
            16_000,
            "bungkus",
            170,
            "keripik",
            variants=("rasa asin", "rasa gula aren", "rasa cokelat"),
        ),
        _food(
            "Keripik ubi {v}",
            "Ubi kayu lokal diiris tipis dan digoreng dengan minyak kelapa, {v}. Berat bersih 150 gram.",
            15_000,
            "bungkus",
            170,
            "keripik",
            variants=("rasa asli", "rasa pedas", "rasa daun jeruk"),
        ),
        _food(
            "Keripik talas {v}",
            "Talas dari kebun pekarangan, digoreng renyah, {v}. Berat bersih 150 gram.",
            17_000,
            "bungkus",
            170,
            "keripik",
            variants=("rasa asin", "rasa pedas"),
        ),
        _food(
            "Sambal lu'at {v}",
            "Sambal khas Timor dari cabai rawit, jeruk, dan daun sipa. Isi bersih {v}.",
            28_000,
            "botol",
            220,
            "sambal",
            variants=("150 gram", "250 gram"),
            percents=(100, 150),
        ),
        _food(
            "Gula lempeng {v}",
            "Gula dari nira lontar yang dimasak dan dicetak bulat pipih. Berat bersih {v}.",
            21_000,
            "bungkus",
            520,
            "gula",
            variants=("500 gram", "1 kilogram"),
            percents=(100, 190),
        ),
        _food(
            "Gula semut lontar {v}",
            "Gula nira lontar berbentuk butiran halus, mudah larut untuk kopi dan kue. Berat bersih {v}.",
            26_000,
            "bungkus",
            270,
            "gula",
            variants=("250 gram", "500 gram"),
            percents=(100, 185),
        ),
        _food(
            "Dodol jeruk keprok {v}",
            "Dodol lembut dari sari jeruk keprok SoE. Berat bersih {v}.",
            25_000,
            "kotak",
            270,
            "kemasan",
            variants=("250 gram", "500 gram"),
            percents=(100, 190),
        ),
    ),
    stories=(
        "Diproduksi di dapur rumah {tempat} dan dikemas pada hari yang sama.",
        "Tahan tiga bulan dalam kemasan tertutup di tempat kering.",
    ),
    share=5,
)


FOOD_TRADES = (_HONEY, _STAPLE, _SEI, _COFFEE, _SNACKS)
