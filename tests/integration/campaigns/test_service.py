"""What people do with a campaign, and every reason why they may not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from marketing.campaigns.service import LATEST_START
from marketing.db.models import Approval, CampaignVersion, Post, Product
from marketing.domain.campaign import CampaignContent, CampaignState
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, EmailType, Purpose, Role
from marketing.errors import InvalidInputError, MarketingError, NotAllowedError, NotFoundError, TransitionError
from marketing.queue import TaskName
from tests.support.world import World, add_contact, add_product, add_user, messages, promotion

S = CampaignState
BOTH = (ChannelName.EMAIL, ChannelName.FACEBOOK)
Act = Callable[..., Any]


def do(world: World, act: str, role: Role, *arguments: Any, **changes: Any) -> Any:
    """Let the holder of a role do something in a transaction of its own."""
    with world.app.database.write() as session:
        return getattr(world.app.campaigns, act)(session, world.staff(role), *arguments, **changes)


def draft(world: World, content: CampaignContent, **length: float) -> int:
    due = world.clock() + timedelta(**length)
    campaign = do(world, "create", Role.MARKETER, name="Tenun", content=content, scheduled_at=due)
    number: int = campaign.id
    return number


def in_review(world: World, content: CampaignContent, **length: float) -> int:
    campaign = draft(world, content, **length)
    do(world, "submit", Role.MARKETER, campaign)
    return campaign


def stop_selling(world: World, product: int) -> None:
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == product).values(stock=0))


def test_from_draft_to_the_hour_every_step_is_on_record(world: World) -> None:
    campaign = in_review(world, promotion(add_product(world.app, 1)), hours=1)
    do(world, "give_back", Role.APPROVER, campaign, note="Sebut harganya.")
    assert (world.campaign(campaign).state, world.campaign(campaign).state_reason) == (S.DRAFT, "Sebut harganya.")
    do(world, "submit", Role.MARKETER, campaign)
    do(world, "approve", Role.APPROVER, campaign, note="Baik.")
    standing = world.campaign(campaign)
    assert standing.state is S.SCHEDULED
    assert standing.latest_start == standing.scheduled_at + LATEST_START
    assert world.tasks.asked == []
    with world.app.database.read() as session:
        decided = session.scalars(select(Approval).order_by(Approval.id)).all()
    assert [(row.approved, row.note, row.version) for row in decided] == [
        (False, "Sebut harganya.", 1),
        (True, "Baik.", 1),
    ]
    assert {row.approver_id for row in decided} == {world.staff(Role.APPROVER).id}
    assert world.audited() == [f"campaign.{act}" for act in ("create", "submit", "give_back", "submit", "approve")]


def test_a_campaign_that_is_due_when_approved_starts_at_once(small_world: World) -> None:
    campaign = small_world.approved(promotion(add_product(small_world.app, 1)))
    assert small_world.tasks.asked == [(TaskName.START_CAMPAIGN, {"campaign_id": campaign})]


ACTS: dict[str, tuple[set[Role], Callable[[World, int], tuple[tuple[Any, ...], dict[str, Any]]]]] = {
    "change": (
        {Role.MARKETER},
        lambda w, p: ((1,), {"name": "x", "content": promotion(p), "scheduled_at": w.clock()}),
    ),
    "reschedule": ({Role.MARKETER}, lambda w, _p: ((1,), {"scheduled_at": w.clock()})),
    "submit": ({Role.MARKETER}, lambda _w, _p: ((1,), {})),
    "approve": ({Role.APPROVER}, lambda _w, _p: ((1,), {})),
    "give_back": ({Role.APPROVER}, lambda _w, _p: ((1,), {"note": "x"})),
    "pause": ({Role.MARKETER, Role.APPROVER}, lambda _w, _p: ((1,), {})),
    "resume": ({Role.APPROVER}, lambda _w, _p: ((1,), {})),
    "cancel": ({Role.MARKETER, Role.APPROVER}, lambda _w, _p: ((1,), {})),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_the_right_roles_of_the_same_daerah_may(small_world: World, act: str) -> None:
    world, (allowed, arguments_of) = small_world, ACTS[act]
    product = add_product(world.app, 1)
    assert in_review(world, promotion(product)) == 1
    before = world.audited()
    arguments, changes = arguments_of(world, product)
    for role in set(Role) - allowed:
        with pytest.raises(NotAllowedError, match="Peran"):
            do(world, act, role, *arguments, **changes)
    for role in allowed:
        stranger = add_user(world.app, role, f"{role}@blitar.example", "blitar")
        with pytest.raises(NotFoundError), world.app.database.write() as session:
            getattr(world.app.campaigns, act)(session, stranger, *arguments, **changes)
    assert world.audited() == before
    assert world.campaign(1).state is S.IN_REVIEW


def test_only_a_marketer_writes_a_draft(small_world: World) -> None:
    content = promotion(add_product(small_world.app, 1))
    for role in set(Role) - {Role.MARKETER}:
        with pytest.raises(NotAllowedError):
            do(small_world, "create", role, name="x", content=content, scheduled_at=None)


def test_nobody_decides_on_what_they_wrote(world: World) -> None:
    add_product(world.app, 1)
    both = add_user(world.app, Role.MARKETER, "keduanya@dinas.example")
    with world.app.database.write() as session:
        from marketing.db.models import RoleGrant

        session.add(RoleGrant(user_id=both.id, role=Role.APPROVER))
    with world.app.database.read() as session:
        both = session.get_one(type(both), both.id)
    with world.app.database.write() as session:
        campaign = world.app.campaigns.create(
            session, both, name="x", content=promotion(add_product_in(world)), scheduled_at=world.clock()
        ).id
        world.app.campaigns.submit(session, both, campaign)
    for act, changes in (("approve", {}), ("give_back", {"note": "x"})):
        with pytest.raises(NotAllowedError, match="Penyusun"), world.app.database.write() as session:
            getattr(world.app.campaigns, act)(session, both, campaign, **changes)
    assert world.campaign(campaign).state is S.IN_REVIEW


def add_product_in(world: World) -> int:
    with world.app.database.read() as session:
        return session.scalars(select(Product.id)).first() or 0


def test_an_hour_that_has_passed_is_refused_everywhere(small_world: World) -> None:
    world, product = small_world, add_product(small_world.app, 1)
    with pytest.raises(InvalidInputError, match="sudah lewat") as wrong:
        draft(world, promotion(product), hours=-1)
    assert wrong.value.field == "jam"
    campaign = in_review(world, promotion(product), hours=1)
    with pytest.raises(InvalidInputError, match="sudah lewat"):
        do(world, "reschedule", Role.MARKETER, campaign, scheduled_at=world.clock() - timedelta(hours=1))
    world.clock.forward(hours=7.1)
    with pytest.raises(NotAllowedError, match="sudah lewat"):
        do(world, "approve", Role.APPROVER, campaign)
    assert world.campaign(campaign).state is S.IN_REVIEW


def test_without_an_hour_it_cannot_be_submitted(small_world: World) -> None:
    content = promotion(add_product(small_world.app, 1))
    campaign = do(small_world, "create", Role.MARKETER, name="x", content=content, scheduled_at=None).id
    with pytest.raises(InvalidInputError) as wrong:
        do(small_world, "submit", Role.MARKETER, campaign)
    assert wrong.value.field == "jam"


def test_a_held_product_is_refused_when_submitted_approved_and_resumed(world: World) -> None:
    product = add_product(world.app, 1)
    waiting, reviewed = draft(world, promotion(product)), in_review(world, promotion(product))
    running = world.approved(promotion(product))
    do(world, "pause", Role.MARKETER, running)
    stop_selling(world, product)
    for act, campaign in (("approve", reviewed), ("resume", running)):
        with pytest.raises(NotAllowedError, match="Tenun 1"):
            do(world, act, Role.APPROVER, campaign)
    with pytest.raises(InvalidInputError, match=r"TTS|Ps\.") as wrong:
        do(world, "submit", Role.MARKETER, waiting)
    assert wrong.value.field == "produk"
    assert [world.campaign(row).state for row in (waiting, reviewed, running)] == [S.DRAFT, S.IN_REVIEW, S.PAUSED]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": "a\r\nBcc: x@y.example"}, "subjek"),
        ({"subject": "a" * 151}, "subjek"),
        ({"body": "a" * 10_001}, "isi"),
        ({"email_type": EmailType.RETENTION}, "jenis"),
        ({"email_type": EmailType.TRANSACTIONAL}, "jenis"),
        ({"product_ids": (999,)}, "produk"),
        ({"product_ids": tuple(range(1, 12))}, "produk"),
    ],
)
def test_what_is_wrong_is_told_with_its_field_and_not_even_kept(
    small_world: World, change: dict[str, Any], field: str
) -> None:
    content = replace(promotion(add_product(small_world.app, 1)), **change)
    with pytest.raises(InvalidInputError) as wrong:
        draft(small_world, content)
    assert wrong.value.field == field
    assert small_world.audited() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [({"subject": " "}, "subjek"), ({"body": ""}, "isi"), ({"channels": ()}, "kanal"), ({"product_ids": ()}, "produk")],
)
def test_an_incomplete_draft_is_kept_but_goes_nowhere(small_world: World, change: dict[str, Any], field: str) -> None:
    campaign = draft(small_world, replace(promotion(add_product(small_world.app, 1)), **change))
    with pytest.raises(InvalidInputError) as wrong:
        do(small_world, "submit", Role.MARKETER, campaign)
    assert wrong.value.field == field
    assert small_world.campaign(campaign).state is S.DRAFT


def test_a_change_after_approval_is_a_new_version_and_a_draft_again(world: World) -> None:
    campaign = world.approved(promotion(add_product(world.app, 1)), hours=1)
    content = promotion(add_product(world.app, 2), subject="Lain")
    do(world, "change", Role.MARKETER, campaign, name="Lain", content=content, scheduled_at=world.clock())
    changed = world.campaign(campaign)
    assert (changed.state, changed.version, changed.name) == (S.DRAFT, 2, "Lain")
    world.run(campaign)
    assert world.campaign(campaign).state is S.DRAFT
    with world.app.database.read() as session:
        versions = session.scalars(select(CampaignVersion).order_by(CampaignVersion.number)).all()
    assert [version.content["subject"] for version in versions] == ["Tenun baru", "Lain"]


def test_another_hour_needs_another_approval(small_world: World) -> None:
    campaign = small_world.approved(promotion(add_product(small_world.app, 1)), hours=1)
    do(small_world, "reschedule", Role.MARKETER, campaign, scheduled_at=small_world.clock())
    assert small_world.campaign(campaign).state is S.DRAFT


def test_once_it_went_out_nothing_can_be_edited(small_world: World) -> None:
    world, product = small_world, add_product(small_world.app, 1)
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(product))
    world.app.planner.start(campaign)
    for state in (S.SENDING, S.PAUSED, S.SENT):
        if state is S.PAUSED:
            do(world, "pause", Role.MARKETER, campaign)
        if state is S.SENT:
            do(world, "resume", Role.APPROVER, campaign)
            world.run(campaign)
        assert world.campaign(campaign).state is state
        with pytest.raises(NotAllowedError):
            do(world, "change", Role.MARKETER, campaign, name="x", content=promotion(product), scheduled_at=None)
        with pytest.raises(NotAllowedError):
            do(world, "reschedule", Role.MARKETER, campaign, scheduled_at=world.clock())
    assert world.campaign(campaign).version == 1


@pytest.mark.parametrize("act", [act for act in ACTS if act not in {"change", "reschedule", "submit"}])
def test_what_the_state_does_not_allow_changes_nothing(small_world: World, act: str) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.run(campaign)
    before = world.audited()
    role = Role.APPROVER
    with pytest.raises((NotAllowedError, TransitionError)) as refused:
        do(world, act, role, campaign, **({"note": "x"} if act == "give_back" else {}))
    assert isinstance(refused.value, MarketingError)
    assert world.campaign(campaign).state is S.SENT
    assert world.audited() == before


def test_a_note_is_needed_to_give_back(small_world: World) -> None:
    campaign = in_review(small_world, promotion(add_product(small_world.app, 1)))
    with pytest.raises(InvalidInputError) as wrong:
        do(small_world, "give_back", Role.APPROVER, campaign, note="  ")
    assert wrong.value.field == "catatan"


def test_pause_stops_and_resume_goes_on(world: World) -> None:
    for number in (1, 2):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1), channels=BOTH))
    world.app.planner.start(campaign)
    do(world, "pause", Role.MARKETER, campaign)
    world.run(campaign)
    assert world.outbox.sent == []
    assert world.campaign(campaign).state_reason == "Dijeda oleh pemasar@dinas.example."
    world.tasks.asked.clear()
    do(world, "resume", Role.APPROVER, campaign)
    assert {task for task, _ids in world.tasks.asked} == {TaskName.DELIVER, TaskName.PUBLISH}
    world.run(campaign)
    assert len(world.outbox.sent) == 2
    assert world.campaign(campaign).state is S.SENT


def test_a_campaign_that_was_late_starts_when_a_person_says_so(small_world: World) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.clock.forward(hours=7)
    world.run(campaign)
    assert world.campaign(campaign).state is S.PAUSED
    do(world, "resume", Role.APPROVER, campaign)
    world.run(campaign)
    assert world.campaign(campaign).state is S.SENT


def test_cancelling_takes_back_what_a_person_was_still_to_share(small_world: World) -> None:
    campaign = small_world.approved(promotion(add_product(small_world.app, 1), channels=(ChannelName.WHATSAPP,)))
    small_world.app.planner.start(campaign)
    small_world.app.publishing.publish(campaign)
    with small_world.app.database.read() as session:
        assert session.scalars(select(Post.state)).all() == [PostState.AWAITING_HUMAN]
    do(small_world, "cancel", Role.MARKETER, campaign)
    with small_world.app.database.read() as session:
        assert session.scalars(select(Post.state)).all() == [PostState.WITHDRAWN]


def test_cancelling_skips_what_waits_withdraws_its_posts_and_the_ledger_balances(world: World) -> None:
    for number in range(60):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1), channels=BOTH))
    world.app.planner.start(campaign)
    world.app.pipeline.deliver(campaign, batches=1)
    do(world, "cancel", Role.MARKETER, campaign)
    world.run(campaign)
    ledger = world.ledger(campaign)
    assert (ledger.sent, dict(ledger.skipped_by_reason), ledger.settled) == (50, {"cancelled": 10}, True)
    assert ledger.balances
    with world.app.database.read() as session:
        assert session.scalars(select(Post.state)).all() == [PostState.WITHDRAWN]
    assert len(messages(world)) == 60
    with pytest.raises(TransitionError):
        do(world, "cancel", Role.MARKETER, campaign)
