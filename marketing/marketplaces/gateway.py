"""The providers as the office has registered with them: where a shop's owner agrees, and how a shop is spoken to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast
from urllib.parse import urlencode

from marketing.channels.marketplace.errors import Failure
from marketing.channels.marketplace.notice import Notice
from marketing.channels.marketplace.port import Application, Credentials, Marketplace, Provider, Tokens, refused
from marketing.channels.marketplace.shopee import auth as shopee_auth
from marketing.channels.marketplace.shopee import sign as shopee_sign
from marketing.channels.marketplace.shopee import webhook as shopee_webhook
from marketing.channels.marketplace.shopee.client import Shopee
from marketing.channels.marketplace.tiktok_shop import auth as tiktok_auth
from marketing.channels.marketplace.tiktok_shop import sign as tiktok_sign
from marketing.channels.marketplace.tiktok_shop import webhook as tiktok_webhook
from marketing.channels.marketplace.tiktok_shop.client import TikTokShop
from marketing.channels.marketplace.wire import Wire
from marketing.errors import SettingsError
from marketing.i18n import gettext as _

NAMES: Final = {Provider.SHOPEE: "Shopee", Provider.TIKTOK_SHOP: "Tokopedia dan TikTok Shop"}


@dataclass(frozen=True, slots=True)
class Registration:
    """The office's own registration with a provider; empty hosts mean the provider's own. `service_id` is TikTok Shop's."""

    application: Application
    host: str = ""
    auth_host: str = ""
    agree_host: str = ""
    service_id: str = field(default="")


@dataclass(frozen=True, slots=True)
class Connected:
    """A shop whose owner has just agreed."""

    credentials: Credentials
    name: str


@dataclass(frozen=True, slots=True)
class Wires:
    """Open connections to one provider."""

    api: Wire
    auth: Wire


@dataclass(frozen=True)
class Gateway:
    """Speaks to the providers that `registrations` names."""

    registrations: Mapping[Provider, Registration]
    timeout_seconds: float = 20.0

    def registered(self, provider: Provider) -> bool:
        """Return whether the operator has filled in what the provider asks for."""
        return provider in self.registrations

    def application(self, provider: Provider) -> Application:
        """Return the office's id and key; SettingsError names the settings that are missing."""
        return self._registration(provider).application

    def authorisation_url(self, provider: Provider, redirect: str, state: str, now: datetime) -> str:
        """Return where the shop's owner agrees; the answer comes to `redirect` together with `state`."""
        registration = self._registration(provider)
        if provider is Provider.SHOPEE:  # Shopee has no state of its own: it keeps the query of the redirect
            back = f"{redirect}?{urlencode({'state': state})}"
            host = registration.agree_host or registration.host or shopee_sign.HOST
            return shopee_sign.authorisation_url(registration.application, back, now, host)
        host = registration.agree_host or tiktok_sign.SERVICES_HOST
        return tiktok_sign.authorisation_url(registration.service_id, state, host)

    def exchange(self, provider: Provider, code: str, shop_id: str, now: datetime) -> Connected | Failure:
        """Trade the code that came to the redirect for the shop's credentials; a code works once."""
        application = self.application(provider)
        with self.wires(provider) as wires:
            if provider is Provider.SHOPEE:
                if not (shop_id.isascii() and shop_id.isdigit()):
                    return refused("shop", _("Pilih satu toko saat memberi izin, bukan akun utama."))
                found = shopee_auth.exchange(wires.api, application, code, shop_id, now)
                return Connected(found, f"Toko {shop_id}") if isinstance(found, Credentials) else found
            return _tiktok_exchange(wires, application, code, now)

    @contextmanager
    def wires(self, provider: Provider) -> Iterator[Wires]:
        """Open connections for a while."""
        registration = self._registration(provider)
        if provider is Provider.SHOPEE:
            with Wire(registration.host or shopee_sign.HOST, self.timeout_seconds) as wire:
                yield Wires(wire, wire)
        else:
            with (
                Wire(registration.host or tiktok_sign.HOST, self.timeout_seconds) as api,
                Wire(registration.auth_host or tiktok_sign.AUTH_HOST, self.timeout_seconds) as auth,
            ):
                yield Wires(api, auth)

    def market(self, provider: Provider, wires: Wires, credentials: Credentials) -> Marketplace:
        """Return the adapter of one shop on open connections."""
        # The adapters are frozen values; the port's attributes are read only here.
        if provider is Provider.SHOPEE:
            return cast("Marketplace", Shopee(wires.api, credentials))
        return cast("Marketplace", TikTokShop(wires.api, wires.auth, credentials))

    def notice(self, provider: Provider, url: str, raw_body: bytes, authorization: str) -> Notice | None:
        """Return a genuine notice of the provider; None for anything that it has not signed or that is no notice."""
        if not self.registered(provider):
            return None
        application = self.application(provider)
        try:
            if provider is Provider.SHOPEE:
                genuine = shopee_webhook.is_genuine(application, url, raw_body, authorization)
                return shopee_webhook.notice(raw_body) if genuine else None
            genuine = tiktok_webhook.is_genuine(application, raw_body, authorization)
            return tiktok_webhook.notice(raw_body) if genuine else None
        except ValueError:
            return None

    def _registration(self, provider: Provider) -> Registration:
        if provider not in self.registrations:
            raise SettingsError(
                _("{name} belum didaftarkan. Operator mengisi setelan SIAR_{prefix}_… lebih dulu.").format(
                    name=NAMES[provider], prefix=provider.upper()
                )
            )
        return self.registrations[provider]


def _tiktok_exchange(wires: Wires, application: Application, code: str, now: datetime) -> Connected | Failure:
    tokens = tiktok_auth.exchange(wires.auth, application, code)
    if not isinstance(tokens, Tokens):
        return tokens
    shops = tiktok_auth.shops(wires.api, application, tokens, now)
    if not isinstance(shops, tuple):
        return shops
    if len(shops) != 1:
        # All shops of one authorisation share a refresh token that works once: kept apart, one would lock out the other.
        return refused("shops", _("Izin ini mencakup {n} toko; beri izin untuk tepat satu toko.").format(n=len(shops)))
    shop = shops[0]
    return Connected(Credentials(application, shop.shop_id, tokens, shop.cipher), shop.name or f"Toko {shop.shop_id}")
