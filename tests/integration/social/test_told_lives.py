"""A worker that ends at any step of a post's life on Telegram or TikTok: afterwards exactly one post stands there.

Telegram is looked through by the program; TikTok tells nobody what became of a lost answer, so a person looks into the app.
`SIAR_ROUNDS=100 pytest tests/integration/social/test_told_lives.py` kills a hundred lives of each, and one at every step; the
suite kills at every second step.
"""

import os
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from PIL import Image
from sqlalchemy import select
from telegram import Bot

from marketing.channels.social import Access, Door, Registration, SocialProvider
from marketing.channels.telegram.adapter import TelegramDoor
from marketing.channels.tiktok.adapter import TikTokDoor
from marketing.channels.tiktok.client import TikTokClient
from marketing.db.models import Post
from marketing.delivery.publishing import Publishing
from marketing.delivery.share_tasks import confirm_check, confirm_share
from marketing.demo.simulators import telegram, tiktok
from marketing.demo.simulators.server import Fault, ProviderServer
from marketing.demo.simulators.telegram import TelegramServer
from marketing.demo.simulators.tiktok import TikTokServer
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from tests.conformance.social_suite import LOG_CHAT
from tests.conformance.social_tiktok import DIRECT
from tests.conformance.social_tiktok import access as tiktok_access
from tests.support.everywhere import Unhurried
from tests.support.market import Killed, Tap
from tests.support.world import TENANT, World, add_product, promotion

C = ChannelName
T = TypeVar("T")
Query = Sequence[tuple[str, str]]
ROUNDS = int(os.environ.get("SIAR_ROUNDS", "2"))
STRIDE = 1 if "SIAR_ROUNDS" in os.environ else 2
LOST = (Fault.DROP_ANSWER, Fault.STORED_500, Fault.STORED_GARBAGE)
KINDS = ("telegram", "tiktok", "tiktok_direct")


@dataclass(frozen=True, slots=True)
class TappedTelegram(TelegramDoor):
    """Every conversation with Telegram is a step before it begins and a step after Telegram has done it."""

    tap: Tap = field(default_factory=Tap)

    def call(self, access: Access, ask: Callable[[Bot], Awaitable[T]]) -> T:
        self.tap("before telegram")
        answer = super(TappedTelegram, self).call(access, ask)
        self.tap("after telegram")
        return answer


@dataclass(frozen=True, slots=True)
class TappedClient(TikTokClient):
    tap: Tap = field(default_factory=Tap)

    def post(self, path: str, access: Access, body: Mapping[str, Any], query: Query = ()) -> Mapping[str, Any]:
        self.tap(f"before {path}")
        answer = super(TappedClient, self).post(path, access, body, query)
        self.tap(f"after {path}")
        return answer


@dataclass(frozen=True, slots=True)
class TappedTikTok(TikTokDoor):
    tap: Tap = field(default_factory=Tap)

    @property
    def client(self) -> TikTokClient:
        app = Registration(self.client_key, self.client_secret, self.host)
        return TappedClient(app, self.timeout_seconds, self.tap)


@dataclass(frozen=True)
class Place:
    """Where posts go: the texts that stand there, and what a person with the phone does about a text."""

    channel: ChannelName
    server: ProviderServer
    door: Callable[[Tap], Door]
    access: Access
    texts: Callable[[], list[str]]
    submitting: str
    finish: Callable[[str], None]


@contextmanager
def _telegram() -> Iterator[Place]:
    with TelegramServer() as server:
        server.chats[LOG_CHAT] = telegram.Chat(LOG_CHAT, "catatan")
        settings = {"username": "umkm_tts", "log_chat": str(LOG_CHAT)}
        yield Place(
            channel=C.TELEGRAM,
            server=server,
            door=lambda tap: TappedTelegram(Unhurried(), server.url, 5.0, tap),
            access=Access(
                SocialProvider.TELEGRAM, str(telegram.CHANNEL), "UMKM TTS", telegram.TOKEN, settings=settings
            ),
            texts=lambda: [one["caption"] for one in server.standing() if "caption" in one],
            submitting="/sendPhoto",
            finish=lambda _words: None,
        )


@contextmanager
def _tiktok(settings: Mapping[str, Any]) -> Iterator[Place]:
    with TikTokServer() as server:
        server.posts_a_day = 10_000
        server.grants[tiktok.TOKEN].until += timedelta(days=3650)

        def finish(words: str) -> None:
            server.pass_time(timedelta(minutes=2))
            for draft in server.drafts:
                if words in draft.body["post_info"]["description"]:
                    server.finish(draft.number)

        yield Place(
            channel=C.TIKTOK,
            server=server,
            door=lambda tap: TappedTikTok(Unhurried(), tiktok.CLIENT_KEY, tiktok.CLIENT_SECRET, server.url, 5.0, tap),
            access=tiktok_access(settings),
            texts=lambda: [share.body["post_info"]["description"] for share in server.drafts + server.posts],
            submitting="/content/init/",
            finish=finish,
        )


PLACES: Mapping[str, Callable[[], Any]] = {
    "telegram": _telegram,
    "tiktok": lambda: _tiktok({}),
    "tiktok_direct": lambda: _tiktok(DIRECT),
}


@dataclass
class Lives:
    """A world with one account, and posts that live through kills."""

    world: World
    place: Place
    tap: Tap
    publishing: Publishing
    product: int
    number: int = 0

    @classmethod
    def make(cls, world: World, place: Place) -> "Lives":
        tap, social = Tap(), world.app.social
        publishers = replace(social.publishers, doors={place.access.provider: place.door(tap)})
        replace(social, publishers=publishers).connect(world.staff(Role.OPERATOR), place.access)
        folder = world.app.settings.picture_dir
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (1080, 1080), (90, 30, 60)).save(folder / f"{'a' * 64}.jpg", "JPEG")
        product = add_product(world.app, 1)
        lives = cls(world, place, tap, replace(world.app.publishing, publishers=publishers), product)
        place.server.now = world.clock.now
        lives.live()  # an undisturbed one: Telegram is looked through from the last number we know of
        return lives

    @property
    def words(self) -> str:
        return f"Kabar nomor {self.number}."

    def forward(self, **length: float) -> None:
        self.world.clock.forward(**length)
        self.place.server.now = max(self.world.clock.now, self.place.server.now)

    def begun(self) -> int:
        self.number += 1
        content = promotion(self.product, channels=(self.place.channel,), body=self.words)
        campaign = self.world.approved(content)
        self.world.app.planner.start(campaign)
        return campaign

    def live(self, *kills: int) -> int:
        """Live one life, killed at these steps of each of its stretches; returns its campaign."""
        campaign = self.begun()
        if not any(self.work(campaign, until=step) for step in kills):
            assert self.work(campaign, until=0)
        return campaign

    def work(self, campaign: int, *, until: int) -> bool:
        """Do what workers and the person with the phone do; killed at this step, True when there was none so late."""
        self.tap.again(at=until)
        try:
            with self.tap.commits(self.world):
                for _turn in range(16):
                    self.publishing.publish(campaign)
                    if self.settled(campaign):
                        return True
                    self.forward(minutes=250 if self.post(campaign).state is PostState.UNCONFIRMED else 6)
                    self.world.app.sweeper.sweep()
        except Killed:
            self.forward(minutes=6)
            self.world.app.sweeper.sweep()
            return False
        raise AssertionError((self.post(campaign).state, self.post(campaign).reason))

    def settled(self, campaign: int) -> bool:
        """Let the person do what a task asks, honestly; True when the post is out."""
        post = self.post(campaign)
        ids: dict[str, Any] = {"tenant_id": TENANT, "post_id": post.id, "user_id": self.world.staff(Role.OPERATOR).id}
        if post.state is PostState.AWAITING_HUMAN:
            self.place.finish(self.words)
            with self.world.app.database.write() as session:
                confirm_share(
                    session, **ids, now=self.world.clock(), permalink="https://www.tiktok.com/@umkm_tts/photo/1"
                )
            return True
        if post.state is PostState.UNCONFIRMED and post.not_before is None:
            self.place.finish(self.words)
            with self.world.app.database.write() as session:
                confirm_check(session, **ids, now=self.world.clock(), stands=self.standing() > 0)
        return self.post(campaign).state is PostState.PUBLISHED

    def post(self, campaign: int) -> Post:
        with self.world.app.database.read() as session:
            return session.scalars(select(Post).where(Post.campaign_id == campaign)).one()

    def standing(self) -> int:
        return sum(self.words in text for text in self.place.texts())

    def check_one_stands(self, campaign: int, told: object) -> None:
        assert (self.standing(), self.post(campaign).state) == (1, PostState.PUBLISHED), told


@pytest.fixture(params=KINDS)
def lives(request: pytest.FixtureRequest, small_world: World) -> Iterator[Lives]:
    with PLACES[request.param]() as place:
        yield Lives.make(small_world, place)


@pytest.mark.parametrize("lives", ["telegram", "tiktok"], indirect=True)
def test_a_kill_at_any_step_leaves_exactly_one_post(lives: Lives) -> None:
    step, killed = 1 - STRIDE, True
    while killed:
        step += STRIDE
        campaign = lives.begun()
        killed = not lives.work(campaign, until=step)
        if killed:
            assert lives.work(campaign, until=0)
        lives.check_one_stands(campaign, step)
    assert step > 8, "every call and every commit was a step"


def test_lives_with_several_kills_and_lost_answers_leave_exactly_one_post(lives: Lives) -> None:
    chance = random.Random(7)
    for round_ in range(ROUNDS):
        kills = [chance.randint(1, 24) for _kill in range(chance.randint(1, 3))]
        if lost := chance.choice([None, *LOST]):
            lives.place.server.break_next(lives.place.submitting, lost)
        campaign = lives.live(*kills)
        lives.place.server.faults.clear()
        lives.check_one_stands(campaign, (round_, kills, lost))
