"""Posts: each channel once, a person where the channel needs one, and no channel's fault is another's."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from marketing.channels.base import Deferred, Failed, InDoubt, Pending, Preparing, Published
from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.db.models import Exposure, Post, Product, ShareTask
from marketing.delivery.post_composing import PostComposer
from marketing.delivery.post_ledger import LEASE
from marketing.delivery.publishing import Publishing
from marketing.delivery.share_tasks import confirm_share
from marketing.domain.campaign import CampaignState
from marketing.domain.content import OutboundPost
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from marketing.errors import NotAllowedError, NotFoundError
from tests.support.publishers import FolderOf, Instead, kept, posts, started, states, with_broken
from tests.support.world import TENANT, World

C = ChannelName
EVERY = tuple(channel for channel in ChannelName if channel is not ChannelName.EMAIL)
BY_HAND = {C.WHATSAPP, C.TIKTOK}


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
        (Failed("", "policy", "Halaman diblokir sementara."), PostState.FAILED),
        (PermanentError("Halaman diblokir sementara."), PostState.FAILED),
        (Deferred("", "rate_limit", timedelta(minutes=10)), PostState.QUEUED),
        (TemporaryError("rate_limit", timedelta(minutes=10)), PostState.QUEUED),
        (ReconnectError("oauth_190"), PostState.QUEUED),
        (InDoubt("", "timeout"), PostState.UNCONFIRMED),
        (RuntimeError("salah program"), PostState.UNCONFIRMED),
    ],
)
def test_the_fault_of_one_channel_leaves_the_others(world: World, answer: Any, state: PostState) -> None:
    campaign = started(world, C.FACEBOOK, C.TELEGRAM, C.INSTAGRAM)
    publishing, broken, publishers = with_broken(world, C.FACEBOOK, answer)
    publishing.publish(campaign)
    assert states(world) == {C.FACEBOOK: state, C.TELEGRAM: PostState.PUBLISHED, C.INSTAGRAM: PostState.PUBLISHED}
    publishing.publish(campaign)
    assert broken.asked == 1
    world.app.sweeper.sweep()
    closed = CampaignState.SENT if state is PostState.FAILED else CampaignState.SENDING
    assert world.campaign(campaign).state is closed
    lost = [(C.FACEBOOK, "sandbox", "oauth_190")] if isinstance(answer, ReconnectError) else []
    assert publishers.lost_accounts == lost


def test_the_pause_a_provider_asks_for_is_kept(small_world: World) -> None:
    world = small_world
    campaign = started(world, C.FACEBOOK)
    publishing, broken, _publishers = with_broken(world, C.FACEBOOK, TemporaryError("rate", timedelta(minutes=10)))
    publishing.publish(campaign)
    world.clock.forward(minutes=9)
    publishing.publish(campaign)
    assert broken.asked == 1
    world.clock.forward(minutes=1)
    publishing.publish(campaign)
    assert broken.asked == 2


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


@pytest.mark.parametrize("moment", ["prepare", "before", "during", "after"])
def test_a_worker_that_dies_at_any_moment_leaves_one_post(world: World, moment: str) -> None:
    campaign = started(world, C.FACEBOOK)
    dying = Dying(world, C.FACEBOOK, moment)
    with pytest.raises(KeyboardInterrupt):
        Publishing(world.app.publishing.ledger, Instead(world, C.FACEBOOK, dying)).publish(campaign)
    world.app.sweeper.sweep()
    world.app.publishing.publish(campaign)
    assert states(world) == {C.FACEBOOK: PostState.SUBMITTING}, "while the lease lasts nobody else touches it"
    world.clock.forward(minutes=6)
    world.app.sweeper.sweep()
    assert states(world) == {C.FACEBOOK: PostState.QUEUED if moment == "prepare" else PostState.UNCONFIRMED}
    world.app.publishing.publish(campaign)
    world.app.publishing.publish(campaign)
    assert states(world) == {C.FACEBOOK: PostState.PUBLISHED}
    (path,) = kept(world)
    assert posts(world)[C.FACEBOOK].handle == json.loads(path.read_text())["handle"]


def test_a_post_whose_worker_died_while_its_clock_was_ahead_is_looked_up_at_once(small_world: World) -> None:
    world = small_world
    campaign = started(world, C.FACEBOOK)
    world.clock.forward(hours=1)
    dying = Instead(world, C.FACEBOOK, Dying(world, C.FACEBOOK, "after"))
    with pytest.raises(KeyboardInterrupt):
        Publishing(world.app.publishing.ledger, dying).publish(campaign)
    world.clock.forward(hours=-1)
    world.app.sweeper.sweep()
    world.app.publishing.publish(campaign)
    assert states(world) == {C.FACEBOOK: PostState.PUBLISHED}


class Dying(FolderOf):
    """Its worker is killed at a moment of the life of a post."""

    def __init__(self, world: World, channel: ChannelName, moment: str) -> None:
        super().__init__(world, channel)
        self.moment = moment

    def prepare(self, post: OutboundPost, note: str) -> Any:
        if self.moment == "prepare":
            raise KeyboardInterrupt
        return super().prepare(post, note)

    def submit(self, post: OutboundPost, note: str) -> Any:
        if self.moment != "before":
            super().submit(post, note)
        raise KeyboardInterrupt


def test_an_answer_that_comes_after_the_lease_still_counts(small_world: World) -> None:
    world = small_world
    campaign = started(world, C.FACEBOOK)
    ledger = world.app.publishing.ledger
    turn = ledger.take(campaign)
    assert turn is not None
    assert ledger.begin(turn, "")
    world.clock.now += LEASE * 2
    world.app.sweeper.sweep()
    assert states(world) == {C.FACEBOOK: PostState.UNCONFIRMED}
    ledger.record(turn, Published(turn.post.key, "fb.1", "https://facebook.example/1"))
    assert states(world) == {C.FACEBOOK: PostState.PUBLISHED}


def test_what_was_prepared_is_kept_until_the_words_change(world: World) -> None:
    campaign = started(world, C.INSTAGRAM)
    notes: list[str] = []

    class Slow(FolderOf):
        def prepare(self, post: OutboundPost, note: str) -> Any:
            notes.append(note)
            return Preparing("wadah-1", timedelta(minutes=1))

    publishing = Publishing(world.app.publishing.ledger, Instead(world, C.INSTAGRAM, Slow(world, C.INSTAGRAM)))
    for _minute in range(2):
        publishing.publish(campaign)
        world.clock.forward(minutes=1)
    with world.app.database.write() as session:
        session.execute(update(Product).values(name="Tenun ikat lain"))
    publishing.publish(campaign)
    assert notes == ["", "wadah-1", ""]
    assert kept(world) == []


def test_a_pending_post_is_asked_about_until_it_stands(world: World) -> None:
    campaign = started(world, C.TELEGRAM)
    publishing, broken, _publishers = with_broken(
        world, C.TELEGRAM, Pending("", "tg.7", timedelta(minutes=2)), done=True
    )
    polled: list[str] = []

    def poll(post: OutboundPost, handle: str) -> Any:
        polled.append(handle)
        return Pending(post.key, handle) if len(polled) < 3 else Published(post.key, handle, "https://t.example/7")

    broken.poll = poll  # type: ignore[method-assign]
    for _minute in range(8):
        publishing.publish(campaign)
        world.app.sweeper.sweep()
        world.clock.forward(minutes=1)
    assert (polled, broken.asked) == (["tg.7"] * 3, 1)
    post = posts(world)[C.TELEGRAM]
    assert (post.state, post.permalink) == (PostState.PUBLISHED, "https://t.example/7")
    assert world.campaign(campaign).state is CampaignState.SENT


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


def test_a_pause_between_preparing_and_sending_keeps_the_post_back(small_world: World) -> None:
    world = small_world
    campaign = started(world, C.FACEBOOK)
    turn = world.app.publishing.ledger.take(campaign)
    assert turn is not None
    with world.app.database.write() as session:
        world.app.campaigns.pause(session, world.staff(Role.APPROVER), campaign)
    assert not world.app.publishing.ledger.begin(turn, "siap")
    assert states(world) == {C.FACEBOOK: PostState.QUEUED}
