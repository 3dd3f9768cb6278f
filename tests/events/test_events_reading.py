"""Is a reported fact read or refused, with a code for machines and a sentence for people?"""

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest

from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.events import reading
from outreach.events.model import KEYED_BY, Event, Refusal
from outreach.people.model import person_id
from tests import builders as b

LUMEN = BrandRef(1, "lumen")
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json; charset=utf-8"
LINES = "application/x-ndjson"


def raw(**changes: object) -> dict[str, object]:
    """A parcel that a shop reports as signed for."""
    known: dict[str, object] = {
        "specversion": "1.0", "id": "r-1", "source": "shop", "type": "parcel.delivered",
        "subject": "c-1", "time": b.NOON.isoformat(), "data": {"parcel": "P-1", "order": "O-1"},
    }  # fmt: skip
    return known | changes


def read(given: object) -> Event | Refusal:
    return reading.read(given, position=3, brand=LUMEN, now=b.NOON)


def event(given: object) -> Event:
    read_one = read(given)
    assert isinstance(read_one, Event), read_one
    return read_one


def refusal(given: object) -> Refusal:
    refused = read(given)
    assert isinstance(refused, Refusal), refused
    assert refused.position == 3
    return refused


def deep(levels: int) -> dict[str, object]:
    inside: dict[str, object] = {}
    for _ in range(levels):
        inside = {"in": inside}
    return {"parcel": "P-1"} | inside


def test_a_fact_is_read_with_the_ids_that_follow_from_it() -> None:
    """Nothing of the report itself, neither its id nor its source, makes it another fact."""
    found = event(raw())
    assert found.key == "parcel.delivered:P-1"
    assert found.person_id == person_id(LUMEN, "c-1")
    assert found.occurred_at == b.NOON


@pytest.mark.parametrize(
    ("changes", "code", "sentence"),
    [
        ({"specversion": "0.3"}, "malformed", "specversion"),
        ({"type": "parcel.lost"}, "unknown-type", "known are"),
        ({"type": 7}, "malformed", "type must be a text"),
        ({"type": None}, "malformed", "type must be a text"),
        ({"subject": ""}, "malformed", "subject"),
        ({"subject": "   "}, "malformed", "subject"),
        ({"subject": "s" * 513}, "malformed", "512"),
        ({"subject": "a\0b"}, "malformed", "control character"),
        ({"subject": "\ud800"}, "malformed", "control character"),
        ({"source": None}, "malformed", "source"),
        ({"data": None}, "malformed", "data must be a JSON object"),
        ({"data": [1]}, "malformed", "data must be a JSON object"),
        ({"data": {}}, "no-business-key", "data.parcel is missing"),
        ({"data": {"parcel": ""}}, "no-business-key", "data.parcel"),
        ({"data": {"parcel": "  "}}, "no-business-key", "data.parcel"),
        ({"data": {"parcel": True}}, "no-business-key", "data.parcel"),
        ({"data": {"parcel": 1.5}}, "no-business-key", "data.parcel"),
        ({"data": {"parcel": ["P-1"]}}, "no-business-key", "data.parcel"),
        ({"data": {"parcel": "P" * 600}}, "no-business-key", "longer than 512"),
        ({"data": {"parcel": "P-1", "note": "a\0b"}}, "malformed", "NUL"),
        ({"data": {"parcel": "P-1", "a\0b": 1}}, "malformed", "NUL"),
        ({"data": {"parcel": "P-1", "note": "\\\0"}}, "malformed", "NUL"),
        ({"data": {"parcel": "P-1", "note": "\udfff"}}, "malformed", "surrogate"),
        ({"data": {"parcel": "P-1", "note": "x" * 70_000}}, "too-large", "65536 bytes"),
        ({"data": {"parcel": "P-1", "note": "签" * 22_000}}, "too-large", "65536 bytes"),
        ({"data": {"parcel": "P-1", "sum": json.loads("1e999")}}, "malformed", "too large"),
        ({"data": deep(21)}, "malformed", "20 levels"),
        ({"time": None}, "malformed", "RFC 3339"),
        ({"time": "yesterday"}, "malformed", "RFC 3339"),
        ({"time": 1773144000}, "malformed", "time"),
        ({"time": "2026-03-10T12:00:00"}, "malformed", "no zone"),
        ({"time": "2026-02-30T12:00:00Z"}, "malformed", "RFC 3339"),
        ({"time": "2026-03-10T12:05:01Z"}, "in-the-future", "ahead of now"),
        ({"time": "9999-12-31T23:59:59-12:00"}, "in-the-future", "ahead"),
        ({"time": "2025-01-01T00:00:00Z"}, "too-old", "400 days"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "too-old", "400 days"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_code_and_sentence(
    changes: Mapping[str, object], code: str, sentence: str
) -> None:
    """The code is for machines and stays; the sentence says where and what to do."""
    refused = refusal(raw(**changes))
    assert refused.code == code
    assert sentence in refused.sentence


@pytest.mark.parametrize("given", [None, 1, "text", [], True])
def test_what_is_no_object_is_no_event(given: object) -> None:
    """JSON holds other things than objects."""
    assert refusal(given).code == "malformed"


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "2026-03-10T12:05:00Z"},
        {"time": "2026-03-10T20:00:00+08:00"},
        {"time": (b.NOON - timedelta(days=400)).isoformat()},
        {"data": deep(19)},
        {"data": {"parcel": "P-1", "note": r"C:\u0000 is how JSON writes it"}},
        {"data": {"parcel": "P-1", "note": "😀"}},
        {"data": {"parcel": 17}},
    ],
)
def test_what_is_only_unusual_is_taken(changes: Mapping[str, object]) -> None:
    """A limit that refuses more than it must loses facts."""
    event(raw(**changes))


def test_shop_and_carrier_report_one_fact() -> None:
    """Another source, another report id, another instant, a number for a text: one signature."""
    shop = event(raw(source="shop", id="r-1", data={"parcel": "17"}))
    carrier = event(
        raw(source="carrier", id="x-9", time="2026-03-10T11:58:00Z", data={"parcel": 17, "hub": 3})
    )
    assert (shop.id, shop.key) == (carrier.id, carrier.key)
    assert event(raw(data={"parcel": " 17 "})).id == shop.id


def test_two_facts_never_share_a_key() -> None:
    """Neither by a colon inside a part nor by a long beginning in common."""
    one = raw(type="contract.renewed", data={"contract": "A:1", "term": "2"})
    other = raw(type="contract.renewed", data={"contract": "A", "term": "1:2"})
    third = raw(type="contract.renewed", data={"contract": "A%3A1", "term": "2"})
    assert len({event(given).id for given in (one, other, third)}) == 3


REFUNDS = [
    {"order": "O-1"},
    {"order": "O-1", "refund": "R-1", "amount": "49.00", "currency": "EUR"},
    {"order": "O-1", "refund": "R-2", "amount": "49.00", "currency": "EUR"},
    {"order": "O-1", "amount": "49.00", "currency": "EUR"},
    {"order": "O-1", "amount": "199.00", "currency": "EUR"},
    {"order": "O-1:refund:R-1"},
    {"order": "O-1%3Arefund", "refund": "R-1"},
]


def test_each_refund_of_an_order_is_a_fact_of_its_own() -> None:
    """By its number, or else by its amount: all that is paid back later is heard of too."""
    given = [event(raw(type="order.refunded", data=data)) for data in REFUNDS]
    assert len({refund.key for refund in given}) == len(REFUNDS)
    assert given[0].key == "order.refunded:O-1"
    assert given[1].key == "order.refunded:O-1:refund:R-1"


@pytest.mark.parametrize(
    "again",
    [
        {"order": "O-1", "amount_minor": 4900, "currency": "EUR"},
        {"order": " O-1 ", "amount": 49, "currency": "eur", "partial": True},
        {"order": "O-1", "refund": " ", "amount": "49.0", "currency": "EUR", "lines": []},
    ],
)
def test_one_refund_is_one_fact_however_its_amount_is_written(again: dict[str, object]) -> None:
    """In minor units or not, with zeros behind the point or without."""
    first = event(raw(type="order.refunded", data=REFUNDS[3]))
    assert event(raw(type="order.refunded", data=again)).id == first.id


def test_the_brand_is_part_of_what_a_fact_is() -> None:
    """Two brands may number their parcels alike."""
    north = reading.read(raw(), position=0, brand=BrandRef(2, "north"), now=b.NOON)
    assert isinstance(north, Event)
    assert north.id != event(raw()).id


@pytest.mark.parametrize("kind", sorted(KEYED_BY))
def test_every_type_says_what_it_needs(kind: str) -> None:
    """The first field of its key that is missing is named."""
    refused = refusal(raw(type=kind, data={}))
    assert refused.sentence.startswith(f"data.{KEYED_BY[kind][0]} is missing")


def some(content_type: str, body: bytes, **headers: str) -> list[object]:
    return list(reading.raw_events(content_type, headers, body))


def test_the_four_forms_of_a_request_hold_the_same_event() -> None:
    """Structured, batch, lines and binary."""
    one = json.dumps(raw()).encode()
    headers = {f"ce-{name}": str(raw()[name]) for name in ("specversion", "id", "source", "type")}
    headers |= {"ce-subject": "c-1", "ce-time": b.NOON.isoformat()}
    data = json.dumps(raw()["data"]).encode()
    forms = [
        some(STRUCTURED, one),
        some(BATCH, b"[" + one + b"]"),
        some(LINES, one + b"\r\n\n"),
        list(reading.raw_events("application/json", headers, data)),
    ]
    assert {event(form[0]).id for form in forms} == {event(raw()).id}


def test_attributes_in_headers_are_percent_decoded() -> None:
    """Header values are ASCII; CloudEvents' HTTP binding says how anything else gets through."""
    headers = {"ce-type": "parcel.delivered", "ce-subject": "%E6%9D%8E%20%25", "ce-source": "shop"}
    (found,) = reading.raw_events("application/json", headers, b"{}")
    assert isinstance(found, dict)
    assert found["subject"] == "李 %"


def test_a_broken_line_is_refused_by_its_number_and_the_rest_goes_on() -> None:
    """One bad line of a file costs that line."""
    good = json.dumps(raw()).encode()
    nested = b'{"data":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    lines = [good, b"{broken", b'{"data": NaN}', b"\xff\xfe", b"x" * 200_000, nested, good]
    answers = [read(given) for given in some(LINES, b"\n".join(lines))]
    assert [isinstance(answer, Event) for answer in answers] == [True, *[False] * 5, True]
    assert all(a.code == "malformed" for a in answers if isinstance(a, Refusal))


@pytest.mark.parametrize(
    ("content_type", "body", "sentence"),
    [
        (STRUCTURED, b"", "not JSON"),
        (STRUCTURED, b"{", "not JSON"),
        (STRUCTURED, b"\xff", "not JSON"),
        (STRUCTURED, b"[" * 200_000, "not JSON"),
        (STRUCTURED, b"1" * 5_000, "not JSON"),
        (BATCH, b"{}", "array"),
        ("text/plain", b"{}", "cloudevents-batch"),
        ("", b"{}", "application/x-ndjson"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_as_a_whole(
    content_type: str, body: bytes, sentence: str
) -> None:
    """It is not known where one event ends and the next begins."""
    with pytest.raises(Invalid, match=sentence):
        some(content_type, body)


def test_an_update_of_a_product_is_told_to_each_of_its_owners() -> None:
    """One version of one product is a fact of every owner's; told twice of one it is one."""
    told = [
        event(raw(type="product.updated", subject=ref, data={"product": "Kettle", "version": "2"}))
        for ref in ("c-1", "c-2", "c-1")
    ]
    one, other, again = told
    assert one.id == again.id != other.id
    assert "c-1" not in one.key
