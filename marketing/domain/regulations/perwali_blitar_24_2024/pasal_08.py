"""Perwali Blitar 24/2024 Ps. 8: who may promote (1), after which verification (2), and which products (3).

"UMKM" is UMKM in the Daerah (Ps. 1(9)); a Penyedia is whoever is registered in the system (Ps. 1(18)), wherever it sits.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from marketing.domain.product import Business, Category, HalalStatus, Permit, Product, Verification, VerificationStatus
from marketing.domain.region import is_within
from marketing.domain.regulations import completeness, trade_law
from marketing.domain.regulations.base import Article, Finding, Reason, as_reasons
from marketing.domain.regulations.claims import claims
from marketing.domain.regulations.examples import CRAFT, FOOD, NOW, VERIFIED, food_with, of_business, of_region
from marketing.domain.regulations.perwali_blitar_24_2024 import NAME, REGION, ZONE

CITATION: Final = f"{NAME} Pasal 8"
SUMMARY: Final = (
    "Pelaku UMKM serta Penyedia Barang dan Jasa dapat mempromosikan produknya setelah menyampaikan informasi produk "
    "kepada Dinas dan diverifikasi tim pengelola, dalam hal produk memenuhi standar/kriteria sebagai produk yang dapat "
    "diperjualbelikan sesuai dengan ketentuan perundang-undangan."
)
CODES: Final = {
    "Blitar 8(1)": "Pelaku UMKM di Daerah, atau Penyedia Barang dan Jasa.",
    "Blitar 8(2)": "Informasi produk disampaikan kepada Dinas dan diverifikasi tim pengelola.",
    "Blitar 8(3)": "Produk dapat diperjualbelikan menurut peraturan perundang-undangan.",
}
PROMOTERS: Final = frozenset({"umkm", "penyedia"})


def check(product: Product, region_code: str, now: datetime) -> Iterator[Reason]:
    """Hold a product of the wrong promoter, without a trace of verification, or not lawful to trade."""
    yield from as_reasons("Blitar 8(1)", f"{CITATION} ayat (1)", _promoter(product.business, region_code))
    yield from as_reasons("Blitar 8(2)", f"{CITATION} ayat (2)", _trace(product.verification, now))
    yield from as_reasons("Blitar 8(3)", f"{CITATION} ayat (3)", _tradable(product, now))


def _promoter(business: Business, region_code: str) -> Iterator[Finding]:
    domicile = business.domicile_region.strip()
    if business.role not in PROMOTERS:
        yield Finding(
            f"Pemilik produk berperan “{business.role}”, bukan pelaku UMKM atau Penyedia Barang dan Jasa.",
            "daftarkan usaha sebagai pelaku UMKM atau Penyedia Barang dan Jasa.",
        )
    elif business.role == "umkm" and not is_within(domicile, region_code):
        where = f"berdomisili di wilayah {domicile}" if domicile else "belum mengisi domisili"
        yield Finding(
            f"UMKM {where}; Perwali ini untuk UMKM di Daerah ({region_code}).",
            "perbaiki domisili usaha bila keliru, atau daftarkan usaha sebagai Penyedia Barang dan Jasa.",
        )
    yield from completeness.business_standing(business)


def _trace(verification: Verification, now: datetime) -> Iterator[Finding]:
    """Ask for a name and a time: a bare `verified` proves nothing. A product not verified at all is already held by Ps. 6(2)b."""
    if verification.status is not VerificationStatus.VERIFIED:
        return
    lacking = [
        name for name, there in (("siapa", (verification.by or "").strip()), ("kapan", verification.at)) if not there
    ]
    if lacking:
        yield Finding(
            f"Tidak tercatat {' dan '.join(lacking)} tim pengelola memverifikasi produk ini.",
            "minta tim pengelola mencatat nama pemeriksa dan waktu verifikasi di katalog.",
        )
    yield from completeness.verification_time(verification, now)


def _tradable(product: Product, now: datetime) -> Iterator[Finding]:
    """Lawful goods, lawfully described: what may not be said of a food may not be promoted with it."""
    yield from trade_law.lawful_to_trade(product, now, ZONE)
    yield from claims(product)


_IMPORTED: Final = Permit("BPOM_ML", "ML 206531001234", date(2028, 1, 31))
_SERVICE: Final = replace(CRAFT, kind="service", category=Category.JASA, name="Jasa jahit", unit="potong", stock=None)

CASES: Final = of_region(
    (
        ("pelaku UMKM di Daerah", CRAFT, ""),
        ("jasa boleh (Ps. 1 angka 12)", _SERVICE, ""),
        ("hasil pertanian boleh", replace(CRAFT, category=Category.PERTANIAN, name="Belimbing Karangsari"), ""),
        ("penyedia dari luar Daerah", of_business(CRAFT, role="penyedia", domicile_region="35.05"), ""),
        ("UMKM Kabupaten Blitar", of_business(CRAFT, domicile_region="35.05"), "Blitar 8(1)"),
        ("anggota masyarakat", of_business(CRAFT, role="masyarakat", domicile_region=REGION), "Blitar 8(1)"),
        (
            "verifikasi usaha dicabut",
            of_business(CRAFT, domicile_region=REGION, verification=Verification(VerificationStatus.REVOKED)),
            "Blitar 8(1)",
        ),
        ("tanpa nama pemeriksa", replace(CRAFT, verification=replace(VERIFIED, by=None)), "Blitar 8(2)"),
        ("tanpa waktu verifikasi", replace(CRAFT, verification=replace(VERIFIED, at=None)), "Blitar 8(2)"),
        (
            "diverifikasi pada waktu yang belum tiba",
            replace(CRAFT, verification=replace(VERIFIED, at=NOW + timedelta(days=2))),
            "Blitar 8(2)",
        ),
        (
            "jam katalog sedikit lebih cepat",
            replace(CRAFT, verification=replace(VERIFIED, at=NOW + timedelta(hours=23))),
            "",
        ),
        ("kode kecamatan", of_business(CRAFT, domicile_region="35.72.02"), ""),
        ("pangan berizin dan halal", FOOD, ""),
        ("menyebut pangan sebagai obat", replace(FOOD, description="Obat asam urat alami."), "Blitar 8(3)"),
        ("wajib SNI dengan P-IRT", replace(FOOD, name="Kopi instan Blitar"), "Blitar 8(3)"),
        ("kopi bubuk tidak wajib SNI", replace(FOOD, name="Kopi bubuk Blitar"), ""),
        ("jasa boga tidak berkemasan eceran", replace(FOOD, kind="service", permits=()), ""),
        ("pangan tanpa izin", food_with(), "Blitar 8(3)"),
        ("P-IRT salah angka", food_with(Permit("PIRT", "12345", date(2029, 1, 1))), "Blitar 8(3)"),
        ("izin impor pada produk UMKM", food_with(_IMPORTED), "Blitar 8(3)"),
        (
            "izin impor pada penyedia",
            of_business(food_with(_IMPORTED), role="penyedia", scale=None, domicile_region=REGION),
            "",
        ),
        ("ditandai tidak wajib halal", replace(FOOD, halal=HalalStatus.NOT_REQUIRED), "Blitar 8(3)"),
        ("mie mercon adalah makanan", replace(FOOD, name="Mie mercon"), ""),
        ("rokok elektrik", replace(CRAFT, category=Category.LAINNYA, name="Rokok elektrik"), "Blitar 8(3)"),
    ),
    REGION,
)
ARTICLE: Final = Article("Blitar 8", CITATION, SUMMARY, CODES, check, CASES)
