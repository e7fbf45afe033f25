"""The rules of publishing on Instagram: containers with their life, the day's number, and what a picture must be."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from marketing.demo.simulators import graph_words as words
from marketing.demo.simulators.graph_insights import Counted, insights, unseen
from marketing.demo.simulators.graph_words import RefusalError, Words

LIFE: Final = timedelta(hours=24)
QUOTA_WINDOW: Final = timedelta(hours=24)
CAPTION, MENTIONS, HASHTAGS = 2_200, 20, 30
PICTURE_BYTES: Final = 8 * 1024 * 1024
MOST_CONTAINERS: Final = 400  # a day and account (content-publishing)
MEDIA_METRICS: Final = {
    "reach": "reach",
    "views": "views",
    "likes": "reactions",
    "comments": "comments",
    "shares": "shares",
    "saved": "saved",
    "total_interactions": "interactions",
}
"""What a picture's insights know; `impressions` and `plays` are refused since v22 (instagram-platform insights reference)."""


class Code(StrEnum):
    """How far a container is."""

    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    ERROR = "ERROR"
    EXPIRED = "EXPIRED"
    PUBLISHED = "PUBLISHED"


@dataclass(frozen=True)
class Picture:
    """What Meta gets when it fetches an address; `refusal` is what it says later of one it could not take."""

    kind: str = "JPEG"
    size: int = 300_000
    width: int = 1080
    height: int = 1080
    refusal: Words | None = None


@dataclass(slots=True)
class Container:
    """One container; `ready` is when its media has been fetched."""

    made: datetime
    ready: datetime
    caption: str = ""
    pictures: tuple[str, ...] = ()
    child: bool = False
    fault: Words | None = None
    published: bool = False


@dataclass(slots=True)
class Media:
    """What stands on the account."""

    caption: str
    pictures: tuple[str, ...]
    made: datetime


@dataclass
class InstagramRules:
    """One professional account with Facebook login; `fetch` is what an address holds, `may_delete` the right to delete."""

    number: str
    clock: Callable[[], datetime]
    numbers: Iterator[int]
    username: str = "dinas.umkm.tts"
    quota: int = 100
    hashtags: int = HASHTAGS
    takes: timedelta = timedelta(seconds=30)
    may_delete: bool = False
    unreadable: int = 0
    reachable: tuple[str, ...] = ("https://",)
    fetch: Callable[[str], Picture | None] = lambda _url: Picture()
    containers: dict[str, Container] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    went_out: list[datetime] = field(default_factory=list)
    counted: dict[str, Counted] = field(default_factory=dict)
    """What happened to a medium; for one that is not named, `crowd` says it by its number and age."""
    crowd: Callable[[str, timedelta], Counted] = unseen
    may_measure: bool = True
    likes_hidden: bool = False

    def owns(self, node: str) -> bool:
        """Return whether a node is the account or something of it; ids of Instagram begin so."""
        return node.startswith("17")

    def act(
        self, method: str, path: Sequence[str], fields: Mapping[str, Any], _parts: Mapping[str, bytes]
    ) -> dict[str, Any]:
        """Do one call; RefusalError says why not."""
        edges: dict[tuple[str, str], Callable[[], dict[str, Any]]] = {
            ("GET", ""): lambda: {"id": self.number, "username": self.username},
            ("POST", "media"): lambda: self._container(fields),
            ("GET", "media"): lambda: self._listed(fields),
            ("POST", "media_publish"): lambda: self._published(fields),
            ("GET", "content_publishing_limit"): self._limit,
        }
        node, edge = path[0], "/".join(path[1:])
        if node == self.number and (method, edge) in edges:
            return edges[method, edge]()
        if not edge and method == "GET" and node in self.containers:
            return self._status(node)
        if (method, edge) == ("GET", "insights") and node in self.media:
            if not self.may_measure:
                raise RefusalError(words.NO_IG_PERMISSION)
            age = self.clock() - self.media[node].made
            return insights(self._seen(node), MEDIA_METRICS, fields, age)
        if not edge and method in {"GET", "DELETE"} and node in self.media:
            return self._deleted(node) if method == "DELETE" else _chosen(self._described(node), fields)
        raise RefusalError(words.MISSING)

    def code(self, number: str) -> Code:
        """Return how far a container is now."""
        kept = self.containers[number]
        if kept.published:
            return Code.PUBLISHED
        if self.clock() - kept.made >= LIFE:
            return Code.EXPIRED
        if self.clock() < kept.ready:
            return Code.IN_PROGRESS
        return Code.ERROR if kept.fault else Code.FINISHED

    def _container(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        recent = [kept for kept in self.containers.values() if self.clock() - kept.made < QUOTA_WINDOW]
        if len(recent) >= MOST_CONTAINERS:
            raise RefusalError(words.IG_QUOTA)
        caption = str(fields.get("caption", ""))
        self._check_caption(caption)
        if fields.get("media_type") == "CAROUSEL":
            pictures, fault = self._children(fields.get("children")), None
        elif url := str(fields.get("image_url", "")):
            fault, pictures = self._fault_of(url), (url,)
        else:
            raise RefusalError(Words(100, "The parameter image_url is required"))
        number = str(next(self.numbers) + 17_900_000_000_000_000)
        child, now = bool(fields.get("is_carousel_item")), self.clock()
        self.containers[number] = Container(now, now + self.takes, caption, pictures, child, fault)
        return {"id": number}

    def _check_caption(self, caption: str) -> None:
        long = len(caption.encode("utf-16-le")) // 2 > CAPTION
        many = len(re.findall(r"#\w", caption)) > self.hashtags or len(re.findall(r"(?<!\w)@\w", caption)) > MENTIONS
        if long or many:
            raise RefusalError(words.IG_CAPTION)

    def _children(self, given: Any) -> tuple[str, ...]:
        children = [str(child) for child in given] if isinstance(given, list) else str(given or "").split(",")
        if not 2 <= len(children) <= 10:  # noqa: PLR2004  content-publishing: "up to 10"
            raise RefusalError(words.IG_CAROUSEL)
        kept = [self.containers.get(child) for child in children]
        if any(item is None or not item.child for item in kept):
            raise RefusalError(words.IG_GONE)
        if any(self.code(child) is not Code.FINISHED for child in children):
            raise RefusalError(words.IG_NOT_READY)
        return tuple(picture for item in kept if item is not None for picture in item.pictures)

    def _fault_of(self, url: str) -> Words | None:
        found = self.fetch(url) if url.startswith(self.reachable) else None
        if found is None:
            raise RefusalError(words.IG_FETCH)
        if found.kind != "JPEG":
            return words.IG_FORMAT
        if found.size > PICTURE_BYTES:
            return words.IG_LARGE
        if not 4 / 5 <= found.width / found.height <= 1.91:  # noqa: PLR2004  content-publishing, image specifications
            return words.IG_RATIO
        return found.refusal

    def _published(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        number = str(fields.get("creation_id", ""))
        kept = self.containers.get(number)
        if kept is None or kept.child:
            raise RefusalError(words.IG_GONE)
        refusals = {
            Code.PUBLISHED: words.IG_GONE,
            Code.EXPIRED: words.IG_EXPIRED,
            Code.IN_PROGRESS: words.IG_NOT_READY,
            Code.ERROR: kept.fault,
        }
        if (refused := refusals.get(self.code(number))) is not None:
            raise RefusalError(refused)
        if self._used() >= self.quota:
            raise RefusalError(words.IG_QUOTA)
        kept.published = True
        self.went_out.append(self.clock())
        media = str(next(self.numbers) + 17_800_000_000_000_000)
        self.media[media] = Media(kept.caption, kept.pictures, self.clock())
        return {"id": media}

    def _limit(self) -> dict[str, Any]:
        config = {"quota_total": self.quota, "quota_duration": int(QUOTA_WINDOW.total_seconds())}
        return {"data": [{"quota_usage": self._used(), "config": config}]}

    def _used(self) -> int:
        return sum(self.clock() - moment < QUOTA_WINDOW for moment in self.went_out)

    def _status(self, number: str) -> dict[str, Any]:
        if self.unreadable:  # an outage seen in May and June 2026: the container is there all the same
            self.unreadable -= 1
            raise RefusalError(words.MISSING)
        code, kept = self.code(number), self.containers[number]
        said = (
            f"{code.capitalize()}: Media upload has failed with error code {kept.fault.subcode}" if kept.fault else ""
        )
        return {"id": number, "status_code": code.value, "status": said or f"{code.capitalize()}: Media is ready."}

    def _listed(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        newest = [*reversed(self.media)][: int(fields.get("limit", 25))]
        return {"data": [_chosen(self._described(number), fields) for number in newest], "paging": {}}

    def _seen(self, number: str) -> Counted:
        return self.counted.get(number) or self.crowd(number, self.clock() - self.media[number].made)

    def _deleted(self, number: str) -> dict[str, Any]:
        if not self.may_delete:
            raise RefusalError(words.NO_IG_PERMISSION)
        del self.media[number]
        return {"success": True, "deleted_id": number}

    def _described(self, number: str) -> dict[str, Any]:
        media, seen = self.media[number], self._seen(number)
        likes = {} if self.likes_hidden else {"like_count": seen.reactions}
        return likes | {
            "comments_count": seen.comments,
            "id": number,
            "caption": media.caption,
            "timestamp": media.made.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "permalink": f"https://www.instagram.com/p/{int(number):x}/",
        }


def _chosen(record: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {"id", *str(fields.get("fields", "id")).split(",")}
    unknown = wanted - set(record) - {"like_count"}  # left out where the owner hides likes
    if unknown:
        raise RefusalError(Words(100, f"Tried accessing nonexisting field ({min(unknown)})"))
    return {name: value for name, value in record.items() if name in wanted}
