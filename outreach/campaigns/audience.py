"""Who is in an audience, how many are they, and what does one of them look like?"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Uuid, any_, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from outreach.campaigns import audience_sql
from outreach.campaigns.conditions import Condition
from outreach.campaigns.model import Campaign
from outreach.campaigns.triggers import DateTrigger, EventTrigger, HolidayTrigger
from outreach.db import tables
from outreach.errors import Invalid
from outreach.people import store as people
from outreach.people.model import Person

EXAMPLES = 3
_READING_ALL = text(
    "select set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)"
)
_AS_BEFORE = text("set local enable_nestloop to default; set local work_mem to default")


@dataclass(frozen=True, slots=True)
class Audience:
    """How many persons a condition means now, and a few of them."""

    count: int
    examples: tuple[Person, ...]


def asked_of(campaign: Campaign) -> Condition | None:
    """The condition that chooses a campaign's audience, `None` for everybody.

    Raises `Invalid` for a campaign that waits for events, days of people's own or festivals.
    """
    trigger = campaign.trigger
    if isinstance(trigger, EventTrigger):
        raise Invalid(f"{campaign.key} waits for {trigger.event} and has no audience")
    if isinstance(trigger, DateTrigger | HolidayTrigger):
        raise Invalid(f"{campaign.key} waits for each person's own day and has no audience")
    return None if trigger.audience == "all" else trigger.audience


def show(tx: Connection, condition: Condition | None, *, now: datetime) -> Audience:
    """The audience as it is now. Raises `Invalid` when the condition cannot choose one."""
    found = count(tx, condition, now=now)
    keys = _first(tx, condition, now=now) if found else []
    known = people.by_id(tx, keys)
    return Audience(found, tuple(known[key] for key in keys))


def count(tx: Connection, condition: Condition | None, *, now: datetime) -> int:
    """How many persons the condition means; one pass over each history that it asks for."""
    meant = audience_sql.of_all(condition, now=now)
    asked = select(func.count()).select_from(meant.origin).where(meant.test)
    with reading_all(tx):
        return tx.execute(asked).scalar_one()


def _first(tx: Connection, condition: Condition | None, *, now: datetime) -> list[UUID]:
    meant, person = audience_sql.of_all(condition, now=now), tables.persons.c.id
    asked = select(person).select_from(meant.origin).where(meant.test)
    with reading_all(tx):
        return list(tx.execute(asked.order_by(person).limit(EXAMPLES)).scalars())


@contextmanager
def reading_all(tx: Connection) -> Iterator[None]:
    """For statements that read whole histories: a planner that takes few for many must not loop.

    Where it expects one row it would group a history again for each person. The memory is what
    grouping a million persons takes.
    """
    tx.execute(_READING_ALL)
    yield
    tx.execute(_AS_BEFORE)


def among(
    tx: Connection, audience: Condition | None, people: Iterable[UUID], *, now: datetime
) -> set[UUID]:
    """Those of these persons whom the condition means; one statement."""
    asked = literal(list(people), ARRAY(Uuid()))
    meant = audience_sql.compile(audience, now=now)
    persons = tables.persons.c
    return set(tx.execute(select(persons.id).where(persons.id == any_(asked), meant)).scalars())
