"""Do the two pages say it plainly, in both languages, and treat every name as text?"""

import base64
import re
from collections.abc import Iterator

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.hints import Hints
from outreach.web import server
from outreach.web.console import navigation
from tests import builders
from tests.web.requests import a_planned_touch

OUR_SCRIPT = '<script src="/static/console.js" defer></script>'
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; drop table touches; --",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "</title><style>*{display:none}</style>",
    "&lt;b&gt;",
    "\u202eright to left",
]


@pytest.fixture
def browser(app: Outreach, broker: StubBroker, key: str) -> Iterator[TestClient]:
    """A browser whose user has given the key."""
    given = base64.b64encode(f"anybody:{key}".encode()).decode()
    headers = {"Authorization": f"Basic {given}", "Accept": "text/html"}
    with TestClient(server.create(app, Hints(broker)), headers=headers) as client:
        yield client


def test_an_empty_day_says_so(browser: TestClient) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert "Nothing has gone out today." in page.text
    assert "Nothing is held." in page.text
    assert "America/New_York" in page.text


def test_today_tells_what_went_out_and_what_is_held(
    browser: TestClient, app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    a_planned_touch(app, brand)
    a_planned_touch(app, brand, "c-2", zone="Asia/Shanghai", country="CN", subdivision=None)
    with app.means.database.begin(brand) as tx:
        first = tx.execute(text("select min(due_at) from outreach.touches")).scalar_one()
    clock.step_to(max(first, clock()))
    builders.everything_due(app)
    english, chinese = browser.get("/").text, browser.get("/?language=zh-CN").text
    assert "usage-tutorial" in english
    assert "Latest" in english
    assert 'href="/why?q=tch_' in english
    assert "c-2" in english
    assert builders.reached(app, Channel.SMS) or builders.reached(app, Channel.EMAIL)
    assert english != browser.get("/?language=zh-CN").text
    assert "Nothing has gone out today." not in english
    assert "今日" in chinese
    assert 'lang="zh-CN"' in chinese


def test_why_begins_with_a_sentence_and_cites_its_rules(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    page = browser.get("/why", params={"q": "c-1"}).text
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings[0] == "It waits for its time."
    assert "America/New_York" in page
    assert "Rules that bear on it" in page
    assert "not legal advice" in page
    touch = re.search(r"tch_[a-z2-7]{26}", page)
    assert touch
    again = browser.get("/why", params={"q": touch[0], "language": "zh-CN"}).text
    assert "等待发送时间。" in again
    assert "不构成法律意见" in again


def test_why_without_a_question_asks_for_one(browser: TestClient) -> None:
    page = browser.get("/why")
    assert page.status_code == 200
    assert "not legal advice" in page.text


@pytest.mark.parametrize("asked", ["nobody", "tch_" + "a" * 26, "tch_", "é" * 100])
def test_why_says_when_there_is_nothing(browser: TestClient, asked: str) -> None:
    page = browser.get("/why", params={"q": asked})
    assert page.status_code == 404
    assert "There is no touch and no person of that name here." in page.text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_as_text(
    browser: TestClient, app: Outreach, brand: BrandRef, name: str
) -> None:
    a_planned_touch(app, brand)
    with app.means.database.begin(brand) as tx:
        for statement in (
            "update outreach.persons set ref = %s, name = %s",
            "update outreach.campaigns set key = %s || %s",
            "update outreach.brands set name = %s || %s",
            "update outreach.enrolments set state = 'declined', detail = %s || %s",
            "update outreach.enrolments set reason = 'holdout' where %s = %s",
        ):
            tx.exec_driver_sql(statement, (name, name))
    for page in (browser.get("/"), browser.get("/why", params={"q": name})):
        assert page.status_code in {200, 404}
        assert page.text.replace(OUR_SCRIPT, "").count("<script") == 0
        assert "<img" not in page.text
        assert page.text.count("<style") == 0
        assert "49" not in re.sub(r"\d{2}:\d{2}", "", page.text)
    with app.means.database.begin(brand) as tx:
        assert tx.execute(text("select count(*) from outreach.touches")).scalar_one() > 0


def test_pages_carry_no_script_and_load_nothing_from_elsewhere(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    for page in (browser.get("/"), browser.get("/why?q=c-1"), browser.get("/u/x")):
        assert page.text.replace(OUR_SCRIPT, "").count("<script") == 0
        assert " on" not in "".join(re.findall(r"<[^>]*>", page.text)).replace(" one", "")
        assert "style=" not in page.text
        links = set(re.findall(r'(?:src|href)="([^"?]*)', page.text))
        assert {link for link in links if not link.startswith("/people/per_")} <= {
            "#main", "/static/outreach.css", "/static/console.css", "/static/console.js",
            "/static/vendor/bootstrap/css/bootstrap.min.css",
            *(place.path for place in navigation.PLACES),
        }  # fmt: skip
    for sheet in ("outreach.css", "console.css"):
        assert "url(" not in browser.get(f"/static/{sheet}").text
    css = browser.get("/static/outreach.css")
    assert css.status_code == 200
    assert "prefers-color-scheme: dark" in css.text


def test_a_person_without_any_plan_is_told_apart_from_nobody(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    builders.a_person(app, brand, "c-7")
    page = browser.get("/why", params={"q": "c-7"})
    assert page.status_code == 200
    assert "Nothing was ever planned for this person." in page.text


def test_why_answers_what_would_be(browser: TestClient, app: Outreach, brand: BrandRef) -> None:
    """Of a contact that nobody has planned; the instant is read on the brand's clock."""
    a_planned_touch(app, brand)
    asked = {"q": "c-1", "campaign": "usage-tutorial", "at": "2026-03-11T23:30"}
    page = browser.get("/why", params=asked)
    assert page.status_code == 200
    [sentence] = re.findall(r"<h2>(.*?)</h2>", page.text)
    assert sentence.startswith("It would ")
    assert "2026-03-11 23:30 America/New_York" in page.text
    assert browser.get("/why", params=asked | {"campaign": "nothing"}).status_code == 404
    assert browser.get("/why", params=asked | {"at": "soon"}).status_code == 422
