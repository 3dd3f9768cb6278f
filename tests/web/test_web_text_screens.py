"""Do texts, the calendar and the day's doubts read right on the console's pages?"""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.reports import explain
from outreach.reports import planned as reports
from outreach.templates import document
from outreach.web.console import planned
from tests import builders
from tests.web.requests import a_planned_touch, edited, saved


def test_a_text_is_begun_read_mended_and_kept(browser: TestClient) -> None:
    page = browser.post("/templates", data={"like": "nps-survey", "key": "ask"}).text
    assert "The text is kept." in page
    assert "units, gsm-7" in page or "units, ucs-2" in page
    assert browser.post("/templates", data={"like": "nps-survey", "key": "ask"}).status_code == 409
    source = document.library()["nps-survey"].replace("key: nps-survey", "key: ask")
    broken = source + "\nnonsense: {{ 7 * 7 }}<script>\n"
    told = saved(browser, "/templates/ask", document_text=broken, deed="save")
    assert told.status_code == 422
    assert "&lt;script&gt;" in told.text
    mended = source.replace("purpose: survey", "purpose: survey # mended")
    before = edited(browser, "/templates/ask")
    kept = saved(browser, "/templates/ask", document_text=mended, deed="save")
    assert "The text is kept as its newest version" in kept.text
    assert "# mended" in kept.text
    assert '<td class="number">2</td>' in browser.get("/templates").text
    late = {"document_text": source, "deed": "save", "edited": before}
    refused = browser.post("/templates/ask", data=late)
    assert refused.status_code == 409
    assert "somebody saved another text meanwhile" in refused.text


@pytest.mark.long
def test_a_mail_is_drawn_in_a_frame_in_which_nothing_runs(browser: TestClient) -> None:
    browser.post("/templates", data={"like": "usage-tutorial-1"})
    mail = browser.get("/templates/usage-tutorial-1/mail", params={"locale": "en"})
    assert mail.status_code in {200, 404}
    if mail.status_code == 200:
        assert mail.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert browser.get("/templates/usage-tutorial-1/mail?locale=xx").status_code == 404
    assert browser.get("/templates/unheard-of").status_code == 404


def test_the_calendar_counts_hours_on_the_brands_clock(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    with app.means.database.begin(brand) as tx:
        due = tx.execute(text("select min(due_at) from outreach.touches")).scalar_one()
        told = reports.planned(tx, "America/New_York", now=due)
        shifted = reports.planned(tx, "Asia/Shanghai", now=due)
    assert told.whole
    assert sum(told.many.values()) == sum(shifted.many.values()) == 2
    assert told.of_day(told.days[0]) == 1
    assert told.many.keys() != shifted.many.keys()
    page = browser.get("/planned").text
    assert "heat-5" in page
    assert "America/New_York" in page


def test_what_is_left_out_is_a_channels_own(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two touches fill a limit of two on one channel, and no limit on two."""
    a_planned_touch(app, brand)
    monkeypatch.setattr(reports, "MOST", 2)
    with app.means.database.begin(brand) as tx:
        due = tx.execute(text("select min(due_at) from outreach.touches")).scalar_one()
        assert reports.planned(tx, "UTC", now=due).whole
        tx.execute(text("update outreach.touches set channel = 'email'"))
        assert not reports.planned(tx, "UTC", now=due).whole


def test_of_many_touches_the_newest_are_explained(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = a_planned_touch(app, brand)
    with app.means.database.begin(brand) as tx:
        known = brands.get(tx)
        every = explain.person(tx, app.means, known, person.id, language="en").touches
        monkeypatch.setattr(explain, "MOST", 1)
        newest = explain.person(tx, app.means, known, person.id, language="en").touches
    assert [one.touch for one in newest] == [one.touch for one in every[-1:]]
    assert len(every) > 1


def test_days_of_great_sales_and_festivals_are_marked() -> None:
    assert reports.marked(date(2026, 11, 11), "zh-CN") == ("双11",)
    assert reports.marked(date(2026, 2, 17), "en")
    assert reports.marked(date(2026, 3, 12), "en") == ()


@settings(max_examples=50)
@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_fuller_hour_is_never_paler(many: int, more: int) -> None:
    few, full = sorted((many, more))
    paler, stronger = planned.strength(few, full), planned.strength(full, full)
    assert 0 <= paler <= stronger <= planned.STRENGTHS
    assert (paler == 0) == (few == 0)


def test_a_doubt_is_settled_from_today(browser: TestClient, app: Outreach, brand: BrandRef) -> None:
    a_planned_touch(app, brand)
    with app.means.database.begin(brand) as tx:
        [touch] = tx.execute(text(_DOUBT), {"now": builders.NOON}).scalars()
        tx.execute(text(_ATTEMPT), {"id": touch, "now": builders.NOON - timedelta(hours=1)})
    shown = ids.shown(ids.TOUCH, touch)
    page = browser.get("/").text
    assert f'action="/touches/{shown}/settle"' in page
    assert 'data-key="s"' in page
    done = browser.post(f"/touches/{shown}/settle", data={"decision": "sent"})
    assert "Your decision is kept." in done.text
    assert f"/touches/{shown}/settle" not in done.text
    assert browser.post(f"/touches/{shown}/settle", data={"decision": "sent"}).status_code == 409


_DOUBT = """
    update outreach.touches set state = 'uncertain', reason = 'no_answer', settled_at = :now
    where id = (select min(id::text)::uuid from outreach.touches) returning id
"""
_ATTEMPT = """
    insert into outreach.attempts (brand_id, touch_id, fence, channel, person_id, address_hash,
        purpose, started_at, outcome, body_hash, content_hash)
    select t.brand_id, t.id, t.fence, t.channel, t.person_id, decode(repeat('00', 16), 'hex'),
        t.purpose, :now, 'uncertain', decode(repeat('00', 16), 'hex'),
        decode(repeat('00', 16), 'hex')
    from outreach.touches t where t.id = :id
"""


def test_the_wall_comes_again_by_itself(browser: TestClient) -> None:
    page = browser.get("/?view=wall").text
    assert '<body data-refresh="30">' in page
    assert "data-refresh" not in browser.get("/").text


def test_hours_that_hold_more_than_is_carried_are_marked(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Against a quota that the reader names; what is no number says so."""
    for number in range(2):
        a_planned_touch(app, brand, f"c-{number}")
    assert "(marked !)" not in browser.get("/planned?email=2&sms=2").text
    over = browser.get("/planned?email=1&sms=1").text
    assert "(marked !)" in over
    assert "Calls are held against the shifts of 0 agents" in over
    assert browser.get("/planned?sms=many").status_code == 422


def test_holidays_are_those_of_the_countries_of_whoever_is_contacted_next(
    app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    with app.means.database.begin(brand) as tx:
        assert reports.countries(tx, now=builders.NOON) == ["US"]
        assert reports.countries(tx, now=builders.NOON + timedelta(days=60)) == []
