"""The social networks of a rehearsal: simulators on this machine, an account of every Daerah on each, and what was asked of them."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, Final

import httpx
from PIL import Image, UnidentifiedImageError
from pydantic import SecretStr

from marketing.bootstrap import App, utc_now
from marketing.channels.social import Access, SocialProvider
from marketing.demo.people import staff
from marketing.demo.simulators import graph, telegram, tiktok
from marketing.demo.simulators.graph import GraphServer, fields_of
from marketing.demo.simulators.graph_insights import grown
from marketing.demo.simulators.graph_instagram import InstagramRules, Picture
from marketing.demo.simulators.graph_page import PageRules
from marketing.demo.simulators.server import Asked, Fault, ProviderServer, Reply
from marketing.demo.simulators.telegram import TelegramServer
from marketing.demo.simulators.tiktok import Creator, Grant, TikTokServer
from marketing.domain.types import ChannelName, Role
from marketing.settings import Settings
from marketing.tenants.profile import load_profiles, profile_of

FETCH_SECONDS: Final = 10.0
YEARS: Final = timedelta(days=3650)
STEPS: Final[Mapping[ChannelName, Mapping[tuple[str, str], str]]] = {
    ChannelName.FACEBOOK: {
        ("POST", "photos"): "prepare",
        ("POST", "feed"): "submit",
        ("GET", "published_posts"): "find",
        ("DELETE", ""): "withdraw",
        ("GET", ""): "poll",
    },
    ChannelName.INSTAGRAM: {
        ("GET", "content_publishing_limit"): "prepare",
        ("POST", "media"): "prepare",
        ("POST", "media_publish"): "submit",
        ("GET", "media"): "find",
        ("DELETE", ""): "withdraw",
        ("GET", ""): "poll",
    },
    ChannelName.TIKTOK: {("POST", "init"): "submit", ("POST", "fetch"): "poll"},
    ChannelName.TELEGRAM: {
        ("POST", "sendPhoto"): "submit",
        ("POST", "sendMessage"): "submit",
        ("POST", "sendMediaGroup"): "submit",
        ("POST", "forwardMessage"): "find",
        ("POST", "deleteMessage"): "withdraw",
    },
}
"""Which step of a post's life a call is, by method and the last word of its path; a number of the provider's is no word."""


@dataclass(slots=True)
class Office:
    """One Daerah's numbers at the providers."""

    tenant_id: str
    page: PageRules
    instagram: InstagramRules
    meta_token: str
    open_id: str
    tiktok_token: str
    chat: int
    log_chat: int


class MetaTown(GraphServer):
    """The same app with a Page and an Instagram account for every Daerah: whose they are, the token says."""

    def __init__(self) -> None:
        """Begin without any Daerah."""
        super().__init__()
        self.rules: dict[str, tuple[PageRules, InstagramRules]] = {}

    def answer(self, asked: Asked) -> Reply:
        """Answer as the account that the token belongs to; one call at a time (`ProviderServer.serve`)."""
        found = self.rules.get(str(fields_of(asked).get("access_token", "")))
        if found is not None:
            self.page, self.instagram = found
        return super().answer(asked)


@dataclass(slots=True)
class Town:
    """All simulators; `ahead` is how far their clock is before ours."""

    meta: MetaTown
    tiktok: TikTokServer
    telegram: TelegramServer
    offices: dict[str, Office] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)

    @property
    def servers(self) -> tuple[ProviderServer, ...]:
        """Every one that listens."""
        return self.meta, self.tiktok, self.telegram

    def tick(self) -> None:
        """Bring the simulators' clocks to now."""
        for server in self.servers:
            server.now = utc_now() + self.ahead

    def settings(self, settings: Settings) -> Settings:
        """Return the settings with the simulators in the providers' place."""
        return settings.model_copy(
            update={
                "meta_app_id": graph.APP_ID,
                "meta_app_secret": _secret(graph.APP_SECRET),
                "meta_host": self.meta.url,
                "meta_login_host": self.meta.url,
                "tiktok_client_key": tiktok.CLIENT_KEY,
                "tiktok_client_secret": _secret(tiktok.CLIENT_SECRET),
                "tiktok_host": self.tiktok.url,
                "tiktok_login_host": self.tiktok.url,
                "telegram_host": self.telegram.url,
            }
        )

    def opens(self, public_url: str) -> None:
        """Let the providers fetch pictures from our site, and lead owners back to it."""
        self.tiktok.verified = (f"{public_url}/",)
        self.tiktok.consent.registered.add(f"{public_url}/kanal/media-sosial/tiktok/kembali")
        self.meta.consent.registered.add(f"{public_url}/kanal/media-sosial/meta/kembali")
        for office in self.offices.values():
            office.instagram.reachable, office.instagram.fetch = (f"{public_url}/",), fetched

    def connect(self, app: App, tenant_id: str) -> None:
        """Let this Daerah into its account on each channel, and into its WhatsApp group."""
        office, name = self.offices[tenant_id], profile_of(tenant_id).dinas_short
        chat = {"username": f"umkm_{tenant_id}", "log_chat": str(office.log_chat)}
        P = SocialProvider  # noqa: N806  the table below is read by columns
        accesses = (
            Access(P.FACEBOOK, office.page.number, name, office.meta_token),
            Access(P.INSTAGRAM, office.instagram.number, office.instagram.username, office.meta_token),
            Access(P.TIKTOK, office.open_id, f"umkm_{tenant_id}", office.tiktok_token),
            Access(P.TELEGRAM, str(office.chat), f"UMKM {tenant_id.upper()}", telegram.TOKEN, settings=chat),
            Access(P.WHATSAPP_GROUP, f"umkm-{tenant_id}", f"UMKM {tenant_id.upper()}"),
        )
        with app.database.read() as session:
            user = staff(session, tenant_id)[Role.MARKETER]
        for access in accesses:
            app.social.connect(user, access)

    def lose_the_answer(self, tenant_id: str) -> None:
        """Let the next post on this Daerah's Page stand, and its answer never arrive."""
        self.meta.break_next(f"/{self.offices[tenant_id].page.number}/feed", Fault.DROP_ANSWER)

    def standing(self, tenant_id: str) -> dict[str, int]:
        """Return how much stands at each provider; a draft in an inbox stands too."""
        office = self.offices[tenant_id]
        shares = [share for share in (*self.tiktok.drafts, *self.tiktok.posts) if share.open_id == office.open_id]
        return {
            ChannelName.FACEBOOK.value: len(office.page.posts),
            ChannelName.INSTAGRAM.value: len(office.instagram.media),
            ChannelName.TIKTOK.value: len(shares),
            ChannelName.TELEGRAM.value: len({_album(message) for message in self.telegram.standing(office.chat)}),
        }

    def calls(self, tenant_id: str) -> dict[str, dict[str, int]]:
        """Return how often each step of a post's life was asked for at each provider."""
        found: dict[ChannelName, Counter[str]] = {channel: Counter() for channel in STEPS}
        for channel, asked in self._asked_for(self.offices[tenant_id]):
            if step := _step(channel, asked):
                found[channel][step] += 1
        return {channel.value: dict(sorted(steps.items())) for channel, steps in found.items()}

    def _asked_for(self, office: Office) -> Iterator[tuple[ChannelName, Asked]]:
        for asked in list(self.meta.asked):
            if str(fields_of(asked).get("access_token", "")) == office.meta_token:
                node = asked.path.split("/")[2]
                yield (ChannelName.INSTAGRAM if office.instagram.owns(node) else ChannelName.FACEBOOK), asked
        for asked in list(self.tiktok.asked):
            if asked.headers.get("authorization") == f"Bearer {office.tiktok_token}":
                yield ChannelName.TIKTOK, asked
        for asked in list(self.telegram.asked):
            given = telegram.fields_of(asked)
            if str(office.chat) in {str(given.get("chat_id")), str(given.get("from_chat_id"))}:
                yield ChannelName.TELEGRAM, asked


@contextmanager
def town() -> Iterator[Town]:
    """Start the simulators with an office for every Daerah of this installation."""
    with ExitStack() as stack:
        made = Town(
            stack.enter_context(MetaTown()), stack.enter_context(TikTokServer()), stack.enter_context(TelegramServer())
        )
        made.tick()
        numbers = count(1)
        for number, tenant_id in enumerate(load_profiles()):
            made.offices[tenant_id] = _office(made, tenant_id, number, numbers)
        yield made


def fetched(url: str) -> Picture | None:
    """Fetch a picture as Instagram does; None when nothing usable is there."""
    try:
        answer = httpx.get(url, timeout=FETCH_SECONDS, trust_env=False).raise_for_status()
        with Image.open(io.BytesIO(answer.content)) as picture:
            return Picture(str(picture.format), len(answer.content), picture.width, picture.height)
    except (httpx.HTTPError, UnidentifiedImageError, OSError):
        return None


def _office(made: Town, tenant_id: str, number: int, numbers: Iterator[int]) -> Office:
    """Give a Daerah its numbers and let its tokens in; the number is part of all of them."""
    meta, token = made.meta, f"{graph.TOKEN}{number}"
    page = PageRules(f"{int(graph.PAGE) + number}", lambda: meta.now, numbers, name=profile_of(tenant_id).dinas_short)
    instagram = InstagramRules(
        f"{int(graph.INSTAGRAM) + number}", lambda: meta.now, numbers, username=f"dinas.umkm.{tenant_id}"
    )
    page.crowd = instagram.crowd = grown
    meta.tokens[token], meta.rules[token] = None, (page, instagram)
    open_id, pass_ = f"{tiktok.OPEN_ID}{number}", f"{tiktok.TOKEN}{number}"
    made.tiktok.creators[open_id] = Creator(open_id, f"umkm_{tenant_id}", profile_of(tenant_id).dinas_short)
    scopes = frozenset({tiktok.UPLOAD, tiktok.PUBLISH, tiktok.BASIC})
    made.tiktok.grants[pass_] = Grant(open_id, scopes, made.tiktok.now + YEARS)
    chat, log_chat = telegram.CHANNEL - number - 1, telegram.CHANNEL - number - 1001
    for name, place in (("", chat), ("catatan ", log_chat)):
        title = f"{name}UMKM {tenant_id.upper()}"
        made.telegram.chats[place] = telegram.Chat(place, title, username="" if name else f"umkm_{tenant_id}")
    return Office(tenant_id, page, instagram, token, open_id, pass_, chat, log_chat)


def _step(channel: ChannelName, asked: Asked) -> str:
    word = asked.path.rstrip("/").rpartition("/")[2]
    end = "" if word.replace("_", "").isdecimal() else word
    return STEPS[channel].get((asked.method, end), "")


def _album(message: Mapping[str, Any]) -> str:
    return str(message.get("media_group_id") or message["message_id"])


def _secret(text: str) -> SecretStr:
    return SecretStr(text)
