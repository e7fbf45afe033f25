"""What a person changes holds from the commit on: consent, waiting mail, wishes; and only what the person changed."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from marketing.contacts.asking import wordings_now
from marketing.contacts.consent_proof import verify_ledger
from marketing.contacts.consent_service import history
from marketing.contacts.preferences import Preferences, Wishes, change, find_person, leave_all, preferences_of
from marketing.contacts.unsubscribe import UNSUBSCRIBE_ALL
from marketing.db.models import Address, Contact, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.message import MessageState
from marketing.domain.types import BuyerKind, ChannelName, EmailType, Purpose
from marketing.errors import InvalidInputError
from tests.support.subscribing import MAIL, states, suppress
from tests.support.world import TENANT, World, add_contact, add_product, messages, promotion

P = Purpose


def seen(world: World, contact_id: int) -> Preferences:
    with world.app.database.read() as session:
        contact = find_person(session, contact_id)
        assert contact is not None
        return preferences_of(session, contact, "id", world.clock())


def add_telephone(world: World, contact_id: int) -> None:
    with world.app.database.write() as session:
        session.add(
            Address(
                tenant_id=TENANT,
                contact_id=contact_id,
                channel=ChannelName.WHATSAPP,
                normalised="+6281234567890",
                hash="x",
            )
        )


def barred_channels(world: World) -> set[ChannelName]:
    with world.app.database.read() as session:
        return set(session.scalars(select(Suppression.channel)))


def on(world: World, contact_id: int) -> set[Purpose]:
    return {choice.purpose for choice in seen(world, contact_id).choices if choice.on}


def decide(
    world: World, contact_id: int, *agreed: Purpose, off: tuple[Purpose, ...] = (), wishes: Wishes | None = None
) -> None:
    with world.app.database.write() as session:
        contact = find_person(session, contact_id)
        assert contact is not None
        texts = wordings_now(session, TENANT, agreed, "id", world.clock())
        change(
            session,
            contact,
            agreed=tuple(texts.values()),
            withdrawn=frozenset(off),
            wishes=wishes or Wishes(),
            now=world.clock(),
        )


def test_off_stops_what_waits_of_that_kind_and_no_other(world: World) -> None:
    person = add_contact(world.app, 1, P.PROMOTIONAL, P.NEWSLETTER)
    product = add_product(world.app, 1)
    news = promotion(product, email_type=EmailType.NEWSLETTER, variant="buletin")
    for content in (promotion(product), news):
        world.app.planner.start(world.approved(content))
    decide(world, person, off=(P.PROMOTIONAL,))
    assert [row.state for row in messages(world)] == [MessageState.SKIPPED, MessageState.QUEUED]
    assert messages(world)[0].article == "UU 27/2022 Ps. 40"
    assert on(world, person) == {P.NEWSLETTER}


def test_on_is_a_fresh_consent_on_the_text_that_was_shown(world: World) -> None:
    person = add_contact(world.app, 1, P.PROMOTIONAL)
    decide(world, person, P.NEWSLETTER)
    with world.app.database.read() as session:
        line = history(session, tenant_id=TENANT, contact_id=person)[-1]
        assert verify_ledger(session, TENANT) is None
    assert (line.purpose, line.state, line.source) == (P.NEWSLETTER, ConsentState.GIVEN, "preferensi")
    assert (line.wording_version, line.language) == ("2026-1", "id")
    assert line.wording_hash
    assert on(world, person) == {P.PROMOTIONAL, P.NEWSLETTER}


def test_saving_without_a_change_writes_no_line(small_world: World) -> None:
    person = add_contact(small_world.app, 1, P.PROMOTIONAL)
    decide(small_world, person)
    with small_world.app.database.read() as session:
        assert len(history(session, tenant_id=TENANT, contact_id=person)) == 1


def test_leaving_all_closes_everything_and_one_tick_opens_again(world: World) -> None:
    person = add_contact(world.app, 1, P.PROMOTIONAL, P.NEWSLETTER)
    world.app.planner.start(world.approved(promotion(add_product(world.app, 1))))
    with world.app.database.write() as session:
        contact = session.get_one(Contact, person)
        leave_all(session, contact, now=world.clock())
    assert on(world, person) == set()
    assert seen(world, person).left_all
    assert [row.state for row in messages(world)] == [MessageState.SKIPPED]
    assert set(states(world, person).values()) == {ConsentState.WITHDRAWN}
    decide(world, person, P.NEWSLETTER)
    found = seen(world, person)
    assert (found.left_all, found.barred) == (False, False)
    with world.app.database.read() as session:
        assert history(session, tenant_id=TENANT, contact_id=person)[-1].evidence["lifted"] == UNSUBSCRIBE_ALL
        assert session.scalar(select(func.count()).select_from(Suppression)) == 0


def test_leaving_all_bars_the_telephone_too_and_a_tick_for_mail_leaves_it_barred(small_world: World) -> None:
    person = add_contact(small_world.app, 1, P.NEWSLETTER)
    add_telephone(small_world, person)
    with small_world.app.database.write() as session:
        leave_all(session, session.get_one(Contact, person), now=small_world.clock())
    assert barred_channels(small_world) == {ChannelName.EMAIL, ChannelName.WHATSAPP}
    decide(small_world, person, P.NEWSLETTER)
    assert barred_channels(small_world) == {ChannelName.WHATSAPP}


def test_a_tick_never_lifts_what_others_put_on_the_list(small_world: World) -> None:
    person = add_contact(small_world.app, 1, email=MAIL)
    suppress(small_world, MAIL, "complaint")
    decide(small_world, person, P.PROMOTIONAL)
    assert seen(small_world, person).barred
    campaign = small_world.approved(promotion(add_product(small_world.app, 1)))
    small_world.run(campaign)
    assert small_world.ledger(campaign).skipped_by_reason == {"suppressed": 1}


def test_wishes_are_kept_and_a_pause_ends_at_its_day(world: World) -> None:
    person = add_contact(world.app, 1, P.PROMOTIONAL)
    wishes = Wishes(("kerajinan",), 1, date(2026, 12, 1), "en")
    decide(world, person, wishes=wishes)
    assert seen(world, person).wishes == wishes
    with world.app.database.read() as session:
        contact = session.get_one(Contact, person)
    assert contact.paused_until is not None
    assert contact.paused_until.isoformat() == "2026-11-30T16:00:00+00:00"  # midnight of 1 December in WITA
    world.clock.now = contact.paused_until
    assert seen(world, person).wishes == replace(wishes, paused_until=None)


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22), date(2027, 11, 25), date(9999, 12, 31)])
def test_a_pause_that_cannot_be_changes_nothing(small_world: World, day: date) -> None:
    person = add_contact(small_world.app, 1, P.PROMOTIONAL)
    with pytest.raises(InvalidInputError):
        decide(small_world, person, off=(P.PROMOTIONAL,), wishes=Wishes(("fesyen",), None, day))
    assert on(small_world, person) == {P.PROMOTIONAL}
    assert seen(small_world, person).wishes.topics == ()


def test_a_business_may_leave_sosialisasi_which_asked_for_no_consent(world: World) -> None:
    person, buyer = add_contact(world.app, 1), add_contact(world.app, 2)
    with world.app.database.write() as session:
        session.get_one(Contact, person).kind = BuyerKind.PELAKU_UMKM
    assert on(world, person) == {P.SOSIALISASI}
    assert P.SOSIALISASI not in {choice.purpose for choice in seen(world, buyer).choices}
    decide(world, person, off=(P.SOSIALISASI,))
    assert on(world, person) == set()
    decide(world, person, P.SOSIALISASI)
    assert on(world, person) == {P.SOSIALISASI}


def test_whatsapp_is_offered_to_whoever_gave_a_number(small_world: World) -> None:
    person = add_contact(small_world.app, 1)
    assert P.WHATSAPP_MARKETING not in {choice.purpose for choice in seen(small_world, person).choices}
    add_telephone(small_world, person)
    assert P.WHATSAPP_MARKETING in {choice.purpose for choice in seen(small_world, person).choices}


def test_a_link_leads_to_the_person_a_duplicate_was_merged_into(small_world: World) -> None:
    first, second = add_contact(small_world.app, 1), add_contact(small_world.app, 2)
    with small_world.app.database.write() as session:
        session.get_one(Contact, first).merged_into = second
    assert seen(small_world, first).contact_id == second
    with small_world.app.database.write() as session:
        session.get_one(Contact, second).merged_into = first  # broken data must not turn for ever
    with small_world.app.database.read() as session:
        assert find_person(session, first) is None


def test_nobody_is_behind_the_link_of_an_erased_person(small_world: World) -> None:
    person = add_contact(small_world.app, 1)
    with small_world.app.database.write() as session:
        session.get_one(Contact, person).erased_at = small_world.clock()
    with small_world.app.database.read() as session:
        assert find_person(session, person) is None
        assert find_person(session, 4711) is None
