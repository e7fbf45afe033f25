"""Products of a mail are asked again when it is written: price, sale, stock and standing of that moment, or they are left out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from marketing.db.models import Contact, Product
from marketing.delivery.pipeline import Pipeline
from marketing.domain.campaign import CampaignState
from marketing.domain.message import MessageState
from marketing.domain.product import Category, VerificationStatus
from marketing.domain.types import Purpose
from tests.support.orders import add_order, enable, run_automation
from tests.support.world import World, add_contact, add_product, messages, promotion

LATELY = timedelta(days=20)


def change(world: World, product: int, **values: object) -> None:
    with world.app.database.write() as session:
        session.execute(update(Product).where(Product.id == product).values(**values))


def sale(world: World, price: int, *, starts: float = 0, ends: float = 14) -> dict[str, object]:
    first, last = (world.clock() + timedelta(days=days) for days in (starts, ends))
    return {"price": price, "starts": first.isoformat(), "ends": last.isoformat()}


def planned(world: World, *products: int, **words: object) -> int:
    """Return a campaign whose messages stand in the queue and have not left."""
    campaign = world.approved(promotion(*products, **words))
    world.app.planner.start(campaign)
    return campaign


def buyer(world: World, *products: int, purpose: Purpose = Purpose.PERSONALISED) -> int:
    contact = add_contact(world.app, 1, purpose)
    add_order(world.app, 1, contact, products=list(products), placed_at=world.clock() - LATELY)
    return contact


def planned_choice(world: World) -> None:
    """Plan this month's personal mail without sending it."""
    enable(world, "pilihan")
    world.app.automations.run("tts", "pilihan")


def deliver(world: World) -> None:
    for campaign in {row.campaign_id for row in messages(world)}:
        world.app.pipeline.deliver(campaign, batches=2)


def test_the_price_of_the_moment_is_shown_and_a_sale_only_between_its_days(small_world: World) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    product = add_product(world.app, 1, price=350_000)
    campaign = planned(world, product)
    change(world, product, price=360_000, sale=sale(world, 297_000))
    world.run(campaign)
    (email,) = world.outbox.sent
    for part in (email.html, email.text):
        assert "Rp297.000" in part
        assert "Rp360.000" in part
        assert "hemat 17%" in part  # 17,5: nobody is promised more than there is
        assert "22 November – 6 Desember 2026" in part
        assert "Rp350.000" not in part


@pytest.mark.parametrize(("starts", "ends"), [(1, 14), (-14, -1)])
def test_a_sale_that_has_not_begun_or_is_over_is_none(small_world: World, starts: float, ends: float) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    product = add_product(world.app, 1, price=350_000)
    change(world, product, sale=sale(world, 297_000, starts=starts, ends=ends))
    world.run(planned(world, product))
    (email,) = world.outbox.sent
    for part in (email.html, email.text):
        assert "Rp350.000" in part
        assert "Rp297.000" not in part
        assert "hemat" not in part
        assert "Berlaku" not in part


@pytest.mark.parametrize(
    "fall",
    [
        {"stock": 0},
        {"verification_status": VerificationStatus.REVOKED},
        {"deleted_at": datetime(2026, 11, 22, tzinfo=UTC)},
    ],
    ids=["sold out", "held", "deleted"],
)
def test_a_campaign_of_people_stands_still_when_a_product_fell(small_world: World, fall: dict[str, object]) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    fallen, fine = add_product(world.app, 1), add_product(world.app, 2)
    campaign = planned(world, fallen, fine)
    change(world, fallen, **fall)
    world.run(campaign)
    assert world.outbox.sent == []
    assert world.campaign(campaign).state is CampaignState.PAUSED
    assert "Tenun 1" in world.campaign(campaign).state_reason


def test_a_personal_mail_leaves_the_fallen_product_out(world: World) -> None:
    fallen, fine = add_product(world.app, 1), add_product(world.app, 2)
    buyer(world, fallen, fine)
    planned_choice(world)
    change(world, fallen, stock=0)
    deliver(world)
    (email,) = world.outbox.sent
    assert "Tenun 2" in email.html
    for part in (email.html, email.text):
        assert "Tenun 1" not in part


def test_a_personal_mail_without_any_product_left_is_not_sent(world: World) -> None:
    product = add_product(world.app, 1)
    buyer(world, product)
    planned_choice(world)
    change(world, product, stock=0)
    deliver(world)
    assert world.outbox.sent == []
    (row,) = messages(world)
    assert (row.state, row.reason) == (MessageState.SKIPPED, "nothing_to_say")


def test_products_that_fall_between_permit_and_writing_do_not_leave_an_empty_mail(world: World) -> None:
    product = add_product(world.app, 1)
    buyer(world, product)
    planned_choice(world)
    (row,) = messages(world)

    def striking(moment: Callable[[], datetime]) -> Callable[[], datetime]:
        """Return a clock at whose second reading, the one of the writing, the product is sold out."""
        readings: list[datetime] = []

        def read() -> datetime:
            readings.append(moment())
            if len(readings) == 2:
                change(world, product, stock=0)
            return readings[-1]

        return read

    pipeline = Pipeline(world.app.database, world.outbox, world.app.composer, striking(world.clock), world.app.guard)
    assert pipeline.deliver(row.campaign_id, batches=1)
    (row,) = messages(world)
    assert (row.state, row.attempt, world.outbox.sent) == (MessageState.QUEUED, 0, [])
    world.clock.forward(minutes=1)
    world.app.pipeline.deliver(row.campaign_id, batches=1)
    (row,) = messages(world)
    assert (row.state, row.reason, world.outbox.sent) == (MessageState.SKIPPED, "nothing_to_say", [])


def test_a_bundle_names_what_it_holds_and_who_makes_it(small_world: World) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    parts = [{"product_id": key, "quantity": number} for key, number in (("P-1", 1), ("P-2", 6), ("P-404", 1))]
    add_product(world.app, 1)
    add_product(world.app, 2)
    bundle = add_product(world.app, 3)
    change(world, bundle, name="Paket meja", bundle_of=parts)
    world.run(planned(world, bundle, variant="paket"))
    (email,) = world.outbox.sent
    assert "- 1 × Tenun 1 (Usaha 1)\n- 6 × Tenun 2 (Usaha 2)\n" in email.text
    assert "6 × Tenun 2" in email.html
    assert email.html.count("Usaha 2") == 1
    assert "P-404" not in email.html


def test_a_mail_speaks_the_language_of_its_reader(small_world: World) -> None:
    world = small_world
    for number in (1, 2):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    with world.app.database.write() as session:
        session.execute(update(Contact).where(Contact.external_id == "B-2").values(locale="en"))
    product = add_product(world.app, 1, price=350_000)
    change(world, product, sale=sale(world, 297_500))
    world.run(planned(world, product))
    indonesian, english = sorted(world.outbox.sent, key=lambda email: email.recipient_address)
    assert '<html lang="id"' in indonesian.html
    assert "22 November – 6 Desember 2026" in indonesian.html
    assert '<html lang="en"' in english.html
    for part in (english.html, english.text):
        assert "22 November – 6 December 2026" in part
        assert "Tenun baru" in part  # the words of the marketer stay as written


def test_why_a_product_is_shown_names_the_business_and_the_topic(small_world: World) -> None:
    world = small_world
    bought = add_product(world.app, 1)
    same_seller, liked = add_product(world.app, 2), add_product(world.app, 3, category=Category.FESYEN)
    with world.app.database.write() as session:
        seller = session.get_one(Product, bought).business_id
    change(world, same_seller, business_id=seller)
    contact = buyer(world, bought)
    with world.app.database.write() as session:
        session.get_one(Contact, contact).preferences = {"categories": ["fesyen"]}
    run_automation_after_switching_on(world)
    (row,) = messages(world)
    assert [(one["id"], one["why"]) for one in row.context["products"]] == [
        (bought, "bought"),
        (same_seller, "seller"),
        (liked, "topic"),
    ]
    (email,) = world.outbox.sent
    for reason in ("Dari Usaha 1, tempat Anda pernah berbelanja", "Sesuai topik pilihan Anda: Fesyen"):
        assert reason in email.text
        assert reason in email.html


def test_who_only_said_what_they_like_is_written_to_as_well(small_world: World) -> None:
    world = small_world
    product = add_product(world.app, 1)
    contact = add_contact(world.app, 1, Purpose.PERSONALISED)
    silent = add_contact(world.app, 2, Purpose.PROMOTIONAL)
    with world.app.database.write() as session:
        for one in (contact, silent):
            session.get_one(Contact, one).preferences = {"categories": ["kerajinan"]}
    run_automation_after_switching_on(world)
    (row,) = messages(world)
    assert (row.contact_id, row.context["products"]) == (contact, [{"id": product, "why": "topic", "times": 0}])
    assert "Kerajinan" in world.outbox.sent[0].text


def run_automation_after_switching_on(world: World) -> None:
    enable(world, "pilihan")
    run_automation(world, "pilihan")


def test_an_endless_name_is_cut_the_same_in_both_parts(small_world: World) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    product = add_product(world.app, 1, name="Tenun \u202eikat " * 80, price=100_000)
    world.run(planned(world, product))
    (email,) = world.outbox.sent
    name = next(line for line in email.text.splitlines() if line.startswith("Tenun ikat"))
    assert len(name) <= 120
    assert name.endswith("…")
    assert f">{name}</div>" in email.html
    assert "\u202e" not in email.html
