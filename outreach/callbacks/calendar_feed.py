"""What does an agent's calendar show? The calls that were promised, and the shifts. Pure.

An overview and no alarm: calendar programs fetch a feed every few hours. It names no person and no
number, since whoever has the address may read it. Source: RFC 5545; a call keeps its UID, counts up
its SEQUENCE as it changes, and is CANCELLED when it is off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from outreach.callbacks import shifts
from outreach.callbacks.document import Agent
from outreach.callbacks.slots import SLOT

AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Promised:
    """A call that was promised: when, in which queue, how often it was tried, whether it is off."""

    task: str
    at: datetime
    queue: str
    reason: str
    attempts: int
    off: bool


def feed(agent: Agent, calls: Sequence[Promised], *, now: datetime) -> bytes:
    """The calendar of an agent, as iCalendar."""
    drawn = Calendar()
    drawn.add("prodid", "-//outreach//calls//EN")
    drawn.add("version", "2.0")
    drawn.add("name", agent.name)
    for one in calls:
        drawn.add_component(_call(one, now))
    for opens, closes in _shifts(agent, now):
        drawn.add_component(_shift(agent, opens, closes, now))
    return bytes(drawn.to_ical())


def _call(one: Promised, now: datetime) -> Event:
    drawn = Event()
    drawn.add("uid", f"{one.task}@outreach")
    drawn.add("dtstamp", now)
    drawn.add("dtstart", one.at)
    drawn.add("dtend", one.at + SLOT)
    drawn.add("sequence", one.attempts * 2 + one.off)
    drawn.add("status", "CANCELLED" if one.off else "CONFIRMED")
    drawn.add("summary", f"{one.queue}: {one.reason}")
    drawn.add("description", one.task)
    return drawn


def _shift(agent: Agent, opens: datetime, closes: datetime, now: datetime) -> Event:
    drawn = Event()
    drawn.add("uid", f"{agent.key}-{opens:%Y%m%dT%H%M}@outreach")
    drawn.add("dtstamp", now)
    drawn.add("dtstart", opens)
    drawn.add("dtend", closes)
    drawn.add("summary", agent.name)
    drawn.add("transp", "TRANSPARENT")
    return drawn


def _shifts(agent: Agent, now: datetime) -> Iterable[tuple[datetime, datetime]]:
    """The shifts of the coming weeks, the one that runs among them from now on."""
    at = now
    while (shift := shifts.of(agent, at)).next_at and shift.next_at < now + AHEAD:
        if shift.closes_at is None or shift.closes_at <= shift.next_at:
            return
        yield shift.next_at, min(shift.closes_at, now + AHEAD)
        at = shift.closes_at
