"""What the small businesses and providers of Kota Blitar sell: batik, drums, snacks, turned wood and services."""

from functools import partial

from marketing.sample.vocabulary import Item, Trade

_cloth = partial(Item, category="fesyen")
_craft = partial(Item, category="kerajinan")
_food = partial(Item, category="makanan_olahan", permit="PIRT", halal="certified")
_drink = partial(Item, category="minuman", permit="PIRT", halal="certified")
_service = partial(Item, category="jasa", kind="service", weight=0)

_MOTIFS = ("ikan koi", "belimbing", "kendang", "kawung", "parang", "truntum")
_PACKS = ("250 gram", "500 gram")
_BY_PACK = (100, 185)

_BATIK = Trade(
    titles=("Batik {keluarga}", "Batik Tulis {desa}", "Sanggar Batik Bu {nama}"),
    items=(
        _cloth(
            "Kain batik tulis motif {v}",
            "Kain batik tulis bermotif {v} di atas katun primisima, ukuran 110 × 240 cm. Setiap lembar digambar tangan sehingga tidak ada dua yang sama.",
            425_000,
            "lembar",
            420,
            "batik",
            variants=_MOTIFS,
        ),
        _cloth(
            "Kain batik cap motif {v}",
            "Kain batik cap bermotif {v}, katun prima, ukuran 110 × 200 cm.",
            145_000,
            "lembar",
            380,
            "batik",
            variants=_MOTIFS,
        ),
        _cloth(
            "Kemeja batik pria motif {v}",
            "Kemeja lengan pendek dari batik cap bermotif {v}, tersedia ukuran M, L, dan XL. Sebutkan ukuran saat memesan.",
            185_000,
            "potong",
            300,
            "kemeja",
            variants=_MOTIFS,
        ),
        _cloth(
            "Syal batik motif {v}",
            "Syal halus bermotif {v}, ukuran 50 × 180 cm.",
            95_000,
            "lembar",
            120,
            "batik",
            variants=_MOTIFS,
        ),
        _cloth(
            "Tas batik motif {v}",
            "Tas jinjing dari kain batik {v} dengan lapisan kanvas dan tali kulit sintetis.",
            120_000,
            "buah",
            380,
            "tasbatik",
            variants=_MOTIFS,
        ),
    ),
    stories=(
        "Dikerjakan para pembatik di {tempat}.",
        "Cuci dengan lerak atau sabun lembut dan jemur di tempat teduh.",
    ),
    share=9,
)
_DRUMS = Trade(
    titles=("Kendang {keluarga}", "Jimbe {desa}", "Kerajinan Bubut {keluarga}", "Perajin Kayu {nama}"),
    items=(
        _craft(
            "Kendang jimbe {v}",
            "Kendang jimbe dari kayu mahoni yang dibubut utuh, berkulit kambing, dengan tali yang dapat disetel. Tinggi {v}.",
            165_000,
            "buah",
            2_400,
            "kendang",
            variants=("30 cm", "40 cm", "50 cm", "60 cm"),
            percents=(100, 140, 210, 290),
        ),
        _craft(
            "Kendang mini hias {v}",
            "Kendang kecil untuk cendera mata, dilukis {v}.",
            28_000,
            "buah",
            250,
            "kendang",
            variants=("motif koi", "motif bunga", "polos"),
        ),
        _craft(
            "Vas kayu bubut {v}",
            "Vas bunga kering dari kayu jati yang dibubut halus dan dilapisi minyak alami. Ukuran {v}.",
            78_000,
            "buah",
            600,
            "kayu",
            variants=("kecil", "sedang", "besar"),
            percents=(100, 140, 190),
        ),
        _craft(
            "Mangkuk kayu {v}",
            "Mangkuk saji dari kayu sonokeling dengan pelapis aman untuk makanan, garis tengah {v}.",
            62_000,
            "buah",
            350,
            "mangkuk",
            variants=("12 cm", "18 cm", "24 cm"),
            percents=(100, 150, 230),
        ),
        _craft(
            "Yoyo kayu {v}",
            "Yoyo dari kayu mahoni dengan cat berbahan air yang aman bagi anak, {v}.",
            14_000,
            "buah",
            90,
            "yoyo",
            variants=("warna merah", "warna biru", "warna alami"),
        ),
        _craft(
            "Tatakan gelas kayu {v}",
            "Perangkat tatakan gelas dari kayu pinus, isi enam, {v}.",
            45_000,
            "set",
            420,
            "kayu",
            variants=("polos", "ukir"),
        ),
    ),
    stories=(
        "Dibubut di bengkel {tempat} dari kayu kebun rakyat yang sah asal-usulnya.",
        "Pesanan khusus dengan nama lembaga dapat dikerjakan dalam sepuluh hari.",
    ),
    share=8,
)
_SWEETS = Trade(
    titles=("Wajik Kletik {keluarga}", "Jajanan {desa}", "Dapur Bu {nama}", "Opak Gambir {keluarga}"),
    items=(
        _food(
            "Wajik kletik {v}",
            "Wajik ketan dan kelapa yang dibungkus kelobot jagung, manis legit dengan bunyi kletik ketika digigit. Isi {v}.",
            24_000,
            "kotak",
            330,
            "wajik",
            variants=("12 buah", "24 buah", "36 buah"),
            percents=(100, 190, 275),
        ),
        _food(
            "Opak gambir {v}",
            "Opak gambir renyah yang dibakar satu per satu di atas arang, {v}. Berat bersih 250 gram.",
            27_000,
            "kaleng",
            320,
            "opak",
            variants=("rasa wijen", "rasa asli", "rasa kacang"),
        ),
        _food(
            "Geti wijen {v}",
            "Geti dari wijen dan gula kelapa, renyah dan wangi. Berat bersih {v}.",
            19_000,
            "bungkus",
            270,
            "kemasan",
            variants=_PACKS,
            percents=_BY_PACK,
        ),
        _food(
            "Dodol belimbing {v}",
            "Dodol lembut dari belimbing Karangsari. Berat bersih {v}.",
            24_000,
            "kotak",
            270,
            "kemasan",
            variants=_PACKS,
            percents=_BY_PACK,
        ),
        _food(
            "Enting-enting kacang {v}",
            "Kacang tanah dan gula yang dipipihkan tipis, dibungkus satu per satu. Berat bersih {v}.",
            17_000,
            "bungkus",
            260,
            "kemasan",
            variants=_PACKS,
            percents=_BY_PACK,
        ),
    ),
    stories=(
        "Resep keluarga di {tempat} yang dijaga sejak tahun 1980-an.",
        "Tahan tiga minggu pada suhu ruang dalam kemasan tertutup.",
    ),
    share=7,
)
_SAVOURY = Trade(
    titles=("Sambal Pecel Mbak {nama}", "Keripik {keluarga}", "Camilan {desa}"),
    items=(
        _food(
            "Sambal pecel {v}",
            "Bumbu pecel khas Blitar dari kacang tanah sangrai, daun jeruk, dan gula merah; tinggal diseduh air panas. {v}.",
            22_000,
            "bungkus",
            260,
            "pecel",
            variants=("pedas sedang 250 gram", "pedas 250 gram", "tidak pedas 500 gram"),
            percents=(100, 100, 185),
        ),
        _food(
            "Keripik tempe {v}",
            "Tempe diiris setipis kertas dan digoreng dengan bumbu ketumbar, {v}. Berat bersih 200 gram.",
            17_000,
            "bungkus",
            220,
            "keripik",
            variants=("rasa asli", "rasa daun jeruk", "rasa pedas"),
        ),
        _food(
            "Keripik belimbing {v}",
            "Belimbing Karangsari yang digoreng vakum sehingga renyah, {v}. Berat bersih 100 gram.",
            21_000,
            "bungkus",
            120,
            "keripik",
            variants=("rasa asli", "rasa madu"),
        ),
        _food(
            "Rempeyek kacang {v}",
            "Rempeyek tipis dengan kacang tanah utuh. Berat bersih {v}.",
            18_000,
            "bungkus",
            220,
            "kemasan",
            variants=("200 gram", "400 gram"),
            percents=(100, 190),
        ),
        _drink(
            "Sari belimbing {v}",
            "Minuman sari buah belimbing Karangsari. Isi bersih {v}.",
            7_000,
            "botol",
            280,
            "botol",
            variants=("200 ml", "330 ml", "1 liter"),
            percents=(100, 150, 380),
        ),
        _drink(
            "Wedang uwuh {v}",
            "Rempah kering siap seduh: jahe, secang, cengkih, dan daun pala. Isi {v}.",
            16_000,
            "bungkus",
            120,
            "kemasan",
            variants=("5 sachet", "10 sachet"),
            percents=(100, 185),
        ),
    ),
    stories=(
        "Diproduksi setiap pagi di {tempat}, Kecamatan {kecamatan}.",
        "Harga khusus bagi pemesanan mulai dari dua puluh kemasan.",
    ),
    share=9,
)
_REPAIRS = Trade(
    titles=("Servis {keluarga}", "{nama} Teknik"),
    items=(
        _service("Servis AC rumah {v}", "Pencucian unit dalam dan luar, pemeriksaan tekanan freon, dan laporan singkat keadaan AC. {v}; bergaransi 30 hari.", 85_000, "unit", picture="ac", variants=("kapasitas ½–1 PK", "kapasitas 1½–2 PK"), percents=(100, 135)),
        _service("Pasang AC baru {v}", "Pemasangan AC di rumah pemesan dengan pipa sampai tiga meter. {v}; bahan tambahan dihitung terpisah.", 275_000, "unit", picture="ac", variants=("kapasitas ½–1 PK", "kapasitas 1½–2 PK"), percents=(100, 130)),
        _service("Servis mesin cuci {v}", "Pemeriksaan dan perbaikan di rumah pemesan, {v}. Suku cadang dihitung terpisah dengan persetujuan pemesan.", 95_000, "kunjungan", picture="ac", variants=("satu tabung", "dua tabung"), percents=(115, 100)),
    ),
    stories=("Melayani seluruh Kota Blitar, Senin sampai Sabtu pukul 08.00–17.00.", "Jadwal disepakati lebih dahulu melalui WhatsApp."),
    share=2,
    role="penyedia",
)  # fmt: skip
_CARE = Trade(
    titles=("Cuci Sepatu {desa}", "Rumah Jahit {keluarga}", "Modiste {nama}"),
    items=(
        _service("Cuci sepatu {v}", "Cuci sepatu dengan pembersih lembut dan pengeringan di ruang teduh, {v}.", 30_000, "pasang", picture="sepatu", variants=("kilat satu hari", "reguler tiga hari", "bahan kulit"), percents=(150, 100, 180)),
        _service("Jahit pakaian {v}", "Jahit sesuai ukuran dengan satu kali pengepasan, {v}. Kain dari pemesan.", 125_000, "potong", picture="jahit", variants=("kemeja", "seragam sekolah", "gamis", "jas"), percents=(100, 90, 130, 400)),
        _service("Permak pakaian {v}", "Permak rapi dengan jahitan senada, {v}.", 20_000, "potong", picture="jahit", variants=("potong celana", "kecilkan baju", "ganti ritsleting"), percents=(100, 150, 125)),
    ),
    stories=("Diambil dan diantar di dalam Kota Blitar.", "Buka setiap hari kecuali Minggu di {tempat}."),
    share=4,
    role="penyedia",
)  # fmt: skip
_STUDIO = Trade(
    titles=("{nama} Kreatif", "Studio {desa}"),
    items=(
        _service("Dokumentasi foto {v}", "Pemotretan {v} oleh satu fotografer selama empat jam, termasuk penyuntingan 60 foto.", 750_000, "paket", picture="kamera", variants=("wisuda", "pernikahan", "acara kantor"), percents=(80, 220, 100)),
        _service("Foto produk {v}", "Foto produk dengan latar polos dan pencahayaan studio, {v}.", 150_000, "paket", picture="kamera", variants=("10 foto", "25 foto"), percents=(100, 210)),
        _service("Desain kemasan {v}", "Rancangan label dan kemasan dengan dua kali perbaikan, {v}.", 250_000, "paket", picture="desain", variants=("satu produk", "tiga produk"), percents=(100, 240)),
    ),
    stories=("Pernah melayani kegiatan kelurahan dan sekolah di Kecamatan {kecamatan}.", "Setiap pekerjaan disertai kuitansi."),
    share=2,
    role="penyedia",
)  # fmt: skip
_CATERING = Trade(
    titles=("Katering {keluarga}", "Dapur Katering {desa}"),
    items=(
        _food("Nasi kotak {v}", "Nasi kotak dengan lauk {v}, sayur, sambal, buah, dan air minum. Pemesanan paling sedikit dua puluh kotak.", 25_000, "kotak", 450, "katering", variants=("ayam bakar", "ayam goreng", "daging empal"), percents=(100, 95, 140)),
        _food("Kue kotak rapat {v}", "Kue kotak untuk rapat dan arisan, {v}, dengan air minum. Pemesanan paling sedikit dua puluh kotak.", 14_000, "kotak", 250, "katering", variants=("isi tiga kue", "isi empat kue"), percents=(100, 125)),
    ),
    stories=("Pernah melayani kegiatan kelurahan dan sekolah di Kecamatan {kecamatan}.", "Dimasak pada pagi hari pengantaran di {tempat}."),
    share=3,
    role="penyedia",
)  # fmt: skip

TRADES = (_BATIK, _DRUMS, _SWEETS, _SAVOURY, _REPAIRS, _CARE, _STUDIO, _CATERING)

# Blitar promotes goods and services alike (Pasal 1 angka 12); this one may not be promoted online at all (Pasal 8(3)).
OUTSIDE = (
    Item(
        "Liquid vape rasa kopi",
        "Cairan rokok elektrik rasa kopi dengan nikotin 3 mg, isi 60 ml.",
        120_000,
        "botol",
        90,
        "botol",
        "lainnya",
    ),
)
