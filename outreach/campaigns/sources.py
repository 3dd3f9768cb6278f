"""From which rows is the history of persons read, and the persons themselves?

One reading for both uses: what is gathered for one person's conditions (`history`) and what
stands in an audience's statement (`audience_sql`) are the same columns, so they mean the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, DateTime, FromClause, cast, exists, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.selectable import NamedFromClause

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
    return Sight(catalogue.PERSON[name], tables.persons.c[name])


def own_day(path: str) -> Rows:
    """The day of each person's own that conditions call by this path, in the column `on`."""
    day = tables.dates.alias()
    named = (day.c.name == path, day.c.key == "")
    columns: dict[str, Column] = {"on": day.c.falls_on}
    return Rows("dates", day, day.c.brand_id, day.c.person_id, day.c.name, columns, named)


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


def _orders() -> Rows:
    order = tables.orders.alias()
    names = ("number", "state", "currency", "total_minor", "paid_at", "refunded_at", "completed_at")
    columns: dict[str, Column] = {
        "order": order.c.key, "at": func.coalesce(order.c.placed_at, order.c.paid_at),
        **{name: order.c[name] for name in names},
    }  # fmt: skip
    return _recorded("orders", order, order.c.key, columns)


def _parcels() -> Rows:
    parcel = tables.parcels.alias()
    names = ("carrier", "state", "quality", "delivered_at", "returned_at")
    columns: dict[str, Column] = {
        "parcel": parcel.c.key, "order": parcel.c.order_key,
        "at": func.coalesce(parcel.c.shipped_at, parcel.c.delivered_at),
        **{name: parcel.c[name] for name in names},
    }  # fmt: skip
    return _recorded("parcels", parcel, parcel.c.key, columns)


def _contracts() -> Rows:
    contract = tables.contracts.alias()
    began = func.coalesce(
        _midnight(contract.c.started_on), contract.c.due_at, contract.c.renewed_at
    )
    columns: dict[str, Column] = {
        "contract": contract.c.key, "product": contract.c.product_key, "at": began,
        **{name: contract.c[name] for name in ("kind", "state", "term", "ends_on", "renewed_at")},
    }  # fmt: skip
    return _recorded("contracts", contract, contract.c.key, columns)


def _registrations() -> Rows:
    one = tables.registrations.alias()
    columns: dict[str, Column] = {
        "product": one.c.product_key, "serial": one.c.serial, "at": one.c.registered_at,
    }  # fmt: skip
    return _recorded(
        "registrations", one, func.concat(one.c.product_key, "/", one.c.serial), columns
    )


def _recorded(
    name: str, record: NamedFromClause[Any], tie: Column, columns: Mapping[str, Column]
) -> Rows:
    """What is on record and has an instant; what has none is not known to have happened."""
    happened = columns["at"].is_not(None)
    return Rows(name, record, record.c.brand_id, record.c.person_id, tie, columns, (happened,))


def _midnight(day: Column) -> Column:
    """The first moment of that day in UTC, as `values.instant` reads a bare date."""
    return cast(day, DateTime(timezone=True))


def _cases() -> Rows:
    case = tables.cases.alias()
    columns: dict[str, Column] = {
        "case": case.c.key, "kind": case.c.kind, "state": case.c.state,
        "severity": case.c.severity, "at": case.c.opened_at, "closed_at": case.c.closed_at,
    }  # fmt: skip
    return _recorded("cases", case, case.c.key, columns)


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
    "orders": _orders,
    "parcels": _parcels,
    "contracts": _contracts,
    "registrations": _registrations,
    "cases": _cases,
    "touches": _touches,
}
