"""Puts promotion posts into the folder of the site; every file appears whole or not at all.

`<folder>/<tenant>/promo/<marker>.json` is a post. Feeds are no files: they are made when somebody asks.
"""

from pathlib import Path

from marketing.channels.kept_posts import KeptPosts, KeptPublisher
from marketing.channels.website.payload import CAPABILITIES
from marketing.domain import site
from marketing.domain.content import Capabilities
from marketing.domain.types import ChannelName


class WebsitePublisher(KeptPublisher):
    """The site of the Dinas as a Publisher."""

    name: ChannelName = ChannelName.WEBSITE
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, folder: Path, public_url: str) -> None:
        self.posts = KeptPosts(
            CAPABILITIES,
            place=lambda tenant, marker: folder / tenant / "promo" / f"{marker}.json",
            permalink=lambda tenant, marker: public_url.rstrip("/") + site.promo(tenant, marker),
        )

    def withdraw(self, handle: str) -> bool:
        self.posts.take_down(handle)
        return True
