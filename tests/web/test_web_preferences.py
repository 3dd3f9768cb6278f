"""Does the page of choices show what holds, change nothing when opened, and save the difference?"""

import re
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from optout import identity, links
from optout.keys import Key
from optout.links import Link, Use
from optout.model import Channel, Entry
from outreach import app as building
from outreach import ids
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.people.model import Person
from outreach.reports import newest
from outreach.settings import Secret, Settings
from tests.web.requests import a_planned_touch

_BOX = re.compile(r'<input type="checkbox" name="on" value="([a-z.]+)"[^>]*>')


def a_link(app: Outreach, brand: BrandRef, channel: Channel = Channel.EMAIL) -> str:
    """The path of the page's link in the first planned touch."""
    with app.means.database.begin(brand) as tx:
        touch = ids.shown(ids.TOUCH, newest.touches(tx)[0]["id"])
    return urlsplit(app.means.preferences_link(brand.key, touch, channel)).path


def said(app: Outreach, brand: BrandRef, person: Person) -> list[Entry]:
    with app.means.database.begin(brand) as tx:
        return [
            entry
            for address in person.addresses
            for entry in app.means.registry.history(tx, brand.key, address.identity)
        ]


def form(page: str, **changes: bool) -> dict[str, list[str]]:
    """What a browser would send for this page, with boxes filled or emptied."""
    boxes = {name.group(1): name.group(0) for name in _BOX.finditer(page)}
    shown = re.findall(r'name="shown" value="([a-z.]+)"', page)
    on = {n for n, box in boxes.items() if " checked" in box and " disabled" not in box}
    for name, filled in changes.items():
        (on.add if filled else on.discard)(name.replace("_", "."))
    return {"form": ["preferences"], "shown": shown, "on": sorted(on)}


@pytest.fixture
def person(app: Outreach, brand: BrandRef) -> Person:
    return a_planned_touch(app, brand)


@pytest.fixture
def link(app: Outreach, brand: BrandRef, person: Person) -> str:  # the person comes first
    return a_link(app, brand)


def test_opening_the_page_shows_what_holds_and_changes_nothing(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    for answer in (stranger.get(link), stranger.head(link)):
        assert answer.status_code == 200
    page = stranger.get(link, headers={"Purpose": "prefetch"}).text
    assert "•••@customers.example" in page
    assert "c-1@customers.example" not in page
    assert "Your order or contract needs it." in page
    assert "<script" not in page
    assert said(app, brand, person) == []


def test_saving_what_was_shown_writes_nothing(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    answer = stranger.post(link, data=form(stranger.get(link).text))
    assert "Your choices are saved." in answer.text
    assert said(app, brand, person) == []


def test_saving_writes_the_difference_once_with_its_proof(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    page = stranger.get(link).text
    sent = form(page, email_service=False, sms_marketing=True)
    for _ in range(2):
        assert stranger.post(link, data=sent).status_code == 200
    entries = {(e.action, e.channel, e.purpose, e.how) for e in said(app, brand, person)}
    assert entries == {
        ("withdraw", "email", "service", "link"),
        ("grant", "sms", "marketing", "link"),
    }
    assert len(said(app, brand, person)) == 2
    assert all(e.evidence.startswith("tch_") for e in said(app, brand, person))


def test_an_old_page_left_open_revives_nothing(
    stranger: TestClient,
    client: TestClient,
    app: Outreach,
    brand: BrandRef,
    person: Person,
    link: str,
) -> None:
    old = form(stranger.get(link).text)
    refused = {"action": "withdraw", "evidence": "call 7"}
    client.post("/api/v1/people/c-1/consent", json=refused)
    stranger.post(link, data=old)
    assert {entry.action for entry in said(app, brand, person)} == {"withdraw"}


def test_nothing_more_withdraws_every_channel_and_purpose(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str
) -> None:
    sent = form(stranger.get(link).text, email_marketing=True) | {"nothing": ["yes"]}
    page = stranger.post(link, data=sent).text
    assert " checked" not in page
    entries = said(app, brand, person)
    assert {(e.action, e.channel, e.purpose) for e in entries} == {("withdraw", None, None)}
    assert len(entries) == len(person.addresses)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"on=email.service", b"form=preferences&on=email.everything", b"form=other",
        b"form=preferences&shown=\xff", b"form=preferences&" + b"on=sms.survey&" * 200,
        b'--x\r\nContent-Disposition: form-data; name="form"\r\n\r\npreferences\r\n--x--',
    ],
)  # fmt: skip
def test_a_form_that_our_page_did_not_make_changes_nothing(
    stranger: TestClient, app: Outreach, brand: BrandRef, person: Person, link: str, body: bytes
) -> None:
    assert stranger.post(link, content=body).status_code == 422
    assert said(app, brand, person) == []


def test_the_page_speaks_the_persons_language(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    a_planned_touch(app, brand, locale="zh-CN")
    page = stranger.get(a_link(app, brand), headers={"Accept-Language": "en"}).text
    assert '<html lang="zh-CN">' in page
    assert "消息偏好设置" in page
    a_planned_touch(app, brand, "c-fr", locale="fr")
    assert stranger.get(a_link(app, brand)).status_code == 200


def test_every_box_has_its_words_and_every_group_its_legend(
    stranger: TestClient, link: str
) -> None:
    """What a screen reader says: a label around each box, its reason described, groups named."""
    page = stranger.get(link).text
    boxes = _BOX.findall(page)
    assert boxes
    assert page.count("<label>") == len(boxes) + 1
    assert (
        page.count("<fieldset>") == page.count("<legend>") == len({b.split(".")[0] for b in boxes})
    )
    described = re.findall(r'aria-describedby="([^"]+)"', page)
    assert set(described) == set(re.findall(r'<span class="quiet" id="([^"]+)"', page))
    assert len(described) == len(boxes)
    assert page.count('<form method="post">') == page.count("<button") == 1


def test_hostile_links_get_one_answer(
    stranger: TestClient, app: Outreach, brand: BrandRef, link: str
) -> None:
    good = link.removeprefix("/p/")
    touch = links.read(app.link_keys, good, use=Use.PREFERENCES).touch
    told = Link(brand.key, touch, Channel.EMAIL)
    bad = [
        "x", "A" * 600, good[:-1], good + "A", "%00",
        links.make(app.link_keys, told, use=Use.UNSUBSCRIBE),
        links.make((Key(1, b"z" * 32),), told, use=Use.PREFERENCES),
        links.make(app.link_keys, Link("rival", touch, Channel.EMAIL), use=Use.PREFERENCES),
    ]  # fmt: skip
    for method in ("GET", "POST"):
        answers = {
            (a.status_code, a.text) for t in bad for a in [stranger.request(method, f"/p/{t}")]
        }
        assert len(answers) == 1
        assert answers.pop()[0] == 404


def test_the_unsubscribe_page_leads_here(
    stranger: TestClient, app: Outreach, brand: BrandRef, link: str
) -> None:
    token = links.read(app.link_keys, link.removeprefix("/p/"), use=Use.PREFERENCES)
    unsubscribe = links.make(app.link_keys, token, use=Use.UNSUBSCRIBE)
    assert link in stranger.get(f"/u/{unsubscribe}").text


def test_old_links_and_withdrawals_hold_after_the_key_was_replaced() -> None:
    """The former key keeps its number, so what it made is found again."""
    known = {"database_url": "postgresql:///nowhere"}
    first, second, third = ("a" * 32, "b" * 32, "c" * 32)
    before = building.build(Settings(secret_key=Secret(first), **known))
    after = building.build(
        Settings(secret_key=Secret(third), former_secret_keys=Secret(f"{first} {second}"), **known)
    )
    told = Link("lumen", "tch_1", Channel.EMAIL)
    token = links.make(before.link_keys, told, use=Use.PREFERENCES)
    assert links.read(after.link_keys, token, use=Use.PREFERENCES) == told
    who = identity.email("jo@customers.example")
    assert before.means.hasher.hash(who) in after.means.hasher.all(who)
    assert after.means.hasher.hash(who)[0] == 3
    for one in (before, after):
        one.close()
