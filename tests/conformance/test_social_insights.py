"""How far a post reached, asked by the real clients of simulators that keep the providers' rules; what is not given is not 0."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from marketing.channels.base import Published
from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.facebook import adapter as facebook
from marketing.channels.instagram import adapter as instagram
from marketing.channels.measuring import Measured, Measurement, Measures, Missing, Unmeasured
from marketing.channels.meta_graph.answers import NEARLY_ALL
from marketing.channels.tiktok.client import BASIC, FIGURES, LIST, PUBLISH, scopes
from marketing.demo.simulators import graph_instagram, graph_page, tiktok
from marketing.demo.simulators.graph import GraphServer
from marketing.demo.simulators.graph_insights import NO_DATA_FOR, Counted, grown
from marketing.demo.simulators.server import Fault
from marketing.demo.simulators.tiktok import TikTokServer
from marketing.domain.insights import Metric
from marketing.observability import redact
from tests.conformance import social_suite as suite

M = Metric
SEEN = Counted(reach=1_200, views=1_900, clicks=44, reactions=87, comments=12, shares=5, saved=9)
FULL: dict[str, dict[Metric, int]] = {
    "facebook": {M.REACH: 1200, M.VIEWS: 1900, M.CLICKS: 44, M.REACTIONS: 87, M.COMMENTS: 12, M.SHARES: 5},
    "instagram": {M.REACH: 1200, M.VIEWS: 1900, M.REACTIONS: 87, M.COMMENTS: 12, M.SHARES: 5, M.SAVES: 9},
    "tiktok_direct": {M.VIEWS: 1900, M.REACTIONS: 87, M.COMMENTS: 12, M.SHARES: 5},
}
ZERO = {
    "facebook": {M.REACH, M.VIEWS, M.CLICKS, M.REACTIONS, M.COMMENTS},  # Meta leaves `shares` out while there is none
    "instagram": set(FULL["instagram"]),
    "tiktok_direct": set(FULL["tiktok_direct"]),
}
META = ("facebook", "instagram")


@dataclass
class Stood:
    """A post that stands, and how its provider counts what people did with it."""

    name: str
    bench: suite.Bench
    published: Published

    @property
    def server(self) -> Any:
        return self.bench.server

    @property
    def meta(self) -> Any:
        return self.server.page if self.name == "facebook" else self.server.instagram

    @property
    def ends(self) -> str:
        """How the path of the call ends that asks for the figures."""
        return "/query/" if self.name == "tiktok_direct" else "/insights"

    def count(self, seen: Counted) -> None:
        if self.name == "tiktok_direct":
            told = {"view_count": seen.views, "like_count": seen.reactions}
            told |= {"comment_count": seen.comments, "share_count": seen.shares}
            (share,) = self.server.posts
            self.server.seen[share.post_id] = {key: value for key, value in told.items() if value is not None}
        else:
            self.meta.counted[self.published.handle.partition(",")[0]] = seen

    def taken_down(self) -> None:
        if self.name == "tiktok_direct":
            self.server.shares.clear()
        else:
            (self.meta.posts if self.name == "facebook" else self.meta.media).clear()

    def measure(self) -> Measurement:
        publisher = self.bench.publisher
        assert isinstance(publisher, Measures)
        return publisher.measure(self.published.handle, self.published.permalink)


def stand(name: str, folder: Path) -> Iterator[Stood]:
    with suite.BENCHES[name](folder) as bench:
        if isinstance(bench.server, TikTokServer):
            bench.access = replace(bench.access, settings={**bench.access.settings, FIGURES: True})
            grant = bench.server.grants[tiktok.TOKEN]
            grant.scopes = frozenset({*grant.scopes, LIST})
        published = bench.publish(bench.post())
        assert isinstance(published, Published)
        bench.server.pass_time(timedelta(hours=1))
        yield Stood(name, bench, published)


@pytest.fixture(params=sorted(FULL))
def stood(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stood]:
    yield from stand(request.param, tmp_path)


@pytest.fixture(params=META)
def at_meta(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stood]:
    yield from stand(request.param, tmp_path)


def test_what_the_provider_counts_comes_back(stood: Stood) -> None:
    stood.count(SEEN)
    assert stood.measure() == Measured(FULL[stood.name])
    assert set(FULL[stood.name]) == set(stood.bench.publisher.capabilities.figures)


def test_a_zero_is_a_zero_and_what_is_left_out_is_not(stood: Stood) -> None:
    assert stood.measure() == Measured(dict.fromkeys(ZERO[stood.name], 0))
    stood.count(replace(SEEN, views=None))
    assert M.VIEWS not in stood.measure().figures  # type: ignore[union-attr]


def test_what_cannot_be_a_count_is_left_out_and_one_may_come_as_digits(stood: Stood) -> None:
    rest: dict[Metric, int] = {metric: number for metric, number in FULL[stood.name].items() if metric is not M.VIEWS}
    hostile: list[Any] = [-5, 10**30, "12a", "", True, 3.5, [], {"like": 1}, None]
    for odd in hostile:
        stood.count(replace(SEEN, views=odd))
        assert stood.measure() == Measured(rest), odd
    stood.count(replace(SEEN, views="1900"))
    assert stood.measure() == Measured(FULL[stood.name])


def test_a_post_that_somebody_took_down_is_missing(stood: Stood) -> None:
    stood.taken_down()
    assert stood.measure() == Missing(sure=stood.name != "tiktok_direct")


def test_a_closed_account_asks_for_a_person(stood: Stood) -> None:
    stood.server.break_next(stood.ends, Fault.TOKEN)
    with pytest.raises(ReconnectError):
        stood.measure()


@pytest.mark.parametrize("fault", [Fault.RATE, Fault.BUSY, Fault.DROP_ANSWER, Fault.SERVER_ERROR, Fault.STORED_GARBAGE])
def test_a_fault_on_the_way_is_asked_again_later(stood: Stood, fault: Fault) -> None:
    stood.count(SEEN)
    stood.server.break_next(stood.ends, fault)
    with pytest.raises(TemporaryError) as caught:
        stood.measure()
    assert caught.value.retry_after > timedelta(0)
    stood.server.pass_time(max(caught.value.retry_after, timedelta(hours=1)))
    assert stood.measure() == Measured(FULL[stood.name])


def test_a_right_that_was_not_given_closes_no_account(stood: Stood) -> None:
    if isinstance(stood.server, TikTokServer):
        stood.server.grants[tiktok.TOKEN].scopes = frozenset({PUBLISH, BASIC})
        assert isinstance(stood.measure(), Unmeasured)
        return
    stood.count(SEEN)
    stood.meta.may_measure = False
    seen_by_all: dict[Metric, int] = {M.REACTIONS: 87, M.COMMENTS: 12} | (
        {M.SHARES: 5} if stood.name == "facebook" else {}
    )
    assert stood.measure() == Measured(seen_by_all), "what every reader sees needs no further right"


def test_data_that_is_not_there_yet_is_nothing_rather_than_zero(at_meta: Stood) -> None:
    at_meta.count(SEEN)
    for post in (*at_meta.server.page.posts.values(), *at_meta.server.instagram.media.values()):
        post.made = at_meta.server.now - NO_DATA_FOR / 2
    found = at_meta.measure()
    assert isinstance(found, Measured)
    assert not {M.REACH, M.VIEWS, M.CLICKS, M.SAVES} & set(found.figures)


@pytest.mark.parametrize(
    ("name", "module", "known"),
    [("facebook", facebook, graph_page.POST_METRICS), ("instagram", instagram, graph_instagram.MEDIA_METRICS)],
)
def test_a_metric_that_meta_has_given_up_is_left_out_and_remembered(
    name: str, module: Any, known: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stood in stand(name, tmp_path):
        stood.count(SEEN)
        monkeypatch.delitem(known, module.COUNTABLE.metrics[M.REACH])
        rest: dict[Metric, int] = {metric: number for metric, number in FULL[name].items() if metric is not M.REACH}
        assert stood.measure() == Measured(rest)
        calls = stood.server.count("/insights")
        assert stood.measure() == Measured(rest)
        assert stood.server.count("/insights") == calls + 1, "it is not asked for again"
        monkeypatch.undo()
        stood.server.pass_time(timedelta(days=31))
        assert stood.measure() == Measured(FULL[name]), "until a month later"


@pytest.mark.parametrize("old", ["post_impressions", "post_impressions_unique", "post_engaged_users"])
def test_the_simulator_refuses_what_meta_refuses_since_june(old: str, tmp_path: Path) -> None:
    for stood in stand("facebook", tmp_path):
        assert isinstance(stood.server, GraphServer)
        graph = stood.bench.publisher._graph  # type: ignore[attr-defined]
        with pytest.raises(PermanentError, match="meta_100"):
            graph.read(stood.published.handle.partition(",")[0], "insights", metric=old)


@pytest.mark.parametrize("percent", [65, 95])
def test_figures_wait_before_the_posts_do_when_the_limits_are_used_up(at_meta: Stood, percent: int) -> None:
    at_meta.count(SEEN)
    at_meta.server.percent = percent
    assert at_meta.measure() == Measured(FULL[at_meta.name])
    asked = len(at_meta.server.asked)
    with pytest.raises(TemporaryError, match="meta_usage"):
        at_meta.measure()
    assert len(at_meta.server.asked) == asked, "nobody is called meanwhile"
    post = at_meta.bench.post("tts-kedua", "Yang kedua, juga renyah.")
    if percent < NEARLY_ALL:
        assert isinstance(at_meta.bench.publish(post), Published)
    else:
        with pytest.raises(TemporaryError, match="meta_usage"):
            at_meta.bench.publish(post)
    at_meta.server.percent = 0
    at_meta.server.pass_time(timedelta(minutes=11))
    assert at_meta.measure() == Measured(FULL[at_meta.name])


def test_tiktok_is_not_asked_without_the_right_or_a_public_number(tmp_path: Path) -> None:
    for stood in stand("tiktok_direct", tmp_path):
        asked = len(stood.server.asked)
        profile = replace(stood, published=replace(stood.published, permalink="https://www.tiktok.com/@umkm_tts"))
        assert isinstance(profile.measure(), Unmeasured)
        stood.bench.access = replace(stood.bench.access, settings={"mode": "direct"})
        assert isinstance(stood.measure(), Unmeasured)
        assert len(stood.server.asked) == asked
    assert scopes({}) == (BASIC, "video.upload")
    assert scopes({"mode": "direct", FIGURES: True}) == (BASIC, PUBLISH, LIST)


@pytest.mark.parametrize("name", ["telegram", "tiktok"])
def test_a_channel_without_figures_says_so(name: str, tmp_path: Path) -> None:
    with suite.BENCHES[name](tmp_path) as bench:
        assert isinstance(bench.publisher, Measures) == bool(bench.publisher.capabilities.figures)


def test_no_secret_is_told(stood: Stood, caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    for fault in (None, Fault.TOKEN, Fault.SERVER_ERROR):
        if fault:
            stood.server.break_next(stood.ends, fault)
        try:
            told.append(repr(stood.measure()))
        except (ReconnectError, TemporaryError) as error:
            told.append(repr(error))
    for secret in stood.bench.secrets:
        assert secret not in " ".join([*told, redact(caplog.text)])


@pytest.mark.parametrize("number", ["1_2", "17800000000000001"])
def test_a_crowd_of_a_rehearsal_only_grows_and_is_the_same_every_time(number: str) -> None:
    ages = [timedelta(hours=hours) for hours in (0, 1, 6, 24, 72, 720)]
    seen = [grown(number, age) for age in ages]
    assert seen == [grown(number, age) for age in ages]
    assert seen[0] == Counted()
    reached = [one.reach for one in seen]
    assert reached == sorted(set(reached))
    assert all(one.reach <= one.views and one.reactions <= one.reach for one in seen)
