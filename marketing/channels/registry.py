"""Which class and which form belong to which channel: one explicit table, read by campaigns and by the tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from marketing.channels.base import Publisher
from marketing.channels.facebook import payload as facebook
from marketing.channels.instagram import payload as instagram
from marketing.channels.marketplace import payload as marketplace
from marketing.channels.sandbox.adapter import SandboxPublisher
from marketing.channels.telegram import payload as telegram
from marketing.channels.tiktok import payload as tiktok
from marketing.channels.website import payload as website
from marketing.channels.website.adapter import WebsitePublisher
from marketing.channels.whatsapp import payload as whatsapp
from marketing.domain.brief import PostBrief
from marketing.domain.content import Capabilities, OutboundPost
from marketing.domain.types import ChannelName


@dataclass(frozen=True, slots=True)
class Places:
    """Where publishers that write files put them, and under which public address."""

    outbox_dir: Path
    website_dir: Path
    public_url: str


@dataclass(frozen=True, slots=True)
class _Entry:
    capabilities: Capabilities
    compose: Callable[[PostBrief, str], OutboundPost]
    publisher: Callable[[Places], Publisher]


def _website(places: Places) -> Publisher:
    return WebsitePublisher(places.website_dir, places.public_url)


def _sandbox(capabilities: Capabilities, places: Places) -> Publisher:
    return SandboxPublisher(capabilities, places.outbox_dir, places.public_url)


def _sandboxed(capabilities: Capabilities, compose: Callable[[PostBrief, str], OutboundPost]) -> _Entry:
    return _Entry(capabilities, compose, partial(_sandbox, capabilities))


_CHANNELS: Mapping[ChannelName, _Entry] = MappingProxyType(
    {
        ChannelName.WEBSITE: _Entry(website.CAPABILITIES, website.compose, _website),
        ChannelName.FACEBOOK: _sandboxed(facebook.CAPABILITIES, facebook.compose),
        ChannelName.INSTAGRAM: _sandboxed(instagram.CAPABILITIES, instagram.compose),
        ChannelName.TIKTOK: _sandboxed(tiktok.CAPABILITIES, tiktok.compose),
        ChannelName.WHATSAPP: _sandboxed(whatsapp.CAPABILITIES, whatsapp.compose),
        ChannelName.TELEGRAM: _sandboxed(telegram.CAPABILITIES, telegram.compose),
        ChannelName.MARKETPLACE: _sandboxed(marketplace.CAPABILITIES, marketplace.compose),
    }
)
PUBLISHING_CHANNELS: tuple[ChannelName, ...] = tuple(_CHANNELS)


def build_publishers(*, outbox_dir: Path, website_dir: Path, public_url: str) -> Mapping[ChannelName, Publisher]:
    """Return one publisher for every channel that publishes; e-mail is a Messenger and is not among them."""
    places = Places(outbox_dir, website_dir, public_url)
    return {channel: entry.publisher(places) for channel, entry in _CHANNELS.items()}


class LocalPublishers:
    """The publishers that need no account: our own site, and folders in the place of channels that none is connected to."""

    def __init__(self, publishers: Mapping[ChannelName, Publisher]) -> None:
        self._publishers = publishers

    def of(self, tenant: str, channel: ChannelName, account: str, *, sending: bool = True) -> Publisher:  # noqa: ARG002  the port's
        return self._publishers[channel]

    def lost(self, tenant: str, channel: ChannelName, account: str, reason: str) -> None:
        """Nobody is let out of a folder."""


def compose(channel: ChannelName, brief: PostBrief, dinas: str) -> OutboundPost:
    """Return the brief in the form and tone of the channel; KeyError for a channel that does not publish."""
    return _CHANNELS[channel].compose(brief, dinas)


def capabilities(channel: ChannelName) -> Capabilities:
    """Return the declared limits of the channel; KeyError for a channel that does not publish."""
    return _CHANNELS[channel].capabilities
