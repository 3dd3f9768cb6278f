"""Do people get their work done by keyboard, and does what customers write stay text?"""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from optout.model import Channel
from outreach import ids
from outreach.callbacks import settling
from outreach.inbound import cases
from outreach.inbound.cases import Raised
from outreach.people.model import Person
from tests import builders
from tests.browser.conftest import Site, visiting
from tests.surveys import asking

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7 * 7 }}'
LISBON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": "+351210001234"}
NOWHERE = {"country": None, "subdivision": None, "zone": None, "phone": "+80012345678"}
CALL = builders.a_step(kind="callback", channels=["voice"], template="delivery-check-call")


def told(site: Site, person: Person, kind: str) -> None:
    """Something happened to this person, and what follows from it is done."""
    event = builders.an_event(
        site.app, site.brand, person, kind, parcel=person.ref, order=person.ref
    )
    builders.accepted(site.app, site.brand, event)
    builders.everything_due(site.app)


def press(page: Page, key: str) -> None:
    """The key, once the page's script listens to it."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def test_an_agent_takes_dials_and_ends_a_call_by_keys(page: Page, site: Site) -> None:
    """And takes it back within ten seconds; whatever the person is called."""
    begins = {"event": "order.confirmed"}
    builders.a_live_campaign(site.app, site.brand, "calls", trigger=begins, steps=[CALL])
    person = builders.a_person(site.app, site.brand, "c-call", name=HOSTILE, **LISBON)
    told(site, person, "order.confirmed")
    page.goto(f"{site.url}/desk?agent=ana")
    press(page, "n")
    page.wait_for_url("**/desk/tsk_*")
    expect(page.locator(".dialled")).to_have_text("+35•••34")
    press(page, "d")
    expect(page.locator(".dialled")).to_have_text("+351210001234")
    page.locator("#note").fill("asked <b>twice</b>")
    page.locator("#note").press("1")  # a digit in a note is a digit
    expect(page.locator("#note")).to_have_value("asked <b>twice</b>1")
    page.locator("h1").click()
    press(page, "c")
    expect(page.locator("#promised")).to_be_focused()
    page.locator("h1").click()
    press(page, "3")
    page.get_by_text("It is noted how the call ended.").wait_for()
    press(page, "u")
    page.get_by_text("It is taken back").wait_for()
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.long
def test_a_call_ends_with_what_follows_it_by_one_key(page: Page, site: Site) -> None:
    """Written down as reached, with what was noted: no ending has to be chosen beside it."""
    begins = {"event": "order.cancelled"}
    builders.a_live_campaign(site.app, site.brand, "refunds", trigger=begins, steps=[CALL])
    after = {"event": settling.TYPE}
    builders.a_live_campaign(site.app, site.brand, "thanks", trigger=after)
    person = builders.a_person(site.app, site.brand, "c-follow", **LISBON)
    told(site, person, "order.cancelled")
    page.goto(f"{site.url}/desk?agent=ana")
    press(page, "n")
    page.wait_for_url("**/desk/tsk_*")
    press(page, "d")
    page.locator("#note").fill("wants the guide")
    page.locator("h1").click()
    press(page, "s")
    page.get_by_text("It is noted how the call ended.").wait_for()
    expect(page.locator("main")).to_contain_text("wants the guide")


@pytest.mark.long
def test_an_agent_copies_and_confirms_a_text_by_keys(page: Page, site: Site) -> None:
    """One key copies it and says so to the server, one says that it was pasted."""
    by_hand = builders.by_hands(site.app)
    builders.a_text(site.app, site.brand, "by-hand", "Your kettle is there.")
    step = builders.a_step(channels=["chat"], template="by-hand")
    begins = {"event": "parcel.shipped"}
    builders.a_live_campaign(by_hand, site.brand, "by-hand", trigger=begins, steps=[step])
    person = builders.a_person(by_hand, site.brand, "c-copy", handle="tb_mei88", **LISBON)
    told(replace(site, app=by_hand), person, "parcel.shipped")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site.url}/desk?agent=ana")
    press(page, "t")
    page.wait_for_url("**/desk/tsk_*")
    press(page, "c")
    expect(page.locator(".dialled")).to_have_text("tb_mei88")
    assert page.evaluate("navigator.clipboard.readText()") == "Your kettle is there."
    press(page, "1")
    page.get_by_text("It is noted how the call ended.").wait_for()


def test_what_was_not_sent_is_explained_and_mended(page: Page, site: Site) -> None:
    """From the list by its reason to the sentence, the button, and the sentence after it."""
    texts = builders.a_step(channels=["sms"])
    builders.a_live_campaign(
        site.app, site.brand, "texts", trigger={"event": "order.paid"}, steps=[texts]
    )
    told(site, builders.a_person(site.app, site.brand, "c-where", **NOWHERE), "order.paid")
    page.goto(f"{site.url}/unsent?which=held&reason=place_unknown")
    page.get_by_role("link", name="c-where").click()
    page.get_by_label("On which clock do they live?").fill("Europe/Lisbon")
    page.get_by_role("button", name="Add the zone").press("Enter")
    page.get_by_text("The zone is written down").wait_for()
    expect(page.locator("article")).to_contain_text("Europe/Lisbon")
    expect(page.get_by_label("On which clock do they live?")).to_have_count(0)


def test_a_case_that_holds_a_contact_is_closed_where_it_is_explained(
    page: Page, site: Site
) -> None:
    """The sentence names it, its button closes it, and the sentence after it names it no more."""
    begins = {"event": "order.placed"}
    builders.a_live_campaign(site.app, site.brand, "held", trigger=begins, steps=[asking.asks()])
    person = asking.somebody(site.app, site.brand)
    key, _ = cases.raise_case(site.app.means, site.brand, person.id, Raised("damage", "ana"))
    told(site, person, "order.placed")
    page.goto(f"{site.url}/unsent?which=held&reason=care_hold")
    page.get_by_role("link", name=person.ref).click()
    page.get_by_role("button", name=key).press("Enter")
    page.get_by_role("status").wait_for()
    expect(page.get_by_role("button", name=key)).to_have_count(0)


def test_a_customer_answers_without_a_login_and_says_no(chromium: Browser, site: Site) -> None:
    """Opening a link changes nothing; what was written comes to the console as text."""
    builders.a_live_campaign(site.app, site.brand, "asks", steps=[asking.asks()])
    person = asking.somebody(site.app, site.brand)
    touch = ids.shown(ids.TOUCH, asking.asked(site.app, site.brand, person))
    means, brand = site.app.means, site.brand.key
    with visiting(chromium, site, java_script_enabled=False) as (page, complaints):
        page.goto(path_of(site, means.survey_link(brand, touch, Channel.EMAIL)))
        page.locator("button[name=score][value='2']").click()
        page.locator("textarea").first.fill(HOSTILE)
        page.get_by_role("button", name="Send").click()
        page.goto(path_of(site, means.unsubscribe_link(brand, touch, Channel.EMAIL)))
        page.get_by_role("button", name="Stop these messages").click()
        page.get_by_text("You are unsubscribed").wait_for()
        page.goto(f"{site.url}/surveys")
        expect(page.get_by_text(HOSTILE)).to_have_count(1)
        page.goto(f"{site.url}/consent")
        expect(page.locator("tr", has_text="refused").first).to_contain_text(person.ref)
        assert page.locator("img[src=x]").count() == 0
        assert complaints == []


def path_of(site: Site, link: str) -> str:
    """The link as this server answers to it."""
    return f"{site.url}{urlsplit(link).path}"
