"""How does one value of each person's history come to stand beside the person's row?

Looked up one by one, through an index, when few persons are asked about. Read once for all, grouped
and joined, when everybody is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import ColumnElement, FromClause, and_, select
from sqlalchemy.dialects.postgresql import distinct_on

from outreach.campaigns.sources import Rows
from outreach.campaigns.values_sql import Column
from outreach.db import tables


@dataclass(frozen=True, slots=True)
class Wanted:
    """One value for each person: an aggregate over these rows, or with `order` that of the first.

    Null for a person of whom there are none; whoever counts reads that as 0.
    """

    rows: Rows
    value: Column
    only: tuple[ColumnElement[bool], ...] = ()
    order: Sequence[Column] = ()


class Lookup(Protocol):
    """Where the compiler of conditions gets what is not in the person's own row."""

    def __call__(self, wanted: Wanted) -> Column: ...


def one_by_one(wanted: Wanted) -> Column:
    """As a subquery that is run for each person."""
    rows, person = wanted.rows, tables.persons.c
    mine = (rows.brand == person.brand_id, rows.person == person.id)
    asked = select(wanted.value).select_from(rows.origin).where(*mine, *rows.only, *wanted.only)
    if wanted.order:
        asked = asked.order_by(*wanted.order).limit(1)
    return asked.correlate(tables.persons).scalar_subquery()


@dataclass(slots=True)
class AllAtOnce:
    """As one pass over each source, joined to the persons: `origin` grows with what is asked."""

    origin: FromClause = field(default_factory=lambda: tables.persons)

    def __call__(self, wanted: Wanted) -> Column:
        rows = wanted.rows
        whose = (rows.brand.label("brand"), rows.person.label("person"))
        asked = select(*whose, wanted.value.label("found")).select_from(rows.origin)
        asked = asked.where(*rows.only, *wanted.only)
        if wanted.order:
            asked = asked.ext(distinct_on(rows.brand, rows.person))
            asked = asked.order_by(rows.brand, rows.person, *wanted.order)
        else:
            asked = asked.group_by(rows.brand, rows.person)
        # Sorted once: as a part of the statement it would be sorted by each of its processes.
        found = asked.cte().prefix_with("materialized") if wanted.order else asked.subquery()
        person = tables.persons.c
        theirs = and_(found.c.brand == person.brand_id, found.c.person == person.id)
        self.origin = self.origin.outerjoin(found, theirs)
        return found.c.found
