"""Are people found and seen masked, and is what was not sent explained and mended?"""

import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.inbound import cases
from outreach.inbound.cases import Raised
from outreach.people.model import Person
from outreach.reports import explain
from outreach.web.console import mending
from outreach.web.console.mending import Mend
from tests import builders as b

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
NOWHERE = {"country": None, "subdivision": None, "zone": None, "phone": "+80012345678"}


def delivered(app: Outreach, brand: BrandRef, ref: str, **fields: object) -> Person:
    person = b.a_person(app, brand, ref, **fields)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{ref}", order=f"O-{ref}"))
    b.everything_due(app)
    return person


@pytest.fixture
def texts(app: Outreach, brand: BrandRef) -> None:
    b.a_live_campaign(app, brand, "texts", steps=[b.a_step(channels=["sms"])])


def page_of(console: TestClient, typed: str) -> str:
    found = console.get("/people", params={"q": typed})
    assert found.status_code == 200
    path = re.search(r'href="(/people/per_\w+)"', found.text)
    assert path is not None
    return path.group(1)


def test_a_person_is_found_by_a_whole_address_and_shown_masked(
    console: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """With their time, what may be said to them and where they live, in both languages."""
    b.a_live_campaign(app, brand, steps=[b.a_step()])
    delivered(app, brand, "c-1", phone="+12125550101", name=f"Ada {HOSTILE}")
    path = page_of(console, "c-1@customers.example")
    for language in ("en", "zh-CN"):
        page = console.get(f"{path}?language={language}").text
        assert "+12•••01" in page
        assert "c•••@customers.example" in page
        assert "+12125550101" not in page
        assert "America/New_York" in page
        assert "<img" not in page
    assert console.get("/people", params={"q": "customers.example"}).status_code == 404


def test_a_place_that_is_missing_is_added_where_the_reason_stands(
    console: TestClient, app: Outreach, brand: BrandRef, texts: None
) -> None:
    """From the list by reason to the sentence, its button, and the sentence that stands then."""
    delivered(app, brand, "c-9", **NOWHERE)
    page = console.get("/unsent?which=held&reason=place_unknown").text
    why = re.search(r'href="(/why\?q=tch_\w+)"', page)
    assert why is not None
    told = console.get(why.group(1)).text
    action = re.search(r'action="(/people/per_\w+/zone)"', told)
    assert action is not None
    touch = why.group(1).partition("q=")[2]
    wrong = console.post(action.group(1), data={"zone": "Mars/Olympus", "q": touch})
    assert wrong.status_code == 422
    answer = console.post(action.group(1), data={"zone": "Europe/Lisbon", "q": touch})
    assert answer.headers["location"] == f"/why?q={touch}&done=zone_set"
    mended = console.get(answer.headers["location"]).text
    assert "Europe/Lisbon" in mended
    assert "/zone" not in mended
    with app.means.database.begin(brand) as tx:
        due = tx.execute(text("select due_at <= :now from outreach.touches"), {"now": b.NOON})
        assert due.scalar_one()


def test_a_case_is_closed_on_the_page_of_its_person(
    console: TestClient, app: Outreach, brand: BrandRef
) -> None:
    person = b.a_person(app, brand, "c-1")
    key, _ = cases.raise_case(app.means, brand, person.id, Raised("complaint", "ana"))
    path = page_of(console, "c-1")
    assert f'value="{key}"' in console.get(path).text
    answer = console.post(f"{path}/case", data={"case": key})
    assert answer.headers["location"] == f"{path}?done=case_closed"
    assert cases_of(app, brand) == []
    assert console.post(f"{path}/case", data={"case": key}).status_code == 404


def test_each_reason_has_the_button_that_mends_it(
    app: Outreach, brand: BrandRef, texts: None
) -> None:
    """A case that holds it is closed by name; what time alone mends has no button."""
    person = delivered(app, brand, "c-9", **NOWHERE)
    with app.means.database.begin(brand) as tx:
        known = brands.get(tx)
        one = explain.person(tx, app.means, known, person.id, language="en").touches[0]
    assert mending.mend(one) == Mend(zone=True)
    cared = replace(one, reason="care_hold", because={"cases": ["812", "813"]})
    assert mending.mend(cared) == Mend(cases=("812", "813"))
    assert mending.mend(replace(cared, state="skipped")) == Mend()
    assert mending.mend(replace(one, reason="outside_hours")) == Mend()
    assert mending.mend(replace(one, reason="register_stale")).link == "/consent"


def cases_of(app: Outreach, brand: BrandRef) -> list[cases.Case]:
    with app.means.database.begin(brand) as tx:
        return cases.opened(tx)


def test_forgetting_asks_for_the_name(console: TestClient, app: Outreach, brand: BrandRef) -> None:
    b.a_person(app, brand, "c-1")
    path = page_of(console, "c-1")
    assert console.post(f"{path}/erase", data={"ref": "c-2"}).status_code == 422
    answer = console.post(f"{path}/erase", data={"ref": "c-1"})
    assert answer.headers["location"].startswith("/people?done=forgotten")
    assert console.get("/people", params={"q": "c-1@customers.example"}).status_code == 404


@pytest.mark.parametrize(
    ("readers", "kind"), [("people", "text/plain"), ("machines", "application/json")]
)
def test_what_is_kept_of_a_person_is_handed_out_as_a_file(
    console: TestClient, app: Outreach, brand: BrandRef, readers: str, kind: str
) -> None:
    """Addresses in clear, since it is for them; never shown within a page."""
    b.a_person(app, brand, "c-1", phone="+12125550101")
    path = page_of(console, "c-1")
    assert f'href="{path}/export"' in console.get(path).text
    answer = console.get(f"{path}/export?readers={readers}")
    assert answer.headers["content-type"].startswith(kind)
    assert "attachment" in answer.headers["content-disposition"]
    assert "+12125550101" in answer.text
    assert console.get("/people/per_aaaaaaaaaaaaaaaaaaaaaaaaaa/export").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/people/per_nobody", "/unsent?after=x", "/unsent?after=x~y", "/unsent?which=all",
     "/people/per_aaaaaaaaaaaaaaaaaaaaaaaaaa"],
)  # fmt: skip
def test_an_address_that_nobody_gave_says_what_is_wrong(console: TestClient, path: str) -> None:
    assert console.get(path).status_code in {404, 422}
