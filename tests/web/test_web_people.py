"""Do persons come in, are they shown masked, and does their consent change?"""

import json

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient
from sqlalchemy import text

from outreach.app import Outreach
from outreach.audit import store as audit
from outreach.db.engine import BrandRef
from tests import builders
from tests.web.requests import EVENTS, LINES, STRUCTURED, a_planned_touch, an_event

PEOPLE = "/api/v1/people"
ADA = {"name": "Ada Example", "country": "US", "phone": "+12125550101", "email": "ada@x.example"}


def test_a_person_is_put_and_shown_with_masked_addresses(client: TestClient) -> None:
    put = client.put(f"{PEOPLE}/c-1", json=ADA)
    assert put.status_code == 200, put.text
    got = client.get(f"{PEOPLE}/c-1")
    assert got.json() == put.json()
    assert got.json()["addresses"] == [
        {"kind": "email", "masked": "a•••@x.example"},
        {"kind": "phone", "masked": "+12•••01"},
    ]
    assert "2125550101" not in got.text


def test_a_ref_may_hold_a_slash(client: TestClient) -> None:
    assert client.put(f"{PEOPLE}/shop%2F1", json=ADA).json()["ref"] == "shop/1"
    assert client.get(f"{PEOPLE}/shop%2F1").status_code == 200


def test_a_body_may_not_speak_of_someone_else(client: TestClient) -> None:
    answer = client.put(f"{PEOPLE}/c-1", json=ADA | {"ref": "c-2"})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["where"] == "ref"


def test_every_problem_of_a_person_is_named(client: TestClient) -> None:
    answer = client.put(f"{PEOPLE}/c-1", json={"zone": "Mars/Base", "phone": "12", "nmae": "x"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert {p["where"] for p in answer.json()["problems"]} == {"zone", "phone", "nmae"}


@pytest.mark.parametrize("form", ["array", "lines"])
def test_many_come_in_and_bad_ones_are_told_by_position(client: TestClient, form: str) -> None:
    many = [ADA | {"ref": "c-1"}, {"ref": "c-2", "zone": "Mars/Base"}, "who?", ADA | {"ref": "c-1"}]
    answer = (
        client.post(PEOPLE, json=many)
        if form == "array"
        else client.post(PEOPLE, content="\n".join(map(json.dumps, many)), headers=LINES)
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["stored"] == 1
    assert [r["position"] for r in answer.json()["refused"]] == [1, 2]
    assert answer.json()["refused"][0]["problems"][0]["where"] == "zone"


def test_when_none_can_be_read_it_is_a_problem(client: TestClient) -> None:
    assert client.post(PEOPLE, json=[{}, {}]).json()["code"] == "all-refused"
    assert client.post(PEOPLE, content="{oops", headers=LINES).status_code == 422


@pytest.mark.parametrize("content", [b"{oops", b"{}", b"\xff"])
def test_an_unreadable_body_is_a_problem(client: TestClient, content: bytes) -> None:
    answer = client.post(PEOPLE, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert client.put(f"{PEOPLE}/c-1", content=b"{oops").status_code in {400, 422}


def test_an_unknown_person_is_not_found(client: TestClient) -> None:
    assert client.get(f"{PEOPLE}/nobody").status_code == 404
    said = {"action": "withdraw", "evidence": "ticket 1"}
    assert client.post(f"{PEOPLE}/nobody/consent", json=said).status_code == 404


def test_a_withdrawal_says_since_when_and_holds_everywhere(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    said = {"action": "withdraw", "evidence": "ticket 1"}
    answer = client.post(f"{PEOPLE}/c-1/consent", json=said)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"entries": 2, "effective_at": "2026-03-10T12:00:00Z", "in_air": []}
    told = client.get("/api/v1/explain/people/c-1").json()["touches"]
    assert {one["now_says"] for one in told} == {"skip"}


@pytest.mark.parametrize(
    "said",
    [
        {"action": "forget", "evidence": "x"},
        {"action": "withdraw"},
        {"action": "withdraw", "evidence": "x\u0000"},
        {"action": "withdraw", "evidence": "x", "channel": "pigeon"},
        {"action": "withdraw", "evidence": "\ud800"},
    ],
)
def test_an_unclear_change_is_refused(client: TestClient, said: dict[str, str]) -> None:
    client.put(f"{PEOPLE}/c-1", json=ADA)
    answer = client.post(
        f"{PEOPLE}/c-1/consent",
        content=json.dumps(said),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["problems"]


def test_an_event_that_came_before_its_person_is_looked_at_again(
    client: TestClient, app: Outreach, brand: BrandRef, broker: StubBroker
) -> None:
    client.post(EVENTS, json=an_event(), headers=STRUCTURED)
    builders.accepted(app, brand)
    client.put(f"{PEOPLE}/c-1", json=ADA)
    with app.means.database.begin(brand) as tx:
        assert tx.execute(text("select state::text from outreach.events")).scalar_one() == "pending"
    assert broker.queues["events"].qsize() == 2


def test_what_is_allowed_is_told_by_channel_and_purpose(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    builders.a_person(app, brand, "c-1")
    told = client.get("/api/v1/people/c-1/consent").json()
    found = {f"{one['channel']}.{one['purpose']}": one for one in told}
    assert found["email.service"]["allowed"] is True
    assert found["sms.marketing"]["reason"] == "no_consent"
    assert found["email.service"]["address"] == "c•••@customers.example"
    assert client.get("/api/v1/people/c-9/consent").status_code == 404


def test_what_is_kept_of_a_person_is_handed_out_and_recorded_by_the_keys_name(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Addresses in clear; the record says which of the brand's keys asked for whom."""
    builders.a_person(app, brand, "c-1", email="ada@customers.example")
    kept = client.get("/api/v1/people/c-1/export").json()
    assert "ada@customers.example" in {one["value"] for one in kept["stores"]["addresses"]}
    assert client.get("/api/v1/people/c-2/export").status_code == 404
    with app.means.database.begin(brand) as tx:
        told = {(one.by, one.role, one.deed) for one in audit.newest(tx)}
    assert told == {("key:tests", "key", "GET /api/v1/people/{ref:path}/export")}
