"""Does whoever works for one brand see another one nowhere, and get everywhere by keyboard?"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from optout.model import Channel
from outreach import ids
from outreach.inbound import cases
from outreach.inbound.cases import Raised
from tests import builders
from tests.browser.conftest import Site, visiting
from tests.browser.test_browser_screens import _WCAG
from tests.browser.test_browser_work import path_of
from tests.surveys import asking

RIVAL = "rival"
_FOR_USERS = ("/", "/campaigns", "/templates", "/unsent?which=held", "/consent", "/people", "/lead")
_FOR_BOTH = ("/portal", "/reports", "/planned")
_FOCUSED = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect();
    const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const line = getComputedStyle(at);
    return {
        tag: at.tagName, name: at.name || at.textContent.trim(),
        width: box.width, height: box.height,
        outlined: line.outlineStyle === 'solid' && parseFloat(line.outlineWidth) >= 2,
        seen: at.contains(seen) || Boolean(seen && seen.contains(at)),
        inline: line.display === 'inline',
    };
}"""


@pytest.fixture(scope="module")
def rivals(site: Site) -> str:
    """Another brand of the same installation, to whose person everything happens; their id."""
    rival = builders.a_brand(site.app, RIVAL)
    builders.a_text(site.app, rival, f"{RIVAL}-text", f"From {RIVAL} alone.")
    step = builders.a_step(template=f"{RIVAL}-text")
    builders.a_live_campaign(site.app, rival, f"{RIVAL}-campaign", steps=[step])
    person = builders.a_person(site.app, rival, f"{RIVAL}-1", name="Rivalia Example")
    builders.accepted(site.app, rival, builders.an_event(site.app, rival, person))
    builders.everything_due(site.app)
    cases.raise_case(site.app.means, rival, person.id, Raised("damage", RIVAL, "theirs"))
    return ids.shown(ids.PERSON, person.id)


@pytest.mark.parametrize("role", ["admin", "client"])
def test_nobody_of_one_brand_sees_another(
    chromium: Browser, site: Site, rivals: str, role: str
) -> None:
    """Neither on a page, nor by searching, nor by an address that they know or guess."""
    user = builders.a_user(site.app, site.brand, role=role)
    known = Site(site.app, site.brand, site.url, builders.a_session(site.app, user))
    with visiting(chromium, known) as (page, complaints):
        for path in (*_FOR_BOTH, *(_FOR_USERS if role == "admin" else ())):
            page.goto(site.url + path)
            assert RIVAL not in page.content().lower(), path
        closed = [f"/people/{rivals}", f"/why?q={RIVAL}-1", f"/campaigns/{RIVAL}-campaign",
                  f"/portal?brand={RIVAL}", f"/people/{rivals}/export"]  # fmt: skip
        for path in closed:
            answer = page.goto(site.url + path)
            assert answer is not None
            assert answer.status in {403, 404}, path
            assert "Rivalia" not in page.content(), path
        assert complaints == []


def test_every_stop_of_the_keyboard_is_seen_and_large_enough(page: Page, site: Site) -> None:
    """WCAG 2.2: focus visible (2.4.7), not obscured (2.4.11), targets of 24 px (2.5.8)."""
    for path in ("/people", "/consent"):
        page.goto(site.url + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        stops = []
        for _ in range(60):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(_FOCUSED))
            if stops[-1]["tag"] == "BODY":
                break
        walked = [one for one in stops if one["tag"] != "BODY"]
        assert len(walked) > 15, path
        # The button within a date's field, a stop of its own, is drawn by the browser.
        seen = {one["name"] for one in walked if one["outlined"] and one["seen"]}
        assert {one["name"] for one in walked} == seen, path
        small = [one for one in walked if min(one["width"], one["height"]) < 24]
        assert [one for one in small if not one["inline"]] == [], path


@pytest.mark.long
def test_the_pages_of_strangers_are_open_to_everybody(chromium: Browser, site: Site) -> None:
    """Unsubscribe, preferences, survey and what has expired: axe-core finds nothing wrong."""
    builders.a_live_campaign(site.app, site.brand, "asks", steps=[asking.asks()])
    person = asking.somebody(site.app, site.brand)
    touch = ids.shown(ids.TOUCH, asking.asked(site.app, site.brand, person))
    means, brand, axe = site.app.means, site.brand.key, Axe()
    links = [
        link(brand, touch, Channel.EMAIL)
        for link in (means.unsubscribe_link, means.preferences_link, means.survey_link)
    ]
    found = {}
    with visiting(chromium, site) as (page, complaints):
        for path in (*(path_of(site, link) for link in links), f"{site.url}/s/of-nothing"):
            for language in ("en", "zh-CN"):
                page.goto(f"{path}?language={language}")
                if told := axe.run(page, options=_WCAG).response["violations"]:
                    found[path] = [(v["id"], v["nodes"][0]["html"]) for v in told]
        assert (found, complaints) == ({}, [])
