"""Keeps each post in a folder instead of publishing it, by the same rules and answers as the real channel.

`<folder>/<tenant>/<channel>/<marker>.json` holds what would have gone out; the local outbox page reads it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from marketing.channels.base import AwaitingHuman, Deferred, Failed, Published, PublishOutcome
from marketing.domain.content import Capabilities, OutboundPost, fits, parse_handle, post_handle
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _

_TRY_AGAIN = timedelta(minutes=5)


class SandboxPublisher:
    """A Publisher whose public is a folder; capable of exactly what `capabilities` says."""

    def __init__(self, name: ChannelName, capabilities: Capabilities, folder: Path, public_url: str) -> None:
        self.name = name
        self.capabilities = capabilities
        self._folder = folder
        self._public_url = public_url.rstrip("/")

    def publish(self, batch: Sequence[OutboundPost]) -> Iterator[PublishOutcome]:
        for post in batch:
            try:
                yield self._publish(post)
            except OSError:
                # Nothing stands under the marker yet (the rename is last), so handing it over again is safe.
                yield Deferred(post.key, "storage", _TRY_AGAIN)

    def withdraw(self, handle: str) -> bool:
        tenant, marker = parse_handle(handle)
        if self.capabilities.needs_human or not self.capabilities.can_delete:
            return False
        path = self._path(tenant, marker)
        record = _read(path)
        if record and not record["withdrawn"]:
            _write(path, {**record, "withdrawn": True})
        return True

    def _publish(self, post: OutboundPost) -> PublishOutcome:
        try:
            handle = post_handle(post.tenant, post.marker)
        except ValueError as error:
            return Failed(post.key, "unsafe_marker", str(error))
        if fit := fits(post, self.capabilities).misfits:
            return Failed(post.key, "unsupported", " ".join(misfit.text for misfit in fit))
        path, permalink = self._path(post.tenant, post.marker), f"{self._public_url}/kotak-keluar/pos/{post.marker}"
        record = _read(path)
        if record and record["withdrawn"]:
            # A repeated task must not bring back what a recall has taken down.
            return Failed(
                post.key, "withdrawn", _("Pos ini sudah ditarik; buat kampanye baru untuk menayangkannya lagi.")
            )
        if not record:
            _write(
                path,
                {
                    **asdict(post),
                    "channel": self.name.value,
                    "handle": handle,
                    "permalink": permalink,
                    "withdrawn": False,
                },
            )
        if self.capabilities.needs_human:
            return AwaitingHuman(post.key, handle, _(self.capabilities.human_step))
        return Published(post.key, handle, permalink)

    def _path(self, tenant: str, marker: str) -> Path:
        return self._folder / tenant / self.name.value / f"{marker}.json"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return record


def _write(path: Path, record: dict[str, Any]) -> None:
    """Write all of it or nothing: a reader never sees half a post."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        temporary.write_text(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True), encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
