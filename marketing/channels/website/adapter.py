"""Puts promotion posts and feeds into the folder that the site serves; every file appears whole or not at all.

`<folder>/<tenant>/promo/<marker>.json` is a post, `<folder>/<tenant>/{rss.xml,atom.xml,feed.json}` are the feeds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from marketing.channels.base import PublishOutcome
from marketing.channels.kept_posts import KeptPosts, write_whole
from marketing.channels.website.payload import CAPABILITIES, Feed, atom, json_feed, rss
from marketing.domain.content import Capabilities, OutboundPost, post_handle
from marketing.domain.types import ChannelName


@dataclass(frozen=True, slots=True)
class FeedFiles:
    """Where the three forms of a feed were written."""

    rss: Path
    atom: Path
    json: Path


class WebsitePublisher:
    """The site of the Dinas as a Publisher, and the writer of its feeds."""

    name: ChannelName = ChannelName.WEBSITE
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, folder: Path, public_url: str) -> None:
        self._folder = folder
        self._posts = KeptPosts(
            CAPABILITIES,
            place=lambda tenant, marker: folder / tenant / "promo" / f"{marker}.json",
            permalink=lambda tenant, marker: f"{public_url.rstrip('/')}/{tenant}/promo/{marker}",
        )

    def publish(self, batch: Sequence[OutboundPost]) -> Iterator[PublishOutcome]:
        for post in batch:
            yield self._posts.keep(post)

    def withdraw(self, handle: str) -> bool:
        self._posts.take_down(handle)
        return True

    def write_feeds(self, feed: Feed) -> FeedFiles:
        """Write all three forms; a file whose bytes did not change is left alone, so caches and ETags stay valid."""
        post_handle(feed.tenant, "umpan")  # refuses a tenant that would leave the folder
        folder = self._folder / feed.tenant
        files = FeedFiles(folder / "rss.xml", folder / "atom.xml", folder / "feed.json")
        # All three are rendered before the first is written: an error leaves the old set standing together.
        rendered = ((files.rss, rss(feed)), (files.atom, atom(feed)), (files.json, json_feed(feed)))
        for path, content in rendered:
            if not path.is_file() or path.read_bytes() != content:
                write_whole(path, content)
        return files
