"""A relay 50 ms away whose account has a rate: the rate is used, whatever the distance."""

from collections.abc import Mapping

from benchmarks.bench import Bench
from benchmarks.edition import EDITIONS
from benchmarks.figures import Figure
from benchmarks.newsletter import WORKERS, summary
from benchmarks.office import running_office
from benchmarks.sending import prepare, send, warm_up
from benchmarks.sinks import mail_sink
from marketing.channels.email.rates import Rate
from marketing.domain.account import MailProvider
from marketing.mail.account_settings import Login, MailSettings
from tests.support.world import TENANT

DELAY_MS = 50.0
RATES = (200, 1_000)


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Send at each rate, for half a minute, and compare what the relay took a second with the rate."""
    figures: dict[str, Figure] = {}
    for rate in RATES[:1] if bench.size == "small" else RATES:
        people = bench.amount(400, 30 * rate)
        bench.say(f"far_relay: {people} readers, {rate}/s set, every answer after {DELAY_MS:.0f} ms")
        prepared = prepare(bench, "postgresql", EDITIONS["newsletter"], people)
        url = bench.copy(prepared.url)
        with mail_sink(bench.folder, delay_ms=DELAY_MS) as sink, running_office(bench, url) as office:
            settings = MailSettings(
                "Indonesia", host="127.0.0.1", port=sink.port, tls="none", rate=Rate(per_second=rate)
            )
            office.app.mail_accounts.add(TENANT, "jauh", MailProvider.SMTP, settings, Login())
            office.start_workers(WORKERS)
            warm_up(office, sink, prepared)
            sent = send(office, prepared, sink.process.pid, sink)
            count = sink.count()
        bench.drop(url)
        bench.drop(prepared.url)
        figures[f"at_{rate}"] = Figure(
            (people - 1) / count.seconds,
            "messages/s",
            "the rate set for the account",
            rate,
            notes={"delay_ms": DELAY_MS, "one_at_a_time": 1_000 / DELAY_MS, "messages": people, **summary([sent])},
        )
    return figures
