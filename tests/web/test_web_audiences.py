"""How many people does a condition mean? Asked through the API."""

import pytest
from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from tests import builders as b

GERMAN = {"field": "person.country", "operator": "is", "value": "DE"}


@pytest.fixture(autouse=True)
def _people(app: Outreach, brand: BrandRef) -> None:
    for country in ("DE", "US"):
        b.a_person(
            app, brand, country, country=country, subdivision=None, phone=None,
            email=f"{country}-reader@customers.example",
        )  # fmt: skip


def test_a_condition_is_counted_and_shown_masked(client: TestClient) -> None:
    answer = client.post("/api/v1/audiences", json={"condition": GERMAN}).json()
    example = {"ref": "DE", "country": "DE", "addresses": ["d•••@customers.example"]}
    assert answer == {"count": 1, "examples": [example]}


def test_what_cannot_choose_is_refused(client: TestClient) -> None:
    refused = client.post("/api/v1/audiences", json={"condition": {"cel": "true"}})
    assert refused.status_code == 422
    assert "cannot choose an audience" in refused.text


def test_a_campaigns_audience_is_shown_and_one_that_waits_for_events_has_none(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    everybody = {"audience": "all", "at": "2026-12-01T10:00"}
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, b.written("news", trigger=everybody), name="news")
        campaigns.put(tx, brand, b.written("waits"), name="waits")
    assert client.get("/api/v1/campaigns/news/audience").json()["count"] == 2
    refused = client.get("/api/v1/campaigns/waits/audience")
    assert refused.status_code == 422
    assert "waits for parcel.delivered" in refused.text
