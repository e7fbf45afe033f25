"""What is kept of what came back: raw events for a month, nothing that names somebody who was erased."""

from collections.abc import Sequence

from sqlalchemy import func, select

from marketing.db.models import Event, MailFeedback, RawFeedback
from marketing.delivery.feedback import RAW_KEPT
from marketing.domain.bounce import BounceClass, Verdict
from marketing.domain.events import event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource
from marketing.feedback import intake_of
from marketing.privacy import privacy_of
from tests.support.feedback import sent_campaign
from tests.support.world import TENANT, World, messages


def told(world: World, number: int) -> Sequence[int]:
    """Send to so many people and let every mail come back; returns the people."""
    _campaign, people = sent_campaign(world, number)
    reports = [
        Feedback(
            event_id("k", one.id), one.id, FeedbackKind.BOUNCED, world.clock(), FeedbackSource.SENDGRID,
            Verdict(BounceClass.SOFT), detail="552 kotak surat Budi penuh", raw={"event": "bounce"},
        )
        for one in messages(world)
    ]  # fmt: skip
    intake_of(world.app).take(TENANT, reports)
    return people


def count(world: World, table: type[Event | MailFeedback | RawFeedback]) -> int:
    with world.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_raw_events_are_forgotten_after_a_month_and_their_reading_stays(small_world: World) -> None:
    world = small_world
    told(world, 2)
    world.clock.now += RAW_KEPT
    intake_of(world.app).round(TENANT)
    assert count(world, RawFeedback) == 2
    world.clock.forward(seconds=1)
    intake_of(world.app).round(TENANT)
    assert (count(world, RawFeedback), count(world, MailFeedback), count(world, Event)) == (0, 2, 2)


def test_of_somebody_erased_only_the_number_stays(world: World) -> None:
    gone, _stays = told(world, 2)
    privacy_of(world.app).erase(TENANT, gone, None)
    with world.app.database.read() as session:
        rows = session.scalars(select(MailFeedback).order_by(MailFeedback.message_id)).all()
    assert [(row.detail, bool(row.address_hash)) for row in rows] == [("", False), ("552 kotak surat Budi penuh", True)]
    assert count(world, RawFeedback) == 1
