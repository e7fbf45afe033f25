"""What readers and machines see of a page of the gallery."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from marketing.db.models import Business, Product
from marketing.domain.search_text import searched
from tests.support.world import World

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def names(page: str) -> list[str]:
    """Return the products a list shows, in order."""
    return re.findall(r'<h3><a class="product-link" href="/galeri/tts/produk/\d+">([^<]+)</a>', page)


def said(page: str) -> list[Mapping[str, Any]]:
    """Return everything that a page says as structured data."""
    return [thing for block in DATA.findall(page) for thing in json.loads(block)["@graph"]]


def of_type(page: str, kind: str) -> Mapping[str, Any]:
    found = [thing for thing in said(page) if thing["@type"] == kind]
    assert len(found) == 1, (kind, [thing["@type"] for thing in said(page)])
    return found[0]


def tags(page: str, attribute: str, value: str) -> Iterator[str]:
    """Yield content or href of the head's elements that carry this."""
    for element in re.findall(rf'<(?:meta|link)[^>]*{attribute}="{re.escape(value)}"[^>]*>', page):
        yield re.search(r'(?:content|href)="([^"]*)"', element)[1]  # type: ignore[index]


def change_business(world: World, product_id: int, **values: object) -> int:
    """Change the business of a product; return its row number."""
    with world.app.database.write() as session:
        row = session.scalars(select(Business).join(Product).where(Product.id == product_id)).one()
        for name, value in values.items():
            setattr(row, name, value)
        row.search_text = searched(row.name, row.domicile_kecamatan, row.joined_group)  # as a pull does
        return row.id


def change_product(world: World, product_id: int, **values: object) -> None:
    with world.app.database.write() as session:
        row = session.get_one(Product, product_id)
        for name, value in values.items():
            setattr(row, name, value)
        row.search_text = searched(row.name, row.category, row.description)
