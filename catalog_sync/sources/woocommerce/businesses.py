"""Whose product it is: a vendor of a marketplace plug-in, the business an attribute names, or the shop itself. Pure.

WooCommerce has no businesses, so their facts stand on products. They are read together from all products of one page
(of the whole file for an export), the first one that says something counts, and what an operator set for a business
wins over all of them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from catalog_sync.sources.woocommerce.facts import verification, yes
from catalog_sync.sources.woocommerce.item import Item
from catalog_sync.sources.woocommerce.options import ShopOptions

SHOP_ID: Final = "toko"
PREFIX: Final = "business_"
NAME_LENGTH: Final = 80
_TEXTS: Final = (
    *("name", "role", "scale", "nib", "domicile_region", "domicile_kecamatan"),
    *("owner_name", "address", "phone", "email", "website", "joined_group"),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """What the shop says of itself."""

    name: str = ""
    url: str = ""


@dataclass(slots=True)
class Businesses:
    """The businesses one pull has met; each is told once.

    `remembered` are those whose facts stood on products when everything was read last: a page of changes alone may show
    only products that do not repeat them, so they are not told anew from there.
    """

    options: ShopOptions
    shop: Shop = field(default_factory=Shop)
    remembered: frozenset[str] = frozenset()
    from_products: set[str] = field(default_factory=set)
    _told: set[str] = field(default_factory=set)

    def met(self, items: Iterable[Item]) -> list[dict[str, Any]]:
        """Return the records of businesses that were not told yet."""
        found: dict[str, tuple[dict[str, str], Mapping[str, str]]] = {}
        for item in items:
            key = owner_id(item, self.options)
            facts, store = found.setdefault(key, ({}, item.store))
            for name, value in item.facts.items():
                if name.startswith(PREFIX) and key != self._shop_id:
                    facts.setdefault(name, value)
        records = []
        for key, (facts, store) in found.items():
            if facts:
                self.from_products.add(key)
            if key not in self._told and key not in self.remembered:
                self._told.add(key)
                records.append(self._record(key, facts, store))
        return records

    @property
    def _shop_id(self) -> str:
        return str(self.options.business.get("id") or SHOP_ID)

    def _record(self, key: str, facts: Mapping[str, str], store: Mapping[str, str]) -> dict[str, Any]:
        if key == self._shop_id:
            return {
                "role": "umkm",
                "name": self.shop.name,
                "website": self.shop.url,
                **self.options.business,
                "id": key,
            }
        own = {name: facts[f"{PREFIX}{name}"] for name in _TEXTS if facts.get(f"{PREFIX}{name}")}
        record: dict[str, Any] = {"role": "umkm", **store, **own}
        if facts.get(f"{PREFIX}is_binaan"):
            record["is_binaan"] = yes(facts[f"{PREFIX}is_binaan"])
        said = verification(facts, PREFIX)
        if said:
            record["verification"] = said
        return {**record, **self.options.businesses.get(key, {}), "id": key}


def owner_id(item: Item, options: ShopOptions) -> str:
    """Return the contract id of the business a product belongs to."""
    named = item.facts.get(f"{PREFIX}id", "")
    if named:
        return named
    if item.store.get("id"):
        return f"vendor-{item.store['id']}"
    slug = re.sub(r"[^a-z0-9]+", "-", item.facts.get(f"{PREFIX}name", "").casefold()).strip("-")[:NAME_LENGTH]
    return f"usaha-{slug}" if slug else str(options.business.get("id") or SHOP_ID)
