"""Accounts tried by the clock: a lost one is found before it is needed, and one that does not answer keeps no other waiting."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from marketing.channels.errors import ReconnectError, TemporaryError
from marketing.channels.social import Access, Memory, SocialProvider
from marketing.channels.whatsapp.group import GroupDoor
from marketing.db.exclusive import exclusively
from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.domain.types import ChannelName, Role
from marketing.social.accounts import TRIAL, SocialAccounts
from marketing.social.health import AT_ONCE, check_accounts
from tests.support.publishers import FolderOf
from tests.support.world import TENANT, World

P = SocialProvider


@dataclass
class Asked:
    """A way in that counts who asked, and renews only while the old token lives."""

    world: World
    provider: SocialProvider = P.FACEBOOK
    asked: list[str] = field(default_factory=list)
    renewed: int = 0
    takes: timedelta = timedelta(0)
    fault: Exception | None = None

    def open(self, access: Access, memory: Memory) -> FolderOf:
        return FolderOf(self.world, ChannelName.FACEBOOK)

    def renew(self, access: Access, now: datetime) -> Access:
        assert access.expires_at
        assert access.expires_at > now
        self.renewed += 1
        return access.renewed("akses-baru", now + timedelta(days=60))

    def check(self, access: Access, now: datetime) -> str:
        self.asked.append(access.remote_id)
        self.world.clock.forward(seconds=self.takes.total_seconds())
        if self.fault is not None:
            raise self.fault
        return access.name


@pytest.fixture
def door(world: World) -> Asked:
    return Asked(world)


@pytest.fixture
def accounts(world: World, door: Asked) -> SocialAccounts:
    ours = world.app.social
    publishers = replace(ours.publishers, doors={P.FACEBOOK: door, P.WHATSAPP_GROUP: GroupDoor()})
    return replace(ours, publishers=publishers)


def connected(accounts: SocialAccounts, world: World, number: int, **changes: object) -> int:
    page = Access(P.FACEBOOK, f"10{number}", f"Halaman {number}", "akses-rahasia")
    return accounts.connect(world.staff(Role.OPERATOR), replace(page, **changes))  # type: ignore[arg-type]


def row_of(world: World, number: int) -> ChannelAccount:
    with world.app.database.read() as session:
        return session.get_one(ChannelAccount, number)


def test_each_account_is_tried_every_six_hours_and_a_group_never(
    accounts: SocialAccounts, world: World, door: Asked
) -> None:
    first, second = connected(accounts, world, 1), connected(accounts, world, 2)
    connected(accounts, world, 3, provider=P.WHATSAPP_GROUP)
    accounts.pause(world.staff(Role.OPERATOR), second)
    assert check_accounts(accounts, TENANT) == 2
    assert check_accounts(accounts, TENANT) == 0
    assert check_accounts(accounts, "blitar") == 0
    world.clock.forward(hours=6)
    accounts.remove(world.staff(Role.OPERATOR), second)
    assert check_accounts(accounts, TENANT) == 1
    assert door.asked == ["101", "102", "101"]
    assert row_of(world, first).report[TRIAL] == {"at": world.clock().isoformat(), "problem": ""}


def test_a_lost_account_is_found_and_one_that_does_not_answer_stays(
    accounts: SocialAccounts, world: World, door: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    number = connected(accounts, world, 1)
    door.fault = TemporaryError("unreachable", timedelta(minutes=1))
    check_accounts(accounts, TENANT)
    assert (row_of(world, number).state, row_of(world, number).report[TRIAL]["problem"]) == (
        AccountState.ACTIVE,
        "unreachable",
    )
    world.clock.forward(hours=6)
    door.fault = ReconnectError("Izin dicabut.")
    check_accounts(accounts, TENANT)
    assert (row_of(world, number).state, row_of(world, number).state_reason) == (
        AccountState.RECONNECT,
        "Izin dicabut.",
    )
    written = capsys.readouterr()
    assert "akses-rahasia" not in written.out + written.err


def test_what_only_a_living_token_renews_is_renewed_a_week_early(
    accounts: SocialAccounts, world: World, door: Asked
) -> None:
    now = world.clock()
    soon = connected(accounts, world, 1, expires_at=now + timedelta(days=6))
    connected(accounts, world, 2, expires_at=now + timedelta(days=8))
    connected(accounts, world, 3, expires_at=now + timedelta(days=6), refresh_token="segar")
    check_accounts(accounts, TENANT)
    assert door.renewed == 1
    assert row_of(world, soon).access_expires_at == now + timedelta(days=60)


def test_a_turn_is_bounded_in_number_and_in_time_and_goes_on_where_it_stopped(
    accounts: SocialAccounts, world: World, door: Asked
) -> None:
    for number in range(AT_ONCE + 2):
        connected(accounts, world, number)
    assert check_accounts(accounts, TENANT) == AT_ONCE
    assert check_accounts(accounts, TENANT) == 2
    assert len(set(door.asked)) == AT_ONCE + 2
    with world.app.database.write() as session:
        session.execute(update(ChannelAccount).values(report={}))
    door.takes = timedelta(seconds=61)
    assert check_accounts(accounts, TENANT) == 3
    with exclusively(world.app.database, f"social health {TENANT}"):
        assert check_accounts(accounts, TENANT) == 0
