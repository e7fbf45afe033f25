"""Headings as people write them, whatever their case, blanks, punctuation and accents. Pure.

The first word of a list is the surest: of two columns that would fill the same field, the surer one does.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from catalog_sync.sources.spreadsheet.fields import OF_BUSINESS, Field
from marketing.tabular.headings import key, keys

_IN_PRODUCTS: Final[Mapping[Field, str]] = {
    Field.ID: "id produk, kode produk, id barang, kode barang, sku, product id, item id, id, kode",
    Field.NAME: "nama produk, nama barang, nama produk umkm, produk, barang, nama produk jasa, nama barang jasa,"
    " nama produk yang dihasilkan, product name, nama jasa, nama item, item, produk unggulan, name, nama",
    Field.DESCRIPTION: "deskripsi, deskripsi produk, uraian, uraian produk, penjelasan, description, spesifikasi,"
    " keterangan produk, keterangan",
    Field.CATEGORY: "kategori, kategori produk, kategori barang, jenis produk, jenis barang, golongan produk, category,"
    " kelompok produk, jenis, jenis usaha, bidang usaha",
    Field.KIND: "barang atau jasa, barang jasa, macam produk, kind, tipe produk",
    Field.PRICE: "harga, harga jual, harga satuan, harga normal, harga produk, harga barang, harga per unit, harga unit,"
    " harga rupiah, harga rp, harga jual rp, harga satuan rp, harga eceran, price",
    Field.UNIT: "satuan, satuan jual, satuan produk, unit, kemasan",
    Field.WEIGHT: "berat, berat gram, berat gr, berat g, berat kg, berat kilogram, berat bersih, berat bersih gram,"
    " berat bersih gr, berat bersih kg, netto, berat produk, berat produk gram, weight, weight gram",
    Field.STOCK: "stok, stock, jumlah stok, stok tersedia, persediaan, stok barang, stok produk, sisa stok, stok akhir,"
    " qty, kuantitas",
    Field.MIN_ORDER: "min pesan, minimal pesan, minimum pesan, min pesanan, minimal pesanan, minimal pemesanan,"
    " minimum pemesanan, min order, minimal order, minimum order, moq, pesanan minimal, pembelian minimal",
    Field.IMAGES: "foto, gambar, foto produk, gambar produk, link foto, link gambar, url foto, url gambar, tautan foto,"
    " tautan gambar, file foto, berkas foto, nama file foto, images, image, foto 1, foto 2, foto 3, foto 4, foto 5,"
    " gambar 1, gambar 2, gambar 3, gambar 4, gambar 5, link foto produk, image url, image link",
    Field.ORDER_TEXT: "cara pesan, cara pemesanan, cara memesan, cara order, tata cara pemesanan, pemesanan,"
    " how to order, how to order text, cara pembelian, cara beli",
    Field.ORDER_URL: "link pesan, link pemesanan, tautan pesan, tautan pemesanan, link order, link produk, url produk,"
    " tautan produk, link pembelian, how to order url",
    Field.ORDER_WHATSAPP: "wa pesan, wa pesanan, wa pemesanan, whatsapp pesan, whatsapp pesanan, whatsapp pemesanan,"
    " no wa pemesanan, nomor wa pemesanan, no wa pesanan, wa order, how to order whatsapp",
    Field.PERMIT: "izin edar, no izin edar, nomor izin edar, ijin edar, no ijin edar, izin produk, nomor izin produk",
    Field.PERMIT_EXPIRES: "masa berlaku, masa berlaku izin, masa berlaku izin edar, berlaku sampai, berlaku hingga,"
    " tanggal kedaluwarsa izin, izin berlaku sampai",
    Field.PIRT: "pirt, no pirt, nomor pirt, izin pirt, ijin pirt, spp irt, no spp irt, nomor spp irt, sertifikat pirt,"
    " no izin pirt, nomor izin pirt, no sertifikat pirt, pirt number",
    Field.PIRT_EXPIRES: "masa berlaku pirt, pirt berlaku sampai, pirt berlaku hingga, berlaku pirt, tanggal berlaku pirt,"
    " kedaluwarsa pirt, kadaluarsa pirt, tanggal kedaluwarsa pirt, pirt sampai, masa berlaku spp irt, pirt expires",
    Field.BPOM: "bpom, no bpom, nomor bpom, izin bpom, bpom md, no bpom md, nomor bpom md, bpom ri md, izin edar bpom,"
    " no izin edar bpom, no md, md, bpom number",
    Field.BPOM_EXPIRES: "masa berlaku bpom, bpom berlaku sampai, bpom berlaku hingga, berlaku bpom, kedaluwarsa bpom,"
    " tanggal berlaku bpom, masa berlaku bpom md, bpom expires",
    Field.SNI: "sni, no sni, nomor sni, sertifikat sni, sni number",
    Field.HKI: "hki, no hki, nomor hki, haki, sertifikat merek, merek terdaftar, sertifikat hki, hki number",
    Field.HALAL: "halal, status halal, halal status, sertifikasi halal, bersertifikat halal, sertifikat halal",
    Field.HALAL_NUMBER: "nomor halal, no halal, no sertifikat halal, nomor sertifikat halal, id halal, halal number",
    Field.SALE_PRICE: "harga diskon, harga promo, harga setelah diskon, harga sesudah diskon, harga obral, sale price",
    Field.SALE_STARTS: "mulai diskon, diskon mulai, mulai promo, promo mulai, tanggal mulai diskon, awal diskon,"
    " tanggal mulai promo, awal promo, diskon dari, sale starts, harga diskon mulai, tgl mulai diskon, diskon dari tanggal",
    Field.SALE_ENDS: "akhir diskon, diskon sampai, selesai diskon, diskon berakhir, sampai diskon, akhir promo,"
    " promo sampai, selesai promo, tanggal akhir diskon, tanggal selesai diskon, tanggal akhir promo, sale ends,"
    " harga diskon sampai, tgl akhir diskon, diskon hingga, promo hingga, diskon sampai tanggal",
    Field.STATUS: "status verifikasi, terverifikasi, status verifikasi produk, verifikasi, verifikasi produk,"
    " hasil verifikasi, produk terverifikasi, verification status, status produk, status",
    Field.VERIFIED_BY: "diverifikasi oleh, verifikator, petugas verifikasi, nama verifikator, verifikasi oleh,"
    " verified by, verification by, terverifikasi oleh, pemeriksa",
    Field.VERIFIED_AT: "tanggal verifikasi, tgl verifikasi, waktu verifikasi, diverifikasi tanggal, verifikasi tanggal,"
    " diverifikasi pada, verified at, verification at, tanggal diverifikasi, terverifikasi tanggal",
    Field.NOTE: "catatan verifikasi, catatan verifikator, catatan tim, verification note",
}

_OF_BUSINESS: Final[Mapping[Field, str]] = {
    Field.BUSINESS_ID: "id usaha, kode usaha, id umkm, kode umkm, business id, no induk umkm, id pelaku usaha",
    Field.BUSINESS_NAME: "nama usaha, nama umkm, usaha, umkm, nama ukm, nama ikm, nama toko, nama perusahaan,"
    " nama unit usaha, nama badan usaha, pelaku usaha, nama pelaku usaha, nama pelaku umkm, produsen, business name",
    Field.ROLE: "peran, peran usaha, role",
    Field.SCALE: "skala, skala usaha, kelas usaha, klasifikasi usaha, golongan usaha, scale",
    Field.NIB: "nib, no nib, nomor nib, nomor induk berusaha, nib usaha",
    Field.BINAAN: "binaan, binaan dinas, umkm binaan, status binaan, dibina, dibina dinas, is binaan",
    Field.REGION: "domisili, kabupaten kota, kab kota, kabupaten, kota, kode wilayah, domisili usaha, wilayah,"
    " kode kabupaten, domicile region, kode kabupaten kota, kota kabupaten, kode domisili",
    Field.KECAMATAN: "kecamatan, kec, kecamatan usaha, nama kecamatan, domicile kecamatan",
    Field.OWNER: "nama pemilik, pemilik, pemilik usaha, nama pemilik usaha, owner, owner name, nama pengusaha,"
    " nama pengelola, pengelola",
    Field.NIK: "nik, nik pemilik, no nik, nomor nik, no ktp, nomor ktp, ktp, owner nik, nik pemilik usaha,"
    " nomor induk kependudukan",
    Field.NIK_VERIFIED: "nik terverifikasi, nik diverifikasi, verifikasi nik, nik sudah diperiksa, nik diperiksa,"
    " nik valid, nik padan, padan dukcapil, cek nik, nik cocok, owner nik verified",
    Field.ADDRESS: "alamat, alamat usaha, alamat lengkap, alamat produksi, tempat usaha, address, lokasi usaha",
    Field.PHONE: "no hp, nomor hp, no telepon, nomor telepon, no wa, nomor wa, telepon, whatsapp, hp, wa, telp, no telp,"
    " no hp wa, no wa hp, nomor hp wa, hp wa, no hp whatsapp, no telp hp, no hp telp, no telepon hp, kontak, no kontak,"
    " nomor kontak, nomor whatsapp, no whatsapp, no handphone, nomor handphone, handphone, telepon wa, no telp wa, phone,"
    " no hp wa telepon, kontak usaha, no hp usaha",
    Field.EMAIL: "email, surel, alamat email, e mail, email usaha, alamat surel",
    Field.WEBSITE: "website, situs, situs web, web, laman, alamat web, alamat website, website usaha",
    Field.SHOPS: "link toko, marketplace, lokapasar, link marketplace, link lokapasar, toko online, link toko online,"
    " shopee, link shopee, tokopedia, link tokopedia, lazada, link lazada, blibli, link blibli, bukalapak,"
    " link bukalapak, tiktok shop, link tiktok shop, marketplace urls, toko daring, tautan toko, toko shopee,"
    " toko tokopedia, url toko",
    Field.GROUP: "kelompok, nama kelompok, kelompok usaha, kelompok umkm, kelompok binaan, kub, joined group, koperasi",
    Field.BUSINESS_STATUS: "status verifikasi usaha, usaha terverifikasi, verifikasi usaha, status usaha, status umkm",
    Field.BUSINESS_VERIFIED_BY: "usaha diverifikasi oleh, verifikator usaha",
    Field.BUSINESS_VERIFIED_AT: "tanggal verifikasi usaha, usaha diverifikasi tanggal",
    Field.BUSINESS_NOTE: "catatan verifikasi usaha",
}

_IN_BUSINESSES: Final[Mapping[Field, str]] = {
    Field.BUSINESS_ID: "id, kode",
    Field.BUSINESS_NAME: "name, nama",
    Field.BUSINESS_STATUS: "status verifikasi, terverifikasi, verifikasi, hasil verifikasi, verification status, status",
    Field.BUSINESS_VERIFIED_BY: "diverifikasi oleh, verifikator, petugas verifikasi, verified by, verification by",
    Field.BUSINESS_VERIFIED_AT: "tanggal verifikasi, tgl verifikasi, waktu verifikasi, verified at, verification at",
    Field.BUSINESS_NOTE: "catatan verifikasi, verification note",
}
_WEAK: Final = frozenset({"name", "nama", "id", "kode"})
"""Words that say nothing about whether a table lists products or businesses."""
EXPECTED: Final = ("Nama Produk", "Kategori", "Harga", "Satuan", "Nama Usaha", "NIB")


def _table(*parts: Mapping[Field, str]) -> dict[str, tuple[Field, int]]:
    found: dict[str, tuple[Field, int]] = {}
    for part in parts:
        for field, words in part.items():
            names = [*words.split(","), field.value.removeprefix(OF_BUSINESS) if part is _OF_BUSINESS else field.value]
            for rank, word in enumerate(names):
                found.setdefault(key(word), (field, rank))
    return found


OF_PRODUCTS: Final = _table(_IN_PRODUCTS, _OF_BUSINESS)
OF_BUSINESSES: Final = _table(_IN_BUSINESSES, _OF_BUSINESS)


def field_of(heading: str, *, of_business: bool) -> tuple[Field, int] | None:
    """Return the field a heading means in a table of products (or of businesses) and how far down its list it stands."""
    words = OF_BUSINESSES if of_business else OF_PRODUCTS
    return next((words[name] for name in keys(heading) if name in words), None)


def is_weak(heading: str) -> bool:
    """Return whether a heading may stand above products and businesses alike (“Nama”, “Kode”)."""
    return key(heading) in _WEAK


def known_in(cells: Iterable[str]) -> int:
    """Return how many different fields a row names, were it the headings of a table of either kind."""
    texts = [text for text in cells if text]
    return max(
        len({found[0] for text in texts if (found := field_of(text, of_business=of_business))})
        for of_business in (False, True)
    )
