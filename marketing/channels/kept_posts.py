"""Posts kept as files under their markers: the memory of the sandbox and of the website; every file is whole or absent."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from marketing.channels.base import Absent, AwaitingHuman, Deferred, Failed, Published, Ready
from marketing.domain.content import Capabilities, OutboundPost, fits, parse_handle, post_handle
from marketing.i18n import gettext as _

_TRY_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class KeptPosts:
    """One channel's posts; `place` and `permalink` say where a tenant's marker lies and stands in public."""

    capabilities: Capabilities
    place: Callable[[str, str], Path]
    permalink: Callable[[str, str], str]

    def refusal(self, post: OutboundPost) -> Failed | None:
        """Return why a post cannot be kept; None when it can."""
        try:
            post_handle(post.tenant, post.marker)
        except ValueError as error:
            return Failed(post.key, "unsafe_marker", str(error))
        if misfits := fits(post, self.capabilities).misfits:
            return Failed(post.key, "unsupported", " ".join(misfit.text for misfit in misfits))
        record = _read(self.place(post.tenant, post.marker))
        if record and record["withdrawn"]:
            # A repeated task must not bring back what a recall has taken down.
            return Failed(
                post.key, "withdrawn", _("Pos ini sudah ditarik; buat kampanye baru untuk menayangkannya lagi.")
            )
        return None

    def keep(self, post: OutboundPost) -> Published | Deferred | Failed:
        """Keep a post once; one whose marker stands already is answered with the standing one."""
        refused = self.refusal(post)
        if refused is not None:
            return refused
        standing = self.standing(post)
        record = {
            "channel": self.capabilities.channel.value,
            "handle": post_handle(post.tenant, post.marker),
            "permalink": self.permalink(post.tenant, post.marker),
            "withdrawn": False,
        }
        try:
            if not standing:
                _write_record(self.place(post.tenant, post.marker), {**asdict(post), **record})
        except OSError:
            # The rename is the last step, so nothing stands yet and handing it over again is safe.
            return Deferred(post.key, "storage", _TRY_AGAIN)
        return Published(post.key, str(record["handle"]), str(record["permalink"]))

    def standing(self, post: OutboundPost) -> bool:
        """Return whether the post's marker is kept and was not taken down."""
        record = _read(self.place(post.tenant, post.marker))
        return record is not None and not record["withdrawn"]

    def take_down(self, handle: str) -> None:
        """Mark a post as withdrawn; one that never stood is gone already."""
        path = self.place(*parse_handle(handle))
        record = _read(path)
        if record and not record["withdrawn"]:
            _write_record(path, {**record, "withdrawn": True})


class KeptPublisher:
    """The Publisher of a channel whose public is a folder: everything happens in `submit`, at once."""

    capabilities: Capabilities
    posts: KeptPosts

    def prepare(self, post: OutboundPost, note: str) -> Ready | Failed:
        return self.posts.refusal(post) or Ready(note)

    def submit(self, post: OutboundPost, note: str) -> Published | AwaitingHuman | Deferred | Failed:  # noqa: ARG002  the port's
        outcome = self.posts.keep(post)
        return self._standing(post) if isinstance(outcome, Published) else outcome

    def find(self, post: OutboundPost, note: str) -> Published | AwaitingHuman | Absent:  # noqa: ARG002  the port's
        stands = self.posts.refusal(post) is None and self.posts.standing(post)
        return self._standing(post) if stands else Absent(post.key)

    def poll(self, post: OutboundPost, handle: str) -> Published | AwaitingHuman:  # noqa: ARG002  the port's
        return self._standing(post)

    def _standing(self, post: OutboundPost) -> Published | AwaitingHuman:
        handle = post_handle(post.tenant, post.marker)
        if self.capabilities.needs_human:
            return AwaitingHuman(post.key, handle, self.capabilities.human_step)
        return Published(post.key, handle, self.posts.permalink(post.tenant, post.marker))


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
