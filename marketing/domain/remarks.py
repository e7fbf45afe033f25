"""What should be looked at although the law does not hold it: odd forms of numbers, discounts that are not shown, claims.

A remark never keeps a product back; the gate does not read them (marketing/domain/eligibility.py).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from marketing.domain.calendar_id import format_datetime_id
from marketing.domain.identifiers import is_nib, is_placeholder, squeezed
from marketing.domain.money import format_rupiah
from marketing.domain.product import Product, Sale, SaleFault
from marketing.domain.region import lacks_dots, regency_of
from marketing.domain.regulations.base import Finding
from marketing.domain.regulations.claims import claims_to_check
from marketing.domain.regulations.halal import halal_to_check
from marketing.domain.regulations.permits import permits_to_check
from marketing.domain.regulations.standards import standards_to_check

LAW_DISCOUNT: Final = "UU 8/1999 Ps. 9, 10 dan 12"
LAW_REGION: Final = "Kepmendagri 300.2.2-2138/2025"
_STEEP: Final = 10
"""A sale price below one tenth of the normal one is a slip of the keyboard or a made-up normal price (decision, not law)."""
_FAULTS: Final = {
    SaleFault.NO_BEFORE_PRICE: ("harga normalnya belum diisi", "isi harga normal produk."),
    SaleFault.NOTHING_TO_PAY: ("harga diskonnya tidak di atas Rp0", "isi harga diskon di atas Rp0."),
    SaleFault.NO_REDUCTION: (
        "harga diskonnya tidak lebih rendah daripada harga normal",
        "isi harga diskon di bawah harga normal yang sungguh pernah berlaku, atau hapus diskonnya.",
    ),
    SaleFault.TOO_LONG: (
        "berlangsung lebih dari satu tahun",
        "beri diskon awal dan akhir yang jelas, paling lama setahun.",
    ),
}


def remarks(product: Product, *, region_code: str, zone: str, now: datetime) -> tuple[Finding, ...]:
    """Return everything worth a look, in the order of the page: business, permits, halal, claims, standards, discount."""
    return (
        *_numbers(product),
        *permits_to_check(product, region_code),
        *halal_to_check(product, now),
        *claims_to_check(product),
        *standards_to_check(product),
        *_discount(product.price, product.sale, zone, now),
    )


def _numbers(product: Product) -> Iterator[Finding]:
    business = product.business
    if is_nib(business.nib) and is_placeholder(squeezed(business.nib)):
        yield Finding(
            f"NIB {business.nib.strip()} hanya satu angka yang diulang.",
            "cocokkan NIB dengan yang tercatat di OSS.",
            "PP 28/2025 Ps. 206",
        )
    if lacks_dots(business.domicile_region):
        yield Finding(
            f"Kode wilayah {business.domicile_region.strip()} ditulis tanpa titik dan dibaca sebagai {regency_of(business.domicile_region)}.",
            "tulis kode wilayah Kemendagri dengan titik; kode BPS menunjuk daerah lain.",
            LAW_REGION,
        )


def _discount(price: int | None, sale: Sale | None, zone: str, now: datetime) -> Iterator[Finding]:
    if sale is None:
        return
    if fault := sale.fault(price):
        what, cure = _FAULTS[fault]
        yield Finding(f"Diskon tidak ditampilkan: {what}.", cure, LAW_DISCOUNT)
    elif sale.ends < now:
        yield Finding(
            f"Diskon sudah berakhir {format_datetime_id(sale.ends, zone)}.",
            "hapus diskon ini dari katalog.",
            LAW_DISCOUNT,
        )
    elif price is not None and sale.price * _STEEP < price:
        yield Finding(
            f"Diskon dari {format_rupiah(price)} menjadi {format_rupiah(sale.price)} lebih dari 90%.",
            "pastikan harga normalnya sungguh pernah berlaku dan jumlah nolnya benar.",
            LAW_DISCOUNT,
        )
