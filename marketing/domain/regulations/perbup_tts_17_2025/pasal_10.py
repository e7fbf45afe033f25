"""Perbup TTS 17/2025 Ps. 10: which UMKM (ayat 1) and which products (ayat 2) may be supported. The letters are as printed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from marketing.domain.identifiers import is_nib, squeezed
from marketing.domain.product import (
    Business,
    HalalStatus,
    HowToOrder,
    Permit,
    Product,
    Verification,
    VerificationStatus,
)
from marketing.domain.region import is_bps_code, is_within
from marketing.domain.regulations import completeness, trade_law
from marketing.domain.regulations.base import Article, Finding, Reason, as_reasons
from marketing.domain.regulations.claims import claims
from marketing.domain.regulations.examples import CRAFT, FOOD, NOW, VERIFIED, food_with, of_business, of_region
from marketing.domain.regulations.perbup_tts_17_2025 import NAME, REGION, ZONE

CITATION: Final = f"{NAME} Pasal 10"
SUMMARY: Final = (
    "Pemberdayaan UMKM berbasis digital dapat diberikan pada UMKM yang mempunyai NIB, menjadi binaan Dinas, mempunyai "
    "informasi produk yang jelas dan benar serta dapat dipertanggungjawabkan, berdomisili di Daerah, dan dimiliki "
    "penduduk Daerah; serta pada produk dengan kualitas sesuai ketentuan peraturan perundang-undangan."
)
CODES: Final = {
    "TTS 10(1)a": "Mempunyai legalitas usaha berupa Nomor Induk Berusaha.",
    "TTS 10(1)b": "Perorangan atau badan usaha dalam kelompok UMKM binaan Dinas.",
    "TTS 10(1)c": "Informasi produk jelas dan benar serta dapat dipertanggungjawabkan.",
    "TTS 10(1)d": "Berdomisili di Daerah.",
    "TTS 10(1)e": "Dimiliki oleh penduduk Daerah, dibuktikan dengan NIK.",
    "TTS 10(2)": "Kualitas produk sesuai ketentuan peraturan perundang-undangan.",
}


def check(product: Product, region_code: str, now: datetime) -> Iterator[Reason]:
    """Hold everything that misses a condition, letter by letter."""
    business = product.business
    letters = (
        ("a", _legality(business)),
        ("b", _fostered(business)),
        ("c", _information(product, now)),
        ("d", _domicile(business, region_code)),
        ("e", _owner(business)),
    )
    for letter, findings in letters:
        yield from as_reasons(f"TTS 10(1){letter}", f"{CITATION} ayat (1) huruf {letter}", findings)
    yield from as_reasons("TTS 10(2)", f"{CITATION} ayat (2)", trade_law.lawful_to_trade(product, now, ZONE))


def _legality(business: Business) -> Iterator[Finding]:
    """Ask for a NIB (13 digits; PP 24/2018, PP 28/2025 Ps. 206)."""
    if not squeezed(business.nib):
        yield Finding("NIB belum diisi.", "urus NIB lewat OSS, lalu isi nomornya di katalog.")
    elif not is_nib(business.nib):
        yield Finding(f"NIB “{business.nib.strip()}” bukan 13 angka.", "isi 13 angka NIB persis seperti di OSS.")


def _fostered(business: Business) -> Iterator[Finding]:
    if not business.is_binaan:
        yield Finding("Usaha belum tercatat sebagai binaan Dinas.", "daftarkan usaha ke kelompok UMKM binaan Dinas.")


def _information(product: Product, now: datetime) -> Iterator[Finding]:
    """Clear (complete), true (plausible, deliverable, no claims) and accountable (verified, with a name, reachable)."""
    yield from completeness.product_information(product)
    yield from claims(product)
    yield from completeness.stock(product)
    yield from completeness.order_information(product)
    yield from completeness.business_name(product.business)
    yield from completeness.business_contact(product.business)
    yield from completeness.product_verification(product)
    yield from completeness.verification_time(product.verification, now)
    yield from completeness.business_standing(product.business)


def _domicile(business: Business, region_code: str) -> Iterator[Finding]:
    """Compare the domicile as given; the NIK's first digits tell where a card was first issued, not where one lives."""
    domicile = business.domicile_region.strip()
    if not domicile:
        yield Finding("Domisili usaha belum diisi.", "isi domisili usaha di katalog.")
    elif is_bps_code(domicile, region_code):
        yield Finding(
            f"Domisili {domicile} adalah kode BPS; menurut Kemendagri itu daerah lain.",
            f"tulis kode wilayah Kemendagri {region_code} bila usaha berada di Daerah.",
        )
    elif not is_within(domicile, region_code):
        yield Finding(
            f"Usaha berdomisili di wilayah {domicile}, bukan di Daerah ({region_code}).",
            "perbaiki domisili bila keliru; usaha dari daerah lain dilayani daerahnya.",
        )


def _owner(business: Business) -> Iterator[Finding]:
    if not business.nik_given:
        yield Finding("NIK pemilik belum diserahkan.", "serahkan NIK pemilik kepada Dinas.")
    elif not business.nik_verified:
        yield Finding("NIK pemilik belum diverifikasi.", "minta Dinas memeriksa NIK pemilik dengan data kependudukan.")


_EXPIRED: Final = Permit("PIRT", "2065302010123-26", date(2026, 11, 14))
_OWN_MD: Final = Permit("BPOM_MD", "BPOM RI MD 206531001234", date(2028, 1, 31))

CASES: Final = of_region(
    (
        ("NIB dengan spasi dan tanda hubung", of_business(CRAFT, nib="0220 1234-56789"), ""),
        ("NIB kosong", of_business(CRAFT, nib=" "), "TTS 10(1)a"),
        ("NIB 12 angka", of_business(CRAFT, nib="022012345678"), "TTS 10(1)a"),
        ("bukan binaan", of_business(CRAFT, is_binaan=False), "TTS 10(1)b"),
        ("cara pesan cukup keterangan", replace(CRAFT, how_to_order=HowToOrder("Datang ke kios")), ""),
        ("tanpa stok tercatat", replace(CRAFT, stock=None), ""),
        ("harga tepat satu miliar", replace(CRAFT, price=1_000_000_000), ""),
        ("tanpa harga", replace(CRAFT, price=None), "TTS 10(1)c"),
        ("harga kelebihan nol", replace(CRAFT, price=350_000_000_000), "TTS 10(1)c"),
        ("stok habis", replace(CRAFT, stock=0), "TTS 10(1)c"),
        ("tanpa foto dan deskripsi", replace(CRAFT, pictures=(), description=""), "TTS 10(1)c"),
        ("usaha tanpa kontak", of_business(CRAFT, phone="", email=""), "TTS 10(1)c"),
        ("belum diverifikasi", replace(CRAFT, verification=Verification(VerificationStatus.PENDING)), "TTS 10(1)c"),
        (
            "diverifikasi pada waktu yang belum tiba",
            replace(CRAFT, verification=replace(VERIFIED, at=NOW + timedelta(days=2))),
            "TTS 10(1)c",
        ),
        ("klaim pada kerajinan tidak dinilai", replace(CRAFT, description="Bantal penyembuh lelah."), ""),
        ("menyangkal klaim", replace(FOOD, description="Keripik pisang; bukan untuk mengobati penyakit."), ""),
        ("menyebut pangan sebagai obat", replace(FOOD, description="Mengobati diabetes."), "TTS 10(1)c"),
        ("klaim kesehatan dengan P-IRT", replace(FOOD, description="Menurunkan kolesterol."), "TTS 10(1)c"),
        (
            "klaim kesehatan dengan BPOM MD dinilai BPOM",
            replace(food_with(Permit("BPOM_MD", "206531001234567")), description="Menurunkan kolesterol."),
            "",
        ),
        (
            "verifikasi usaha dicabut",
            of_business(CRAFT, verification=Verification(VerificationStatus.REVOKED)),
            "TTS 10(1)c",
        ),
        ("kode wilayah tanpa titik", of_business(CRAFT, domicile_region="5302"), ""),
        ("kode kecamatan", of_business(CRAFT, domicile_region="53.02.01"), ""),
        ("kode BPS adalah Belu menurut Kemendagri", of_business(CRAFT, domicile_region="5304"), "TTS 10(1)d"),
        ("berdomisili di Belu", of_business(CRAFT, domicile_region="53.04"), "TTS 10(1)d"),
        ("NIK belum diverifikasi", of_business(CRAFT, nik_verified=False), "TTS 10(1)e"),
        ("BPOM MD", food_with(_OWN_MD), ""),
        ("P-IRT lama dengan tanggal", food_with(Permit("PIRT", "206530201012", date(2027, 3, 1))), ""),
        ("izin mati di samping izin hidup", food_with(_EXPIRED, _OWN_MD), ""),
        ("pangan tanpa izin", food_with(), "TTS 10(2)"),
        ("P-IRT kedaluwarsa", food_with(_EXPIRED), "TTS 10(2)"),
        ("P-IRT lama tanpa tanggal", food_with(Permit("PIRT", "206530201012")), "TTS 10(2)"),
        ("izin impor", food_with(Permit("BPOM_ML", "ML 206531001234")), "TTS 10(2)"),
        ("dinyatakan tidak halal", replace(FOOD, halal=HalalStatus.NOT_HALAL, halal_number=""), ""),
        ("halal tidak diketahui", replace(FOOD, halal=HalalStatus.UNKNOWN), "TTS 10(2)"),
        ("halal tanpa nomor", replace(FOOD, halal_number=""), "TTS 10(2)"),
        ("halal bernomor asal isi", replace(FOOD, halal_number="sedang diurus"), "TTS 10(2)"),
        (
            "bahan alam tidak wajib halal",
            replace(
                FOOD, name="Madu Amfoang", description="Madu hutan.", halal=HalalStatus.NOT_REQUIRED, halal_number=""
            ),
            "",
        ),
        ("tidak wajib halal padahal olahan", replace(FOOD, halal=HalalStatus.NOT_REQUIRED), "TTS 10(2)"),
        ("wajib SNI dengan P-IRT", replace(FOOD, name="Garam beriodium Nunbaun"), "TTS 10(2)"),
        ("garam bumbu tidak wajib SNI", replace(FOOD, name="Garam bawang"), ""),
        ("gula semut sopi adalah gula", replace(FOOD, name="Gula semut sopi"), ""),
        ("minuman keras", replace(FOOD, name="Sopi kepala asli Timor"), "TTS 10(2)"),
        (
            "semua syarat usaha gagal",
            of_business(CRAFT, nib="", is_binaan=False, name="", domicile_region="", nik_given=False),
            "TTS 10(1)a, TTS 10(1)b, TTS 10(1)c, TTS 10(1)d, TTS 10(1)e",
        ),
    ),
    REGION,
)
ARTICLE: Final = Article("TTS 10", CITATION, SUMMARY, CODES, check, CASES)
