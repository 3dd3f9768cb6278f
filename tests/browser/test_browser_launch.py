"""Does a campaign get from the library to its people in a browser, by two persons' hands?"""

import re
from contextlib import ExitStack, nullcontext
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from optout.model import Channel
from outreach.clock import SteppedClock
from outreach.embedded import desk
from outreach.proofs import store as proofs
from outreach.proofs.store import Own
from outreach.replay import job
from outreach.replay.ground import Ground
from tests import builders as b
from tests.browser.conftest import Site, visiting
from tests.clones import cloned

TIPS = "/campaigns/tips"
LISBON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": ""}
ROBIN = Own(Channel.EMAIL, "robin@northpine.example", "Robin")


def passed(site: Site, minutes: int) -> None:
    """Time goes on, and workers do what is due."""
    clock = SteppedClock(Path(site.app.settings.clock.removeprefix("file:")))
    clock.step_to(clock() + timedelta(minutes=minutes))
    b.everything_due(site.app)


def pressed(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_campaign_is_launched_by_two_people_and_watched(
    chromium: Browser, site: Site, migrated: desk.Servers
) -> None:
    """Library, form, test, review, another's word, a glance at the first, events, numbers."""
    brand = site.brand
    with site.app.means.database.begin(brand) as tx:
        proofs.put(tx, brand, ROBIN, by="tests", now=b.NOON)
    with ExitStack() as stack:

        def open_for(login: str, role: str) -> tuple[Page, list[str]]:
            session = b.a_session(site.app, b.a_user(site.app, brand, login, role=role))
            known = Site(site.app, brand, site.url, session)
            return stack.enter_context(visiting(chromium, known))

        (mira, said_to_mira), (ada, said_to_ada) = (
            open_for("mira", "marketer"), open_for("ada", "approver"),
        )  # fmt: skip
        mira.on("dialog", lambda asking: asking.accept())
        _drafted(mira, site)
        _reviewed(mira, site, migrated)
        _approved(ada, site)
        _gone_live(mira, site)
        _mended(mira, site)
        assert (said_to_mira, said_to_ada) == ([], [])


def _drafted(page: Page, site: Site) -> None:
    """From the library, in the form beside the document, and read on one's own screen."""
    page.goto(f"{site.url}/campaigns")
    page.locator("#like").select_option("usage-tutorial")
    page.locator("#key").fill("tips")
    pressed(page, "Begin a draft")
    page.get_by_text("The draft is kept").wait_for()
    page.get_by_label("So many first wait for a glance").fill("20")
    page.get_by_label("Left alone to compare").fill("0")
    page.get_by_label("Goes after lesson-1").fill("10 min")
    pressed(page, "Change the document")
    page.get_by_text("version 2").first.wait_for()
    written = page.locator("#document_text").input_value()
    assert all(one in written for one in ("after: 10 min", "holdout: 0.0", '"first": 20'))
    pressed(page, "Send a test")
    page.get_by_text("Tests: 2 accepted by the provider").wait_for()
    assert [one.to for one in b.reached(site.app, Channel.EMAIL)] == [ROBIN.address] * 2


def _reviewed(page: Page, site: Site, migrated: desk.Servers) -> None:
    """The page that says what would happen, made beside everything else."""
    page.get_by_role("link", name="Review before launch").click()
    page.get_by_label("So many past days").fill("1")
    pressed(page, "Make the review")
    page.get_by_text("waits its turn").wait_for()
    with cloned(migrated) as clone:
        ground = Ground(clone.superuser_url, clone.url)
        assert job.look(site.app, place=lambda: nullcontext(ground)) == 1
    page.reload()
    frame = page.frame_locator("iframe.review")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Getting started")
    page.goto(f"{site.url}{TIPS}")
    expect(page.get_by_role("button", name="Go live", exact=True)).to_be_disabled()
    pressed(page, "Put up for review")
    page.get_by_text("It is up for review.").wait_for()


def _approved(page: Page, site: Site) -> None:
    """By another person, who has read the same page."""
    page.goto(f"{site.url}{TIPS}/reviews")
    expect(page.frame_locator("iframe.review").get_by_role("table").first).to_be_visible()
    pressed(page, "Approve")
    page.get_by_text("ada").first.wait_for()


def _gone_live(page: Page, site: Site) -> None:
    """The first wait for a glance; released, they go out, and the page tells how many."""
    page.goto(f"{site.url}{TIPS}")
    pressed(page, "Go live")
    page.get_by_text("It is live").wait_for()
    people = [b.a_person(site.app, site.brand, f"c-{n}", **LISBON) for n in range(3)]
    b.accepted(
        site.app, site.brand,
        *(b.an_event(site.app, site.brand, one, parcel=one.ref) for one in people),
    )  # fmt: skip
    passed(site, 15)
    page.goto(f"{site.url}/unsent?which=held&reason=awaiting_glance")
    expect(page.get_by_role("link", name=re.compile("^c-"))).to_have_count(6)
    page.goto(f"{site.url}{TIPS}")
    pressed(page, "Release one step on")
    page.get_by_text("Released: 6 touches go on").wait_for()
    passed(site, 5)
    page.goto(f"{site.url}{TIPS}")
    row = page.get_by_role("row", name=re.compile("^lesson-1"))
    expect(row).to_have_text(re.compile(r"lesson-1\s+0\s+0\s+0\s+0\s+3\s+0"))
    page.goto(site.url)
    expect(page.get_by_role("row", name=re.compile("^tips e-mail"))).to_contain_text("3")


def _mended(page: Page, site: Site) -> None:
    """What is wrong with a text stands beside it, and is gone once it is mended."""
    page.goto(f"{site.url}/templates/usage-tutorial-1")
    area = page.locator("#document_text")
    right = area.input_value()
    area.fill(right.replace("}}", "}", 1))
    pressed(page, "Keep as newest version")
    expect(page.get_by_role("alert")).to_contain_text("line")
    area.fill(f"{right}# mended\n")
    pressed(page, "Keep as newest version")
    page.get_by_text("The text is kept as its newest version").wait_for()
