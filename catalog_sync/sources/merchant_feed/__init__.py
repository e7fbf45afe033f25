"""A catalogue as a Google Merchant feed: RSS 2.0 or Atom with `g:` fields, from an address or a file."""

from catalog_sync.sources.merchant_feed.source import MerchantFeed, open_source

__all__ = ["MerchantFeed", "open_source"]
