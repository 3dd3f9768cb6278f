"""What stands on the page that somebody reads before a campaign goes live?"""

import json
from decimal import Decimal

import pytest

from outreach.app import Outreach
from outreach.campaigns import approvals
from outreach.errors import Conflict
from outreach.replay import load, page, review
from outreach.replay.asked import Question
from outreach.replay.ground import Ground
from outreach.replay.review import Assumed
from outreach.replay.run import Draft
from tests import builders as b


def _parcel(ref: str) -> bytes:
    event = {
        "source": "shop", "type": "parcel.delivered", "subject": ref, "time": b.NOON.isoformat(),
        "data": {"parcel": f"P-{ref}", "product": "Lumen One"},
    }  # fmt: skip
    return json.dumps(event).encode()


def test_the_page_says_whom_when_and_what_is_lacking(app: Outreach, ground: Ground) -> None:
    """In both languages, with what others wrote as text; it is kept with whose word it is."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, name={"en": "<b>News</b>"})
    b.a_person(app, brand, "ada", zone="Asia/Tokyo", locale="ja")
    b.a_person(app, brand, "bo", email=None)
    asked = Question(
        "reminder", Draft("reminder", version=1), events=[_parcel("ada"), _parcel("bo")]
    )
    prices, capacities = {"email": Decimal("0.001")}, load.read(["email=0"])

    made = review.made(app, brand, ground, asked, Assumed(prices, capacities))

    assert (made.answer.totals.people, made.answer.totals.reached) == (2, 1)
    assert [(g.locale, g.read, g.people) for g in made.gaps] == [("ja", "en", 1)]
    assert made.cost == Decimal("0.001")
    assert [one.channel for one in made.breaks] == ["email"]
    english, chinese = page.page(made, "en"), page.page(made, "zh-CN")
    assert "&lt;b&gt;News" in english
    assert "<b>" not in english
    assert "Asia/Tokyo" in english
    assert "there is no address for the channel" in english
    assert "没有该渠道的联系方式" in chinese
    assert page.page(made, "en") == english
    with app.means.database.begin(brand) as tx:
        version = app.means.book.latest(tx, "reminder")
        digest = approvals.put(tx, brand, version.id, by="Ines", page=english, now=b.NOON)
        (kept,) = approvals.of(tx, "reminder")
        assert (kept.by, kept.version, kept.digest) == ("Ines", 1, digest)
        assert approvals.page(tx, "reminder") == english


def test_a_page_is_about_the_newest_version_or_is_not_made(app: Outreach) -> None:
    """Whoever approves a page approves the version that it is about, and no newer one."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    with app.means.database.reading(brand) as tx:
        newest = app.means.book.latest(tx, "reminder")
    review.still_newest(Question("reminder", Draft("reminder", version=1)), newest)
    review.still_newest(Question("reminder", Draft("reminder", "key: reminder")), newest)
    with pytest.raises(Conflict, match="has a version 1 by now, and version 7 was asked about"):
        review.still_newest(Question("reminder", Draft("reminder", version=7)), newest)
