"""The consent ledger on both engines: in bulk as one by one, only growing, and no touch unseen."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.contacts import consent_service
from marketing.contacts.consent_proof import ANCHORED, FaultKind, Proof, is_anchored, prove, verify_ledger
from marketing.contacts.consent_service import history, record_consent, record_consents
from marketing.contacts.wordings import find
from marketing.db.models import ConsentNow, ConsentRecord, ConsentWording
from marketing.domain.consent import ConsentEvent, ConsentState, LedgerLine, Refused, fold, seal
from marketing.domain.types import Purpose, Role
from tests.support.ledger import behind, lines
from tests.support.world import START, TENANT, World, add_contact

SOME = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(Purpose),
        st.sampled_from([state for state in ConsentState if state is not ConsentState.NONE]),
        st.integers(-1, 3),
        st.sampled_from(["2026-1", ""]),
        st.booleans(),
    ),
    max_size=14,
)


def event(state: ConsentState = ConsentState.GIVEN, days: int = 0, **changes: Any) -> ConsentEvent:
    made = ConsentEvent(Purpose.NEWSLETTER, state, START - timedelta(days=days), "2026-1", "formulir", language="id")
    return replace(made, **changes)


def kept(session: Session) -> list[tuple[Any, ...]]:
    """Everything of every line but its number."""
    names = [column.name for column in ConsentRecord.__table__.c if column.name != "id"]
    return [
        tuple(getattr(line, name) for name in names)
        for line in session.scalars(select(ConsentRecord).order_by(ConsentRecord.id))
    ]


def in_force(session: Session) -> dict[tuple[int, Purpose], tuple[ConsentState, Any]]:
    return {(row.contact_id, row.purpose): (row.state, row.at) for row in session.scalars(select(ConsentNow))}


@given(SOME)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_bulk_is_as_one_by_one(small_world: World, monkeypatch: Any, said: list[tuple[Any, ...]]) -> None:
    monkeypatch.setattr(consent_service, "PART", 3)
    ids = [add_contact(small_world.app, small_world.clock.number()) for _ in range(3)]
    made = [
        LedgerLine(
            ids[person],
            event(state, days, purpose=purpose, wording_version=version, imported=imported),
            {"row": number},
        )
        for number, (person, purpose, state, days, version, imported) in enumerate(said)
    ]
    found = []
    for in_bulk in (False, True):
        with small_world.app.database.read() as session:  # rolled back, so both start alike
            if in_bulk:
                refused = record_consents(session, TENANT, iter(made), START)
            else:
                refused = {}
                for number, one in enumerate(made):
                    for no in record_consent(
                        session, tenant_id=TENANT, contact_id=one.contact_id, events=[one.event], now=START, evidence=one.evidence
                    ):  # fmt: skip
                        refused[number] = no
            found.append((refused, kept(session), in_force(session)))
            assert verify_ledger(session, TENANT) is None
            for person in ids:
                rows = history(session, tenant_id=TENANT, contact_id=person)
                folded = fold(replace(event(), purpose=row.purpose, state=row.state, at=row.at) for row in rows)
                now = {purpose: state for (one, purpose), (state, _at) in in_force(session).items() if one == person}
                assert {purpose: line.state for purpose, line in folded.items()} == now
    assert found[0] == found[1]


def test_a_batch_is_written_sealed_and_folded(world: World) -> None:
    ids = [add_contact(world.app, number) for number in range(1, 6)]
    made = lines(ids, [Purpose.NEWSLETTER, Purpose.PROMOTIONAL], number=2)
    made.insert(3, LedgerLine(ids[0], event(days=-1)))
    with world.app.database.write() as session:
        assert record_consents(session, TENANT, made, START) == {3: Refused("from_the_future")}
    with world.app.database.read() as session:
        proof = prove(session, TENANT)
        assert (proof.lines, proof.fault) == (20, None)
        rows = session.scalars(select(ConsentRecord).order_by(ConsentRecord.id)).all()
        assert [row.evidence["n"] for row in rows] == [0] * 10 + [1] * 10
        assert proof.seal == rows[-1].seal
        assert len(in_force(session)) == 10


def test_a_session_that_read_the_fold_before_sees_the_new_one(world: World) -> None:
    contact = add_contact(world.app, 1, Purpose.NEWSLETTER)
    with world.app.database.write() as session:
        before = session.get_one(ConsentNow, (contact, Purpose.NEWSLETTER))
        assert before.state is ConsentState.GIVEN
        leaving = [event(ConsentState.WITHDRAWN)]
        record_consent(session, tenant_id=TENANT, contact_id=contact, events=leaving, now=START)
        assert session.get_one(ConsentNow, (contact, Purpose.NEWSLETTER)).state is ConsentState.WITHDRAWN


def test_a_line_keeps_channel_language_the_hash_of_its_text_and_who_entered_it(world: World) -> None:
    contact, staff = add_contact(world.app, 1), world.staff(Role.MARKETER)
    with world.app.database.write() as session:
        assert session.scalars(select(ConsentWording)).all() == []
        record_consent(
            session, tenant_id=TENANT, contact_id=contact, events=[event(source="kertas")], now=START,
            evidence={"scan": "S-12\0\r\nx"}, recorded_by=staff.id,
        )  # fmt: skip
    with world.app.database.read() as session:
        (line,) = history(session, tenant_id=TENANT, contact_id=contact)
        shown = find(session, TENANT, version="2026-1", purpose=Purpose.NEWSLETTER, language="id")
        assert shown is not None
        assert (line.channel, line.language, line.wording_hash, line.recorded_by, line.seal_form) == (
            "email", "id", shown.hash, staff.id, 2,
        )  # fmt: skip
        assert line.evidence == {"scan": "S-12 x"}
        assert [row.hash for row in session.scalars(select(ConsentWording))] == [shown.hash]
        assert history(session, tenant_id="blitar", contact_id=contact) == []


def test_the_text_of_another_system_is_not_taken_for_ours(world: World) -> None:
    contact = add_contact(world.app, 1)
    with world.app.database.write() as session:
        record_consent(session, tenant_id=TENANT, contact_id=contact, events=[event(imported=True)], now=START)
    with world.app.database.read() as session:
        (line,) = history(session, tenant_id=TENANT, contact_id=contact)
        assert line.wording_hash == ""


def test_lines_of_the_first_form_still_stand_and_none_may_follow_a_newer_one(world: World) -> None:
    contact = add_contact(world.app, 1)
    old = {
        "tenant_id": TENANT, "contact_id": contact, "purpose": Purpose.NEWSLETTER, "state": ConsentState.GIVEN, "at": START,
        "recorded_at": START, "wording_version": "2026-1", "source": "formulir", "evidence": {"anything": 1.5},
    }  # fmt: skip
    first = seal("", contact=str(contact), event=event())
    with world.app.database.write() as session:
        line = ConsentRecord(**old, seal=first)
        session.add(line)
        session.flush()
        session.add(ConsentNow(contact_id=contact, purpose=Purpose.NEWSLETTER, tenant_id=TENANT, state=ConsentState.GIVEN,
                               at=START, event_id=line.id))  # fmt: skip
    with world.app.database.write() as session:
        record_consents(session, TENANT, lines([contact]), START)
    with world.app.database.write() as session:
        assert verify_ledger(session, TENANT) is None
        last = prove(session, TENANT).seal
        line = ConsentRecord(**old, seal=seal(last, contact=str(contact), event=event()))
        session.add(line)
        session.flush()
        assert verify_ledger(session, TENANT) == line.id


STATEMENTS = {
    "sqlite": (
        "UPDATE consent_event SET seal = seal",
        "DELETE FROM consent_event",
        "INSERT OR REPLACE INTO consent_event SELECT * FROM consent_event",
        "REPLACE INTO consent_event SELECT * FROM consent_event",
        "UPDATE OR REPLACE consent_event SET id = id",
        "REPLACE INTO audit_entry SELECT * FROM audit_entry",
        "REPLACE INTO audit_entry SELECT id + 9, tenant_id, number, at, user_id, action, subject, details, seal FROM audit_entry",
    ),
    "postgresql": (
        "UPDATE consent_event SET seal = seal",
        "DELETE FROM consent_event",
        "TRUNCATE consent_event CASCADE",
        "TRUNCATE audit_entry",
        "INSERT INTO consent_event SELECT * FROM consent_event ON CONFLICT (id) DO UPDATE SET seal = 'x'",
        "MERGE INTO consent_event c USING consent_event o ON c.id = o.id WHEN MATCHED THEN DELETE",
    ),
}  # fmt: skip


def test_no_statement_changes_a_line_or_takes_it_away(world: World) -> None:
    add_contact(world.app, 1, Purpose.NEWSLETTER)
    with world.app.database.write() as session:
        write_audit(session, tenant_id=TENANT, user_id=None, action="x", subject="x", now=START)
        before = kept(session)
    for statement in STATEMENTS[world.app.database.engine.dialect.name]:
        with pytest.raises(DBAPIError, match="append-only"), world.app.database.engine.begin() as connection:
            connection.execute(text(statement))
    with world.app.database.read() as session:
        assert kept(session) == before
        assert verify_ledger(session, TENANT) is None


CHANGES = (
    "state = 'withdrawn'", "purpose = 'promotional'", "channel = 'whatsapp'", "language = 'en'", "source = 'lain'",
    "wording_version = '2026-2'", "wording_hash = ''", "recorded_by = 1", "contact_id = 1", "tenant_id = 'blitar'",
    "at = '2020-01-01 00:00:00+00:00'", "recorded_at = '2020-01-01 00:00:00+00:00'", "evidence = '{\"n\": 9}'", "seal = ''",
    "seal_form = 1", "seal_form = 3", "state = 'bukan'", "purpose = ''", "evidence = 'null'", "evidence = '[1]'",
)  # fmt: skip


@pytest.fixture(name="ledger")
def _ledger(world: World) -> World:
    """Three people, six lines; the user 1 exists."""
    world.staff(Role.MARKETER)
    ids = [add_contact(world.app, number) for number in (1, 2, 3)]
    with world.app.database.write() as session:
        record_consents(session, TENANT, lines(ids, number=2), START)
    return world


REST = ", ".join(column.name for column in ConsentRecord.__table__.c if column.name != "id")


def proved(world: World) -> Proof:
    with world.app.database.read() as session:
        return prove(session, TENANT)


def anchored(world: World) -> None:
    with world.app.database.write() as session:
        write_audit(
            session, tenant_id=TENANT, user_id=None, action=ANCHORED, subject="", now=START, details=proved(world).anchor()
        )  # fmt: skip


def test_any_field_changed_behind_the_trigger_is_found(ledger: World) -> None:
    assert proved(ledger).fault is None
    for change in CHANGES:
        with behind(ledger.app.database) as connection:
            connection.execute(text("CREATE TEMPORARY TABLE before AS SELECT * FROM consent_event WHERE id = 3"))
            connection.execute(text(f"UPDATE consent_event SET {change} WHERE id = 3"))
        fault = proved(ledger).fault
        # A line that moved to another Daerah is missed where it stood: the next one does not follow.
        assert fault is not None, change
        assert (fault.kind, fault.line_id) == (FaultKind.LINE, 4 if "tenant_id" in change else 3), change
        assert str(fault.line_id) in fault.sentence
        with behind(ledger.app.database) as connection:
            connection.execute(text("UPDATE consent_now SET event_id = 1"))
            connection.execute(text("DELETE FROM consent_event WHERE id = 3"))
            connection.execute(text("INSERT INTO consent_event SELECT * FROM before"))
            connection.execute(text("UPDATE consent_now SET event_id = contact_id + 3"))
            connection.execute(text("DROP TABLE before"))
        assert proved(ledger).fault is None, change


@pytest.mark.parametrize(
    ("statements", "line_id"),
    [
        (["DELETE FROM consent_event WHERE id = 2"], 3),
        (["DELETE FROM consent_event WHERE id = 1"], 2),
        (["UPDATE consent_event SET id = -1 WHERE id = 2", "UPDATE consent_event SET id = 2 WHERE id = 3",
          "UPDATE consent_event SET id = 3 WHERE id = -1"], 2),
        ([f"INSERT INTO consent_event (id, {REST}) SELECT 0, {REST} FROM consent_event WHERE id = 2"], 0),
        (["UPDATE consent_event SET id = 100 - id"], 94),
    ],
)  # fmt: skip
def test_lines_removed_reordered_or_inserted_are_found(ledger: World, statements: list[str], line_id: int) -> None:
    with behind(ledger.app.database) as connection:
        connection.execute(text("DELETE FROM consent_now"))
        for statement in statements:
            connection.execute(text(statement))
    fault = proved(ledger).fault
    assert fault is not None
    assert (fault.kind, fault.line_id) == (FaultKind.LINE, line_id)


def test_a_tail_cut_off_with_its_fold_is_missed_by_the_anchor_even_after_new_lines(ledger: World) -> None:
    anchored(ledger)
    with behind(ledger.app.database) as connection:
        connection.execute(text("UPDATE consent_now SET event_id = contact_id"))
        connection.execute(text("DELETE FROM consent_event WHERE id > 3"))
    fault = proved(ledger).fault
    assert fault is not None
    assert (fault.kind, fault.line_id) == (FaultKind.MISSING, 6)
    with ledger.app.database.write() as session:
        record_consents(session, TENANT, lines([1, 2, 3], number=3), START)
    assert proved(ledger).fault == fault


def test_without_an_anchor_the_fold_still_misses_a_tail(ledger: World) -> None:
    with behind(ledger.app.database) as connection:
        connection.execute(text("PRAGMA user_version" if connection.dialect.name == "sqlite" else "SELECT 1"))
        connection.execute(text("DELETE FROM consent_now WHERE contact_id = 3"))
        connection.execute(text("DELETE FROM consent_event WHERE id = 6"))
    fault = proved(ledger).fault
    assert fault is not None
    assert (fault.kind, fault.line_id) == (FaultKind.FOLD, 3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_now SET state = 'withdrawn' WHERE contact_id = 2",
        "UPDATE consent_now SET event_id = 2 WHERE contact_id = 2",
        "UPDATE consent_now SET at = '2020-01-01 00:00:00+00:00' WHERE contact_id = 2",
        "UPDATE consent_now SET purpose = 'promotional' WHERE contact_id = 2",
        "UPDATE consent_now SET event_id = 6 WHERE contact_id = 2",
        "DELETE FROM consent_now WHERE contact_id = 2",
    ],
)
def test_what_is_in_force_must_be_the_fold(ledger: World, statement: str) -> None:
    with ledger.app.database.engine.begin() as connection:
        connection.execute(text(statement))
    fault = proved(ledger).fault
    assert fault is not None
    assert fault.kind is FaultKind.FOLD


def test_the_fold_of_an_erased_person_may_go(ledger: World) -> None:
    with ledger.app.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM consent_now WHERE contact_id = 2"))
        connection.execute(text("UPDATE contact SET erased_at = created_at WHERE id = 2"))
    assert proved(ledger).fault is None


def test_an_anchor_is_left_once_and_each_daerah_has_its_own_chain(ledger: World) -> None:
    other = add_contact(ledger.app, 9, tenant="blitar")
    with ledger.app.database.write() as session:
        record_consents(session, "blitar", lines([other]), START)
    with ledger.app.database.read() as session:
        assert prove(session, "blitar").lines == 1
        assert is_anchored(session, "jauh", prove(session, "jauh"))
        assert not is_anchored(session, TENANT, prove(session, TENANT))
    anchored(ledger)
    with ledger.app.database.read() as session:
        assert is_anchored(session, TENANT, prove(session, TENANT))
        assert not is_anchored(session, "blitar", prove(session, "blitar"))


def test_many_writers_at_once_make_one_chain(world: World) -> None:
    ids = [add_contact(world.app, number) for number in (1, 2)]

    def write(number: int) -> None:
        with world.app.database.write() as session:
            state = ConsentState.WITHDRAWN if number % 2 else ConsentState.GIVEN
            made = [LedgerLine(one, event(state, purpose=purpose)) for one in ids for purpose in Purpose]
            record_consents(session, TENANT, made if number % 3 else made[::-1], START)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(24)))
    proof = proved(world)
    assert (proof.lines, proof.fault) == (24 * 2 * len(Purpose), None)


def test_a_long_ledger_is_walked_in_constant_memory(small_world: World) -> None:
    ids = [add_contact(small_world.app, number) for number in range(1, 4)]
    peaks = []
    for _ in range(2):
        with small_world.app.database.write() as session:
            record_consents(session, TENANT, lines(ids, number=2_000), START)
        with small_world.app.database.read() as session:
            tracemalloc.start()
            proof = prove(session, TENANT)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert (proof.lines, proof.fault) == (12_000, None)
    assert peaks[1] < 1.3 * peaks[0]
