"""Does every screen hold in a real browser: no barrier, no dialog, nothing from elsewhere?"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import text

from optout.list_lines import Layout
from optout.lists import Incoming
from optout.model import Channel
from outreach.callbacks import quality, queues
from outreach.inbound import lists, taken_lists
from outreach.proofs import store as proofs
from outreach.proofs.store import Own
from outreach.web.console import navigation
from tests import builders
from tests.browser.conftest import Site, visiting
from tests.callbacks.test_callbacks_quality import SOURCE
from tests.callbacks.test_callbacks_queues import CARE
from tests.web.requests import a_planned_touch

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7 * 7 }}'


_RENAME = text("update outreach.persons set ref = :ref where ref = 'c-bad'")
_WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

_MARKUP = HOSTILE.partition("{{")[0]  # a text of ours would rightly fill what stands in braces
_WITHIN = (
    "/campaigns/usage-tutorial", "/templates/usage-tutorial-1", "/why?q=c-1", "/?view=wall",
    "/campaigns/hostile", "/campaigns/hostile/reviews", "/templates/bad", "/people?q=c-2",
    "/unsent?which=held", "/me", "/lead/queues/care", "/lead/calls?card=courtesy",
    "/settings/access",
)  # fmt: skip


@pytest.fixture(scope="module")
def lived_in(site: Site) -> Site:
    """A brand with a person, a campaign, and a name that somebody meant badly."""
    a_planned_touch(site.app, site.brand)
    builders.a_person(site.app, site.brand, "c-bad", name=HOSTILE)
    builders.a_live_campaign(site.app, site.brand, "hostile", name={"en": HOSTILE})
    builders.a_text(site.app, site.brand, "bad", _MARKUP)
    other = builders.a_person(site.app, site.brand, "c-2", name=HOSTILE)
    told = dict.fromkeys(("case", "opened_at", "order", "reason"), HOSTILE)
    opened = builders.an_event(site.app, site.brand, other, "case.opened", **told)
    builders.accepted(site.app, site.brand, opened)
    with site.app.means.database.begin(site.brand) as tx:
        own = Own(Channel.EMAIL, "robin@northpine.example", _MARKUP)
        proofs.put(tx, site.brand, own, by="tests", now=builders.NOON)
        queues.put(tx, site.brand, CARE.replace("Ana", "<b>Ana"), name="care", now=builders.NOON)
        quality.put(tx, site.brand, SOURCE, name="courtesy", now=builders.NOON)
        tx.execute(text("update outreach.brands set name = :name"), {"name": HOSTILE})
        tx.execute(_RENAME, {"ref": HOSTILE})
    means, day = site.app.means, builders.NOON.date()
    edition = lists.edition("own", brand=site.brand.key, as_of=day, expires_on=None, channels=())
    coming = Incoming(edition, Layout.LINES, HOSTILE)
    taken_lists.take_in(means, site.brand, coming, ["+12125550100\n"], by=HOSTILE)
    return site


def _newest_list(site: Site) -> str:
    """The page of the list that was taken in last."""
    with site.app.means.database.begin(site.brand) as tx:
        return f"/consent/lists/{taken_lists.newest(tx)[0].id}"


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_screen_is_open_to_everybody(chromium: Browser, lived_in: Site, theme: str) -> None:
    """axe-core finds no violation of WCAG 2.2 AA, and no screen shows a node made of data."""
    axe, found = Axe(), {}
    with visiting(chromium, lived_in, color_scheme=theme) as (page, complaints):
        for path in (
            *(place.path for place in navigation.PLACES),
            *_WITHIN,
            _newest_list(lived_in),
        ):
            answer = page.goto(lived_in.url + path)
            assert answer is not None
            assert answer.status == 200, path
            told = axe.run(page, options=_WCAG).response["violations"]
            if told:
                found[path] = [(v["id"], v["nodes"][0]["html"]) for v in told]
            assert page.locator("img[src=x], main script").count() == 0, path
        assert (found, complaints) == ({}, [])


def test_language_and_colours_are_changed_by_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.get_by_role("button", name="中文").press("Enter")
    page.wait_for_url(f"{site.url}/")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.get_by_role("button", name="浅色").press("Enter")
    page.get_by_role("button", name="深色").press("Enter")
    page.get_by_role("button", name="跟随系统").wait_for()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
