"""SendGrid's published signatures, and what its events say; values from sendgrid-python's test suite (MIT)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.email.inbound.sendgrid import events_of, feedback_of, is_genuine
from marketing.domain.bounce import BounceClass
from marketing.domain.feedback import Feedback, FeedbackKind
from marketing.domain.links import LinkSigner

KEY = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
SIGNATURE = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
TIMESTAMP = "1600112502"
AT = "@"  # their sample names real domains; nobody is written to
DROPPED = {
    "email": AT.join(("hello", "world.com")),
    "event": "dropped",
    "reason": "Bounced Address",
    "sg_event_id": "ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",
    "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",
    "smtp-id": AT.join(("<LRzXl_NHStOGhQ4kofSm_A", "ismtpd0039p1iad1.sendgrid.net>")),
    "timestamp": 1600112492,
}
BODY = json.dumps([DROPPED], sort_keys=True, separators=(",", ":")).encode() + b"\r\n"

OLDER_KEY = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA=="
OLDER_SIGNATURE = "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0="
OLDER_TIMESTAMP = "1588788367"
OLDER_BODY = b'{"category":"example_payload","event":"test_event","message_id":"message_id"}'

SIGNER = LinkSigner((b"kunci uji",), "")
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def at(timestamp: str, **off: float) -> datetime:
    return datetime.fromtimestamp(int(timestamp), UTC) + timedelta(**off)


def genuine(
    body: bytes = BODY, *, key: str = KEY, signature: str = SIGNATURE, timestamp: str = TIMESTAMP, **off: float
) -> bool:
    return is_genuine(key, signature=signature, timestamp=timestamp, body=body, now=at(TIMESTAMP, **off))


def told(**event: object) -> list[Feedback]:
    whole = {"siar": SIGNER.reference(7), "sg_event_id": "e1", "timestamp": NOW.timestamp() - 5} | event
    return list(feedback_of(whole, account_id=3, refer=SIGNER.referred, now=NOW))


def test_both_published_signatures_verify() -> None:
    assert genuine()
    assert is_genuine(
        OLDER_KEY, signature=OLDER_SIGNATURE, timestamp=OLDER_TIMESTAMP, body=OLDER_BODY, now=at(OLDER_TIMESTAMP)
    )


def test_the_raw_body_counts_to_its_last_octet() -> None:
    assert not genuine(BODY.strip())
    assert not is_genuine(
        OLDER_KEY,
        signature=OLDER_SIGNATURE,
        timestamp=OLDER_TIMESTAMP,
        body=OLDER_BODY + b"\r\n",
        now=at(OLDER_TIMESTAMP),
    )


@pytest.mark.parametrize("seconds", [-301, 301, 86_400, -86_400])
def test_what_was_signed_long_ago_is_a_replay(seconds: int) -> None:
    assert not genuine(seconds=seconds)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_of_difference_are_allowed(seconds: int) -> None:
    assert genuine(seconds=seconds)


@pytest.mark.parametrize("timestamp", ["", "0", "-1", "1e9", "１６００１１２５０２", "9" * 400, "1600112502 ", "nan"])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    assert not genuine(timestamp=timestamp)


@pytest.mark.parametrize("signature", ["", "x", "AAAA", SIGNATURE[:-4], SIGNATURE + "AAAA", OLDER_SIGNATURE, "é"])
def test_another_signature_is_refused(signature: str) -> None:
    assert not genuine(signature=signature)


@pytest.mark.parametrize("key", ["", "x", "AAAA", OLDER_KEY, "é", KEY[:-8]])
def test_another_key_opens_nothing(key: str) -> None:
    assert not genuine(key=key)


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_any_changed_octet_breaks_it(place: int, change: int) -> None:
    body = bytearray(BODY)
    body[place] ^= change
    assert not genuine(bytes(body))


@pytest.mark.parametrize("body", [b"", b"[", b"\xff\xfe", b"<html>", b"1", b"null", b'"x"', b"[" * 100_000])
def test_what_is_no_list_of_events_is_told_apart(body: bytes) -> None:
    assert events_of(body) is None


def test_what_is_no_object_among_events_is_left_out() -> None:
    assert events_of(b'[1, null, [], {"event": "open"}, "x"]') == [{"event": "open"}]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("processed", FeedbackKind.ACCEPTED),
        ("deferred", FeedbackKind.DEFERRED),
        ("delivered", FeedbackKind.DELIVERED),
        ("bounce", FeedbackKind.BOUNCED),
        ("dropped", FeedbackKind.BOUNCED),
        ("spamreport", FeedbackKind.COMPLAINED),
        ("unsubscribe", FeedbackKind.LEFT_ALL),
        ("group_unsubscribe", FeedbackKind.LEFT),
    ],
)
@pytest.mark.parametrize("category", ["promosi", ["promosi", "tts"], None, 7])
def test_each_event_has_its_kind_whatever_form_its_categories_have(
    name: str, kind: FeedbackKind, category: object
) -> None:
    (report,) = told(event=name, category=category)
    assert (report.kind, report.message_id) == (kind, 7)


@pytest.mark.parametrize("name", ["group_resubscribe", "open", "click", "", "account_status_change", "tomorrow"])
def test_what_we_do_not_take_from_them(name: str) -> None:
    assert told(event=name) == []


def test_an_open_by_software_is_told_apart() -> None:
    assert [one.kind for one in told(event="open", sg_machine_open=True)] == [FeedbackKind.MACHINE_OPEN]
    assert told(event="open", sg_machine_open="true") == []


def test_a_bounce_is_classed_and_its_words_name_nobody() -> None:
    (report,) = told(
        event="bounce",
        type="bounce",
        bounce_classification="Invalid Address",
        status="5.1.1",
        reason="550 5.1.1 <orang@tujuan.example>: no such user",
        sg_message_id="abc.filter.0",
        email="orang@tujuan.example",
        ip="192.0.2.1",
        useragent="x",
    )
    assert report.verdict.bounce is BounceClass.HARD
    assert (report.detail, report.provider_id) == ("550 5.1.1 <…>: no such user", "abc")
    assert not {"email", "ip", "useragent"} & set(report.raw)
    assert "@" not in json.dumps(report.raw)


def test_a_no_that_only_they_knew_becomes_ours() -> None:
    kinds = [one.kind for one in told(event="dropped", reason="Unsubscribed Address")]
    assert kinds == [FeedbackKind.BOUNCED, FeedbackKind.LEFT_ALL]


@pytest.mark.parametrize("reference", ["", "7", "7." + "a" * 22, None, 7, ["x"], {"x": 1}, SIGNER.reference(8)[2:]])
def test_an_event_without_our_reference_is_of_no_message(reference: object) -> None:
    assert told(event="bounce", siar=reference) == []


@pytest.mark.parametrize("moment", [None, "x", True, -5, 0, 10**30, 1e308, NOW.timestamp() + 900, []])
def test_a_time_that_cannot_be_is_now(moment: object) -> None:
    (report,) = told(event="delivered", timestamp=moment)
    assert report.at == NOW


def test_the_same_event_is_the_same_and_another_account_cannot_take_its_place() -> None:
    (one,), (again,), (other,) = (
        told(event="delivered"),
        told(event="delivered", attempt=2),
        told(event="delivered", sg_event_id="e2"),
    )
    assert one.identity == again.identity != other.identity
    foreign = feedback_of(
        {"siar": SIGNER.reference(7), "sg_event_id": "e1", "event": "delivered"},
        account_id=4,
        refer=SIGNER.referred,
        now=NOW,
    )
    assert next(foreign).identity != one.identity


@given(
    st.dictionaries(
        st.sampled_from(["event", "type", "reason", "status", "timestamp", "sg_event_id", "sg_message_id", "category"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=40) | st.just("bounce"),
            lambda inner: st.lists(inner, max_size=3),
        ),
    )
)
def test_no_event_is_too_strange_to_be_read(event: dict[str, object]) -> None:
    for report in told(**event):
        json.dumps(report.raw)


def test_halves_of_characters_reach_no_database() -> None:
    (report,) = told(event="bounce", reason="\ud800 no\0pe", status="\udfff5.1.1", sg_event_id="e\ud800")
    json.dumps([report.detail, dict(report.raw)], ensure_ascii=False).encode()
    assert "\0" not in report.detail
