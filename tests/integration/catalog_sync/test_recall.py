"""What loses its standing leaves every place, each leaving is recorded with its article, and nothing is done twice."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from catalog_sync.recall import POST, Recall, finish_by_hand
from marketing.channels.base import Publisher
from marketing.channels.errors import TemporaryError
from marketing.db.models import Post, Product, ShareTask, Withdrawal
from marketing.delivery.share_tasks import confirm_share
from marketing.delivery.withdrawing import PostWithdrawing
from marketing.domain.campaign import CampaignState
from marketing.domain.post import PostState
from marketing.domain.product import VerificationStatus
from marketing.domain.types import ChannelName, Role
from marketing.domain.withdrawal import WithdrawalState
from marketing.products.gate import evaluate_gate
from marketing.tenants.profile import profile_of
from tests.support.publishers import FolderOf, Instead
from tests.support.world import TENANT, World, add_product, promotion

C = ChannelName
EVERY = tuple(channel for channel in ChannelName if channel is not ChannelName.EMAIL)
BY_CALL = {C.WEBSITE, C.FACEBOOK, C.TELEGRAM, C.MARKETPLACE}
BY_HAND = {C.WHATSAPP, C.TIKTOK}


def revoke(world: World, product_id: int) -> None:
    """Do what a pull does with a revoked product."""
    with world.app.database.write() as session:
        session.execute(
            update(Product)
            .where(Product.id == product_id)
            .values(verification_status=VerificationStatus.REVOKED, catalog_version=Product.catalog_version + 1)
        )
        evaluate_gate(session, profile_of(TENANT), world.clock(), [product_id])


def published(world: World, *channels: ChannelName) -> int:
    """Publish a product on these channels and return its row id."""
    product = add_product(world.app, 1)
    with world.app.database.write() as session:
        evaluate_gate(session, profile_of(TENANT), world.clock(), [product])
    campaign = world.approved(promotion(product, channels=channels))
    world.app.planner.start(campaign)
    world.app.publishing.publish(campaign)
    world.app.sweeper.sweep()
    return product


def posts(world: World) -> dict[ChannelName, Post]:
    with world.app.database.read() as session:
        return {post.channel: post for post in session.scalars(select(Post))}


def withdrawals(world: World) -> dict[str, Withdrawal]:
    with world.app.database.read() as session:
        return {row.place: row for row in session.scalars(select(Withdrawal))}


def standing_files(world: World) -> list[dict[str, Any]]:
    files = [*world.app.settings.outbox_dir.rglob("*.json"), *world.app.settings.website_dir.rglob("promo/*.json")]
    return [kept for path in files if not (kept := json.loads(path.read_text("utf-8")))["withdrawn"]]


def with_publisher(world: World, channel: ChannelName, publisher: Publisher) -> Recall:
    taker = PostWithdrawing(world.app.database, Instead(world, channel, publisher), world.clock)
    return Recall(world.app.database, {POST: taker}, world.clock)


class Down(FolderOf):
    """A channel that does not answer until it is told to."""

    def __init__(self, world: World, channel: ChannelName) -> None:
        super().__init__(world, channel)
        self.fault: Exception | None = TemporaryError("Kanal tidak menjawab.", timedelta(minutes=3))
        self.asked = 0

    def withdraw(self, handle: str) -> bool:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        return super().withdraw(handle)


def test_a_revoked_product_leaves_every_channel_and_the_record_names_article_and_time(world: World) -> None:
    product = published(world, *EVERY)
    assert len(standing_files(world)) == len(EVERY)
    assert world.app.recall.run(TENANT).opened == 0, "nothing is lost yet"
    world.clock.forward(minutes=5)
    revoke(world, product)
    lost = world.clock()
    done = world.app.recall.run(TENANT)
    assert done.failing == 0
    found = posts(world)
    assert {channel for channel, post in found.items() if post.state is PostState.WITHDRAWN} >= BY_CALL | BY_HAND
    rows = withdrawals(world)
    assert set(rows) == {"galeri", *(f"pos:{post.id}" for post in found.values())}
    for row in rows.values():
        assert (row.code, row.lost_at) == ("TTS 10(1)c", lost)
        assert "Pasal 10 ayat (1) huruf c" in row.citation
        assert row.done_at == lost or row.state is WithdrawalState.AWAITING_HUMAN
    again = world.app.recall.run(TENANT)
    assert (again.opened, again.done, again.handed_over, again.failing) == (0, 0, 0, 0)


def test_what_a_person_published_waits_for_a_named_person_to_delete_it(world: World) -> None:
    product = published(world, C.WHATSAPP)
    marketer = world.staff(Role.MARKETER)
    post = posts(world)[C.WHATSAPP]
    with world.app.database.write() as session:
        confirm_share(session, tenant_id=TENANT, post_id=post.id, user_id=marketer.id, now=world.clock())
    revoke(world, product)
    assert world.app.recall.run(TENANT).handed_over == 1
    with world.app.database.read() as session:
        task = session.scalars(select(ShareTask).where(ShareTask.kind == "remove")).one()
    assert "whatsapp" in task.instruction
    assert "dicabut" in task.instruction
    assert posts(world)[C.WHATSAPP].state is PostState.PUBLISHED
    world.clock.forward(hours=1)
    with world.app.database.write() as session:
        finish_by_hand(session, tenant_id=TENANT, post_id=post.id, user_id=marketer.id, now=world.clock())
    row = withdrawals(world)[f"pos:{post.id}"]
    assert (row.state, row.done_by, row.done_at) == (WithdrawalState.DONE, marketer.id, world.clock())
    assert posts(world)[C.WHATSAPP].state is PostState.WITHDRAWN
    assert world.app.recall.run(TENANT).opened == 0


def test_a_channel_that_is_down_is_asked_again_until_it_has_done_it(world: World) -> None:
    product = published(world, C.FACEBOOK, C.TELEGRAM)
    down = Down(world, C.FACEBOOK)
    recall = with_publisher(world, C.FACEBOOK, down)
    revoke(world, product)
    first = recall.run(TENANT)
    assert (first.done, first.failing) == (1, 1), "the other channel is not kept waiting"
    assert recall.run(TENANT).failing == 0, "the channel's own pause is honoured"
    world.clock.forward(minutes=3)
    down.fault = ValueError("rahasia")
    assert recall.run(TENANT).failing == 1
    world.clock.forward(hours=1)
    down.fault = None
    assert recall.run(TENANT).done == 1
    assert down.asked == 3
    row = withdrawals(world)[f"pos:{posts(world)[C.FACEBOOK].id}"]
    assert (row.state, row.attempts, row.detail) == (WithdrawalState.DONE, 3, "")


def test_a_kill_between_record_and_call_loses_nothing(world: World) -> None:
    product = published(world, C.FACEBOOK)
    down = Down(world, C.FACEBOOK)
    down.fault = KeyboardInterrupt()
    revoke(world, product)
    with pytest.raises(KeyboardInterrupt):
        with_publisher(world, C.FACEBOOK, down).run(TENANT)
    assert posts(world)[C.FACEBOOK].state is PostState.PUBLISHED
    world.clock.forward(minutes=1)
    assert world.app.recall.run(TENANT).done == 1
    assert posts(world)[C.FACEBOOK].state is PostState.WITHDRAWN


def test_a_queued_post_and_its_campaign_stop_and_go_on_once_the_product_stands_again(world: World) -> None:
    product = add_product(world.app, 1)
    with world.app.database.write() as session:
        evaluate_gate(session, profile_of(TENANT), world.clock(), [product])
    campaign = world.approved(promotion(product, channels=(C.FACEBOOK,)))
    world.app.planner.start(campaign)
    revoke(world, product)
    world.app.recall.run(TENANT)
    assert posts(world)[C.FACEBOOK].state is PostState.WITHDRAWN
    assert world.campaign(campaign).state is CampaignState.PAUSED
    assert withdrawals(world)[f"kampanye:{campaign}"].state is WithdrawalState.DONE
    world.app.publishing.publish(campaign)
    assert standing_files(world) == []
    with world.app.database.write() as session:
        session.execute(update(Product).values(verification_status=VerificationStatus.VERIFIED))
        evaluate_gate(session, profile_of(TENANT), world.clock(), [product])
    with world.app.database.write() as session:
        world.app.campaigns.resume(session, world.staff(Role.APPROVER), campaign)
    world.app.publishing.publish(campaign)
    assert posts(world)[C.FACEBOOK].state is PostState.PUBLISHED
    assert len(standing_files(world)) == 1


def test_a_product_lost_twice_is_withdrawn_twice(world: World) -> None:
    product = published(world, C.TELEGRAM)
    for _turn in range(2):
        world.clock.forward(hours=1)
        revoke(world, product)
        world.app.recall.run(TENANT)
        with world.app.database.write() as session:
            session.execute(update(Product).values(verification_status=VerificationStatus.VERIFIED))
            evaluate_gate(session, profile_of(TENANT), world.clock(), [product])
    with world.app.database.read() as session:
        places = list(session.scalars(select(Withdrawal.place).order_by(Withdrawal.id)))
    assert places.count("galeri") == 2
    assert len([place for place in places if place.startswith("pos:")]) == 1, "the post was gone already"


def test_a_permit_that_lapses_overnight_recalls_without_a_pull(world: World) -> None:
    permit = {"type": "PIRT", "number": "2065302010123-26", "expires": "2026-11-22"}
    product = add_product(world.app, 1, category="makanan_olahan", permits=[permit], halal_status="not_halal")
    campaign = world.approved(promotion(product, channels=(C.TELEGRAM,)))
    world.app.planner.start(campaign)
    world.app.publishing.publish(campaign)
    world.app.recall.run(TENANT)
    assert posts(world)[C.TELEGRAM].state is PostState.PUBLISHED
    world.clock.forward(days=1)
    world.app.recall.run(TENANT)
    assert posts(world)[C.TELEGRAM].state is PostState.WITHDRAWN
    assert {row.code for row in withdrawals(world).values()} == {"TTS 10(2)"}
