"""Posts whose answer was lost: looked up, never repeated blindly, and in the end looked at by a person."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from marketing.channels.base import InDoubt, Pending
from marketing.channels.errors import PermanentError
from marketing.db.models import ShareTask
from marketing.delivery.post_ledger import LOOK_AGAIN
from marketing.delivery.share_tasks import CHECK, confirm_check
from marketing.domain.campaign import CampaignState
from marketing.domain.content import OutboundPost
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from tests.support.publishers import find_again, kept, posts, started, states, with_broken
from tests.support.world import TENANT, World

C = ChannelName


@pytest.mark.parametrize("done", [True, False], ids=["it stands", "it never arrived"])
def test_a_lost_answer_is_looked_up_after_a_while_and_not_posted_twice(world: World, done: bool) -> None:
    campaign = started(world, C.FACEBOOK)
    publishing, broken, _publishers = with_broken(world, C.FACEBOOK, InDoubt("", "timeout"), done=done)
    publishing.publish(campaign)
    for _second in range(5):
        world.app.sweeper.sweep()
        publishing.publish(campaign)
        world.clock.forward(seconds=2)
    assert broken.asked == 1
    assert world.campaign(campaign).state is CampaignState.SENDING
    find_again(world, world.app.publishing, campaign)
    assert states(world) == {C.FACEBOOK: PostState.PUBLISHED}
    assert len(kept(world)) == 1
    assert broken.asked == 1


def test_a_channel_that_cannot_tell_is_asked_a_few_times_and_then_a_person_looks(world: World) -> None:
    campaign = started(world, C.FACEBOOK)
    publishing, broken, _publishers = with_broken(world, C.FACEBOOK, InDoubt("", "timeout"))
    broken.find = lambda post, _note: InDoubt(post.key, "cannot_tell")  # type: ignore[method-assign]
    publishing.publish(campaign)
    for _day in range(10):
        world.clock.forward(hours=5)
        publishing.publish(campaign)
    with world.app.database.read() as session:
        (task,) = session.scalars(select(ShareTask)).all()
    assert (task.kind, task.done_at) == (CHECK, None)
    user = world.staff(Role.MARKETER)
    ids = {"tenant_id": TENANT, "post_id": task.post_id, "user_id": user.id, "now": world.clock()}
    with pytest.raises(NotFoundError), world.app.database.write() as session:
        confirm_check(session, **{**ids, "tenant_id": "blitar"}, stands=True)
    with pytest.raises(InvalidInputError), world.app.database.write() as session:
        confirm_check(session, **ids, stands=True, permalink="javascript:alert(1)")
    with world.app.database.write() as session:
        confirm_check(session, **ids, stands=False)
    assert states(world) == {C.FACEBOOK: PostState.QUEUED}
    with pytest.raises(NotAllowedError), world.app.database.write() as session:
        confirm_check(session, **ids, stands=True)
    publishing.publish(campaign)
    assert broken.asked == 2, "only the word of a person let it out again"
    for _day in range(10):
        world.clock.forward(hours=5)
        publishing.publish(campaign)
    with world.app.database.write() as session:
        confirm_check(session, **ids, stands=True, permalink="https://facebook.example/1")
    post = posts(world)[C.FACEBOOK]
    assert (post.state, post.permalink) == (PostState.PUBLISHED, "https://facebook.example/1")


def test_a_channel_that_loses_every_answer_and_has_nothing_is_not_asked_for_ever(small_world: World) -> None:
    world = small_world
    campaign = started(world, C.FACEBOOK)
    publishing, broken, _publishers = with_broken(world, C.FACEBOOK, InDoubt("", "timeout"))
    for _hour in range(60):
        publishing.publish(campaign)
        world.clock.forward(hours=1)
    assert broken.asked <= len(LOOK_AGAIN) + 1
    with world.app.database.read() as session:
        assert session.scalars(select(ShareTask.kind)).all() == [CHECK]


def test_a_pending_post_that_the_channel_no_longer_knows_is_left_to_a_person_to_settle(small_world: World) -> None:
    world = small_world
    campaign = started(world, C.TELEGRAM)
    publishing, broken, _publishers = with_broken(
        world, C.TELEGRAM, Pending("", "tg.7", timedelta(minutes=2)), done=True
    )

    def refuse(_post: OutboundPost, _handle: str) -> Any:
        raise PermanentError("Kiriman ini tidak dikenal.")

    broken.poll = refuse  # type: ignore[method-assign]
    broken.find = lambda post, _note: InDoubt(post.key, "cannot_tell")  # type: ignore[method-assign]
    for _day in range(10):
        publishing.publish(campaign)
        world.clock.forward(hours=5)
    post, user = posts(world)[C.TELEGRAM], world.staff(Role.MARKETER)
    with world.app.database.write() as session:
        ids = {"tenant_id": TENANT, "post_id": post.id, "user_id": user.id, "now": world.clock()}
        confirm_check(session, **ids, stands=True, permalink="https://t.example/7")
    assert states(world) == {C.TELEGRAM: PostState.PUBLISHED}


@pytest.mark.parametrize("stands", [True, False])
def test_what_may_stand_in_public_after_a_cancelling_is_looked_up_and_never_sent(
    small_world: World, stands: bool
) -> None:
    world = small_world
    campaign = started(world, C.FACEBOOK)
    publishing, broken, _publishers = with_broken(world, C.FACEBOOK, InDoubt("", "timeout"), done=stands)
    publishing.publish(campaign)
    with world.app.database.write() as session:
        world.app.campaigns.cancel(session, world.staff(Role.APPROVER), campaign)
    for _time in range(3):
        find_again(world, publishing, campaign)
    world.app.sweeper.sweep()
    assert states(world) == {C.FACEBOOK: PostState.PUBLISHED if stands else PostState.WITHDRAWN}
    assert broken.asked == 1
