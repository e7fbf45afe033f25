"""Distribution permits of food (UU 18/2012 Ps. 91): home industry carries P-IRT (PerBPOM 4/2024), the rest BPOM MD; ML is imported.

A number that fits its format is not thereby genuine: that is for the managing team to verify.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from marketing.domain.calendar_id import format_date_id
from marketing.domain.identifiers import Pirt, bpom_kind, read_bpom, read_pirt
from marketing.domain.product import Business, Category, Permit, Product
from marketing.domain.regulations.base import Finding

LAW_PERMIT: Final = "UU 18/2012 Ps. 91 dan PerBPOM 4/2024"
FOOD: Final = frozenset({Category.MAKANAN_OLAHAN, Category.MINUMAN})
UMKM_SCALES: Final = frozenset({"mikro", "kecil", "menengah"})
LABELS: Final = {"PIRT": "P-IRT", "BPOM_MD": "BPOM MD", "BPOM_ML": "BPOM ML"}


def is_umkm(business: Business) -> bool:
    """Return whether the business is an UMKM: registered as one, or a penyedia of such a scale."""
    return business.role == "umkm" or business.scale in UMKM_SCALES


def may_import(business: Business) -> bool:
    """Return whether imported food may be this business's product: only that of a penyedia that is no UMKM itself."""
    return business.role == "penyedia" and not is_umkm(business)


def is_licensed_by_bpom(product: Product) -> bool:
    """Return whether a permit of BPOM is named, valid or not: then the rules for P-IRT goods do not apply."""
    return any(permit.type in {"BPOM_MD", "BPOM_ML"} for permit in product.permits)


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
    problems = [_problem(permit, today) for permit in accepted]
    if not accepted:
        yield Finding(
            "Produk pangan belum punya izin edar (P-IRT atau BPOM MD).",
            "urus P-IRT lewat OSS atau BPOM MD, lalu isi nomor dan masa berlakunya di katalog.",
            LAW_PERMIT,
        )
    elif all(problems):
        yield from (problem for problem in problems if problem)


def permits_to_check(product: Product, region_code: str) -> Iterator[Finding]:
    """Find P-IRT numbers whose digits are unusual: the law asks for the permit, so this holds nothing."""
    for permit in product.permits:
        pirt = read_pirt(permit.number) if permit.type == "PIRT" else None
        if pirt is None:
            continue
        if not pirt.known_packaging:
            yield Finding(
                f"Angka pertama P-IRT {permit.number.strip()} bukan kode kemasan 1 sampai 8.",
                "cocokkan nomor P-IRT dengan sertifikatnya.",
                "PerBPOM 22/2018",
            )
        if not pirt.legacy and pirt.regency != region_code.replace(".", ""):
            yield Finding(
                f"P-IRT {permit.number.strip()} terbit untuk wilayah {pirt.regency[:2]}.{pirt.regency[2:]}, bukan {region_code}.",
                "cocokkan nomor P-IRT dengan sertifikatnya; pastikan tempat produksinya.",
                "PerBPOM 22/2018",
            )


def _is_imported(permit: Permit) -> bool:
    """Tell ML by its type, or by a number that says ML under the type MD."""
    return permit.type == "BPOM_ML" or (permit.type == "BPOM_MD" and bpom_kind(permit.number) == "ML")


def _problem(permit: Permit, today: date) -> Finding | None:
    """Return what is wrong with one P-IRT or BPOM permit, or nothing."""
    label = LABELS[permit.type]
    pirt: Pirt | None = None
    if permit.type == "PIRT":
        pirt = read_pirt(permit.number)
        well_formed = pirt is not None
    else:
        well_formed = read_bpom(permit.number) is not None
    if not well_formed:
        return Finding(
            f"Nomor {label} tidak sah: {permit.number.strip() or '(kosong)'}.",
            "isi nomor izin persis seperti pada sertifikat.",
            LAW_PERMIT,
        )
    if pirt is not None and pirt.legacy and permit.expires is None:
        return Finding(
            f"P-IRT {pirt.digits} bernomor lama (12 angka) tanpa tanggal berlaku.",
            "isi tanggal berlaku P-IRT, atau perbarui ke nomor 15 angka lewat OSS.",
            LAW_PERMIT,
        )
    # The last two digits are the year of expiry: without a date the permit cannot outlive that year.
    expires = permit.expires or (pirt.ends if pirt else None)
    if expires is not None and expires < today:
        return Finding(
            f"{label} kedaluwarsa {format_date_id(expires)}.",
            f"perpanjang {label}, lalu perbarui nomor dan tanggal berlakunya di katalog.",
            LAW_PERMIT,
        )
    return None
