"""Traces from a web request through a task and a range to the handing over, sent by OTLP where the operator names a collector.

Off, everything here does nothing and no library is loaded. What a span is called and told passes the redaction of logs.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from marketing.observability.logs import redact

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Tracer

Value = str | int | float | bool
PARENT: Final = "traceparent"
"""The header of W3C Trace Context, in tasks as in requests."""
LONGEST_PARENT: Final = 100


class _Tracing:
    """The provider of this process, if any."""

    provider: "TracerProvider | None" = None
    tracer: "Tracer | None" = None


def configure_tracing(service: str, endpoint: str, processor: "SpanProcessor | None" = None) -> None:
    """Begin to trace as this service; without an endpoint (and without a processor, as tests give one) nothing happens.

    The exporter reads the standard OTEL_EXPORTER_OTLP_* variables itself: headers, certificates, time-outs.
    """
    if not endpoint and processor is None:
        return
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  80 ms that only those pay who trace
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    if processor is None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

        processor = BatchSpanProcessor(OTLPSpanExporter())
    _Tracing.provider = TracerProvider(resource=Resource.create({"service.name": f"siar-{service}"}))
    _Tracing.provider.add_span_processor(processor)
    _Tracing.tracer = _Tracing.provider.get_tracer("siar")


def stop_tracing() -> None:
    """Send what is left, and trace no more."""
    provider, _Tracing.provider, _Tracing.tracer = _Tracing.provider, None, None
    if provider is not None:
        provider.shutdown()


def tracing() -> bool:
    """Whether this process traces."""
    return _Tracing.tracer is not None


@contextmanager
def span(name: str, parent: str = "", **attributes: Value) -> Iterator[None]:
    """Trace what happens inside; `parent` is the header that came with a task or a request."""
    if _Tracing.tracer is None:
        yield
        return
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    context = TraceContextTextMapPropagator().extract({PARENT: parent}) if 0 < len(parent) < LONGEST_PARENT else None
    told = {f"siar.{key}": redact(value) if isinstance(value, str) else value for key, value in attributes.items()}
    # An error's text may quote what a person typed: its type is told, its words are not.
    with _Tracing.tracer.start_as_current_span(
        redact(name), context, attributes=told, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except Exception as error:
            from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415

            current.set_attribute("error.type", type(error).__name__)
            current.set_status(Status(StatusCode.ERROR))
            raise


def tell(name: str = "", **attributes: Value) -> None:
    """Add to the current span what is known only now; a `name` renames it."""
    if _Tracing.tracer is None:
        return
    from opentelemetry.trace import get_current_span  # noqa: PLC0415

    current = get_current_span()
    if name:
        current.update_name(redact(name))
    for key, value in attributes.items():
        current.set_attribute(f"siar.{key}", redact(value) if isinstance(value, str) else value)


def task_headers() -> Mapping[str, str]:
    """Return what a task carries so that its trace goes on; nothing while nobody traces."""
    if _Tracing.tracer is None:
        return {}
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return {PARENT: carrier[PARENT]} if PARENT in carrier else {}


def trace_id() -> str:
    """Return the current trace's id in hexadecimal, for logs; empty while nobody traces."""
    if _Tracing.tracer is None:
        return ""
    from opentelemetry.trace import get_current_span  # noqa: PLC0415

    number = get_current_span().get_span_context().trace_id
    return f"{number:032x}" if number else ""
