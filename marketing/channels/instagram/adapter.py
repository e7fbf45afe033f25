"""An Instagram account as a Publisher: containers are made unseen, wait until Meta has fetched the pictures, and go out once.

A container is published at most once, and says so afterwards: that settles a lost answer (content-publishing, 22 Nov 2026).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from marketing.channels.base import Absent, Failed, InDoubt, Pending, Preparing, Published, Ready
from marketing.channels.errors import PermanentError, TemporaryError
from marketing.channels.instagram.payload import CAPABILITIES
from marketing.channels.measuring import Measurement
from marketing.channels.meta_graph.answers import (
    AFTER_QUOTA,
    DuplicateError,
    LostError,
    MissingError,
    RightsError,
    Usage,
    container_fault,
    refusal,
)
from marketing.channels.meta_graph.door import MetaDoor
from marketing.channels.meta_graph.graph import Graph
from marketing.channels.meta_graph.insights import Countable, measure
from marketing.channels.meta_graph.lookups import same_words, since
from marketing.channels.social import Access, Memory, SocialProvider
from marketing.domain.content import Capabilities, OutboundPost, PostPicture, fits
from marketing.domain.insights import Metric
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _

CONTAINER_LIFE: Final = timedelta(hours=24)
ASK_AGAIN: Final = timedelta(minutes=1)  # "once per minute, for no more than five minutes"
MAKE_AGAIN: Final = timedelta(minutes=5)
ONE_TURN: Final = timedelta(minutes=2)
MOST_TRIES: Final = 3
LATEST: Final = 50
COUNTABLE: Final = Countable(
    fields="id,like_count,comments_count",  # no like_count where the owner hides likes
    shown={Metric.REACTIONS: ("like_count",), Metric.COMMENTS: ("comments_count",)},
    metrics={Metric.REACH: "reach", Metric.VIEWS: "views", Metric.SHARES: "shares", Metric.SAVES: "saved"},
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a post's note says: containers of the single pictures, that of the whole post, and how often they were made."""

    since: str
    made: str
    items: tuple[str, ...] = ()
    whole: str = ""
    tries: int = 1
    out: bool = False

    @classmethod
    def of(cls, note: str, now: datetime) -> Self:
        """Read a note, or begin one."""
        if not note:
            return cls(now.isoformat(), now.isoformat())
        data: dict[str, Any] = json.loads(note)
        return cls(**{**data, "items": tuple(data["items"])})

    @property
    def note(self) -> str:
        """The note."""
        return json.dumps(asdict(self))

    def anew(self, now: datetime) -> Self:
        """Return the note of another try with nothing made yet."""
        return replace(self, made=now.isoformat(), items=(), whole="", tries=self.tries + 1)


@dataclass(frozen=True, slots=True)
class InstagramDoor(MetaDoor):
    """The way to Instagram by the Facebook login of its Page."""

    @property
    def provider(self) -> SocialProvider:
        return SocialProvider.INSTAGRAM

    def open(self, access: Access, memory: Memory) -> "InstagramPublisher":
        return InstagramPublisher(self, access, memory)

    def check(self, access: Access, now: datetime) -> str:  # noqa: ARG002  the port's
        return str(self.graph(access).read(access.remote_id, fields="username").get("username") or access.name)


class InstagramPublisher:
    """One professional account."""

    name: ChannelName = ChannelName.INSTAGRAM
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, door: InstagramDoor, access: Access, memory: Memory) -> None:
        self._door = door
        self._account = access.remote_id
        self._graph: Graph = door.graph(access, memory)

    def prepare(self, post: OutboundPost, note: str) -> Ready | Preparing | Failed:
        if misfits := fits(post, self.capabilities).misfits:
            return Failed(post.key, "unsupported", " ".join(misfit.text for misfit in misfits))
        self._graph.rested()
        began = self._door.clock()
        kept = Kept.of(note, began)
        if not kept.whole:
            self._room()
            for picture in post.pictures[len(kept.items) :]:
                if self._door.clock() - began > ONE_TURN:
                    return Preparing(kept.note, timedelta(0))
                try:
                    item = self._made(self._of_picture(post, picture))
                except TemporaryError as error:
                    if not kept.items:
                        raise
                    return Preparing(kept.note, error.retry_after)
                kept = replace(kept, items=(*kept.items, item))
            if len(kept.items) == 1:
                kept = replace(kept, whole=kept.items[0])
        try:
            return self._fetched(post, kept)
        except TemporaryError as error:
            return Preparing(kept.note, error.retry_after)

    def submit(self, post: OutboundPost, note: str) -> Published | Pending | InDoubt:
        kept = self._kept(note)
        if kept.out:  # an earlier call did it after all
            found = self._find_by_words(post, kept)
            return found or InDoubt(post.key, "instagram_not_seen")
        try:
            number = self._graph.publish(self._account, "media_publish", creation_id=kept.whole).get("id")
        except (LostError, DuplicateError) as error:
            return InDoubt(post.key, str(error))
        if not number:
            return InDoubt(post.key, "instagram_no_id")
        try:
            return self.poll(post, str(number))
        except TemporaryError as error:  # it is out; only its address is not known yet
            return Pending(post.key, str(number), error.retry_after)
        except PermanentError:
            return Pending(post.key, str(number))

    def find(self, post: OutboundPost, note: str) -> Published | Absent | InDoubt:
        kept = self._kept(note)
        try:
            code = self._status(kept.whole)[0]
        except MissingError:
            if self._door.clock() - datetime.fromisoformat(kept.made) < CONTAINER_LIFE:
                # seen during outages, when the container had gone out (channels.md A.5): ask again, never make another
                raise TemporaryError("instagram_container_unread", ASK_AGAIN) from None
            code = "EXPIRED"
        if code in {"FINISHED", "IN_PROGRESS"}:
            return Absent(post.key)
        found = self._find_by_words(post, kept)
        if found is None and code == "PUBLISHED":
            return InDoubt(post.key, "instagram_not_seen")
        return found or Absent(post.key)

    def poll(self, post: OutboundPost, handle: str) -> Published | Pending:
        permalink = self._graph.read(handle, fields="permalink").get("permalink")
        return Published(post.key, handle, str(permalink)) if permalink else Pending(post.key, handle)

    def withdraw(self, handle: str) -> bool:
        """Delete where `instagram_manage_contents` allows it (Facebook login only); else a person must."""
        try:
            return self._graph.delete(self._account, handle)
        except RightsError:
            return False

    def measure(self, handle: str, permalink: str) -> Measurement:  # noqa: ARG002  the port's
        return measure(self._graph, self._account, handle, COUNTABLE)

    def _fetched(self, post: OutboundPost, kept: Kept) -> Ready | Preparing | Failed:
        """Ask whether Meta has fetched the pictures; a carousel is put together of those it has."""
        if not kept.whole:
            for item in kept.items:
                if (waiting := self._waiting(post, kept, item)) is not None:
                    return waiting
            number = self._made({"media_type": "CAROUSEL", "children": list(kept.items), "caption": post.text})
            kept = replace(kept, whole=number)
        try:
            waiting = self._waiting(post, kept, kept.whole)
        except TemporaryError as error:
            return Preparing(kept.note, error.retry_after)  # with the note of what was made meanwhile
        return waiting or Ready(kept.note)

    def _waiting(self, post: OutboundPost, kept: Kept, container: str) -> Ready | Preparing | Failed | None:
        """Return what keeps a container from going out; None when nothing does."""
        now = self._door.clock()
        try:
            code, status = self._status(container)
        except MissingError:
            if now - datetime.fromisoformat(kept.made) < CONTAINER_LIFE:
                return Preparing(kept.note, ASK_AGAIN)
            code, status = "EXPIRED", ""
        if code == "FINISHED":
            return None
        if code == "PUBLISHED":
            return Ready(replace(kept, out=True).note)
        if code == "EXPIRED":
            return Preparing(replace(kept.anew(now), tries=kept.tries).note, timedelta(0))
        if code != "ERROR":
            return Preparing(kept.note, ASK_AGAIN)
        meant = refusal({"code": 0, "error_subcode": container_fault(status)}, 400, Usage())
        if isinstance(meant, TemporaryError) or (not container_fault(status) and kept.tries < MOST_TRIES):
            if kept.tries < MOST_TRIES:
                return Preparing(kept.anew(now).note, MAKE_AGAIN)
            return Failed(
                post.key,
                "instagram_container",
                _("Instagram berulang kali gagal mengambil gambarnya. Coba lagi nanti."),
            )
        return Failed(post.key, "instagram_container", str(meant))

    def _room(self) -> None:
        """Raise TemporaryError when the day's number of posts is used up; Meta says it account by account."""
        answer = self._graph.read(self._account, "content_publishing_limit", fields="quota_usage,config")
        for record in answer.get("data") or []:
            used, total = record.get("quota_usage"), (record.get("config") or {}).get("quota_total")
            if isinstance(used, int) and isinstance(total, int) and used >= total:
                raise TemporaryError("instagram_quota", AFTER_QUOTA)

    def _of_picture(self, post: OutboundPost, picture: PostPicture) -> Mapping[str, Any]:
        shown = {"image_url": picture.url, "alt_text": picture.alt}
        return {**shown, "caption": post.text} if len(post.pictures) == 1 else {**shown, "is_carousel_item": True}

    def _made(self, params: Mapping[str, Any]) -> str:
        answer = self._graph.make(self._account, "media", **params)
        if not answer.get("id"):
            raise TemporaryError("instagram_no_id", ASK_AGAIN)
        return str(answer["id"])

    def _status(self, container: str) -> tuple[str, str]:
        answer = self._graph.read(container, fields="status_code,status")
        return str(answer.get("status_code")), str(answer.get("status") or "")

    def _find_by_words(self, post: OutboundPost, kept: Kept) -> Published | None:
        answer = self._graph.read(self._account, "media", fields="id,caption,permalink,timestamp", limit=LATEST)
        records = [record for record in answer.get("data") or [] if isinstance(record, dict)]
        for record in since(records, datetime.fromisoformat(kept.since), "timestamp"):
            if same_words(str(record.get("caption") or ""), post.text) and record.get("permalink"):
                return Published(post.key, str(record["id"]), str(record["permalink"]))
        return None

    def _kept(self, note: str) -> Kept:
        return Kept.of(note, self._door.clock())
