"""When may a call be promised to this person, and was this a time that may be?

A promise is kept as the wall time that the person heard, with their zone: what the clock says on
the day is what counts, whatever the offset was when it was promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from optout.model import Channel, Purpose
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.callbacks import queues, slots
from outreach.callbacks.document import Agent
from outreach.callbacks.model import Task
from outreach.callbacks.slots import Hours
from outreach.dispatch import claims, facts
from outreach.dispatch.means import Means
from outreach.enrolments.evidence import evidence_of
from outreach.errors import Conflict, Invalid
from outreach.hours import judge
from outreach.hours.model import Admission, Place
from outreach.hours.places import place_of
from outreach.people import store as people

_NAMED = 3  # times that a refusal names


@dataclass(frozen=True, slots=True)
class Bookable:
    """What a promise has to fit: the person's hours and zone, who could call, the last instant."""

    hours: Hours
    zone: str
    agents: Sequence[Agent] | None
    until: datetime

    def after(self, at: datetime) -> list[datetime]:
        """The times that may be promised from an instant on, at most a day's worth."""
        found = slots.offered(self.hours, self.agents, zone=self.zone, after=at, until=self.until)
        return list(islice(found, 48))


def bookable(tx: Connection, means: Means, task: Task, *, now: datetime) -> Bookable:
    """What a promise about this task has to fit. Raises `Conflict` where no zone is known."""
    brand = brands.get(tx)
    person = people.by_id(tx, [task.person_id])[task.person_id]
    purpose = claims.get(tx, [task.touch_id])[task.touch_id].purpose
    place = place_of(evidence_of(person))
    if not place.zones:
        raise Conflict("nobody knows on which clock this person lives: note their zone first")
    hours = hours_of(means, brand, place, purpose)
    agents = queues.desk(tx).able(
        task.queue, language=task.language, needs=task.needs, in_house=task.in_house
    )
    return Bookable(hours, place.zones[0], agents, min(now + slots.AHEAD, task.useless_after))


def hours_of(means: Means, brand: Brand, place: Place, purpose: Purpose) -> Hours:
    """What the hours say of a call to somebody who lives there."""
    packs = facts.ruled(means, brand).packs

    def hours(at: datetime) -> Admission:
        return judge.when(packs, place, channel=Channel.VOICE, purpose=purpose, at=at)

    return hours


def checked(
    tx: Connection,
    means: Means,
    task: Task,
    local: datetime,
    *,
    only_me: bool,
    now: datetime,
) -> dict[str, object]:
    """The promise as it is written down. Raises `Invalid`, naming times that would do."""
    if local.tzinfo is not None:
        raise Invalid("write the promised time as the person's clock shows it, without an offset")
    book = bookable(tx, means, task, now=now)
    at = slots.instant(local, book.zone)
    mine = [agent for agent in book.agents or () if agent.key == task.holder]
    able = mine if only_me and book.agents is not None else book.agents
    if not now <= at <= book.until or not slots.fits(book.hours, able, at):
        raise Invalid(f"{_why(book, at, now)}{_rather(book, max(at, now), now)}")
    return {
        "promised": local.isoformat(timespec="minutes"), "zone": book.zone, "only_me": only_me,
    }  # fmt: skip


def _why(book: Bookable, at: datetime, now: datetime) -> str:
    if at < now:
        return "that time has passed"
    if at > book.until:
        return "that is after the last moment at which this call is of use"
    if not book.hours(at).allowed:
        return "that is outside the hours in which this person may be called"
    return "nobody who can make this call is on shift for the whole half hour then"


def _rather(book: Bookable, at: datetime, now: datetime) -> str:
    times = book.after(at) or book.after(now)
    said = ", ".join(f"{slots.wall(one, book.zone):%Y-%m-%dT%H:%M}" for one in times[:_NAMED])
    return f"; promise {said} ({book.zone})" if said else "; there is no time that would do"


def local(written: str) -> datetime:
    """A time on the person's own clock, as somebody wrote it. Raises `Invalid`."""
    try:
        return datetime.fromisoformat(written)
    except ValueError as error:
        raise Invalid(f"{written!r} is no time such as 2026-11-12T10:30") from error
