"""The log of a relay: what matters in lines of Postfix and Exim, and nothing at all in everything else."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.email.inbound.relay_log import LONGEST_LINE, Told, lines_of, read_line

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
WITA = timezone(timedelta(hours=8))
AT = datetime(2026, 11, 22, 2, 0, 1, tzinfo=UTC)
STAMPS = ("Nov 22 10:00:01 relai ", "2026-11-22T10:00:01.250000+08:00 relai ", "2026-11-22T02:00:01Z relai ")


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("queue_id", ["4B1C2D3E4F", "4cYzKp1QrHz5Ftx"])
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("postfix/cleanup[12]: {q}: message-id=<a.b@promo.example>", Told.NAMED),
        ("postfix-out/cleanup[12]: {q}: message-id=<a.b@promo.example>", Told.NAMED),
        ("postfix/qmgr[12]: {q}: from=<pantul+x@promo.example>, size=4321, nrcpt=1 (queue active)", Told.QUEUED),
        ("postfix/qmgr[12]: {q}: removed", Told.GONE),
        (
            (
                "postfix/smtp[12]: {q}: to=<orang@surat.example>, relay=mx[192.0.2.1]:25, delay=1.2,"
                " delays=0/0/1/0, dsn=2.0.0, status=sent (250 OK)"
            ),
            Told.QUEUED,
        ),
        (
            (
                "postfix/smtp[12]: {q}: to=<orang@surat.example>, relay=none, delay=3, delays=1/1/1/0, dsn=4.4.1,"
                " status=deferred (connect to mx[192.0.2.1]:25: Connection timed out)"
            ),
            Told.QUEUED,
        ),
        (
            (
                "postfix/submission/smtp[12]: {q}: to=<orang@surat.example>, relay=mx[192.0.2.1]:25, dsn=5.1.1,"
                " status=bounced (host mx said: 550 5.1.1 <orang@surat.example>: unknown (in reply to RCPT TO))"
            ),
            Told.BOUNCED,
        ),
    ],
)
def test_postfix_lines_say_what_they_say_and_name_nobody(stamp: str, queue_id: str, said: str, told: Told) -> None:
    at, line = read_line((stamp + said.format(q=queue_id)).encode(), NOW, WITA)
    assert line is not None
    assert line.at == at
    assert line.at.replace(microsecond=0) == AT
    assert (line.queue_id, line.told) == (queue_id, told)
    assert line.message_id == ("a.b@promo.example" if told is Told.NAMED else "")
    assert line.status == ("5.1.1" if told is Told.BOUNCED else "")
    assert "orang" not in repr(line)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('<= pantul@promo.example H=(siar) [192.0.2.9] P=esmtps S=4321 id=a.b@promo.example T="x"', Told.QUEUED),
        ('=> orang@surat.example R=dnslookup T=remote_smtp H=mx [192.0.2.1] C="250 OK"', Told.QUEUED),
        ("== orang@surat.example R=dnslookup T=remote_smtp defer (110): Connection timed out", Told.QUEUED),
        (
            "** orang@surat.example R=dnslookup T=remote_smtp H=mx: SMTP error: 550 5.1.1 <orang@surat.example>",
            Told.BOUNCED,
        ),
        ("Completed", Told.GONE),
    ],
)
def test_exim_lines_say_what_they_say(said: str, told: Told) -> None:
    for stamp in ("2026-11-22 10:00:01 ", "2026-11-22 02:00:01.123 +0000 ", "2026-11-22 10:00:01 [77] "):
        for queue_id in ("1tABCD-000XYZ-1a", "1tABCD-00000000abc-12ab"):
            _at, line = read_line(f"{stamp}{queue_id} {said}".encode(), NOW, WITA)
            assert line is not None, stamp
            assert (line.at, line.queue_id, line.told) == (AT, queue_id, told)
            assert line.message_id == ("a.b@promo.example" if "<=" in said else "")
            assert "orang" not in repr(line)


@pytest.mark.parametrize(
    ("stamp", "year"),
    [("Nov 22 05:00:00", 2026), ("Dec 31 23:59:59", 2025), ("Feb 29 01:00:00", 2024), ("Jan  1 00:00:01", 2026)],
)
def test_a_stamp_without_a_year_is_the_last_such_day(stamp: str, year: int) -> None:
    at, _line = read_line(f"{stamp} relai kernel: x".encode(), NOW)
    assert at is not None
    assert at.year == year


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Nov 99 10:00:01 relai postfix/qmgr[1]: ABCDE: removed",
        b"Xyz 22 10:00:01 relai postfix/qmgr[1]: ABCDE: removed",
        b"2026-13-22T10:00:01Z relai postfix/qmgr[1]: ABCDE: removed",
        b"9999-12-31T23:59:59-23:59 relai postfix/qmgr[1]: ABCDE: removed",
        b"Nov 22 10:00:01 relai " + b"x" * LONGEST_LINE,
        b"Nov 22 10:00:01 relai postfix/smtpd[1]: NOQUEUE: reject: RCPT from x: message-id=<a@b>",
        b"Nov 22 10:00:01 relai sshd[1]: ABCDE: message-id=<a@b>",
        b"Nov 22 10:00:01 relai postfix/cleanup[1]: ABCDE: warning: header Subject: message-id=<a@b>",
        b"2026-11-22 10:00:01 1tABCD-000XYZ-1a SMTP data timeout (message abandoned)",
    ],
)
def test_foreign_and_broken_lines_say_nothing(raw: bytes) -> None:
    assert read_line(raw, NOW)[1] is None


@given(st.binary(max_size=300), st.sampled_from(STAMPS))
def test_no_line_raises(rubbish: bytes, stamp: str) -> None:
    for begin in ("", stamp, stamp + "postfix/smtp[1]: ABCDE: ", "2026-11-22 10:00:01 1tABCD-000XYZ-1a ** "):
        read_line(begin.encode() + rubbish, NOW, WITA)


@given(st.lists(st.binary(max_size=40), max_size=20), st.integers(1, 7))
def test_lines_are_cut_wherever_the_stream_is(parts: list[bytes], size: int) -> None:
    whole = b"\n".join(parts)
    found = list(lines_of(whole[start : start + size] for start in range(0, len(whole), size)))
    lines = whole.split(b"\n")[:-1]
    assert [line for line, _done in found] == lines
    assert [done for _line, done in found] == [sum(len(one) + 1 for one in lines[: n + 1]) for n in range(len(lines))]


def test_a_line_without_end_is_not_kept_in_memory() -> None:
    chunks = [b"x" * 1_000_000] * 30 + [b"\nsesudahnya\n"]
    assert [line for line, _done in lines_of(chunks)] == [b"", b"sesudahnya"]
