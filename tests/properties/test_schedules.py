"""Do schedules land on the wall time that was meant, across clock changes, in every zone?"""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from optout.model import Channel
from outreach import timezones
from outreach.campaigns import agenda
from outreach.campaigns.steps import Step
from outreach.enrolments.schedule import Clocks, due_at

ZONES = sorted(timezones.names())
MINUTES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)


@given(st.sampled_from(ZONES), MINUTES)
def test_a_wall_time_is_met_or_lies_in_the_gap_of_a_clock_change(zone: str, at: datetime) -> None:
    """Clocks show it; or no instant shows it, and it is met by as much later as was left out."""
    load = timezones.load(zone)
    found = agenda.on_clocks(at, (zone,))
    shown = found.astimezone(load).replace(tzinfo=None)
    if shown == at:
        earlier = found - timedelta(days=1)
        minutes = (earlier + timedelta(minutes=15 * n) for n in range(96))
        assert all(one.astimezone(load).replace(tzinfo=None) != at for one in minutes)
        return
    gap = shown - at
    before = (found - timedelta(days=1)).astimezone(load).utcoffset()
    after = (found + timedelta(days=1)).astimezone(load).utcoffset()
    assert before is not None
    assert after is not None
    assert timedelta(0) < gap <= timedelta(days=1)
    around = (found + timedelta(minutes=n) for n in range(-1500, 1500, 15))
    assert all(one.astimezone(load).replace(tzinfo=None) != at for one in around)


@given(st.lists(st.sampled_from(ZONES), min_size=1, max_size=4), MINUTES)
def test_planning_opens_before_any_clock_shows_the_time(zones: list[str], at: datetime) -> None:
    """And the time has passed everywhere when an occasion counts as over."""
    begins = agenda.on_clocks(at, tuple(zones))
    there = at.replace(tzinfo=UTC)
    assert there - timedelta(hours=14) <= begins <= there + timedelta(hours=24)
    assert begins == max(agenda.on_clocks(at, (zone,)) for zone in zones)


@given(st.sampled_from(ZONES), MINUTES, st.integers(0, 60))
def test_a_step_so_many_days_after_a_local_day_comes_on_that_day(
    zone: str, at: datetime, days: int
) -> None:
    """At its time on the clock, however many hours the days between had."""
    begins = agenda.on_clocks(at.replace(hour=10, minute=0), (zone,))
    step = Step("s", (Channel.EMAIL,), "t", after=timedelta(days=days), at=time(12))
    due = due_at(step, begins, Clocks((zone,))).astimezone(timezones.load(zone))
    left_out = due.replace(tzinfo=None) - at.replace(hour=12, minute=0) - timedelta(days=days)
    assert left_out == timedelta(0)
