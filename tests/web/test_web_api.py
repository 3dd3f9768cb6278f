"""Does every other route answer, and does it answer only what its key may know?"""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import due
from tests import builders
from tests.web.requests import a_planned_touch

API = "/api/v1"


def a_touch_id(client: TestClient) -> str:
    return str(client.get(f"{API}/touches").json()["touches"][0]["touch"])


def a_task_id(client: TestClient) -> str:
    return str(client.get(f"{API}/tasks").json()["tasks"][0]["task"])


def an_owed_call(app: Outreach, brand: BrandRef) -> None:
    """The delivery check by telephone, waiting for an agent."""
    person = builders.a_person(app, brand, "c-9")
    builders.a_campaign(app, brand, "delivery-check-call")
    event = builders.an_event(app, brand, person, tier="vip")
    builders.accepted(app, brand, event)


def test_touches_are_listed_and_narrowed(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    every = client.get(f"{API}/touches").json()["touches"]
    assert every
    assert {"touch", "person", "campaign", "channel", "state", "due_at"} <= every[0].keys()
    assert every[0]["person"] == "c-1"
    planned = {"state": "planned", "campaign": "usage-tutorial", "limit": 1}
    assert len(client.get(f"{API}/touches", params=planned).json()["touches"]) == 1
    assert client.get(f"{API}/touches", params={"state": "sent"}).json()["touches"] == []
    assert client.get(f"{API}/touches", params={"reason": "care_hold"}).json()["touches"] == []


def test_a_touch_is_explained_in_both_languages(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    touch = a_touch_id(client)
    english = client.get(f"{API}/explain/touches/{touch}").json()
    assert english["sentence"] == "It waits for its time."
    assert english["touch"] == touch
    for asked in ({"params": {"language": "zh-CN"}}, {"headers": {"Accept-Language": "zh-TW,en"}}):
        answer = client.get(f"{API}/explain/touches/{touch}", **asked)
        assert answer.json()["sentence"] == "等待发送时间。"


def test_a_person_is_explained(client: TestClient, app: Outreach, brand: BrandRef) -> None:
    a_planned_touch(app, brand)
    told = client.get(f"{API}/explain/people/c-1").json()
    assert {one["campaign"] for one in told["touches"]} == {"usage-tutorial"}
    assert client.get(f"{API}/explain/people/nobody").status_code == 404


def test_the_account_closes(client: TestClient, app: Outreach, brand: BrandRef) -> None:
    a_planned_touch(app, brand)
    told = client.get(f"{API}/reconcile").json()
    assert told["closes"] is True
    assert told["unproven"] == []
    assert told["events_without_person"] == 0
    account = told["accounts"]["usage-tutorial"]
    assert account["candidates"] == account["open"]["waiting"] > 0
    one = client.get(f"{API}/reconcile", params={"campaign": "usage-tutorial"}).json()
    assert one["accounts"] == told["accounts"]
    assert client.get(f"{API}/reconcile", params={"campaign": "no-such"}).status_code == 404


def test_a_campaign_is_paused_and_goes_on(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    builders.a_campaign(app, brand)
    one = {"key": "usage-tutorial", "version": 1}
    assert client.get(f"{API}/campaigns").json() == {"campaigns": [one | {"state": "live"}]}
    paused = client.post(f"{API}/campaigns/usage-tutorial/pause")
    assert paused.json() == one | {"state": "paused", "waiting": 0, "in_air": 0}
    again = client.post(f"{API}/campaigns/usage-tutorial/pause")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    live = client.post(f"{API}/campaigns/usage-tutorial/activate")
    assert live.json() == live.json() | one | {"state": "live"}
    assert client.post(f"{API}/campaigns/no-such/activate").status_code == 404


def test_a_call_is_taken_and_closed_once(
    client: TestClient, app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    an_owed_call(app, brand)
    until_owed(client, app, clock)
    task = a_task_id(client)
    taken = client.post(f"{API}/tasks/take", json={"agent": "desk-1"}).json()["task"]
    assert (taken["task"], taken["holder"], taken["state"]) == (task, "desk-1", "taken")
    assert client.post(f"{API}/tasks/take", json={"agent": "desk-2"}).json() == {"task": None}
    dial = f"{API}/tasks/{task}/dial"
    assert client.post(dial, json={"agent": "desk-1"}).json() == {
        "task": task, "number": taken["number"],
    }  # fmt: skip
    assert client.post(dial, json={"agent": "desk-2"}).status_code == 409
    closing = {"agent": "desk-1", "disposition": "reached", "note": "glad\nof the call"}
    wrong = client.post(f"{API}/tasks/{task}/close", json=closing | {"disposition": "sold"})
    assert wrong.status_code == 422
    other = client.post(f"{API}/tasks/{task}/close", json=closing | {"agent": "desk-2"})
    assert other.status_code == 409
    closed = client.post(f"{API}/tasks/{task}/close", json=closing)
    assert closed.json() == {"task": task, "disposition": "reached"}
    assert client.post(f"{API}/tasks/{task}/close", json=closing).status_code == 409
    (shown,) = client.get(f"{API}/tasks").json()["tasks"]
    assert (shown["state"], shown["holder"]) == ("ended", "desk-1")


def until_owed(client: TestClient, app: Outreach, clock: SteppedClock) -> None:
    """Step from due instant to due instant until an agent has something to do."""
    while not client.get(f"{API}/tasks").json()["tasks"]:
        waiting = client.get(f"{API}/touches", params={"state": "planned"}).json()["touches"]
        clock.step_to(datetime.fromisoformat(min(one["due_at"] for one in waiting)))
        builders.everything_due(app)


def test_health_needs_no_key_and_tells_how_late_we_are(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    assert stranger.get(f"{API}/health").json() == {"ok": True, "behind_seconds": 0}


def test_the_api_describes_itself(stranger: TestClient) -> None:
    told = stranger.get(f"{API}/openapi.json").json()
    operations = [one for path in told["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names)) >= 22
    for one in operations:
        assert "application/problem+json" in one["responses"]["4XX"]["content"]
    assert not [name for name in told["components"]["schemas"] if "__" in name]
    assert told["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]
    assert stranger.get("/docs").status_code == 404


def test_health_tells_how_late_we_are(
    stranger: TestClient, app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    a_planned_touch(app, brand)
    with app.means.database.watch() as tx:
        first = due.pulse(tx, now=clock()).next_due_at
    assert first
    clock.step_to(first + timedelta(minutes=7))
    assert stranger.get(f"{API}/health").json() == {"ok": True, "behind_seconds": 420}


@pytest.mark.parametrize(
    "params",
    [{"limit": 0}, {"limit": 9999}, {"state": "x\u0000"}, {"campaign": ""}, {"reason": "r" * 300}],
)
def test_a_wrong_parameter_is_a_problem(client: TestClient, params: dict[str, object]) -> None:
    answer = client.get(f"{API}/touches", params=params)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


@pytest.mark.parametrize("touch", ["tch_", "tch_" + "a" * 26, "7", "tsk_" + "a" * 26, "%00"])
def test_a_strange_id_is_a_problem(client: TestClient, touch: str) -> None:
    assert client.get(f"{API}/explain/touches/{touch}").status_code in {404, 422}


def test_a_contact_that_nobody_planned_may_be_asked_about(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """In both languages, by its campaign; the same as on the page."""
    a_planned_touch(app, brand)
    why = f"{API}/why/c-1"
    told = client.get(why, params={"campaign": "usage-tutorial", "language": "en"})
    assert told.status_code == 200, told.text
    assert told.json()["sentence"].startswith("It would ")
    chinese = client.get(why, params={"campaign": "usage-tutorial", "language": "zh-CN"}).json()
    assert chinese["sentence"].startswith("届时将")
    assert client.get(why, params={"campaign": "nothing"}).status_code == 404
    assert client.get(why).status_code == 422
    past = {"campaign": "usage-tutorial", "at": "2020-01-01T00:00:00Z"}
    assert client.get(why, params=past).status_code == 422


def test_nothing_of_the_api_is_called_by_a_nul(client: TestClient) -> None:
    for path in ("campaigns/%00", "people/a%00b"):
        assert client.get(f"{API}/{path}").json()["code"] == "not-found"
    assert client.get(f"{API}/campaigns?%00=1").json()["code"] == "invalid"
