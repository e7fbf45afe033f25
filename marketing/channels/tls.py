"""Whom we trust over TLS, read once for every client of a process: reading takes 25 ms."""

import ssl
from functools import cache

from marketing.later import without

with without("rich"):  # its command line, for 8 MB
    import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Return the context that every client may share; the environment names no other authorities."""
    return httpx.create_ssl_context(trust_env=False)
