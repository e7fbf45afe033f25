"""Which class and which form belong to which channel: one explicit table, read by campaigns and by the tests."""

from collections.abc import Mapping
from pathlib import Path

from marketing.channels.base import Publisher
from marketing.domain.brief import PostBrief
from marketing.domain.content import Capabilities, OutboundPost
from marketing.domain.types import ChannelName


def build_publishers(*, outbox_dir: Path, website_dir: Path, public_url: str) -> Mapping[ChannelName, Publisher]:
    """Return one publisher for every channel that publishes; e-mail is a Messenger and is not among them."""
    raise NotImplementedError


def compose(channel: ChannelName, brief: PostBrief, dinas: str) -> OutboundPost:
    """Return the brief in the form and tone of the channel."""
    raise NotImplementedError


def capabilities(channel: ChannelName) -> Capabilities:
    """Return the declared limits of the channel."""
    raise NotImplementedError
