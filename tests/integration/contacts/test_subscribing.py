"""Double opt-in: nothing counts before the owner of the mailbox says so, once, in time, and nobody learns who is known."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from marketing.channels.base import Deferred, Failed, InDoubt, SendOutcome
from marketing.contacts.consent_proof import verify_ledger
from marketing.contacts.consent_service import history
from marketing.contacts.subscribing import MAILS_PER_DAY, VALID_FOR
from marketing.contacts.unsubscribe import UNSUBSCRIBE_ALL
from marketing.db.models import Address, ConsentRecord, Contact, Subscription, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.content import OutboundEmail
from marketing.domain.links import LinkPurpose
from marketing.domain.types import EmailType, Purpose
from marketing.queue import TaskName
from tests.support.subscribing import MAIL, ask, states, suppress, token_in_mail, wish
from tests.support.world import TENANT, World, add_contact, add_product, promotion


def row_of(world: World, number: int) -> Subscription:
    with world.app.database.read() as session:
        return session.get_one(Subscription, number)


def people(world: World) -> list[Contact]:
    with world.app.database.read() as session:
        return list(session.scalars(select(Contact).order_by(Contact.id)))


def count(world: World, table: type) -> int:
    with world.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_asking_makes_no_contact_and_no_consent_only_one_mail(world: World) -> None:
    number = ask(world, Purpose.PROMOTIONAL, Purpose.NEWSLETTER)
    assert (count(world, Contact), count(world, ConsentRecord)) == (0, 0)
    (mail,) = world.outbox.sent
    assert (mail.recipient_address, mail.email_type, mail.recipient_name) == (MAIL, EmailType.TRANSACTIONAL, "")
    assert "Maria" not in mail.text + mail.html  # a stranger's words are not ours to deliver
    assert "Promosi produk UMKM" in mail.text
    row = row_of(world, number)
    token = token_in_mail(world)
    assert token not in str(vars(row))
    assert row.mailed_at == world.clock()


def test_the_owner_confirms_once_and_the_ledger_tells_the_whole_story(world: World) -> None:
    number = ask(world, Purpose.PROMOTIONAL, Purpose.NEWSLETTER)
    asked = world.clock()
    world.clock.forward(hours=5)
    token = token_in_mail(world)
    done = world.app.subscriptions.confirm(token)
    assert done is not None
    (person,) = people(world)
    assert (person.name, person.locale, person.preferences) == ("Maria", "id", {"categories": ["kerajinan"]})
    assert states(world, person.id) == dict.fromkeys([Purpose.PROMOTIONAL, Purpose.NEWSLETTER], ConsentState.GIVEN)
    with world.app.database.read() as session:
        address = session.scalars(select(Address)).one()
        lines = history(session, tenant_id=TENANT, contact_id=person.id)
        assert verify_ledger(session, TENANT) is None
    assert (address.normalised, address.confirmed_at) == (MAIL, world.clock())
    for line in lines:
        assert datetime.fromisoformat(line.evidence["doi_sent_at"]) == asked
        assert datetime.fromisoformat(line.evidence["doi_requested_at"]) == asked
        assert datetime.fromisoformat(line.evidence["doi_confirmed_at"]) == world.clock()
        assert line.evidence["network"] == "203.0.113.0/24"
        assert (line.wording_version, line.language, line.source) == ("2026-1", "id", "langganan")
    row = row_of(world, number)
    assert (row.address, row.name, row.contact_id) == ("", "", person.id)
    assert "proof" not in row.evidence


def test_a_spent_a_late_and_a_forged_token_are_the_same_nothing(world: World) -> None:
    ask(world)
    spent = token_in_mail(world)
    assert world.app.subscriptions.confirm(spent) is not None
    ask(world, address="lain@surat.example")
    late = token_in_mail(world)
    world.clock.forward(seconds=VALID_FOR.total_seconds())
    flipped = spent[:-1] + ("A" if spent[-1] != "A" else "B")
    unknown = world.app.signer.url(LinkPurpose.CONFIRM, 12).rpartition("/")[2]
    other = world.app.signer.url(LinkPurpose.UNSUBSCRIBE, 1).rpartition("/")[2]
    for token in (spent, late, flipped, unknown, other, "", "x" * 5000, "-" * 23):
        assert world.app.subscriptions.confirm(token) is None
    assert len(people(world)) == 1


def test_just_in_time_is_in_time(small_world: World) -> None:
    ask(small_world)
    small_world.clock.forward(seconds=VALID_FOR.total_seconds() - 1)
    assert small_world.app.subscriptions.confirm(token_in_mail(small_world)) is not None


@pytest.mark.parametrize("written", [MAIL, "Maria@surat.example"])
def test_somebody_known_stays_one_person(world: World, written: str) -> None:
    known = add_contact(world.app, 1, Purpose.NEWSLETTER, email=MAIL)
    ask(world, Purpose.PROMOTIONAL, address=written)
    assert world.app.subscriptions.confirm(token_in_mail(world)) is not None
    (person,) = people(world)
    assert (person.id, person.name) == (known, "Orang 1")  # the name a form gave does not overwrite the catalogue's
    assert states(world, known) == dict.fromkeys([Purpose.NEWSLETTER, Purpose.PROMOTIONAL], ConsentState.GIVEN)


def test_two_wishes_of_one_address_make_one_person(world: World) -> None:
    ask(world, Purpose.PROMOTIONAL)
    ask(world, Purpose.NEWSLETTER)
    for at in (0, 1):
        assert world.app.subscriptions.confirm(token_in_mail(world, at)) is not None
    (person,) = people(world)
    assert set(states(world, person.id)) == {Purpose.PROMOTIONAL, Purpose.NEWSLETTER}


def test_who_left_all_comes_back_by_confirming_and_by_nothing_less(world: World) -> None:
    person = add_contact(world.app, 1, email=MAIL)
    suppress(world, MAIL, UNSUBSCRIBE_ALL)
    number = ask(world)
    assert count(world, Suppression) == 1  # asking alone lifts nothing
    assert world.app.subscriptions.confirm(token_in_mail(world)) is not None
    assert count(world, Suppression) == 0
    with world.app.database.read() as session:
        (line,) = history(session, tenant_id=TENANT, contact_id=person)
    assert (line.evidence["lifted"], line.evidence["subscription"]) == (UNSUBSCRIBE_ALL, number)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.run(campaign)
    assert world.ledger(campaign).skipped_by_reason == {}


@pytest.mark.parametrize("reason", ["legal", "hard_bounce", "complaint", "manual", "erased"])
def test_what_the_person_did_not_put_on_the_list_stays_there(small_world: World, reason: str) -> None:
    suppress(small_world, MAIL, reason)
    number = ask(small_world)
    assert small_world.outbox.sent == []
    assert row_of(small_world, number).address == ""
    assert count(small_world, Suppression) == 1


def test_a_list_entry_between_mail_and_click_stops_the_confirmation(small_world: World) -> None:
    ask(small_world)
    suppress(small_world, MAIL, "legal")
    assert small_world.app.subscriptions.confirm(token_in_mail(small_world)) is None
    assert people(small_world) == []


def test_one_address_gets_a_few_confirmations_a_day_whoever_asks(small_world: World) -> None:
    for _time in range(MAILS_PER_DAY + 4):
        ask(small_world)
    assert len(small_world.outbox.sent) == MAILS_PER_DAY
    ask(small_world, address="lain@surat.example")
    assert len(small_world.outbox.sent) == MAILS_PER_DAY + 1
    small_world.clock.forward(hours=24, seconds=1)
    ask(small_world)
    assert len(small_world.outbox.sent) == MAILS_PER_DAY + 2


def test_the_mail_goes_once_however_often_the_task_comes(world: World) -> None:
    number = ask(world)
    for _time in range(3):
        world.app.subscriptions.mail(number)
    world.app.subscriptions.mail(4711)
    assert len(world.outbox.sent) == 1


def test_a_wish_whose_task_was_lost_is_found_again(world: World) -> None:
    world.app.subscriptions.ask(TENANT, wish(world))
    world.tasks.asked.clear()
    world.app.sweeper.sweep()
    assert world.tasks.asked == []  # its own task may still be on the way
    world.clock.forward(minutes=3)
    world.app.sweeper.sweep()
    ((task, ids),) = world.tasks.asked
    assert task is TaskName.SUBSCRIPTION_MAIL
    world.app.subscriptions.mail(int(ids["subscription_id"]))
    world.tasks.asked.clear()
    world.app.sweeper.sweep()
    assert (len(world.outbox.sent), world.tasks.asked) == (1, [])


def test_a_passing_fault_is_tried_again_with_the_same_link(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[SendOutcome] = [Deferred("", "smtp_451", timedelta(minutes=1))]
    usual = type(small_world.outbox).answer

    def answer(outbox: object, email: OutboundEmail) -> SendOutcome:
        return answers.pop() if answers else usual(small_world.outbox, email)

    monkeypatch.setattr(type(small_world.outbox), "answer", answer)
    number = ask(small_world)
    small_world.app.subscriptions.mail(number)
    assert len(small_world.outbox.sent) == 1  # not before the lease is over
    small_world.clock.forward(minutes=3)
    small_world.app.subscriptions.mail(number)
    first, second = small_world.outbox.sent
    assert (first.message_id, first.text) == (second.message_id, second.text)


@pytest.mark.parametrize(
    ("outcome", "open_after"), [(Failed("", "smtp_550", "no such user"), False), (InDoubt("", "lost"), True)]
)
def test_refused_is_over_and_a_lost_answer_is_not_repeated(
    small_world: World, monkeypatch: pytest.MonkeyPatch, outcome: SendOutcome, open_after: bool
) -> None:
    monkeypatch.setattr(type(small_world.outbox), "answer", lambda _outbox, _email: outcome)
    number = ask(small_world)
    small_world.clock.forward(minutes=5)
    small_world.app.subscriptions.mail(number)
    assert len(small_world.outbox.sent) == 1
    assert bool(row_of(small_world, number).address) is open_after


def test_nobody_s_address_outlives_its_three_days(world: World) -> None:
    number = ask(world)
    world.clock.forward(seconds=VALID_FOR.total_seconds())
    world.app.sweeper.sweep()
    row = row_of(world, number)
    assert (row.address, row.name, row.confirmed_at) == ("", "", None)


def test_the_mail_speaks_the_language_of_the_form(small_world: World) -> None:
    ask(small_world, language="en")
    (mail,) = small_world.outbox.sent
    with small_world.app.database.read() as session:
        assert session.scalars(select(Subscription)).one().language == "en"
    assert small_world.app.subscriptions.confirm(token_in_mail(small_world)) is not None
    (person,) = people(small_world)
    assert person.locale == "en"
    assert mail.subject
