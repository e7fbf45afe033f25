"""Figures of posts through the real publishers and a Graph API that keeps Meta's rules: when, how often, and what becomes of faults."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from marketing.channels.errors import TemporaryError
from marketing.channels.facebook.adapter import FacebookDoor
from marketing.channels.social import Registration, SocialProvider
from marketing.db.models import AuditEntry, ChannelAccount, Post, PostFigure, PostMeasuring
from marketing.delivery.measuring import AT_ONCE, Measuring
from marketing.delivery.post_figures import PostResult, results_of
from marketing.delivery.publishing import Publishing
from marketing.demo.simulators.graph import APP_ID, APP_SECRET, GraphServer
from marketing.demo.simulators.graph_insights import Counted
from marketing.demo.simulators.server import Fault
from marketing.domain.account import AccountState
from marketing.domain.insights import STEPS, MeasuringState, Metric
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from marketing.web.app import create_app
from tests.conformance.social_graph import PAGE_ACCESS
from tests.functional.web.visits import PERSON, Visit, sign_in
from tests.support.world import TENANT, World, add_product, promotion

M, S = Metric, MeasuringState
SEEN = Counted(reach=1_200, views=1_900, clicks=44, reactions=87, comments=12, shares=5)


@dataclass
class Office:
    """A world with a connected Page, one campaign that stands there, and time that passes on both sides."""

    world: World
    server: GraphServer
    publishing: Publishing
    measuring: Measuring
    account: int
    campaign: int = 0

    def publish(self) -> int:
        world = self.world
        number = self.campaign + 1
        product = add_product(world.app, number)
        content = promotion(product, channels=(ChannelName.FACEBOOK,), body=f"Kabar nomor {number}.")
        campaign = world.approved(content)
        world.app.planner.start(campaign)
        self.publishing.publish(campaign)
        self.campaign = campaign
        return campaign

    def later(self, **length: float) -> int:
        self.world.clock.forward(**length)
        self.server.held = self.world.clock()
        return self.measuring.run(TENANT)

    @property
    def calls(self) -> int:
        return self.server.count("/insights")

    @property
    def result(self) -> PostResult:
        with self.world.app.database.read() as session:
            (result,) = results_of(session, TENANT, self.campaign)
        return result

    @property
    def row(self) -> ChannelAccount:
        with self.world.app.database.read() as session:
            return session.get_one(ChannelAccount, self.account)


@pytest.fixture
def office(small_world: World) -> Iterator[Office]:
    yield from opened(small_world)


@pytest.fixture
def anywhere(world: World) -> Iterator[Office]:
    """The same on either engine."""
    yield from opened(world)


def opened(world: World) -> Iterator[Office]:
    folder = world.app.settings.picture_dir
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (1080, 1080), (90, 30, 60)).save(folder / f"{'a' * 64}.jpg", "JPEG")
    with GraphServer() as server:
        server.held = world.clock()
        app = world.app
        doors = {SocialProvider.FACEBOOK: FacebookDoor(Registration(APP_ID, APP_SECRET), app.clock, server.url)}
        publishers = replace(app.social.publishers, doors=doors)
        account = replace(app.social, publishers=publishers).connect(world.staff(Role.OPERATOR), PAGE_ACCESS)
        publishing = replace(app.publishing, publishers=publishers)
        office = Office(world, server, publishing, Measuring(app.database, publishers, app.clock), account)
        office.publish()
        assert office.result.state is PostState.PUBLISHED
        yield office


def test_a_post_is_asked_for_seven_times_and_every_answer_is_kept_with_its_date(anywhere: Office) -> None:
    (number,) = anywhere.server.page.posts
    assert (anywhere.later(minutes=30), anywhere.calls) == (0, 0), "nothing can have come within half an hour"
    published = anywhere.world.clock() - timedelta(minutes=30)
    anywhere.server.page.counted[number] = replace(SEEN)
    for round_number, step in enumerate(STEPS, start=1):
        anywhere.server.page.counted[number].reach += 10
        moment = published + step * 1.1
        assert anywhere.later(seconds=(moment - anywhere.world.clock()).total_seconds()) == 1
        assert anywhere.later() == 0, "once a step"
        assert anywhere.calls == round_number
    assert anywhere.later(days=40) == 0
    result = anywhere.result
    assert (result.measuring, result.due_at) == (S.DONE, None)
    assert result.numbers[M.REACH] == 1_200 + 10 * len(STEPS)
    with anywhere.world.app.database.read() as session:
        reached = select(PostFigure.number).where(PostFigure.metric == M.REACH).order_by(PostFigure.at)
        assert list(session.scalars(reached)) == [1_200 + 10 * times for times in range(1, len(STEPS) + 1)]


def test_what_meta_does_not_say_has_no_row_and_a_zero_has_one(office: Office) -> None:
    assert office.later(hours=2) == 1
    assert office.result.numbers == {M.REACH: 0, M.VIEWS: 0, M.CLICKS: 0, M.REACTIONS: 0, M.COMMENTS: 0}
    assert office.result.asked_at == office.world.clock()


def test_a_post_that_somebody_took_down_there_is_told_once_and_never_asked_for_again(office: Office) -> None:
    (number,) = office.server.page.posts
    office.server.page.counted[number] = SEEN
    office.later(hours=2)
    office.server.page.posts.clear()
    office.later(hours=8)
    result = office.result
    assert (result.measuring, result.state) == (S.GONE, PostState.PUBLISHED)
    assert "Facebook" in result.reason
    assert result.numbers[M.REACH] == 1_200, "what was counted stays"
    calls = len(office.server.asked)
    office.later(days=3)
    assert len(office.server.asked) == calls
    assert office.world.audited().count("campaign.post_gone") == 1
    with office.world.app.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "campaign.post_gone")).one()
    assert (entry.subject, entry.details["channel"]) == (f"campaign:{office.campaign}", "facebook")


def test_a_dead_token_closes_the_account_and_the_figures_come_once_it_is_connected_again(office: Office) -> None:
    office.server.break_next("/insights", Fault.TOKEN)
    assert office.later(hours=2) == 0
    assert office.row.state is AccountState.RECONNECT
    calls = len(office.server.asked)
    office.later(hours=2)
    assert len(office.server.asked) == calls, "a closed account is not knocked at"
    with office.world.app.database.write() as session:
        session.execute(update(ChannelAccount).values(state=AccountState.ACTIVE))
    assert office.later(hours=2) == 1
    assert M.REACH in office.result.numbers


def test_a_missing_right_leaves_the_account_open(office: Office) -> None:
    office.server.page.may_measure = False
    office.later(hours=2)
    assert office.row.state is AccountState.ACTIVE
    assert set(office.result.numbers) == {M.REACTIONS, M.COMMENTS}


def test_a_paused_account_is_still_asked(office: Office) -> None:
    with office.world.app.database.write() as session:
        session.execute(update(ChannelAccount).values(state=AccountState.PAUSED))
    assert office.later(hours=2) == 1


def test_a_removed_account_is_not_available_and_says_so(office: Office) -> None:
    with office.world.app.database.write() as session:
        session.execute(update(ChannelAccount).values(state=AccountState.REMOVED))
    office.later(hours=2)
    assert (office.result.numbers, office.result.asked_at) == ({}, None)
    assert office.result.reason.endswith(".")
    for _step in range(8):
        office.later(days=10)
    assert office.result.measuring is S.UNAVAILABLE


def test_used_up_limits_end_the_round_of_an_account_and_put_the_rest_off(office: Office) -> None:
    for _more in range(4):
        office.publish()
    assert len(office.server.page.posts) == 5
    office.server.percent = 70
    assert office.later(hours=2) == 1, "the first answer says that there is not much left"
    asked = len(office.server.asked)
    assert office.later(minutes=1) == 0
    assert len(office.server.asked) == asked
    office.server.percent = 0
    assert office.later(minutes=15) == 4


def test_a_fault_of_ours_or_of_meta_puts_off_and_ends_one_day(office: Office) -> None:
    class Stuck:
        def of(self, *_given: object, **_named: object) -> object:
            raise TemporaryError("unreachable", timedelta(days=5))

    stuck = replace(office.measuring, publishers=Stuck())  # type: ignore[arg-type]
    office.measuring = stuck
    for _step in range(15):
        office.later(days=6)
    assert (office.result.measuring, office.result.due_at) == (S.UNAVAILABLE, None)


def test_a_withdrawn_post_and_one_in_the_sandbox_are_not_asked_for(office: Office) -> None:
    with office.world.app.database.write() as session:
        session.execute(update(Post).values(state=PostState.WITHDRAWN))
        post = session.scalars(select(Post)).one()
        session.add(
            Post(
                tenant_id=TENANT, campaign_id=post.campaign_id, version=1, channel=ChannelName.FACEBOOK, account="sandbox",
                marker="m", state=PostState.PUBLISHED, content={}, queued_at=office.world.clock(),
                settled_at=office.world.clock(), handle="tts.m",
            )
        )  # fmt: skip
    assert (office.later(hours=2), len(office.server.asked)) == (0, len(office.server.asked))
    with office.world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(PostMeasuring)) == 0


def test_what_is_withdrawn_later_keeps_its_figures_and_is_left_alone(office: Office) -> None:
    office.later(hours=2)
    with office.world.app.database.write() as session:
        session.execute(update(Post).values(state=PostState.WITHDRAWN))
    asked = len(office.server.asked)
    assert office.later(hours=8) == 0
    assert len(office.server.asked) == asked
    assert (office.result.measuring, office.result.due_at) == (S.DONE, None)
    assert M.REACH in office.result.numbers


def test_a_round_is_bounded_and_asks_first_for_what_waits_longest(office: Office) -> None:
    with office.world.app.database.write() as session:
        post = session.scalars(select(Post)).one()
        for number in range(AT_ONCE + 5):
            session.add(
                Post(
                    tenant_id=TENANT, campaign_id=post.campaign_id, version=1, channel=post.channel, account=post.account,
                    marker=f"m{number}", state=PostState.PUBLISHED, content={}, queued_at=post.queued_at,
                    settled_at=office.world.clock() + timedelta(seconds=number), handle=None,
                )
            )  # fmt: skip
    assert office.later(hours=2) == AT_ONCE
    assert office.later(minutes=5) == 6


def test_the_worker_asks_and_the_page_shows_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    import workers.social

    (number,) = office.server.page.posts
    office.server.page.counted[number] = SEEN
    app = replace(office.world.app, measuring=office.measuring)
    monkeypatch.setattr(workers.social, "app", lambda: app)
    office.world.clock.forward(hours=2)
    office.server.held = office.world.clock()
    workers.social.post_figures(tenant_id=TENANT)
    with TestClient(create_app(app), base_url="https://siar.example", headers={"User-Agent": PERSON}) as client:
        visit = Visit(client, office.world, office.world.staff(Role.MARKETER))
        sign_in(visit, "pemasar@dinas.example")
        page = visit.page(f"/kampanye/{office.campaign}")
    assert re.search(r'data-label="Jangkauan">1\.200</td>', page)
    assert re.search(r'data-label="Disimpan"><span[^>]*>tidak tersedia', page)
