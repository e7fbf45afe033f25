"""A statement of PostgreSQL asked now and heard later: what is done meanwhile, what is refused, and a connection that goes away."""

import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from marketing.db.asking import UnheardError
from marketing.db.session import Database

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
ME = "SELECT CAST(pg_backend_pid() AS text)"
KINDS = "SELECT CAST(:flag AS boolean), CAST(:number AS bigint), CAST(:words AS text), CAST(:moment AS timestamptz) = '2026-11-22 01:00+00'"


def test_values_of_every_kind_arrive_and_the_same_name_is_one_value(database: Database) -> None:
    asking = database.asking()
    asking.ask(KINDS, {"flag": True, "number": 2**40, "words": "a:b “c” '", "moment": NOW, "more": "not asked for"})
    assert asking.hear() == [b"t", str(2**40).encode(), "a:b “c” '".encode(), b"t"]
    asking.ask("SELECT CAST(:word AS text), CAST(:word AS text), CAST(:none AS text)", {"word": "x", "none": None})
    assert asking.hear() == [b"x", b"x", None]
    asking.close()


def test_each_commits_by_itself_while_nobody_listens_yet(database: Database) -> None:
    asking = database.asking()
    asking.ask("INSERT INTO tenant (id, created_at) VALUES (:id, :at) RETURNING id", {"id": "tts", "at": NOW})
    with database.read() as session:  # this waits for the other, which nobody has heard
        session.execute(text("LOCK TABLE tenant IN SHARE MODE"))
        assert session.scalars(text("SELECT id FROM tenant")).all() == ["tts"]
    assert asking.hear() == [b"tts"]
    asking.close()


def test_no_row_is_an_empty_answer_and_long_statements_arrive_whole(database: Database) -> None:
    asking, long = database.asking(), "x" * 3_000_000
    asking.ask("SELECT 1 WHERE CAST(:word AS text) = ''", {"word": "x"})
    assert asking.hear() == []
    asking.ask("SELECT length(CAST(:word AS text)), CAST(:word AS text)", {"word": long})
    assert asking.hear() == [b"3000000", long.encode()]
    asking.close()


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("SELECT nothing FROM nowhere", {}),  # refused when it is prepared
        ("SELECT 1 / CAST(:number AS integer)", {"number": 0}),  # when it runs
        ("SELECT CAST(:number AS integer)", {"number": "many"}),  # when its values are read
    ],
)
def test_what_is_refused_is_said_and_the_next_is_answered(
    database: Database, words: str, values: dict[str, object]
) -> None:
    asking = database.asking()
    with pytest.raises(UnheardError) as refused:
        asking.ask(words, values)
        asking.hear()
    assert str(refused.value.__cause__)
    asking.ask(ME, {})
    assert asking.hear()
    asking.close()


@pytest.mark.parametrize("moment", ["before it is asked", "before it is heard"])
def test_a_connection_that_goes_away_is_said_and_replaced(database: Database, moment: str) -> None:
    asking = database.asking()
    asking.ask(ME, {})
    (mine,) = asking.hear()
    if moment == "before it is heard":
        asking.ask("SELECT pg_sleep(60)", {})
    with database.write() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": int(mine or b"0")})
    with pytest.raises(UnheardError):
        if moment == "before it is asked":
            asking.ask(ME, {})
        asking.hear()
    asking.ask(ME, {})
    assert asking.hear() != [mine]
    asking.close()


def test_who_is_closed_before_the_answer_leaves_nobody_a_busy_connection(database: Database) -> None:
    asking = database.asking()
    asking.ask("SELECT pg_sleep(60)", {})
    asking.close()
    with database.read() as session:
        assert session.scalar(text("SELECT 1")) == 1
    asking.ask(ME, {})
    assert asking.hear()
    asking.close()


def test_where_nobody_listens_asking_says_so(database: Database) -> None:
    nowhere = Database(str(database.engine.url.set(host=os.devnull)))
    asking = nowhere.asking()
    with pytest.raises(UnheardError) as refused:
        asking.ask(ME, {})
    assert isinstance(refused.value.__cause__, OperationalError)
    with pytest.raises(UnheardError):  # what was not asked is not answered
        asking.hear()
    nowhere.close()


def test_a_statement_is_planned_once_for_a_connection(database: Database) -> None:
    for _time in range(3):  # the pool gives the same connection again
        asking = database.asking()
        asking.ask(
            "SELECT CAST(count(*) AS text) FROM pg_prepared_statements WHERE statement LIKE :like",
            {"like": "%pg_prep%"},
        )
        assert asking.hear() == [b"1"]
        asking.close()
