"""Where does the time of a batch go?  Spans, for whoever collects them with OpenTelemetry

Off without `OUTREACH_TRACES`; then a span costs some microseconds a batch, since OpenTelemetry's
interface alone is there and records nothing. A span tells which work it was, whose, on which
channel and how many; of an error its kind. It has no room for anything that a person said or is
called, so that none gets into it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from opentelemetry import trace
from opentelemetry.trace import Span, Status, StatusCode

from outreach.errors import Misconfigured

_NAME = "outreach"


@contextmanager
def span(
    name: str, *, brand: str = "", channel: str = "", many: int | None = None
) -> Iterator[Span]:
    """Around one piece of work; `brand` is its key, `many` how many touches or events it has."""
    tracer = trace.get_tracer(_NAME)
    with tracer.start_as_current_span(
        name, record_exception=False, set_status_on_exception=False
    ) as opened:
        if opened.is_recording():
            told = {"outreach.brand": brand, "outreach.channel": channel}
            opened.set_attributes({key: value for key, value in told.items() if value})
            if many is not None:
                count(opened, many)
        try:
            yield opened
        except BaseException as error:
            opened.set_status(Status(StatusCode.ERROR, type(error).__qualname__))
            raise


def count(opened: Span, many: int) -> None:
    """Say of how many it was, where that is known only afterwards."""
    opened.set_attribute("outreach.many", many)


def begin(url: str, *, service: str) -> None:
    """Send this process's spans to a collector: OTLP over HTTP, at this address; nowhere if empty.

    Raises `Misconfigured`, saying what to install, where the extra is missing.
    """
    if not url:
        return
    try:
        sdk = import_module("opentelemetry.sdk.trace")
        export = import_module("opentelemetry.sdk.trace.export")
        resources = import_module("opentelemetry.sdk.resources")
        otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    except ImportError as error:
        raise Misconfigured(
            "OUTREACH_TRACES needs what `pip install 'outreach[traces]'` brings"
        ) from error
    named = resources.Resource({"service.name": f"{_NAME}-{service}"})
    provider = sdk.TracerProvider(resource=named)
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter(endpoint=url)))
    trace.set_tracer_provider(provider)
