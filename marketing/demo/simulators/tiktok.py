"""A TikTok that keeps the Content Posting API's rules: tokens, scopes, verified addresses, drafts and posts, limits, webhooks.

Written from developers.tiktok.com (oauth-user-access-token-management, content-posting-api-reference-photo-post,
-query-creator-info, -get-video-status, content-sharing-guidelines, webhooks-events, webhooks-verification), read 22 Nov 2026.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from marketing.demo.simulators.consent import ConsentPage
from marketing.demo.simulators.server import Asked, Fault, ProviderServer, Reply

CLIENT_KEY: Final = "aw4dinasumkm7exmpl"
CLIENT_SECRET: Final = "Qm7vT2xWcN9rLk4sZp1aYh6e"  # noqa: S105  an invented one
OPEN_ID: Final = "_000qXj3Dinas-UmkmTts"
TOKEN: Final = "act.u4Qe9dinasUmkmContoh7R2w!6182.s1"  # noqa: S105
REFRESH: Final = "rft.k8Wc2dinasUmkmContoh5T9z!6183.s1"
BACKS: Final = ("https://siar.example/tiktok-kembali", "https://siar.example/kanal/media-sosial/tiktok/kembali")
PREFIXES: Final[tuple[str, ...]] = ("https://umkm.ttskab.example/", "https://siar.example/")
UPLOAD, PUBLISH, BASIC, LIST = "video.upload", "video.publish", "user.info.basic", "video.list"
FIGURES: Final = ("id", "view_count", "like_count", "comment_count", "share_count")
VIDEO_QUERIES, QUERIED = 600, 20  # a minute; numbers in one call
ACCESS_LIFE, REFRESH_LIFE = timedelta(hours=24), timedelta(days=365)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
DOWNLOADING, MODERATED = timedelta(seconds=90), timedelta(minutes=3)
INITS, QUERIES, FETCHES = 6, 20, 30  # a minute and user token
POSTS, DRAFTS, UNAUDITED_USERS = 15, 5, 5  # in 24 hours
PHOTOS, TITLE, DESCRIPTION = 35, 90, 4_000  # lengths in UTF-16 units
PUBLIC_OFFERS: Final = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
PRIVATE_OFFERS: Final = ("FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
WORDS: Final[Mapping[Fault, tuple[int, str]]] = {
    Fault.RATE: (429, "rate_limit_exceeded"),
    Fault.DAILY: (403, "spam_risk_too_many_posts"),
    Fault.PERMISSION: (401, "scope_not_authorized"),
    Fault.ADDRESS: (403, "url_ownership_unverified"),
    Fault.TOKEN: (401, "access_token_invalid"),
    Fault.POLICY: (403, "spam_risk_user_banned_from_posting"),
    Fault.BUSY: (500, "internal_error"),
}


class RefusalError(Exception):
    """An answer that says no, in TikTok's form."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.reply = Reply({"data": {}, "error": _said(code, message)}, status)


@dataclass(slots=True)
class Creator:
    """A TikTok account; a business with an account of its own has a public one."""

    open_id: str
    username: str = "umkm_tts"
    nickname: str = "UMKM TTS"
    private: bool = False
    comment_disabled: bool = False
    banned: bool = False


@dataclass(slots=True)
class Grant:
    """What a token allows."""

    open_id: str
    scopes: frozenset[str]
    until: datetime


@dataclass(slots=True)
class Share:
    """One photo post on its way; `finished` is when a person posted the draft, or when a direct post went up."""

    number: str
    open_id: str
    body: dict[str, Any]
    at: datetime
    status: str = "PROCESSING_DOWNLOAD"
    fail_reason: str = ""
    finished: datetime | None = None
    post_id: int = 0

    @property
    def direct(self) -> bool:
        """Whether it needs no person."""
        return bool(self.body["post_mode"] == "DIRECT_POST")

    @property
    def everybody(self) -> bool:
        """Whether it is for everybody, so that moderation gives it a public number."""
        return not self.direct or self.body["post_info"]["privacy_level"] == "PUBLIC_TO_EVERYONE"


class TikTokServer(ProviderServer):
    """One app, the accounts that let it in, and what it made there."""

    def __init__(self, port: int = 0) -> None:
        """Begin with one public account whose token allows drafts and direct posts of an audited app."""
        super().__init__(port)
        self.creators = {OPEN_ID: Creator(OPEN_ID)}
        self.grants = {TOKEN: Grant(OPEN_ID, frozenset({UPLOAD, PUBLISH, BASIC}), self.now + ACCESS_LIFE)}
        self.refreshes = {REFRESH: Grant(OPEN_ID, frozenset({UPLOAD, PUBLISH, BASIC}), self.now + REFRESH_LIFE)}
        self.shares: dict[str, Share] = {}
        self.audited = True
        self.rotates = True
        self.posts_a_day = POSTS
        self.verified: tuple[str, ...] = PREFIXES
        """The addresses of which the office has shown that they are its own."""
        self.unreachable: set[str] = set()
        self.seen: dict[int, dict[str, Any]] = {}
        """What people did with a post, by its public number, in TikTok's own fields."""
        self.webhooks: list[tuple[str, bytes]] = []
        """What was sent to the callback address: header TikTok-Signature and raw body, in order."""
        self.consent = ConsentPage(CLIENT_KEY, "TikTok", set(BACKS), "client_key", proves=True)
        self.agreeing = OPEN_ID
        self._calls: dict[tuple[str, str], list[datetime]] = defaultdict(list)
        self._numbers = count(7_300_000_000_000_000_001)

    @property
    def drafts(self) -> list[Share]:
        """What waits in inboxes, or is on its way there."""
        return [share for share in self._all() if not share.direct and not share.finished and share.status != "FAILED"]

    @property
    def posts(self) -> list[Share]:
        """What stands on profiles, or is on its way there."""
        return [share for share in self._all() if (share.direct or share.finished) and share.status != "FAILED"]

    def finish(self, number: str) -> None:
        """Do what the person with the phone does: post a draft from the inbox."""
        self._all()
        share = self.shares[number]
        assert share.status == "SEND_TO_USER_INBOX"
        share.status, share.finished = "PUBLISH_COMPLETE", self.now
        self._tell("post.publish.complete", share)

    def agree(self, entrance: str, open_id: str = OPEN_ID) -> str:
        """Do what the owner does on TikTok's page: agree to what is asked for. Returns the address the browser is sent to."""
        self.agreeing = open_id
        return self.consent.decided(entrance, self.now)

    def revoke(self, open_id: str = OPEN_ID) -> None:
        """Do what the owner does under “Manage app permissions”: let the app in no more."""
        self.grants = {token: grant for token, grant in self.grants.items() if grant.open_id != open_id}
        self.refreshes = {token: grant for token, grant in self.refreshes.items() if grant.open_id != open_id}
        self._send("authorization.removed", open_id, {"reason": 1})

    def signed(self, body: bytes, at: datetime) -> str:
        """Return the header TikTok-Signature of a body sent at a time."""
        moment = int(at.timestamp())
        digest = hmac.new(CLIENT_SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        return f"t={moment},s={digest}"

    def refuse(self, fault: Fault) -> Reply:
        """Say a fault in TikTok's words."""
        return RefusalError(*WORDS[fault]).reply

    def answer(self, asked: Asked) -> Reply:
        """Do what a call asks for, or say why not."""
        if asked.path == "/v2/oauth/token/":
            return self._token(asked)
        if asked.path == "/v2/auth/authorize/":
            return self.consent.answer(asked, self.now)
        acts: dict[tuple[str, str], Callable[[Grant, Asked], dict[str, Any]]] = {
            ("GET", "/v2/user/info/"): self._user,
            ("POST", "/v2/post/publish/creator_info/query/"): self._creator_info,
            ("POST", "/v2/post/publish/content/init/"): self._init,
            ("POST", "/v2/post/publish/status/fetch/"): self._status,
            ("POST", "/v2/video/query/"): self._figures,
        }
        act = acts.get((asked.method, asked.path))
        if act is None:
            return RefusalError(404, "invalid_params", "Unsupported path(Janus)").reply
        try:
            return Reply({"data": act(self._granted(asked), asked), "error": _said("ok")})
        except RefusalError as refusal:
            return refusal.reply

    def _granted(self, asked: Asked) -> Grant:
        grant = self.grants.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if grant is None or grant.until <= self.now:
            raise RefusalError(401, "access_token_invalid", "The access token is invalid or not found in the request.")
        return grant

    def _token(self, asked: Asked) -> Reply:
        """Trade a code, once, or a refresh token; refusals have the form of RFC 6749 and the status 200."""
        given = dict(parse_qsl(asked.body.decode("utf-8", "replace")))
        if "x-www-form-urlencoded" not in asked.headers.get("content-type", ""):
            return _refused("invalid_request", "Only `application/x-www-form-urlencoded` is accepted as Content-Type.")
        if (given.get("client_key"), given.get("client_secret")) != (CLIENT_KEY, CLIENT_SECRET):
            return _refused("invalid_client", "Client key or secret is incorrect.")
        if given.get("grant_type") == "authorization_code":
            agreed = self.consent.trade(given, self.now)
            if agreed is None:
                return _refused("invalid_grant", "Authorization code is expired.")
            fresh = Grant(self.agreeing, agreed.scopes, self.now + REFRESH_LIFE)
            return self._pair(fresh, f"rft.baru{next(self._numbers)}!6183.s1")
        if given.get("grant_type") != "refresh_token":
            return _refused("unsupported_grant_type", "Grant type is not supported.")
        old = given.get("refresh_token", "")
        grant = self.refreshes.get(old)
        if grant is None or grant.until <= self.now:
            return _refused("invalid_grant", "Refresh token is invalid or expired.")
        if not self.rotates:
            return self._pair(grant, old)
        del self.refreshes[old]
        return self._pair(grant, f"rft.baru{next(self._numbers)}!6183.s1")

    def _pair(self, grant: Grant, refresh: str) -> Reply:
        token = f"act.baru{next(self._numbers)}!6182.s1"
        self.grants[token] = Grant(grant.open_id, grant.scopes, self.now + ACCESS_LIFE)
        self.refreshes[refresh] = grant
        return Reply({
            "access_token": token, "expires_in": int(ACCESS_LIFE.total_seconds()), "open_id": grant.open_id,
            "refresh_token": refresh, "refresh_expires_in": int((grant.until - self.now).total_seconds()),
            "scope": ",".join(sorted(grant.scopes)), "token_type": "Bearer",
        })  # fmt: skip

    def _user(self, grant: Grant, asked: Asked) -> dict[str, Any]:
        _must(grant, BASIC)
        creator = self.creators[grant.open_id]
        facts = {"open_id": grant.open_id, "display_name": creator.nickname}
        return {"user": {name: facts[name] for name in asked.one("fields").split(",") if name in facts}}

    def _creator_info(self, grant: Grant, _asked: Asked) -> dict[str, Any]:
        _must(grant, PUBLISH)
        self._limit(grant, "creator", QUERIES)
        creator = self.creators[grant.open_id]
        self._may_post(creator, status=200)  # this call says "no" with the status 200
        return {
            "creator_avatar_url": "https://p16-sign.tiktokcdn.example/a.webp",
            "creator_username": creator.username,
            "creator_nickname": creator.nickname,
            "privacy_level_options": list(PRIVATE_OFFERS if creator.private else PUBLIC_OFFERS),
            "comment_disabled": creator.comment_disabled,
            "duet_disabled": True,
            "stitch_disabled": True,
            "max_video_post_duration_sec": 600,
        }

    def _init(self, grant: Grant, asked: Asked) -> dict[str, Any]:
        body = asked.json
        mode = body.get("post_mode")
        if body.get("media_type") != "PHOTO" or mode not in {"DIRECT_POST", "MEDIA_UPLOAD"}:
            raise RefusalError(400, "invalid_params", "media_type or post_mode is invalid")
        _must(grant, PUBLISH if mode == "DIRECT_POST" else UPLOAD)
        self._limit(grant, "init", INITS)
        creator, info = self.creators[grant.open_id], body.get("post_info") or {}
        if _length(info.get("title")) > TITLE or _length(info.get("description")) > DESCRIPTION:
            raise RefusalError(400, "invalid_params", "title or description is too long")
        pictures = _pictures(body.get("source_info") or {})
        if not all(picture.startswith(self.verified) for picture in pictures):
            raise RefusalError(
                403, "url_ownership_unverified", "Please verify the ownership of the URL prefix or domain."
            )
        if mode == "DIRECT_POST":
            self._may_post(creator, status=403)
            self._may_show(creator, str(info.get("privacy_level")))
        elif (
            self._in_a_day(lambda share: not share.direct and not share.finished and share.open_id == grant.open_id)
            >= DRAFTS
        ):
            raise RefusalError(403, "spam_risk_too_many_pending_share")
        number = f"p_{'pub' if mode == 'DIRECT_POST' else 'inbox'}_url~v2.{next(self._numbers)}"
        self.shares[number] = Share(number, grant.open_id, body, self.now)
        return {"publish_id": number}

    def _status(self, grant: Grant, asked: Asked) -> dict[str, Any]:
        if not grant.scopes & {UPLOAD, PUBLISH}:
            raise RefusalError(401, "scope_not_authorized")
        self._limit(grant, "status", FETCHES)
        self._all()
        share = self.shares.get(str(asked.json.get("publish_id")))
        if share is None:
            raise RefusalError(400, "invalid_publish_id", "The publish_id does not exist")
        if share.open_id != grant.open_id:
            raise RefusalError(400, "token_not_authorized_for_specified_publish_id")
        data: dict[str, Any] = {
            "status": share.status,
            "publicaly_available_post_id": [share.post_id] if share.post_id else [],
        }
        if share.status == "FAILED":
            data["fail_reason"] = share.fail_reason
        return data | {"downloaded_bytes": 184_320}

    def _figures(self, grant: Grant, asked: Asked) -> dict[str, Any]:
        """Show the account's own public posts by their numbers (tiktok-api-v2-video-query); others are left out."""
        _must(grant, LIST)
        self._limit(grant, "query", VIDEO_QUERIES)
        fields, numbers = asked.one("fields").split(","), (asked.json.get("filters") or {}).get("video_ids")
        if not set(fields) <= set(FIGURES) or not isinstance(numbers, list) or not 0 < len(numbers) <= QUERIED:
            raise RefusalError(400, "invalid_params", "fields or video_ids is invalid")
        found = []
        for share in self._all():
            if share.open_id == grant.open_id and share.post_id and str(share.post_id) in numbers:
                seen = {"id": str(share.post_id)} | self.seen.get(share.post_id, dict.fromkeys(FIGURES[1:], 0))
                found.append({name: seen[name] for name in fields if name in seen})
        return {"videos": found}

    def _may_post(self, creator: Creator, status: int) -> None:
        if creator.banned:
            raise RefusalError(status, "spam_risk_user_banned_from_posting")
        if self._in_a_day(lambda share: share.direct and share.open_id == creator.open_id) >= self.posts_a_day:
            raise RefusalError(status, "spam_risk_too_many_posts")
        users = {share.open_id for share in self.shares.values() if share.direct and self.now - share.at < DAY}
        if not self.audited and len(users | {creator.open_id}) > UNAUDITED_USERS:
            raise RefusalError(status, "reached_active_user_cap")

    def _may_show(self, creator: Creator, privacy: str) -> None:
        if privacy not in (PRIVATE_OFFERS if creator.private else PUBLIC_OFFERS):
            raise RefusalError(403, "privacy_level_option_mismatch")
        if not self.audited and not (creator.private and privacy == "SELF_ONLY"):
            raise RefusalError(403, "unaudited_client_can_only_post_to_private_accounts")

    def _in_a_day(self, wanted: Callable[[Share], bool]) -> int:
        return sum(
            self.now - share.at < DAY and share.status != "FAILED" and wanted(share) for share in self.shares.values()
        )

    def _limit(self, grant: Grant, name: str, most: int) -> None:
        calls = self._calls[grant.open_id, name]
        calls[:] = [at for at in calls if self.now - at < MINUTE]
        if len(calls) >= most:
            raise RefusalError(429, "rate_limit_exceeded")
        calls.append(self.now)

    def _all(self) -> list[Share]:
        """Bring every share to where it is by now."""
        for share in self.shares.values():
            if share.status == "PROCESSING_DOWNLOAD" and self.now - share.at >= DOWNLOADING:
                self._downloaded(share)
            if share.finished and share.everybody and not share.post_id and self.now - share.finished >= MODERATED:
                share.post_id = next(self._numbers)
                self._tell("post.publish.publicly_available", share, post_id=str(share.post_id))
        return list(self.shares.values())

    def _downloaded(self, share: Share) -> None:
        pictures = share.body["source_info"]["photo_images"]
        if self.unreachable & set(pictures):
            share.status, share.fail_reason = "FAILED", "photo_pull_failed"
        elif not all(urlsplit(picture).path.lower().endswith((".jpg", ".jpeg", ".webp")) for picture in pictures):
            share.status, share.fail_reason = "FAILED", "file_format_check_failed"
        elif share.direct:
            share.status, share.finished = "PUBLISH_COMPLETE", share.at + DOWNLOADING
        else:
            share.status = "SEND_TO_USER_INBOX"
        event = {"FAILED": "failed", "PUBLISH_COMPLETE": "complete", "SEND_TO_USER_INBOX": "inbox_delivered"}[
            share.status
        ]
        self._tell(f"post.publish.{event}", share, **({"reason": share.fail_reason} if share.fail_reason else {}))

    def _tell(self, event: str, share: Share, **more: str) -> None:
        kind = "DIRECT_PUBLISH" if share.direct else "INBOX_SHARE"
        self._send(event, share.open_id, {"publish_id": share.number, "publish_type": kind, **more})

    def _send(self, event: str, open_id: str, content: Mapping[str, object]) -> None:
        body = json.dumps({
            "client_key": CLIENT_KEY, "event": event, "create_time": int(self.now.timestamp()), "user_openid": open_id,
            "content": json.dumps(content),
        }).encode()  # fmt: skip
        self.webhooks.append((self.signed(body, self.now), body))


def _said(code: str, message: str = "") -> dict[str, str]:
    return {"code": code, "message": message, "log_id": "20261122103000010190172035F1A2B3C4"}


def _refused(error: str, words: str) -> Reply:
    return Reply({"error": error, "error_description": words, "log_id": "20261122103000010190172035F1A2B3C4"})


def _must(grant: Grant, scope: str) -> None:
    if scope not in grant.scopes:
        raise RefusalError(401, "scope_not_authorized", "The user did not authorize the scope required.")


def _pictures(source: Mapping[str, Any]) -> list[str]:
    pictures = source.get("photo_images")
    if source.get("source") != "PULL_FROM_URL" or not isinstance(pictures, list) or not 1 <= len(pictures) <= PHOTOS:
        raise RefusalError(400, "invalid_params", "source_info is invalid")
    if not 0 <= int(source.get("photo_cover_index", -1)) < len(pictures):
        raise RefusalError(400, "invalid_params", "photo_cover_index is invalid")
    return [str(picture) for picture in pictures]


def _length(text: object) -> int:
    return len(str(text or "").encode("utf-16-le", "surrogatepass")) // 2
