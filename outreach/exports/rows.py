"""Which rows does an asking mean, and what stands in them when they leave?

Meant are ids, kept when it was asked for. What stands in a row is as it is on the day it leaves:
who was forgotten meanwhile is in none.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Connection, Select, func, insert, literal, select, text

from outreach import ids
from outreach.campaigns import audience, audience_sql, conditions
from outreach.db import tables
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.exports import store
from outreach.exports.model import MOST, Wanted
from outreach.people import store as people
from outreach.people.model import Person

Row: TypeAlias = Mapping[str, object]

_PAGE = 1000
_FIRST = UUID(int=0)
_PEOPLE = (
    "ref", "name", "email", "phone", "handle", "locale", "zone", "country", "subdivision",
    "postcode", "tags",
)  # fmt: skip
_CONTACTS = (
    "touch", "ref", "campaign", "step", "channel", "purpose", "state", "reason", "planned_for",
    "settled_at",
)  # fmt: skip
COLUMNS: Mapping[str, Sequence[str]] = {"people": _PEOPLE, "contacts": _CONTACTS}
_TOUCHES = text("""
    select t.id, p.ref, c.key as campaign, t.step, t.channel, t.purpose, t.state::text, t.reason,
        t.planned_for, t.settled_at
    from outreach.touches t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    where t.id = any(:ids)
""")


def keep(tx: Connection, brand: BrandRef, export: UUID, wanted: Wanted, *, now: datetime) -> int:
    """Keep the ids of the rows that are meant now; answers how many.

    Raises `Invalid` for a condition that chooses nobody's audience, and for more than `MOST`.
    """
    meant = (_people if wanted.kind == "people" else _contacts)(wanted, now)
    kept = tables.export_rows
    row = meant.selected_columns[0]
    asked = meant.with_only_columns(literal(brand.id), literal(export), row).limit(MOST + 1)
    put = insert(kept).from_select([kept.c.brand_id, kept.c.export_id, kept.c.row_id], asked)
    with audience.reading_all(tx):
        tx.execute(put)
    if (many := store.meant(tx, export)) > MOST:
        raise Invalid(f"these are more than {MOST:,} rows: ask for a part of them")
    return many


def _people(wanted: Wanted, now: datetime) -> Select[tuple[UUID]]:
    asked = wanted.condition
    condition = None if asked is None else conditions.decode(asked)
    meant, persons = audience_sql.of_all(condition, now=now), tables.persons.c
    forgotten = persons.ref == func.concat("erased ", persons.id)
    return select(persons.id).select_from(meant.origin).where(meant.test, ~forgotten)


def _contacts(wanted: Wanted, _now: datetime) -> Select[tuple[UUID]]:
    touches, campaigns = tables.touches.c, tables.campaigns.c
    meant = select(touches.id)
    if wanted.campaign is not None:
        versions = select(campaigns.id).where(campaigns.key == wanted.campaign)
        meant = meant.where(touches.campaign_id.in_(versions))
    if wanted.since is not None:
        meant = meant.where(touches.planned_for >= wanted.since)
    return meant if wanted.until is None else meant.where(touches.planned_for < wanted.until)


def of(tx: Connection, export: UUID, kind: str) -> Iterator[Row]:
    """The rows of an asking, two statements a thousand, in the order of their ids."""
    read, after = (_of_people if kind == "people" else _of_contacts), _FIRST
    while page := store.rows(tx, export, after=after, limit=_PAGE):
        yield from read(tx, page)
        after = page[-1]


def _of_people(tx: Connection, page: Sequence[UUID]) -> Iterator[Row]:
    known = people.by_id(tx, page)
    return (_person(known[one]) for one in page if one in known)


def _person(one: Person) -> Row:
    addresses = {address.kind: address.value for address in one.addresses}
    told = {name: getattr(one, name, None) for name in _PEOPLE}
    return {**told, **addresses, "tags": " ".join(sorted(one.tags))}


def _of_contacts(tx: Connection, page: Sequence[UUID]) -> Iterator[Row]:
    found = {row.id: row._asdict() for row in tx.execute(_TOUCHES, {"ids": list(page)})}
    known = (found[one] for one in page if one in found)
    return ({**row, "touch": ids.shown(ids.TOUCH, row["id"])} for row in known)
