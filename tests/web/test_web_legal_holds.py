"""Does a hold keep a person's data by the API and on their page, and does its end let them go?"""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from outreach import ids
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.inbound import consent
from tests import builders as b

HOLDS = "/api/v1/legal-holds"
CLAIM = {"reason": "claim 7", "source": "counsel"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "PATIENCE", timedelta(milliseconds=50))


def test_an_erasure_waits_for_the_end_of_a_hold(
    app: Outreach, brand: BrandRef, client: TestClient
) -> None:
    """It is answered as pending; lifting the hold carries it out."""
    b.a_person(app, brand, "c-1", name="Ada")
    placed = client.post(HOLDS, json=CLAIM | {"ref": "c-1"}).json()
    assert client.delete("/api/v1/people/c-1").json()["pending"] is True
    assert client.get("/api/v1/people/c-1").json()["name"] == "Ada"
    assert [one["hold"] for one in client.get(HOLDS).json()["holds"]] == [placed["hold"]]
    assert client.post(f"{HOLDS}/{placed['hold']}/lift").status_code == 204
    assert client.get("/api/v1/people/c-1").json()["name"] == ""
    assert client.post(f"{HOLDS}/{placed['hold']}/lift").status_code == 409
    assert client.get(HOLDS).json() == {"holds": []}


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"source": " "}, {"ref": "nobody"}, {"ends_at": "2001-01-01T00:00Z"}]
)
def test_a_hold_says_why_and_on_whom(client: TestClient, wrong: dict[str, str]) -> None:
    assert client.post(HOLDS, json=CLAIM | wrong).status_code in {404, 422}


def test_the_page_of_a_person_shows_their_holds(
    app: Outreach, brand: BrandRef, browser: TestClient
) -> None:
    """They are placed and lifted there; one on the brand is shown and not lifted."""
    person = b.a_person(app, brand, "c-1")
    page = f"/people/{ids.shown(ids.PERSON, person.id)}"
    assert "Nothing holds" in browser.get(page).text
    placed = browser.post(f"{page}/hold", data=CLAIM | {"ends": "2999-01-01"})
    assert "claim 7" in placed.text
    hold = placed.text.partition('name="hold" value="')[2].partition('"')[0]
    assert hold.startswith("hld_")
    assert "Nothing holds" in browser.post(f"{page}/lift", data={"hold": hold}).text
    assert browser.post(f"{page}/lift", data={"hold": hold}).status_code == 409
