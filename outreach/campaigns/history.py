"""What happened to these persons, as far as somebody's conditions ask for it?

One statement a source for a whole set of persons, and none where nobody asks.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from outreach.campaigns import sources
from outreach.campaigns.needs import EVER
from outreach.campaigns.seen import Facts, History

_PEOPLE = bindparam("people", type_=ARRAY(Uuid()))


def gather(
    tx: Connection, needs: Mapping[str, timedelta], people: Iterable[UUID], *, now: datetime
) -> dict[UUID, History]:
    """The history of each of these persons: every source that is needed, each oldest first.

    `needs` is what `needs.of` says: the sources, and how far back.
    """
    found: dict[UUID, dict[str, list[Facts]]] = {
        person: {source: [] for source in needs} for person in people
    }
    for source, back in needs.items():
        for person, thing in _things(tx, source, back, list(found), now):
            found[person][source].append(thing)
    return dict(found)


def _things(
    tx: Connection, source: str, back: timedelta, people: list[UUID], now: datetime
) -> Iterable[tuple[UUID, Facts]]:
    rows = sources.rows(source)
    named = [column.label(name) for name, column in rows.columns.items()]
    at = rows.columns["at"]
    since = () if back == EVER else (at > now - back,)
    asked = (
        select(rows.person.label("of"), *named)
        .select_from(rows.origin)
        .where(rows.person == any_(_PEOPLE), *rows.only, at <= now, *since)
        .order_by(at, rows.tie)
    )
    for row in tx.execute(asked, {"people": people}):
        known = row._asdict()
        yield known.pop("of"), known
