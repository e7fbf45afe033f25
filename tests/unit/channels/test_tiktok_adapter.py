"""TikTok's own rules, before a server that keeps them: drafts, direct posts, numbers that come late, tokens that rotate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from marketing.channels.base import AwaitingHuman, Failed, InDoubt, Pending, Published, Ready
from marketing.channels.errors import ChannelError, PermanentError, ReconnectError, TemporaryError
from marketing.channels.pace import Pace
from marketing.channels.tiktok.adapter import UNSEEN_TIMES, TikTokDoor, TikTokPublisher
from marketing.channels.tiktok.errors import UnclearError, UnknownPublishError, failure, refusal
from marketing.demo.simulators.server import START, Fault
from marketing.demo.simulators.tiktok import (
    CLIENT_KEY,
    CLIENT_SECRET,
    DRAFTS,
    INITS,
    OPEN_ID,
    POSTS,
    REFRESH,
    TOKEN,
    Creator,
    TikTokServer,
)
from marketing.domain.content import OutboundPost, PostPicture
from tests.conformance.social_suite import Notes
from tests.conformance.social_tiktok import DIRECT, access

PICTURE = PostPicture("a/b.jpg", "https://umkm.ttskab.example/gambar/b.jpg", "Keripik", 1080, 1080)
POST = OutboundPost("k1", "tts", "tts-m-1", "Keripik SoE 👀", "Renyah dari SoE #umkm", "", (PICTURE,))
MINUTE = timedelta(minutes=1)


@dataclass
class Bench:
    server: TikTokServer
    memory: Notes = field(default_factory=Notes)

    def door(self, **changed: Any) -> TikTokDoor:
        return replace(TikTokDoor(Pace(), CLIENT_KEY, CLIENT_SECRET, self.server.url, 5.0), **changed)

    def publisher(self, **settings: Any) -> TikTokPublisher:
        """Return one whose own pace is fresh, so that TikTok's limits are met."""
        return self.door().open(access(settings), self.memory)

    def submitted(self, post: OutboundPost = POST, **settings: Any) -> tuple[TikTokPublisher, str]:
        publisher = self.publisher(**settings)
        ready = publisher.prepare(post, "")
        assert isinstance(ready, Ready)
        answer = publisher.submit(post, ready.note)
        assert isinstance(answer, Pending)
        return publisher, answer.handle

    def asked(self, path_end: str) -> list[dict[str, Any]]:
        return [asked.json for asked in self.server.asked if asked.path.endswith(path_end)]


@pytest.fixture
def bench() -> Iterator[Bench]:
    with TikTokServer() as server:
        yield Bench(server)


def test_a_draft_waits_for_the_person_whose_phone_it_is(bench: Bench) -> None:
    publisher, handle = bench.submitted()
    assert isinstance(publisher.poll(POST, handle), Pending), "TikTok is still fetching the pictures"
    bench.server.pass_time(2 * MINUTE)
    answer = publisher.poll(POST, handle)
    assert isinstance(answer, AwaitingHuman)
    assert "Kotak Masuk" in answer.instruction
    (sent,) = bench.asked("/content/init/")
    assert sent == {
        "media_type": "PHOTO",
        "post_mode": "MEDIA_UPLOAD",
        "post_info": {"title": POST.title, "description": POST.text},
        "source_info": {"source": "PULL_FROM_URL", "photo_cover_index": 0, "photo_images": [PICTURE.url]},
    }
    bench.server.finish(handle)
    assert isinstance(publisher.poll(POST, handle), AwaitingHuman), "only that person knows the address of the post"
    assert not publisher.withdraw(handle)


def test_a_direct_post_gets_its_address_after_moderation(bench: Bench) -> None:
    publisher, handle = bench.submitted(**DIRECT)
    bench.server.pass_time(2 * MINUTE)
    waiting = publisher.poll(POST, handle)
    assert isinstance(waiting, Pending)
    bench.server.pass_time(waiting.retry_after)
    answer = publisher.poll(POST, handle)
    (share,) = bench.server.posts
    assert answer == Published("k1", handle, f"https://www.tiktok.com/@umkm_tts/photo/{share.post_id}")
    assert bench.memory.kept["unseen"] == {}
    (sent,) = bench.asked("/content/init/")
    assert sent["post_info"]["privacy_level"] == "PUBLIC_TO_EVERYONE"
    assert not sent["post_info"]["disable_comment"]
    assert not publisher.capabilities.needs_human


def test_what_never_gets_a_number_is_not_asked_about_for_ever(bench: Bench) -> None:
    publisher, handle = bench.submitted(**{**DIRECT, "privacy": "SELF_ONLY"})
    bench.server.pass_time(2 * MINUTE)
    profile = Published("k1", handle, "https://www.tiktok.com/@umkm_tts")
    assert publisher.poll(POST, handle) == profile, "a post that not everybody may see never gets one"
    public = bench.publisher(**DIRECT)
    asked = 0
    while isinstance(public.poll(POST, handle), Pending):
        asked += 1
        bench.server.pass_time(10 * MINUTE)
        public = bench.publisher(**DIRECT)
    assert asked == UNSEEN_TIMES


def test_only_what_tiktok_offers_now_is_chosen(bench: Bench) -> None:
    bench.server.creators[OPEN_ID].private = True
    for settings in (DIRECT, {"mode": "direct"}, {"mode": "direct", "privacy": "EVERYBODY"}):
        with pytest.raises(ReconnectError):
            bench.publisher(**settings).prepare(POST, "")
    assert bench.asked("/content/init/") == []
    bench.submitted(**{**DIRECT, "privacy": "FOLLOWER_OF_CREATOR"})


@pytest.mark.parametrize(("closed", "wanted"), [(True, True), (False, False)])
def test_comments_stay_closed_unless_both_sides_want_them(bench: Bench, closed: bool, wanted: bool) -> None:
    bench.server.creators[OPEN_ID].comment_disabled = closed
    bench.submitted(**{**DIRECT, "comments": wanted})
    assert bench.asked("/content/init/")[0]["post_info"]["disable_comment"]


def test_an_app_without_audit_is_told_to_use_the_inbox(bench: Bench) -> None:
    bench.server.audited = False
    with pytest.raises(ReconnectError, match="Kotak Masuk"):
        bench.submitted(**DIRECT)
    bench.submitted()


def test_a_sixth_draft_waits_until_a_person_has_finished_one(bench: Bench) -> None:
    handles = [bench.submitted()[1] for _draft in range(DRAFTS)]
    bench.server.pass_time(2 * MINUTE)
    with pytest.raises(TemporaryError) as caught:
        bench.submitted()
    assert caught.value.retry_after == timedelta(hours=1)
    bench.server.finish(handles[0])
    bench.submitted()


def test_the_limit_of_a_day_is_met_before_anything_is_sent(bench: Bench) -> None:
    for _post in range(POSTS):
        bench.submitted(**DIRECT)
        bench.server.pass_time(MINUTE)
    with pytest.raises(TemporaryError) as caught:
        bench.submitted(**DIRECT)
    assert caught.value.retry_after >= timedelta(hours=1)
    assert len(bench.asked("/content/init/")) == POSTS
    bench.server.creators[OPEN_ID].banned = True
    with pytest.raises(PermanentError, match="melarang"):
        bench.submitted(**DIRECT)


def test_our_own_pace_keeps_us_from_ever_meeting_tiktoks(bench: Bench) -> None:
    publisher = bench.publisher()
    for _call in range(INITS):
        publisher.prepare(POST, "")
    with pytest.raises(TemporaryError, match="pace"):
        publisher.prepare(POST, "")


def test_pictures_come_from_our_own_verified_address_or_not_at_all(bench: Bench) -> None:
    stranger = replace(POST, pictures=(replace(PICTURE, url="https://other.example/b.jpg"),))
    with pytest.raises(PermanentError, match="diverifikasi"):
        bench.submitted(stranger)
    asked = len(bench.server.asked)
    plain = bench.publisher().prepare(replace(POST, pictures=(replace(PICTURE, url="http://a.example/b.jpg"),)), "")
    assert isinstance(plain, Failed)
    assert "https://" in plain.detail
    assert len(bench.server.asked) == asked


def test_what_tiktok_could_not_fetch_or_read_has_failed_with_a_word_of_advice(bench: Bench) -> None:
    other = replace(PICTURE, url="https://umkm.ttskab.example/gambar/c.png")
    pulled, format_ = bench.submitted(), bench.submitted(replace(POST, pictures=(other,)))
    bench.server.unreachable.add(PICTURE.url)
    bench.server.pass_time(2 * MINUTE)
    for (publisher, handle), reason in ((pulled, "photo_pull_failed"), (format_, "file_format_check_failed")):
        answer = publisher.poll(POST, handle)
        assert isinstance(answer, Failed)
        assert (answer.reason, answer.detail) == (f"tiktok_{reason}", failure(reason))
    assert bench.server.drafts == []


def test_a_number_that_tiktok_has_forgotten_is_looked_for_by_a_person(bench: Bench) -> None:
    publisher, handle = bench.submitted()
    bench.server.creators["other"] = Creator("other")
    bench.server.shares[handle].open_id = "other"
    assert isinstance(publisher.poll(POST, handle), AwaitingHuman)
    assert isinstance(publisher.poll(POST, "p_pub_url~v2.0"), AwaitingHuman)


def test_a_lost_answer_can_only_be_found_by_a_person(bench: Bench) -> None:
    bench.server.break_next("/content/init/", Fault.DROP_ANSWER)
    publisher = bench.publisher()
    assert isinstance(publisher.submit(POST, ""), InDoubt)
    calls = len(bench.server.asked)
    assert isinstance(publisher.find(POST, ""), InDoubt)
    assert len(bench.server.asked) == calls


def test_a_refresh_token_is_traded_for_a_new_pair_that_works(bench: Bench) -> None:
    old = access({})
    fresh = bench.door().renew(old, START)
    assert fresh.expires_at == START + timedelta(hours=24)
    assert fresh.refresh_expires_at == START + timedelta(days=365)
    assert len({old.token, old.refresh_token, fresh.token, fresh.refresh_token}) == 4
    assert bench.door().check(fresh, START) == "UMKM TTS"
    with pytest.raises(ReconnectError):
        bench.door().renew(old, START)
    bench.server.rotates = False
    assert bench.door().renew(fresh, START).refresh_token == fresh.refresh_token


@pytest.mark.parametrize("fault", [Fault.DROP_ANSWER, Fault.SERVER_ERROR, Fault.HTTP_429, Fault.STORED_GARBAGE])
def test_a_trade_without_an_answer_is_tried_again(bench: Bench, fault: Fault) -> None:
    bench.server.break_next("/oauth/token/", fault)
    with pytest.raises(TemporaryError):
        bench.door().renew(access({}), START)


@pytest.mark.parametrize(
    ("changed", "settings", "error"),
    [
        ({"client_secret": "wrong"}, {}, TemporaryError),
        ({"host": "http://127.0.0.1:1"}, {}, TemporaryError),
        ({}, {"remote_id": "somebody else"}, ReconnectError),
        ({}, {"refresh_token": ""}, ReconnectError),
    ],
)
def test_a_trade_that_fails_says_who_must_act(
    bench: Bench, changed: Mapping[str, Any], settings: Mapping[str, Any], error: type[ChannelError]
) -> None:
    with pytest.raises(error) as caught:
        bench.door(**changed).renew(replace(access({}), **settings), START)
    assert REFRESH not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_the_check_asks_by_the_scopes_the_account_has(bench: Bench) -> None:
    grant = bench.server.grants[TOKEN]
    grant.scopes = frozenset({"video.upload", "user.info.basic"})
    assert bench.door().check(access({}), START) == "UMKM TTS"
    with pytest.raises(ReconnectError):
        bench.door().check(access(DIRECT), START)
    grant.scopes = frozenset({"video.publish"})
    assert bench.door().check(access(DIRECT), START) == "UMKM TTS"
    bench.server.revoke()
    with pytest.raises(ReconnectError):
        bench.door().check(access(DIRECT), START)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("", 401, ReconnectError),
        ("", 429, TemporaryError),
        ("", 502, UnclearError),
        ("", 200, UnclearError),
        ("internal_error", 200, UnclearError),
        ("", 403, PermanentError),
        ("a_code_of_next_year", 400, PermanentError),
        ("a_code_of_next_year", 503, UnclearError),
        ("invalid_publish_id", 400, UnknownPublishError),
        ("spam_risk_too_many_posts", 200, TemporaryError),
    ],
)
def test_every_answer_has_a_meaning(code: str, status: int, kind: type[Exception]) -> None:
    error = refusal(code, f"word {TOKEN}\nsecond line", status, TOKEN)
    assert type(error) is kind
    assert TOKEN not in str(error)
    assert "\n" not in str(error)
    assert refusal("ok", "", 200) is None
    assert failure("a_reason_of_next_year").endswith(".")
