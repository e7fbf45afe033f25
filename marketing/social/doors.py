"""Which way leads into which provider: one explicit table, filled from what the operator has registered."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from marketing.channels.meta_graph.door import MetaDoor
from marketing.channels.meta_graph.entrance import MetaEntrance
from marketing.channels.pace import Pace
from marketing.channels.social import Door, Entrance, Registration, SocialProvider
from marketing.channels.tiktok.client import TikTokClient
from marketing.channels.tiktok.entrance import TikTokEntrance
from marketing.channels.whatsapp.cloud import Open, opening
from marketing.channels.whatsapp.cloud_door import WhatsAppDoor
from marketing.channels.whatsapp.group import GroupDoor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registered:
    """The office's own apps, by provider; one without an id opens no door. Telegram has bots of the accounts instead."""

    meta: Registration = field(default_factory=Registration)
    tiktok: Registration = field(default_factory=Registration)
    telegram_host: str = ""
    whatsapp_host: str = ""


class Doors(Mapping[SocialProvider, T], Generic[T]):
    """Makes each door at its first use: the libraries behind some take seconds and megabytes that no page needs."""

    def __init__(self, makers: Mapping[SocialProvider, Callable[[], T]]) -> None:
        self._makers = dict(makers)
        self._made: dict[SocialProvider, T] = {}

    def __getitem__(self, provider: SocialProvider) -> T:
        if provider not in self._made:
            self._made[provider] = self._makers[provider]()
        return self._made[provider]

    def __contains__(self, provider: object) -> bool:
        return provider in self._makers

    def __iter__(self) -> Iterator[SocialProvider]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def build_doors(pace: Pace, registered: Registered, clock: Callable[[], datetime]) -> Mapping[SocialProvider, Door]:
    """Return a door for every provider that can be used here."""
    makers: dict[SocialProvider, Callable[[], Door]] = {
        SocialProvider.WHATSAPP_GROUP: GroupDoor,
        SocialProvider.TELEGRAM: lambda: _telegram(pace, registered.telegram_host),
        SocialProvider.WHATSAPP_CLOUD: lambda: WhatsAppDoor(_numbers(registered)),
    }
    if registered.tiktok.app_id and registered.tiktok.app_secret:
        makers[SocialProvider.TIKTOK] = lambda: _tiktok(pace, registered.tiktok)
    if registered.meta.app_id and registered.meta.app_secret:
        makers[SocialProvider.FACEBOOK] = lambda: _facebook(registered.meta, clock)
        makers[SocialProvider.INSTAGRAM] = lambda: _instagram(registered.meta, clock)
    return Doors(makers)


def build_entrances(registered: Registered, clock: Callable[[], datetime]) -> Mapping[SocialProvider, Entrance]:
    """Return where owners let us in with a browser; Facebook's leads to Instagram too."""
    makers: dict[SocialProvider, Callable[[], Entrance]] = {}
    if registered.tiktok.app_id and registered.tiktok.app_secret:
        makers[SocialProvider.TIKTOK] = lambda: TikTokEntrance(TikTokClient(registered.tiktok))
    if registered.meta.app_id and registered.meta.app_secret:
        makers[SocialProvider.FACEBOOK] = lambda: MetaEntrance(MetaDoor(registered.meta, clock))
    return Doors(makers)


def _numbers(registered: Registered) -> Open:
    return opening(registered.meta.app_secret, registered.whatsapp_host or registered.meta.host)


def _telegram(pace: Pace, host: str) -> Door:
    from marketing.channels.telegram.adapter import TelegramDoor  # noqa: PLC0415  brings the whole bot library

    return TelegramDoor(pace, host)


def _tiktok(pace: Pace, app: Registration) -> Door:
    from marketing.channels.tiktok.adapter import TikTokDoor  # noqa: PLC0415  as the others

    return TikTokDoor(pace, app.app_id, app.app_secret, app.host)


def _facebook(app: Registration, clock: Callable[[], datetime]) -> Door:
    from marketing.channels.facebook.adapter import FacebookDoor  # noqa: PLC0415  as the others

    return FacebookDoor(app, clock)


def _instagram(app: Registration, clock: Callable[[], datetime]) -> Door:
    from marketing.channels.instagram.adapter import InstagramDoor  # noqa: PLC0415  as the others

    return InstagramDoor(app, clock)
