"""Many rows in one go on both engines: what is there already stays, and thousands of values are one parameter."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketing.db.bulk import among, insert_rows, insert_where_free, next_ids, refresh_statistics
from marketing.db.models import Contact
from marketing.domain.types import BuyerKind
from tests.support.world import START, TENANT, World

HOSTILE = "tab\there, \\N, back\\slash, 'quote', \"two\", baris\nbaru, 日本, 😀"


def people(ids: list[int], **values: Any) -> list[dict[str, Any]]:
    same = {
        "tenant_id": TENANT, "source": "impor", "kind": BuyerKind.MASYARAKAT, "locale": "id", "zone": "Asia/Makassar",
        "preferences": {"categories": [HOSTILE]}, "content_hash": "", "created_at": START, "kecamatan": "", **values,
    }  # fmt: skip
    return [{"id": row_id, "external_id": f"K-{row_id}", "name": HOSTILE, **same} for row_id in ids]


def test_what_goes_in_comes_out_letter_by_letter(world: World) -> None:
    with world.app.database.write() as session:
        ids = list(next_ids(session, Contact, 3))
        insert_rows(session, Contact, people(ids))
        insert_rows(session, Contact, [])
        following = list(next_ids(session, Contact, 2))
        refresh_statistics(session, Contact)
    assert sorted({*ids, *following}) == [*ids, *following]
    with world.app.database.read() as session:
        found = session.scalars(select(Contact).where(among(session, Contact.id, ids))).all()
    assert [(one.name, one.preferences, one.created_at, one.kind, one.paused_until) for one in found] == [
        (HOSTILE, {"categories": [HOSTILE]}, START, BuyerKind.MASYARAKAT, None)
    ] * 3


def test_where_a_place_is_taken_the_others_go_in_and_the_answer_says_so(world: World) -> None:
    with world.app.database.write() as session:
        first, *rest = next_ids(session, Contact, 3)
        insert_rows(session, Contact, people([first]))
        assert insert_where_free(session, Contact, people(rest[:1]))
        twin = {**people([rest[1]])[0], "external_id": f"K-{first}"}
        assert not insert_where_free(session, Contact, [twin, *people([rest[1] + 10])])
        assert insert_where_free(session, Contact, [])
        assert sorted(session.scalars(select(Contact.id))) == [first, rest[0], rest[1] + 10]


def test_a_row_that_is_refused_takes_all_of_them_back(world: World) -> None:
    with pytest.raises(IntegrityError), world.app.database.write() as session:
        insert_rows(session, Contact, people([1, 2, 1]))
    with pytest.raises(IntegrityError), world.app.database.write() as session:
        insert_where_free(session, Contact, people([1, 2], tenant_id="nobody"))
    with world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Contact)) == 0


def test_more_values_than_a_statement_may_have_parameters(world: World) -> None:
    with world.app.database.write() as session:
        insert_rows(session, Contact, people(list(range(1, 101))))
        texts = [f"K-{number}" for number in range(70_000)]
        wanted = select(func.count()).select_from(Contact)
        assert session.scalar(wanted.where(among(session, Contact.external_id, texts))) == 100
        assert session.scalar(wanted.where(among(session, Contact.id, range(51, 70_000)))) == 50
        assert session.scalar(wanted.where(among(session, Contact.id, []))) == 0
