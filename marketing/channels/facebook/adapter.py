"""A Facebook Page as a Publisher: words with a link, or pictures that are uploaded unseen and then published in one call."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

from marketing.channels.base import Absent, Failed, InDoubt, Pending, Preparing, Published, Ready
from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.facebook.payload import CAPABILITIES
from marketing.channels.measuring import Measurement
from marketing.channels.meta_graph.answers import DuplicateError, LostError
from marketing.channels.meta_graph.door import MetaDoor
from marketing.channels.meta_graph.graph import Graph
from marketing.channels.meta_graph.insights import Countable, measure
from marketing.channels.meta_graph.lookups import same_words, since
from marketing.channels.social import Access, Memory, SocialProvider
from marketing.domain.content import Capabilities, OutboundPost, fits
from marketing.domain.insights import Metric
from marketing.domain.types import ChannelName

KEPT_UNSEEN: Final = timedelta(hours=20)
"""Photos that nobody sees are made anew after so long: Meta keeps them for a day."""
ONE_TURN: Final = timedelta(minutes=2)
"""What is not uploaded by then waits for the next turn; a lease is longer."""
SOON: Final = timedelta(minutes=1)
LOOKED_THROUGH: Final = 5
PAGE: Final = 50
REFUSED: Final = "meta_duplicates"
COUNTABLE: Final = Countable(
    # what everybody sees comes with the post: `shares` is left out by Meta as long as there is none
    fields="id,shares,comments.limit(0).summary(total_count),reactions.limit(0).summary(total_count)",
    shown={
        Metric.SHARES: ("shares", "count"),
        Metric.COMMENTS: ("comments", "summary", "total_count"),
        Metric.REACTIONS: ("reactions", "summary", "total_count"),
    },
    metrics={
        Metric.REACH: "post_total_media_view_unique",
        Metric.VIEWS: "post_media_view",
        Metric.CLICKS: "post_clicks",
    },
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a post's note says: when it was first begun, and which photos lie there for it since when."""

    since: str
    made: str
    photos: tuple[str, ...] = ()

    @classmethod
    def of(cls, note: str, now: datetime) -> Self:
        """Read a note, or begin one."""
        if not note:
            return cls(now.isoformat(), now.isoformat())
        data: dict[str, Any] = json.loads(note)
        return cls(**{**data, "photos": tuple(data["photos"])})

    @property
    def note(self) -> str:
        """The note."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class FacebookDoor(MetaDoor):
    """The way to Pages."""

    @property
    def provider(self) -> SocialProvider:
        return SocialProvider.FACEBOOK

    def open(self, access: Access, memory: Memory) -> "FacebookPublisher":
        return FacebookPublisher(self, access, memory)

    def check(self, access: Access, now: datetime) -> str:  # noqa: ARG002  the port's
        return str(self.graph(access).read(access.remote_id, fields="name").get("name") or access.name)


class FacebookPublisher:
    """One Page."""

    name: ChannelName = ChannelName.FACEBOOK
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, door: FacebookDoor, access: Access, memory: Memory) -> None:
        self._door = door
        self._page = access.remote_id
        self._memory = memory
        self._graph: Graph = door.graph(access, memory)

    def prepare(self, post: OutboundPost, note: str) -> Ready | Preparing | Failed:
        if misfits := fits(post, self.capabilities).misfits:
            return Failed(post.key, "unsupported", " ".join(misfit.text for misfit in misfits))
        self._graph.rested()
        began = now = self._door.clock()
        kept = Kept.of(note, now)
        if datetime.fromisoformat(kept.made) + KEPT_UNSEEN < now:
            kept = replace(kept, made=now.isoformat(), photos=())
        for picture in post.pictures[len(kept.photos) :]:
            if self._door.clock() - began > ONE_TURN:
                return Preparing(kept.note, timedelta(0))
            try:
                photo = self._uploaded(Path(picture.path), picture.alt)
            except TemporaryError as error:
                if not kept.photos:
                    raise
                return Preparing(kept.note, error.retry_after)
            kept = replace(kept, photos=(*kept.photos, photo))
        return Ready(kept.note)

    def submit(self, post: OutboundPost, note: str) -> Published | Pending | InDoubt:
        said: dict[str, Any] = {"message": post.text, "fields": "id,permalink_url"}
        if photos := self._kept(note).photos:
            said["attached_media"] = [{"media_fbid": photo} for photo in photos]
        elif post.link:
            said["link"] = post.link
        try:
            answer = self._graph.publish(self._page, "feed", **said)
        except LostError as error:
            return InDoubt(post.key, str(error))
        except DuplicateError as error:
            return self._refused_as_known(post, note, str(error))
        except ReconnectError:
            raise
        except (
            PermanentError
        ):  # photos can be shown once: what refuses them now may be an earlier call that did it after all
            found = self.find(post, note)
            if isinstance(found, Absent):
                raise
            return found
        if not answer.get("id"):
            return InDoubt(post.key, "facebook_no_id")
        return self._standing(post, note, answer)

    def find(self, post: OutboundPost, note: str) -> Published | Pending | Absent | InDoubt:
        latest = self._latest(datetime.fromisoformat(self._kept(note).since))
        if latest is None:
            return InDoubt(post.key, "facebook_too_many_posts")
        for record in latest:
            if same_words(str(record.get("message") or ""), post.text):
                return self._standing(post, note, record)
        if any(post.link and post.link in str(record.get("message") or "") for record in latest):
            return InDoubt(post.key, "facebook_changed_words")
        if post.key in self._memory.read().get(REFUSED, []):
            return InDoubt(post.key, "facebook_duplicate")
        return Absent(post.key)

    def poll(self, post: OutboundPost, handle: str) -> Published | Pending:
        number = handle.partition(",")[0]
        permalink = self._graph.read(number, fields="id,permalink_url").get("permalink_url")
        return Published(post.key, handle, str(permalink)) if permalink else Pending(post.key, handle)

    def withdraw(self, handle: str) -> bool:
        """Take the post down, and its photos too: they may outlive it in the Page's album."""
        gone = [self._graph.delete(self._page, number) for number in handle.split(",")]
        return all(gone)

    def measure(self, handle: str, permalink: str) -> Measurement:  # noqa: ARG002  the port's
        return measure(self._graph, self._page, handle.partition(",")[0], COUNTABLE)

    def _uploaded(self, path: Path, alt: str) -> str:
        answer = self._graph.make(
            self._page,
            "photos",
            files={"source": (path.name, path.read_bytes(), "image/jpeg")},
            published=False,
            alt_text_custom=alt,
        )
        if not answer.get("id"):
            raise TemporaryError("facebook_no_id", SOON)
        return str(answer["id"])

    def _refused_as_known(self, post: OutboundPost, note: str, reason: str) -> Published | Pending | InDoubt:
        """Look for what Meta calls a duplicate; one that cannot be seen is for a person, never for another try."""
        known = [*self._memory.read().get(REFUSED, []), post.key]
        self._memory.keep(**{REFUSED: known[-20:]})
        found = self.find(post, note)
        return InDoubt(post.key, reason) if isinstance(found, Absent) else found

    def _latest(self, moment: datetime) -> list[Mapping[str, Any]] | None:
        """Return the Page's posts since the moment; None when there are more than are looked through."""
        found: list[Mapping[str, Any]] = []
        after: dict[str, str] = {}
        for _page in range(LOOKED_THROUGH):
            answer = self._graph.read(
                self._page, "published_posts", fields="id,message,permalink_url,created_time", limit=PAGE, **after
            )
            records = [record for record in answer.get("data") or [] if isinstance(record, dict)]
            recent = since(records, moment, "created_time")
            found += recent
            paging = answer.get("paging") or {}
            if len(recent) < len(records) or "next" not in paging:
                return found
            after = {"after": str(paging["cursors"]["after"])}
        return None

    def _standing(self, post: OutboundPost, note: str, record: Mapping[str, Any]) -> Published | Pending:
        handle = ",".join((str(record["id"]), *self._kept(note).photos))
        permalink = record.get("permalink_url")
        return Published(post.key, handle, str(permalink)) if permalink else Pending(post.key, handle)

    def _kept(self, note: str) -> Kept:
        return Kept.of(note, self._door.clock())
