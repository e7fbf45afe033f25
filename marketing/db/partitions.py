"""The months of messages: on PostgreSQL each has a partition of its own, made ahead; elsewhere there is one table.

A month is written as yyyymm, in UTC. What comes for a month without a partition goes to `message_other`, and is moved
into its own when that is made: nothing is refused because a nightly task did not run.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

STORAGE: Final = "fillfactor = 50"
"""Half of each page stays free: a batch writes all messages of a page anew at once, and they fit beside their old versions."""


def is_partition(table: str) -> bool:
    """Return whether a table of this name holds one part of the messages."""
    rest = table.removeprefix("message_")
    return rest != table and (rest.isdigit() or rest == "other")


def following(month: int) -> int:
    """Return the month after this one."""
    return month + 1 if month % 100 < 12 else month + 89  # noqa: PLR2004  months of a year


def bounds(month: int) -> str:
    """Return the words that give a partition its month."""
    return f"FOR VALUES FROM ({month}) TO ({following(month)})"


def make_partitions(session: Session, months: Iterable[int]) -> list[int]:
    """Make the partitions of these months that are missing, and return them; nothing to do on SQLite.

    Rows that came before their partition are moved into it. Meant for the night: it waits for writers and they for it.
    """
    if session.get_bind().dialect.name != "postgresql":
        return []
    made = []
    for month in sorted(set(months)):
        name = f"message_{int(month)}"
        if session.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is not None:
            continue
        session.execute(text("LOCK TABLE message IN SHARE ROW EXCLUSIVE MODE"))
        if session.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is not None:
            continue  # another made it while we waited
        session.execute(text(f"CREATE TABLE {name} (LIKE message INCLUDING DEFAULTS) WITH ({STORAGE})"))
        session.execute(
            text(
                f"WITH early AS (DELETE FROM message_other WHERE month = :month RETURNING *) INSERT INTO {name} SELECT * FROM early"  # noqa: S608  a whole number
            ),
            {"month": month},
        )
        session.execute(text(f"ALTER TABLE message ATTACH PARTITION {name} {bounds(month)}"))
        made.append(month)
    return made


def partitioned_months(session: Session) -> dict[int, int]:
    """Return the months that have a partition, with its size on disk in bytes, indexes and all; nothing on SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return {}
    query = text(
        "SELECT relname, pg_total_relation_size(pg_class.oid) FROM pg_class JOIN pg_inherits ON inhrelid = pg_class.oid"
        " WHERE inhparent = to_regclass('message') ORDER BY relname"
    )
    found = ((str(name).removeprefix("message_"), int(size)) for name, size in session.execute(query))
    return {int(rest): size for rest, size in found if rest.isdigit()}


def wait_at_most(session: Session, seconds: float) -> None:
    """Let this transaction give up (OperationalError) when a lock takes longer: whoever comes after it would wait behind it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL lock_timeout = {int(seconds * 1000)}"))


def lock_for_parting(session: Session, seconds: float) -> None:
    """Keep everybody else from messages until this transaction ends, or give up after this time (OperationalError).

    The parent comes first, as in every statement of others: so nobody waits in a circle.
    """
    wait_at_most(session, seconds)
    session.execute(text("LOCK TABLE message IN ACCESS EXCLUSIVE MODE"))


def drop_partition(session: Session, month: int) -> None:
    """Remove a month with all its messages; the caller holds the lock and has kept what must stay."""
    session.execute(text(f"DROP TABLE message_{int(month)}"))
