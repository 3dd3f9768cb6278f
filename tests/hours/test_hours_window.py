"""The window: split days, nights, clock changes, margins, and the falls to no."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from optout.model import Channel
from outreach.hours.calendar import is_holiday
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


def test_a_stretch_without_an_end_is_followed_from_its_opening_on_whatever_day_one_asks():
    always = replace(a_rule("00:00-24:00"), effective_from=date(2026, 11, 1))
    early = next_open((always,), ("Europe/Berlin",), at=utc("2026-03-08T05:00"))
    assert early.next_at == utc("2026-10-31T23:00")
    assert next_open((always,), ("Europe/Berlin",), at=early.next_at).closes_at == early.closes_at


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


def test_the_eve_of_a_holiday_keeps_its_own_hours():
    """13 July 2026 is the Monday before the French national day."""
    rule = replace(a_rule("09:00-20:00", holidays="FR"), eve_windows=(a_window("10:00-19:00"),))
    admission = opening("2026-07-13T06:00", rule, "UTC")
    assert (admission.next_at, admission.closes_at) == (
        utc("2026-07-13T10:00"),
        utc("2026-07-13T19:00"),
    )
    assert opening("2026-07-10T06:00", rule, "UTC").next_at == utc("2026-07-10T09:00")


def test_the_eve_does_not_open_a_closed_day():
    """The day before Monday, 6 April 2026 is Easter Sunday."""
    weekdays = a_rule("09:00-20:00", days=range(5), holidays="FR")
    rule = replace(weekdays, eve_windows=(a_window("10:00-19:00"),))
    assert opening("2026-04-05T06:00", rule, "UTC").next_at == utc("2026-04-07T09:00")


def test_an_eve_in_doubt_keeps_to_both():
    """It is not announced yet which days of 2035 China will have off."""
    rule = replace(a_rule("09:00-18:00", holidays="CN"), eve_windows=(a_window("10:00-20:00"),))
    doubtful = next(
        day
        for day in (date(2035, 1, 1) + timedelta(days=n) for n in range(365))
        if not is_holiday("CN", day) and is_holiday("CN", day + timedelta(days=1))
    )
    admission = next_open((rule,), ("UTC",), at=utc(f"{doubtful}T00:00"))
    assert (admission.next_at, admission.closes_at) == (
        utc(f"{doubtful}T10:00"),
        utc(f"{doubtful}T18:00"),
    )


def test_ramadan_has_hours_of_its_own_and_its_ends_keep_to_both():
    """About 8 February to 9 March 2027."""
    rule = replace(a_rule("09:00-18:00"), ramadan_windows=(a_window("16:00-23:00"),))
    assert opening("2027-02-20T06:00", rule, "UTC").next_at == utc("2027-02-20T16:00")
    assert opening("2027-02-20T06:00", rule, "UTC").closes_at == utc("2027-02-20T23:00")
    assert opening("2027-02-08T06:00", rule, "UTC").next_at == utc("2027-02-08T16:00")
    assert opening("2027-02-08T06:00", rule, "UTC").closes_at == utc("2027-02-08T18:00")
    assert opening("2027-03-20T06:00", rule, "UTC").next_at == utc("2027-03-20T09:00")


def test_a_clock_that_a_statute_names_must_admit_as_well():
    """Eight to eight by Central Standard Time, all year, is nine to nine by summer clocks."""
    rule = replace(a_rule("08:00-20:00"), also_zones=("Etc/GMT+6",))
    summer = opening("2026-07-06T10:00", rule, "America/Chicago")
    assert (summer.next_at, summer.closes_at) == (
        utc("2026-07-06T14:00"),
        utc("2026-07-07T01:00"),
    )


def test_a_clock_that_a_rule_names_binds_that_rule_alone():
    named = replace(a_rule("08:00-20:00"), also_zones=("Etc/GMT+6",), effective_to=date(2026, 7, 1))
    rules = (named, a_rule("06:00-22:00"))
    admission = next_open(rules, ("America/Chicago",), at=utc("2026-07-06T10:00"))
    assert admission.next_at == utc("2026-07-06T11:00")


def test_a_state_s_own_list_closes_too():
    """All Saints' Day 2027 is a Monday."""
    rule = replace(a_rule("09:00-20:00", holidays="QQ"), closed_on=("11-01", "easter-47"))
    assert opening("2027-11-01T10:00", rule, "UTC").next_at == utc("2027-11-02T09:00")
    assert opening("2027-02-09T10:00", rule, "UTC").next_at == utc("2027-02-10T09:00")


def test_a_clock_may_go_round_the_date_line_the_other_way():
    """Kwajalein left out 21 August 1993, a Saturday."""
    rule = a_rule("09:00-20:00", days=range(SATURDAY, SATURDAY + 1))
    assert opening("1993-08-20T22:00", rule, "Pacific/Kwajalein").next_at == utc("1993-08-27T21:00")


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("Asia/Kathmandu", "2026-06-01T03:15"),
        ("Asia/Kolkata", "2026-06-01T03:30"),
        ("Australia/Eucla", "2026-06-01T00:15"),
        ("Pacific/Chatham", "2026-06-01T20:15"),
        ("Pacific/Marquesas", "2026-06-01T18:30"),
    ],
)
def test_clocks_stand_at_odd_quarters(zone, opens):
    assert opening("2026-06-01T00:00", a_rule("09:00-09:05"), zone).next_at == utc(opens)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_may_have_an_hour_less_or_more(day, hours):
    admission = opening(f"{day}T12:00", a_rule("00:00-24:00", days=range(6, 7)), "Europe/Paris")
    first = opening(f"{day}T00:00", a_rule("00:00-24:00", days=range(6, 7)), "Europe/Paris")
    assert admission.closes_at is not None
    midnight = admission.closes_at - timedelta(hours=hours)
    assert first.allowed
    saturday = midnight - timedelta(seconds=1)
    before = next_open((a_rule("00:00-24:00", days=range(6, 7)),), ("Europe/Paris",), at=saturday)
    assert before.next_at == midnight


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
