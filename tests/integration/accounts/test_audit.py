"""The audit log grows, its seals hold, and whatever is changed behind its back shows (UU 27/2022 Ps. 31)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketing.accounts.audit import verify_audit, write_audit
from marketing.db.session import Database
from tests.support.world import START, TENANT, World

TAMPERING = [
    ("UPDATE audit_entry SET action = 'lain' WHERE number = 2", 2),
    ("UPDATE audit_entry SET subject = 'lain' WHERE number = 3", 3),
    ("UPDATE audit_entry SET user_id = NULL WHERE number = 1", 1),
    ("UPDATE audit_entry SET details = '{\"version\": 9}' WHERE number = 2", 2),
    ("UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00' WHERE number = 2", 2),
    ("DELETE FROM audit_entry WHERE number = 2", 2),
    ("DELETE FROM audit_entry WHERE number = 1", 1),
]


def fill(world: World) -> None:
    from marketing.domain.types import Role

    user = world.staff(Role.MARKETER)
    with world.app.database.write() as session:
        for number in range(1, 4):
            details = {"version": number}
            write_audit(session, tenant_id=TENANT, user_id=user.id, action="a", subject="s", now=START, details=details)
        write_audit(session, tenant_id="blitar", user_id=None, action="a", subject="s", now=START)


def check(world: World) -> int | None:
    with world.app.database.read() as session:
        return verify_audit(session, TENANT)


def unlock(database: Database) -> None:
    """Take the triggers away, as somebody with the database in hand could."""
    postgresql = database.engine.dialect.name == "postgresql"
    with database.engine.begin() as connection:
        if postgresql:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        else:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_entry_no_{verb}"))


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_it_only_grows(world: World, statement: str) -> None:
    fill(world)
    with pytest.raises(DBAPIError, match="append-only"), world.app.database.engine.begin() as connection:
        connection.execute(text(statement))
    assert check(world) is None


def test_whatever_is_changed_behind_the_triggers_back_is_found(world: World) -> None:
    fill(world)
    unlock(world.app.database)
    assert check(world) is None
    for statement, line in TAMPERING:
        with world.app.database.engine.connect() as connection, connection.begin() as transaction:
            connection.execute(text(statement))
            from sqlalchemy.orm import Session

            with Session(connection, join_transaction_mode="create_savepoint") as session:
                assert verify_audit(session, TENANT) == line, statement
            transaction.rollback()
    assert check(world) is None


def test_the_log_of_one_daerah_does_not_hang_on_anothers(world: World) -> None:
    fill(world)
    with world.app.database.read() as session:
        assert verify_audit(session, "blitar") is None


def test_an_act_that_fails_leaves_no_line(world: World) -> None:
    fill(world)
    with pytest.raises(RuntimeError), world.app.database.write() as session:
        write_audit(session, tenant_id=TENANT, user_id=None, action="x", subject="s", now=START)
        raise RuntimeError
    assert world.audited().count("x") == 0
    assert check(world) is None
