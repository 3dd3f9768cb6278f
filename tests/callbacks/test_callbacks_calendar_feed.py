"""Does an agent's calendar show what was promised, and nothing of anybody?"""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from outreach.callbacks import calendar_feed, document
from outreach.callbacks.calendar_feed import Promised

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)  # a Friday; Lisbon's clocks change on Sunday
SOURCE = """
key: care
name: {en: Care}
agents:
  - {key: ana, name: Ana, zone: Europe/Lisbon, hours: {mon-fri: ["09:00-12:00"], sat-sun: []}}
"""


def test_a_promise_and_the_shifts_are_in_it() -> None:
    """Monday's shift begins at eight in UTC, since the clocks have changed; what is off is so."""
    (ana,) = document.read(SOURCE).agents
    kept = Promised("tsk_1", NOON + timedelta(days=3), "care", "renewal", 1, off=False)
    off = Promised("tsk_2", NOON, "care", "renewal", 0, off=True)
    drawn = Calendar.from_ical(calendar_feed.feed(ana, [kept, off], now=NOON))
    by_name = {str(one["uid"]): one for one in drawn.walk("VEVENT")}
    assert by_name["tsk_1@outreach"].decoded("dtstart") == NOON + timedelta(days=3)
    assert (str(by_name["tsk_2@outreach"]["status"]), by_name["tsk_1@outreach"]["sequence"]) == (
        "CANCELLED",
        2,
    )
    monday = by_name["ana-20260330T0800@outreach"]
    assert monday.decoded("dtend") == datetime(2026, 3, 30, 11, tzinfo=UTC)
