"""Does the account of a month say what left, what did not, and how late?"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from optout.model import Action, How
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.errors import Invalid
from outreach.inbound.consent import Change, change_person
from outreach.reports import client, period
from outreach.reports.client import Month
from tests import builders as b


def test_a_month_is_counted_by_campaign_and_day(app: Outreach, clock: SteppedClock) -> None:
    """Two mails, one of them half an hour late; one person without an address; one refusal."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    ada, bo = b.a_person(app, brand, "ada"), b.a_person(app, brand, "bo")
    nobody = b.a_person(app, brand, "cy", email=None)
    for person in (ada, nobody):
        event = b.an_event(app, brand, person, parcel=f"P-{person.ref}", order=f"O-{person.ref}")
        b.accepted(app, brand, event)
    b.everything_due(app)
    b.accepted(app, brand, b.an_event(app, brand, bo, parcel="P-bo", order="O-bo"))
    clock.step_to(b.NOON + timedelta(minutes=30))
    b.everything_due(app)
    change_person(app.means, brand, ada.id, Change(Action.WITHDRAW, How.LINK, "button"))

    since, until = client.month("2026-03", "America/New_York")
    with app.means.database.reading(brand) as tx:
        found = period.of(tx, since=since, until=until, zone="America/New_York")
        before = period.of(tx, since=since, until=b.NOON, zone="America/New_York")

    (line,) = found.lines
    assert (line.campaign, line.channel, line.sent) == ("reminder", "email", 2)
    assert line.late_p50 == 900
    assert found.days == ((b.NOON.date(), "email", 2),)
    assert found.not_sent == (("no_address", 1),)
    assert (found.reached, found.refused, found.opt_out_rate) == (2, 1, 0.5)
    assert (before.sent, before.days) == (0, ())
    for language, words in (("en", "Monthly report"), ("zh-CN", "月度报告")):
        pilots = [("<i>", "review", "1 / 2", "1 / 2", "+0.00%", "open")]
        page = client.page(Month("<i>Lumen</i>", "2026-03", found, ()), language, pilots=pilots)  # type: ignore[arg-type]  # both are languages
        assert words in page
        assert client.words(language)["pilots"] in page  # type: ignore[arg-type]  # the same
        assert "<i>" not in page
        assert "ada" not in page


def test_what_left_and_came_back_is_not_among_what_was_not_sent(app: Outreach) -> None:
    """It is a contact that was sent, and failed."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand, "ada")))
    b.everything_due(app)
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.touches set state = 'failed', reason = 'bounced'"))
        found = period.of(tx, since=b.NOON, until=b.NOON + timedelta(days=1), zone="UTC")
    (line,) = found.lines
    assert (line.sent, line.failed, found.not_sent) == (1, 1, ())


def test_a_month_is_that_of_the_brands_clock() -> None:
    """March in New York begins at five in the morning UTC and ends, an hour shorter, at four."""
    assert client.month("2026-03", "America/New_York") == (
        datetime(2026, 3, 1, 5, tzinfo=UTC), datetime(2026, 4, 1, 4, tzinfo=UTC),
    )  # fmt: skip
    for told, zone in (("2026-13", "UTC"), ("9999-12", "UTC"), ("0001-01", "Asia/Shanghai")):
        with pytest.raises(Invalid, match=f"'{told}' is no month"):
            client.month(told, zone)
