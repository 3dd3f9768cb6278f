"""Is a campaign's review asked for, shown and kept with the approval, on pages of the console?"""

import re

from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.campaigns import approvals
from outreach.db.engine import BrandRef
from outreach.replay import reviews
from tests import builders

PAGE = "/campaigns/tips/reviews"
TEXT = "<p>as it would go</p>"


def made(app: Outreach, brand: BrandRef) -> None:
    """As the ticker makes it."""
    with app.means.database.begin(brand) as tx:
        taken = reviews.take(tx)
        assert taken is not None
        assert (taken.days.until - taken.days.since).days == 7
        reviews.keep(tx, taken, {"en": TEXT, "zh-CN": TEXT})


def test_a_review_is_asked_for_read_and_kept_with_the_word(
    browser: TestClient, app: Outreach, brand: BrandRef
) -> None:
    browser.post("/campaigns", data={"like": "usage-tutorial", "key": "tips"})
    assert "Nobody has asked for a review yet" in browser.get(PAGE).text
    waits = browser.post(PAGE, data={"days": "7"}).text
    assert "waits its turn" in waits
    assert 'data-refresh="3"' in waits
    assert "still being made" in browser.post(PAGE, data={"days": "7"}).text
    made(app, brand)
    ready = browser.get(PAGE).text
    assert "data-refresh" not in ready
    found = re.search(r'src="(/campaigns/tips/reviews/\d+)"', ready)
    assert found
    frame = browser.get(found.group(1))
    assert frame.text == TEXT
    assert frame.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    seen = re.search(r'name="seen" value="(\w+)"', browser.get("/campaigns/tips").text)
    assert seen is None  # a key writes campaigns and approves none
    with app.means.database.begin(brand) as tx:
        newest = app.means.book.latest(tx, "tips")
        covers = approvals.covers(tx, newest)
        assert reviews.covering(tx, newest.id, covers, "en") == TEXT


def test_a_page_of_another_brand_or_a_number_that_is_none_is_not_there(
    browser: TestClient, app: Outreach
) -> None:
    builders.a_campaign(app, builders.a_brand(app, "rival"))
    assert browser.get("/campaigns/usage-tutorial/reviews").status_code == 404
    assert browser.post("/campaigns/usage-tutorial/reviews").status_code == 404
    browser.post("/campaigns", data={"like": "usage-tutorial", "key": "tips"})
    assert browser.get(f"{PAGE}/1").status_code == 404
    assert browser.get(f"{PAGE}/99999999999999999999").status_code == 422
    assert browser.post(PAGE, data={"days": "61"}).status_code == 422
