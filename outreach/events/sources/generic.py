"""What does a system of the brand's own report? CloudEvents, signed as Standard Webhooks.

The one to copy for another source. The types of event are ours (docs/words.md), whatever else is
set aside. Source: CloudEvents 1.0.2; Standard Webhooks 1.0; for the greeting, CloudEvents' "HTTP
1.1 Web Hooks", section 4.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from outreach.errors import Invalid
from outreach.events import reading
from outreach.events.model import KEYED_BY
from outreach.events.sources.fields import dig, first_instant, word
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Reply
from outreach.signed.signatures import standard

_PEOPLE = "person"  # an extension of ours: what is told of the person, beside the event


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """Events in structured, batched or binary form, or a line each."""
    kind = headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() == "application/json":
        kind = "application/cloudevents+json"
    return tuple(_events(reading.raw_events(kind, headers, body), zone))


def _events(raws: Iterator[object], zone: tzinfo) -> Iterator[RawEvent]:
    for raw in raws:
        if isinstance(raw, reading.Unreadable) or not isinstance(raw, dict):
            raise Invalid("an event is a JSON object")
        if isinstance(kind := raw.get("type"), str) and kind in KEYED_BY:
            yield _event(kind, raw, zone)


def _event(kind: str, raw: dict[str, object], zone: tzinfo) -> RawEvent:
    data, person = raw.get("data"), raw.get(_PEOPLE)
    return RawEvent(
        kind,
        first_instant(zone, raw.get("time")),
        data if isinstance(data, dict) else {},
        word(raw, "subject"),
        person if isinstance(person, dict) else None,
        test=dig(raw, "test") is True,
    )


def thanks(message: Message, now: datetime) -> Reply:
    """An empty object: some senders want JSON."""
    del message, now
    return Reply(json.dumps({}).encode(), "application/json")


def greeted(message: Message, secrets: tuple[str, ...]) -> Reply | None:
    """A sender asks whether it may send; whoever knows the secret address has asked for it."""
    del secrets
    origin = message.headers.get("webhook-request-origin")
    if origin is None or message.body:
        return None
    allowed = {"webhook-allowed-origin": origin, "webhook-allowed-rate": "*"}
    return Reply(headers=allowed)


SOURCE = Source(
    "generic",
    standard,
    read,
    meaning=("ce-type", "ce-source", "ce-id", "ce-subject", "ce-time"),
    sign_with="`whsec_` and 24 to 64 bytes in base64; give the same to the sender",
    thanks=thanks,
    greeted=greeted,
)
