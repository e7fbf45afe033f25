"""Puts promotion posts and feeds into the folder that the site serves; every file appears whole or not at all.

`<folder>/<tenant>/promo/<marker>.json` is a post, `<folder>/<tenant>/{rss.xml,atom.xml,feed.json}` are the feeds.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from marketing.channels.base import Deferred, Failed, Published, PublishOutcome
from marketing.channels.website.payload import CAPABILITIES, Feed, atom, json_feed, rss
from marketing.domain.content import Capabilities, OutboundPost, fits, parse_handle, post_handle
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _

_TRY_AGAIN = timedelta(minutes=5)


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
        self._public_url = public_url.rstrip("/")

    def publish(self, batch: Sequence[OutboundPost]) -> Iterator[PublishOutcome]:
        for post in batch:
            try:
                yield self._publish(post)
            except OSError:
                # The rename is the last step, so nothing stands yet and handing it over again is safe.
                yield Deferred(post.key, "storage", _TRY_AGAIN)

    def withdraw(self, handle: str) -> bool:
        path = self._post_path(*parse_handle(handle))
        record = _read(path)
        if record and not record["withdrawn"]:
            _write(path, _encoded({**record, "withdrawn": True}))
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
                _write(path, content)
        return files

    def _publish(self, post: OutboundPost) -> PublishOutcome:
        try:
            handle = post_handle(post.tenant, post.marker)
        except ValueError as error:
            return Failed(post.key, "unsafe_marker", str(error))
        if misfits := fits(post, self.capabilities).misfits:
            return Failed(post.key, "unsupported", " ".join(misfit.text for misfit in misfits))
        path, permalink = self._post_path(post.tenant, post.marker), self._permalink(post)
        record = _read(path)
        if record and record["withdrawn"]:
            # A repeated task must not bring back what a recall has taken down.
            return Failed(
                post.key, "withdrawn", _("Pos ini sudah ditarik; buat kampanye baru untuk menayangkannya lagi.")
            )
        if not record:
            stored = {"channel": self.name.value, "handle": handle, "permalink": permalink, "withdrawn": False}
            _write(path, _encoded({**asdict(post), **stored}))
        return Published(post.key, handle, permalink)

    def _permalink(self, post: OutboundPost) -> str:
        return f"{self._public_url}/{post.tenant}/promo/{post.marker}"

    def _post_path(self, tenant: str, marker: str) -> Path:
        return self._folder / tenant / "promo" / f"{marker}.json"


def _encoded(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True).encode()


def _read(path: Path) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return record


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
