"""A browser per person over the real application, on either engine."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from starlette.testclient import TestClient

from marketing.db.models import User
from marketing.domain.types import Role
from marketing.web.app import create_app
from tests.functional.web.visits import PERSON, Enter, Visit, sign_in
from tests.support.world import TENANT, World, add_user


@pytest.fixture
def enter(world: World) -> Iterator[Enter]:
    """Open a browser: for a role (signed in through the log-in page), or for nobody."""
    app = create_app(world.app)
    users: dict[tuple[Role | None, str], User] = {}
    with ExitStack() as stack:

        def _enter(role: Role | None = None, tenant: str = TENANT, *, signed_in: bool = True) -> Visit:
            client = TestClient(
                app, base_url="https://siar.example", follow_redirects=False, headers={"User-Agent": PERSON}
            )
            stack.enter_context(client)
            visit = Visit(client, world)
            if not signed_in:
                return visit
            if (role, tenant) not in users:
                users[role, tenant] = _user(world, role, tenant)
            visit.user = users[role, tenant]
            sign_in(visit, visit.user.email)
            return visit

        yield _enter


def _user(world: World, role: Role | None, tenant: str) -> User:
    email = f"{role or 'tanpa-peran'}@{tenant}.example"
    user = add_user(world.app, role or Role.MARKETER, email, tenant)
    if role is None:
        with world.app.database.write() as session:
            standing = session.get_one(User, user.id)
            for grant in list(standing.roles):
                session.delete(grant)
    return user
