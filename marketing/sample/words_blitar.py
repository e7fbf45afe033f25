"""Kota Blitar: its three kecamatan with all kelurahan, and names as they are heard there."""

from marketing.sample.goods_blitar import OUTSIDE, TRADES
from marketing.sample.vocabulary import Place

BLITAR = Place(
    tenant="blitar",
    label="Kota Blitar",
    short="Blitar",
    region="35.72",
    province="35",
    zone="Asia/Jakarta",
    districts={
        "Kepanjenkidul": ("Kepanjenkidul", "Kepanjenlor", "Kauman", "Bendo", "Tanggung", "Sentul", "Ngadirejo"),
        "Sukorejo": ("Sukorejo", "Karangsari", "Pakunden", "Tanjungsari", "Tlumpu", "Turi", "Blitar"),
        "Sananwetan": ("Sananwetan", "Bendogerit", "Gedog", "Plosokerep", "Karangtengah", "Klampok", "Rembang"),
    },
    streets=(
        "Jalan Cemara", "Jalan Kalimantan", "Jalan Mastrip", "Jalan Ciliwung", "Jalan Kenari", "Jalan Veteran",
        "Jalan Imam Bonjol", "Jalan Melati", "Jalan Bali", "Jalan Tanjung", "Jalan Cisadane", "Jalan Borobudur",
    ),
    women=(
        "Sri", "Siti", "Endang", "Wiwik", "Nur", "Dewi", "Rina", "Lilik", "Yuni", "Ratna", "Titik", "Anik", "Dyah",
        "Eka", "Fitri", "Indah", "Kartika", "Lestari", "Puji", "Umi", "Winarti", "Sulastri",
    ),
    men=(
        "Agus", "Bambang", "Budi", "Dwi", "Eko", "Hadi", "Heru", "Imam", "Joko", "Mulyono", "Slamet", "Suyanto",
        "Teguh", "Wahyu", "Yudi", "Arif", "Fajar", "Gunawan", "Rudi", "Samsul",
    ),
    women_families=(
        "Wulandari", "Rahayu", "Utami", "Handayani", "Rohmah", "Mahmudah", "Wijayanti", "Astuti", "Fauziah",
        "Lestariningsih", "Anggraini", "Kusumawati", "Setyowati", "Pratiwi", "Purwaningsih", "Hidayati",
    ),
    men_families=(
        "Susanto", "Prasetyo", "Hidayat", "Santoso", "Purwanto", "Kusuma", "Widodo", "Setiawan", "Nugroho", "Saputra",
        "Kurniawan", "Hartono", "Maulana", "Subekti", "Pranoto", "Cahyono",
    ),
    verifiers=("Retno Wijayanti", "Achmad Subekti", "Galih Pranoto"),
    groups=("Paguyuban UMKM", "Kelompok Usaha Bersama", "Paguyuban Perajin", "Kelompok PKK"),
    trades=TRADES,
    outside=OUTSIDE,
    outside_code="Blitar 8(3)",
    neighbours=("35.05", "35.04", "35.73"),
    offices=(
        "Bagian Umum Setda Kota Blitar", "Dinas Pendidikan Kota Blitar", "Kecamatan Sananwetan",
        "Dinas Kebudayaan dan Pariwisata Kota Blitar", "Kecamatan Sukorejo", "Badan Keuangan Daerah Kota Blitar",
    ),
    companies=("Hotel Tugu Asri", "Toko Oleh-Oleh Bung", "Katering Sari Rasa", "Koperasi Pegawai Makmur"),
    phone_base=6000,
    businesses=44,
    products=136,
    buyers=214,
    orders=920,
)  # fmt: skip
