"""The SMTP sender alone: finished bytes to a near receiver next to `smtplib`, and by a rate that processes share to a far one."""

import json
import smtplib
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from statistics import median

from benchmarks.bench import Bench
from benchmarks.figures import Figure, interleaved, microseconds, rate_figure
from benchmarks.sinks import NotMeasuredError, mail_sink
from marketing.channels.base import Accepted, Load
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.mail_accounts import IN_HAND, OnlyAccount
from marketing.channels.email.providers.smtp import Relay, SmtpProvider
from marketing.channels.email.rates import AccountRates, Rate, Rates
from marketing.channels.email.writing import Envelope
from marketing.domain.content import OutboundEmail
from marketing.domain.types import EmailType
from tests.support.mail import MAIL, mail
from tests.support.redis import RedisServer

SIZES = (10_000, 40_000)
BASELINE = "smtplib.SMTP.sendmail over one connection, the same bytes"
LINE = b"x" * 74 + b"\r\n"
DELAY_MS = 50.0
RATE = 300
WORKERS = 2


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Send the same bytes both ways in turn, then by a rate."""
    messages, rounds = bench.amount((500, 1), (20_000, 3))
    return {f"messages_{size // 1_000}_kb": _fast(bench, size, messages, rounds) for size in SIZES} | {
        "paced": _paced(bench)
    }


def content(size: int) -> bytes:
    """Return a message of about this size."""
    return b"From: a@siar.example\r\nTo: b@pembeli.example\r\nSubject: x\r\n\r\n" + LINE * (size // len(LINE))


def messenger(
    port: int, data: bytes, rates: AccountRates | None = None, counted: Rates | None = None
) -> EmailMessenger:
    """Return the product's messenger over bytes that are finished."""

    def write(email: OutboundEmail) -> Envelope:
        return Envelope(email.key, "a@siar.example", email.recipient_address, data, email.message_id, dots=False)

    provider = SmtpProvider(Relay("127.0.0.1", port, tls="none"), write)
    return EmailMessenger(OnlyAccount(provider, rates), lambda: datetime.now(UTC), counted)


def hand_over(sender: EmailMessenger, emails: Sequence[OutboundEmail]) -> None:
    """Hand all over in groups of the engine's size."""
    waiting, taken = iter(emails), 0
    while group := list(islice(waiting, IN_HAND)):
        taken += sum(
            isinstance(one, Accepted) for one in sender.send(Load(MAIL.tenant, MAIL.email_type, group, len(group)))
        )
    assert taken == len(emails), f"{taken} of {len(emails)} were accepted"


def _fast(bench: Bench, size: int, messages: int, rounds: int) -> Figure:
    bench.say(f"smtp: {messages} messages of {size // 1_000} KB, {rounds} rounds")
    data = content(size)
    emails = [mail(f"u{number}") for number in range(messages)]
    cpu = {"pipelined": 0.0, "smtplib": 0.0}

    def counting(name: str, act: Callable[[], None]) -> Callable[[], None]:
        def counted() -> None:
            before = time.process_time()
            act()
            cpu[name] += time.process_time() - before

        return counted

    def by_hand(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as connection:
            for email in emails:
                connection.sendmail("a@siar.example", [email.recipient_address], data)

    with mail_sink(bench.folder) as sink:
        sender = messenger(sink.port, data)
        seconds = interleaved(
            rounds,
            pipelined=counting("pipelined", lambda: hand_over(sender, emails)),
            smtplib=counting("smtplib", lambda: by_hand(sink.port)),
        )
        count = sink.count()
        sender.close()
    assert (count.taken, count.bad) == (2 * rounds * messages, 0), "every message, both ways"
    each = {f"cpu_us_{name}": microseconds(spent, rounds * messages) for name, spent in cpu.items()}
    return rate_figure("messages/s", messages, seconds["pipelined"], BASELINE, seconds["smtplib"], **each)


def _paced(bench: Bench) -> Figure:
    """Let processes share a rate through Redis; the relay notes when it took each message."""
    if not RedisServer.available():
        raise NotMeasuredError("not measured: no redis-server (Debian: apt install redis-server)")
    messages = bench.amount(200, 10 * RATE)
    bench.say(f"smtp: {WORKERS} processes, {RATE}/s, {DELAY_MS:.0f} ms away, {messages} messages each")
    broker = RedisServer(bench.new_folder())
    try:
        with mail_sink(bench.folder, delay_ms=DELAY_MS, mark="p") as sink:
            command = [sys.executable, "-m", "benchmarks.smtp", str(sink.port), broker.url, str(RATE), str(messages)]
            workers = [
                subprocess.Popen([*command, str(number * messages)], stdout=subprocess.PIPE)
                for number in range(WORKERS)
            ]
            deferred = sum(json.loads(worker.communicate()[0]) for worker in workers)
            count = sink.count()
    finally:
        broker.stop()
    moments = sorted(at for _who, at in count.marked)
    most = max(bisect_left(moments, at + 1.0) - number for number, at in enumerate(moments))
    # The first seconds open the connections, and at the end one of them may be alone.
    steady = [at for at in moments if moments[0] + 1 <= at <= moments[-1] - 1] if bench.size != "small" else moments
    return Figure(
        (len(steady) - 1) / (steady[-1] - steady[0]),
        "messages/s",
        "the rate set for the account",
        RATE,
        notes={
            "most_in_any_second": most,
            "whole_run": round((len(moments) - 1) / (moments[-1] - moments[0]), 1),
            "median_gap_ms": round(1_000 * median(b - a for a, b in pairwise(moments)), 2),
            "connections": count.connections,
            "put_off": deferred,
            "one_at_a_time": 1_000 / DELAY_MS,
        },
    )


def work(port: int, broker: str, rate: int, messages: int, first: int) -> int:
    """Send within the shared rate until all are taken; returns how often mail was put off."""
    rates = AccountRates("jauh", Rate(per_second=rate))
    sender = messenger(port, content(SIZES[0]), rates, Rates.shared(broker, lambda: datetime.now(UTC)))
    waiting = [mail(f"p{first + number}") for number in range(messages)]
    put_off = 0
    while waiting:
        group, waiting = waiting[:IN_HAND], waiting[IN_HAND:]
        load = iter(group)
        try:
            outcomes = list(sender.send(Load(MAIL.tenant, EmailType.PROMOTIONAL, load, len(group))))
            put_off += sum(not isinstance(one, Accepted) for one in outcomes)
        finally:
            waiting = [*load, *waiting]
    sender.close()
    return put_off


if __name__ == "__main__":
    print(work(int(sys.argv[1]), sys.argv[2], *(int(number) for number in sys.argv[3:])))
