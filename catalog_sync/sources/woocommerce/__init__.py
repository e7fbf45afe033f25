"""WooCommerce as a catalogue: REST API v3 with keys, or its own product export."""

from catalog_sync.sources.woocommerce.opening import open_source

__all__ = ["open_source"]
