"""The window: split days, nights, clock changes, margins, and the falls to no."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from optout.model import Channel
from outreach.hours.model import MINUTES_A_DAY, Admission, Rule, Week, Window
from outreach.hours.window import next_open

MONDAY, SATURDAY = 0, 5


def a_rule(*windows: str, days: range = range(7), holidays: str = "") -> Rule:
    """A rule that opens `09:00-20:00` and the like on these weekdays."""
    opens = tuple(sorted(a_window(text) for text in windows))
    week: Week = tuple(opens if day in days else () for day in range(7))
    return Rule(
        id=f"{windows}{days}{holidays}",
        jurisdiction="QQ",
        channels=(Channel.SMS,),
        purposes=("any",),
        audience="any",
        windows=week,
        holidays_allowed=not holidays,
        caps=(),
        effective_from=None,
        effective_to=None,
        basis="custom",
        binding=False,
        source="a test",
        confidence="known",
        note="",
        calendars=(holidays,) if holidays else (),
    )


def a_window(text: str) -> Window:
    opens, closes = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return Window(opens, closes if closes > opens else closes + MINUTES_A_DAY)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def opening(at: str, rule: Rule, *zones: str, margin: int = 0) -> Admission:
    return next_open((rule,), zones, at=utc(at), margin=timedelta(minutes=margin))


def test_within_the_window_the_answer_is_now():
    admission = opening("2026-06-01T10:00:30.5", a_rule("09:00-20:00"), "UTC")
    assert admission.allowed
    assert admission.next_at == utc("2026-06-01T10:00:30.5")
    assert admission.closes_at == utc("2026-06-01T20:00")


def test_the_end_is_exclusive():
    """20:00:00 lies outside a window that ends at 20:00."""
    assert opening("2026-06-01T19:59:59", a_rule("09:00-20:00"), "UTC").allowed
    assert opening("2026-06-01T20:00", a_rule("09:00-20:00"), "UTC").next_at == utc(
        "2026-06-02T09:00"
    )


def test_a_margin_takes_its_part_off_the_end_only():
    rule = a_rule("09:00-20:00")
    assert opening("2026-06-01T09:00", rule, "UTC", margin=10).allowed
    late = opening("2026-06-01T19:50", rule, "UTC", margin=10)
    assert late.next_at == utc("2026-06-02T09:00")
    assert late.closes_at == utc("2026-06-02T19:50")


def test_a_margin_longer_than_the_window_leaves_nothing():
    admission = opening("2026-06-01T09:00", a_rule("09:00-09:30"), "UTC", margin=30)
    assert (admission.allowed, admission.next_at, admission.closes_at) == (False, None, None)


def test_a_margin_does_not_cut_at_midnight():
    """Two windows that touch are one stretch."""
    admission = opening("2026-06-01T23:55", a_rule("22:00-24:00", "00:00-02:00"), "UTC", margin=10)
    assert admission.allowed
    assert admission.closes_at == utc("2026-06-02T01:50")


def test_a_day_may_be_split():
    admission = opening("2026-06-01T13:00", a_rule("10:00-13:00", "14:00-20:00"), "UTC")
    assert admission.next_at == utc("2026-06-01T14:00")


def test_a_window_may_cross_midnight():
    """Monday's night is still Monday's at one in the morning of Tuesday."""
    rule = a_rule("22:00-02:00", days=range(MONDAY, MONDAY + 1))
    assert opening("2026-06-02T01:00", rule, "UTC").allowed
    assert opening("2026-06-01T01:00", rule, "UTC").next_at == utc("2026-06-01T22:00")


def test_a_night_does_not_run_into_a_holiday():
    """New Year's Eve closes at midnight where 1 January is closed."""
    admission = opening("2026-12-31T22:30", a_rule("22:00-02:00", holidays="FR"), "UTC")
    assert admission.closes_at == utc("2027-01-01T00:00")


@pytest.mark.parametrize(
    ("zone", "opens"),
    [("Pacific/Kiritimati", "2026-06-04T15:00"), ("Pacific/Niue", "2026-06-05T16:00")],
)
def test_the_weekday_is_the_recipient_s(zone, opens):
    """Friday begins fourteen hours early on one island and eleven late on another."""
    friday = a_rule("05:00-06:00", days=range(4, 5))
    assert opening("2026-06-01T12:00", friday, zone).next_at == utc(opens)


def test_every_zone_has_to_admit():
    admission = opening(
        "2026-06-01T01:00", a_rule("08:00-21:00"), "America/New_York", "America/Los_Angeles"
    )
    assert admission.next_at == utc("2026-06-01T15:00")
    assert admission.closes_at == utc("2026-06-02T01:00")


def test_every_rule_has_to_admit():
    rules = (a_rule("08:00-21:00"), a_rule("10:00-13:00", "14:00-22:00"))
    admission = next_open(rules, ("UTC",), at=utc("2026-06-01T15:00"))
    assert admission.closes_at == utc("2026-06-01T21:00")


def test_zones_without_a_common_hour_are_never_open():
    admission = opening("2026-06-01T00:00", a_rule("09:00-12:00"), "Asia/Tokyo", "America/New_York")
    assert admission.next_at is None


def test_without_a_zone_a_clock_admits_nothing():
    admission = opening("2026-06-01T12:00", a_rule("00:00-24:00"))
    assert (admission.allowed, admission.next_at) == (False, None)


def test_without_a_clock_everything_is_admitted_even_nowhere():
    admission = next_open((), (), at=utc("2026-06-01T03:00"))
    assert (admission.allowed, admission.closes_at) == (True, None)


def test_a_window_in_the_gap_opens_when_the_gap_ends():
    """At New York on 8 March 2026 there is no 02:30."""
    admission = opening("2026-03-08T06:00", a_rule("02:30-05:00"), "America/New_York")
    assert admission.next_at == utc("2026-03-08T07:00")


def test_a_window_inside_the_gap_does_not_open_that_day():
    admission = opening("2026-03-08T06:00", a_rule("02:15-02:45"), "America/New_York")
    assert admission.next_at == utc("2026-03-09T06:15")


def test_an_opening_that_comes_twice_is_the_earlier_one():
    """At New York on 1 November 2026 it is 01:30 at 05:30 and at 06:30 UTC."""
    admission = opening("2026-11-01T04:45", a_rule("01:30-05:00"), "America/New_York")
    assert admission.next_at == utc("2026-11-01T05:30")


def test_a_closing_that_comes_twice_is_checked_each_time():
    rule = a_rule("00:00-01:30")
    first = opening("2026-11-01T05:00", rule, "America/New_York")
    assert first.closes_at == utc("2026-11-01T05:30")
    again = opening("2026-11-01T05:30", rule, "America/New_York")
    assert (again.next_at, again.closes_at) == (utc("2026-11-01T06:00"), utc("2026-11-01T06:30"))


def test_a_deferral_across_a_clock_change_lands_on_the_wall_time():
    saturday_evening = "2026-03-07T23:00"
    admission = opening(saturday_evening, a_rule("08:00-17:00"), "America/New_York")
    assert admission.next_at == utc("2026-03-08T12:00")


def test_a_holiday_closes_where_it_is_known():
    bastille = opening("2026-07-14T10:00", a_rule("09:00-20:00", holidays="FR"), "Europe/Paris")
    assert bastille.next_at == utc("2026-07-15T07:00")
    assert opening("2026-07-14T10:00", a_rule("09:00-20:00", holidays="QQ"), "Europe/Paris").allowed


def test_a_day_on_which_no_rule_holds_is_closed():
    """Whoever asks with the rules of one day must not find the next years free."""
    rule = replace(a_rule("09:00-20:00"), effective_to=date(2026, 6, 1))
    assert opening("2026-06-01T20:00", rule, "UTC").next_at is None


def test_a_local_day_that_never_was_opens_nothing():
    """Samoa left out 30 December 2011, a Friday."""
    rule = a_rule("09:00-20:00", days=range(4, 5))
    assert opening("2011-12-30T12:00", rule, "Pacific/Apia").next_at == utc("2012-01-05T19:00")


def test_an_instant_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        next_open((), (), at=datetime(2026, 6, 1))  # noqa: DTZ001
