"""On which occasions does a campaign come round, and when does each begin on whose clock?"""

from datetime import UTC, datetime, time, timedelta, timezone

from outreach.campaigns import agenda
from outreach.campaigns.triggers import AudienceTrigger, EventTrigger, RecurringTrigger
from outreach.db.engine import BrandRef
from outreach.enrolments import occasions

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)  # a Tuesday
LOCAL = AudienceTrigger("all", datetime(2026, 3, 12, 10))  # noqa: DTZ001  # on each clock
DAILY = RecurringTrigger("all", "day", time(9))


def names(trigger, now=NOON):
    return [one.name for one in agenda.coming(trigger, now=now)]


def test_what_waits_for_events_has_no_occasions():
    assert names(EventTrigger("parcel.delivered")) == []


def test_a_wall_time_opens_before_the_first_place_has_come_so_far():
    """At 10:00 of Kiribati it is 20:00 of the day before in UTC."""
    (one,) = agenda.coming(LOCAL, now=NOON)
    assert one.opens_at == datetime(2026, 3, 11, 19, tzinfo=UTC)
    assert one.day == LOCAL.at.date()


def test_an_instant_opens_an_hour_before():
    at = datetime(2026, 3, 12, 10, tzinfo=timezone(timedelta(hours=8)))
    (one,) = agenda.coming(AudienceTrigger("all", at), now=NOON)
    assert one.opens_at == datetime(2026, 3, 12, 1, tzinfo=UTC)


def test_what_has_begun_everywhere_does_not_come_again():
    assert names(LOCAL, datetime(2026, 3, 12, 21, tzinfo=UTC)) == ["2026-03-12T10:00"]
    assert names(LOCAL, datetime(2026, 3, 12, 23, tzinfo=UTC)) == []


def test_the_days_ahead_hang_together_however_late_one_asks():
    """Asked daily, no day falls between two looks, and each occasion is open in time."""
    seen = {}
    for hours in range(0, 24 * 30, 24):
        now = NOON + timedelta(hours=hours)
        for one in agenda.coming(DAILY, now=now):
            seen.setdefault(one.name, (now, one.opens_at))
    assert len(seen) == 33
    late = [name for name, (now, opens_at) in seen.items() if now > opens_at]
    assert late == ["2026-03-10"]  # that of the day on which it went live


def test_an_audience_begins_on_each_clock_and_in_the_latest_of_several():
    brand = BrandRef(1, "lumen")
    (one,) = agenda.coming(LOCAL, now=NOON)
    event = occasions.audience(brand, "news", one)
    tokyo = agenda.begins_at(LOCAL, event, ("Asia/Tokyo",))
    assert tokyo == datetime(2026, 3, 12, 1, tzinfo=UTC)
    both = agenda.begins_at(LOCAL, event, ("Asia/Tokyo", "America/New_York"))
    assert both == datetime(2026, 3, 12, 14, tzinfo=UTC)
    assert agenda.begins_at(LOCAL, event, ()) == datetime(2026, 3, 12, 10, tzinfo=UTC)
