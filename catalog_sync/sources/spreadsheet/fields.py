"""What a column may hold, by the names of the contract; those of facts about the business begin with `business.`."""

from enum import StrEnum
from typing import Final


class Field(StrEnum):
    """One fact of a row; the values are what an operator writes in a mapping."""

    ID = "id"
    NAME = "name"
    DESCRIPTION = "description"
    CATEGORY = "category"
    KIND = "kind"
    PRICE = "price"
    UNIT = "unit"
    WEIGHT = "weight"
    STOCK = "stock"
    MIN_ORDER = "min_order"
    IMAGES = "images"
    ORDER_TEXT = "how_to_order.text"
    ORDER_URL = "how_to_order.url"
    ORDER_WHATSAPP = "how_to_order.whatsapp"
    PERMIT = "permit.number"
    PERMIT_EXPIRES = "permit.expires"
    PIRT = "pirt.number"
    PIRT_EXPIRES = "pirt.expires"
    BPOM = "bpom.number"
    BPOM_EXPIRES = "bpom.expires"
    SNI = "sni.number"
    HKI = "hki.number"
    HALAL = "halal.status"
    HALAL_NUMBER = "halal.number"
    SALE_PRICE = "sale.price"
    SALE_STARTS = "sale.starts"
    SALE_ENDS = "sale.ends"
    STATUS = "verification.status"
    VERIFIED_BY = "verification.by"
    VERIFIED_AT = "verification.at"
    NOTE = "verification.note"

    BUSINESS_ID = "business.id"
    BUSINESS_NAME = "business.name"
    ROLE = "business.role"
    SCALE = "business.scale"
    NIB = "business.nib"
    BINAAN = "business.is_binaan"
    REGION = "business.domicile_region"
    KECAMATAN = "business.domicile_kecamatan"
    OWNER = "business.owner_name"
    NIK = "business.owner_nik"
    NIK_VERIFIED = "business.owner_nik_verified"
    ADDRESS = "business.address"
    PHONE = "business.phone"
    EMAIL = "business.email"
    WEBSITE = "business.website"
    SHOPS = "business.marketplace_urls"
    GROUP = "business.joined_group"
    BUSINESS_STATUS = "business.verification.status"
    BUSINESS_VERIFIED_BY = "business.verification.by"
    BUSINESS_VERIFIED_AT = "business.verification.at"
    BUSINESS_NOTE = "business.verification.note"

    @property
    def of_business(self) -> bool:
        """Whether this is a fact about the business and not about the product."""
        return self.value.startswith(OF_BUSINESS)


OF_BUSINESS: Final = "business."
SEVERAL: Final = frozenset({Field.IMAGES, Field.SHOPS})
"""Fields that may stand in several columns."""
LINKS: Final = frozenset({Field.IMAGES, Field.SHOPS, Field.WEBSITE, Field.ORDER_URL})
"""Fields for which a cell's hyperlink says more than its text."""
PERSONAL: Final = frozenset(
    {Field.NIK, Field.OWNER, Field.PHONE, Field.EMAIL, Field.ADDRESS, Field.ORDER_TEXT, Field.ORDER_WHATSAPP}
)
"""Fields whose value is never repeated in a reason or an excerpt."""
REFERENCES: Final = frozenset({Field.BUSINESS_ID, Field.BUSINESS_NAME, Field.OWNER, Field.NIB})
"""Fields that say which business is meant; a product table with no other ones tells nothing new about it."""


OF_BUSINESSES: Final = frozenset(field for field in Field if field.of_business)
OF_PRODUCTS: Final = frozenset(Field) - OF_BUSINESSES


def field_named(name: str, *, of_business: bool) -> Field | None:
    """Return the field with this name, in a table of businesses without its `business.`; `business_id` is known too."""
    name = {"business_id": Field.BUSINESS_ID.value, "weight_gram": Field.WEIGHT.value}.get(name, name)
    order = (OF_BUSINESS + name, name) if of_business else (name, OF_BUSINESS + name)
    return next((Field(one) for one in order if one in _NAMES), None)


_NAMES: Final = frozenset(Field)
