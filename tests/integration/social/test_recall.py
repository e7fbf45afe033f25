"""A product loses its standing: its posts leave every provider that deletes, and people are asked for the others, at once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from marketing.channels.base import Publisher, Publishers
from marketing.channels.social import SocialProvider
from marketing.demo.simulators import graph
from marketing.demo.simulators.server import Fault
from marketing.domain.account import AccountState
from marketing.domain.campaign import CampaignState
from marketing.domain.content import OutboundPost
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from marketing.domain.withdrawal import WithdrawalState
from tests.conftest import copied
from tests.support.everywhere import ACCOUNTS, EVERY, Everywhere, everywhere

C, S, W = ChannelName, PostState, WithdrawalState


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Everywhere]:
    database = copied(sqlite_template, tmp_path)
    with everywhere(database, tmp_path) as found:
        yield found
    database.close()


def test_a_revoked_product_leaves_every_channel_with_its_album_or_a_person_is_asked(office: Everywhere) -> None:
    campaign = office.started()
    office.publish(campaign)
    office.tiktok.finish(office.tiktok.drafts[0].number)
    assert office.standing() == {C.FACEBOOK: 1, C.INSTAGRAM: 1, C.TIKTOK: 1, C.TELEGRAM: 2}, "two pictures are an album"
    assert set(office.states()) == set(EVERY)
    office.revoke(1)
    office.pull()  # nothing but the catalogue's own news
    left = office.standing()
    assert (left[C.FACEBOOK], left[C.TELEGRAM]) == (0, 0)
    assert not office.graph.page.photos, "nor do photos stay behind in the Page's album"
    assert {channel for channel, state in office.states().items() if state is S.WITHDRAWN} == {
        C.WEBSITE, C.MARKETPLACE, C.FACEBOOK, C.TELEGRAM, C.WHATSAPP,
    }  # fmt: skip
    assert office.tasks() == {(C.INSTAGRAM, "remove"), (C.TIKTOK, "remove")}, "no delete in their API or in our scopes"
    rows = office.withdrawals()
    assert {channel for channel, row in rows.items() if row.state is W.AWAITING_HUMAN} == {C.INSTAGRAM, C.TIKTOK}
    assert all(row.state is W.DONE for channel, row in rows.items() if channel not in {C.INSTAGRAM, C.TIKTOK})
    again = office.recall()
    assert (again.opened, again.done, again.handed_over, again.failing) == (0, 0, 0, 0)


def test_instagram_deletes_where_the_office_may(office: Everywhere) -> None:
    office.graph.instagram.may_delete = True
    office.publish(office.started(C.INSTAGRAM))
    office.revoke()
    office.pull()
    assert (office.standing()[C.INSTAGRAM], office.tasks()) == (0, set())


def test_what_is_still_on_its_way_is_not_let_through_by_a_person(office: Everywhere) -> None:
    """TikTok fetches the pictures for a while; the draft then lies in an inbox where somebody could post it."""
    campaign = office.started(C.TIKTOK)
    office.world.app.publishing.publish(campaign)
    assert office.states()[C.TIKTOK] is S.PENDING
    office.revoke()
    office.pull()
    assert office.tasks() == {(C.TIKTOK, "remove")}
    office.publish(campaign)
    assert office.states()[C.TIKTOK] is S.AWAITING_HUMAN
    assert office.tasks() == {(C.TIKTOK, "remove")}, "nobody is asked to post it"


def test_a_draft_in_an_inbox_is_for_a_person_to_delete(office: Everywhere) -> None:
    office.publish(office.started(C.TIKTOK, C.WHATSAPP))
    assert office.tasks() == {(C.TIKTOK, "share"), (C.WHATSAPP, "share")}
    office.revoke()
    office.pull()
    assert office.tasks() == {(C.TIKTOK, "remove")}, "the kit for the group never left the house"
    assert office.states() == {C.TIKTOK: S.AWAITING_HUMAN, C.WHATSAPP: S.WITHDRAWN}


@pytest.mark.parametrize(("channel", "path"), [(C.FACEBOOK, "/feed"), (C.TELEGRAM, "/sendMediaGroup")])
def test_a_post_in_doubt_is_looked_up_and_taken_down_at_once(
    office: Everywhere, channel: ChannelName, path: str
) -> None:
    campaign = office.started(C.TELEGRAM)  # Telegram is looked through from the last number we know of
    office.publish(campaign)
    campaign = office.started(channel)
    for server in office.servers:
        server.break_next(path, Fault.DROP_ANSWER)
    before = office.standing()[channel]
    office.world.app.publishing.publish(campaign)
    assert office.standing()[channel] > before, "it stands, and we were not told"
    office.revoke()
    office.pull()
    assert office.standing()[channel] == 0
    assert office.tasks() == set()


def test_what_nobody_can_look_up_is_looked_at_by_a_person(office: Everywhere) -> None:
    campaign = office.started(C.TIKTOK)
    office.tiktok.break_next("/content/init/", Fault.DROP_ANSWER)
    office.world.app.publishing.publish(campaign)
    assert office.states()[C.TIKTOK] is S.UNCONFIRMED
    office.revoke()
    office.pull()
    assert office.tasks() == {(C.TIKTOK, "remove")}


def test_an_answer_that_was_lost_before_anything_stood_is_waited_for_and_then_forgotten(office: Everywhere) -> None:
    campaign = office.started(C.FACEBOOK)
    office.graph.break_next("/feed", Fault.SERVER_ERROR)
    office.world.app.publishing.publish(campaign)
    assert office.states()[C.FACEBOOK] is S.UNCONFIRMED
    office.revoke()
    office.pull()
    assert office.withdrawals()[C.FACEBOOK].state is W.OPEN, "Meta may only be late"
    office.forward(minutes=3)
    assert office.recall().done == 1
    office.publish(campaign)
    assert (office.states()[C.FACEBOOK], office.standing()[C.FACEBOOK]) == (S.WITHDRAWN, 0)


def test_an_account_that_is_closed_hands_over_to_a_person_and_deletes_itself_once_it_is_open(
    office: Everywhere,
) -> None:
    office.publish(office.started(C.FACEBOOK, C.TELEGRAM))
    office.graph.tokens.clear()
    office.revoke()
    office.pull()
    assert office.account(SocialProvider.FACEBOOK).state is AccountState.RECONNECT
    assert office.states() == {C.FACEBOOK: S.PUBLISHED, C.TELEGRAM: S.WITHDRAWN}, "the others are not kept waiting"
    assert office.tasks() == {(C.FACEBOOK, "remove")}
    office.forward(minutes=1)
    office.recall()
    assert office.standing()[C.FACEBOOK] == 1
    office.graph.tokens[graph.TOKEN] = None
    office.world.app.social.connect(office.world.staff(Role.OPERATOR), ACCOUNTS[0])
    office.forward(minutes=31)
    office.recall()
    assert (office.standing()[C.FACEBOOK], office.states()[C.FACEBOOK]) == (0, S.WITHDRAWN)
    assert office.tasks() == set(), "what the person was asked for is done"


@pytest.mark.parametrize(
    ("fault", "tasks", "row"),
    [
        (Fault.PERMISSION, {(C.FACEBOOK, "remove")}, W.AWAITING_HUMAN),
        (Fault.POLICY, set(), W.OPEN),
        (Fault.RATE, set(), W.OPEN),
        (Fault.DROP_ANSWER, set(), W.OPEN),
    ],
)
def test_a_provider_that_refuses_is_asked_again_or_a_person_is(
    office: Everywhere, fault: Fault, tasks: set[Any], row: WithdrawalState
) -> None:
    office.publish(office.started(C.FACEBOOK))
    handle = office.posts()[C.FACEBOOK].handle or ""
    office.graph.break_next(handle.partition(",")[0], fault)
    office.revoke()
    office.pull()
    assert (office.tasks(), office.withdrawals()[C.FACEBOOK].state) == (tasks, row)
    office.forward(hours=30)
    office.recall()
    if row is W.OPEN:
        assert (office.standing()[C.FACEBOOK], office.withdrawals()[C.FACEBOOK].state) == (0, W.DONE)


@dataclass(frozen=True)
class Meanwhile:
    """Publishers between whose `prepare` and `submit` the catalogue takes a product back."""

    office: Everywhere
    real: Publishers

    def of(self, tenant: str, channel: ChannelName, account: str, *, sending: bool = True) -> Publisher:
        return _Interrupted(self.office, self.real.of(tenant, channel, account, sending=sending))

    def lost(self, tenant: str, channel: ChannelName, account: str, reason: str) -> None:
        self.real.lost(tenant, channel, account, reason)


class _Interrupted:
    def __init__(self, office: Everywhere, real: Publisher) -> None:
        self.office, self.real = office, real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def prepare(self, post: OutboundPost, note: str) -> Any:
        prepared = self.real.prepare(post, note)
        self.office.revoke()
        self.office.pull()
        return prepared


@pytest.mark.parametrize("channel", [C.FACEBOOK, C.INSTAGRAM, C.TIKTOK, C.TELEGRAM, C.WHATSAPP])
def test_a_product_revoked_between_preparing_and_submitting_goes_out_nowhere(
    office: Everywhere, channel: ChannelName
) -> None:
    campaign = office.started(channel)
    publishing = office.world.app.publishing
    replace(publishing, publishers=Meanwhile(office, publishing.publishers)).publish(campaign)
    assert office.world.campaign(campaign).state is CampaignState.PAUSED
    office.publish(campaign, turns=3)
    office.forward(minutes=20)
    office.world.app.sweeper.sweep()
    office.recall()
    assert sum(office.standing().values()) == 0
    assert office.states()[channel] is S.WITHDRAWN
    assert office.tasks() == set()


def test_two_recalls_at_once_and_a_person_in_between_do_no_harm(office: Everywhere) -> None:
    office.publish(office.started(C.FACEBOOK, C.TELEGRAM, C.WHATSAPP))
    office.revoke()
    office.catalogue.products[1]["verification"]["status"] = "revoked"
    office.pull()
    for _turn in range(3):
        office.forward(minutes=1)
        office.recall()
    assert set(office.states().values()) == {S.WITHDRAWN}
    assert sum(office.standing().values()) == 0
    assert office.graph.count("/feed") == 1
