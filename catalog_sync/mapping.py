"""From a checked record to row values: texts made harmless, money and times as they are, the NIK only as keyed hash.

Pure. The hash is taken over what is stored, so `updated_at` alone changes nothing and no plain NIK ever enters it.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from catalog_sync.contract.models import Business, HowToOrder, Product, Sale, Verification
from catalog_sync.diff import content_hash
from catalog_sync.plain_text import plain_text
from marketing.contacts.addresses import normalise_phone
from marketing.domain.identifiers import is_nik
from marketing.domain.keyed_hash import HashPurpose, keyed_hash
from marketing.domain.privacy import masked, without_nik
from marketing.domain.product import HalalStatus, VerificationStatus
from marketing.domain.search_text import searched
from marketing.domain.text import one_line, web_address

PARTS: Final = ("verification", "halal", "how_to_order", "sale")


@dataclass(frozen=True, slots=True)
class RowValues:
    """A row ready to be compared and written; `images` and `owner` (the business's external id) only for products.

    `raw_hash` is set by whoever read the record.
    """

    external_id: str
    values: dict[str, Any]
    content_hash: str
    images: tuple[dict[str, Any], ...] = ()
    owner: str = ""
    raw_hash: str = ""

    def belonging_to(self, business_id: int) -> "RowValues":
        """Return the row of a product with the row id of its business; the hash knows the external id already."""
        return replace(self, values={**self.values, "business_id": business_id})


def business_values(record: Business, *, tenant_id: str, signing_key: bytes) -> RowValues:
    """Return the row of a business; a NIK that cannot be one counts as none given."""
    nik = re.sub(r"[ .-]", "", record.owner_nik or "")
    well_formed = is_nik(nik)
    values = {
        "name": _line(record.name),
        "role": record.role.value,
        "scale": record.scale.value if record.scale else None,
        "nib": one_line(record.nib or ""),
        "is_binaan": bool(record.is_binaan),
        "domicile_region": one_line(record.domicile_region or ""),
        "domicile_kecamatan": _line(record.domicile_kecamatan),
        "nik_hash": keyed_hash(signing_key, HashPurpose.NIK, tenant_id, nik) if well_formed else None,
        "nik_verified": well_formed and bool(record.owner_nik_verified),
        "address": _line(record.address),
        "phone": _phone(record.phone),
        "email": one_line(record.email or ""),
        "website": web_address(record.website or ""),
        "marketplace_urls": [url for given in record.marketplace_urls or () if (url := web_address(given))],
        "joined_group": _line(record.joined_group),
        **_verification(record.verification),
        "extra": _extra(record),
    }
    hashed = content_hash(values)
    values["search_text"] = searched(values["name"], values["domicile_kecamatan"], values["joined_group"])
    return RowValues(record.id, values, hashed)


def product_values(record: Product) -> RowValues:
    """Return the row of a product without its business's row id, and the rows of its pictures."""
    halal = record.halal
    values = {
        "kind": record.kind.value if record.kind else "goods",
        "category": record.category,
        "name": _line(record.name),
        "description": _text(record.description),
        "price": record.price,
        "unit": _line(record.unit),
        "weight_gram": record.weight_gram,
        "stock": record.stock,
        "min_order": max(record.min_order or 1, 1),
        "how_to_order": _how_to_order(record.how_to_order or HowToOrder()),
        "permits": [
            {
                "type": permit.type.value,
                "number": one_line(permit.number or ""),
                "expires": permit.expires.isoformat() if permit.expires else None,
            }
            for permit in record.permits or ()
        ],
        "halal_status": halal.status if halal and halal.status else HalalStatus.UNKNOWN,
        "halal_number": one_line(halal.number or "") if halal else "",
        "sale": _sale(record.sale) if record.sale else None,
        "bundle_of": [{"product_id": part.product_id, "quantity": part.quantity} for part in record.bundle_of or ()],
        **_verification(record.verification),
        "extra": _extra(record),
    }
    images = tuple(
        {"position": position, "url": one_line(image.url), "alt": _line(image.alt)}
        for position, image in enumerate(record.images or ())
    )
    hashed = content_hash({**values, "images": images, "owner": record.business_id})
    values["catalog_updated_at"] = record.updated_at
    values["search_text"] = searched(values["name"], values["category"], values["description"])
    return RowValues(record.id, values, hashed, images, record.business_id)


def _line(text: str | None) -> str:
    return masked(one_line(plain_text(text or "")))


def _text(text: str | None) -> str:
    return masked(plain_text(text or ""))


@lru_cache(maxsize=1_000)  # a business's number stands in each of its products, and reading one is slow
def _phone(text: str | None) -> str:
    """Return E.164 where the number can be read, else what was given: the gate asks only whether there is a contact."""
    return normalise_phone(text or "") or _line(text)


def _how_to_order(how: HowToOrder) -> dict[str, Any]:
    return {"text": _text(how.text), "url": web_address(how.url or ""), "whatsapp": _phone(how.whatsapp)}


def _sale(sale: Sale) -> dict[str, Any]:
    return {
        "price": sale.price,
        "starts": sale.starts.astimezone(UTC).isoformat(),
        "ends": sale.ends.astimezone(UTC).isoformat(),
    }


def _verification(verification: Verification | None) -> dict[str, Any]:
    given = verification or Verification()
    return {
        "verification_status": given.status or VerificationStatus.PENDING,
        "verified_by": _line(given.by) or None,
        "verified_at": given.at,
    }


def _extra(record: Business | Product) -> dict[str, Any]:
    """Return what the contract does not know, of the record and of its single parts, and the note of the verification."""
    extra = dict(record.model_extra or {})
    for name in PARTS:
        part = getattr(record, name, None)
        if isinstance(part, BaseModel) and part.model_extra:
            extra[name] = dict(part.model_extra)
    if record.verification and record.verification.note:
        extra["verification_note"] = _text(record.verification.note)
    kept: dict[str, Any] = without_nik(extra)
    return kept
