"""Whatever arrives has a clear outcome, soon, and is about no message that it cannot prove."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.channels.email.inbound.reading import read_inbound
from marketing.channels.email.inbound.report import InboundKind
from tests.unit.channels.email.inbound_mails import failed, report

PATIENCE_SECONDS = 6.0  # of a busy machine; each takes at most a second or so


def nested(depth: int) -> bytes:
    parts = (f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth))
    return b"Subject: x\n" + "".join(parts).encode()


BOMBS = {
    "ten megabytes without a line": b"Subject: x\n\n" + b"x" * 10_000_000,
    "ten megabytes of addresses": b"Subject: x\n\n" + b"a@b " * 2_500_000,
    "long lines without a blank": b"Subject: x\n\n" + (b"x" * 990 + b"\n") * 2_000,
    "a million headers": b"X-Failed-Recipients: a@b\n" * 400_000,
    "one endless header": b"X-Failed-Recipients: " + b"a@b," * 1_000_000,
    "comments in comments": b"X-Failed-Recipients: " + b"(" * 100_000 + b"\n\nx",
    "quotes without an end": b'To: "' + b'"' * 100_001 + b"\nFrom: " + b"<" * 100_000 + b"\n\nx",
    "many references": b"References: " + b"<1.aaaaaaaaaaaaaaaaaaaaaa@a> " * 100_000 + b"\n\nx",
    "nested a little": nested(11),
    "nested without end": nested(5_000),
    "mail in mail in mail": b"Content-Type: message/rfc822\n\n" * 5_000,
    "many groups": report("Action: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; a@b\n\n" * 20_000),
    "nothing but zeros": b"\0" * 1_000_000,
    "every octet": bytes(range(256)) * 4_000,
    "unknown charset": b"Content-Type: text/plain; charset=\xff\xfe\n\nhai",
    "charset that is a codec": b"Content-Type: text/plain; charset=idna\n\n" + b"." * 300,
    "markup without end": b"Content-Type: text/html\n\n" + b"<" * 250_000,
    "nothing": b"",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_read_soon_and_name_nothing(name: str) -> None:
    begun = time.perf_counter()
    read = read_inbound(BOMBS[name])
    assert time.perf_counter() - begun < PATIENCE_SECONDS
    assert len(read.failures) <= 100
    assert len(read.references) <= 20


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_have_an_outcome(raw: bytes) -> None:
    assert read_inbound(raw).kind in InboundKind
    assert read_inbound(b"From: x@y.z\nContent-Type: multipart/report; boundary=b\n\n--b\n" + raw).kind in InboundKind


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_broken_report_is_never_about_another_message(data: st.DataObject) -> None:
    whole = bytearray(report(failed("5.1.1")))
    for _turn in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    assert read_inbound(bytes(whole)).kind in InboundKind
