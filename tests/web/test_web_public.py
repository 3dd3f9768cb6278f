"""Does opening an unsubscribe link change nothing, and pressing its button end it, once?"""

from urllib.parse import urlsplit

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient

from optout import links
from optout.keys import Key
from optout.links import Link, Use
from optout.model import Channel, Entry, How
from outreach import ids
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.hints import EVENTS_QUEUE
from outreach.people.model import Person
from outreach.reports import newest
from tests import builders
from tests.web.requests import a_planned_touch

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def a_link(app: Outreach, brand: BrandRef, channel: Channel = Channel.EMAIL) -> str:
    """The path of the unsubscribe link in the first planned touch."""
    with app.means.database.begin(brand) as tx:
        touch = ids.shown(ids.TOUCH, newest.touches(tx)[0]["id"])
    return urlsplit(app.means.unsubscribe_link(brand.key, touch, channel)).path


def said(app: Outreach, brand: BrandRef, person: Person, channel: Channel) -> list[Entry]:
    address = person.address(channel)
    assert address
    with app.means.database.begin(brand) as tx:
        return app.means.registry.history(tx, brand.key, address.identity)


def test_opening_the_link_shows_a_button_and_changes_nothing(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    person = a_planned_touch(app, brand)
    link = a_link(app, brand)
    for answer in (stranger.get(link), stranger.head(link), stranger.get(link)):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = stranger.get(link).text
    assert '<form method="post">' in page
    assert "Lumen" in page
    assert "•••@customers.example" in page
    assert "c-1@customers.example" not in page
    assert said(app, brand, person, Channel.EMAIL) == []


@pytest.mark.parametrize(
    ("sent", "how"),
    [
        ({"data": ONE_CLICK}, How.ONE_CLICK),
        ({"files": {"List-Unsubscribe": (None, "One-Click")}}, How.ONE_CLICK),
        ({"data": {"from": "page"}}, How.LINK),
        ({}, How.LINK),
    ],
)
def test_a_post_withdraws_the_channel_once(
    stranger: TestClient, app: Outreach, brand: BrandRef, sent: dict[str, object], how: How
) -> None:
    person = a_planned_touch(app, brand)
    link = a_link(app, brand)
    answers = [stranger.post(link, **sent) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].text == answers[1].text
    assert "You are unsubscribed" in answers[0].text
    assert "set-cookie" not in answers[0].headers
    [entry] = said(app, brand, person, Channel.EMAIL)
    assert (entry.action, entry.how, entry.channel) == ("withdraw", how, Channel.EMAIL)
    assert entry.purpose is None
    assert entry.evidence.startswith("tch_")
    assert said(app, brand, person, Channel.SMS) == []


def test_after_the_post_nothing_is_sent(
    stranger: TestClient, app: Outreach, brand: BrandRef, client: TestClient
) -> None:
    a_planned_touch(app, brand)
    for channel in (Channel.EMAIL, Channel.SMS):
        stranger.post(a_link(app, brand, channel), data=ONE_CLICK)
    told = client.get("/api/v1/explain/people/c-1").json()["touches"]
    assert {one["now_says"] for one in told} == {"skip"}


def test_an_old_link_still_works_after_a_new_permission(
    stranger: TestClient, client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    person = a_planned_touch(app, brand)
    link = a_link(app, brand)
    stranger.post(link, data=ONE_CLICK)
    granted = {"action": "grant", "evidence": "form 7", "channel": "email"}
    client.post("/api/v1/people/c-1/consent", json=granted)
    stranger.post(link, data=ONE_CLICK)
    actions = [entry.action for entry in said(app, brand, person, Channel.EMAIL)]
    assert actions == ["withdraw", "grant", "withdraw"]


def test_the_page_speaks_the_persons_language(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand, locale="zh-CN")
    link = a_link(app, brand)
    assert "确认退订" in stranger.get(link, headers={"Accept-Language": "en"}).text
    assert "退订成功" in stranger.post(link, data=ONE_CLICK).text


def test_a_hostile_brand_name_stays_text(stranger: TestClient, app: Outreach) -> None:
    name = "<script>alert(1)</script>\"'{{7*7}}"
    brand = builders.a_brand(app)
    a_planned_touch(app, brand)
    with app.means.database.begin(brand) as tx:
        tx.exec_driver_sql("update outreach.brands set name = %s", (name,))
    for page in (stranger.get(a_link(app, brand)), stranger.post(a_link(app, brand))):
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text
        assert "{{7*7}}" in page.text


def test_every_bad_link_gets_the_same_answer(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand)
    good = a_link(app, brand).removeprefix("/u/")
    touch = links.read(app.link_keys, good, use=Use.UNSUBSCRIBE).touch
    other = ids.shown(ids.TOUCH, ids.derived(ids.TOUCH, "none"))
    builders.a_brand(app, "rival")

    def made(told: Link, use: Use = Use.UNSUBSCRIBE, secret: Key | None = None) -> str:
        return links.make((secret,) if secret else app.link_keys, told, use=use)

    bad = [
        "x", "A" * 600, good[:-1], good + "A", good.swapcase(), "%00", "..%2f..", "é",
        made(Link("lumen", touch, Channel.EMAIL), use=Use.SURVEY),
        made(Link("lumen", touch, Channel.EMAIL), secret=Key(1, b"z" * 32)),
        made(Link("lumen", other, Channel.EMAIL)),
        made(Link("lumen", "no touch", Channel.EMAIL)),
        made(Link("rival", touch, Channel.EMAIL)),
        made(Link("nobody", touch, Channel.EMAIL)),
    ]  # fmt: skip
    for method in ("GET", "POST"):
        answers = [stranger.request(method, f"/u/{token}") for token in bad]
        shown = {(a.status_code, a.text) for a in answers if a.url.path.count("/") == 2}
        assert len(shown) == 1
        assert shown.pop()[0] == 404
        assert {a.status_code for a in answers} == {404}


def test_a_refusal_that_is_to_be_confirmed_wakes_a_worker(
    stranger: TestClient, app: Outreach, brand: BrandRef, broker: StubBroker
) -> None:
    """The one text that confirms it is of use for minutes; repeated, the refusal begins nothing."""
    a_planned_touch(app, brand)
    link = a_link(app, brand, Channel.SMS)
    for _ in range(2):
        assert stranger.post(link).status_code == 200
    assert broker.queues[EVENTS_QUEUE].qsize() == 1
