"""A TikTok account as a Publisher of photo posts: a draft in the inbox that a person finishes, or, audited, a direct post.

TikTok pulls the pictures from our own verified domain. Its API has no key of idempotency, lists no drafts and deletes nothing,
and the number of a post comes only with the answer of the one call: when that is lost, a person looks into the app.
"""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from limits import RateLimitItemPerMinute

from marketing.channels.base import (
    AwaitingHuman,
    Failed,
    InDoubt,
    Pending,
    PollOutcome,
    Published,
    Ready,
)
from marketing.channels.errors import PermanentError, ReconnectError
from marketing.channels.measuring import Measured, Measurement, Missing, Unmeasured
from marketing.channels.pace import Limit, Pace
from marketing.channels.social import Access, Memory, Registration, SocialProvider
from marketing.channels.tiktok.client import CREATOR, DIRECT, FIGURES, INIT, MODE, QUERY, STATUS, TikTokClient
from marketing.channels.tiktok.errors import ScopeError, UnclearError, failure
from marketing.channels.tiktok.payload import CAPABILITIES
from marketing.domain.content import Capabilities, OutboundPost, fits
from marketing.domain.insights import Metric, counts
from marketing.domain.types import ChannelName
from marketing.i18n import N_
from marketing.i18n import gettext as _

PRIVACY: Final = "privacy"
PUBLIC: Final = "PUBLIC_TO_EVERYONE"
COMMENTS: Final = "comments"
USERNAME: Final = "username"
UNSEEN: Final = "unseen"
UNSEEN_EVERY: Final = timedelta(minutes=10)
UNSEEN_TIMES: Final = 36
"""So often a published post without a public number is asked about again: moderation "may take a few hours"."""
UNSEEN_KEPT: Final = 20
PER_INIT: Final = RateLimitItemPerMinute(6)
PER_CREATOR: Final = RateLimitItemPerMinute(20)
PER_STATUS: Final = RateLimitItemPerMinute(30)
PER_QUERY: Final = RateLimitItemPerMinute(60)  # a tenth of what TikTok allows (tiktok-api-v2-rate-limit, 4 Aug 2026)
COUNTED: Final = {
    Metric.VIEWS: "view_count",
    Metric.REACTIONS: "like_count",
    Metric.COMMENTS: "comment_count",
    Metric.SHARES: "share_count",
}
_PUBLIC_NUMBER: Final = re.compile(r"/(?:photo|video)/(\d{6,20})(?![\d])")
_STEP_AFTER: Final = N_(
    "TikTok tidak lagi memberi kabar tentang kiriman ini. Buka aplikasi TikTok akun Dinas, periksa Kotak Masuk dan profil, posting "
    "bila belum tayang, lalu tempel tautannya di sini."
)


@dataclass(frozen=True, slots=True)
class TikTokDoor:
    """The way to TikTok with the office's own app; an empty host is TikTok's own."""

    pace: Pace
    client_key: str
    client_secret: str = field(repr=False)
    host: str = ""
    timeout_seconds: float = 20.0

    @property
    def provider(self) -> SocialProvider:
        return SocialProvider.TIKTOK

    @property
    def pulls_from(self) -> tuple[str, ...]:
        """How an address begins from which pictures are pulled; a TikTok on this machine, in a rehearsal, reaches this machine."""
        here = self.host.startswith(("http://127.0.0.1:", "http://localhost:"))
        return ("https://", "http://127.0.0.1:", "http://localhost:") if here else ("https://",)

    @property
    def client(self) -> TikTokClient:
        return TikTokClient(Registration(self.client_key, self.client_secret, self.host), self.timeout_seconds)

    def open(self, access: Access, memory: Memory) -> "TikTokPublisher":
        return TikTokPublisher(self, access, memory)

    def renew(self, access: Access, now: datetime) -> Access:
        return self.client.renewed(access, now)

    def check(self, access: Access, now: datetime) -> str:  # noqa: ARG002  the port's
        """Ask by what the account's scopes allow: creator_info needs video.publish, which only direct posting has."""
        if access.settings.get(MODE) != DIRECT:
            return self.client.user_name(access)
        creator = self.client.ask(CREATOR, access, {})
        _privacy(access, creator)
        return str(creator.get("creator_nickname") or access.name)


class TikTokPublisher:
    """One account."""

    name: ChannelName = ChannelName.TIKTOK

    def __init__(self, door: TikTokDoor, access: Access, memory: Memory) -> None:
        self._door = door
        self._access = access
        self._memory = memory
        self._direct = access.settings.get(MODE) == DIRECT
        by_hand = CAPABILITIES
        self.capabilities: Capabilities = (
            replace(by_hand, needs_human=False, human_step="") if self._direct else by_hand
        )

    def prepare(self, post: OutboundPost, note: str) -> Ready | Failed:  # noqa: ARG002  nothing is kept from an earlier try
        if misfits := fits(post, self.capabilities).misfits:
            return Failed(post.key, "unsupported", " ".join(misfit.text for misfit in misfits))
        if not all(picture.url.startswith(self._door.pulls_from) for picture in post.pictures):
            words = _("TikTok mengambil gambar dari situs kita, jadi SIAR_PUBLIC_URL harus dimulai dengan https://.")
            return Failed(post.key, "not_public", words)
        if not self._direct:
            self._take(PER_INIT)
            return Ready()
        self._take(PER_INIT, PER_CREATOR)
        creator = self._door.client.ask(CREATOR, self._access, {})
        self._memory.keep(**{USERNAME: str(creator.get("creator_username") or "")})
        comments = bool(self._access.settings.get(COMMENTS)) and not creator.get("comment_disabled")
        return Ready(json.dumps({PRIVACY: _privacy(self._access, creator), COMMENTS: comments}))

    def submit(self, post: OutboundPost, note: str) -> Pending | InDoubt:
        body: dict[str, Any] = {
            "media_type": "PHOTO",
            "post_mode": "DIRECT_POST" if self._direct else "MEDIA_UPLOAD",
            "post_info": {"title": post.title, "description": post.text},
            "source_info": {
                "source": "PULL_FROM_URL",
                "photo_cover_index": 0,
                "photo_images": [picture.url for picture in post.pictures],
            },
        }
        if self._direct:
            chosen = json.loads(note)
            body["post_info"] |= {
                "privacy_level": chosen[PRIVACY],
                "disable_comment": not chosen[COMMENTS],
                "brand_content_toggle": False,
                "brand_organic_toggle": bool(self._access.settings.get("brand_organic")),
            }
        try:
            number = self._door.client.post(INIT, self._access, body).get("publish_id")
        except UnclearError as error:
            return InDoubt(post.key, str(error))
        return (
            Pending(post.key, number) if isinstance(number, str) and number else InDoubt(post.key, "tiktok_no_number")
        )

    def find(self, post: OutboundPost, note: str) -> InDoubt:  # noqa: ARG002  the port's
        return InDoubt(post.key, "tiktok_cannot_tell")

    def poll(self, post: OutboundPost, handle: str) -> PollOutcome:
        self._take(PER_STATUS)
        try:
            data = self._door.client.ask(STATUS, self._access, {"publish_id": handle})
        except ReconnectError:
            raise
        except PermanentError:
            return AwaitingHuman(post.key, handle, _(_STEP_AFTER))
        match data.get("status"):
            case "SEND_TO_USER_INBOX":
                return AwaitingHuman(post.key, handle, _(CAPABILITIES.human_step))
            case "PUBLISH_COMPLETE":
                return self._complete(post, handle, data.get("publicaly_available_post_id"))
            case "FAILED":
                reason = str(data.get("fail_reason") or "")
                return Failed(post.key, f"tiktok_{reason}", failure(reason))
            case _:
                return Pending(post.key, handle)

    def withdraw(self, handle: str) -> bool:  # noqa: ARG002  the API has no delete
        return False

    def measure(self, handle: str, permalink: str) -> Measurement:  # noqa: ARG002  the number of a post is not its public one
        """Ask by the public number (tiktok-api-v2-video-query), which a post for few, or a draft posted by hand, may not have."""
        found = _PUBLIC_NUMBER.search(permalink)
        if not self._access.settings.get(FIGURES):
            return Unmeasured(_("Izin membaca angka TikTok tidak diminta saat akun ini dihubungkan."))
        if found is None:
            return Unmeasured(_("Kiriman TikTok ini tidak punya nomor publik, jadi angkanya tidak dapat ditanyakan."))
        self._take(PER_QUERY)
        number, fields = found[1], ",".join(("id", *COUNTED.values()))
        try:
            body = {"filters": {"video_ids": [number]}}
            data = self._door.client.ask(QUERY, self._access, body, (("fields", fields),))
        except ScopeError as error:  # closes no account: posts still go out
            return Unmeasured(str(error))
        except ReconnectError:
            raise
        except PermanentError as error:
            return Unmeasured(str(error))
        listed = data.get("videos")
        records = listed if isinstance(listed, list) else []
        ours = [one for one in records if isinstance(one, dict) and str(one.get("id")) == number]
        if not ours:  # taken down, or for fewer people than everybody
            return Missing(sure=False)
        return Measured(counts((metric, ours[0].get(name)) for metric, name in COUNTED.items()))

    def _complete(self, post: OutboundPost, handle: str, numbers: object) -> Published | Pending | AwaitingHuman:
        """Say where a post stands; its number comes after moderation, and never for one that not everybody may see."""
        kept = self._memory.read()
        name, unseen = str(kept.get(USERNAME, "")), dict(kept.get(UNSEEN, {}))
        if not name:  # whoever finished the draft knows its address
            return AwaitingHuman(post.key, handle, _(CAPABILITIES.human_step if not self._direct else _STEP_AFTER))
        profile = f"https://www.tiktok.com/@{quote(name, safe='')}"
        number = next((str(one) for one in numbers if str(one).isdecimal()), "") if isinstance(numbers, list) else ""
        asked = int(unseen.get(handle, 0)) + 1
        if not number and self._access.settings.get(PRIVACY) == PUBLIC and asked <= UNSEEN_TIMES:
            self._memory.keep(**{UNSEEN: dict([*unseen.items(), (handle, asked)][-UNSEEN_KEPT:])})
            return Pending(post.key, handle, UNSEEN_EVERY)
        if unseen.pop(handle, None):
            self._memory.keep(**{UNSEEN: unseen})
        return Published(post.key, handle, f"{profile}/photo/{number}" if number else profile)

    def _take(self, *items: RateLimitItemPerMinute) -> None:
        """Count a call by the user's token, as TikTok does; one account has one."""
        names = {PER_INIT: "init", PER_CREATOR: "creator", PER_STATUS: "status", PER_QUERY: "query"}
        self._door.pace.take([Limit(item, f"tiktok/{self._access.remote_id}/{names[item]}") for item in items])


def _privacy(access: Access, creator: Any) -> str:
    """Return who may see the post: what the office has chosen, if TikTok offers it now (content-sharing guidelines: no default)."""
    chosen, offered = str(access.settings.get(PRIVACY, "")), creator.get("privacy_level_options")
    if isinstance(offered, list) and chosen and chosen in offered:
        return chosen
    raise ReconnectError(
        _(
            "TikTok tidak menawarkan pilihan “{chosen}” untuk akun ini. Hubungkan ulang akun dan pilih yang lain."
        ).format(chosen=chosen or "?")
    )
