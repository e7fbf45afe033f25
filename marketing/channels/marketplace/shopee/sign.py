"""Signatures of Shopee Open Platform v2 and the addresses they stand in; pure.

Source: open.shopee.com documents "API calls" (module 87, type 2, id 58) as mirrored in congminh1254/shopee-sdk, `schemas/*.json`
(common_params), read 22 Nov 2026. The key is used as text, not as hex.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from marketing.channels.marketplace.port import Application, Credentials

HOST: Final = "https://partner.shopeemobile.com"
SANDBOX: Final = "https://partner.test-stable.shopeemobile.com"
AUTHORISE: Final = "/api/v2/shop/auth_partner"
Query = tuple[tuple[str, str], ...]


def signature(application: Application, path: str, timestamp: int, access_token: str = "", shop_id: str = "") -> str:
    """Return hex(HMAC-SHA256(partner_key, partner_id + path + timestamp + access_token + shop_id)); public calls end at the timestamp."""
    text = f"{application.app_id}{path}{timestamp}{access_token}{shop_id}"
    return hmac.new(application.app_secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def public_query(application: Application, path: str, now: datetime) -> Query:
    """Return the signed query of a call without a shop (tokens, picture upload)."""
    timestamp = int(now.timestamp())
    return (
        ("partner_id", application.app_id),
        ("timestamp", str(timestamp)),
        ("sign", signature(application, path, timestamp)),
    )


def shop_query(credentials: Credentials, path: str, now: datetime) -> Query:
    """Return the signed query of a call for a shop."""
    timestamp = int(now.timestamp())
    token, shop_id = credentials.tokens.access_token, credentials.shop_id
    return (
        ("partner_id", credentials.application.app_id),
        ("timestamp", str(timestamp)),
        ("access_token", token),
        ("shop_id", shop_id),
        ("sign", signature(credentials.application, path, timestamp, token, shop_id)),
    )


def authorisation_url(application: Application, redirect: str, now: datetime, host: str = HOST) -> str:
    """Return where the shop's owner agrees; valid for five minutes. The answer comes to `redirect` with `code` and `shop_id`."""
    return f"{host}{AUTHORISE}?{urlencode((*public_query(application, AUTHORISE, now), ('redirect', redirect)))}"
