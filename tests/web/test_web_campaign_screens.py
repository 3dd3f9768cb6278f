"""Does a campaign get from the library to its people on the console's pages, and back to a stop?"""

import re

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from outreach.app import Outreach
from outreach.campaigns import document, store
from outreach.db.engine import BrandRef
from outreach.reports import campaigns as reports
from outreach.web import rights
from outreach.web.console import deeds, flow
from tests import builders
from tests.web.requests import a_planned_touch, edited, saved

PAGE = "/campaigns/usage-tutorial"


def test_a_campaign_of_the_library_goes_live_and_is_stopped(browser: TestClient) -> None:
    assert "There is no campaign yet" in browser.get("/campaigns").text
    page = browser.post("/campaigns", data={"like": "usage-tutorial", "key": "tips"})
    assert str(page.url).endswith("/campaigns/tips?done=begun")
    assert "The draft is kept, with the texts that it names." in page.text
    assert 'action="/campaigns/tips/activate"' in page.text
    again = browser.post("/campaigns", data={"like": "nps-survey", "key": "tips"})
    assert again.status_code == 409
    assert "It is up for review." in browser.post("/campaigns/tips/review").text
    live = browser.post("/campaigns/tips/activate").text
    assert "It is live: 0 touches wait" in live
    assert 'action="/campaigns/tips/pause"' in live
    assert "Paused: 0 touches wait" in browser.post("/campaigns/tips/pause").text
    assert "It goes on: 0 touches wait" in browser.post("/campaigns/tips/resume").text
    ended = browser.post("/campaigns/tips/end").text
    assert "Ended: 0 passages" in ended
    assert 'action="/campaigns/tips/' not in ended.replace("/tips/document", "").replace(
        "/tips/fields", ""
    )
    assert "ended" in browser.get("/campaigns").text


def test_a_problem_stands_beside_its_line_and_keeps_what_was_written(browser: TestClient) -> None:
    browser.post("/campaigns", data={"like": "usage-tutorial"})
    source = document.library()["usage-tutorial"]
    broken = re.sub(r"^purpose: .*$", "purpose: </textarea><b>fun", source, flags=re.MULTILINE)
    answer = saved(browser, PAGE, "/document", document_text=broken)
    assert answer.status_code == 422
    assert re.search(r"line \d+, column \d+: purpose", answer.text)
    assert "&lt;/textarea&gt;&lt;b&gt;fun" in answer.text
    renamed = source.replace("key: usage-tutorial", "key: another")
    other = saved(browser, PAGE, "/document", document_text=renamed)
    assert other.status_code == 409


def test_a_field_changes_the_document_and_nothing_else_of_it(browser: TestClient) -> None:
    browser.post("/campaigns", data={"like": "usage-tutorial"})
    before = edited(browser, PAGE)
    page = saved(browser, PAGE, "/fields", priority="77", holdout="12.5")
    assert "priority: 77" in page.text
    assert "holdout: 0.125" in page.text
    assert "version 2" in page.text
    assert "<code>priority</code>" in page.text
    late = {"priority": "50", "holdout": "0", "edited": before}
    refused = browser.post(f"{PAGE}/fields", data=late)
    assert refused.status_code == 409
    assert "somebody saved another text meanwhile" in refused.text


def test_numbers_by_step_and_what_is_next(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    page = browser.get("/campaigns/usage-tutorial").text
    assert '<td class="number">1</td>' in page
    assert re.search(r"\d+ Mar 2026 \d\d:\d\d America/New_York", browser.get("/campaigns").text)
    with app.means.database.begin(brand) as tx:
        [version] = app.means.book.of(tx, "usage-tutorial")
        told = reports.steps(tx, [version])
    assert told.whole
    assert reports.at_step(told, version.campaign.contacts[0].key, ("planned",)) == 1


def test_a_campaign_of_another_brand_is_not_there(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    other = builders.a_brand(app, "rival")
    builders.a_campaign(app, other)
    assert "usage-tutorial</a>" not in browser.get("/campaigns").text
    assert browser.get("/campaigns/usage-tutorial").status_code == 404
    assert browser.post("/campaigns/usage-tutorial/end").status_code == 404
    assert browser.post("/campaigns/usage-tutorial/unheard-of").status_code == 404
    with app.means.database.begin(other) as tx:
        assert [v.state for v in app.means.book.every(tx)] == ["live"]


@pytest.mark.parametrize("key", sorted(document.library()))
def test_every_campaign_of_the_library_can_be_drawn(key: str) -> None:
    campaign = document.read(document.library()[key], name=key)
    drawn = flow.drawn(campaign, title="</title><script>")
    assert "<script>" not in drawn
    assert all(f">{step.key}<" in drawn for step in campaign.contacts)
    assert drawn.count("<rect") == len(list(flow._boxes(campaign))) + 1


def test_what_may_be_done_follows_the_table_of_moves() -> None:
    assert set(deeds.DEEDS) == {"review", "activate", "release", "pause", "resume", "end"}


def test_what_a_campaign_refuses_is_said_on_its_own_page(browser: TestClient) -> None:
    browser.post("/campaigns", data={"like": "usage-tutorial"})
    refused = browser.post("/campaigns/usage-tutorial/resume")
    assert refused.status_code == 409
    assert '<ul class="mark-bad" role="alert"><li>' in refused.text
    assert 'action="/campaigns/usage-tutorial/activate"' in refused.text


def test_a_refusal_of_a_form_without_a_page_says_what_to_do(browser: TestClient) -> None:
    for _ in range(2):
        answer = browser.post("/campaigns", data={"like": "usage-tutorial"})
    assert answer.status_code == 409
    assert "open it, or choose another name" in answer.text
    unread = browser.post("/campaigns", data={"like": "x" * 201})
    assert "body.like: String should have at most 200" in unread.text


def test_a_deed_of_the_console_asks_for_the_right_that_the_api_asks_for() -> None:
    for deed in deeds.DEEDS:
        asked = rights.of("POST", f"{rights.API}/campaigns/{{key}}/{deed}")
        own = rights.of("POST", f"/campaigns/{{key}}/{deed}")
        assert deeds.right_of(deed) == asked
        assert (own or rights.of("POST", "/campaigns/{key}/{deed}")) == asked


def test_forms_are_shown_to_those_alone_who_may_send_them(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    browser.post("/campaigns", data={"like": "usage-tutorial"})
    browser.post("/templates", data={"like": "usage-tutorial"})
    browser.auth, browser.base_url = httpx.Auth(), "https://testserver"
    builders.a_user(app, brand, "ada", role="approver")
    fields = {"login": "ada", "password": builders.PASSWORD}
    browser.post("/login", data=fields, headers={"Origin": "https://testserver"})
    for path in ("/campaigns", "/campaigns/usage-tutorial", "/templates"):
        page = browser.get(path)
        assert page.status_code == 200
        assert 'action="/campaigns"' not in page.text
        assert 'action="/templates"' not in page.text
        assert "textarea" not in page.text
        assert '/review"' not in page.text
    assert "/activate" in browser.get("/campaigns/usage-tutorial").text


def test_who_only_looks_waits_for_nobody_who_changes_a_campaign(
    app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    with app.means.database.begin(brand) as held, app.means.database.begin(brand) as tx:
        store.lock(held, "usage-tutorial")
        tx.execute(text("set local lock_timeout = '200ms'"))
        assert [version.key for version in app.means.book.running(tx)] == ["usage-tutorial"]
