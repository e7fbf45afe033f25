"""Posts of a world, and one channel's publisher in the place of its own; everything else as it stands."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from marketing.channels.base import Publisher, PublishOutcome
from marketing.channels.registry import capabilities
from marketing.channels.sandbox.adapter import SandboxPublisher
from marketing.db.models import Post
from marketing.delivery.publishing import Publishing
from marketing.domain.content import OutboundPost
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName
from tests.support.world import World, add_product, promotion


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


def posts(world: World) -> dict[ChannelName, Post]:
    with world.app.database.read() as session:
        return {post.channel: post for post in session.scalars(select(Post))}


def states(world: World) -> dict[ChannelName, PostState]:
    return {channel: post.state for channel, post in posts(world).items()}


def kept(world: World) -> list[Path]:
    """Return the files in which the sandbox keeps what it published."""
    return sorted(world.app.settings.outbox_dir.rglob("*.json"))


def started(world: World, *channels: ChannelName) -> int:
    campaign = world.approved(promotion(add_product(world.app, 1), channels=channels))
    world.app.planner.start(campaign)
    return campaign


class Broken(FolderOf):
    """A channel that answers the one irreversible call as told, after or before it has done it."""

    def __init__(self, world: World, channel: ChannelName, answer: PublishOutcome | Exception, *, done: bool) -> None:
        super().__init__(world, channel)
        self.answer, self.done, self.asked = answer, done, 0

    def submit(self, post: OutboundPost, note: str) -> Any:
        self.asked += 1
        if self.done:
            super().submit(post, note)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return replace(self.answer, key=post.key)


def with_broken(
    world: World, channel: ChannelName, answer: Any, *, done: bool = False
) -> tuple[Publishing, Broken, Instead]:
    broken = Broken(world, channel, answer, done=done)
    publishers = Instead(world, channel, broken)
    return Publishing(world.app.publishing.ledger, publishers), broken, publishers


def find_again(world: World, publishing: Publishing, campaign: int) -> None:
    """Let everything come due that is looked up later, and look."""
    world.clock.forward(minutes=10)
    world.app.sweeper.sweep()
    publishing.publish(campaign)
