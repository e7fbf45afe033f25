"""TikTok Shop's webhooks; pure.

Source: EcomPHP/tiktokshop-php (src/Webhook.php, tests/WebhookTest.php) and tiktok-shop-api 0.1.0 (webhooks.py, generated
EVENT_TYPES), read 22 Nov 2026: the header Authorization is hex(HMAC-SHA256(app_secret, app_key + body)).
"""

import hashlib
import hmac
from typing import Final

from marketing.channels.marketplace.notice import Notice, NoticeKind, read_notice
from marketing.channels.marketplace.port import Application

_TYPES: Final = {
    1: NoticeKind.ORDER,
    4: NoticeKind.ORDER,
    5: NoticeKind.LISTING,
    6: NoticeKind.AUTHORISATION_ENDED,
    7: NoticeKind.AUTHORISATION_ENDING,
    11: NoticeKind.ORDER,
    12: NoticeKind.ORDER,
    15: NoticeKind.LISTING,
    37: NoticeKind.LISTING,
}


def is_genuine(application: Application, raw_body: bytes, authorization: str) -> bool:
    """Return whether TikTok Shop signed exactly these bytes; in constant time."""
    secret = application.app_secret.encode()
    expected = hmac.new(secret, application.app_id.encode() + raw_body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), authorization.strip().lower().encode("utf-8", "replace"))


def notice(raw_body: bytes) -> Notice:
    """Read a verified message; ValueError when it is none."""
    return read_notice(raw_body, "type", _TYPES, ("order_id", "product_id"))
