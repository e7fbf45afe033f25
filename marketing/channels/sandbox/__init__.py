"""Channels that keep what they would have posted in a folder: the default until a real account is connected."""
