"""Which days are a person's own, who said so last, and which have changed since planning looked?

Persons come with their birthday and other dates; events name the ends of contracts, warranties and
trials. What is told later stands, by when it happened and not by when it came. A date that is taken
back stays as a row without a day, so that what is planned for it can be found and cancelled.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Result, text

from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import DATE_ABOUT
from outreach.events.model import Event
from outreach.people.model import Person
from outreach.records import values

# Type of event → the date that it names: its name, the fields that say whose it is, and the field
# that holds the day; without one, the event takes the date back.
_NAMED: Mapping[str, tuple[str, tuple[str, ...], str | None]] = {
    "contract.started": ("contract.ends_on", ("contract",), "ends_on"),
    "contract.renewal_due": ("contract.ends_on", ("contract",), "ends_on"),
    "contract.renewed": ("contract.ends_on", ("contract",), "ends_on"),
    "contract.cancelled": ("contract.ends_on", ("contract",), None),
    "contract.ended": ("contract.ends_on", ("contract",), None),
    "product.registered": ("warranty.ends_on", ("product", "serial"), "warranty_ends_on"),
    "warranty.ending": ("warranty.ends_on", ("warranty",), "ends_on"),
    "trial.ending": ("trial.ends_on", ("trial",), "ends_on"),
}
# What has become a contract is no trial any more, where the event names both.
_TAKEN_BACK: Mapping[str, tuple[str, str]] = {"contract.started": ("trial.ends_on", "trial")}
_TELLING = _NAMED.keys() | _TAKEN_BACK.keys()
_PUT = text("""
    insert into outreach.dates
        (brand_id, person_id, name, key, falls_on, month_day, about, told_at, state)
    select :brand, person_id, name, key, falls_on, month_day, about, told_at, 'changed'
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        person_id uuid, name text, key text, falls_on date, month_day smallint, about jsonb,
        told_at timestamptz)
    on conflict (brand_id, person_id, name, key) do update set
        falls_on = excluded.falls_on, month_day = excluded.month_day, about = excluded.about,
        told_at = excluded.told_at,
        state = case when dates.falls_on is not distinct from excluded.falls_on
                     then dates.state else 'changed' end
    where excluded.told_at >= dates.told_at
""")
_TAKE_BACK = text("""
    update outreach.dates d set falls_on = null, month_day = null, told_at = :now, state = 'changed'
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(person_id uuid, names jsonb)
    where d.person_id = given.person_id and d.name like 'person.%' and d.falls_on is not null
      and not given.names ? d.name
""")
_ARRIVED = text("""
    update outreach.dates set state = 'changed' where person_id = any(:people) and state = 'waiting'
""")
_HOLD_NEXT = text("""
    select p.id from outreach.persons p
    where p.id > :after and p.id in (
        select d.person_id from outreach.dates d
        where d.name = :name and (d.falls_on = :day or d.month_day = any(:month_days)))
    order by p.id limit :limit for no key update of p
""")
# Shared until the passages are stored: whoever changes a date waits, and is then seen as a change.
_FALLING = text("""
    select person_id, name, key, falls_on, about from outreach.dates
    where person_id = any(:people) and name = :name
      and (falls_on = :day or month_day = any(:month_days))
    order by person_id, key for share
""")
_WHOSE = text("""
    select distinct person_id from outreach.dates where state = 'changed' limit :limit
""")
_SETTLE = text("""
    update outreach.dates d
    set state = case when exists (
            select from outreach.persons p where p.brand_id = d.brand_id and p.id = d.person_id)
        then 'settled' else 'waiting' end
    where d.person_id = any(:people) and d.state = 'changed'
""")
_OF = text("""
    select person_id, name, key, falls_on, about from outreach.dates
    where person_id = any(:people) order by person_id, name, key for share
""")
_TOLD = text("""
    select person_id, name, falls_on from outreach.dates
    where person_id = any(:people) and name = any(:names) and key = '' and falls_on is not null
""")
_LEAP_DAY = 229


@dataclass(frozen=True, slots=True)
class Dated:
    """One day of a person's, and what the event that named it said besides."""

    person_id: UUID
    name: str
    key: str
    falls_on: date | None
    about: Mapping[str, object]

    def comes_on(self, day: date, *, yearly: bool) -> bool:
        """Whether it falls on this day, or comes round on it."""
        if self.falls_on is None:
            return False
        return month_day(self.falls_on) in month_days(day) if yearly else self.falls_on == day


def month_day(day: date) -> int:
    """The day without its year: 517 is 17 May."""
    return day.month * 100 + day.day


def month_days(day: date) -> list[int]:
    """Which days of a year are kept on this one: on 28 February also the 29th, where there is none.

    So a greeting never comes a day late.
    """
    leaps = (day.year % 4 == 0 and day.year % 100 != 0) or day.year % 400 == 0
    found = month_day(day)
    return [found, _LEAP_DAY] if found == _LEAP_DAY - 1 and not leaps else [found]


def of_persons(
    tx: Connection, brand: BrandRef, persons: Sequence[Person], *, now: datetime
) -> None:
    """Take in the days with which these persons come; of whom no day is told keeps what there is.

    What waited for a person is looked at again.
    """
    told = [person for person in persons if person.dates is not None]
    names = [
        {"person_id": str(one.id), "names": [name for name, _ in one.dates or ()]} for one in told
    ]
    if told:
        tx.execute(_TAKE_BACK, {"rows": json.dumps(names), "now": now})
    _put(tx, brand, [_row(one.id, *said, "", {}, now) for one in told for said in one.dates or ()])
    tx.execute(_ARRIVED, {"people": [person.id for person in persons]})


def of_events(tx: Connection, brand: BrandRef, events: Iterable[Event]) -> None:
    """Take in the dates that these events name, or take back."""
    telling = [one for one in events if one.type in _TELLING]
    _put(tx, brand, [row for one in telling for row in (*_named(one), *_taken_back(one))])


def _taken_back(event: Event) -> Iterator[dict[str, object]]:
    name, whose = _TAKEN_BACK.get(event.type, ("", ""))
    if key := values.text(event.data, whose):
        yield _row(event.person_id, name, None, key, event.data, event.occurred_at)


def _named(event: Event) -> Iterator[dict[str, object]]:
    name, whose, field = _NAMED.get(event.type, ("", (), None))
    if not name:
        return
    written = values.day(event.data, field) if field else None
    if field and written is None:
        return
    key = ":".join(values.text(event.data, part) or "" for part in whose)
    day = date.fromisoformat(written) if written else None
    yield _row(event.person_id, name, day, key, event.data, event.occurred_at)


def _row(
    person: UUID, name: str, day: date | None, key: str, about: Mapping[str, object], at: datetime
) -> dict[str, object]:
    return {
        "person_id": str(person), "name": name, "key": key, "about": about,
        "falls_on": day.isoformat() if day else None, "month_day": month_day(day) if day else None,
        "told_at": at.astimezone(UTC).isoformat(),
    }  # fmt: skip


def _put(tx: Connection, brand: BrandRef, rows: Sequence[Mapping[str, object]]) -> None:
    """In order, so that two requests wait for each other and never in a circle."""
    newest: dict[tuple[str, ...], Mapping[str, object]] = {}
    for row in sorted(rows, key=lambda row: str(row["told_at"])):
        newest[str(row["person_id"]), str(row["name"]), str(row["key"])] = row
    if newest:
        in_order = [_sealed(tx, newest[key]) for key in sorted(newest)]
        tx.execute(_PUT, {"brand": brand.id, "rows": json.dumps(in_order)})


def _sealed(tx: Connection, row: Mapping[str, Any]) -> dict[str, object]:
    whose = (UUID(str(row["person_id"])), str(row["name"]), str(row["key"]))
    return {**row, "about": sealed.seal_parts(tx, DATE_ABOUT, row["about"], *whose)}


def _dated(tx: Connection, rows: Result[Any]) -> list[Dated]:
    found: Sequence[Any] = rows.all()
    return [_opened(tx, Dated(*row)) for row in found]


def _opened(tx: Connection, one: Dated) -> Dated:
    whose = (one.person_id, one.name, one.key)
    return replace(one, about=sealed.opened_parts(tx, DATE_ABOUT, one.about, *whose))


def hold_next(
    tx: Connection, name: str, day: date, after: UUID, *, yearly: bool, limit: int
) -> list[UUID]:
    """Lock the next persons, in the order of their ids, for whom this date falls on this day."""
    values = _asked(name, day, yearly=yearly) | {"after": after, "limit": limit}
    return [row.id for row in tx.execute(_HOLD_NEXT, values)]


def falling(
    tx: Connection, people: Sequence[UUID], name: str, day: date, *, yearly: bool
) -> list[Dated]:
    """The dates of these persons that fall on this day."""
    values = _asked(name, day, yearly=yearly) | {"people": list(people)}
    return _dated(tx, tx.execute(_FALLING, values))


def _asked(name: str, day: date, *, yearly: bool) -> dict[str, object]:
    return {
        "name": name,
        "day": None if yearly else day,
        "month_days": month_days(day) if yearly else [],
    }


def told(
    tx: Connection, people: Sequence[UUID], names: Sequence[str]
) -> dict[UUID, dict[str, date]]:
    """The days of these names that the persons came with, by person; no statement for no name."""
    found: dict[UUID, dict[str, date]] = {}
    if names:
        for row in tx.execute(_TOLD, {"people": list(people), "names": list(names)}):
            found.setdefault(row.person_id, {})[row.name] = row.falls_on
    return found


def whose_changed(tx: Connection, *, limit: int) -> list[UUID]:
    """Persons of whose dates one has changed since planning looked."""
    return [row.person_id for row in tx.execute(_WHOSE, {"limit": limit})]


def of(tx: Connection, people: Sequence[UUID]) -> list[Dated]:
    """All dates of these persons."""
    return _dated(tx, tx.execute(_OF, {"people": list(people)}))


def settle(tx: Connection, people: Sequence[UUID]) -> None:
    """Planning has looked at the dates of these persons; who is not known yet is waited for."""
    tx.execute(_SETTLE, {"people": list(people)})
