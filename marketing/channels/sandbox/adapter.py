"""Keeps each post in a folder instead of publishing it, by the same rules and answers as the real channel.

`<folder>/<tenant>/<channel>/<marker>.json` holds what would have gone out.
"""

from pathlib import Path

from marketing.channels.kept_posts import KeptPosts, KeptPublisher
from marketing.domain.content import Capabilities


class SandboxPublisher(KeptPublisher):
    """A Publisher whose public is a folder; capable of exactly what `capabilities` says."""

    def __init__(self, capabilities: Capabilities, folder: Path, public_url: str) -> None:
        self.name = capabilities.channel
        self.capabilities = capabilities
        self.posts = KeptPosts(
            capabilities,
            place=lambda tenant, marker: folder / tenant / capabilities.channel.value / f"{marker}.json",
            permalink=lambda _tenant, marker: f"{public_url.rstrip('/')}/kotak-keluar/pos/{marker}",
        )

    def withdraw(self, handle: str) -> bool:
        # Our folder is this channel's public, so nothing of it goes on standing there; whether the real channel could have
        # done it by a call, or a person has to, is answered as the channel would.
        self.posts.take_down(handle)
        return self.capabilities.can_delete and not self.capabilities.needs_human
