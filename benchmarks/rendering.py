"""A newsletter's mail from the campaign's words to the octets for the relay, next to Jinja2 and `EmailMessage` for each reader."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median

from benchmarks.bench import Bench
from benchmarks.edition import TEMPLATES
from benchmarks.figures import MILLION, Figure
from marketing.channels.email.mime import build_mime
from marketing.channels.email.providers.sendgrid_request import SendGridOptions, calls_for, refusal
from marketing.channels.email.writing import MailWriter
from marketing.delivery.mail_context import CampaignMail
from marketing.domain.content import OutboundEmail
from marketing.templates.compiler import TemplateSource
from tests.support.campaign_mail import NOW, Row, by_the_library, composer, newsletter, reader, reference

BASELINE = "Jinja2 for each reader, written by EmailMessage"
OURS = "Jinja2 for each reader, written as we write it"
FIRST = 1_000_000  # ids of messages that are as long as a busy office's


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Make as many mails in each way, in turn; processor time of one thread."""
    mails, by_hand, rounds = bench.amount((200, 10, 2), (2_000, 60, 5))
    campaign, anew = _campaign(), _campaign()
    ours, theirs, writer = composer(), reference(), MailWriter(lambda: NOW)

    def made(number: int) -> OutboundEmail:
        return ours.compose(Row(FIRST + number, number), reader(f"Ibu Maria {number}", number=number), campaign, NOW)

    def jinja(number: int) -> OutboundEmail:
        return theirs.compose(Row(FIRST + number, number), reader(f"Ibu Maria {number}", number=number), anew, NOW)

    whole, shared = jinja(1), [made(number) for number in range(3)][-1]
    stencils, compose, library, plain, calls = [list[float]() for _way in range(5)]
    for _round in range(rounds):
        stencils.append(_each(lambda number: writer.write(made(number)), mails))
        compose.append(_each(made, mails))
        plain.append(_each(lambda number: build_mime(jinja(number), date=NOW), by_hand))
        library.append(_each(lambda number: by_the_library(jinja(number)).as_bytes(), by_hand))
        calls.append(_sendgrid([made(number) for number in range(mails)]))
    notes = {
        "bytes": len(writer.write(shared).data),
        "counted_links": len(set(re.findall(r"/k/([\w-]+)", whole.html))),
        "compose_us": round(median(compose), 1),
        "us": round(median(stencils), 1),
    }
    return {
        "mail": _figure(stencils, BASELINE, library, **notes),
        "mail_without_the_library": _figure(stencils, OURS, plain),
        "sendgrid_call": _figure(calls, BASELINE, library, us=round(median(calls), 1)),
    }


def _campaign() -> CampaignMail:
    source = TemplateSource(*((TEMPLATES / f"newsletter.{part}").read_text("utf-8") for part in ("mjml", "txt")))
    return replace(newsletter(articles=9, products=6), source=source)


def _each(act: Callable[[int], object], times: int) -> float:
    """Return the microseconds of the processor that one takes."""
    started = time.process_time()
    for number in range(times):
        act(number)
    return (time.process_time() - started) / times * MILLION


def _sendgrid(emails: list[OutboundEmail]) -> float:
    started = time.process_time()
    assert not any(map(refusal, emails))
    assert sum(len(call.emails) for call in calls_for(emails, SendGridOptions())) == len(emails)
    return (time.process_time() - started) / len(emails) * MILLION


def _figure(took: list[float], baseline: str, against: list[float], **notes: object) -> Figure:
    return Figure(
        MILLION / median(took),
        "per second of one core",
        baseline,
        MILLION / median(against),
        [MILLION / one for one in took],
        notes,
    )
