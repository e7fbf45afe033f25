"""From catalogue rows to the facts that decisions and renderers read; the one place where both sides meet."""

from datetime import date, datetime
from typing import Any

from marketing.db.models import Business as BusinessRow
from marketing.db.models import Product as ProductRow
from marketing.domain.product import Business, HowToOrder, Permit, Picture, Product, Sale, Verification


def business_facts(row: BusinessRow) -> Business:
    """Return a business as facts; of the NIK only whether a well-formed one was handed in."""
    return Business(
        id=row.external_id,
        name=row.name,
        role=row.role,
        scale=row.scale,
        nib=row.nib,
        is_binaan=row.is_binaan,
        domicile_region=row.domicile_region,
        domicile_kecamatan=row.domicile_kecamatan,
        nik_given=row.nik_hash is not None,
        nik_verified=row.nik_verified,
        address=row.address,
        phone=row.phone,
        email=row.email,
        website=row.website,
        marketplace_urls=tuple(row.marketplace_urls),
        verification=Verification(row.verification_status, row.verified_by, row.verified_at),
    )


def product_facts(row: ProductRow) -> Product:
    """Return a product with its business as facts; `row.business` and `row.images` should be loaded already."""
    return Product(
        id=row.external_id,
        business=business_facts(row.business),
        kind=row.kind,
        category=row.category,
        name=row.name,
        description=row.description,
        price=row.price,
        unit=row.unit,
        weight_gram=row.weight_gram,
        stock=row.stock,
        min_order=row.min_order,
        pictures=tuple(
            Picture(image.url, image.alt, image.sha256, image.width or 0, image.height or 0) for image in row.images
        ),
        how_to_order=HowToOrder(**row.how_to_order),
        permits=tuple(_permit(permit) for permit in row.permits),
        halal=row.halal_status,
        halal_number=row.halal_number,
        sale=_sale(row.sale) if row.sale else None,
        verification=Verification(row.verification_status, row.verified_by, row.verified_at),
    )


def _permit(stored: dict[str, Any]) -> Permit:
    expires = stored["expires"]
    return Permit(stored["type"], stored["number"], date.fromisoformat(expires) if expires else None)


def _sale(stored: dict[str, Any]) -> Sale:
    return Sale(stored["price"], datetime.fromisoformat(stored["starts"]), datetime.fromisoformat(stored["ends"]))
