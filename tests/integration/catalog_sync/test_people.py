"""Buyers become contacts: one address one person, consents through the ledger, withdrawals that stand."""

from datetime import timedelta

from sqlalchemy import select, update

from marketing.contacts.consent_service import record_consent
from marketing.db.models import Address, ConsentNow, ConsentRecord, Contact
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.types import ChannelName, Purpose
from tests.integration.catalog_sync.conftest import NOW, Catalogue, buyer, consent


def addresses(catalogue: Catalogue) -> dict[str, list[str]]:
    with catalogue.database.read() as session:
        return {
            contact.external_id: sorted(f"{row.channel}:{row.normalised}" for row in contact.addresses)
            for contact in session.scalars(select(Contact))
        }


def states(catalogue: Catalogue) -> dict[str, str]:
    with catalogue.database.read() as session:
        return {row.purpose.value: row.state.value for row in session.scalars(select(ConsentNow))}


def test_an_address_belongs_to_the_first_and_no_address_is_no_defect(catalogue: Catalogue) -> None:
    catalogue.buyers = [
        buyer("B-1", email="Budi@Kotak.EXAMPLE", phone="62 812-0000-0001"),
        buyer("B-2", email="budi@kotak.example", phone="0812 0000 0001"),
        buyer("B-3", email="tanpa-at.example", phone="telepon"),
        buyer("B-4", email=None),
    ]
    result = catalogue.pull()
    assert result.set_aside == []
    assert addresses(catalogue) == {
        "B-1": ["email:Budi@kotak.example", "whatsapp:+6281200000001"],
        "B-2": [],
        "B-3": [],
        "B-4": [],
    }
    with catalogue.database.read() as session:
        contact = session.scalars(select(Contact).where(Contact.external_id == "B-4")).one()
        assert (contact.locale, contact.zone, contact.preferences) == ("id", "Asia/Makassar", {"categories": []})


def test_a_changed_address_changes_its_row_and_a_lost_one_goes(catalogue: Catalogue) -> None:
    catalogue.buyers = [buyer("B-1"), buyer("B-2")]
    catalogue.pull()
    with catalogue.database.read() as session:
        row_id = session.scalars(select(Address.id).order_by(Address.id)).first()
    catalogue.buyers[0]["email"] = "baru@kotak.example"
    catalogue.buyers[1]["email"] = None
    result = catalogue.pull()
    assert result.by_kind["buyer"].changed == 2
    assert addresses(catalogue) == {"B-1": ["email:baru@kotak.example"], "B-2": []}
    with catalogue.database.read() as session:
        assert session.scalars(select(Address.id)).all() == [row_id]


def test_two_people_may_swap_their_mailboxes(catalogue: Catalogue) -> None:
    catalogue.buyers = [buyer("B-1", email="a@kotak.example"), buyer("B-2", email="b@kotak.example")]
    catalogue.pull()
    catalogue.buyers[0]["email"], catalogue.buyers[1]["email"] = "b@kotak.example", "a@kotak.example"
    catalogue.pull()
    held = addresses(catalogue)
    assert sorted(held["B-1"] + held["B-2"]) in (
        ["email:a@kotak.example"],
        ["email:a@kotak.example", "email:b@kotak.example"],
    )


def test_who_left_the_catalogue_is_not_addressed_and_may_come_back(catalogue: Catalogue) -> None:
    catalogue.pull()
    left = catalogue.buyers.pop()
    catalogue.deleted = {"buyers": ["B-1", "B-404"]}
    assert catalogue.pull().by_kind["buyer"].deleted == 1
    assert addresses(catalogue) == {"B-1": []}
    assert catalogue.pull().by_kind["buyer"].deleted == 0
    catalogue.buyers.append(left)
    catalogue.pull()
    assert addresses(catalogue) == {"B-1": ["email:budi.B-1@kotak.example"]}
    with catalogue.database.read() as session:
        assert len(session.scalars(select(ConsentRecord)).all()) == 1


def test_who_was_erased_stays_erased(catalogue: Catalogue) -> None:
    catalogue.pull()
    with catalogue.database.write() as session:
        session.execute(update(Contact).values(erased_at=NOW, name="", content_hash=""))
        session.query(Address).delete()
    catalogue.buyers[0]["name"] = "Budi Lagi"
    result = catalogue.pull()
    assert result.by_kind["buyer"].unchanged == 1
    with catalogue.database.read() as session:
        assert session.scalars(select(Contact.name)).all() == [""]
    assert addresses(catalogue) == {"B-1": []}


def test_consents_enter_the_ledger_once_and_bad_lines_are_set_aside(catalogue: Catalogue) -> None:
    catalogue.buyers = [
        buyer(
            consents=[
                consent(purpose="promotional", state="withdrawn", at="2026-09-01T00:00:00Z"),
                consent(purpose="promotional", at="2026-08-01T00:00:00Z"),  # told out of order
                consent(),
                consent(at=None),
                consent(purpose="retention", wording_version=None),
                consent(purpose="semua"),
            ]
        )
    ]
    result = catalogue.pull()
    assert [(one.kind, one.external_id) for one in result.set_aside] == [("consent", "B-1")] * 3
    assert states(catalogue) == {"promotional": "withdrawn", "newsletter": "given"}
    catalogue.buyers[0]["name"] = "Budi Santoso"  # looked at again, with the same consents
    catalogue.pull()
    with catalogue.database.read() as session:
        lines = session.scalars(select(ConsentRecord)).all()
        assert len(lines) == 3
        assert {line.evidence["imported_from"] for line in lines} == {"katalog"}


def test_a_withdrawal_that_siar_holds_stands(catalogue: Catalogue) -> None:
    catalogue.pull()
    with catalogue.database.write() as session:
        contact = session.scalars(select(Contact)).one()
        withdrawn = ConsentEvent(Purpose.NEWSLETTER, ConsentState.WITHDRAWN, NOW - timedelta(days=1), "", "tautan")
        record_consent(session, tenant_id="tts", contact_id=contact.id, events=[withdrawn], now=NOW)
    catalogue.buyers[0]["consents"] = [consent(), consent(at=NOW.isoformat())]
    assert catalogue.pull().set_aside == []
    assert states(catalogue) == {"newsletter": "withdrawn"}


def test_a_consent_from_the_future_counts_when_its_time_has_come(catalogue: Catalogue) -> None:
    later = NOW + timedelta(hours=2)
    catalogue.buyers[0]["consents"] = [consent(at=later.isoformat())]
    assert "masa depan" in catalogue.pull().set_aside[0].reason
    assert states(catalogue) == {}
    assert catalogue.pull(later).set_aside == []
    assert states(catalogue) == {"newsletter": "given"}
    assert catalogue.pull(later).by_kind["buyer"].unchanged == 1


def test_channels_of_addresses_are_the_two_we_write_to(catalogue: Catalogue) -> None:
    catalogue.buyers[0]["phone"] = "0812-0000-0009"
    catalogue.pull()
    with catalogue.database.read() as session:
        assert set(session.scalars(select(Address.channel))) == {ChannelName.EMAIL, ChannelName.WHATSAPP}
