"""Which class reads which format: one explicit table."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from catalog_sync.sources import contract, merchant_feed, spreadsheet, sql, woocommerce
from catalog_sync.sources.base import CatalogSource, SourceFormat, SourceOptions

_OPENERS: Mapping[SourceFormat, Callable[[str, SourceOptions], CatalogSource]] = MappingProxyType(
    {
        SourceFormat.CONTRACT: contract.open_source,
        SourceFormat.MERCHANT_FEED: merchant_feed.open_source,
        SourceFormat.SPREADSHEET: spreadsheet.open_source,
        SourceFormat.SQL: sql.open_source,
        SourceFormat.WOOCOMMERCE: woocommerce.open_source,
    }
)


def open_source(format_: SourceFormat, location: str, options: SourceOptions) -> CatalogSource:
    """Return the source at a path or an address; CatalogError when there can be none."""
    return _OPENERS[format_](location, options)
