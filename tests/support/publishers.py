"""One channel's publisher in the place of its own; everything else as it stands."""

from marketing.channels.base import Publisher
from marketing.channels.registry import capabilities
from marketing.channels.sandbox.adapter import SandboxPublisher
from marketing.domain.types import ChannelName
from tests.support.world import World


class FolderOf(SandboxPublisher):
    """The folder that stands for a channel in this world; tests say what goes wrong with it."""

    def __init__(self, world: World, channel: ChannelName) -> None:
        settings = world.app.settings
        super().__init__(capabilities(channel), settings.outbox_dir, settings.public_url)


class Instead:
    """Publishers of a world, with one channel's changed; remembers which accounts were lost."""

    def __init__(self, world: World, channel: ChannelName, publisher: Publisher) -> None:
        self._others, self._channel, self._publisher = world.app.publishers, channel, publisher
        self.lost_accounts: list[tuple[ChannelName, str, str]] = []

    def of(self, tenant: str, channel: ChannelName, account: str, *, sending: bool = True) -> Publisher:
        if channel is self._channel:
            return self._publisher
        return self._others.of(tenant, channel, account, sending=sending)

    def lost(self, tenant: str, channel: ChannelName, account: str, reason: str) -> None:
        self.lost_accounts.append((channel, account, reason))
