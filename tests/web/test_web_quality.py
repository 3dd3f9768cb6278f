"""Does a lead score calls that chance drew, on a page?"""

import re

import pytest
from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.callbacks import desk, endings, quality, sweeping
from outreach.callbacks.endings import Closing
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.callbacks.test_callbacks_quality import SOURCE

LISBON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": "+351210001234"}


@pytest.fixture
def ended(app: Outreach, brand: BrandRef, clock: SteppedClock) -> None:
    """A call of ana's that has ended, and a scorecard."""
    call = b.a_step(kind="callback", channels=["voice"], template="delivery-check-call")
    b.a_live_campaign(app, brand, "calls", steps=[call])
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand, **LISBON)))
    b.everything_due(app)
    task = desk.take(app.means, brand, agent="ana")
    assert task is not None
    closing = Closing("reached", note="<b>fine</b>")
    endings.close(app.means, brand, task.id, agent="ana", closing=closing)
    clock.step_to(clock() + endings.UNDO)
    sweeping.sweep(app.means, brand)
    with app.means.database.begin(brand) as tx:
        quality.put(tx, brand, SOURCE, name="courtesy", now=clock())


def test_a_drawn_call_is_scored_once(console: TestClient, ended: None) -> None:
    """What is missing is said beside what was written; then the lead's page tells the result."""
    assert 'href="/lead/calls?card=courtesy"' in console.get("/lead").text
    page = console.get("/lead/calls?card=courtesy").text
    assert "&lt;b&gt;fine&lt;/b&gt;" in page
    found = re.search(r'name="call" value="(tsk_\w+-1)"', page)
    assert found
    form = {"card": "courtesy", "call": found.group(1), "points.greeted": "5"}
    refused = console.post("/lead/calls", data=form)
    assert refused.status_code == 422
    assert 'value="5"' in refused.text
    nothing = console.post("/lead/calls", data=form | {"call": "", "points.honest": "30"})
    assert (nothing.status_code, "is no call or reply" in nothing.text) == (422, True)
    scored = console.post("/lead/calls", data=form | {"points.honest": "30"})
    assert scored.headers["location"] == "/lead/calls?card=courtesy&done=call_scored"
    assert "There is no call" in console.get(scored.headers["location"]).text
    assert "87.5" in console.get("/lead").text
    assert console.get("/lead/calls?card=none").status_code == 404


def test_a_refused_form_is_bounded_and_leads_back(console: TestClient) -> None:
    """Only to a page of ours."""
    many = {f"field-{n}": "" for n in range(201)}
    for came, leads in (
        ("http://testserver/desk?agent=ana", 'href="/desk?agent=ana"'),
        ("http://testserver//elsewhere.example/", 'href="/"'),
        ("http://elsewhere.example/desk", None),
        ("http://[", None),
    ):
        headers = {"Referer": came}
        refused = console.post("/desk/handover?agent=ana", data=many, headers=headers)
        assert refused.status_code == 422
        assert "at most 200 fields" in refused.text
        assert (leads or "<h1>") in refused.text
        assert ("Back to the form" in refused.text) is bool(leads)
