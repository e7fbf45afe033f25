"""Signatures of the TikTok Shop Partner API and the addresses they stand in; pure.

Source: partner.tiktokshop.com "Sign your API request" as implemented by EcomPHP/tiktokshop-php (tests/ClientTest.php, its vector is
in our tests) and tiktok-shop-api 0.1.0 (signing.py), read 22 Nov 2026.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from marketing.channels.marketplace.port import Application

HOST: Final = "https://open-api.tiktokglobalshop.com"
AUTH_HOST: Final = "https://auth.tiktok-shops.com"
SERVICES_HOST: Final = "https://services.tiktokshop.com"
_UNSIGNED: Final = frozenset({"sign", "access_token"})
Query = tuple[tuple[str, str], ...]


def signature(application: Application, path: str, query: Sequence[tuple[str, str]], body: bytes = b"") -> str:
    """Return hex(HMAC-SHA256(secret, secret + path + sorted(key + value) + body + secret)); a multipart body is left out."""
    secret = application.app_secret.encode()
    pairs = sorted((key, value) for key, value in query if key not in _UNSIGNED)
    text = secret + path.encode() + "".join(key + value for key, value in pairs).encode() + body + secret
    return hmac.new(secret, text, hashlib.sha256).hexdigest()


def signed_query(
    application: Application,
    path: str,
    query: Sequence[tuple[str, str]],
    body: bytes,
    now: datetime,
    *,
    cipher: str = "",
) -> Query:
    """Return what is added to `query`: app key, timestamp, the shop's cipher where the call takes one, and the signature."""
    added: Query = (("app_key", application.app_id), ("timestamp", str(int(now.timestamp()))))
    if cipher:
        added = (*added, ("shop_cipher", cipher))
    return (*added, ("sign", signature(application, path, (*query, *added), body)))


def authorisation_url(service_id: str, state: str, host: str = SERVICES_HOST) -> str:
    """Return where the shop's owner agrees; `state` comes back with the `code` and must be compared."""
    return f"{host}/open/authorize?{urlencode({'service_id': service_id, 'state': state})}"
