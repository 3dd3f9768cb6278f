"""Of what happened lately, how much would a campaign have begun with?

Events of its trigger, no more than `LOOKED_AT` of them, and their people as they are now: an answer
within a moment for somebody who writes a condition, and no count of what will be.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from outreach.campaigns import rules
from outreach.campaigns.triggers import EventTrigger
from outreach.enrolments import sight
from outreach.enrolments.enrol import seen_of
from outreach.events import store as events
from outreach.people import store as people
from outreach.records import trades

LOOKED_AT = 1_000
SPAN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Matched:
    """So many `events` of the last `days` days were looked at, and so many of them `meant`.

    `whole` is false where there were more than were looked at.
    """

    events: int
    meant: int
    days: int
    whole: bool


def matched(tx: Connection, trigger: EventTrigger, *, now: datetime) -> Matched:
    """How many events of lately begin something by this trigger: a fixed number of statements."""
    happened = events.of_type(tx, trigger.event, since=now - SPAN, limit=LOOKED_AT + 1)
    some = happened[:LOOKED_AT]
    persons = people.by_id(tx, {event.person_id for event in some})
    known = trades.with_orders(tx, [event for event in some if event.person_id in persons])
    found = sight.gather(tx, [trigger.condition], persons, known, now=now)
    meant = [
        event
        for event in known
        if rules.matches(trigger.condition, seen_of(event, persons, found, now=now)).yes
    ]
    return Matched(len(some), len(meant), SPAN.days, len(happened) <= LOOKED_AT)
