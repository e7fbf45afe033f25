"""The catalogue contract `siar-catalog/1` as models, with the JSON Schema that is published from them."""

from catalog_sync.contract.models import SCHEMA, Business, Buyer, Consent, Order, Page, Product
from catalog_sync.contract.parse import Kind, Record, SetAside, parse

__all__ = ["SCHEMA", "Business", "Buyer", "Consent", "Kind", "Order", "Page", "Product", "Record", "SetAside", "parse"]
