"""Breakers stop what does harm, say why, and go on only with somebody's reason."""

import pytest
from sqlalchemy import select

from marketing.db.models import AuditEntry, Campaign, MailBreaker, MailFeedback, Message
from marketing.delivery import breakers
from marketing.delivery.intake import FeedbackIntake
from marketing.domain.bounce import BounceClass, Verdict
from marketing.domain.breakers import SLOW_PER_MINUTE, BreakerKind, BreakerLevel
from marketing.domain.campaign import CampaignState
from marketing.domain.events import event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource
from marketing.domain.message import LOST_WORKER, MessageState
from marketing.domain.types import ChannelName, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.feedback import intake_of
from tests.support.feedback import sent_campaign
from tests.support.world import TENANT, World, messages

REASON = "daftar penerima sudah dibersihkan"


def campaign_of(world: World, sent: int) -> int:
    """Return a campaign that handed over so many messages just now and goes on, as those before it do."""
    campaign_id, (contact,) = sent_campaign(world, 1)
    like = messages(world)[-1]
    with world.app.database.write() as session:
        for campaign in session.scalars(select(Campaign).where(Campaign.state == CampaignState.SENT)):
            campaign.state = CampaignState.SENDING
        session.add_all(
            Message(
                tenant_id=TENANT, campaign_id=campaign_id, version=1, contact_id=contact, address_id=like.address_id, range_id=like.range_id,
                channel=ChannelName.EMAIL, trigger=f"t{number}", state=MessageState.ACCEPTED, context={},
                queued_at=world.clock(), settled_at=world.clock(), attempt=1,
            )
            for number in range(sent - 1)
        )  # fmt: skip
    return campaign_id


def tell(world: World, campaign_id: int, kind: FeedbackKind, bounce: BounceClass, number: int) -> None:
    """Tell this of so many messages of the campaign that nothing was told of yet."""
    with world.app.database.read() as session:
        told = select(MailFeedback.message_id)
        query = select(Message.id).where(Message.campaign_id == campaign_id, Message.id.not_in(told)).limit(number)
        ids = session.scalars(query).all()
    intake(world).take(
        TENANT,
        [
            Feedback(event_id("t", one), one, kind, world.clock(), FeedbackSource.SENDGRID, Verdict(bounce))
            for one in ids
        ],
    )


def intake(world: World) -> FeedbackIntake:
    return intake_of(world.app)


def standing(world: World, campaign_id: int | None = None) -> list[tuple[BreakerKind, BreakerLevel]]:
    with world.app.database.read() as session:
        return [(one.kind, one.level) for one in breakers.standing(session, TENANT, campaign_id)]


def test_dead_addresses_warn_then_stop_the_campaign_with_why_and_what_to_do(small_world: World) -> None:
    world = small_world
    campaign_id = campaign_of(world, 200)
    tell(world, campaign_id, FeedbackKind.BOUNCED, BounceClass.HARD, 4)
    assert standing(world, campaign_id) == []
    tell(world, campaign_id, FeedbackKind.BOUNCED, BounceClass.HARD, 2)
    assert standing(world, campaign_id) == [(BreakerKind.HARD_BOUNCES, BreakerLevel.WARN)]
    assert world.campaign(campaign_id).state is CampaignState.SENDING
    tell(world, campaign_id, FeedbackKind.BOUNCED, BounceClass.HARD, 6)
    campaign = world.campaign(campaign_id)
    assert campaign.state is CampaignState.PAUSED
    assert "6,00% alamat penerima tidak ada (12 dari 200 surat)" in campaign.state_reason
    assert world.audited().count("breaker.tripped") == 2


def test_a_person_lets_it_go_on_with_a_reason_and_old_harm_does_not_stop_it_again(small_world: World) -> None:
    world = small_world
    campaign_id = campaign_of(world, 100)
    tell(world, campaign_id, FeedbackKind.BOUNCED, BounceClass.HARD, 10)
    approver, marketer = world.staff(Role.APPROVER), world.staff(Role.MARKETER)
    for user, reason, error in (
        (marketer, REASON, NotAllowedError),
        (approver, "", InvalidInputError),
        (approver, "alamat orang@surat.example salah", InvalidInputError),
    ):
        with pytest.raises(error), world.app.database.write() as session:
            world.app.campaigns.resume(session, user, campaign_id, reason=reason)
    world.clock.forward(minutes=1)
    with world.app.database.write() as session:
        world.app.campaigns.resume(session, approver, campaign_id, reason=REASON)
    intake(world).round(TENANT)
    assert world.campaign(campaign_id).state is CampaignState.SENDING
    assert standing(world, campaign_id) == []
    with world.app.database.read() as session:
        row = session.scalars(select(MailBreaker)).one()
        assert (row.lifted_by, row.lift_reason) == (approver.id, REASON)
        lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "breaker.lifted")).all()
        assert [line.details["reason"] for line in lines] == [REASON]


def test_blocks_in_a_quarter_of_an_hour_stop_the_campaign_and_older_ones_do_not(small_world: World) -> None:
    world = small_world
    old, new = campaign_of(world, 100), campaign_of(world, 100)
    tell(world, old, FeedbackKind.BOUNCED, BounceClass.BLOCK, 5)
    world.clock.forward(minutes=16)
    tell(world, old, FeedbackKind.BOUNCED, BounceClass.BLOCK, 3)
    assert world.campaign(old).state is CampaignState.SENDING
    world.clock.forward(minutes=-16)
    tell(world, new, FeedbackKind.BOUNCED, BounceClass.BLOCK, 6)
    assert world.campaign(new).state is CampaignState.PAUSED
    assert "siar doctor dns" in world.campaign(new).state_reason


def test_complaints_slow_down_then_stop_all_bulk_mail_of_the_daerah(small_world: World) -> None:
    world = small_world
    first, second = campaign_of(world, 1_500), campaign_of(world, 1_500)
    tell(world, first, FeedbackKind.COMPLAINED, BounceClass.COMPLAINT, 3)
    assert standing(world) == [(BreakerKind.COMPLAINTS, BreakerLevel.SLOW)]
    with world.app.database.write() as session:
        campaign = session.get_one(Campaign, second)
        assert not breakers.holds_back(session, campaign, world.clock())
        for message in session.scalars(select(Message).where(Message.campaign_id == second).limit(SLOW_PER_MINUTE)):
            message.handed_over_at = world.clock()
        session.flush()
        assert breakers.holds_back(session, campaign, world.clock())
    world.clock.forward(minutes=2)
    tell(world, second, FeedbackKind.COMPLAINED, BounceClass.COMPLAINT, 6)
    assert standing(world) == [(BreakerKind.COMPLAINTS, BreakerLevel.STOP)]
    assert {world.campaign(one).state for one in (first, second)} == {CampaignState.PAUSED}
    third = campaign_of(world, 2)
    assert world.app.pipeline.deliver(third, batches=1) is False
    assert world.campaign(third).state is CampaignState.PAUSED  # nothing new begins either
    approver = world.staff(Role.APPROVER)
    with pytest.raises(NotAllowedError), world.app.database.write() as session:
        world.app.campaigns.resume(session, approver, third, reason=REASON)
    _lift(world)
    with world.app.database.write() as session:
        world.app.campaigns.resume(session, approver, third, reason=REASON)
    intake(world).round(TENANT)
    assert standing(world) == []


def _lift(world: World) -> None:
    world.clock.forward(minutes=1)
    now = world.clock()
    with world.app.database.write() as session:
        (row,) = breakers.standing(session, TENANT)
        with pytest.raises(NotAllowedError):
            breakers.lift(session, world.staff(Role.MARKETER), row.id, reason=REASON, now=now)
        with pytest.raises(InvalidInputError):
            breakers.lift(session, world.staff(Role.APPROVER), row.id, reason=" ", now=now)
        breakers.lift(session, world.staff(Role.APPROVER), row.id, reason=REASON, now=now)
        with pytest.raises(NotFoundError):
            breakers.lift(session, world.staff(Role.APPROVER), row.id, reason=REASON, now=now)


def test_one_of_ten_stops_nothing_and_a_warning_that_is_over_goes_away(small_world: World) -> None:
    world = small_world
    few = campaign_of(world, 10)
    tell(world, few, FeedbackKind.COMPLAINED, BounceClass.COMPLAINT, 1)
    tell(world, few, FeedbackKind.BOUNCED, BounceClass.HARD, 4)
    assert (standing(world), standing(world, few)) == ([], [])
    many = campaign_of(world, 200)
    tell(world, many, FeedbackKind.BOUNCED, BounceClass.HARD, 6)
    assert standing(world, many) == [(BreakerKind.HARD_BOUNCES, BreakerLevel.WARN)]
    world.clock.forward(days=31)
    intake(world).round(TENANT)
    assert standing(world, many) == []


def test_a_relay_that_refuses_at_once_is_counted_and_believed_about_the_address(world: World) -> None:
    sent_campaign(world, 3)
    with world.app.database.write() as session:
        rows = session.scalars(select(Message).order_by(Message.id)).all()
        for row, (reason, detail) in zip(
            rows, (("smtp_550", "5.1.1"), ("smtp_554", "5.7.1"), ("gave_up", "smtp_451")), strict=True
        ):
            row.state, row.reason, row.detail = MessageState.FAILED, reason, detail
    for _turn in range(2):
        intake(world).round(TENANT)
    with world.app.database.read() as session:
        told = session.execute(select(MailFeedback.bounce, MailFeedback.source).order_by(MailFeedback.message_id)).all()
        assert [tuple(one) for one in told] == [
            (BounceClass.HARD, FeedbackSource.RELAY),
            (BounceClass.BLOCK, FeedbackSource.RELAY),
        ]
    assert {message.state for message in messages(world)} == {MessageState.FAILED}


def test_lost_answers_stop_the_campaign_within_a_tick_and_it_goes_on_with_a_reason(small_world: World) -> None:
    world = small_world
    campaign_id, (contact,) = sent_campaign(world, 1)
    like = messages(world)[-1]
    with world.app.database.write() as session:
        session.get_one(Campaign, campaign_id).state = CampaignState.SENDING
        for number in range(110):
            session.add(
                Message(
                    tenant_id=TENANT, campaign_id=campaign_id, version=1, contact_id=contact, range_id=like.range_id,
                    channel=ChannelName.EMAIL, trigger=f"t{number}", context={}, queued_at=world.clock(), attempt=1,
                    state=MessageState.UNKNOWN if number < 5 else MessageState.ACCEPTED, handed_over_at=world.clock(),
                )
            )  # fmt: skip
    world.clock.forward(seconds=1)

    def tick() -> CampaignState:
        with world.app.database.write() as session:
            breakers.check_doubts(session, world.clock())
        return world.campaign(campaign_id).state

    assert tick() is CampaignState.SENDING  # 4,5 %
    with world.app.database.write() as session:
        for row in session.scalars(select(Message).where(Message.state == MessageState.ACCEPTED).limit(7)):
            row.state, row.reason = MessageState.UNKNOWN, LOST_WORKER
    assert tick() is CampaignState.SENDING  # workers that died: the relay is not to blame
    with world.app.database.write() as session:
        for row in session.scalars(select(Message).where(Message.reason == LOST_WORKER)):
            row.reason = "no_answer"
    assert tick() is CampaignState.PAUSED
    assert "jawaban server surat hilang" in world.campaign(campaign_id).state_reason
    approver = world.staff(Role.APPROVER)
    with pytest.raises(InvalidInputError), world.app.database.write() as session:
        world.app.campaigns.resume(session, approver, campaign_id)
    with world.app.database.write() as session:
        world.app.campaigns.resume(session, approver, campaign_id, reason=REASON)
    assert tick() is CampaignState.SENDING  # what was in doubt before does not stop it again
