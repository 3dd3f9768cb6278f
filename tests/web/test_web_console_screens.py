"""Do the screens of leads, consent, hours, surveys and reports say what is known?"""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from optout.model import Action, Channel, How
from outreach import ids
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.inbound import answers, cases
from outreach.inbound.cases import Raised
from outreach.inbound.consent import Change, change_person
from tests import builders as b
from tests.surveys import asking

SCREENS = (
    "/desk?agent=ana",
    "/lead",
    "/consent",
    "/hours",
    "/surveys",
    "/reports",
    "/people",
    "/unsent",
    "/portal",
)
_CHARGED = text("""
    insert into outreach.costs (brand_id, touch_id, parts, minor, currency, at)
    select brand_id, id, 1, 7.5, 'USD', :at from outreach.touches
""")
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("path", SCREENS)
def test_a_screen_stands_with_nothing_to_show(console: TestClient, path: str) -> None:
    """It says so in both languages."""
    join = "&" if "?" in path else "?"
    pages = [console.get(f"{path}{join}language={one}") for one in ("en", "zh-CN")]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].text != pages[1].text


def test_answers_are_scored_and_written_words_lead_to_their_person(
    console: TestClient, app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Whatever they wrote is text."""
    b.a_live_campaign(app, brand, steps=[asking.asks()])
    person = asking.somebody(app, brand)
    asked = answers.of_touch(app.means, brand, asking.asked(app, brand, person))
    assert asked
    answers.take(app.means, brand, person, asked, 2, by="page", comment=HOSTILE)
    page = console.get("/surveys?band=low").text
    assert "too few to tell" in page
    assert f'href="/people?q={person.ref}"' in page
    assert "<img" not in page
    assert "&lt;img" in page
    clock.step_to(clock() + timedelta(minutes=1))
    assert person.ref in console.get("/lead").text


def test_a_list_is_taken_in_with_a_word_for_each_line(console: TestClient) -> None:
    form = {"name": "own-list", "as_of": "2026-03-01", "layout": "lines"}
    lines = "".join(f"+1212555{n:04}\n" for n in range(100)) + "nonsense\n"
    answer = console.post("/consent", data=form, files={"file": ("<b>.csv", lines.encode())})
    path = answer.headers["location"].partition("?")[0]
    assert answer.status_code == 303
    page = console.get(answer.headers["location"]).text
    assert "100 lines are listed." in page
    assert "1 line could not be read." in page
    assert re.search(r'<th scope="row">101</th><td>not a', page)
    assert "&lt;b&gt;.csv" in page
    assert f'href="{path}"' in console.get("/consent").text
    written = console.get(f"{path}/verdicts.csv").text.splitlines()
    assert written[:2] == ["line,verdict,problem", '1,listed,""']
    assert len(written) == 102
    assert written[-1].startswith('101,refused,"not a')
    assert console.get("/consent/lists/999").status_code == 404
    for wrong in (b"\xff\xfe\x00", b""):
        answer = console.post("/consent", data=form, files={"file": ("l.csv", wrong)})
        assert answer.status_code == 422


def test_who_said_no_is_shown_masked_and_newest_first(
    console: TestClient, app: Outreach, brand: BrandRef
) -> None:
    for ref in ("c-1", "c-2"):
        person = b.a_person(app, brand, ref, phone=None)
        change = Change(Action.WITHDRAW, How.API, "ticket 12", channel=Channel.EMAIL)
        change_person(app.means, brand, person.id, change)
    page = console.get("/consent").text
    assert page.index("?q=c-2") < page.index("?q=c-1")
    assert "c•••@customers.example" in page
    assert "c-1@customers.example" not in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("phone=%2B351210001234", "Yes"),
        ("phone=%2B351210001234&zone=America/Los_Angeles", "No"),
        ("place=DE&channel=email", "Berlin"),
        ("pack=PT", "PT"),
    ],
)
def test_hours_answer_for_a_number_or_a_place(console: TestClient, asked: str, says: str) -> None:
    page = console.get(f"/hours?{asked}").text
    assert says.lower() in page.lower()
    assert "not legal advice" in page


@pytest.mark.parametrize("asked", ["zone=Mars/Olympus", "place=Nowhere"])
def test_what_nobody_can_read_is_said(console: TestClient, asked: str) -> None:
    answer = console.get(f"/hours?{asked}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_month_is_shown_and_taken_away(
    console: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """With what it cost, and domains to which more went than to one; in files nothing acts."""
    b.a_live_campaign(app, brand, steps=[b.a_step()])
    at = [f"{n}@many.example" for n in range(10)] + ["ada@few.example"]
    persons = [b.somebody(app, brand, f"c-{n}", email=one) for n, one in enumerate(at)]
    told = [b.an_event(app, brand, one, parcel=one.ref, order=one.ref) for one in persons]
    with app.means.database.begin(brand) as tx:
        intake.arrive(tx, brand, persons, now=app.means.clock())
    b.accepted(app, brand, *told)
    b.everything_due(app)
    with app.means.database.begin(brand) as tx:
        tx.execute(_CHARGED, {"at": app.means.clock()})
    page = console.get("/reports?month=2026-03").text
    assert "reminder" in page
    assert "0.0750 USD" in page
    assert "Minutes of agents" in page
    assert "many.example" in page
    assert "few.example" not in page
    for path, start in (
        ("page", b"<!doctype"),
        ("table?readers=workbook", b"PK"),
        ("table", b"\xef"),
        ("usage?month=2026-03&readers=machines", b"campaign,channel,contacts,messages"),
        ("usage?readers=workbook", b"PK"),
    ):
        answer = console.get(f"/reports/{path}")
        assert answer.content[: len(start)].lower() == start.lower()
        assert "attachment" in answer.headers["content-disposition"]
    assert console.get("/reports?month=soon").status_code == 422


def test_today_leads_to_open_cases_whatever_they_are_about(
    console: TestClient, app: Outreach, brand: BrandRef
) -> None:
    person = b.a_person(app, brand, "c-1")
    key, _ = cases.raise_case(app.means, brand, person.id, Raised("damage", "ana"))
    told = dict.fromkeys(("case", "opened_at", "order", "reason"), HOSTILE)
    b.accepted(app, brand, b.an_event(app, brand, person, "case.opened", **told))
    page = console.get("/").text
    assert (
        f'href="/people/{ids.shown(ids.PERSON, person.id)}"><bdi translate="no">{key}</bdi>' in page
    )
    assert "&lt;img" in page
    assert "<img" not in page
    assert key not in console.get("/?view=wall").text
