"""Accounts on social channels as the adapters see them: who is let in, by what registration, and what is remembered of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol, Self, runtime_checkable

from marketing.channels.base import Publisher
from marketing.domain.types import ChannelName

TOKEN_MARGIN: Final = timedelta(minutes=30)
"""A token is renewed this long before its end, so that no call meets a spent one."""


FADING: Final = timedelta(days=7)
"""What only a living token renews is renewed this early: for a week somebody may repair what stands in its way."""


class SocialProvider(StrEnum):
    """Who publishes; the value stands in `channel_account.provider`. A WhatsApp group is an account without any token."""

    FACEBOOK = "facebook_page"
    INSTAGRAM = "instagram"
    TIKTOK = "tiktok"
    TELEGRAM = "telegram"
    WHATSAPP_GROUP = "whatsapp_group"
    WHATSAPP_CLOUD = "whatsapp_cloud"


CHANNEL_OF: Final[Mapping[SocialProvider, ChannelName]] = {
    SocialProvider.FACEBOOK: ChannelName.FACEBOOK,
    SocialProvider.INSTAGRAM: ChannelName.INSTAGRAM,
    SocialProvider.TIKTOK: ChannelName.TIKTOK,
    SocialProvider.TELEGRAM: ChannelName.TELEGRAM,
    SocialProvider.WHATSAPP_GROUP: ChannelName.WHATSAPP,
    SocialProvider.WHATSAPP_CLOUD: ChannelName.WHATSAPP,
}
PUBLISHES: Final = frozenset(SocialProvider) - {SocialProvider.WHATSAPP_CLOUD}
"""WhatsApp's Cloud API writes to single persons; all others publish to many."""


@dataclass(frozen=True, slots=True)
class Registration:
    """The office's own app at a provider; an empty host means the provider's own."""

    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    host: str = ""
    login_host: str = ""
    """Where people agree in their browser; empty means the provider's own."""


@dataclass(frozen=True, slots=True)
class Access:
    """What lets us into one account; its repr holds no secret.

    `remote_id` is the provider's own number of it (page, Instagram user, open id, chat, phone number). `settings` are the
    choices of the office: topic of a Telegram group, mode of TikTok, name of a WhatsApp group.
    """

    provider: SocialProvider
    remote_id: str
    name: str
    token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def spent(self, now: datetime) -> bool:
        """Return whether the token ends within the margin."""
        return self.expires_at is not None and self.expires_at - TOKEN_MARGIN <= now

    def fading(self, now: datetime) -> bool:
        """Return whether it is time to renew a token that can be renewed only while it lives."""
        return not self.refresh_token and self.expires_at is not None and self.expires_at - FADING <= now

    def renewed(self, token: str, expires_at: datetime | None, refresh_token: str = "") -> Self:
        """Return the same account with a new token; a provider may hand out a new refresh token with it."""
        return replace(self, token=token, expires_at=expires_at, refresh_token=refresh_token or self.refresh_token)


class Memory(Protocol):
    """What an adapter remembers of an account from call to call: a usage it was told of, the number of the last message."""

    def read(self) -> Mapping[str, Any]:
        """Return everything that was kept."""
        ...

    def keep(self, **facts: Any) -> None:
        """Keep these facts beside the others."""
        ...


class Door(Protocol):
    """The way into one provider."""

    @property
    def provider(self) -> SocialProvider:
        """Whose."""
        ...

    def open(self, access: Access, memory: Memory) -> Publisher:
        """Return the account's publisher; nothing is called yet."""
        ...

    def renew(self, access: Access, now: datetime) -> Access:
        """Trade a token for a fresh one; ReconnectError when only a person can, TemporaryError when nobody answers."""
        ...

    def check(self, access: Access, now: datetime) -> str:
        """Ask who we are there and return the account's name; ChannelError says what is wrong."""
        ...


@dataclass(frozen=True, slots=True)
class Errand:
    """What a person is sent to a provider for: to be led `back` with this state, for an account with these settings."""

    back: str
    state: str
    verifier: str = field(repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)


class Entrance(Protocol):
    """Where an account's owner lets the office in with a browser (OAuth 2.0, code grant)."""

    def address(self, errand: Errand) -> str:
        """Return where the person is led to."""
        ...

    def entered(self, code: str, errand: Errand, now: datetime) -> Access:
        """Trade the code for the person's access; ChannelError says why it is worth nothing."""
        ...

    def offered(self, person: Access) -> tuple[Access, ...]:
        """Return the accounts that the person's access leads to."""
        ...


@runtime_checkable
class Listening(Protocol):
    """A door that tells more of an account than its name, and has to be told to report what happens there."""

    def known(self, access: Access) -> Access:
        """Return the access with what the provider knows of it now; ChannelError as `Door.check`."""
        ...

    def listen(self, access: Access) -> None:
        """Have what happens there told to us."""
        ...
