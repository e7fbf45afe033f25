"""Two contacts become one on both engines: what moves, whose word stands, and that the history stays where it was."""

import pytest
from sqlalchemy import func, select

from marketing.contacts.consent_proof import verify_ledger
from marketing.contacts.consent_service import history, record_consent
from marketing.contacts.merging import Merged, Twins, merge, suggestions
from marketing.contacts.service import ContactRecord, upsert_contacts
from marketing.db.models import Address, ConsentNow, Contact, Message
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.message import MessageState
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.errors import InvalidInputError, NotFoundError
from tests.support.world import TENANT, World, add_contact, add_product, messages, promotion

P = Purpose


def join(world: World, keep: int, gone: int) -> Merged:
    with world.app.database.write() as session:
        return merge(session, keep, gone, tenant_id=TENANT, user_id=None, now=world.clock())


def state(world: World, contact: int, purpose: Purpose) -> ConsentState:
    query = select(ConsentNow.state).where(ConsentNow.contact_id == contact, ConsentNow.purpose == purpose)
    with world.app.database.read() as session:
        return session.scalar(query) or ConsentState.NONE


@pytest.mark.parametrize("who", ["keep", "gone"])
def test_a_withdrawal_of_either_wins_even_when_it_is_the_older_word(world: World, who: str) -> None:
    keep, gone = (add_contact(world.app, number, P.PROMOTIONAL) for number in (1, 2))
    one, other = (keep, gone) if who == "keep" else (gone, keep)
    world.withdraw(one, P.PROMOTIONAL)
    world.clock.forward(days=1)
    again = ConsentEvent(P.PROMOTIONAL, ConsentState.GIVEN, world.clock(), "2026-1", "formulir")
    with world.app.database.write() as session:
        record_consent(session, tenant_id=TENANT, contact_id=other, events=[again], now=world.clock())
    join(world, keep, gone)
    assert state(world, keep, P.PROMOTIONAL) is ConsentState.WITHDRAWN
    with world.app.database.read() as session:
        assert verify_ledger(session, TENANT) is None


def test_a_consent_is_taken_over_with_its_proof_where_nothing_was_said(world: World) -> None:
    keep, gone = add_contact(world.app, 1, P.NEWSLETTER), add_contact(world.app, 2, P.PROMOTIONAL)
    given_at = world.clock()
    world.clock.forward(days=3)
    assert join(world, keep, gone).consents == (P.PROMOTIONAL,)
    with world.app.database.read() as session:
        mine, theirs = (history(session, tenant_id=TENANT, contact_id=one) for one in (keep, gone))
    assert [line.purpose for line in theirs] == [P.PROMOTIONAL]
    assert (mine[-1].at, mine[-1].wording_version, mine[-1].source) == (given_at, "2026-1", "formulir")
    assert mine[-1].evidence == {"merged_from": gone, "line": theirs[0].id}


def test_addresses_and_messages_move_and_nothing_leaves_twice(world: World) -> None:
    product = add_product(world.app, 1)
    keep, gone = (add_contact(world.app, number, P.PROMOTIONAL) for number in (1, 2))
    world.run(world.approved(promotion(product)))
    later = world.approved(promotion(product), hours=1)
    world.clock.forward(hours=1)
    world.app.planner.start(later)
    before = len(world.outbox.sent)
    done = join(world, keep, gone)
    assert (done.addresses, done.messages) == (1, 0)
    world.run(later)
    assert len(world.outbox.sent) == before + 1
    left = [one for one in messages(world) if one.contact_id == gone]
    assert {one.state for one in left} <= {MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.SKIPPED}
    with world.app.database.read() as session:
        assert session.scalars(select(func.count()).select_from(Address).where(Address.contact_id == keep)).one() == 2
        assert session.get_one(Contact, gone).merged_into == keep
        assert session.scalars(select(func.count()).select_from(Message)).one() == 4


def test_wishes_and_restrictions_are_those_that_send_less(world: World) -> None:
    keep, gone = add_contact(world.app, 1), add_contact(world.app, 2)
    with world.app.database.write() as session:
        one, other = session.get_one(Contact, keep), session.get_one(Contact, gone)
        one.weekly_limit, other.weekly_limit = 3, 1
        other.paused_until, other.restricted_at, other.kecamatan = world.clock(), world.clock(), "Kota Soe"
        one.preferences, other.preferences = {"categories": ["tenun"]}, {"categories": ["kopi", "tenun"]}
    join(world, keep, gone)
    with world.app.database.read() as session:
        one = session.get_one(Contact, keep)
    assert (one.weekly_limit, one.paused_until, one.restricted_at) == (1, world.clock(), world.clock())
    assert (one.kecamatan, one.preferences["categories"]) == ("Kota Soe", ["tenun", "kopi"])


def test_what_leads_on_always_leads_to_the_last(world: World) -> None:
    first, second, third = (add_contact(world.app, number) for number in (1, 2, 3))
    join(world, second, first)
    join(world, third, second)
    with world.app.database.read() as session:
        assert [session.get_one(Contact, one).merged_into for one in (first, second, third)] == [third, third, None]


def test_a_catalogue_that_still_lists_both_changes_nothing_but_withdrawals_arrive(world: World) -> None:
    keep, gone = (add_contact(world.app, number, P.PROMOTIONAL) for number in (1, 2))
    join(world, keep, gone)
    world.clock.forward(days=1)
    word = ConsentEvent(P.PROMOTIONAL, ConsentState.WITHDRAWN, world.clock(), "", "toko", imported=True)
    record = ContactRecord(
        external_id="B-2", name="Orang 2", kind=BuyerKind.MASYARAKAT, locale="id", zone="Asia/Makassar", preferences={},
        addresses={ChannelName.EMAIL: "lain@surat.example"}, consents=(word,), content_hash="baru",
    )  # fmt: skip
    with world.app.database.write() as session:
        upsert_contacts(
            session,
            [record],
            tenant_id=TENANT,
            source="katalog",
            signing_key=world.app.settings.signing_key,
            now=world.clock(),
        )
    assert state(world, keep, P.PROMOTIONAL) is ConsentState.WITHDRAWN
    with world.app.database.read() as session:
        assert session.scalars(select(func.count()).select_from(Address).where(Address.contact_id == gone)).one() == 0


def test_what_cannot_be_merged_is_told(world: World) -> None:
    keep, gone = add_contact(world.app, 1), add_contact(world.app, 2)
    foreign = add_contact(world.app, 3, tenant="blitar")
    with pytest.raises(InvalidInputError, match="berbeda"):
        join(world, keep, keep)
    with pytest.raises(NotFoundError, match="tidak ada"):
        join(world, keep, foreign)
    join(world, keep, gone)
    with pytest.raises(InvalidInputError, match="sudah digabungkan"):
        join(world, gone, keep)


def test_namesakes_of_one_kecamatan_are_only_suggested(world: World) -> None:
    first, second, other = (add_contact(world.app, number) for number in (1, 2, 3))
    with world.app.database.write() as session:
        for contact, name, kecamatan in ((first, "Budi", "Soe"), (second, "BUDI", "Soe"), (other, "Budi", "Kie")):
            row = session.get_one(Contact, contact)
            row.name, row.kecamatan = name, kecamatan
    with world.app.database.read() as session:
        assert suggestions(session, TENANT) == [Twins(first, second, "name")]
        assert suggestions(session, "blitar") == []
        assert session.get_one(Contact, second).merged_into is None
