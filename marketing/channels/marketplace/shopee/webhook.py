"""Shopee's push messages; pure.

Source: open.shopee.com "Push Mechanism" as used by minchao/shopee-php (examples/webhook) and two frappe apps, read 22 Nov 2026: the
header Authorization is hex(HMAC-SHA256(partner_key, callback_url + "|" + body)). One SDK's page signs the body only; that form is
not accepted here. Not seen on Shopee's own page: check it in the console with a test push.
"""

import hashlib
import hmac
from typing import Final

from marketing.channels.marketplace.notice import Notice, NoticeKind, read_notice
from marketing.channels.marketplace.port import Application

_CODES: Final = {
    1: NoticeKind.AUTHORISED,
    2: NoticeKind.AUTHORISATION_ENDED,
    3: NoticeKind.ORDER,
    4: NoticeKind.ORDER,
    6: NoticeKind.LISTING,
    12: NoticeKind.AUTHORISATION_ENDING,
}


def is_genuine(application: Application, url: str, raw_body: bytes, authorization: str) -> bool:
    """Return whether Shopee signed exactly these bytes for exactly this callback address; in constant time."""
    expected = hmac.new(application.app_secret.encode(), url.encode() + b"|" + raw_body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), authorization.strip().lower().encode("utf-8", "replace"))


def notice(raw_body: bytes) -> Notice:
    """Read a verified message; ValueError when it is none."""
    return read_notice(raw_body, "code", _CODES, ("ordersn", "order_sn", "item_id"))
