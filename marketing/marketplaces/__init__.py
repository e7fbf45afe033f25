"""Accounts on marketplaces and what stands there through them (TTS Ps. 6(2)d): the database side of the marketplace port."""
