"""Migrations, column types and the append-only tables, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Event

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from marketing.contacts.consent_proof import verify_ledger
from marketing.contacts.consent_service import history, record_consent
from marketing.db import migrate as migration
from marketing.db import session as sessions
from marketing.db import version
from marketing.db.base import Base
from marketing.db.models import Approval, Campaign, ConsentNow, Contact, Tenant, User
from marketing.db.partitions import is_partition
from marketing.db.session import Database
from marketing.domain.campaign import CampaignState
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.types import BuyerKind, EmailType, Purpose
from marketing.errors import StorageError

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def add_contact(database: Database) -> int:
    with database.write() as session:
        session.add(Tenant(id="tts", created_at=NOW))
        session.flush()
        contact = Contact(
            tenant_id="tts",
            source="katalog",
            external_id="B-1",
            name="Maria",
            kind=BuyerKind.MASYARAKAT,
            locale="id",
            zone="Asia/Makassar",
            preferences={},
            content_hash="",
            created_at=NOW,
        )
        session.add(contact)
        session.flush()
        return contact.id


def test_the_migrations_make_exactly_what_the_models_say(database: Database) -> None:
    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or name is None or not is_partition(name)

    options = {"compare_type": False, "include_name": ours}
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    assert migration.migrate(database) == version.head()
    version.check(database)


def test_the_newest_file_is_what_alembic_calls_head() -> None:
    scripts = ScriptDirectory.from_config(migration.alembic_config())
    assert scripts.get_current_head() == version.head()
    assert [script.revision for script in scripts.walk_revisions()] == list(reversed(version.known()))


def test_an_old_database_and_somebody_elses_are_told_apart(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with pytest.raises(StorageError, match="siar migrate"):
        version.check(database)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE wp_posts (id int)"))
    with pytest.raises(StorageError, match="tabel lain"):
        migration.migrate(database)
    database.close()


def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_text("bukan basis data " * 100)
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with pytest.raises(StorageError, match="tidak dapat dibuka"):
        version.check(database)
    database.close()


def test_a_database_from_the_future_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="lebih baru"):
        migration.migrate(database)


def test_times_come_back_aware_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    wita = timezone(timedelta(hours=8))
    with database.write() as session:
        session.add(Tenant(id="tts", created_at=datetime(2026, 11, 22, 9, tzinfo=wita)))
    with database.read() as session:
        assert session.get_one(Tenant, "tts").created_at == NOW
        assert session.get_one(Tenant, "tts").created_at.tzinfo is UTC
    with pytest.raises(StatementError, match="naive"), database.write() as session:
        session.add(Tenant(id="x", created_at=datetime(2026, 11, 22)))  # noqa: DTZ001


@pytest.mark.parametrize("statement", ["UPDATE consent_event SET state = 'given'", "DELETE FROM consent_event"])
def test_the_consent_ledger_only_grows(database: Database, statement: str) -> None:
    contact_id = add_contact(database)
    given = ConsentEvent(Purpose.NEWSLETTER, ConsentState.GIVEN, NOW, "2026-1", "formulir")
    with database.write() as session:
        record_consent(session, tenant_id="tts", contact_id=contact_id, events=[given], now=NOW)
    with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_withdrawal_holds_against_a_later_import(database: Database) -> None:
    contact_id = add_contact(database)
    lines = [
        ConsentEvent(Purpose.NEWSLETTER, ConsentState.GIVEN, NOW - timedelta(days=2), "2026-1", "formulir"),
        ConsentEvent(Purpose.NEWSLETTER, ConsentState.WITHDRAWN, NOW - timedelta(days=1), "", "tautan"),
        ConsentEvent(Purpose.NEWSLETTER, ConsentState.GIVEN, NOW, "2026-1", "checkout", imported=True),
    ]
    with database.write() as session:
        refused = record_consent(session, tenant_id="tts", contact_id=contact_id, events=lines, now=NOW)
    assert [verdict.reason for verdict in refused] == ["withdrawn_before"]
    with database.read() as session:
        assert session.get_one(ConsentNow, (contact_id, Purpose.NEWSLETTER)).state is ConsentState.WITHDRAWN
        assert len(history(session, tenant_id="tts", contact_id=contact_id)) == 2
        assert verify_ledger(session, "tts") is None


def test_a_line_changed_behind_the_triggers_back_is_found(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    migration.migrate(database)
    contact_id = add_contact(database)
    given = ConsentEvent(Purpose.NEWSLETTER, ConsentState.WITHDRAWN, NOW, "2026-1", "formulir")
    with database.write() as session:
        record_consent(session, tenant_id="tts", contact_id=contact_id, events=[given], now=NOW)
    with database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER consent_event_no_update"))
        connection.execute(text("UPDATE consent_event SET state = 'given'"))
    with database.read() as session:
        assert verify_ledger(session, "tts") == 1
    database.close()


def test_four_eyes_hold_in_the_database_itself(database: Database) -> None:
    with database.write() as session:
        session.add(Tenant(id="tts", created_at=NOW))
        session.flush()
        user = User(tenant_id="tts", email="a@b.example", name="A", password_hash="", created_at=NOW)
        session.add(user)
        session.flush()
        campaign = Campaign(
            tenant_id="tts",
            slug="s",
            name="n",
            email_type=EmailType.PROMOTIONAL,
            state=CampaignState.DRAFT,
            author_id=user.id,
            created_at=NOW,
        )
        session.add(campaign)
        session.flush()
        campaign_id, user_id = campaign.id, user.id
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(
            Approval(
                tenant_id="tts",
                campaign_id=campaign_id,
                version=1,
                author_id=user_id,
                approver_id=user_id,
                approved=True,
                note="",
                at=NOW,
            )
        )


def test_a_write_transaction_rolls_back_whole(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        session.add(Tenant(id="tts", created_at=NOW))
        session.flush()
        raise RuntimeError
    with database.read() as session:
        assert session.scalars(select(Tenant)).all() == []


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_died_while_nobody_used_it_is_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "REST_SECONDS", 0.0)
    with database.read() as session:
        server = session.scalar(text("SELECT pg_backend_pid()"))
    another = Database(database.engine.url.render_as_string(hide_password=False))
    with another.write() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": server})
    another.close()
    with database.read() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != server


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_writer_of_sqlite_waits_for_another_and_says_so_when_that_one_never_ends(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who opened the file by another program, say, and went to lunch."""
    begun, end = Event(), Event()

    def other() -> None:
        with database.write() as session:
            session.add(Tenant(id="lama", created_at=NOW))
            session.flush()
            begun.set()
            end.wait(20)

    with ThreadPoolExecutor() as threads:
        writing = threads.submit(other)
        assert begun.wait(20)
        monkeypatch.setattr(sessions, "BUSY_TIMEOUT_MS", 30)
        with pytest.raises(OperationalError, match="locked"), database.write() as session:
            session.connection()
        monkeypatch.undo()
        end.set()
        with database.write() as session:  # waits in line, however long the other still takes
            session.add(Tenant(id="baru", created_at=NOW))
        writing.result()
    with database.read() as session:
        assert set(session.scalars(select(Tenant.id))) == {"lama", "baru"}
