"""How much room a million messages take on PostgreSQL: planned, sent in sub-batches as the engine writes them, and told of.

`python -m benchmarks.message_size [--messages 1000000] [--people 100000]` prints one JSON object. Rows have the widths of a real
campaign; each is marked and recorded in transactions of fifty, because what an update leaves behind depends on that.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.people import add_people
from marketing.db.session import Database
from tests.support.postgres import PostgresCluster
from tests.support.world import World

MONTH = 209901
PEOPLE_TABLES = ("contact", "address", "consent_event", "consent_now")
PLAN = f"""
INSERT INTO message (tenant_id, campaign_id, range_id, month, version, contact_id, channel, trigger, state, reason,
                     article, detail, context, attempt, queued_at)
SELECT 'tts', 1, 1 + n / 1000, {MONTH}, 1, n, 'email', '', 'queued', '', '', '', '{{}}', 0, now()
FROM generate_series(%s::bigint, %s::bigint) AS n
"""
SEND = f"""
CREATE PROCEDURE send(ranges integer) LANGUAGE plpgsql AS $$
DECLARE first bigint; lowest bigint;
BEGIN
  SELECT min(id) INTO lowest FROM message WHERE month = {MONTH};
  FOR batch IN 0 .. ranges * 20 - 1 LOOP
    first := lowest + batch * 50;
    UPDATE message SET state = 'sending', lease_owner = '0123456789abcdef', attempt = attempt + 1, handed_over_at = now(),
      address_id = contact_id, consent_event_id = contact_id
      WHERE month = {MONTH} AND id >= first AND id < first + 50;
    COMMIT;
    UPDATE message SET state = 'accepted', lease_owner = NULL, settled_at = now(),
      provider_id = '2.0.0 Ok: queued as 4bXYZk12vQz9sR' WHERE month = {MONTH} AND id >= first AND id < first + 50;
    COMMIT;
  END LOOP;
END $$
"""
DELIVERED = f"""
UPDATE message SET state = 'delivered' WHERE month = {MONTH} AND id %% 10 < 9
"""
EVENTS = f"""
INSERT INTO event (tenant_id, event_id, type, campaign_id, message_id, machine, at)
SELECT 'tts', md5(id::text), 'delivered', NULL, id, false, now() FROM message WHERE month = {MONTH} AND id %% 10 < 9
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.message_size", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=100_000)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="siar-size-", ignore_cleanup_errors=True) as folder:
        cluster = PostgresCluster(Path(folder) / "pg")
        try:
            print(json.dumps(measure(cluster, Path(folder), chosen.messages // 1000, chosen.people), indent=2))
        finally:
            cluster.stop()


def measure(cluster: PostgresCluster, folder: Path, ranges: int, people: int) -> Mapping[str, Any]:
    """Return bytes per message and per person."""
    url = cluster.new_database()
    number = ranges * 1000
    database = Database(url)
    begun = time.monotonic()
    add_people(World.make(database, folder), people)
    database.close()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        person = {table: _size(connection, table) / people for table in PEOPLE_TABLES}
        _run(connection, f"CREATE TABLE message_{MONTH} PARTITION OF message FOR VALUES FROM ({MONTH}) TO ({MONTH + 1})"
                         " WITH (fillfactor = 50)")  # fmt: skip
        before = _wal(connection)
        for start in range(0, number, 50_000):
            connection.execute(PLAN, (start, min(start + 50_000, number) - 1))
        planned, wal_plan = _parts(connection), _wal(connection) - before
        _run(connection, SEND)
        before = _wal(connection)
        connection.execute("CALL send(%s)", (ranges,))
        sent, wal_send = _parts(connection), _wal(connection) - before
        connection.execute("SELECT pg_stat_force_next_flush()")
        hot = connection.execute(
            "SELECT sum(n_tup_hot_upd)::float / greatest(sum(n_tup_upd), 1) FROM pg_stat_user_tables WHERE relname = %s",
            (f"message_{MONTH}",),
        ).fetchone()
        connection.execute(DELIVERED, ())
        connection.execute(EVENTS, ())
        events = _size(connection, "event") / (number * 0.9)
        final = _parts(connection)
    return {
        "messages": number,
        "bytes_per_message": {
            "planned": {name: round(size / number, 1) for name, size in planned.items()},
            "sent": {name: round(size / number, 1) for name, size in sent.items()},
            "delivered": {name: round(size / number, 1) for name, size in final.items()},
        },
        "wal_bytes_per_message": {"plan": round(wal_plan / number), "send": round(wal_send / number)},
        "share_of_updates_in_place": round(hot[0], 3) if hot and hot[0] is not None else None,
        "bytes_per_delivered_event": round(events, 1),
        "bytes_per_person": {name: round(size, 1) for name, size in person.items()},
        "seconds": round(time.monotonic() - begun, 1),
    }


def _run(connection: "psycopg.Connection[Any]", statement: str) -> None:
    connection.execute(statement.encode())


def _size(connection: "psycopg.Connection[Any]", table: str) -> int:
    row = connection.execute("SELECT pg_total_relation_size(%s::regclass)", (table,)).fetchone()
    return int(row[0]) if row else 0


def _parts(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    """Return the bytes of the rows and of each index of the month."""
    query = (
        "SELECT 'rows', pg_table_size(%(table)s::regclass) UNION ALL"
        " SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index WHERE indrelid = %(table)s::regclass"
    )
    found = {str(name): int(size) for name, size in connection.execute(query, {"table": f"message_{MONTH}"})}
    return found | {"all": sum(found.values())}


def _wal(connection: "psycopg.Connection[Any]") -> int:
    row = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
