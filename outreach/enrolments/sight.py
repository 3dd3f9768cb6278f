"""What do the conditions of campaigns look at, beside the person and the event themselves?

Read for a whole set of persons and events: what happened to these persons, days of their own, what
is on record of the things that these events name. A fixed number of statements, and none for what
nobody asks.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.campaigns import catalogue, history, needs
from outreach.campaigns.seen import Facts, History, Records
from outreach.events.model import Event
from outreach.records import dates, named


@dataclass(frozen=True, slots=True)
class Sight:
    """What was gathered: by person their history and days, by event what is on record.

    Of everything that is asked for, so that what is not in it was not gathered.
    """

    histories: Mapping[UUID, History] = field(default_factory=dict)
    days: Mapping[UUID, Facts] = field(default_factory=dict)
    records: Mapping[UUID, Records] = field(default_factory=dict)


def gather(
    tx: Connection,
    conditions: Sequence[object],
    people: Iterable[UUID],
    events: Iterable[Event],
    *,
    now: datetime,
) -> Sight:
    """Everything that these conditions, or the documents that hold them, ask for."""
    pasts, days = needs.of(*conditions), needs.days(*conditions)
    persons = sorted(set(people)) if pasts or days else []
    return Sight(
        history.gather(tx, pasts, persons, now=now),
        _days(tx, days, persons),
        _records(tx, needs.records(*conditions), events),
    )


def _records(
    tx: Connection, kinds: Collection[str], events: Iterable[Event]
) -> Mapping[UUID, Records]:
    return named.gather(tx, kinds, events) if kinds else {}


def _days(tx: Connection, names: Iterable[str], people: Sequence[UUID]) -> dict[UUID, Facts]:
    """By person what stands below `person`: `birthday`, and `dates` by name."""
    told = dates.told(tx, people, sorted(names))
    return {person: _below(days) for person, days in told.items()}


def _below(days: Mapping[str, object]) -> Facts:
    own = {path.rpartition(".")[2]: day for path, day in days.items() if path != catalogue.BIRTHDAY}
    return {"birthday": days.get(catalogue.BIRTHDAY), catalogue.DATES: own}
