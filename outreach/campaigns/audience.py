"""Who is in an audience?"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from outreach.campaigns import audience_sql
from outreach.campaigns.conditions import Condition
from outreach.db import tables


def among(
    tx: Connection, audience: Condition | None, people: Iterable[UUID], *, now: datetime
) -> set[UUID]:
    """Those of these persons whom the condition means; one statement."""
    asked = literal(list(people), ARRAY(Uuid()))
    meant = audience_sql.compile(audience, now=now)
    persons = tables.persons.c
    return set(tx.execute(select(persons.id).where(persons.id == any_(asked), meant)).scalars())
