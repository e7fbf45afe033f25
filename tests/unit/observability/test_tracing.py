"""Traces: nothing while off; when on, one trace from request to hand-over, and never an address in it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from marketing.observability.tracing import (
    PARENT,
    configure_tracing,
    span,
    stop_tracing,
    task_headers,
    tell,
    trace_id,
    tracing,
)


@pytest.fixture(name="spans")
def _spans() -> Iterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    configure_tracing("uji", "", SimpleSpanProcessor(kept))
    yield kept
    stop_tracing()


def by_name(kept: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {one.name: one for one in kept.get_finished_spans()}


def test_a_task_goes_on_with_the_trace_of_the_request_that_asked_for_it(spans: InMemorySpanExporter) -> None:
    with span("request", method="POST"):
        tell("POST /kampanye/{campaign_id}/jadwalkan", status=303)
        carried = task_headers()
        asked = trace_id()
    with span("delivery.deliver", carried[PARENT], campaign_id=7), span("range", range_id=3):
        assert trace_id() == asked
    found = by_name(spans)
    request, task, inner = (
        found[name] for name in ("POST /kampanye/{campaign_id}/jadwalkan", "delivery.deliver", "range")
    )
    assert task.parent is not None
    assert inner.parent is not None
    assert (task.parent.span_id, inner.parent.span_id) == (request.context.span_id, task.context.span_id)
    assert dict(task.attributes or {}) == {"siar.campaign_id": 7}


def test_no_span_holds_an_address_or_the_words_of_an_error(spans: InMemorySpanExporter) -> None:
    with (
        pytest.raises(ValueError, match="ani"),
        span("surel ani@contoh.example", to="ani@contoh.example", phone="081234567890"),
    ):
        tell(reply="550 <ani@contoh.example> unknown", token="token=rahasia")
        raise ValueError("ani@contoh.example")
    (one,) = spans.get_finished_spans()
    everything = one.to_json()
    for secret in ("ani", "contoh.example", "081234567890", "rahasia"):
        assert secret not in everything
    assert (one.attributes or {})["error.type"] == "ValueError"


@pytest.mark.parametrize("parent", ["", "rusak", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "x" * 10_000])
def test_a_header_that_says_nothing_begins_a_new_trace(spans: InMemorySpanExporter, parent: str) -> None:
    with span("task", parent):
        assert trace_id()
    (one,) = spans.get_finished_spans()
    assert one.parent is None


def test_off_it_carries_nothing_and_loads_nothing() -> None:
    assert not tracing()
    with span("anything", to="nobody"):
        tell("more")
        assert task_headers() == {}
        assert trace_id() == ""
    program = (
        "import sys, marketing.observability.tracing as t\n"
        "t.configure_tracing('web', '')\n"
        "with t.span('x', a=1): t.tell(b=2)\n"
        "assert not any(name.startswith('opentelemetry') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
