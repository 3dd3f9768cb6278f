"""Does opening a survey's link change nothing, and does one tap answer it, once?"""

import re
from datetime import timedelta

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient

from optout.model import Channel
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.hints import EVENTS_QUEUE
from outreach.inbound import erasure
from outreach.people.model import Person
from outreach.surveys import document, store
from tests import builders as b
from tests.surveys import asking

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "=cmd|' /C calc'!A0",
    "\x00\x1b[31m\u202eevil",
    "'; drop table outreach.events; --",
]


@pytest.fixture
def person(app: Outreach, brand: BrandRef) -> Person:
    return asking.somebody(app, brand, ref="c-1")


@pytest.fixture
def link(app: Outreach, brand: BrandRef, person: Person) -> str:
    """The link of a survey that was just sent."""
    b.a_live_campaign(app, brand, steps=[asking.asks()])
    return asking.path(app, brand, asking.asked(app, brand, person))


def test_opening_the_link_shows_the_question_first_and_changes_nothing(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    for prefetch in (stranger.get(link), stranger.head(link), stranger.get(f"{link}?score=9")):
        assert prefetch.status_code == 200
    page = stranger.get(link).text
    [heading] = re.findall(r"<h1>(.+)</h1>", page)
    assert heading == "How likely are you to recommend us to somebody you know?"
    assert page.count('<button name="score"') == 11
    assert "<script" not in page
    assert "c•••@customers.example" in page
    assert asking.told(app, brand, person) == []


def test_every_control_is_named_and_as_large_as_a_finger(stranger: TestClient, link: str) -> None:
    page = stranger.get(link).text
    controls = re.findall(r"<(?:button|a) [^>]+>", page)
    assert len(controls) == 13
    assert all('class="target' in control for control in controls)
    assert 'aria-label="9 out of 10"' in page
    assert "<fieldset" in page
    assert "<legend>" in page
    style = stranger.get("/static/outreach.css").text
    assert ".target { min-inline-size: 44px; min-block-size: 44px; }" in style


def test_one_tap_answers_and_wakes_a_worker(
    stranger: TestClient,
    app: Outreach,
    brand: BrandRef,
    person: Person,
    link: str,
    broker: StubBroker,
) -> None:
    answer = stranger.post(link, data={"score": "9"})
    assert answer.status_code == 200
    assert "<h1>Thank you</h1>" in answer.text
    [said] = asking.told(app, brand, person)
    assert (said["form"], said["score"], said["band"], said["by"]) == ("nps", 9, "high", "page")
    assert (said["order"], said["product"], said["channel"]) == ("O-1", "Lumen One", "email")
    assert "call_by" not in said
    assert broker.queues[EVENTS_QUEUE].qsize() == 1


def test_an_answer_named_by_a_mails_link_asks_to_be_confirmed(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    page = stranger.get(f"{link}?score=3").text
    assert "You chose 3. Nothing is saved before you press the button." in page
    assert '<button name="score" value="3" class="target">Send 3</button>' in page
    assert asking.told(app, brand, person) == []
    stranger.post(f"{link}?score=3", data={"score": "3"})
    [said] = asking.told(app, brand, person)
    assert (said["score"], said["band"], said["call_by"]) == (3, "low", "2026-03-12T12:00:00+00:00")


def test_it_is_answered_once(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    stranger.post(link, data={"score": "9"})
    again = stranger.post(link, data={"score": "0"})
    assert again.status_code == 200
    assert "<h1>You have answered already</h1>" in stranger.get(link).text
    assert [said["score"] for said in asking.told(app, brand, person)] == [9]


def test_more_may_be_said_once_and_stays_text(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    stranger.post(link, data={"score": "2"})
    assert '<textarea id="why" name="why"' in stranger.get(link).text
    comment = "".join(HOSTILE)
    page = stranger.post(link, data={"more": "yes", "why": comment, "made-up": "x"}).text
    stranger.post(link, data={"more": "yes", "why": "again"})
    [said] = asking.told(app, brand, person, "survey.commented")
    assert said["comment"] == comment.translate({0: None, 0x1B: None, 0x202E: None})
    assert "made-up" not in said
    assert "<textarea" not in page


def test_whoever_has_the_address_may_say_that_it_is_not_theirs(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    page = stranger.post(link, data={"wrong": "person"}).text
    assert "will not use c•••@customers.example for e-mail any more" in page
    assert asking.told(app, brand, person) == []
    address = person.address(Channel.EMAIL)
    assert address
    with app.means.database.begin(brand) as tx:
        newest = app.means.registry.history(tx, brand.key, address.identity)[-1]
    assert (newest.action, newest.channel, newest.how) == ("withdraw", Channel.EMAIL, "link")


def test_a_link_closes(
    stranger: TestClient,
    app: Outreach,
    brand: BrandRef,
    person: Person,
    link: str,
    clock: SteppedClock,
) -> None:
    clock.step_to(b.NOON + timedelta(days=30))
    for answer in (stranger.get(link), stranger.post(link, data={"score": "9"})):
        assert answer.status_code == 410
        assert "<h1>This question is closed</h1>" in answer.text
    assert asking.told(app, brand, person) == []


@pytest.mark.parametrize("form", [{}, {"score": "11"}, {"score": "９"}, {"score": "-1"}])
def test_a_form_that_our_page_did_not_make_changes_nothing(
    stranger: TestClient,
    app: Outreach,
    brand: BrandRef,
    person: Person,
    link: str,
    form: dict[str, str],
) -> None:
    assert stranger.post(link, data=form).status_code == 422
    assert asking.told(app, brand, person) == []


def test_every_bad_link_is_answered_alike(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    b.a_live_campaign(app, brand, "plain", steps=[b.a_step()], trigger={"event": "order.paid"})
    other = asking.somebody(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, other, "order.paid"))
    asks_nothing = asking.path(app, brand, asking.touch_of(app, brand, other))
    gone = app.means.survey_link(brand.key, "tch_" + "a" * 26, Channel.EMAIL)
    other_use = app.means.unsubscribe_link(brand.key, "tch_" + "a" * 26, Channel.EMAIL)
    unusable = [f"/s/{one.rpartition('/')[2]}" for one in (gone, other_use)]
    answers = [
        asker(path).text
        for path in (asks_nothing, *unusable, link[:-1], "/s/x")
        for asker in (stranger.get, stranger.post)
    ]
    assert len(set(answers)) == 1
    assert "This link does not work" in answers[0]


def test_a_forgotten_person_is_asked_nothing(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    erasure.erase(app.means, brand, person.id, evidence="asked")
    assert stranger.get(link).status_code == 404
    assert stranger.post(link, data={"score": "9"}).status_code == 404


def test_the_page_speaks_the_persons_language_or_the_one_they_choose(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    b.a_live_campaign(app, brand, steps=[asking.asks()])
    mei = asking.somebody(app, brand, locale="zh-CN")
    link = asking.path(app, brand, asking.asked(app, brand, mei))
    assert "您有多大可能把我们推荐给身边的人？" in stranger.get(link).text
    assert "How likely are you" in stranger.get(f"{link}?language=en").text


def test_promoters_and_detractors_get_the_same_review_link(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """16 CFR 465.4: no review may be had by asking those alone who are content."""
    with app.means.database.begin(brand) as tx:
        public = document.library()["nps"] + "review: true\n"
        store.put(tx, brand, public, name="nps.yaml")
    b.a_live_campaign(app, brand, steps=[asking.asks()])
    pages = []
    for score in ("0", "10"):
        one = asking.somebody(app, brand)
        link = asking.path(app, brand, asking.asked(app, brand, one))
        pages.append(stranger.post(link, data={"score": score}).text)
    assert pages[0] == pages[1]
    assert '<a href="https://lumen.example/review"' in pages[0]


def test_what_answers_come_to_is_told_to_machines(
    stranger: TestClient, client: TestClient, link: str
) -> None:
    stranger.post(link, data={"score": "3"})
    stranger.post(link, data={"more": "yes", "why": "It broke."})
    told = client.get("/api/v1/surveys/scores?by=product").json()
    [scored] = told["scores"]
    assert (scored["value"], scored["score"]["value"]) == ("Lumen One", -100.0)
    assert told["rates"][0] == {
        "campaign": "reminder", "survey": "nps", "asked": 1, "answered": 1,
    }  # fmt: skip
    [comment] = client.get("/api/v1/surveys/comments?band=low").json()
    assert comment["comment"] == "It broke."
    [call] = client.get("/api/v1/surveys/promises").json()
    assert call["state"] == "open"
    assert client.get("/api/v1/surveys/scores?since=2026-01-01").status_code == 422
    assert stranger.get("/api/v1/surveys/scores").status_code == 401
