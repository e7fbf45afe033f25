"""Listings on a marketplace (TTS Ps. 6(2)d)."""
