"""Facebook and Instagram beyond what every channel must do: limits, duplicates, containers, tokens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from marketing.channels.base import Absent, Failed, InDoubt, Preparing, Published, Ready
from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.facebook.adapter import FacebookDoor
from marketing.channels.meta_graph.accounts import offices
from marketing.channels.social import Registration
from marketing.demo.simulators import graph_words as words
from marketing.demo.simulators.graph import APP_ID, INSTAGRAM, PAGE, TOKEN, USER_TOKEN, GraphServer
from marketing.demo.simulators.graph_instagram import Picture
from marketing.demo.simulators.graph_page import PagePost
from marketing.demo.simulators.server import Fault
from marketing.domain.content import OutboundPost
from tests.conformance.social_suite import BENCHES, Bench


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Bench]:
    with BENCHES["facebook"](tmp_path) as bench:
        yield bench


@pytest.fixture
def instagram(tmp_path: Path) -> Iterator[Bench]:
    with BENCHES["instagram"](tmp_path) as bench:
        yield bench


def rules(bench: Bench) -> GraphServer:
    assert isinstance(bench.server, GraphServer)
    return bench.server


def ready(bench: Bench, post: OutboundPost) -> str:
    """Prepare until the post may go out; returns its note."""
    note = ""
    for _minute in range(9):
        prepared = bench.publisher.prepare(post, note)
        if isinstance(prepared, Ready):
            return prepared.note
        assert isinstance(prepared, Preparing), prepared
        note = prepared.note
        bench.server.pass_time(timedelta(minutes=1))
    raise AssertionError("never ready")


@pytest.mark.parametrize("provider", ["facebook", "instagram"])
def test_a_nearly_spent_limit_holds_back_what_is_new_and_nothing_else(provider: str, tmp_path: Path) -> None:
    with BENCHES[provider](tmp_path) as bench:
        outcome = bench.publish(bench.post())
        rules(bench).percent = 93
        assert isinstance(bench.publisher.poll(bench.post(), outcome.handle), Published)
        calls = len(bench.server.asked)
        with pytest.raises(TemporaryError) as caught:
            bench.publisher.prepare(bench.post("tts-m-2"), "")
        assert (caught.value.retry_after, len(bench.server.asked)) == (timedelta(minutes=5), calls)
        rules(bench).percent = 10
        bench.server.pass_time(timedelta(minutes=5))
        assert isinstance(bench.publisher.prepare(bench.post("tts-m-2"), ""), Ready | Preparing)


def test_words_and_a_link_become_a_post_without_pictures(page: Bench) -> None:
    post = page.post(pictures=0)
    assert isinstance(page.publish(post), Published)
    (stands,) = rules(page).page.posts.values()
    assert (stands.link, stands.photos) == (post.link, ())


def test_a_link_that_facebook_cannot_open_is_told_to_people(page: Bench) -> None:
    rules(page).page.scrapes = lambda _link: False
    with pytest.raises(PermanentError, match=r"tautan.*\(meta_1609005\)"):
        page.publish(page.post(pictures=0))


def test_what_facebook_calls_a_duplicate_is_looked_up_first(page: Bench) -> None:
    post = page.post(pictures=0)
    first = page.publish(post)
    assert page.publish(post) == first
    assert page.standing() == 1


def test_a_duplicate_that_cannot_be_seen_is_for_a_person_and_never_for_another_try(page: Bench) -> None:
    post = page.post(pictures=0)
    rules(page).page.posts[f"{PAGE}_1"] = PagePost(post.text, "", (), page.server.now - timedelta(days=2))
    assert isinstance(page.publish(post), InDoubt)
    assert isinstance(page.publisher.find(post, page.note), InDoubt)
    assert page.standing() == 1


def test_photos_that_are_shown_already_lead_to_the_post_that_shows_them(page: Bench) -> None:
    post = page.post(pictures=2)
    note = ready(page, post)
    first = page.publisher.submit(post, note)
    rules(page).page.posts[f"{PAGE}_1"] = PagePost("Kabar lain", "", (), page.server.now)
    assert page.publisher.submit(post, note) == first
    assert page.standing() == 2


def test_a_person_who_shares_our_link_has_not_published_our_post(page: Bench) -> None:
    post = page.post()
    note = ready(page, post)
    rules(page).page.posts[f"{PAGE}_1"] = PagePost(f"Lihat {post.link}", "", (), page.server.now)
    assert isinstance(page.publisher.find(post, note), InDoubt)


def test_a_page_with_more_posts_than_are_looked_through_is_for_a_person(page: Bench) -> None:
    post = page.post()
    note, stands = ready(page, post), rules(page).page.posts
    for number in range(240):
        stands[f"{PAGE}_{number}"] = PagePost(f"Kabar {number}", "", (), page.server.now)
    assert isinstance(page.publisher.find(post, note), Absent)
    for number in range(240, 300):
        stands[f"{PAGE}_{number}"] = PagePost(f"Kabar {number}", "", (), page.server.now)
    assert isinstance(page.publisher.find(post, note), InDoubt)


def test_photos_that_nobody_saw_are_made_anew_after_a_day(page: Bench) -> None:
    post = page.post(pictures=2)
    note = ready(page, post)
    page.server.pass_time(timedelta(hours=26))
    prepared = page.publisher.prepare(post, note)
    assert isinstance(prepared, Ready)
    assert isinstance(page.publisher.submit(post, prepared.note), Published)
    assert page.server.count("/photos") == 4


def test_a_post_is_taken_down_with_its_photos(page: Bench) -> None:
    outcome = page.publish(page.post(pictures=3))
    assert len(rules(page).page.photos) == 3
    assert page.publisher.withdraw(outcome.handle)
    assert (rules(page).page.posts, rules(page).page.photos) == ({}, {})


def test_a_redirect_is_not_followed(page: Bench) -> None:
    page.server.break_next("/feed", Fault.REDIRECT)
    assert isinstance(page.publish(page.post()), InDoubt)


def test_an_expired_container_is_made_anew(instagram: Bench) -> None:
    post = instagram.post(pictures=2)
    note = ready(instagram, post)
    instagram.server.pass_time(timedelta(hours=25))
    prepared = instagram.publisher.prepare(post, note)
    assert isinstance(prepared, Preparing)
    assert isinstance(instagram.publisher.find(post, note), Absent)
    assert isinstance(instagram.publish(post), Published)
    assert instagram.standing() == 1


def test_a_picture_that_meta_fetches_too_slowly_is_tried_three_times(instagram: Bench) -> None:
    rules(instagram).instagram.fetch = lambda _url: Picture(refusal=words.IG_SLOW)
    outcome = instagram.publish(instagram.post())
    assert isinstance(outcome, Failed)
    assert outcome.detail.endswith("Coba lagi nanti.")
    assert instagram.server.count("/media") == 3


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Picture(width=300, height=900), "perbandingan sisi"),
        (Picture(kind="PNG"), "hanya menerima gambar JPEG"),
        (Picture(size=9_000_000), "8 MB"),
        (None, "SIAR_PUBLIC_URL"),
    ],
)
def test_a_picture_that_instagram_refuses_is_told_in_words(instagram: Bench, found: Picture | None, said: str) -> None:
    rules(instagram).instagram.fetch = lambda _url: found
    try:
        told = instagram.publish(instagram.post()).detail
    except PermanentError as error:
        told = str(error)
    assert said in told
    assert instagram.server.count("/media") == 1


def test_a_full_day_makes_no_container(instagram: Bench) -> None:
    rules(instagram).instagram.quota = 1
    assert isinstance(instagram.publish(instagram.post()), Published)
    with pytest.raises(TemporaryError, match="quota"):
        instagram.publisher.prepare(instagram.post("tts-m-2", "Kabar kedua."), "")
    assert instagram.server.count("/media") == 1
    instagram.server.pass_time(timedelta(hours=24))
    assert isinstance(instagram.publish(instagram.post("tts-m-2", "Kabar kedua.")), Published)


def test_a_container_that_cannot_be_read_is_asked_again_and_never_made_twice(instagram: Bench) -> None:
    post = instagram.post()
    rules(instagram).instagram.unreadable = 3
    note = ready(instagram, post)
    assert instagram.server.count("/media") == 1
    rules(instagram).instagram.unreadable = 1
    with pytest.raises(TemporaryError, match="unread"):
        instagram.publisher.find(post, note)
    assert isinstance(instagram.publisher.find(post, note), Absent)


def test_a_container_that_went_out_late_is_not_published_a_second_time(instagram: Bench) -> None:
    post = instagram.post(pictures=2)
    note = ready(instagram, post)
    first = instagram.publisher.submit(post, note)
    again = instagram.publisher.prepare(post, note)  # a look-up had said that nothing stood
    assert isinstance(again, Ready)
    assert instagram.publisher.submit(post, again.note) == first
    assert instagram.server.count("/media_publish") == 1


def test_an_account_that_may_delete_does(instagram: Bench) -> None:
    outcome = instagram.publish(instagram.post())
    assert instagram.publisher.withdraw(outcome.handle) is False
    rules(instagram).instagram.may_delete = True
    assert instagram.publisher.withdraw(outcome.handle) is True
    assert instagram.publisher.withdraw(outcome.handle) is True
    assert instagram.standing() == 0


@pytest.mark.parametrize("provider", ["facebook", "instagram"])
def test_a_token_is_traded_for_a_fresh_one_while_it_lives(provider: str, tmp_path: Path) -> None:
    with BENCHES[provider](tmp_path) as bench:
        ends = bench.server.now + timedelta(minutes=20)
        rules(bench).tokens[TOKEN] = ends
        fresh = bench.door.renew(replace(bench.access, expires_at=ends), bench.server.now)
        assert fresh.expires_at == bench.server.now + timedelta(days=60)
        bench.server.pass_time(timedelta(hours=1))
        assert bench.door.check(fresh, bench.server.now) in {"Dinas Perindagkop UMKM TTS", "dinas.umkm.tts"}
        for ask in (bench.door.check, bench.door.renew):
            with pytest.raises(ReconnectError, match="habis masanya"):
                ask(bench.access, bench.server.now)


def test_a_persons_token_leads_to_the_page_and_its_instagram(page: Bench) -> None:
    assert isinstance(page.door, FacebookDoor)
    (office,) = offices(page.door, USER_TOKEN, page.server.now)
    assert (office.page.remote_id, office.page.token, office.page.expires_at) == (PAGE, TOKEN, None)
    assert office.instagram is not None
    assert (office.instagram.remote_id, office.instagram.name) == (INSTAGRAM, "dinas.umkm.tts")
    assert TOKEN not in repr(office)
    with pytest.raises(PermanentError):
        offices(page.door, TOKEN, page.server.now)
    with pytest.raises(ReconnectError):
        offices(page.door, "EAAdicuri", page.server.now)


def test_a_wrong_secret_is_refused_and_not_told(page: Bench) -> None:
    door = replace(page.door, app=Registration(APP_ID, "rahasia-yang-salah"))  # type: ignore[type-var]
    with pytest.raises(PermanentError) as caught:
        door.check(page.access, page.server.now)
    assert "rahasia" not in str(caught.value)
