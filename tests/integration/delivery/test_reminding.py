"""People are reminded of what only they can do: a few times, by day, the one whose task it is."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from marketing.channels.base import Deferred, SendOutcome
from marketing.channels.social import Access, SocialProvider
from marketing.channels.whatsapp.group import GroupDoor
from marketing.db.models import ChannelAccount, Post, ShareTask, User
from marketing.delivery.share_tasks import CHECK, REMOVE, ask_person
from marketing.delivery.task_acts import finish_share, take_over
from marketing.domain.content import OutboundEmail
from marketing.domain.quiet_hours import QuietHours
from marketing.domain.share_task import PROOF_KEPT, REMINDERS
from marketing.domain.types import ChannelName, Role
from marketing.errors import NotAllowedError, NotFoundError
from tests.support.publishers import started
from tests.support.world import START, TENANT, World, add_user

GROUP = Access(SocialProvider.WHATSAPP_GROUP, "tts:umkm-mollo", "UMKM Mollo")


def group_of(world: World, person: User | None) -> int:
    """Connect a group whose administrator this is."""
    publishers = replace(world.app.social.publishers, doors={SocialProvider.WHATSAPP_GROUP: GroupDoor()})
    account = replace(world.app.social, publishers=publishers).connect(world.staff(Role.OPERATOR), GROUP)
    with world.app.database.write() as session:
        session.get_one(ChannelAccount, account).person_id = person.id if person else None
    return account


def asked(world: World) -> ShareTask:
    """Let a campaign leave a task for a person."""
    campaign = started(world, ChannelName.WHATSAPP)
    world.app.publishing.publish(campaign)
    return task(world)


def task(world: World) -> ShareTask:
    with world.app.database.read() as session:
        return session.scalars(select(ShareTask)).one()


def told(world: World) -> list[str]:
    found = [mail.recipient_address for mail in world.outbox.sent]
    world.outbox.sent.clear()
    return found


def test_the_named_person_is_reminded_three_times_and_never_again(world: World) -> None:
    companion = world.staff(Role.COMPANION)
    group_of(world, companion)
    assert asked(world).assignee_id == companion.id
    moments = []
    for _hour in range(24 * 7):
        if world.app.reminders.remind(TENANT):
            moments.append(world.clock() - START)
            assert told(world) == [companion.email]
        world.clock.forward(hours=1)
    assert tuple(moments) == REMINDERS


def test_a_mail_names_the_task_and_leads_to_it(small_world: World) -> None:
    world = small_world
    row = asked(world)
    world.staff(Role.MARKETER)
    world.clock.forward(hours=5)
    assert world.app.reminders.remind(TENANT) == 1
    (mail,) = world.outbox.sent
    assert mail.subject == "Selesaikan kiriman WhatsApp"
    assert f"https://siar.example/tugas/{row.id}" in mail.text
    assert "Tenun baru (menunggu sejak 22 November 2026 09.00 WITA)" in mail.text
    assert mail.recipient_address == world.staff(Role.MARKETER).email


def test_many_tasks_are_one_mail_for_each_person(small_world: World) -> None:
    world = small_world
    asked(world)
    with world.app.database.write() as session:
        post = session.scalars(select(Post)).one()
        ask_person(session, post, REMOVE, "Hapus", world.clock())
    world.clock.forward(hours=5)
    assert world.app.reminders.remind(TENANT) == 1
    (mail,) = world.outbox.sent
    assert mail.subject == "2 tugas menunggu Anda"
    assert "https://siar.example/tugas\n" in mail.text
    assert "Tarik kiriman WhatsApp" in mail.text


def test_what_is_nobodys_own_is_told_to_the_marketers_and_to_one_who_took_it_over_alone(small_world: World) -> None:
    world = small_world
    approver, marketer = world.staff(Role.APPROVER), world.staff(Role.MARKETER)
    row = asked(world)
    world.clock.forward(hours=5)
    world.app.reminders.remind(TENANT)
    assert told(world) == [marketer.email]
    with world.app.database.write() as session:
        take_over(session, approver, row.id, world.clock())
    world.clock.forward(hours=24)
    world.app.reminders.remind(TENANT)
    assert told(world) == [approver.email]
    with world.app.database.write() as session:
        session.execute(update(User).where(User.id == approver.id).values(is_active=False))
    world.clock.forward(hours=72)
    world.app.reminders.remind(TENANT)
    assert told(world) == [marketer.email], "who has left the office is not written to"


def test_nobody_is_woken(small_world: World) -> None:
    world = small_world
    asked(world)
    reminders = replace(world.app.reminders, quiet=QuietHours())
    hours = []
    for _hour in range(24 * 5):
        if reminders.remind(TENANT):
            hours.append((world.clock() + timedelta(hours=8)).hour)
        world.clock.forward(hours=1)
    assert len(hours) == len(REMINDERS)
    assert all(8 <= hour < 20 for hour in hours)


def test_a_mail_that_cannot_leave_now_leaves_later_and_counts_once(small_world: World) -> None:
    world = small_world
    asked(world)
    world.clock.forward(hours=5)
    accepted = world.outbox.answer

    def busy(email: OutboundEmail) -> SendOutcome:
        return Deferred(email.key, "smtp_421", timedelta(minutes=30))

    world.outbox.answer = busy  # type: ignore[method-assign]
    assert world.app.reminders.remind(TENANT) == 0
    first = world.outbox.sent[0].message_id
    world.outbox.answer = accepted  # type: ignore[method-assign]
    assert world.app.reminders.remind(TENANT) == 0
    world.clock.forward(minutes=30)
    assert world.app.reminders.remind(TENANT) == 1
    assert world.outbox.sent[-1].message_id == first
    assert task(world).reminded == 1


def test_nobody_is_reminded_of_what_is_done_or_settled_itself(small_world: World) -> None:
    world = small_world
    row = asked(world)
    with world.app.database.write() as session:
        finish_share(session, world.staff(Role.COMPANION), row.id, world.clock())
        post = session.get_one(Post, row.post_id)
        ask_person(session, post, CHECK, "Periksa", world.clock())  # found by itself meanwhile: it is published
    world.clock.forward(hours=100)
    assert world.app.reminders.remind(TENANT) == 0
    assert world.outbox.sent == []


def test_a_proof_is_forgotten_after_a_year(small_world: World) -> None:
    world = small_world
    row, folder = asked(world), world.app.settings.proof_dir / TENANT
    folder.mkdir(parents=True)
    (folder / "abc.jpg").write_bytes(b"x")
    with world.app.database.write() as session:
        finish_share(session, world.staff(Role.MARKETER), row.id, world.clock(), proof="abc")
    world.clock.forward(days=364)
    world.app.reminders.remind(TENANT)
    assert (folder / "abc.jpg").is_file()
    world.clock.now = START + PROOF_KEPT + timedelta(hours=1)
    world.app.reminders.remind(TENANT)
    assert not (folder / "abc.jpg").exists()
    assert task(world).proof == ""


@pytest.mark.parametrize("done", [True, False])
def test_only_an_open_task_of_the_own_daerah_is_taken_over_by_who_may(small_world: World, done: bool) -> None:
    world = small_world
    row, now = asked(world), datetime.fromisoformat("2026-11-22T09:00:00+08:00")
    stranger = add_user(world.app, Role.MARKETER, "tetangga@blitar.example", "blitar")
    with pytest.raises(NotFoundError), world.app.database.write() as session:
        take_over(session, stranger, row.id, now)
    with pytest.raises(NotAllowedError), world.app.database.write() as session:
        take_over(session, world.staff(Role.HEAD), row.id, now)
    if done:
        with world.app.database.write() as session:
            finish_share(session, world.staff(Role.MARKETER), row.id, now)
        with pytest.raises(NotAllowedError), world.app.database.write() as session:
            take_over(session, world.staff(Role.APPROVER), row.id, now)
    else:
        with world.app.database.write() as session:
            take_over(session, world.staff(Role.APPROVER), row.id, now)
        assert task(world).assignee_id == world.staff(Role.APPROVER).id
        assert world.audited()[-1] == "task.taken"
