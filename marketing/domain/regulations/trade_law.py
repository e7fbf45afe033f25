"""National law that both regulations point to with "ketentuan peraturan perundang-undangan": food permits and halal.

* UU 18/2012 (Pangan) Ps. 91: processed food for retail needs a distribution permit; home industry carries P-IRT
  (PerBPOM 4/2024), the rest BPOM MD. ML is the permit of imported food.
* PP 42/2024 Ps. 160: food and drink must be certified halal, or carry "tidak halal", once the staging has ended:
  17 Oct 2024 for medium and large businesses (1), 17 Oct 2026 for micro and small ones (2).

A number that fits its format is not thereby genuine: that is for the managing team to verify.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from marketing.domain.calendar_id import format_date_id, local_date
from marketing.domain.product import Business, Category, HalalStatus, Permit, Product
from marketing.domain.regulations.base import Finding

VERSION: Final = "2026-11"

LAW_PERMIT: Final = "UU 18/2012 Ps. 91 dan PerBPOM 4/2024"
LAW_HALAL: Final = "UU 33/2014 dan PP 42/2024 Ps. 160"

FOOD: Final = frozenset({Category.MAKANAN_OLAHAN, Category.MINUMAN})
UMKM_SCALES: Final = frozenset({"mikro", "kecil", "menengah"})
HALAL_DUE: Final = date(2026, 10, 18)
HALAL_DUE_MEDIUM: Final = date(2024, 10, 18)
HALAL_ZONE: Final = "Asia/Jakarta"  # a national duty begins at one moment everywhere, in the capital's time

PIRT_NUMBER: Final = re.compile(r"[0-9]{13}-?(?P<year>[0-9]{2})")
PIRT_LEGACY: Final = re.compile(r"[0-9]{12}")
BPOM_NUMBER: Final = re.compile(r"(?:[0-9]{12}|[0-9]{15})")
PIRT_PREFIX: Final = re.compile(r"^P-?IRT(?:NO|NOMOR)?:?", re.IGNORECASE)
BPOM_PREFIX: Final = re.compile(r"^(?:BPOM)?(?:RI)?(?P<kind>MD|ML)?:?", re.IGNORECASE)
LABELS: Final = {"PIRT": "P-IRT", "BPOM_MD": "BPOM MD", "BPOM_ML": "BPOM ML"}


def is_umkm(business: Business) -> bool:
    """Return whether the business is an UMKM: registered as one, or a penyedia of such a scale."""
    return business.role == "umkm" or business.scale in UMKM_SCALES


def may_import(business: Business) -> bool:
    """Return whether imported food may be this business's product: only that of a penyedia that is no UMKM itself."""
    return business.role == "penyedia" and not is_umkm(business)


def food_permit(product: Product, today: date) -> Iterator[Finding]:
    """Find food or drink without a distribution permit in force on `today`; the day of expiry still counts as valid.

    One permit in force is enough, whatever else lapsed. A catering service sells no packaged food and needs none.
    """
    if product.category not in FOOD or product.kind == "service":
        return
    imported = [permit for permit in product.permits if _is_imported(permit)]
    refused = [] if may_import(product.business) else imported
    for permit in refused:
        yield Finding(
            f"BPOM ML {permit.number.strip()} adalah izin pangan impor, bukan produk UMKM.",
            "pastikan produk dibuat sendiri, lalu gunakan izin P-IRT atau BPOM MD.",
            LAW_PERMIT,
        )
    accepted = [permit for permit in product.permits if permit.type in LABELS and permit not in refused]
    problems = [_permit_problem(permit, today) for permit in accepted]
    if not accepted:
        yield Finding(
            "Produk pangan belum punya izin edar (P-IRT atau BPOM MD).",
            "urus P-IRT lewat OSS atau BPOM MD, lalu isi nomor dan masa berlakunya di katalog.",
            LAW_PERMIT,
        )
    elif all(problems):
        yield from (problem for problem in problems if problem)


def _is_imported(permit: Permit) -> bool:
    """Tell ML by its type, or by a number that says ML under the type MD."""
    if permit.type == "BPOM_MD":
        found = BPOM_PREFIX.match(_squeeze(permit.number))
        return bool(found and (found["kind"] or "").upper() == "ML")
    return permit.type == "BPOM_ML"


def _squeeze(number: str) -> str:
    return re.sub(r"[\s.]", "", number)


def _permit_problem(permit: Permit, today: date) -> Finding | None:
    """Return what is wrong with one P-IRT or BPOM permit, or nothing."""
    label = LABELS[permit.type]
    number = _squeeze(permit.number)
    year_end: date | None = None
    if permit.type == "PIRT":
        number = PIRT_PREFIX.sub("", number)
        current = PIRT_NUMBER.fullmatch(number)
        if current is None and PIRT_LEGACY.fullmatch(number) and permit.expires is None:
            return Finding(
                f"P-IRT {number} bernomor lama (12 angka) tanpa tanggal berlaku.",
                "isi tanggal berlaku P-IRT, atau perbarui ke nomor 15 angka lewat OSS.",
                LAW_PERMIT,
            )
        well_formed = current is not None or PIRT_LEGACY.fullmatch(number) is not None
        # The last two digits are the year of expiry: without a date the permit cannot outlive that year.
        year_end = date(2000 + int(current["year"]), 12, 31) if current else None
    else:
        well_formed = BPOM_NUMBER.fullmatch(BPOM_PREFIX.sub("", number).replace("-", "")) is not None
    if not well_formed:
        shown = permit.number.strip() or "(kosong)"
        return Finding(
            f"Nomor {label} tidak sah: {shown}.",
            "isi nomor izin persis seperti pada sertifikat.",
            LAW_PERMIT,
        )
    expires = permit.expires or year_end
    if expires is not None and expires < today:
        return Finding(
            f"{label} kedaluwarsa {format_date_id(expires)}.",
            f"perpanjang {label}, lalu perbarui nomor dan tanggal berlakunya di katalog.",
            LAW_PERMIT,
        )
    return None


def halal_due(business: Business) -> date:
    """Return the first day of the halal duty for this business (PP 42/2024 Ps. 160(1) medium, (2) micro and small)."""
    return HALAL_DUE_MEDIUM if business.scale == "menengah" else HALAL_DUE


def halal(product: Product, now: datetime) -> Iterator[Finding]:
    """Find food or drink that, once the duty is in force, is neither certified with a number nor declared not halal."""
    due = halal_due(product.business)
    if product.category not in FOOD or local_date(now, HALAL_ZONE) < due:
        return
    since = f"wajib sejak {format_date_id(due)}"
    if product.halal is HalalStatus.CERTIFIED:
        if not product.halal_number.strip():
            yield Finding(
                "Nomor sertifikat halal belum diisi.", "isi nomor sertifikat halal (ID dan 17 angka).", LAW_HALAL
            )
    elif product.halal is HalalStatus.NOT_REQUIRED:
        yield Finding(
            f"Produk ditandai tidak wajib halal, padahal makanan dan minuman {since}.",
            "isi nomor sertifikat halal, atau nyatakan produk tidak halal.",
            LAW_HALAL,
        )
    elif product.halal is HalalStatus.UNKNOWN:
        yield Finding(
            f"Status halal belum diketahui; {since}.",
            "urus sertifikat halal dan isi nomornya, atau nyatakan produk tidak halal.",
            LAW_HALAL,
        )
