"""Accounts on social channels: kept sealed, renewed once, and the only thing that a closed door closes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.social import Access, Door, Memory, SocialProvider
from marketing.channels.whatsapp.group import GroupDoor
from marketing.db.models import ChannelAccount, Post, ShareTask
from marketing.domain.account import AccountState
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.social.accounts import SocialAccounts
from marketing.social.publishers import AccountMemory, AccountPublishers
from tests.support.publishers import FolderOf
from tests.support.world import TENANT, World, add_product, promotion

C, P = ChannelName, SocialProvider
GROUP = Access(P.WHATSAPP_GROUP, "kecamatan-mollo", "UMKM Mollo")


@dataclass
class Counting:
    """A way in that hands out a new pair of tokens once for each refresh token, like a provider whose refresh works once."""

    world: World
    provider: SocialProvider = P.FACEBOOK
    fault: Exception | None = None
    renewals: int = 0

    def open(self, access: Access, memory: Memory) -> FolderOf:
        if self.fault is not None:
            raise self.fault
        return FolderOf(self.world, C.FACEBOOK)

    def renew(self, access: Access, now: datetime) -> Access:
        assert access.refresh_token == f"segar-{self.renewals}", "a refresh token works once"
        self.renewals += 1
        return access.renewed(f"akses-{self.renewals}", now + timedelta(hours=24), f"segar-{self.renewals}")

    def check(self, access: Access, now: datetime) -> str:
        if self.fault is not None:
            raise self.fault
        return access.name


@dataclass
class Office:
    """A world whose Facebook page is let in by a door that the test holds."""

    world: World
    door: Counting
    publishers: AccountPublishers
    accounts: SocialAccounts

    def page(self, **changes: object) -> Access:
        ends = self.world.clock() + timedelta(days=60)
        page = Access(P.FACEBOOK, "1029", "Dinas TTS", "akses-rahasia", "segar-0", ends)
        return replace(page, **changes)  # type: ignore[arg-type]

    def connect(self, access: Access | None = None) -> int:
        return self.accounts.connect(self.world.staff(Role.OPERATOR), access or self.page())

    def row(self, account_id: int) -> ChannelAccount:
        with self.world.app.database.read() as session:
            return session.get_one(ChannelAccount, account_id)

    def posts(self) -> dict[str, Post]:
        with self.world.app.database.read() as session:
            return {post.account: post for post in session.scalars(select(Post))}

    def started(self, *channels: ChannelName) -> int:
        campaign = self.world.approved(promotion(add_product(self.world.app, 1), channels=channels))
        self.world.app.planner.start(campaign)
        return campaign

    def publish(self, campaign: int) -> None:
        replace(self.world.app.publishing, publishers=self.publishers).publish(campaign)


@pytest.fixture
def office(world: World) -> Office:
    door, app = Counting(world), world.app
    ours = app.social
    doors: dict[SocialProvider, Door] = {P.FACEBOOK: door, P.WHATSAPP_GROUP: GroupDoor()}
    publishers = replace(ours.publishers, doors=doors)
    return Office(world, door, publishers, replace(ours, publishers=publishers))


def test_no_token_stands_readable_in_the_database_or_in_a_repr(office: Office, tmp_path: Path) -> None:
    row = office.row(office.connect())
    assert "rahasia" not in repr(row.__dict__)
    assert "rahasia" not in repr(office.page())
    assert office.publishers.access(TENANT, row.id).token == "akses-rahasia"
    assert [action for action in office.world.audited() if action.startswith("channel")] == ["channel.connect"]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"akses-rahasia" in path.read_bytes() for path in files)


def test_a_campaign_posts_on_every_connected_account_and_in_the_sandbox_where_there_is_none(office: Office) -> None:
    pages = [office.connect(), office.connect(office.page(remote_id="2", name="Dinas TTS 2"))]
    group = office.connect(GROUP)
    campaign = office.started(C.FACEBOOK, C.WHATSAPP, C.TELEGRAM)
    office.publish(campaign)
    found = office.posts()
    assert set(found) == {str(pages[0]), str(pages[1]), str(group), "sandbox"}
    assert found["sandbox"].channel is C.TELEGRAM
    assert found[str(group)].state is PostState.AWAITING_HUMAN
    with office.world.app.database.read() as session:
        (task,) = session.scalars(select(ShareTask))
    assert "UMKM Mollo" in task.instruction


def test_a_spent_token_is_renewed_once_by_however_many_workers(office: Office) -> None:
    account = office.connect(office.page(expires_at=office.world.clock() + timedelta(minutes=10)))
    together, tokens = Barrier(4), []

    def use() -> None:
        together.wait(20)
        while True:
            try:
                tokens.append(office.publishers.access(TENANT, account).token)
            except TemporaryError:
                continue  # another has it in hand
            return

    threads = [Thread(target=use) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (tokens, office.door.renewals) == (["akses-1"] * 4, 1)
    assert office.publishers.access(TENANT, account).refresh_token == "segar-1"


def test_a_revoked_token_stops_that_account_alone_and_its_post_leaves_once_it_is_connected_again(
    office: Office,
) -> None:
    account = office.connect()
    campaign = office.started(C.FACEBOOK, C.TELEGRAM)
    office.door.fault = ReconnectError("oauth_190")
    office.publish(campaign)
    assert office.posts()["sandbox"].state is PostState.PUBLISHED
    assert (office.posts()[str(account)].state, office.row(account).state) == (
        PostState.QUEUED,
        AccountState.RECONNECT,
    )
    assert office.row(account).state_reason == "oauth_190"
    with pytest.raises(NotAllowedError):
        office.accounts.resume(office.world.staff(Role.OPERATOR), account)
    office.door.fault = None
    assert office.connect() == account
    office.publish(campaign)
    assert office.posts()[str(account)].state is PostState.PUBLISHED


def test_a_paused_account_sends_nothing_and_still_takes_down(office: Office) -> None:
    account, operator = office.connect(), office.world.staff(Role.OPERATOR)
    office.accounts.pause(operator, account)
    with pytest.raises(TemporaryError):
        office.publishers.of(TENANT, C.FACEBOOK, str(account))
    assert office.publishers.of(TENANT, C.FACEBOOK, str(account), sending=False)
    office.accounts.resume(operator, account)
    assert office.publishers.of(TENANT, C.FACEBOOK, str(account))


def test_a_removed_account_is_forgotten(office: Office) -> None:
    account = office.connect()
    office.accounts.remove(office.world.staff(Role.OPERATOR), account)
    assert office.row(account).sealed_credentials == ""
    with pytest.raises(PermanentError):
        office.publishers.of(TENANT, C.FACEBOOK, str(account), sending=False)


def test_an_account_serves_one_daerah_and_answers_only_to_its_own_people(office: Office) -> None:
    account = office.connect()
    with office.world.app.database.write() as session:
        session.get_one(ChannelAccount, account).tenant_id = "blitar"
    with pytest.raises(InvalidInputError):
        office.connect()
    with pytest.raises(NotFoundError):
        office.accounts.pause(office.world.staff(Role.OPERATOR), account)
    with pytest.raises(PermanentError):
        office.publishers.of(TENANT, C.FACEBOOK, str(account))
    with pytest.raises(NotAllowedError):
        office.accounts.connect(office.world.staff(Role.APPROVER), office.page(remote_id="3"))


def test_a_health_check_says_what_is_wrong_and_closes_what_is_closed(office: Office) -> None:
    account, operator = office.connect(), office.world.staff(Role.OPERATOR)
    assert office.accounts.check(operator, account) == ""
    office.door.fault = TemporaryError("unreachable", timedelta(minutes=1))
    assert office.accounts.check(operator, account) == "unreachable"
    assert office.row(account).state is AccountState.ACTIVE
    office.door.fault = ReconnectError("oauth_190")
    assert office.accounts.check(operator, account) == "oauth_190"
    assert office.row(account).state is AccountState.RECONNECT


def test_what_an_adapter_remembers_stays_beside_what_it_remembered_before(office: Office) -> None:
    account = office.connect()
    memory = AccountMemory(office.world.app.database, account)
    memory.keep(last_message=7)
    memory.keep(usage=91)
    assert memory.read() == {"last_message": 7, "usage": 91}
