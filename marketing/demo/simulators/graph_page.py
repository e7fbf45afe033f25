"""The rules of a Facebook Page: posts, photos that nobody sees until a post shows them, duplicates, deleting."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from marketing.demo.simulators import graph_words as words
from marketing.demo.simulators.graph_insights import Counted, insights, unseen
from marketing.demo.simulators.graph_words import RefusalError, Words

PHOTO_BYTES: Final = 4 * 1024 * 1024  # the least of what is told (subcode 1366046)
UNSEEN_LIFE: Final = timedelta(hours=24)
LIMIT: Final = 100
POST_METRICS: Final = {
    "post_total_media_view_unique": "reach",
    "post_media_view": "views",
    "post_clicks": "clicks",
    "post_reactions_by_type_total": "by_type",
}
"""What a Page post's insights know since 15 June 2026; `post_impressions*` is refused since then (channels.md A.4)."""


@dataclass(slots=True)
class Photo:
    """One photo; `post` shows it, nobody sees it before."""

    made: datetime
    post: str = ""


@dataclass(slots=True)
class PagePost:
    """One post of the Page."""

    message: str
    link: str
    photos: tuple[str, ...]
    made: datetime


@dataclass
class PageRules:
    """One Page; `scrapes` are the links that Facebook's reader can open, all of them unless it is told."""

    number: str
    clock: Callable[[], datetime]
    numbers: Iterator[int]
    name: str = "Dinas Perindagkop UMKM TTS"
    posts: dict[str, PagePost] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    scrapes: Callable[[str], bool] = lambda _link: True
    counted: dict[str, Counted] = field(default_factory=dict)
    """What happened to a post; for one that is not named, `crowd` says it by its number and age."""
    crowd: Callable[[str, timedelta], Counted] = unseen
    may_measure: bool = True

    def act(
        self, method: str, path: Sequence[str], fields: Mapping[str, Any], parts: Mapping[str, bytes]
    ) -> dict[str, Any]:
        """Do one call; RefusalError says why not."""
        edges: dict[tuple[str, str], Callable[[], dict[str, Any]]] = {
            ("GET", ""): lambda: {"id": self.number, "name": self.name},
            ("POST", "feed"): lambda: self._post(fields),
            ("POST", "photos"): lambda: self._photo(fields, parts),
            ("GET", "published_posts"): lambda: self._listed(fields),
        }
        node, edge = path[0], "/".join(path[1:])
        if node == self.number and (method, edge) in edges:
            return edges[method, edge]()
        if (method, edge) == ("GET", "insights") and node in self.posts:
            if not self.may_measure:
                raise RefusalError(words.NO_INSIGHTS)
            return insights(self._seen(node), POST_METRICS, fields, self.clock() - self.posts[node].made)
        if edge or node not in (*self.posts, *self.photos) or method not in {"GET", "DELETE"}:
            raise RefusalError(words.MISSING)
        if method == "DELETE":
            return self._deleted(node)
        if node not in self.posts:
            return {"id": node}
        return self._chosen(self._described(node) | self._engaged(node), fields)

    def _engaged(self, number: str) -> dict[str, Any]:
        """Return what every reader sees; Meta leaves `shares` out while there is none."""
        seen = self._seen(number)
        edges = {
            name: {"data": [], "summary": {"total_count": getattr(seen, name)}} for name in ("comments", "reactions")
        }
        return edges | ({"shares": {"count": seen.shares}} if seen.shares else {})

    def _seen(self, number: str) -> Counted:
        return self.counted.get(number) or self.crowd(number, self.clock() - self.posts[number].made)

    def _post(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        message, link = str(fields.get("message", "")), str(fields.get("link", ""))
        media = fields.get("attached_media") or []
        photos = tuple(str(item.get("media_fbid", "")) if isinstance(item, dict) else "" for item in media)
        if not (message or link or photos):
            raise RefusalError(words.NOTHING_TO_POST)
        for photo in photos:
            kept = self.photos.get(photo)
            if kept is None or kept.post or self.clock() - kept.made > UNSEEN_LIFE:
                raise RefusalError(words.BAD_MEDIA)
        if link and not (link.startswith("https://") and self.scrapes(link)):
            raise RefusalError(words.LINK)
        last = next(reversed(self.posts.values()), None)
        if last is not None and message and last.message == message:
            raise RefusalError(words.DUPLICATE)  # "duplicate posts cannot be published consecutively"
        number = f"{self.number}_{next(self.numbers) + 122_000_000_000}"
        self.posts[number] = PagePost(message, link, photos, self.clock())
        for photo in photos:
            self.photos[photo].post = number
        return self._chosen(self._described(number), fields)

    def _photo(self, fields: Mapping[str, Any], parts: Mapping[str, bytes]) -> dict[str, Any]:
        if "url" not in fields and "source" not in parts:
            raise RefusalError(words.BAD_PHOTO)
        if "source" in parts:
            _check_photo(parts["source"])
        number = str(next(self.numbers) + 900_000_000_000)
        self.photos[number] = Photo(self.clock())
        if fields.get("published", True):
            posted = self._post({"message": fields.get("caption", ""), "attached_media": [{"media_fbid": number}]})
            return {"id": number, "post_id": posted["id"]}
        return {"id": number}

    def _listed(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        limit, begin = min(int(fields.get("limit", 25)), LIMIT), int(fields.get("after", 0) or 0)
        newest = [*reversed(self.posts)]
        shown = newest[begin : begin + limit]
        paging: dict[str, Any] = {"cursors": {"before": str(begin), "after": str(begin + len(shown))}}
        if begin + limit < len(newest):
            paging["next"] = "https://graph.facebook.com/next"
        return {"data": [self._chosen(self._described(number), fields) for number in shown], "paging": paging}

    def _deleted(self, node: str) -> dict[str, Any]:
        if node in self.posts:
            for photo in self.posts.pop(node).photos:
                self.photos[photo].post = ""
        else:
            del self.photos[node]
        return {"success": True}

    def _described(self, number: str) -> dict[str, Any]:
        post = self.posts[number]
        return {
            "id": number,
            "message": post.message,
            "created_time": post.made.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "permalink_url": f"https://www.facebook.com/{number.replace('_', '/posts/')}",
        }

    @staticmethod
    def _chosen(record: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
        wanted = {"id", *(name.partition(".")[0] for name in str(fields.get("fields", "id")).split(","))}
        unknown = wanted - {"id", "message", "created_time", "permalink_url", "shares", "comments", "reactions"}
        if unknown:
            raise RefusalError(Words(100, f"Tried accessing nonexisting field ({min(unknown)})"))
        return {name: value for name, value in record.items() if name in wanted}


def _check_photo(content: bytes) -> None:
    if len(content) > PHOTO_BYTES:
        raise RefusalError(words.LARGE_PHOTO)
    try:
        with Image.open(BytesIO(content)) as picture:
            if picture.format not in {"JPEG", "PNG"}:
                raise RefusalError(words.LARGE_PHOTO)
    except (UnidentifiedImageError, OSError):
        raise RefusalError(words.BAD_PHOTO) from None
