"""A person is shown, corrected, restricted and erased; afterwards nothing of them is left but keyed hashes."""

import json
import tracemalloc
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from marketing.accounts.audit import verify_audit
from marketing.channels.base import Deferred, SendOutcome
from marketing.contacts import data_pack
from marketing.contacts.consent_proof import verify_ledger
from marketing.contacts.erasing import REACHED, STEPS
from marketing.contacts.personal_data import Person, find_person
from marketing.contacts.service import ContactRecord, upsert_contacts
from marketing.contacts.subscribing import Wish
from marketing.db.base import Base
from marketing.db.models import (
    Address,
    AuditEntry,
    ConsentNow,
    ConsentRecord,
    Contact,
    DataRequest,
    Message,
    Order,
    Subscription,
    Suppression,
)
from marketing.domain.consent import ConsentState
from marketing.domain.content import OutboundEmail
from marketing.domain.data_rights import RequestState, RightKind
from marketing.domain.message import MessageState
from marketing.domain.types import BuyerKind, ChannelName, Purpose, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError, TransitionError
from marketing.privacy import privacy_of
from marketing.tenants.profile import profile_of
from tests.support.privacy import EMAIL, NAME, OLD_EMAIL, PHONE, add_person, dump, everything_about, found
from tests.support.world import TENANT, World, add_contact, add_product, promotion

K = RightKind


def person_of(world: World, contact_id: int) -> Person:
    with world.app.database.read() as session:
        return find_person(session, TENANT, contact_id)


def requests(world: World) -> list[DataRequest]:
    with world.app.database.read() as session:
        return list(session.scalars(select(DataRequest).order_by(DataRequest.id)))


def record(external_id: str, name: str = NAME, **addresses: str) -> ContactRecord:
    written = {ChannelName(channel): one for channel, one in addresses.items()}
    return ContactRecord(external_id, name, BuyerKind.MASYARAKAT, "id", "Asia/Makassar", {}, written, (), "baru")


def pull(world: World, *records: ContactRecord) -> None:
    with world.app.database.write() as session:
        key = world.app.settings.signing_key
        upsert_contacts(session, records, tenant_id=TENANT, source="katalog", signing_key=key, now=world.clock())


def test_after_an_erasure_a_dump_of_the_database_and_the_files_hold_no_trace_of_the_person(world: World) -> None:
    known = everything_about(world)
    folder = world.app.settings.data_dir
    before = found(world.app.database, folder)
    assert len({place.partition(":")[0] for place in before}) >= 14, before  # the test looks where there is something
    privacy_of(world.app).erase(TENANT, known.contact, world.staff(Role.OPERATOR).id)
    assert found(world.app.database, folder) == []
    assert [path.name for path in world.app.settings.inbox_dir.iterdir()] == ["dua.eml"]
    with world.app.database.read() as session:
        barred = {(one.channel, one.reason, one.note) for one in session.scalars(select(Suppression))}
        assert barred == {(ChannelName.EMAIL, "erased", ""), (ChannelName.WHATSAPP, "erased", "")}
        assert len(session.scalars(select(Suppression)).all()) == 3
        assert session.scalars(select(Address)).all() == []
        order = session.get_one(Order, known.order)
        assert (order.contact_id, order.total, len(order.items)) == (None, 109_000, 1)
        assert order.complaint is not None
        assert set(order.complaint) == {"opened_at", "status", "documents"}
        for contact_id in (known.contact, known.twin):
            assert session.get_one(Contact, contact_id).erased_at == world.clock()
        assert session.get_one(Message, known.message).state is MessageState.ACCEPTED
        assert session.scalars(select(ConsentNow)).all() == []
        states = [one.state for one in session.scalars(select(ConsentRecord).order_by(ConsentRecord.id))]
        assert states == [ConsentState.GIVEN] * len(Purpose) + [ConsentState.WITHDRAWN] * len(Purpose)
        assert verify_audit(session, TENANT) is None


def test_the_ledger_still_proves_itself_after_an_erasure(world: World) -> None:
    known = everything_about(world)
    privacy_of(world.app).erase(TENANT, known.contact, None)
    with world.app.database.read() as session:
        assert verify_ledger(session, TENANT) is None


def test_the_last_mail_goes_to_the_erased_address_and_only_then_is_the_sealed_address_gone(world: World) -> None:
    known = everything_about(world)

    def busy(email: OutboundEmail) -> SendOutcome:
        return Deferred(email.key, "relay_down", timedelta(minutes=5))

    world.outbox.answer = busy  # type: ignore[method-assign]
    world.outbox.sent.clear()
    privacy = privacy_of(world.app)
    number = privacy.erase(TENANT, known.contact, None, answer="Semoga sehat selalu.")
    waiting = requests(world)[-1]
    assert waiting.id == number
    assert set(waiting.details) >= {"address", "answer", "tell"}
    assert found(world.app.database, world.app.settings.data_dir) == []  # sealed, not written
    del world.outbox.answer
    assert privacy.tell_waiting() == 0
    first, again = world.outbox.sent
    assert first.message_id == again.message_id
    assert again.recipient_address == EMAIL
    assert (again.recipient_name, again.unsubscribe_url) == ("", "")
    assert "Semoga sehat selalu." in again.text
    assert "Semoga sehat selalu." in again.html
    assert requests(world)[-1].details == {}
    assert privacy.tell_waiting() == 0
    assert len(world.outbox.sent) == 2


def test_an_erased_person_is_not_brought_back_by_catalogue_file_or_form(world: World) -> None:
    known = everything_about(world)
    privacy_of(world.app).erase(TENANT, known.contact, None)
    pull(
        world,
        record("B-77", email=EMAIL),  # the id that was erased
        record("B-900", email=EMAIL.upper()),  # a new id, the old address in capitals
        record("B-901", email="baru@surat.example", whatsapp="0812-9988-7766"),
        record(f"tamu:{OLD_EMAIL}"),  # an id that named the person, and no address
    )
    path = world.app.settings.data_dir.parent / "orang.csv"
    path.write_text(f"nama,surel,hp\n{NAME},{EMAIL},\nMaria Lain,lain@surat.example,081211112222\n")
    job = world.app.imports.run_file(TENANT, path, {}, dry_run=False, errors=None)
    path.unlink()
    assert job.state == "done"
    app = world.app
    app.subscriptions.ask(TENANT, Wish(EMAIL, NAME, (), (), "id", "pasar"))
    with app.database.read() as session:
        asked = session.scalars(select(Subscription.id).order_by(Subscription.id.desc())).first()
    sent = len(world.outbox.sent)
    assert asked is not None
    app.subscriptions.mail(asked)
    assert len(world.outbox.sent) == sent
    left = [one for one in found(app.database, app.settings.data_dir) if not one.startswith("consent_event.evidence")]
    assert left == []
    with app.database.read() as session:
        assert [one.name for one in session.scalars(select(Contact)) if one.name] == ["Maria Lain"]


def test_an_address_of_somebody_erased_is_dropped_when_a_known_contact_brings_it(world: World) -> None:
    known = everything_about(world)
    other = add_contact(world.app, 5)
    privacy_of(world.app).erase(TENANT, known.contact, None)
    pull(world, record("B-5", name="Orang 5", email=EMAIL))
    with world.app.database.read() as session:
        assert session.scalars(select(Address).where(Address.contact_id == other)).all() == []


def test_every_table_that_points_to_a_contact_is_reached_or_append_only() -> None:
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "contact" for key in column.foreign_keys)
    }
    assert pointing - REACHED == {"consent_event"}
    assert {name for name, _read in data_pack.SECTIONS} | {"set_aside"} == {step.name for step in STEPS}


def test_what_waits_is_skipped_as_erased_and_a_second_erasure_finds_nobody(world: World) -> None:
    contact = add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    privacy = privacy_of(world.app)
    privacy.erase(TENANT, contact, None)
    world.run(campaign)
    with world.app.database.read() as session:
        message = session.scalars(select(Message)).one()
    assert (message.state, message.reason, message.article) == (MessageState.SKIPPED, "erased", "UU 27/2022 Ps. 43")
    assert [mail.subject for mail in world.outbox.sent] == ["Permintaan Anda: Menghapus data"]
    with pytest.raises(NotFoundError):
        privacy.erase(TENANT, contact, None)


def test_nobody_is_erased_before_the_copy_they_asked_for_was_handed_over(world: World) -> None:
    contact, privacy = add_contact(world.app, 1), privacy_of(world.app)
    copy = privacy.ask(TENANT, contact, K.ACCESS)
    objection = privacy.ask(TENANT, contact, K.OBJECT)
    erasure = privacy.ask(TENANT, contact, K.ERASE)
    with pytest.raises(NotAllowedError):
        privacy.finish(TENANT, erasure, None, "")
    privacy.finish(TENANT, copy, None, "Terlampir.")
    privacy.finish(TENANT, erasure, None, "")
    states = {one.id: one.state for one in requests(world)}
    assert states == dict.fromkeys((copy, objection, erasure), RequestState.DONE)
    assert len(world.outbox.sent) == 2  # the copy and the erasure


def test_asking_twice_is_one_request_with_the_first_clock(world: World) -> None:
    contact, privacy = add_contact(world.app, 1), privacy_of(world.app)
    first = privacy.ask(TENANT, contact, K.ACCESS)
    world.clock.forward(hours=10)
    assert privacy.ask(TENANT, contact, K.ACCESS) == first
    assert privacy.ask(TENANT, contact, K.PORTABILITY) != first
    one = requests(world)[0]
    assert one.due_at - one.received_at == timedelta(hours=72)
    privacy.finish(TENANT, first, None, "")
    assert privacy.ask(TENANT, contact, K.ACCESS) != first
    with pytest.raises(TransitionError):
        privacy.finish(TENANT, first, None, "")


def test_a_refusal_needs_a_reason_and_tells_it(world: World) -> None:
    contact, privacy = add_contact(world.app, 1), privacy_of(world.app)
    number = privacy.ask(TENANT, contact, K.ERASE)
    with pytest.raises(InvalidInputError):
        privacy.refuse(TENANT, number, None, "  \n")
    privacy.refuse(TENANT, number, None, "Pesanan <b>INV-1</b> belum selesai.")
    (mail,) = world.outbox.sent
    assert "Pesanan <b>INV-1</b> belum selesai." in mail.text
    assert "&lt;b&gt;INV-1" in mail.html
    with pytest.raises(NotFoundError):
        privacy.refuse("blitar", number, None, "x")


def test_a_restriction_skips_what_waits_and_is_lifted_again(world: World) -> None:
    contact, privacy = add_contact(world.app, 1, Purpose.PROMOTIONAL), privacy_of(world.app)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    privacy.finish(TENANT, privacy.ask(TENANT, contact, K.RESTRICT), None, "")
    with world.app.database.read() as session:
        assert session.get_one(Contact, contact).restricted_at == world.clock()
        message = session.scalars(select(Message)).one()
        assert (message.state, message.reason) == (MessageState.SKIPPED, "restricted")
    privacy.lift(TENANT, contact, None)
    with world.app.database.read() as session:
        assert session.get_one(Contact, contact).restricted_at is None
    assert world.audited()[-3:] == ["privacy.asked", "privacy.done", "privacy.lifted"]


def test_an_objection_ends_profiling_and_nothing_else(world: World) -> None:
    contact, privacy = add_contact(world.app, 1, *Purpose), privacy_of(world.app)
    privacy.finish(TENANT, privacy.ask(TENANT, contact, K.OBJECT), None, "")
    with world.app.database.read() as session:
        off = {one.purpose for one in session.scalars(select(ConsentNow)) if one.state is ConsentState.WITHDRAWN}
    assert off == {Purpose.PERSONALISED, Purpose.ENGAGEMENT_TRACKING}


def test_a_correction_is_audited_without_the_data_and_carries_a_never_send_along(world: World) -> None:
    contact, other, privacy = add_contact(world.app, 1), add_contact(world.app, 2), privacy_of(world.app)
    world.suppress(contact)
    assert privacy.rectify(TENANT, contact, None, name=NAME, email=EMAIL, phone="0812-9988-7766") == (
        "name",
        "email",
        "phone",
    )
    assert privacy.rectify(TENANT, contact, None, name=NAME, email=EMAIL, phone=PHONE) == ()
    person = person_of(world, contact)
    assert {written for _channel, written, _hash in person.addresses} == {EMAIL, PHONE}
    with world.app.database.read() as session:
        hashes = set(session.scalars(select(Suppression.address_hash)))
        log = [(one.action, one.details) for one in session.scalars(select(AuditEntry))]
    assert set(person.hashes) & hashes
    assert ("privacy.rectified", {"fields": ["name", "email", "phone"]}) in log
    for wrong in ("bukan surel", "orang2@surat.example"):
        with pytest.raises(InvalidInputError):
            privacy.rectify(TENANT, contact, None, email=wrong)
    privacy.erase(TENANT, other, None)
    with pytest.raises(InvalidInputError):
        privacy.rectify(TENANT, contact, None, email="orang2@surat.example")


def test_the_audit_log_of_every_act_names_nobody(world: World) -> None:
    known, privacy = everything_about(world), privacy_of(world.app)
    privacy.rectify(TENANT, known.contact, None, name=f"{NAME} Baru")
    privacy.finish(TENANT, privacy.ask(TENANT, known.contact, K.ACCESS), None, "ini")
    privacy.erase(TENANT, known.twin, None)  # by the duplicate's number: it leads to the person
    assert not [text for place, text in dump(world.app.database) if place.startswith("audit") and "anamtuan" in text]
    assert {"privacy.asked", "privacy.done", "privacy.rectified", "privacy.erased"} <= set(world.audited())


def test_the_pack_holds_everything_of_the_person_and_nothing_of_others(world: World) -> None:
    known = everything_about(world)
    add_person(world, "Orang Lain", "B-2", (ChannelName.EMAIL, "rahasia@lain.example"))
    person, profile = person_of(world, known.twin), profile_of(TENANT)
    text = "".join(data_pack.as_json(world.app.database, person, profile, world.clock()))
    pack = json.loads(text)
    assert {name: len(pack[name]) for name, _read in data_pack.SECTIONS} == {
        "identity": 2, "addresses": 3, "preferences": 2, "consents": len(Purpose), "subscriptions": 1, "messages": 2, "events": 1,
        "orders": 1, "suppressions": 1, "requests": 1,
    }  # fmt: skip
    assert {one["campaign"] for one in pack["messages"]} == {"Tenun"}
    assert pack["orders"][0]["complaint"]["text"].endswith("kebun kopi saya")
    assert {one["iso_27560"]["schema_version"] for one in pack["receipts"]}
    assert "Orang Lain" not in text
    assert "rahasia" not in text
    assert world.staff(Role.MARKETER).email not in text


def test_the_page_of_the_pack_is_one_file_and_escapes_every_word(world: World) -> None:
    hostile = '<script src="https://jahat.example/x.js"></script>'
    contact = add_person(world, hostile, "B-1", (ChannelName.EMAIL, EMAIL))
    page = "".join(data_pack.as_page(world.app.database, person_of(world, contact), profile_of(TENANT), world.clock()))
    assert "<script" not in page
    assert "&lt;script" in page
    for outside in ("src=", "href=", "@import", "url("):
        assert outside not in page.replace("src=&quot;", ""), outside


def test_a_person_with_ten_thousand_messages_is_packed_in_constant_memory(small_world: World) -> None:
    world = small_world
    known = everything_about(world)
    with world.app.database.write() as session:
        one = session.get_one(Message, known.message)
        values = {column.name: getattr(one, column.name) for column in Message.__table__.columns if column.name != "id"}
        session.execute(insert(Message), [{**values, "trigger": f"t{number}"} for number in range(10_000)])
    person, profile = person_of(world, known.contact), profile_of(TENANT)
    tracemalloc.start()
    size = longest = 0
    for part in data_pack.as_json(world.app.database, person, profile, world.clock()):
        size, longest = size + len(part), max(longest, len(part))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 2_500_000
    assert longest < 100_000
    assert peak < 8_000_000, peak
