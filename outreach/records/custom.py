"""As what kind of customer is this person known?

Read off the records: the last purchase or delivery, the contract's end, the last case that the
person brought, the last inquiry after what the brand offers. A report that a contract comes up for
renewal says at least that it ran on that day.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import Connection, Row, text

from optout.model import Relationship

_OF = text("""
    select person_id, max(bought_at) as bought_at, max(ran_at) as ran_at, max(ends_on) as ends_on,
           max(asked_at) as asked_at, max(inquired_at) as inquired_at
    from (
        select person_id, paid_at as bought_at, null::timestamptz as ran_at, null::date as ends_on,
               null::timestamptz as asked_at, null::timestamptz as inquired_at
        from outreach.orders where person_id = any(:people)
        union all
        select person_id, delivered_at, null, null, null, null
        from outreach.parcels where person_id = any(:people)
        union all
        select person_id, null, greatest(due_at, renewed_at), ends_on, null, null
        from outreach.contracts where person_id = any(:people)
        union all
        select person_id, null, null, null, greatest(opened_at, reopened_at), null
        from outreach.cases where person_id = any(:people)
        union all
        select person_id, null, null, null, null, made_at
        from outreach.inquiries where person_id = any(:people)) known
    group by person_id
""")


def relationships_of(tx: Connection, people: Sequence[UUID]) -> dict[UUID, Relationship]:
    """What is known of these persons as customers; one statement. Strangers are not in it."""
    rows = tx.execute(_OF, {"people": list(people)})
    return {row.person_id: _relationship(row) for row in rows}


def _relationship(row: Row[tuple[object, ...]]) -> Relationship:
    return Relationship(
        last_purchase=row.bought_at,
        contract_end=row.ran_at if row.ends_on is None else _last_moment(row.ends_on),
        last_contact=row.asked_at,
        inquiry=row.inquired_at,
    )


def _last_moment(ends_on: date) -> datetime:
    return datetime.combine(ends_on, time.max, UTC)
