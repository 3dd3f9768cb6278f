"""Do reported facts come in once, whole and in every form, and are wrong ones refused by name?"""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.web.body import LARGEST
from tests import builders
from tests.web.requests import BATCH, EVENTS, LINES, STRUCTURED, an_event


def test_a_structured_event_is_taken_once_however_often_it_is_told(client: TestClient) -> None:
    answers = [client.post(EVENTS, json=an_event(), headers=STRUCTURED) for _ in range(2)]
    assert [a.status_code for a in answers] == [202, 202]
    assert answers[0].json() == {"accepted": 1, "already_seen": 0, "refused": []}
    assert answers[1].json() == {"accepted": 0, "already_seen": 1, "refused": []}


def test_all_four_forms_speak_of_the_same_fact(client: TestClient) -> None:
    event = an_event()
    attributes = {f"ce-{k}": str(v) for k, v in event.items() if k != "data"}
    answers = [
        client.post(EVENTS, json=event, headers=STRUCTURED),
        client.post(EVENTS, json=[event], headers=BATCH),
        client.post(EVENTS, content=json.dumps(event) + "\n\n", headers=LINES),
        client.post(EVENTS, json=event["data"], headers=attributes),
    ]
    assert [a.status_code for a in answers] == [202] * 4, [a.text for a in answers]
    assert [a.json()["accepted"] for a in answers] == [1, 0, 0, 0]


def test_in_a_batch_the_rest_goes_on(client: TestClient) -> None:
    batch = [an_event("P-1"), an_event("P-2", type="parcel.lost"), "no event", an_event("P-1")]
    answer = client.post(EVENTS, json=batch, headers=BATCH)
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 1
    assert answer.json()["already_seen"] == 1
    refused = answer.json()["refused"]
    assert [(r["position"], r["code"]) for r in refused] == [(1, "unknown-type"), (2, "malformed")]


def test_a_bad_line_is_refused_by_its_number(client: TestClient) -> None:
    answer = client.post(EVENTS, content=f"{json.dumps(an_event())}\n{{oops\n", headers=LINES)
    assert answer.status_code == 202
    assert [r["position"] for r in answer.json()["refused"]] == [1]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"type": "parcel.lost"}, "unknown-type"),
        ({"time": (builders.NOON + timedelta(hours=1)).isoformat()}, "in-the-future"),
        ({"time": (builders.NOON - timedelta(days=500)).isoformat()}, "too-old"),
        ({"time": "yesterday"}, "malformed"),
        ({"data": {"order": "O-1"}}, "no-business-key"),
        ({"data": {"parcel": "P-1", "filling": "x" * 70_000}}, "too-large"),
        ({"subject": "c-1\u0000"}, "malformed"),
    ],
)
def test_one_wrong_event_is_a_problem_with_its_code(
    client: TestClient, changed: dict[str, object], code: str
) -> None:
    answer = client.post(EVENTS, json=an_event(**changed), headers=STRUCTURED)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["type"] == f"urn:outreach:problem:{code}"
    assert answer.json()["refused"][0]["position"] == 0


def test_when_all_are_refused_nothing_was_taken(client: TestClient) -> None:
    answer = client.post(EVENTS, json=[{}, {}], headers=BATCH)
    assert answer.status_code == 422
    assert answer.json()["code"] == "all-refused"
    assert len(answer.json()["refused"]) == 2


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"{oops", STRUCTURED),
        (b'{"a": 1}', BATCH),
        (b"\xff\xfe", STRUCTURED),
        (b"[" * 100_000, BATCH),
        (b"hello", {"Content-Type": "text/plain"}),
        (b"", {}),
    ],
)
def test_an_unreadable_body_is_a_problem(
    client: TestClient, content: bytes, headers: dict[str, str]
) -> None:
    answer = client.post(EVENTS, content=content, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["code"] == "unreadable"


def test_a_body_is_bounded_with_and_without_its_length(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(LARGEST // 65_536 + 2):
            yield b"x" * 65_536

    for content in (b"x" * (LARGEST + 1), endless()):
        answer = client.post(EVENTS, content=content, headers=LINES)
        assert answer.status_code == 413
        assert answer.json()["status"] == 413
        assert answer.headers["content-type"] == "application/problem+json"


def test_campaigns_are_woken_when_there_is_something_new(
    client: TestClient, broker: StubBroker, brand: BrandRef
) -> None:
    for _ in range(2):
        client.post(EVENTS, json=an_event(), headers=STRUCTURED)
    client.post(EVENTS, json=an_event(type="no.such"), headers=STRUCTURED)
    assert broker.queues["events"].qsize() == 1


def test_every_report_is_counted_under_its_source(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    client.post(EVENTS, json=[an_event("P-1"), an_event("P-2"), {}], headers=BATCH)
    client.post(EVENTS, json=an_event("P-1"), headers=STRUCTURED)
    client.post(EVENTS, json=an_event(type="no.such"), headers=STRUCTURED)
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(
            text("select source, accepted, already_seen, refused from outreach.intake")
        )
        assert [tuple(row) for row in rows] == [("shop", 2, 1, 2)]
