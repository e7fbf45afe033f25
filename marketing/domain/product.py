"""A business and its product as facts: plain values that decisions and renderers read."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

SALE_LONGEST: Final = timedelta(days=366)


class VerificationStatus(StrEnum):
    """What the managing team said (Blitar Ps. 6(2)b)."""

    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"
    REVOKED = "revoked"


class Category(StrEnum):
    """Product categories of the catalogue contract."""

    MAKANAN_OLAHAN = "makanan_olahan"
    MINUMAN = "minuman"
    KERAJINAN = "kerajinan"
    FESYEN = "fesyen"
    PERTANIAN = "pertanian"
    JASA = "jasa"
    LAINNYA = "lainnya"


class HalalStatus(StrEnum):
    """What the catalogue says about halal (PP 42/2024)."""

    CERTIFIED = "certified"
    NOT_HALAL = "not_halal"
    NOT_REQUIRED = "not_required"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """Who verified, when; `at` is UTC-aware."""

    status: VerificationStatus
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """A distribution permit; `type` is PIRT, BPOM_MD, BPOM_ML, SNI, HKI or lainnya."""

    type: str
    number: str
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A product picture; `sha256` names our own re-encoded copy once fetched."""

    url: str
    alt: str = ""
    sha256: str | None = None
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class HowToOrder:
    """How a buyer orders (Blitar Ps. 9(1)c)."""

    text: str = ""
    url: str = ""
    whatsapp: str = ""


class SaleFault(StrEnum):
    """Why a sale is no real one (UU 8/1999 Ps. 9(1)a, 10 huruf d, 12): nobody is shown a false or endless discount."""

    NO_BEFORE_PRICE = "no_before_price"
    NOTHING_TO_PAY = "nothing_to_pay"
    NO_REDUCTION = "no_reduction"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Sale:
    """A reduced price with its dates (UTC-aware); integer rupiah."""

    price: int
    starts: datetime
    ends: datetime

    def fault(self, before: int | None) -> SaleFault | None:
        """Return why this is no real sale beside the normal price `before` (rupiah), or nothing."""
        if before is None:
            return SaleFault.NO_BEFORE_PRICE
        if self.price <= 0:
            return SaleFault.NOTHING_TO_PAY
        if self.price >= before:
            return SaleFault.NO_REDUCTION
        return SaleFault.TOO_LONG if self.ends - self.starts > SALE_LONGEST else None


@dataclass(frozen=True, slots=True)
class Business:
    """An UMKM or penyedia. The NIK itself never gets this far: only whether one was given, well formed and verified."""

    id: str
    name: str
    role: str = "umkm"
    scale: str | None = None
    nib: str = ""
    is_binaan: bool = False
    domicile_region: str = ""
    domicile_kecamatan: str = ""
    nik_given: bool = False
    nik_verified: bool = False
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    marketplace_urls: tuple[str, ...] = ()
    verification: Verification = field(default_factory=lambda: Verification(VerificationStatus.PENDING))


@dataclass(frozen=True, slots=True)
class Product:
    """One good or service as the catalogue describes it now; price in whole rupiah, weight in grams."""

    id: str
    business: Business
    kind: str = "goods"
    category: Category = Category.LAINNYA
    name: str = ""
    description: str = ""
    price: int | None = None
    unit: str = ""
    weight_gram: int | None = None
    stock: int | None = None
    min_order: int = 1
    pictures: tuple[Picture, ...] = ()
    how_to_order: HowToOrder = field(default_factory=HowToOrder)
    permits: tuple[Permit, ...] = ()
    halal: HalalStatus = HalalStatus.UNKNOWN
    halal_number: str = ""
    sale: Sale | None = None
    verification: Verification = field(default_factory=lambda: Verification(VerificationStatus.PENDING))

    def sale_at(self, now: datetime) -> Sale | None:
        """Return the sale in force at `now`; a false one (`Sale.fault`) never is."""
        sale = self.sale
        running = sale is not None and sale.starts <= now <= sale.ends and sale.fault(self.price) is None
        return sale if running else None

    def price_at(self, now: datetime) -> int | None:
        """Return the price in force at `now`, in rupiah: the sale price inside its dates, else the normal one."""
        sale = self.sale_at(now)
        return sale.price if sale else self.price
