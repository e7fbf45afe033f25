"""Shopee Open Platform v2 (Indonesia)."""
