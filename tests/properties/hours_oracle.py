"""What do the rules admit, asked minute by minute of the wall clock?

An oracle that knows nothing of stretches, days of UTC or caches; and rules made up to try it.
"""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from optout.model import Channel
from outreach.hours import closures
from outreach.hours import zones as tz
from outreach.hours.calendar import holiday, ramadan
from outreach.hours.model import Rule, Window

A_DAY = timedelta(days=1)


@st.composite
def a_window(draw: st.DrawFn) -> Window:
    opens = draw(st.integers(0, 1439))
    return Window(opens, opens + draw(st.integers(1, 1440)))


some_windows = st.lists(a_window(), max_size=2).map(sorted).map(tuple)


@st.composite
def a_rule(draw: st.DrawFn) -> Rule:
    """A rule with seven days of windows and, now and then, each word that a pack may say."""
    shapes = draw(st.lists(some_windows, min_size=1, max_size=3))
    week = tuple(draw(st.sampled_from(shapes)) for _ in range(7))
    calendars = draw(st.sampled_from([(), ("FR",), ("US", "US-FL"), ("CN",), ("QQ",)]))
    special = st.sampled_from([None, None, None, *shapes])
    return Rule(
        id=f"{week}{calendars}",
        jurisdiction="QQ",
        channels=(Channel.SMS,),
        purposes=("any",),
        audience="any",
        windows=week,
        holidays_allowed=not calendars,
        caps=(),
        effective_from=draw(st.sampled_from([None, None, date(2026, 3, 29), date(2026, 11, 1)])),
        effective_to=None,
        basis="custom",
        binding=False,
        source="a test",
        confidence="known",
        note="",
        calendars=calendars,
        closed_on=draw(st.sampled_from([(), (), ("11-01", "easter-47")])),
        eve_windows=draw(special),
        ramadan_windows=draw(special),
        also_zones=draw(st.sampled_from([(), (), ("Etc/GMT+6",), ("Asia/Tokyo",)])),
    )


def closed_for(rule: Rule, day: date) -> bool | None:
    """Whether a date is a holiday to a rule, and nothing where nobody knows."""
    said = [holiday(name, day) for name in rule.calendars]
    if closures.closed(rule.closed_on, day) or any(said):
        return True
    return None if None in said else False


def opens_on(rule: Rule, day: date) -> bool:
    return rule.in_force(day) and (rule.holidays_allowed or closed_for(rule, day) is False)


def covers(rule: Rule, day: date, minute: int) -> bool:
    """Whether what is written for a date holds a minute, which may lie past its midnight."""
    assert rule.windows is not None
    usual = rule.windows[day.weekday()]
    asked = []
    if rule.eve_windows is not None:
        asked.append((rule.eve_windows, closed_for(rule, day + A_DAY)))
    if rule.ramadan_windows is not None:
        asked.append((rule.ramadan_windows, ramadan(day)))
    applying = [windows for windows, sure in asked if sure is not False]
    if not any(sure for _, sure in asked):
        applying.append(usual)
    inside = [any(w.opens <= minute < w.closes for w in windows) for windows in applying]
    return bool(usual) and all(inside)


def rule_admits(rule: Rule, wall: datetime) -> bool:
    day, minute = wall.date(), wall.hour * 60 + wall.minute
    if not opens_on(rule, day):
        return False
    late = opens_on(rule, day - A_DAY) and covers(rule, day - A_DAY, minute + 1440)
    return covers(rule, day, minute) or late


def named_clocks_admit(rule: Rule, instant: datetime) -> bool:
    walls = (instant.astimezone(tz.load(zone)) for zone in rule.also_zones)
    return all(rule_admits(rule, wall) for wall in walls if rule.in_force(wall.date()))


def admits(rules: tuple[Rule, ...], zones: tuple[str, ...], instant: datetime) -> bool:
    """Every rule in force, on every wall clock and those it names, and one in force on each."""
    for zone in zones:
        wall = instant.astimezone(tz.load(zone))
        in_force = [rule for rule in rules if rule.in_force(wall.date())]
        if not in_force or not all(rule_admits(rule, wall) for rule in in_force):
            return False
    return all(named_clocks_admit(rule, instant) for rule in rules)
