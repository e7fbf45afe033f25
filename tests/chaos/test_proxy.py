"""Connections to PostgreSQL that are cut in the middle: what is half there is not there, what was committed is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketing.accounts.tenants import ensure_tenants
from marketing.db.bulk import insert_rows
from marketing.db.models import Contact
from marketing.db.session import Database
from marketing.domain.types import BuyerKind
from tests.chaos.proxy import Cut, Moment
from tests.chaos.rig import HERE
from tests.chaos.servers import DatabaseProxy
from tests.support.postgres import PostgresCluster
from tests.support.world import START, TENANT

PEOPLE = 2_000
pytestmark = pytest.mark.postgres


@pytest.fixture
def near(postgres: PostgresCluster) -> Iterator[Database]:
    """A database without anything between."""
    database = Database(postgres.new_database())
    with database.write() as session:
        ensure_tenants(session, START)
    yield database
    database.close()


@pytest.fixture
def proxy(postgres: PostgresCluster) -> Iterator[DatabaseProxy]:
    info: Any = postgres._server.get_postmaster_info()
    between = DatabaseProxy(str(Path(info.socket_dir) / ".s.PGSQL.5432"), HERE)
    yield between
    between.stop()


@pytest.fixture
def far(near: Database, proxy: DatabaseProxy) -> Iterator[Database]:
    """The same database behind the proxy."""
    database = Database(f"postgresql+psycopg://postgres@{HERE}:{proxy.port}/{near.engine.url.database}")
    yield database
    database.close()


def add_people(session: Session) -> None:
    stamp: dict[str, Any] = {
        "tenant_id": TENANT,
        "source": "katalog",
        "name": "Orang",
        "kind": BuyerKind.MASYARAKAT,
        "locale": "id",
    }
    stamp |= {"zone": "Asia/Makassar", "preferences": {}, "content_hash": "x", "created_at": START, "kecamatan": ""}
    insert_rows(session, Contact, [{"external_id": f"B-{number}", **stamp} for number in range(PEOPLE)])


def people(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Contact)) or 0


@pytest.mark.parametrize(("moment", "left"), [("copy", 0), ("commit", 0), ("committed", PEOPLE)])
def test_a_connection_cut_in_the_middle_leaves_all_or_nothing(
    near: Database, far: Database, proxy: DatabaseProxy, moment: Moment, left: int
) -> None:
    assert people(far) == 0
    proxy.tell(Cut(moment))
    with pytest.raises(DBAPIError), far.write() as session:
        add_people(session)
    assert proxy.tell(Cut()) == 1
    assert people(near) == left
    if not left:
        with far.write() as session:
            add_people(session)
    assert people(far) == PEOPLE


def test_nobody_comes_through_while_the_database_is_away(far: Database, proxy: DatabaseProxy) -> None:
    assert people(far) == 0
    proxy.tell(Cut("now", refuse=True))
    with pytest.raises(DBAPIError):
        people(far)
    proxy.tell(Cut())
    assert people(far) == 0
