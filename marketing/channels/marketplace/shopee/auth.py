"""Shopee's tokens: an access token lives 4 hours, a refresh token 30 days and works once.

Source: v2.public.get_access_token and v2.public.refresh_access_token (congminh1254/shopee-sdk, `schemas/*.json`, 22 Nov 2026):
"Each refresh_token is valid for 30 days, and can only be used once"; `expire_in` is a number of seconds.
"""

from datetime import datetime, timedelta
from typing import Final

from marketing.channels.marketplace.errors import Failure, Fate, ProviderError
from marketing.channels.marketplace.port import Application, Credentials, Tokens
from marketing.channels.marketplace.shopee.caller import public
from marketing.channels.marketplace.shopee.errors import TABLE
from marketing.channels.marketplace.wire import LOST, Answer, Wire

EXCHANGE: Final = "/api/v2/auth/token/get"
REFRESH: Final = "/api/v2/auth/access_token/get"
REFRESH_LIFE: Final = timedelta(days=30)


def exchange(wire: Wire, application: Application, code: str, shop_id: str, now: datetime) -> Credentials | Failure:
    """Trade the `code` that came to the redirect (valid 10 minutes, once) for the shop's credentials."""
    body = {"code": code, "partner_id": int(application.app_id), "shop_id": int(shop_id)}
    try:
        return Credentials(application, shop_id, _tokens(public(wire, application, EXCHANGE, body, now, code), now))
    except ProviderError as error:
        return _ended(error).failure


def refresh(wire: Wire, credentials: Credentials, now: datetime) -> Tokens | Failure:
    """Trade the refresh token for a new pair; after a lost answer the old one may be spent, and the next try tells."""
    application, old = credentials.application, credentials.tokens
    body = {
        "refresh_token": old.refresh_token,
        "partner_id": int(application.app_id),
        "shop_id": int(credentials.shop_id),
    }
    try:
        return _tokens(public(wire, application, REFRESH, body, now, old.refresh_token, old.access_token), now)
    except ProviderError as error:
        return _ended(error).failure


def _ended(error: ProviderError) -> ProviderError:
    """Return a refused token as what it means for the shop: it must be connected again."""
    if error.rule.fate in {Fate.REFUSED, Fate.TOKEN, Fate.GONE}:
        return ProviderError(TABLE["refresh_token_expired"], error.code, error.message)
    return error


def _tokens(answer: Answer, now: datetime) -> Tokens:
    access, new, seconds = (answer.body.get(name) for name in ("access_token", "refresh_token", "expire_in"))
    if not (isinstance(access, str) and access and isinstance(new, str) and new and isinstance(seconds, int)):
        raise ProviderError(LOST, "tokens_missing")
    return Tokens(access, new, now + timedelta(seconds=seconds), now + REFRESH_LIFE)
