"""`siar-catalog/1` field by field (see docs: the catalogue contract). `null` and a missing field mean the same."""

from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from catalog_sync.contract.fields import (
    INT32,
    LIST_LIMIT,
    Count,
    Day,
    Identifier,
    Line,
    Moment,
    Name,
    Part,
    Rupiah,
    Text,
    Url,
)
from marketing.domain.consent import ConsentState
from marketing.domain.product import Category, HalalStatus, VerificationStatus
from marketing.domain.types import BuyerKind, Purpose

SCHEMA: Final = "siar-catalog/1"


class Role(StrEnum):
    """Who offers the product."""

    UMKM = "umkm"
    PENYEDIA = "penyedia"


class Scale(StrEnum):
    """Size of a business (PP 7/2021 Ps. 35), as the catalogue says."""

    MIKRO = "mikro"
    KECIL = "kecil"
    MENENGAH = "menengah"


class ProductKind(StrEnum):
    """Goods or a service."""

    GOODS = "goods"
    SERVICE = "service"


class PermitType(StrEnum):
    """The permits the contract knows."""

    PIRT = "PIRT"
    BPOM_MD = "BPOM_MD"
    BPOM_ML = "BPOM_ML"
    SNI = "SNI"
    HKI = "HKI"
    LAINNYA = "lainnya"


class OrderEventType(StrEnum):
    """What may happen to an order."""

    APPROVED = "approved"
    INVOICED = "invoiced"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    COMPLAINED = "complained"


class Verification(Part):
    """What the managing team said."""

    status: VerificationStatus | None = None
    by: Name | None = None
    at: Moment | None = None
    note: Text | None = None


class Business(Part):
    """An UMKM or penyedia. `owner_nik` is hashed on arrival and never stored or shown."""

    id: Identifier
    name: Name | None = None
    role: Role
    scale: Scale | None = None
    nib: Line | None = None
    is_binaan: bool | None = None
    domicile_region: Line | None = None
    domicile_kecamatan: Line | None = None
    owner_name: Name | None = None
    owner_nik: Line | None = Field(None, repr=False)
    owner_nik_verified: bool | None = None
    address: Text | None = None
    phone: Line | None = None
    email: Line | None = None
    website: Url | None = None
    marketplace_urls: list[Url] | None = Field(None, max_length=LIST_LIMIT)
    joined_group: Line | None = None
    verification: Verification | None = None
    updated_at: Moment | None = None


class Image(Part):
    """A picture by its address: http(s), or a path inside the folder of a catalogue that lies in files."""

    url: Url
    alt: Line | None = None


class HowToOrder(Part):
    """How a buyer orders (Blitar Ps. 9(1)c)."""

    text: Text | None = None
    url: Url | None = None
    whatsapp: Line | None = None


class Permit(Part):
    """A permit with its number; the day of `expires` still counts."""

    type: PermitType
    number: Line | None = None
    expires: Day | None = None


class Halal(Part):
    """Halal status and the number of the certificate."""

    status: HalalStatus | None = None
    number: Line | None = None


class Sale(Part):
    """A price for a time."""

    price: Rupiah
    starts: Moment
    ends: Moment

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts > self.ends:
            raise ValueError("sale_order")
        return self


class BundlePart(Part):
    """A product that a bundle holds."""

    product_id: Identifier
    quantity: Count = 1


class Product(Part):
    """One good or service. Missing facts are no error here: the gate says what is missing, with its article."""

    id: Identifier
    business_id: Identifier
    kind: ProductKind | None = None
    category: Category
    name: Name | None = None
    description: Text | None = None
    price: Rupiah | None = None
    unit: Line | None = None
    weight_gram: Count | None = None
    stock: Annotated[int, Field(ge=-INT32, le=INT32)] | None = None
    min_order: Count | None = None
    images: list[Image] | None = Field(None, max_length=30)
    how_to_order: HowToOrder | None = None
    permits: list[Permit] | None = Field(None, max_length=LIST_LIMIT)
    halal: Halal | None = None
    sale: Sale | None = None
    bundle_of: list[BundlePart] | None = Field(None, max_length=LIST_LIMIT)
    verification: Verification | None = None
    updated_at: Moment | None = None


class Consent(Part):
    """One line of consent; it counts only with its time, and a given one only with wording and source."""

    purpose: Purpose
    state: Literal[ConsentState.REQUESTED, ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN]
    at: Moment
    wording_version: Line | None = None
    source: Line | None = None

    @model_validator(mode="after")
    def _proven(self) -> Self:
        if self.state is ConsentState.GIVEN and not (self.wording_version and self.source):
            raise ValueError("no_proof")
        return self


class Preferences(Part):
    """What a buyer likes to see."""

    categories: list[Line] | None = Field(None, max_length=LIST_LIMIT)


class Buyer(Part):
    """A person who buys; the six kinds of Perwali Blitar Ps. 7."""

    id: Identifier
    name: Name | None = None
    email: Line | None = Field(None, repr=False)
    phone: Line | None = Field(None, repr=False)
    kind: BuyerKind
    locale: Line | None = None
    zone: Line | None = None
    preferences: Preferences | None = None
    consents: list[Consent] | None = Field(None, max_length=LIST_LIMIT)
    updated_at: Moment | None = None


class OrderItem(Part):
    """One line of an order as it was bought."""

    product_id: Identifier
    business_id: Identifier | None = None
    name: Name | None = None
    quantity: Count
    unit_price: Rupiah


class Document(Part):
    """A document that belongs to an event or a complaint (Blitar Ps. 1(19)–(21), 10(3))."""

    kind: Line
    number: Line | None = None
    url: Url | None = None


class OrderEvent(Part):
    """Something that happened to an order."""

    type: OrderEventType
    at: Moment
    document: Document | None = None
    courier: Line | None = None
    tracking_number: Line | None = None


class Complaint(Part):
    """A complaint; complete when all four kinds of document of Blitar Ps. 10(3) are there."""

    opened_at: Moment
    text: Text | None = None
    documents: list[Document] | None = Field(None, max_length=LIST_LIMIT)
    status: Line | None = None


class Order(Part):
    """One order of one buyer."""

    id: Identifier
    number: Line | None = None
    buyer_id: Identifier | None = None
    placed_at: Moment
    status: Line | None = None
    items: list[OrderItem] = Field(max_length=LIST_LIMIT)
    shipping_cost: Rupiah | None = None
    total: Rupiah
    events: list[OrderEvent] | None = Field(None, max_length=LIST_LIMIT)
    complaint: Complaint | None = None
    updated_at: Moment | None = None


class Deleted(Part):
    """Identifiers that left the catalogue."""

    businesses: list[Identifier] | None = None
    products: list[Identifier] | None = None
    buyers: list[Identifier] | None = None
    orders: list[Identifier] | None = None


class Page(Part):
    """One page, or one file; any of the lists may be missing."""

    schema_: Literal["siar-catalog/1"] = Field(alias="schema")
    region: Line | None = None
    generated_at: Moment | None = None
    businesses: list[Business] | None = None
    products: list[Product] | None = None
    orders: list[Order] | None = None
    buyers: list[Buyer] | None = None
    deleted: Deleted | None = None
    next_cursor: Url | None = None
