"""TikTok's webhooks: only what TikTok signed lately is read, once however often it comes, and nothing unknown is lost."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.tiktok.webhook import TOLERANCE, EventKind, is_genuine, read_event
from marketing.demo.simulators.server import START
from marketing.demo.simulators.tiktok import CLIENT_KEY, CLIENT_SECRET, OPEN_ID, TikTokServer

SERVER = TikTokServer.__new__(TikTokServer)  # its signing needs no socket
CONTENT = {"publish_id": "p_inbox_url~v2.1", "publish_type": "INBOX_SHARE"}


def body(event: object = "post.publish.inbox_delivered", content: object = None, **changed: object) -> bytes:
    fields = {
        "client_key": CLIENT_KEY,
        "event": event,
        "create_time": 1_795_000_000,
        "user_openid": OPEN_ID,
        "content": json.dumps(CONTENT) if content is None else content,
    }
    return json.dumps(fields | changed).encode()


def test_what_tiktok_signed_is_genuine_while_it_is_fresh() -> None:
    signature = SERVER.signed(body(), START)
    for age in (timedelta(), TOLERANCE, -TOLERANCE):
        assert is_genuine(body(), signature, CLIENT_SECRET, START + age)
    for age in (TOLERANCE + timedelta(seconds=1), -TOLERANCE - timedelta(seconds=1), timedelta(days=3)):
        assert not is_genuine(body(), signature, CLIENT_SECRET, START + age)


@pytest.mark.parametrize(
    "forge",
    [
        lambda _stamp, digest: f"t={int(START.timestamp()) + 1},s={digest}",
        lambda stamp, digest: f"t={stamp},s={'0' * len(digest)}",
        lambda stamp, _digest: f"t={stamp}",
        lambda _stamp, digest: f"s={digest}",
        lambda stamp, digest: f"t={stamp},t={stamp},s={digest}",
        lambda stamp, digest: f"t={stamp},s={digest},s={'0' * 64}",
        lambda _stamp, digest: f"t=²,s={digest}",
        lambda _stamp, digest: f"t={'9' * 30},s={digest}",
        lambda stamp, _digest: f"t={stamp},s=é",
        lambda _stamp, _digest: "",
    ],
)
def test_a_forged_header_is_refused(forge: object) -> None:
    stamp, digest = (part[2:] for part in SERVER.signed(body(), START).split(","))
    assert callable(forge)
    assert not is_genuine(body(), forge(stamp, digest), CLIENT_SECRET, START)


def test_a_changed_body_and_an_unset_secret_are_refused() -> None:
    signature = SERVER.signed(body(), START)
    assert not is_genuine(body() + b" ", signature, CLIENT_SECRET, START)
    assert not is_genuine(body(), signature, "", START)


def test_the_content_is_opened_and_the_same_event_has_the_same_key() -> None:
    first = read_event(body(), CLIENT_KEY)
    again = read_event(json.dumps(json.loads(body()), indent=1, sort_keys=True).encode(), CLIENT_KEY)
    assert first == again
    assert (first.kind, first.open_id, first.publish_id) == (EventKind.INBOX, OPEN_ID, "p_inbox_url~v2.1")
    others = [body("post.publish.complete"), body(create_time=1_795_000_001), body(user_openid="x"), body(content="{}")]
    assert len({first.key, *(read_event(other, CLIENT_KEY).key for other in others)}) == 5


def test_an_event_nobody_knows_yet_keeps_its_name() -> None:
    event = read_event(body("post.publish.teleported"), CLIENT_KEY)
    assert (event.kind, event.name) == (EventKind.OTHER, "post.publish.teleported")


def test_the_end_of_a_permission_says_why() -> None:
    event = read_event(body("authorization.removed", '{"reason": 1 }'), CLIENT_KEY)
    assert (event.kind, event.reason) == (EventKind.REMOVED, "1")


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"null", b"\xff", b"[" * 60_000, b'{"a": ' * 10_000, b" " * 70_000, body(event=None), body(event=7),
        body(user_openid=None), body(create_time="x"), body(create_time=True), body(create_time=10**20), body(create_time=0),
        body(content="[]"), body(content="{"), body(client_key="another app"), body(content=7),
    ],
)  # fmt: skip
def test_what_is_no_event_of_ours_is_told_apart(raw: bytes) -> None:
    with pytest.raises(ValueError):
        read_event(raw, CLIENT_KEY)


@given(st.binary(max_size=200), st.text(max_size=120))
def test_nothing_anybody_sends_breaks_the_reading(raw: bytes, header: str) -> None:
    assert not is_genuine(raw, header, CLIENT_SECRET, START)
    with pytest.raises(ValueError):
        read_event(raw, CLIENT_KEY)


def test_a_server_signs_what_it_tells() -> None:
    with TikTokServer() as server:
        server.revoke()
        ((signature, raw),) = server.webhooks
        assert is_genuine(raw, signature, CLIENT_SECRET, server.now)
        assert read_event(raw, CLIENT_KEY).kind is EventKind.REMOVED
