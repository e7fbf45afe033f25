"""Is the information there, and can it be right? What both regulations ask of a product's page, without their codes.

Used by Perbup TTS 17/2025 Ps. 10(1)c ("jelas dan benar serta dapat dipertanggungjawabkan") and Perwali Blitar 24/2024
Ps. 9(1)a–c (product, business, how to order). Presence and plausibility only: truth is for the managing team to verify.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from marketing.domain.money import format_rupiah
from marketing.domain.product import Business, Product, Verification, VerificationStatus
from marketing.domain.regulations.base import Finding

PRICE_CEILING: Final = 1_000_000_000
"""Above this a price of an UMKM product is a slip of the keyboard until someone says otherwise (decision, not law)."""
CLOCK_SLACK: Final = timedelta(days=1)

STATUS_TEXT: Final = {
    VerificationStatus.PENDING: "Produk belum diverifikasi tim pengelola.",
    VerificationStatus.REJECTED: "Produk ditolak saat verifikasi oleh tim pengelola.",
    VerificationStatus.REVOKED: "Verifikasi produk sudah dicabut oleh tim pengelola.",
}
STATUS_CURE: Final = {
    VerificationStatus.PENDING: "minta tim pengelola memeriksa dan memverifikasi produk di katalog.",
    VerificationStatus.REJECTED: "perbaiki data sesuai catatan penolakan, lalu ajukan verifikasi lagi.",
    VerificationStatus.REVOKED: "selesaikan sebab pencabutan, lalu ajukan verifikasi lagi.",
}
STANDING_TEXT: Final = {
    VerificationStatus.REJECTED: "Usaha ditolak saat verifikasi oleh tim pengelola.",
    VerificationStatus.REVOKED: "Verifikasi usaha sudah dicabut oleh tim pengelola.",
}


def given(text: str) -> bool:
    """Return whether a field says anything at all: white space is nothing."""
    return bool(text.strip())


def product_information(product: Product) -> Iterator[Finding]:
    """Find what is missing or implausible in the description of the product itself."""
    if not given(product.name):
        yield Finding("Nama produk belum diisi.", "isi nama produk.")
    if not given(product.description):
        yield Finding("Deskripsi produk belum diisi.", "tulis deskripsi produk yang jelas dan benar.")
    yield from _price(product.price)
    if not given(product.unit):
        yield Finding("Satuan jual belum diisi.", "isi satuan jual, misalnya lembar, bungkus atau kg.")
    if not any(given(picture.url) for picture in product.pictures):
        yield Finding("Belum ada foto produk.", "unggah paling sedikit satu foto produk.")


def _price(price: int | None) -> Iterator[Finding]:
    if price is None:
        yield Finding("Harga belum diisi.", "isi harga dalam rupiah.")
    elif price <= 0:
        yield Finding(f"Harga {format_rupiah(price)} tidak mungkin benar.", "isi harga di atas Rp0.")
    elif price > PRICE_CEILING:
        yield Finding(
            f"Harga {format_rupiah(price)} tidak masuk akal (di atas {format_rupiah(PRICE_CEILING)}).",
            "periksa lagi jumlah angka nol pada harga.",
        )


def order_information(product: Product) -> Iterator[Finding]:
    """Find out whether a buyer is told how to order; any one way is enough."""
    how = product.how_to_order
    if not (given(how.text) or given(how.url) or given(how.whatsapp)):
        yield Finding("Tata cara pemesanan belum diisi.", "isi cara memesan: keterangan, tautan atau nomor WhatsApp.")


def stock(product: Product) -> Iterator[Finding]:
    """Find a good that is sold out; a service has no stock, and no figure means the catalogue does not count."""
    if product.kind == "goods" and product.stock is not None and product.stock <= 0:
        yield Finding(
            f"Stok {product.stock}: produk tidak dapat dipesan.",
            "isi ulang stok di katalog, atau kosongkan stok bila dibuat sesuai pesanan.",
        )


def business_name(business: Business) -> Iterator[Finding]:
    """Find a business without a name."""
    if not given(business.name):
        yield Finding("Nama usaha belum diisi.", "isi nama usaha.")


def business_contact(business: Business) -> Iterator[Finding]:
    """Find a business that nobody could reach."""
    if not (given(business.phone) or given(business.email)):
        yield Finding("Kontak usaha belum ada.", "isi nomor telepon atau surel usaha.")


def business_place(business: Business) -> Iterator[Finding]:
    """Find a business of which nobody can say where it is."""
    if not (given(business.address) or given(business.domicile_kecamatan)):
        yield Finding("Alamat usaha belum diisi.", "isi alamat atau paling sedikit kecamatan usaha.")


def product_verification(product: Product) -> Iterator[Finding]:
    """Find a product that the managing team has not (or no longer) verified."""
    status = product.verification.status
    if status is not VerificationStatus.VERIFIED:
        yield Finding(STATUS_TEXT[status], STATUS_CURE[status])


def verification_time(verification: Verification, now: datetime) -> Iterator[Finding]:
    """Find a verification that has not happened yet: a catalogue's clock may be some hours off, never days."""
    if verification.status is VerificationStatus.VERIFIED and verification.at and verification.at > now + CLOCK_SLACK:
        yield Finding(
            "Waktu verifikasi belum tiba: catatan verifikasi di katalog tidak mungkin benar.",
            "minta tim pengelola memperbaiki waktu verifikasi di katalog.",
        )


def business_standing(business: Business) -> Iterator[Finding]:
    """Find a business that the managing team turned down; one still pending is judged by its products (design 7)."""
    text = STANDING_TEXT.get(business.verification.status)
    if text:
        yield Finding(text, "selesaikan catatan tim pengelola, lalu ajukan verifikasi usaha lagi.")
