"""TikTok Shop's tokens. Both ends of life come as Unix seconds, not as a length (the names say `expire_in`).

Source: tiktok-shop-api 0.1.0 (auth.py) and EcomPHP/tiktokshop-php (src/Auth.php), read 22 Nov 2026. The calls are unsigned GETs with
the app secret in the address, which is why the wire keeps that part out of every log. Whether a refresh token may be used twice
is nowhere said; it is treated as working once.
"""

from datetime import UTC, datetime
from typing import Any, Final

from marketing.channels.marketplace.errors import Failure, Fate, ProviderError
from marketing.channels.marketplace.port import Application, Credentials, Shop, Tokens
from marketing.channels.marketplace.tiktok_shop.caller import Caller, data_of
from marketing.channels.marketplace.tiktok_shop.errors import TABLE
from marketing.channels.marketplace.wire import LOST, Call, Wire, objects

EXCHANGE: Final = "/api/v2/token/get"
REFRESH: Final = "/api/v2/token/refresh"
SHOPS: Final = "/authorization/202309/shops"


def exchange(auth_wire: Wire, application: Application, code: str) -> Tokens | Failure:
    """Trade the `code` that came to the redirect for tokens; ask `shops` for the shop's id and cipher next."""
    return _trade(auth_wire, application, EXCHANGE, ("auth_code", code), "authorized_code")


def refresh(auth_wire: Wire, credentials: Credentials) -> Tokens | Failure:
    """Trade the refresh token for a new pair; after a lost answer the old one may be spent, and the next try tells."""
    token = ("refresh_token", credentials.tokens.refresh_token)
    return _trade(auth_wire, credentials.application, REFRESH, token, "refresh_token")


def shops(wire: Wire, application: Application, tokens: Tokens, now: datetime) -> tuple[Shop, ...] | Failure:
    """Return the shops an authorisation covers."""
    try:
        found = Caller(wire, Credentials(application, "", tokens), now).ask("GET", SHOPS, for_shop=False)
    except ProviderError as error:
        return error.failure
    return tuple(
        Shop(str(shop.get("id")), str(shop.get("name") or ""), str(shop.get("cipher") or ""))
        for shop in objects(found, "shops")
    )


def _trade(wire: Wire, application: Application, path: str, what: tuple[str, str], grant: str) -> Tokens | Failure:
    query = (("app_key", application.app_id), ("app_secret", application.app_secret), what, ("grant_type", grant))
    try:
        return _tokens(data_of(wire, Call("GET", path, secret_query=query), application.app_secret, what[1]))
    except ProviderError as error:
        if error.rule.fate in {Fate.REFUSED, Fate.TOKEN, Fate.GONE}:
            return ProviderError(TABLE["36004004"], error.code, error.message).failure
        return error.failure


def _tokens(data: Any) -> Tokens:
    access, new = data.get("access_token"), data.get("refresh_token")
    ends = [data.get(name) for name in ("access_token_expire_in", "refresh_token_expire_in")]
    if not (isinstance(access, str) and access and isinstance(new, str) and new):
        raise ProviderError(LOST, "tokens_missing")
    if not all(isinstance(end, int) and 0 < end < 2**33 for end in ends):
        raise ProviderError(LOST, "tokens_without_end")
    access_end, refresh_end = (datetime.fromtimestamp(end, UTC) for end in ends)
    return Tokens(access, new, access_end, refresh_end)
