"""As what kind of customer is this person known?

Read off the events, whenever it is asked: the last purchase or delivery, and the contract's end. A
report that a contract comes up for renewal says at least that it ran on that day.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy import Connection, Row, text

from optout.model import Relationship

_OF = text("""
    select person_id,
        max(occurred_at) filter (where type in ('order.paid', 'parcel.delivered')) as bought_at,
        max(occurred_at) filter (where type in ('contract.renewal_due', 'contract.renewed'))
            as ran_at,
        array_agg(data ->> 'ends_on') filter (where data ->> 'ends_on' is not null) as ends
    from outreach.events
    where person_id = any(:people)
      and type in ('order.paid', 'parcel.delivered', 'contract.renewal_due', 'contract.renewed')
    group by person_id
""")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])")


def relationships_of(tx: Connection, people: Sequence[UUID]) -> dict[UUID, Relationship]:
    """What is known of these persons as customers; one statement. Strangers are not in it."""
    rows = tx.execute(_OF, {"people": list(people)})
    return {row.person_id: _relationship(row) for row in rows}


def _relationship(row: Row[tuple[object, ...]]) -> Relationship:
    ends = [end for end in map(_last_moment, row.ends or ()) if end is not None]
    return Relationship(
        last_purchase=row.bought_at,
        contract_end=max(ends, default=row.ran_at),
    )


def _last_moment(written: str) -> datetime | None:
    """The end of that day; whatever is no date says nothing about the end."""
    if not _DAY.fullmatch(written):
        return None
    year, month, day = (int(part) for part in written.split("-"))
    try:
        return datetime.combine(datetime(year, month, day, tzinfo=UTC), time.max, UTC)
    except ValueError:  # the 31st of a shorter month
        return None
