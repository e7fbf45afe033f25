"""TikTok Shop's error codes: each stands in exactly one line and leads to exactly one rule; pure.

Sources, read 22 Nov 2026: partner.tiktokshop.com "common-errors" and the error tables of Create/Edit/Deactivate Product, Update
Inventory/Price, Upload Image, as quoted by tiktok-shop-api-rb (test/unit/error_table_test.rb) and by an Indonesian ERP's error
catalogue (TikTokErrorCatalog), both found through a code search; TikTok's own page was not seen. 36009004 has many meanings and is told apart by its message;
a family of codes (its first digits) stands for those that are not listed.
"""

from datetime import timedelta
from typing import Final

from marketing.channels.marketplace.errors import Fate, ProviderError, Rule, quoted
from marketing.i18n import N_

_FAULT: Final = Rule(Fate.FAULT, N_("TikTok Shop sedang terganggu; sistem mencoba lagi."))
_RATE: Final = Rule(
    Fate.LATER,
    N_("Terlalu banyak panggilan ke TikTok Shop; sistem menunggu sebentar."),
    timedelta(minutes=1),
    for_everyone=True,
)
_DAILY: Final = Rule(
    Fate.LATER, N_("Jumlah produk yang boleh dipasang hari ini di TikTok Shop habis."), timedelta(hours=6)
)
_TOKEN: Final = Rule(Fate.TOKEN, N_("Izin masuk TikTok Shop perlu diperbarui."))
_RECONNECT: Final = Rule(Fate.RECONNECT, N_("Izin toko TikTok Shop sudah berakhir; sambungkan ulang toko ini."))
_PERMISSION: Final = Rule(
    Fate.PAUSED, N_("Aplikasi tidak berhak memakai fungsi ini; periksa izinnya di TikTok Shop Partner Center.")
)
_ADDRESS: Final = Rule(
    Fate.PAUSED, N_("Alamat IP server belum didaftarkan; tambahkan di TikTok Shop Partner Center, IP Allow List.")
)
_KEY: Final = Rule(Fate.PAUSED, N_("Kunci aplikasi TikTok Shop salah; perbarui di pengaturan saluran."))
_CLOCK: Final = Rule(Fate.PAUSED, N_("Jam server ini meleset lebih dari lima menit; samakan dengan waktu internet."))
_SHOP: Final = Rule(Fate.PAUSED, N_("Toko TikTok Shop sedang tidak aktif; periksa di Seller Center."))
_SHOP_TASK: Final = Rule(Fate.PAUSED, N_("Ada tugas toko yang wajib diselesaikan di TikTok Shop Seller Center."))
_LIMIT_SHOP: Final = Rule(Fate.REFUSED, N_("Toko sudah mencapai jumlah produk terbanyak; hapus yang lama dahulu."))
_GONE: Final = Rule(Fate.GONE, N_("Produk tidak ada (lagi) di TikTok Shop."))
_REQUEST: Final = Rule(Fate.REFUSED, N_("TikTok Shop menolak bentuk permintaan; laporkan kepada pengelola sistem."))
_FIELD: Final = Rule(Fate.REFUSED, N_("TikTok Shop menolak isian produk ini; perbaiki lalu kirim lagi."))
_TITLE: Final = Rule(Fate.REFUSED, N_("Nama produk tidak diterima TikTok Shop; perbaiki nama di katalog."))
_DESCRIPTION: Final = Rule(Fate.REFUSED, N_("Deskripsi tidak diterima TikTok Shop; perbaiki deskripsi di katalog."))
_PICTURE: Final = Rule(Fate.REFUSED, N_("Gambar tidak diterima TikTok Shop; ganti gambar di katalog."))
_PRICE: Final = Rule(Fate.REFUSED, N_("Harga tidak diterima TikTok Shop; perbaiki harga di katalog."))
_STOCK: Final = Rule(Fate.REFUSED, N_("Stok atau gudang tidak diterima TikTok Shop; periksa di Seller Center."))
STOCK_OUT_OF_RANGE: Final = Rule(
    Fate.REFUSED, N_("Stok harus 1 sampai 99.999 di TikTok Shop; turunkan produk yang habis dari tayangan.")
)
_PARCEL: Final = Rule(Fate.REFUSED, N_("Berat atau ukuran paket tidak diterima TikTok Shop; perbaiki di katalog."))
_CATEGORY: Final = Rule(Fate.REFUSED, N_("Kategori tidak diterima TikTok Shop; pilih kategori lain."))
_ATTRIBUTE: Final = Rule(
    Fate.REFUSED, N_("Keterangan wajib kategori TikTok Shop belum lengkap; lengkapi di pengaturan produk.")
)
_CERTIFICATE: Final = Rule(
    Fate.REFUSED, N_("TikTok Shop meminta dokumen atau sertifikat; unggah di Seller Center, Qualification Center.")
)
_BRAND: Final = Rule(Fate.REFUSED, N_("Merek tidak diterima TikTok Shop; ajukan izinnya di Seller Center."))
_SKU: Final = Rule(Fate.REFUSED, N_("Kode SKU tidak diterima TikTok Shop; periksa kode produk."))
_STATE: Final = Rule(
    Fate.REFUSED, N_("Keadaan produk di TikTok Shop tidak mengizinkan perubahan; periksa di Seller Center.")
)
_PROMOTION: Final = Rule(
    Fate.LATER, N_("Produk sedang dalam promosi TikTok Shop; akhiri promosinya di Seller Center."), timedelta(hours=6)
)
_PLATFORM: Final = Rule(Fate.REFUSED, N_("Produk ini tidak dapat tampil di Tokopedia dan TikTok Shop sekaligus."))
_UNKNOWN: Final = Rule(
    Fate.REFUSED, N_("TikTok Shop menjawab dengan kode yang belum dikenal; laporkan kepada pengelola sistem.")
)

_GROUPS: Final[tuple[tuple[Rule, str], ...]] = (
    (_RATE, "36009002 36009037 12052109"),
    (_FAULT, "36009003 36009007 12001000 12052881 33001002 25020008"),
    (_DAILY, "12019120"),
    (_TOKEN, "105001 105002"),
    (_RECONNECT, "101000 105003 105004 36004001 36004004 36004005 98001005 98001006"),
    (_PERMISSION, "105005 12052701 12052705 12052994 12052094"),
    (_ADDRESS, "36009033"),
    (_KEY, "106001"),
    (_SHOP, "12052700 12052704 12052995 12052332"),
    (_SHOP_TASK, "12052419 12019215 12052585 12052535 12052115"),
    (_LIMIT_SHOP, "12052093"),
    (_GONE, "12019150 12052032 12052260 12052034 12052048"),
    (
        _REQUEST,
        (
            "106013 36009009 36009010 36009014 36009022 36009023 11050001 98001004 12052910 12019108 12019109 12019118 12019119 12052180 12019027"
            " 12019087 12052902"
        ),
    ),
    (_TITLE, "12052051 12052261 12052262 12052263 12052931"),
    (
        _DESCRIPTION,
        "12019006 12052013 12052015 12052056 12052344 12052345 12052346 12052348 12052349 12052350 12052352 12052932",
    ),
    (
        _PICTURE,
        (
            "12019116 12038002 12038004 12038005 12038014 12038015 12052300 12052301 12052302 12052304 12052305 12052306"
            " 12052324 12052340 12052341 12052342 12052343 12052722"
        ),
    ),
    (
        _PRICE,
        "12052012 12052073 12052084 12052092 12052375 12052376 12052383 12052424 12052570 12052571 12052572 12019045",
    ),
    (
        _STOCK,
        (
            "12019022 12052055 12052095 12052096 12052097 12052141 12052144 12052364 12052403 12052405 12052420 12052530"
            " 12052531 12052532 12052533 12052534 12052037 12052516 12052382 12052921 12052402 12052549"
        ),
    ),
    (_PARCEL, "12019011 12019012 12019061 12052003 12052004 12052005 12052006 12052116 12052181 12052915"),
    (
        _CATEGORY,
        (
            "12052002 12052023 12052024 12052025 12052217 12052230 12052446 12052158 12052220 12052221 12052222 12052223"
            " 12052225 12052226 12052227"
        ),
    ),
    (
        _ATTRIBUTE,
        (
            "12052104 12052151 12052182 12052183 12052240 12052241 12052242 12052243 12052244 12052245 12052246 12052247"
            " 12052248 12052249 12052250 12052251 12052253 12052254 12052256 12052529 12052935"
        ),
    ),
    (_CERTIFICATE, "12052105 12052128 12052385 12052650 12052655 12052658 12052673"),
    (_BRAND, "12019013 12052026 12052200 12052201 12052207 12052208"),
    (_SKU, "12019059 12052054 12052050 12052553 12052554 12052557 12052558 12052996"),
    (_STATE, "12019113 12052308 12052371 12052377 12052845 12052901 12052922 12052990 12052163"),
    (_PROMOTION, "12052038 12052393"),
    (_PLATFORM, "12052330 12052358 12052316"),
)
TABLE: Final[dict[str, Rule]] = {code: rule for rule, codes in _GROUPS for code in codes.split()}
AMBIGUOUS: Final = "36009004"
# "Message keyword index for 36009004" of common-errors, in lower case; the first that fits wins.
_MEANINGS: Final = (
    ("timestamp", _CLOCK),
    ("signature", _KEY),
    ("app_key", _KEY),
    ("access_token", _TOKEN),
    ("x-tts-access-token", _TOKEN),
    ("shop_cipher", _REQUEST),
    ("shop_id", _REQUEST),
    ("version", _REQUEST),
)
_FAMILIES: Final = (
    ("105", _TOKEN),
    ("106", _REQUEST),
    ("360", _REQUEST),
    ("1205", _FIELD),
    ("1201", _FIELD),
    ("1203", _PICTURE),
)
_HTTP_RATE: Final = 429
_BY_STATUS: Final = {401: _TOKEN, 403: _PERMISSION}  # a gateway in front of the API answers without a code
_HTTP_FAULT: Final = 500


def rule_of(code: str, message: str = "", status: int = 200) -> Rule:
    """Return what an error means; `status` speaks only where the code is none of TikTok's."""
    if code == AMBIGUOUS:
        words = message.lower()
        return next((rule for part, rule in _MEANINGS if part in words), _REQUEST)
    if code in TABLE:
        return TABLE[code]
    if status == _HTTP_RATE:
        return _RATE
    if status >= _HTTP_FAULT:
        return _FAULT
    if not code and status in _BY_STATUS:
        return _BY_STATUS[status]
    return next((rule for family, rule in _FAMILIES if code.startswith(family)), _UNKNOWN)


def error_of(code: str, message: object, status: int, *secrets: str) -> ProviderError:
    """Return the error of a failed call; its text repeats no secret."""
    words = quoted(message, *secrets)
    return ProviderError(rule_of(code, str(message or ""), status), quoted(code, *secrets) or f"http_{status}", words)
