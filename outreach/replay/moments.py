"""What came in during these days, and when did we learn of it?

Facts by when they were received, consent by when it was recorded, persons who were told of later
than something that happened to them, versions that went live, what other brands of the group did.
Told in that order where several came at one instant.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.events.model import OCCASIONS, REQUESTS
from outreach.replay.taking import KEPT

ARRIVAL, VERSION, EVENT, ENTRY, CONTACT = KINDS = (
    "arrival", "version", "event", "entry", "contact",
)  # fmt: skip

# What a platform asked of us stands in the entries that were made of it, and what comes round by
# itself is planned anew.
_UNTOLD = [*REQUESTS, *OCCASIONS]
_TABLE = text(f"""
    drop table if exists {KEPT}.moments;
    create unlogged table {KEPT}.moments (at timestamptz, place smallint, id text)
""")
_EVENTS = text(f"""
    insert into {KEPT}.moments
    select received_at, :place, id::text from {KEPT}.events
    where received_at >= :since and received_at < :until and type <> all(:untold)
""")
# What a file says of the past was heard when the file was read; all else holds from when it was
# said. That is told by the application's clock, which need not be the database's.
HEARD_AT = "case when how in ('import', 'register') then recorded_at else effective_at end"
_ENTRIES = text(f"""
    insert into {KEPT}.moments
    select at, :place, id from (select {HEARD_AT} as at, id::text from {KEPT}.entries) heard
    where at >= :since and at < :until
""")
_VERSIONS = text(f"""
    insert into {KEPT}.moments
    select activated_at, :place, id::text from {KEPT}.campaigns
    where activated_at > :since and activated_at < :until
""")
_CONTACTS = text(f"""
    insert into {KEPT}.moments
    select at, :place, touch_id::text from {KEPT}.contacts
    where at >= :since and at < :until and brand_id <> :brand
""")
# Nobody wrote down when a person was brought in. An event that waited for one was looked at then.
_ARRIVALS = text(f"""
    insert into {KEPT}.moments
    select looked_at, :place, person_id::text
    from (
        select distinct on (n.person_id) n.person_id, n.created_at as looked_at, e.received_at
        from {KEPT}.enrolments n
        join {KEPT}.events e on e.id = n.event_id
        join {KEPT}.campaigns c on c.id = n.campaign_id
        where n.campaign_id = any(:at_once) and c.activated_at <= e.received_at
        order by n.person_id, n.created_at, e.received_at) first
    where looked_at > received_at + interval '5 minutes'
      and looked_at >= :since and looked_at < :until
""")
_INDEX = text(f"create index on {KEPT}.moments (at)")
_NEXT = text(f"select min(at) from {KEPT}.moments where at > :now")
_BETWEEN = text(f"""
    select place, id, at from {KEPT}.moments where at > :after and at <= :now
    order by at, place, id
""")


@dataclass(frozen=True, slots=True)
class Days:
    """From this instant on, up to and without that one."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """That something of a kind came in at an instant; the id is the kind's own."""

    kind: str
    id: str
    at: datetime


def lay_out(ground: Connection, days: Days, *, brand: int, at_once: Collection[UUID]) -> None:
    """Put in order what came in during these days.

    `at_once` are the versions in which an event begins a passage as soon as it is looked at.
    """
    ground.execute(_TABLE)
    values: dict[str, object] = {"since": days.since, "until": days.until}
    for kind, statement, more in (
        (ARRIVAL, _ARRIVALS, {"at_once": list(at_once)}),
        (VERSION, _VERSIONS, {}),
        (EVENT, _EVENTS, {"untold": _UNTOLD}),
        (ENTRY, _ENTRIES, {}),
        (CONTACT, _CONTACTS, {"brand": brand}),
    ):
        ground.execute(statement, {**values, **more, "place": KINDS.index(kind)})
    ground.execute(_INDEX)


def next_at(ground: Connection, *, now: datetime) -> datetime | None:
    """When the next of them comes in."""
    found: datetime | None = ground.execute(_NEXT, {"now": now}).scalar_one_or_none()
    return found


def between(ground: Connection, *, after: datetime, now: datetime) -> list[Moment]:
    """Those that come in after the one instant and up to the other, in their order."""
    rows = ground.execute(_BETWEEN, {"after": after, "now": now})
    return [Moment(KINDS[row.place], row.id, row.at) for row in rows]


def ids_of(moments: Iterable[Moment], kind: str) -> list[str]:
    """The ids of those of this kind."""
    return [one.id for one in moments if one.kind == kind]
