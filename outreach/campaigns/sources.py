"""From which rows is the history of persons read, and the persons themselves?

One reading for both uses: what is gathered for one person's conditions (`history`) and what
stands in an audience's statement (`audience_sql`) are the same columns, so they mean the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, exists, func, select
from sqlalchemy.dialects.postgresql import JSONB

from outreach.campaigns import catalogue
from outreach.campaigns.catalogue import FREE, Sort
from outreach.campaigns.values_sql import Column, amount_of, inside
from outreach.db import tables


@dataclass(frozen=True, slots=True)
class Sight:
    """A field in SQL: its sort, and an expression that is null where the field is missing."""

    sort: Sort
    column: Column


@dataclass(frozen=True, slots=True)
class Rows:
    """The things of one source: whose they are, when they happened, and their fields.

    `tie` settles which of two that happened at one instant was first, always in the same way.
    """

    name: str
    origin: FromClause
    brand: Column
    person: Column
    tie: Column
    columns: Mapping[str, Column]
    only: tuple[ColumnElement[bool], ...] = ()

    def sight(self, path: str) -> Sight:
        """The field at this path, which begins below the source's name."""
        first, _, deeper = path.partition(".")
        sort = catalogue.SOURCES[self.name][first]
        if first == FREE:
            return Sight("any", inside(self.columns[FREE], deeper.split(".")))
        return Sight(sort, self.columns[first])


def rows(name: str) -> Rows:
    """The things of this source, a fresh alias each time."""
    return _READ[name]()


def person(name: str) -> Sight:
    """The field of `tables.persons` that conditions call `person.NAME`."""
    if name.startswith("has_"):
        return Sight("flag", _has(name.removeprefix("has_")))
    column = tables.persons.c[name]
    return Sight(catalogue.PERSON[name], func.nullif(column, "") if name == "name" else column)


def _has(kind: str) -> Column:
    owner, address = tables.persons.c, tables.addresses.alias()
    mine = (address.c.brand_id == owner.brand_id, address.c.person_id == owner.id)
    found = select(address.c.kind).where(*mine, address.c.kind == kind)
    return exists(found.correlate(tables.persons))


def _events() -> Rows:
    event = tables.events.alias()
    known: dict[str, Column] = {name: event.c[name] for name in ("type", "key", "source", "data")}
    columns = known | {"at": event.c.occurred_at}
    return Rows("events", event, event.c.brand_id, event.c.person_id, event.c.id, columns)


def _answers() -> Rows:
    event = tables.events.alias()
    columns: dict[str, Column] = {
        "survey": func.jsonb_extract_path_text(event.c.data, "survey"),
        "score": amount_of(func.jsonb_extract_path(event.c.data, "score", type_=JSONB)),
        "data": event.c.data,
        "at": event.c.occurred_at,
    }
    told = event.c.type == "survey.answered"
    return Rows("answers", event, event.c.brand_id, event.c.person_id, event.c.id, columns, (told,))


def _cases() -> Rows:
    case = tables.cases.alias()
    columns: dict[str, Column] = {
        "case": case.c.key, "kind": case.c.kind, "state": case.c.state,
        "severity": case.c.severity, "at": case.c.opened_at, "closed_at": case.c.closed_at,
    }  # fmt: skip
    opened = case.c.opened_at.is_not(None)
    return Rows("cases", case, case.c.brand_id, case.c.person_id, case.c.key, columns, (opened,))


def _touches() -> Rows:
    """What a provider or an agent took: attempts, since they carry the instant and the person."""
    attempt, touch, campaign = (
        table.alias() for table in (tables.attempts, tables.touches, tables.campaigns)
    )
    origin = attempt.join(
        touch, (touch.c.brand_id == attempt.c.brand_id) & (touch.c.id == attempt.c.touch_id)
    ).join(
        campaign,
        (campaign.c.brand_id == touch.c.brand_id) & (campaign.c.id == touch.c.campaign_id),
    )
    columns: dict[str, Column] = {
        "channel": attempt.c.channel, "purpose": attempt.c.purpose, "campaign": campaign.c.key,
        "at": attempt.c.started_at,
    }  # fmt: skip
    taken = attempt.c.outcome == "accepted"
    return Rows(
        "touches", origin, attempt.c.brand_id, attempt.c.person_id, attempt.c.touch_id, columns,
        (taken,),
    )  # fmt: skip


_READ: Mapping[str, Callable[[], Rows]] = {
    "events": _events,
    "answers": _answers,
    "cases": _cases,
    "touches": _touches,
}
