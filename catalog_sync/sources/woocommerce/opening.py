"""Which of WooCommerce's two doors a location is: its REST API, or a file of its product export."""

from pathlib import Path

from catalog_sync.sources.base import CatalogSource, SourceOptions
from catalog_sync.sources.outside import OutsideOnly
from catalog_sync.sources.woocommerce.export_csv import WooCommerceExport
from catalog_sync.sources.woocommerce.options import shop_options
from catalog_sync.sources.woocommerce.rest import WooCommerceShop


def open_source(location: str, options: SourceOptions) -> CatalogSource:
    """Return the source for an address or a path; CatalogError when it is neither."""
    if location.lower().startswith(("http://", "https://")):
        return WooCommerceShop(location, options, transport=OutsideOnly() if options.outside_only else None)
    return WooCommerceExport(Path(location), shop_options(options))
