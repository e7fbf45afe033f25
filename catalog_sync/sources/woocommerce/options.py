"""What an operator may set for a WooCommerce source; nothing needs to be set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalog_sync.sources.base import SourceOptions
from marketing.domain.product import Category
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.local_time import zone_of

RUPIAH: Final = "IDR"
_TEXTS: Final = ("currency", "weight_unit", "timezone", "verified_by", "unit", "order_text", "shop_url")
_OBJECTS: Final = ("categories", "business", "businesses")
_SWITCHES: Final = ("variations",)


@dataclass(frozen=True, slots=True)
class ShopOptions:
    """`currency` empty means: ask the shop. Categories by slug or name, lower case; `businesses` by contract id.

    `unit` and `order_text` stand where a product says nothing of them, for WooCommerce has no field for either; `shop_url`
    gives the products of an export, which names no addresses, the link by which WordPress finds them.
    `verified_by` names the team that checks every product before it is published in the shop: with it, published means
    verified. `variations` asks for the variations of every variable product (one request each).
    """

    zone: ZoneInfo
    currency: str = ""
    weight_unit: str = "kg"
    categories: Mapping[str, Category] = field(default_factory=dict)
    business: Mapping[str, Any] = field(default_factory=dict)
    businesses: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    verified_by: str = ""
    unit: str = ""
    order_text: str = ""
    shop_url: str = ""
    variations: bool = False


def shop_options(options: SourceOptions) -> ShopOptions:
    """Read the mapping of a source; CatalogError names what does not fit."""
    given = options.mapping
    for names, type_, said in (
        (_TEXTS, str, _("teks")),
        (_OBJECTS, Mapping, _("objek")),
        (_SWITCHES, bool, _("true atau false")),
    ):
        for name in names:
            if name in given and not isinstance(given[name], type_):
                raise CatalogError(_("Pengaturan “{name}” harus berupa {type}.").format(name=name, type=said))
    currency = given.get("currency", "").upper()
    if currency not in ("", RUPIAH):
        raise wrong_currency()
    businesses = given.get("businesses", {})
    if not all(isinstance(facts, Mapping) for facts in businesses.values()):
        raise CatalogError(_("Pengaturan “{name}” harus berupa {type}.").format(name="businesses", type=_("objek")))
    return ShopOptions(
        zone=_zone(given.get("timezone", "")) if given.get("timezone") else zone_of(options.region_code),
        currency=currency,
        weight_unit=given.get("weight_unit", "kg"),
        categories=_categories(given.get("categories", {})),
        business=given.get("business", {}),
        businesses=businesses,
        verified_by=given.get("verified_by", "").strip(),
        unit=given.get("unit", ""),
        order_text=given.get("order_text", ""),
        shop_url=given.get("shop_url", "").rstrip("/"),
        variations=given.get("variations", False),
    )


def wrong_currency() -> CatalogError:
    """Return the error of a shop that does not sell in rupiah."""
    return CatalogError(_("Toko ini tidak berjualan dalam rupiah (IDR), jadi harganya tidak dapat dibaca."))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CatalogError(_("Pengaturan “timezone” bukan zona waktu, misalnya Asia/Makassar.")) from error


def _categories(given: Mapping[str, Any]) -> dict[str, Category]:
    known = {str(category) for category in Category}
    for value in given.values():
        if value not in known:
            raise CatalogError(
                _("Pengaturan “categories” memuat kategori yang tidak dikenal; pilihan: {choices}.").format(
                    choices=", ".join(sorted(known))
                )
            )
    return {name.strip().casefold(): Category(value) for name, value in given.items()}
