"""Over both clock changes of sixty zones, the answer to every minute's question is the scan's.

Some change at midnight, one by half an hour, several on the other side of the year.
"""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from outreach.hours import zones as tz
from outreach.hours.model import Rule
from outreach.hours.window import EPOCH, next_open
from tests.properties.hours_oracle import a_rule, admits

MINUTE = timedelta(minutes=1)
AROUND = 15 * 60
"""Minutes before and after a change: enough for the local day on either side."""

FIRST_DAY = datetime(2027, 1, 1).toordinal() - EPOCH  # noqa: DTZ001  # a count of days

NOTABLE = (
    "Africa/Cairo",
    "America/St_Johns",
    "America/Santiago",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
)


@cache
def changes(zone: str) -> list[int]:
    """The seconds of POSIX time at which a zone changes its clocks in 2027."""
    days = range(FIRST_DAY, FIRST_DAY + 365)
    changing = [d for d in days if tz.offset(zone, d * tz.DAY) != tz.offset(zone, (d + 1) * tz.DAY)]
    # One at midnight of UTC cuts no day; it is where the day ends.
    return [tz.pieces(zone, day)[0].end for day in changing]


def has_summer_time(zone: str) -> bool:
    return len({tz.offset(zone, (FIRST_DAY + day) * tz.DAY) for day in (15, 196)}) > 1


def sixty() -> list[str]:
    others = [z for z in sorted(tz.names()) if tz.canonical(z) == z and has_summer_time(z)]
    others = [zone for zone in others if zone not in NOTABLE and len(changes(zone)) == 2]
    spread = others[:: len(others) // (60 - len(NOTABLE))]
    return [*NOTABLE, *spread][:60]


SIXTY = sixty()


def test_there_are_sixty_zones_that_change_twice() -> None:
    assert len(set(SIXTY)) == 60
    assert {len(changes(zone)) for zone in SIXTY} == {2}


@pytest.mark.parametrize("part", [pytest.param(part, marks=pytest.mark.long) for part in range(6)])
@settings(
    max_examples=3,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # an example scans a month of minutes, too many to shrink
    suppress_health_check=list(HealthCheck),
)
@given(rule=a_rule())
def test_every_minute_around_a_change_is_answered_as_the_scan_does(part: int, rule: Rule) -> None:
    for zone in SIXTY[part::6]:
        for change in changes(zone):
            compare((rule,), (zone,), datetime.fromtimestamp(change, tz=UTC))


def compare(rules: tuple[Rule, ...], zones: tuple[str, ...], change: datetime) -> None:
    """Backwards from the last minute, so that each knows the next that is admitted."""
    scanned = None
    for minute in range(AROUND, -AROUND, -1):
        at = change + minute * MINUTE
        if admits(rules, zones, at):
            scanned = at
        answer = next_open(rules, zones, at=at)
        if scanned is None:
            assert answer.next_at is None or answer.next_at > change + AROUND * MINUTE
        else:
            assert (answer.allowed, answer.next_at) == (scanned == at, scanned)
