"""One WooCommerce product as both of its doors give it: the REST answer and a row of the CSV export."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Item:
    """Texts as they came; what they mean is decided in `records`.

    `type` is WooCommerce's (simple, variable, variation, grouped, external, bundle and those of plug-ins); `sale_from`
    and `sale_to` are RFC 3339 or empty; `stock_status` is instock, outofstock or onbackorder; `parent` is the id of a
    variation's product; `facts` come from attributes and `siar_` meta, `store` from a marketplace plug-in.
    """

    id: str
    type: str = "simple"
    name: str = ""
    status: str = "publish"
    hidden: bool = False
    description: str = ""
    short_description: str = ""
    regular_price: str = ""
    sale_price: str = ""
    active_price: str = ""
    highest_price: int | None = None
    on_sale: bool = False
    sale_from: str = ""
    sale_to: str = ""
    manage_stock: bool = False
    stock_quantity: str = ""
    stock_status: str = "instock"
    weight: str = ""
    weight_unit: str = ""
    categories: tuple[str, ...] = ()
    images: tuple[tuple[str, str], ...] = ()
    permalink: str = ""
    external_url: str = ""
    button_text: str = ""
    updated_at: str = ""
    parent: str = ""
    parts: tuple[tuple[str, int], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    store: Mapping[str, str] = field(default_factory=dict)
