"""What a turn at a range tells: counts, times, one line in the log and spans; never whom it wrote to."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from marketing.channels.base import Accepted, Deferred, Failed, SendOutcome
from marketing.domain.content import OutboundEmail
from marketing.domain.types import Purpose
from marketing.observability import catalogue
from marketing.observability.tally import TALLY, Spread, heard
from marketing.observability.tracing import configure_tracing, stop_tracing
from tests.support.world import World, add_contact, add_product, promotion

Key = tuple[str, tuple[str, ...]]


@pytest.fixture(name="spans")
def _spans() -> Iterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    configure_tracing("uji", "", SimpleSpanProcessor(kept))
    yield kept
    stop_tracing()


def told() -> Counter[Key]:
    """How often each thing was counted so far; of a histogram how many values it holds."""
    return Counter(
        {
            (metric.name, labels): sum(value.counts) if isinstance(value, Spread) else int(value)
            for metric, labels, value in heard(TALLY.told())
        }
    )


def answer(email: OutboundEmail) -> SendOutcome:
    if email.key == "2":
        return Failed(email.key, "smtp_550", "")
    return Accepted(email.key, "id")


def test_a_turn_is_counted_timed_written_and_traced(small_world: World, spans: InMemorySpanExporter) -> None:
    world = small_world
    for number in range(1, 5):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    world.suppress(4)
    world.outbox.answer = answer  # type: ignore[method-assign]
    before = told()
    with capture_logs() as lines:
        world.app.pipeline.deliver(campaign, batches=3)
        world.app.sweeper.sweep()
    after = told() - before
    kind = ("tts", "email", "promotional")
    assert {labels[3]: number for (name, labels), number in after.items() if name == catalogue.MESSAGES.name} == {
        "accepted": 2,
        "failed": 1,
        "skipped": 1,
    }
    assert {labels[:3] for name, labels in after if name == catalogue.MESSAGES.name} == {kind}
    steps = {labels[0] for name, labels in after if name == catalogue.STEP.name}
    assert steps == {"claim", "permit", "compose", "hand_over", "record"}
    assert after[catalogue.RANGES.name, ("leased",)] >= 1
    assert after[catalogue.SWEEP.name, ()] == 1
    (line,) = [line for line in lines if line["event"] == "range"]
    assert (line["campaign"], line["messages"], line["accepted"], line["failed"], line["skipped"]) == (
        campaign,
        3,
        2,
        1,
        1,
    )
    finished = spans.get_finished_spans()
    by_name = {span.name: span for span in finished}
    assert {"range", "hand over"} <= by_name.keys()
    inner = by_name["hand over"]
    assert inner.parent is not None
    assert inner.parent.span_id in {span.context.span_id for span in finished if span.name == "range"}
    everything = repr(lines) + "".join(span.to_json() for span in finished) + repr(TALLY.told())
    for email in world.outbox.sent:
        assert email.recipient_address not in everything
        assert email.recipient_address.partition("@")[2] not in everything


def test_what_is_put_off_is_counted_as_that(small_world: World) -> None:
    world = small_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    world.outbox.answer = lambda email: Deferred(email.key, "smtp_451", timedelta(minutes=1))  # type: ignore[method-assign]
    before = told()
    world.app.pipeline.deliver(campaign, batches=1)
    key = (catalogue.MESSAGES.name, ("tts", "email", "promotional", "deferred"))
    assert (told() - before)[key] == 1
