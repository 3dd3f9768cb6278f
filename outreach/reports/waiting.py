"""Which events do not know whose they are, and what do they wait for?"""

from sqlalchemy import Connection, text

_MANY = text("""
    select count(*) from (
        select from outreach.events where waits_for is not null limit :most) few
""")
_WAITING = text("""
    select key as event, waits_for, source, occurred_at, received_at from outreach.events
    where waits_for is not null order by received_at, id limit :limit
""")


def many(tx: Connection, *, most: int | None = None) -> int:
    """How many name an order, a parcel or a contract, and nobody has said whose that is.

    All are counted, or where a page must be fast, no more than `most`.
    """
    return int(tx.execute(_MANY, {"most": most}).scalar_one())


def oldest(tx: Connection, *, limit: int = 50) -> tuple[dict[str, object], ...]:
    """Those of them that have waited longest."""
    return tuple(row._asdict() for row in tx.execute(_WAITING, {"limit": limit}))
