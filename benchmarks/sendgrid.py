"""The newsletter to an endpoint like SendGrid's, next to a loop with SendGrid's own library and one call a recipient."""

import time
from collections.abc import Mapping, Sequence
from itertools import product
from statistics import median

from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import Mail

from benchmarks.bench import Bench
from benchmarks.by_hand import Letter
from benchmarks.edition import EDITIONS
from benchmarks.figures import Figure
from benchmarks.newsletter import WORKERS, summary
from benchmarks.office import Office, running_office
from benchmarks.sending import Sent, letters, prepare, send, warm_up
from benchmarks.sinks import http_sink
from marketing.channels.base import IN_HAND
from marketing.channels.email.providers.sendgrid_request import MAX_PERSONALIZATIONS
from marketing.domain.account import MailProvider
from marketing.mail.account_settings import Login, MailSettings
from tests.support.world import TENANT

BASELINE = "the `sendgrid` library, one process, one call a recipient, rendered before, nothing recorded"
KEY = "SG.benchmark.benchmark"


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Send through an account of SendGrid's kind, on both engines: with as many in hand as ships, and as many as a call holds."""
    people, by_hand = bench.amount(300, 100_000), bench.amount(20, 500)
    figures: dict[str, Figure] = {}
    for engine, in_hand in product(bench.engines, (IN_HAND, MAX_PERSONALIZATIONS)):
        rounds = bench.amount(1, 3)
        bench.say(f"sendgrid: {people} readers, {engine}, at most {in_hand} in doubt, {rounds} rounds")
        prepared = prepare(bench, engine, EDITIONS["newsletter"], people)
        written = letters(bench, prepared, by_hand)
        sent, loop, calls = list[Sent](), list[float](), list[int]()
        with http_sink(bench.folder) as sink:
            for _round in range(rounds):
                url = bench.copy(prepared.url)
                with running_office(bench, url) as office:
                    _add_account(office, sink.port, in_hand)
                    office.start_workers(WORKERS)
                    warm_up(office, sink, prepared)
                    sent.append(send(office, prepared, sink.process.pid, sink))
                bench.drop(url)
                calls.append(sink.count().calls)
                sink.reset()
                loop.append(by_hand / _by_hand(written, sink.port))
                sink.reset()
                bench.say(f"  {sent[-1].rate:.0f}/s in {calls[-1]} calls, {sent[-1].cpu}, by hand {loop[-1]:.0f}/s")
        bench.drop(prepared.url)
        figures[f"recipients.{engine}.{in_hand}"] = Figure(
            median(one.rate for one in sent),
            "recipients/s",
            BASELINE,
            median(loop),
            [one.rate for one in sent],
            {"recipients": people, "recipients_per_call": round(people / median(calls), 1), **summary(sent)},
        )
    return figures


def _add_account(office: Office, port: int, in_hand: int) -> None:
    settings = MailSettings(location="Indonesia", host=f"http://127.0.0.1:{port}", in_hand=in_hand)
    office.app.mail_accounts.add(TENANT, "sendgrid", MailProvider.SENDGRID, settings, Login(KEY))


def _by_hand(written: Sequence[Letter], port: int) -> float:
    api = SendGridAPIClient(KEY, host=f"http://127.0.0.1:{port}")
    started = time.perf_counter()
    for one in written:
        api.send(Mail("a@siar.example", one["To"].rpartition("<")[2][:-1], one["Subject"], one["text"], one["html"]))
    return time.perf_counter() - started
