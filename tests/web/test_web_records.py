"""Does the API show what is on record of a person, and do the pages?"""

from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.records import building as r

PEOPLE = "/api/v1/people"


def test_records_come_with_a_sentence_in_the_language_asked_for(
    app: Outreach, client: TestClient, brand: BrandRef
) -> None:
    r.tell(app, brand, r.an_event("order.paid", brand=brand, order="O-1"))
    [told] = client.get(f"{PEOPLE}/c-1/records", params={"language": "zh-CN"}).json()
    assert (told["kind"], told["sentence"]) == ("orders", "订单 O-1:已付款。")
    assert told["fields"]["paid_at"] == b.NOON.isoformat().replace("+00:00", "Z")


def test_the_last_inquiry_is_told_with_what_it_was_about(
    app: Outreach, client: TestClient, brand: BrandRef
) -> None:
    asked = r.an_event("inquiry.made", brand=brand, inquiry="Q-1", product="Lamp")
    r.tell(app, brand, asked)
    [told] = client.get(f"{PEOPLE}/c-1/records").json()
    assert told["sentence"] == "Last inquiry about Lamp: 2026-03-10 12:00 UTC."


def test_a_person_without_records_has_none_and_nobody_is_not_found(
    app: Outreach, client: TestClient, brand: BrandRef
) -> None:
    b.a_person(app, brand, "shop/1")
    assert client.get(f"{PEOPLE}/shop%2F1/records").json() == []
    assert client.get(f"{PEOPLE}/nobody/records").status_code == 404


def test_an_event_without_a_subject_is_taken_and_shown_as_waiting(
    app: Outreach, client: TestClient, brand: BrandRef
) -> None:
    event = {
        "specversion": "1.0", "type": "parcel.delivered", "source": "carrier",
        "time": b.NOON.isoformat(), "data": {"parcel": "P-1"},
    }  # fmt: skip
    answer = client.post(
        "/api/v1/events", json=event, headers={"Content-Type": "application/cloudevents+json"}
    )
    assert answer.json() == {"accepted": 1, "already_seen": 0, "refused": []}
    assert client.get("/api/v1/reconcile").json()["events_waiting"] == 1
