"""Which facts does this request report?

CloudEvents 1.0 in its structured, batched and binary form, and NDJSON with one structured event a
line. `subject` is the brand's own name of the person; what names an order, a parcel or a contract
may come without one, since many platforms tell no more.
Source: github.com/cloudevents/spec, CloudEvents 1.0.2 and its HTTP and JSON bindings.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote
from uuid import UUID

from pydantic_core import from_json, to_json

from outreach import ids
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.events import currencies, nesting
from outreach.events.model import (
    KEYED_BY,
    NOBODY,
    OF_EACH,
    TOLD_APART_BY,
    Event,
    Refusal,
    event_id,
    trade_of,
)
from outreach.people.model import person_id

LARGEST_EVENT = 64 * 1024  # bytes; CloudEvents asks intermediaries to carry at least as much
_ONE, _BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
_LINES = frozenset({"application/x-ndjson", "application/jsonl", "application/ndjson"})
AHEAD, BEHIND = timedelta(minutes=5), timedelta(days=400)
_DEEPEST = 20
_LONGEST_TEXT = 512
# As JSON writes it; behind an escaped backslash it is none.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_GLANCE = LARGEST_EVENT // 2  # bytes without spaces, of which spaces make less than twice as many
_WRITTEN = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_HALF = re.compile("[\ud800-\udfff]")


def is_one(content_type: str, headers: Mapping[str, str]) -> bool:
    """Whether a request of this form holds one event and no more."""
    kind = _kind(content_type)
    return kind == _ONE or (kind not in {_BATCH, *_LINES} and "ce-type" in headers)


def raw_events(content_type: str, headers: Mapping[str, str], body: bytes) -> Iterator[object]:
    """The events of a request as decoded JSON, unchecked; `Invalid` on an unreadable body."""
    kind = _kind(content_type)
    if kind == _ONE:
        yield _json(body)
    elif kind == _BATCH:
        yield from _each(body)
    elif kind in _LINES:
        yield from (_line(line) for line in body.split(b"\n") if line.strip())
    elif "ce-type" in headers:
        yield _binary(headers, body)
    else:
        raise Invalid(
            f"content type {kind!r} is not known: send application/cloudevents+json, "
            "application/cloudevents-batch+json, application/x-ndjson, or ce-… headers"
        )


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def read(raw: object, *, position: int, brand: BrandRef, now: datetime) -> Event | Refusal:
    """One event out of decoded JSON, or why it was refused; the rest of a request goes on."""
    try:
        return _read(raw, brand=brand, now=now)
    except _Refused as refused:
        return Refusal(position, refused.code, refused.sentence)


class _Refused(Exception):  # never leaves this module
    def __init__(self, code: str, sentence: str) -> None:
        self.code, self.sentence = code, sentence


def _read(raw: object, *, brand: BrandRef, now: datetime) -> Event:
    if isinstance(raw, Unreadable):
        raise _Refused("malformed", raw.sentence)
    if not isinstance(raw, dict):
        raise _Refused("malformed", "an event is a JSON object")
    if raw.get("specversion", "1.0") != "1.0":
        raise _Refused("malformed", "specversion must be 1.0")
    kind = _text(raw, "type")
    if kind not in KEYED_BY:
        raise _Refused(
            "unknown-type", f"type {kind!r} is not known; known are {', '.join(KEYED_BY)}"
        )
    data = raw.get("data")
    if not isinstance(data, dict):
        raise _Refused("malformed", "data must be a JSON object")
    _bounded(data)
    subject = _subject(raw, data)
    person = person_id(brand, subject) if subject else NOBODY
    key = _key(kind, data, of=person)
    return Event(
        id=event_id(brand, key),
        type=kind,
        key=key,
        subject=subject,
        person_id=person,
        occurred_at=_instant(raw, now),
        source=_text(raw, "source"),
        data=data,
    )


def _subject(raw: Mapping[str, object], data: Mapping[str, object]) -> str:
    """The person's name, or nothing where the data name a trade by which one can be found."""
    trade = trade_of(data)
    if raw.get("subject") is None and trade is not None and len(trade) <= _LONGEST_TEXT:
        return ""
    return _text(raw, "subject")


def _text(raw: Mapping[str, object], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_TEXT:
        raise _Refused("malformed", f"{name} must be a text of 1 to {_LONGEST_TEXT} signs")
    if not value.isprintable():
        raise _Refused("malformed", f"{name} holds a control character")
    return value.strip()


def _key(kind: str, data: Mapping[str, object], *, of: UUID) -> str:
    """`parcel.delivered:P-1`: the business object and never the id of the report."""
    named = [_named(name, data.get(name)) for name in KEYED_BY[kind]]
    if kind in OF_EACH:
        named.append(_whose(data, of))
    if kind in TOLD_APART_BY:
        named.append(_which(data, TOLD_APART_BY[kind]))
    *parts, last = named
    # The colon of a part is told from the colon between two, or two facts could share a key.
    escaped = (part.replace("%", "%25").replace(":", "%3A") for part in parts)
    key = ":".join([kind, *escaped, *([last] if last else [])])
    if len(key) > _LONGEST_TEXT:
        raise _Refused("no-business-key", f"the business key is longer than {_LONGEST_TEXT} signs")
    return key


def _which(data: Mapping[str, object], fields: Iterable[str]) -> str:
    """`refund:R-1` or `amount:4900`, by the first field that says something, or nothing."""
    for name in fields:
        said = _minor(data, name) if name == "amount" else data.get(name)
        if isinstance(said, str | int) and not isinstance(said, bool) and str(said).strip():
            return f"{name}:{str(said).strip()}"
    return ""


def _minor(data: Mapping[str, object], name: str) -> object:
    """Alike for whoever writes `amount_minor` and for whoever writes `amount`."""
    said, currency = data.get(f"{name}_minor"), str(data.get("currency") or "").strip().upper()
    return currencies.minor_units(data.get(name), currency) if said is None else said


def _whose(data: Mapping[str, object], person: UUID) -> str:
    """The person by an id that outlives their name; until they are known, the trade."""
    return trade_of(data) or "" if person == NOBODY else ids.shown(ids.PERSON, person)


def _named(name: str, value: object) -> str:
    """One part of the key: a text or a whole number, alike for whoever wrote spaces around it."""
    text = "" if isinstance(value, bool) or not isinstance(value, str | int) else str(value).strip()
    if not text:
        raise _Refused("no-business-key", f"data.{name} is missing: it names what this is about")
    return text


def _instant(raw: Mapping[str, object], now: datetime) -> datetime:
    text = raw.get("time")
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise _Refused(
            "malformed", "time must be RFC 3339, such as 2026-11-11T09:30:00Z"
        ) from error
    if instant.tzinfo is None:
        raise _Refused("malformed", "time has no zone: end it with Z or an offset such as +08:00")
    if instant > now + AHEAD:
        raise _Refused("in-the-future", f"time {text} lies ahead of now, {now.isoformat()}")
    if instant < now - BEHIND:
        raise _Refused("too-old", f"time {text} is more than {BEHIND.days} days ago")
    return instant.astimezone(UTC)


def _bounded(data: Mapping[str, object]) -> None:
    """Most data show at a glance that they may be kept; of others it is said what is wrong."""
    if _fit(data):
        return
    try:
        text = _WRITTEN(data)
    except ValueError as error:
        raise _Refused("malformed", "data holds a number that is too large") from error
    except RecursionError as error:
        raise _too_deep() from error
    # What opens less often is no deeper; most of what is told is not even looked through.
    if text.count("{") + text.count("[") > _DEEPEST and nesting.deeper(data, than=_DEEPEST):
        raise _too_deep()
    if len(text.encode(errors="surrogatepass")) > LARGEST_EVENT:
        raise _Refused("too-large", f"data is larger than {LARGEST_EVENT} bytes")
    if "\\u0000" in text and _NUL.search(text):
        raise _Refused("malformed", "data holds a NUL character")
    if not text.isascii() and _HALF.search(text):
        raise _Refused("malformed", "data holds half of a surrogate pair")


def _fit(data: Mapping[str, object]) -> bool:
    try:
        text = to_json(data, inf_nan_mode="constants")
    except ValueError:  # nested too deep, or half of a surrogate pair
        return False
    small = len(text) <= _GLANCE and text.count(b"{") + text.count(b"[") <= _DEEPEST
    return small and not (b"\\u0000" in text or b"Infinity" in text or b"NaN" in text)


def _too_deep() -> _Refused:
    return _Refused("malformed", f"data is nested deeper than {_DEEPEST} levels")


class Unreadable:
    """A line that is no JSON, carried along so that it is refused by its number."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence


def _line(line: bytes) -> object:
    if len(line) > 2 * LARGEST_EVENT:
        return Unreadable(f"the line is longer than {2 * LARGEST_EVENT} bytes")
    try:
        return _json(line)
    except Invalid as error:
        return Unreadable(error.sentence)


def _each(body: bytes) -> Iterator[object]:
    events = _json(body)
    if not isinstance(events, list):
        raise Invalid("a batch is a JSON array of events")
    yield from events


def _binary(headers: Mapping[str, str], body: bytes) -> object:
    """Attributes come as headers, percent-encoded (HTTP binding, 3.1.3.2)."""
    attributes = {
        name[3:]: unquote(value, errors="surrogateescape")
        for name, value in headers.items()
        if name.startswith("ce-")
    }
    return attributes | {"data": _json(body)}


def _json(body: bytes) -> object:
    """Read quickly where that goes; what the quick way refuses, the standard library decides on."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        return _slowly(body)


def _slowly(body: bytes) -> object:
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"the body is not JSON: {error}") from error


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")
