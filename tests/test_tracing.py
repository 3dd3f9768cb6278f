"""Does a span tell whose work it was and how long it took, and nothing of anybody?"""

import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from outreach import tracing
from outreach.app import Outreach
from outreach.errors import Misconfigured
from tests import builders as b

CANARIES = ("Canary Finch", "canary@customers.example", "+14155550123", "C-anary")


def test_without_a_collector_nothing_is_recorded() -> None:
    """And where what sends spans is not installed, somebody is told what to install."""
    tracing.begin("", service="tests")
    with tracing.span("claim", brand="lumen", many=3) as opened:
        assert not opened.is_recording()


def test_a_collector_without_what_sends_spans_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(Misconfigured, match=r"outreach\[traces\]"):
        tracing.begin("http://127.0.0.1:9/v1/traces", service="tests")


def test_the_way_of_a_contact_is_told_in_spans_without_a_name(
    app: Outreach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From intake to settlement: a key, a channel and a number each; of an error its kind."""
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(tracing.trace, "get_tracer", provider.get_tracer)
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    name, mail, phone, ref = CANARIES
    person = b.a_person(app, brand, ref, name=name, email=mail, phone=phone)
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    with pytest.raises(ValueError, match="canary"), tracing.span("claim", brand="lumen"):
        raise ValueError("canary@customers.example")

    spans = kept.get_finished_spans()

    names = {span.name for span in spans}
    assert {"intake", "claim", "gather", "judge", "mark", "hand over", "settle"} <= names
    told = "".join(span.to_json() for span in spans)
    assert not [canary for canary in CANARIES if canary in told]
    (handed,) = (span for span in spans if span.name == "hand over")
    assert dict(handed.attributes or {}) == {
        "outreach.brand": "lumen", "outreach.channel": "email", "outreach.many": 1,
    }  # fmt: skip
    assert spans[-1].status.description == "ValueError"
