"""Posts kept as files under their markers: the memory of the sandbox and of the website; every file is whole or absent."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from marketing.channels.base import Deferred, Failed, Published
from marketing.domain.content import Capabilities, OutboundPost, fits, parse_handle, post_handle
from marketing.i18n import gettext as _

_TRY_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class KeptPosts:
    """One channel's posts; `place` and `permalink` say where a tenant's marker lies and stands in public."""

    capabilities: Capabilities
    place: Callable[[str, str], Path]
    permalink: Callable[[str, str], str]

    def keep(self, post: OutboundPost) -> Published | Deferred | Failed:
        """Keep a post once; one whose marker stands already is answered with the standing one."""
        try:
            return self._keep(post)
        except OSError:
            # The rename is the last step, so nothing stands yet and handing it over again is safe.
            return Deferred(post.key, "storage", _TRY_AGAIN)

    def take_down(self, handle: str) -> None:
        """Mark a post as withdrawn; one that never stood is gone already."""
        path = self.place(*parse_handle(handle))
        record = _read(path)
        if record and not record["withdrawn"]:
            _write_record(path, {**record, "withdrawn": True})

    def _keep(self, post: OutboundPost) -> Published | Failed:
        try:
            handle = post_handle(post.tenant, post.marker)
        except ValueError as error:
            return Failed(post.key, "unsafe_marker", str(error))
        if misfits := fits(post, self.capabilities).misfits:
            return Failed(post.key, "unsupported", " ".join(misfit.text for misfit in misfits))
        path, permalink = self.place(post.tenant, post.marker), self.permalink(post.tenant, post.marker)
        record = _read(path)
        if record and record["withdrawn"]:
            # A repeated task must not bring back what a recall has taken down.
            return Failed(
                post.key, "withdrawn", _("Pos ini sudah ditarik; buat kampanye baru untuk menayangkannya lagi.")
            )
        if not record:
            stored = {
                "channel": self.capabilities.channel.value,
                "handle": handle,
                "permalink": permalink,
                "withdrawn": False,
            }
            _write_record(path, {**asdict(post), **stored})
        return Published(post.key, handle, permalink)


def write_whole(path: Path, content: bytes) -> None:
    """Write all of it or nothing: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_record(path: Path, record: dict[str, Any]) -> None:
    write_whole(path, json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True).encode())


def _read(path: Path) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return record
