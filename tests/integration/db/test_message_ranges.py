"""What was in the database before messages stood in ranges is carried over, on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from marketing.db import migrate as migration
from marketing.db.partitions import make_partitions
from marketing.db.session import Database
from tests.support.postgres import PostgresCluster

AT = "2026-09-30 23:30:00.000000"
BEFORE = f"""
INSERT INTO tenant (id, created_at) VALUES ('tts', '{AT}');
INSERT INTO contact (id, tenant_id, source, external_id, name, kind, locale, zone, preferences, content_hash, created_at)
 VALUES (1, 'tts', 'katalog', 'B-1', 'Maria', 'masyarakat', 'id', 'Asia/Makassar', '{{}}', '', '{AT}'),
        (2, 'tts', 'katalog', 'B-2', 'Yosef', 'masyarakat', 'id', 'Asia/Makassar', '{{}}', '', '{AT}');
INSERT INTO campaign (id, tenant_id, slug, name, email_type, state, state_reason, version, audience, started_at, created_at)
 VALUES (1, 'tts', 'a', 'A', 'promotional', 'sending', '', 1, 2, '{AT}', '{AT}'),
        (2, 'tts', 'b', 'B', 'promotional', 'sent', '', 1, 1, '{AT}', '{AT}');
INSERT INTO message (id, tenant_id, campaign_id, version, contact_id, channel, trigger, state, reason, article, detail, context,
                     lease_owner, lease_until, attempt, queued_at, settled_at)
 VALUES (1, 'tts', 1, 1, 1, 'email', '', 'queued', '', '', '', '{{"a": 1}}', NULL, NULL, 0, '2026-10-01 00:30:00.000000', NULL),
        (2, 'tts', 1, 1, 2, 'email', '', 'sending', '', '', '', '{{}}', 'gone', '{AT}', 1, '2026-10-01 00:30:00.000000', NULL),
        (5, 'tts', 2, 1, 1, 'email', '', 'accepted', '', '', '', '{{}}', NULL, NULL, 1, '2026-10-01 00:30:00.000000', '{AT}');
INSERT INTO event (id, tenant_id, event_id, type, campaign_id, message_id, machine, at)
 VALUES (7, 'tts', 'e7', 'bounced', 2, 5, false, '{AT}');
INSERT INTO mail_feedback (event_id, tenant_id, campaign_id, message_id, kind, bounce, status, detail, source, address_hash, at, received_at)
 VALUES (7, 'tts', 2, 5, 'bounced', 'hard', '5.1.1', '', 'webhook', '', '{AT}', '{AT}');
INSERT INTO raw_feedback (event_id, payload, received_at) VALUES (7, '{{}}', '{AT}');
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the version before, with rows in every state."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'older.sqlite3'}")
    else:
        cluster: PostgresCluster = request.getfixturevalue("postgres")
        database = Database(cluster.new_database())
        with database.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    config = migration.alembic_config()
    with database.engine.execution_options(siar_write=True).connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0011")
        for statement in BEFORE.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('message_id_seq', 5)"))
    yield database
    database.close()


def test_every_row_is_carried_over_and_what_is_open_is_in_a_range(older: Database) -> None:
    migration.migrate(older)
    with older.read() as session:
        rows = session.execute(text("SELECT id, month, range_id, state FROM message ORDER BY id")).all()
        lots = session.execute(text("SELECT id, campaign_id, month, size, lease_owner FROM message_range")).all()
        due = session.scalar(text("SELECT count(*) FROM message_range WHERE due_at IS NOT NULL AND settled_at IS NULL"))
        kept = [
            session.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("event", "mail_feedback", "raw_feedback")
        ]
        context = str(session.scalar(text("SELECT context FROM message WHERE id = 1")))
    assert [tuple(row) for row in rows] == [
        (1, 202609, 1, "queued"),
        (2, 202609, 1, "sending"),
        (5, 202609, None, "accepted"),
    ]
    assert [tuple(lot) for lot in lots] == [(1, 1, 202609, 2, "migration")]
    assert (due, kept, "1" in context) == (1, [1, 1, 1], True)


def test_new_rows_go_on_counting_and_the_promise_holds_over_the_months(older: Database) -> None:
    migration.migrate(older)
    again = """INSERT INTO message (tenant_id, campaign_id, month, version, contact_id, channel, trigger, state, reason, article,
     detail, context, attempt, queued_at) VALUES ('tts', 1, {month}, 1, 1, 'email', 'x', 'queued', '', '', '', '{{}}', 0, '2026-10-01 00:30:00')
     ON CONFLICT DO NOTHING RETURNING id"""
    with older.write() as session:
        assert session.connection().exec_driver_sql(again.format(month=202609)).scalar() == 6
        assert session.connection().exec_driver_sql(again.format(month=202609)).scalar() is None


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_month_without_a_partition_loses_nothing_and_gets_its_own_later(database: Database) -> None:
    early = """INSERT INTO message (tenant_id, campaign_id, month, version, contact_id, channel, trigger, state, reason, article,
     detail, context, attempt, queued_at) VALUES ('tts', 1, 203101, 1, 1, 'email', '', 'queued', '', '', '', '{}', 0, now())"""
    with database.write() as session:
        session.connection().exec_driver_sql(early)
    for made in ([203101], []):
        with database.write() as session:
            assert make_partitions(session, [203101]) == made
    with database.read() as session:
        where = session.execute(text("SELECT tableoid::regclass::text, month FROM message")).all()
        free = session.scalar(text("SELECT reloptions::text FROM pg_class WHERE relname = 'message_203101'"))
    assert [tuple(row) for row in where] == [("message_203101", 203101)]
    assert "fillfactor=50" in str(free)
