"""Posts: each channel once, a person where the channel needs one, and no channel's fault is another's."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from marketing.channels.base import Deferred, Failed, InDoubt, Publisher, PublishOutcome
from marketing.db.models import Exposure, Post, ShareTask
from marketing.delivery.claiming import LEASE
from marketing.delivery.publishing import PostComposer, Publishing, confirm_share
from marketing.domain.campaign import CampaignState
from marketing.domain.content import OutboundPost
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from marketing.errors import NotAllowedError, NotFoundError
from tests.support.world import TENANT, World, add_product, promotion

C = ChannelName
EVERY = tuple(channel for channel in ChannelName if channel is not ChannelName.EMAIL)
BY_HAND = {C.WHATSAPP, C.TIKTOK}


def posts(world: World) -> dict[ChannelName, Post]:
    with world.app.database.read() as session:
        return {post.channel: post for post in session.scalars(select(Post))}


def states(world: World) -> dict[ChannelName, PostState]:
    return {channel: post.state for channel, post in posts(world).items()}


def kept(world: World) -> list[Path]:
    """Return the files in which the sandbox keeps what it published."""
    return sorted(world.app.settings.outbox_dir.rglob("*.json"))


def started(world: World, *channels: ChannelName) -> int:
    campaign = world.approved(promotion(add_product(world.app, 1), channels=channels))
    world.app.planner.start(campaign)
    return campaign


class Broken:
    """A publisher in the place of a channel's own that answers as told."""

    def __init__(self, standing: Publisher, answer: PublishOutcome | Exception | None) -> None:
        self.name, self.capabilities = standing.name, standing.capabilities
        self.answer, self.asked = answer, 0

    def publish(self, batch: Sequence[OutboundPost]) -> Iterator[PublishOutcome]:
        self.asked += len(batch)
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer is not None:
            yield self.answer

    def withdraw(self, _handle: str) -> bool:
        return False


def with_broken(
    world: World, channel: ChannelName, answer: PublishOutcome | Exception | None
) -> tuple[Publishing, Any]:
    broken = Broken(world.app.publishers[channel], answer)
    publishers = {**world.app.publishers, channel: broken}
    return Publishing(world.app.database, publishers, world.app.posts, world.clock), broken


def test_every_channel_is_published_once_however_often_it_is_asked(world: World) -> None:
    campaign = started(world, *EVERY)
    for _time in range(3):
        world.app.publishing.publish(campaign)
        world.app.sweeper.sweep()
    found = posts(world)
    assert {channel for channel, post in found.items() if post.state is PostState.AWAITING_HUMAN} == BY_HAND
    assert {post.state for channel, post in found.items() if channel not in BY_HAND} == {PostState.PUBLISHED}
    assert all(post.permalink for channel, post in found.items() if channel not in BY_HAND)
    markers = {path.stem for path in kept(world)}
    assert markers == {f"tts-{world.campaign(campaign).slug}"}
    assert len(kept(world)) == len(EVERY) - 1  # the website is ours and keeps its pages elsewhere
    with world.app.database.read() as session:
        shown = session.scalars(select(Exposure.channel)).all()
    assert sorted(shown) == sorted(set(EVERY) - BY_HAND)
    assert world.campaign(campaign).state is CampaignState.SENT


def test_only_the_named_person_makes_a_post_by_hand_published(world: World) -> None:
    campaign = started(world, C.WHATSAPP)
    world.app.publishing.publish(campaign)
    post, user = posts(world)[C.WHATSAPP], world.staff(Role.MARKETER)
    with world.app.database.read() as session:
        (task,) = session.scalars(select(ShareTask)).all()
        assert session.scalars(select(Exposure)).all() == []
    assert task.instruction
    assert (task.post_id, task.done_at) == (post.id, None)
    ids = {"post_id": post.id, "user_id": user.id, "now": world.clock()}
    with pytest.raises(NotFoundError), world.app.database.write() as session:
        confirm_share(session, tenant_id="blitar", **ids)
    with pytest.raises(NotFoundError), world.app.database.write() as session:
        confirm_share(session, tenant_id=TENANT, **{**ids, "post_id": 999})
    world.clock.forward(hours=2)
    with world.app.database.write() as session:
        confirm_share(session, tenant_id=TENANT, **{**ids, "now": world.clock()})
    assert states(world) == {C.WHATSAPP: PostState.PUBLISHED}
    with pytest.raises(NotAllowedError), world.app.database.write() as session:
        confirm_share(session, tenant_id=TENANT, **ids)
    with world.app.database.read() as session:
        (task,) = session.scalars(select(ShareTask)).all()
        assert (task.done_by, task.done_at) == (user.id, world.clock())
        assert session.scalars(select(Exposure.channel)).all() == [C.WHATSAPP]


@pytest.mark.parametrize("state", [state for state in PostState if state is not PostState.AWAITING_HUMAN])
def test_nothing_else_can_be_confirmed_by_hand(small_world: World, state: PostState) -> None:
    world = small_world
    started(world, C.FACEBOOK)
    with world.app.database.write() as session:
        post = session.scalars(select(Post)).one()
        post.state = state
    with pytest.raises(NotAllowedError), world.app.database.write() as session:
        confirm_share(session, tenant_id=TENANT, post_id=post.id, user_id=1, now=world.clock())


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Failed("", "oauth_190", "Akun perlu disambungkan lagi."), PostState.FAILED),
        (Deferred("", "rate_limit", timedelta(minutes=10)), PostState.QUEUED),
        (InDoubt("", "timeout"), PostState.UNCONFIRMED),
        (RuntimeError("salah program"), PostState.UNCONFIRMED),
        (None, PostState.SUBMITTING),
    ],
)
def test_the_fault_of_one_channel_leaves_the_others(world: World, answer: Any, state: PostState) -> None:
    campaign = started(world, C.FACEBOOK, C.TELEGRAM, C.INSTAGRAM)
    publishing, broken = with_broken(world, C.FACEBOOK, answer)
    publishing.publish(campaign)
    assert states(world) == {C.FACEBOOK: state, C.TELEGRAM: PostState.PUBLISHED, C.INSTAGRAM: PostState.PUBLISHED}
    publishing.publish(campaign)
    assert broken.asked == 1
    world.app.sweeper.sweep()
    closed = CampaignState.SENT if state is PostState.FAILED else CampaignState.SENDING
    assert world.campaign(campaign).state is closed


def test_a_post_that_cannot_be_written_fails_alone(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world
    campaign = started(world, C.FACEBOOK, C.TELEGRAM)
    compose = PostComposer.compose

    def broken(self: PostComposer, content: Any, channel: ChannelName, *rest: Any, **named: Any) -> OutboundPost:
        if channel is C.FACEBOOK:
            raise ValueError(channel)
        return compose(self, content, channel, *rest, **named)

    monkeypatch.setattr(PostComposer, "compose", broken)
    world.app.publishing.publish(campaign)
    assert states(world) == {C.FACEBOOK: PostState.FAILED, C.TELEGRAM: PostState.PUBLISHED}


def test_a_lost_answer_is_looked_up_after_a_while_and_not_posted_twice(world: World) -> None:
    campaign = started(world, C.FACEBOOK)
    publishing, broken = with_broken(world, C.FACEBOOK, InDoubt("", "timeout"))
    publishing.publish(campaign)
    for _second in range(5):
        world.app.sweeper.sweep()
        publishing.publish(campaign)
        world.clock.forward(seconds=2)
    assert broken.asked == 1
    assert world.campaign(campaign).state is CampaignState.SENDING
    world.clock.now += LEASE
    world.app.sweeper.sweep()
    world.app.publishing.publish(campaign)
    assert states(world) == {C.FACEBOOK: PostState.PUBLISHED}


def test_a_worker_lost_while_submitting_leaves_one_post(world: World) -> None:
    campaign = started(world, C.FACEBOOK)
    claimed = world.app.publishing._claim(campaign)
    assert claimed is not None
    list(world.app.publishers[C.FACEBOOK].publish([claimed[2]]))  # it went out, then the worker died
    (path,) = kept(world)
    first = path.stat().st_mtime_ns
    world.app.sweeper.sweep()
    world.app.publishing.publish(campaign)
    assert states(world) == {C.FACEBOOK: PostState.SUBMITTING}
    world.clock.now += LEASE * 2
    world.app.sweeper.sweep()
    world.app.sweeper.sweep()
    world.app.publishing.publish(campaign)
    (path,) = kept(world)
    assert path.stat().st_mtime_ns == first
    post = posts(world)[C.FACEBOOK]
    assert (post.state, post.handle) == (PostState.PUBLISHED, json.loads(path.read_text())["handle"])


def test_an_answer_that_comes_after_the_lease_changes_nothing(small_world: World) -> None:
    world = small_world
    campaign = started(world, C.FACEBOOK)
    claimed = world.app.publishing._claim(campaign)
    assert claimed is not None
    world.clock.now += LEASE * 2
    world.app.sweeper.sweep()
    for outcome in world.app.publishers[C.FACEBOOK].publish([claimed[2]]):
        world.app.publishing._record(claimed[0], outcome)
    assert states(world) == {C.FACEBOOK: PostState.UNCONFIRMED}
    world.app.sweeper.sweep()
    world.app.publishing.publish(campaign)
    assert states(world) == {C.FACEBOOK: PostState.PUBLISHED}


@pytest.mark.parametrize("act", ["pause", "cancel"])
def test_a_paused_or_cancelled_campaign_posts_nothing(world: World, act: str) -> None:
    campaign = started(world, C.FACEBOOK, C.TELEGRAM)
    with world.app.database.write() as session:
        getattr(world.app.campaigns, act)(session, world.staff(Role.APPROVER), campaign)
    world.app.publishing.publish(campaign)
    world.app.sweeper.sweep()
    world.app.publishing.publish(campaign)
    assert kept(world) == []
    assert set(states(world).values()) == {PostState.QUEUED if act == "pause" else PostState.WITHDRAWN}


def test_what_may_stand_in_public_after_a_cancelling_stays_unconfirmed(small_world: World) -> None:
    world = small_world
    campaign = started(world, C.FACEBOOK)
    assert world.app.publishing._claim(campaign) is not None
    with world.app.database.write() as session:
        world.app.campaigns.cancel(session, world.staff(Role.APPROVER), campaign)
    world.clock.now += LEASE * 2
    for _time in range(3):
        world.app.sweeper.sweep()
    assert states(world) == {C.FACEBOOK: PostState.UNCONFIRMED}
