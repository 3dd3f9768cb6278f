"""Does a campaign go its way through the API?"""

import pytest
from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from tests import builders as b

PATH = "/api/v1/campaigns/reminder"
LATER = b.a_step("later", after="1 d")


@pytest.fixture(autouse=True)
def _under_way(app: Outreach, brand: BrandRef) -> None:
    """One person under way, and a second version as a draft."""
    b.a_live_campaign(app, brand, steps=[LATER])
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand)))
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, b.written(steps=[{**LATER, "after": "2 d"}]), name="reminder")


def test_each_deed_answers_with_its_counts(client: TestClient) -> None:
    changes = client.get(f"{PATH}/difference").json()["changes"]
    assert changes == [{"path": "steps.later.after", "was": "1 d", "now": "2 d"}]
    assert client.post(f"{PATH}/review").json()["state"] == "in_review"
    live = client.post(f"{PATH}/activate", json={"move": True}).json()
    assert live["moved"] == {"passages": 1, "replanned": 1, "cancelled": 0, "planned": 0}
    paused = client.post(f"{PATH}/pause").json()
    assert (paused["state"], paused["waiting"], paused["in_air"]) == ("paused", 1, 0)
    assert client.post(f"{PATH}/resume").json()["dropped"] == 0
    assert client.post(f"{PATH}/end").json()["cancelled"] == 1


def test_without_a_word_nobody_is_moved(client: TestClient) -> None:
    assert client.post(f"{PATH}/activate").json()["moved"]["passages"] == 0
    refused = client.post(f"{PATH}/activate", json={"moove": True})
    assert refused.status_code == 422


def test_what_the_table_forbids_is_a_conflict(client: TestClient) -> None:
    client.post(f"{PATH}/end")
    client.post(f"{PATH}/end")
    again = client.post(f"{PATH}/end")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert client.get(f"{PATH}/difference", params={"old": 9}).status_code == 404
