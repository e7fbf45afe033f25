"""A worker that ends at any step of a post's life on Facebook or Instagram: afterwards exactly one post stands there.

`SIAR_ROUNDS=100 pytest tests/integration/social/test_graph_lives.py` kills a hundred lives of each channel at random steps,
some of them twice; the suite kills once at every step.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from marketing.channels.facebook.adapter import FacebookDoor
from marketing.channels.instagram.adapter import InstagramDoor
from marketing.channels.meta_graph.graph import Graph
from marketing.channels.social import Access, Door, Memory, SocialProvider
from marketing.db.models import Post
from marketing.delivery.publishing import Publishing
from marketing.demo.simulators.graph import GraphServer
from marketing.demo.simulators.server import Fault
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from tests.conformance.social_graph import APP, INSTAGRAM_ACCESS, PAGE_ACCESS
from tests.support.market import Killed, Tap
from tests.support.world import World, add_product, promotion

C = ChannelName
ROUNDS = int(os.environ.get("SIAR_ROUNDS", "3"))
ACCESS = {C.FACEBOOK: PAGE_ACCESS, C.INSTAGRAM: INSTAGRAM_ACCESS}
LOST = (Fault.DROP_ANSWER, Fault.STORED_500, Fault.STORED_GARBAGE)
SUBMITTING = {C.FACEBOOK: "/feed", C.INSTAGRAM: "/media_publish"}


@dataclass(frozen=True, slots=True)
class TappedGraph(Graph):
    """Every call to Meta is a step before it leaves and a step after Meta has done it."""

    tap: Tap = field(default_factory=Tap)

    def _call(self, method: str, path: tuple[str, ...], *given: Any) -> dict[str, Any]:
        self.tap(f"before {method} {path[-1]}")
        answer = super(TappedGraph, self)._call(method, path, *given)
        self.tap(f"after {method} {path[-1]}")
        return answer


@dataclass(frozen=True, slots=True)
class TappedFacebook(FacebookDoor):
    tap: Tap = field(default_factory=Tap)

    def graph(self, access: Access, memory: Memory | None = None) -> Graph:
        return tapped(super(TappedFacebook, self).graph(access, memory), self.tap)


@dataclass(frozen=True, slots=True)
class TappedInstagram(InstagramDoor):
    tap: Tap = field(default_factory=Tap)

    def graph(self, access: Access, memory: Memory | None = None) -> Graph:
        return tapped(super(TappedInstagram, self).graph(access, memory), self.tap)


def tapped(graph: Graph, tap: Tap) -> TappedGraph:
    return TappedGraph(graph.app, graph.memory, graph.clock, graph.timeout_seconds, graph.token, tap)


@dataclass
class Lives:
    """A world with one Page and one Instagram account, and posts that live through kills."""

    world: World
    server: GraphServer
    tap: Tap
    publishing: Publishing
    products: list[int]
    number: int = 0

    @classmethod
    def make(cls, world: World, server: GraphServer) -> "Lives":
        tap, clock = Tap(), world.clock
        doors: dict[SocialProvider, Door] = {
            SocialProvider.FACEBOOK: TappedFacebook(APP, clock, server.url, tap=tap),
            SocialProvider.INSTAGRAM: TappedInstagram(APP, clock, server.url, tap=tap),
        }
        social = world.app.social
        accounts = replace(social, publishers=replace(social.publishers, doors=doors))
        for access in ACCESS.values():
            accounts.connect(world.staff(Role.OPERATOR), access)
        folder = world.app.settings.picture_dir
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (1080, 1080), (90, 30, 60)).save(folder / f"{'a' * 64}.jpg", "JPEG")
        products = [add_product(world.app, number) for number in (1, 2, 3)]
        lives = cls(world, server, tap, replace(world.app.publishing, publishers=accounts.publishers), products)
        lives.forward()
        return lives

    def forward(self, **length: float) -> None:
        self.world.clock.forward(**length)
        self.server.now = self.world.clock.now

    def begun(self, channel: ChannelName, pictures: int) -> int:
        self.number += 1
        content = promotion(*self.products[:pictures], channels=(channel,), body=f"Kabar nomor {self.number}.")
        campaign = self.world.approved(content)
        self.world.app.planner.start(campaign)
        return campaign

    def work(self, campaign: int, *, until: int) -> bool:
        """Do what workers do until the post is out; killed at this step, True when there was none so late."""
        self.tap.again(at=until)
        try:
            with self.tap.commits(self.world):
                for _turn in range(12):
                    self.publishing.publish(campaign)
                    if self.post(campaign).state is PostState.PUBLISHED:
                        return True
                    self.forward(minutes=6)  # longer than a lease, and than the first look-ups wait
                    self.world.app.sweeper.sweep()
        except Killed:
            self.forward(minutes=6)
            self.world.app.sweeper.sweep()
            return False
        raise AssertionError((self.post(campaign).state, self.post(campaign).reason))

    def post(self, campaign: int) -> Post:
        with self.world.app.database.read() as session:
            return session.scalars(select(Post).where(Post.campaign_id == campaign)).one()

    def standing(self, channel: ChannelName, words: str) -> list[str]:
        page, instagram = self.server.page, self.server.instagram
        texts = (
            {number: post.message for number, post in page.posts.items()}
            if channel is C.FACEBOOK
            else {number: media.caption for number, media in instagram.media.items()}
        )
        return [number for number, text in texts.items() if words in text]

    def check_one_stands(self, channel: ChannelName, campaign: int, told: object) -> None:
        post, standing = self.post(campaign), self.standing(channel, f"Kabar nomor {self.number}.")
        assert len(standing) == 1, told
        assert post.handle is not None
        assert post.handle.partition(",")[0] == standing[0], told
        assert post.permalink, told


@pytest.fixture
def lives(small_world: World) -> Iterator[Lives]:
    with GraphServer() as server:
        server.instagram.quota = 10_000
        yield Lives.make(small_world, server)


@pytest.mark.parametrize("channel", [C.FACEBOOK, C.INSTAGRAM])
def test_a_kill_at_any_step_leaves_exactly_one_post(lives: Lives, channel: ChannelName) -> None:
    assert lives.work(lives.begun(channel, pictures=1), until=0)
    # between a step that is done and the next one nothing changes, so that a kill after each is a kill at every moment
    kills = [at for at, name in enumerate(lives.tap.steps, start=1) if at == 1 or name.startswith("after")]
    assert len(kills) >= 7, lives.tap.steps
    for at in kills:
        campaign = lives.begun(channel, pictures=1)
        assert not lives.work(campaign, until=at)
        assert lives.work(campaign, until=0)
        lives.check_one_stands(channel, campaign, at)


@pytest.mark.parametrize("channel", [C.FACEBOOK, C.INSTAGRAM])
def test_lives_with_several_kills_and_lost_answers_leave_exactly_one_post(lives: Lives, channel: ChannelName) -> None:
    chance = random.Random(7)
    for round_ in range(ROUNDS):
        campaign = lives.begun(channel, pictures=chance.choice([1, 1, 3]))
        kills = [chance.randint(1, 24) for _kill in range(chance.randint(1, 3))]
        if lost := chance.choice([None, *LOST]):
            lives.server.break_next(SUBMITTING[channel], lost)
        if not any(lives.work(campaign, until=step) for step in kills):
            assert lives.work(campaign, until=0)
        lives.server.faults.clear()
        lives.check_one_stands(channel, campaign, (round_, kills, lost))


def test_pictures_are_made_ready_once_and_files_are_not_sent_twice(lives: Lives, tmp_path: Path) -> None:
    campaign = lives.begun(C.FACEBOOK, pictures=3)
    lives.server.break_next("/photos", Fault.SERVER_ERROR)
    assert lives.work(campaign, until=0)
    assert lives.server.count("/photos") == 4, "three photos, and the one that failed"
    assert len(lives.server.page.posts) == 1
    assert not list(tmp_path.rglob("*.part"))
