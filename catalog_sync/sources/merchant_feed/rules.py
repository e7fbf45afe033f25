"""What an operator says about a feed that the feed itself cannot say: whose products these are, who vouches for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from hashlib import sha256
from typing import Any, Final

from catalog_sync.contract import Kind, SetAside, parse
from marketing.domain.text import one_line
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

KEYS: Final = ("business", "businesses", "product")
ID_LIMIT: Final = 80
ONLY_BUSINESS: Final = "usaha"


@dataclass(frozen=True, slots=True)
class FeedRules:
    """`business` owns everything; else a brand finds its record in `brands`, or becomes a business of its own name.

    `product` holds contract fields for what an item leaves open, such as its unit or who verified it.
    """

    zone: tzinfo
    business: Mapping[str, Any] | None = None
    brands: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    product: Mapping[str, Any] = field(default_factory=dict)

    def business_of(self, brand: str) -> dict[str, Any] | None:
        """Return the record of the business behind a brand, None when nothing names one."""
        if self.business is not None:
            return {"id": ONLY_BUSINESS, "role": "umkm", **self.business}
        name = one_line(brand)
        if not name:
            return None
        return {"id": brand_id(name), "name": name, "role": "umkm", **self.brands.get(name.casefold(), {})}


def brand_id(name: str) -> str:
    """Return the same id for a brand however it is capitalised; a long one is told apart by its hash."""
    key = one_line(name).casefold()
    return f"merek:{key}" if len(key) <= ID_LIMIT else f"merek:{sha256(key.encode('utf-8', 'replace')).hexdigest()}"


def read_rules(mapping: Mapping[str, Any], zone: tzinfo) -> FeedRules:
    """Read the mapping of a feed; CatalogError names what does not fit, before anything is fetched."""
    unknown = sorted(set(mapping) - set(KEYS))
    if unknown:
        raise _wrong(", ".join(one_line(str(key))[:40] for key in unknown), _("tidak dikenal"))
    business = _object(mapping, "business") if "business" in mapping else None
    brands = _object(mapping, "businesses")
    for name, record in brands.items():
        _checked({"id": brand_id(name), "role": "umkm", **_as_object(record, "businesses")}, "businesses")
    if business is not None:
        _checked({"id": ONLY_BUSINESS, "role": "umkm", **business}, "business")
    product = _object(mapping, "product")
    example = {"id": "x", "business_id": "x", "category": "lainnya"}
    found = parse(Kind.PRODUCT, {**example, **product})
    if isinstance(found, SetAside):
        raise _wrong("product", found.reason)
    return FeedRules(zone, business, {one_line(name).casefold(): record for name, record in brands.items()}, product)


def _object(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return _as_object(mapping.get(key, {}), key)


def _as_object(value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise _wrong(key, _("harus berupa objek"))
    return dict(value)


def _checked(record: dict[str, Any], key: str) -> None:
    found = parse(Kind.BUSINESS, record)
    if isinstance(found, SetAside):
        raise _wrong(key, found.reason)


def _wrong(key: str, reason: str) -> CatalogError:
    return CatalogError(
        _("Pemetaan umpan “{key}” tidak sah: {reason}. Yang dikenal: {known}.").format(
            key=key, reason=reason.rstrip("."), known=", ".join(KEYS)
        )
    )
