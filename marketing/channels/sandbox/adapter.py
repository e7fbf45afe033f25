"""Keeps each post in a folder instead of publishing it, by the same rules and answers as the real channel.

`<folder>/<tenant>/<channel>/<marker>.json` holds what would have gone out.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from marketing.channels.base import AwaitingHuman, Published, PublishOutcome
from marketing.channels.kept_posts import KeptPosts
from marketing.domain.content import Capabilities, OutboundPost
from marketing.domain.types import ChannelName


class SandboxPublisher:
    """A Publisher whose public is a folder; capable of exactly what `capabilities` says."""

    def __init__(self, name: ChannelName, capabilities: Capabilities, folder: Path, public_url: str) -> None:
        self.name = name
        self.capabilities = capabilities
        self._posts = KeptPosts(
            capabilities,
            place=lambda tenant, marker: folder / tenant / name.value / f"{marker}.json",
            permalink=lambda _tenant, marker: f"{public_url.rstrip('/')}/kotak-keluar/pos/{marker}",
        )

    def publish(self, batch: Sequence[OutboundPost]) -> Iterator[PublishOutcome]:
        for post in batch:
            outcome = self._posts.keep(post)
            if isinstance(outcome, Published) and self.capabilities.needs_human:
                yield AwaitingHuman(post.key, outcome.handle, self.capabilities.human_step)
            else:
                yield outcome

    def withdraw(self, handle: str) -> bool:
        # Our folder is this channel's public, so nothing of it goes on standing there; whether the real channel could have
        # done it by a call, or a person has to, is answered as the channel would.
        self._posts.take_down(handle)
        return self.capabilities.can_delete and not self.capabilities.needs_human
