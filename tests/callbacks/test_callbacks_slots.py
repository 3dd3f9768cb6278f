"""Are the times that may be promised times at which somebody calls and somebody may be called?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.model import Channel, Purpose
from outreach.callbacks import document, shifts, slots
from outreach.callbacks.document import Agent
from outreach.hours import judge, packs
from outreach.hours.model import Admission, Evidence
from outreach.hours.places import place_of

PACKS = packs.load()
LISBON = place_of(Evidence(zone="Europe/Lisbon", country="PT"))
QUEUE = document.read("""
key: care
name: {en: Care}
agents:
  - {key: ana, name: Ana, zone: Europe/Lisbon, hours: {mon-fri: ["09:00-12:00"], sat-sun: []}}
  - {key: li, name: Li, zone: Asia/Shanghai, hours: {mon-sun: ["20:00-02:00"]}}
""")
ANA, LI = QUEUE.agents
# The clocks of Portugal go forward on 29 March 2026, those of Shanghai never.
BEFORE = datetime(2026, 3, 27, 6, tzinfo=UTC)


def hours(at: datetime) -> Admission:
    return judge.when(PACKS, LISBON, channel=Channel.VOICE, purpose=Purpose.SERVICE, at=at)


def offered(agents: list[Agent] | None, days: int = 5) -> list[datetime]:
    until = BEFORE + timedelta(days=days)
    return list(slots.offered(hours, agents, zone="Europe/Lisbon", after=BEFORE, until=until))


def test_a_shift_stays_at_its_hour_when_the_clocks_change() -> None:
    """Nine in Lisbon is nine in UTC on Friday, and eight on Monday."""
    found = offered([ANA])
    assert found[0] == datetime(2026, 3, 27, 9, tzinfo=UTC)
    monday = [at for at in found if at.day == 30]
    assert monday[0] == datetime(2026, 3, 30, 8, tzinfo=UTC)
    assert slots.wall(monday[0], "Europe/Lisbon").hour == 9


def test_the_sun_is_followed() -> None:
    """Eight in the evening in Shanghai is noon in Lisbon: Li goes on when Ana has gone."""
    both = set(offered([ANA, LI], days=1))
    assert datetime(2026, 3, 27, 11, 30, tzinfo=UTC) in both
    assert datetime(2026, 3, 27, 12, 0, tzinfo=UTC) in both
    assert shifts.on_shift(LI, datetime(2026, 3, 27, 17, 59, tzinfo=UTC))
    assert not shifts.on_shift(LI, datetime(2026, 3, 27, 18, tzinfo=UTC))


def test_nobody_there_means_no_time() -> None:
    assert offered([]) == []
    assert offered(None)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 120 * 24 * 2))
def test_whatever_is_offered_fits_and_comes_back_from_the_wall(step: int) -> None:
    """Offered times are lawful and staffed, and their wall time names the same instant again."""
    after = BEFORE + step * timedelta(minutes=37)
    for at in slots.offered(
        hours, [ANA, LI], zone="Europe/Lisbon", after=after, until=after + timedelta(days=2)
    ):
        assert slots.fits(hours, [ANA, LI], at)
        assert at >= after
        assert slots.instant(slots.wall(at, "Europe/Lisbon"), "Europe/Lisbon") == at


@pytest.mark.parametrize(("wall", "hour"), [("2026-03-29T01:30", 1), ("2026-10-25T01:30", 0)])
def test_a_wall_time_that_is_missing_or_doubled_is_one_instant(wall: str, hour: int) -> None:
    """In the gap it is moved by the change; of two it is the first."""
    assert slots.instant(datetime.fromisoformat(wall), "Europe/Lisbon").hour == hour
