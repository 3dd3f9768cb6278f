"""Which contacts were not made, or wait, and for which reason?

By reason and a page at a time, along an index: the first page of a reason that a million touches
have is as near as that of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, Row, TextClause, text

from outreach.db import sealed
from outreach.db.personal import PERSON_NAME

# From reason to reason along the index, since there are few reasons and many touches.
_REASONS = text("""
    with recursive told as (
        (select reason from outreach.touches where reason is not null order by reason limit 1)
        union all
        select (select t.reason from outreach.touches t where t.reason > told.reason
                order by t.reason limit 1)
        from told where told.reason is not null
    )
    select reason from told where reason is not null
""")
_VERSIONS = text("select id::text from outreach.campaigns where key = :key")
# An index gives touches in the order of the page. It is walked until the page is full as long as
# PostgreSQL believes that a page may be filled: of a `case` it believes that it holds for every
# other row, of the conditions in it that hardly a row is left, and would read and sort them all.
_NOT_SENT = text("""
    select t.id, c.key as campaign, t.channel, t.state::text as state, t.reason, t.due_at,
           t.settled_at, p.ref, p.name, p.id as person
    from unnest(cast(:reasons as text[])) as wanted(reason)
    cross join lateral (
        select * from (
            select * from outreach.touches t
            where t.reason = wanted.reason and t.settled_at is not null
              and (t.settled_at, t.id) < (:at, :id)
            order by t.settled_at desc, t.id desc offset 0) t
        where case when t.state::text in ('skipped', 'failed', 'cancelled')
              and (cast(:campaigns as text[]) is null or t.campaign_id::text = any(:campaigns))
              then true else false end
        limit :limit) t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    order by t.settled_at desc, t.id desc limit :limit
""")
# In the order of their ids, which nothing changes while somebody pages. Not settled, they are all
# alike by that; it is named first so that the index is seen to be in this order.
_HELD = text("""
    select t.id, c.key as campaign, t.channel, t.state::text as state, t.reason, t.due_at,
           t.settled_at, p.ref, p.name, p.id as person
    from unnest(cast(:reasons as text[])) as wanted(reason)
    cross join lateral (
        select * from (
            select * from outreach.touches t
            where t.reason = wanted.reason and t.settled_at is null and t.id < :id
            order by t.settled_at desc, t.id desc offset 0) t
        where case when t.state::text = 'planned'
              and (cast(:campaigns as text[]) is null or t.campaign_id::text = any(:campaigns))
              then true else false end
        limit :limit) t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    order by t.id desc limit :limit
""")
_LAST = UUID(int=(1 << 128) - 1)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """The last line of a page; what follows is older, or has a smaller id."""

    id: UUID = _LAST
    at: datetime = _NEVER


@dataclass(frozen=True, slots=True)
class Unsent:
    """A contact that was not made (skipped, failed, cancelled), or that is held (planned)."""

    id: UUID
    campaign: str
    channel: str
    state: str
    reason: str
    due_at: datetime
    settled_at: datetime | None
    ref: str
    name: str

    @property
    def mark(self) -> Mark:
        """Where the next page begins."""
        return Mark(self.id, self.settled_at or _NEVER)


def reasons(tx: Connection) -> list[str]:
    """Every reason that some touch of the brand has now."""
    return list(tx.execute(_REASONS).scalars())


def not_sent(
    tx: Connection,
    wanted: Sequence[str],
    *,
    campaign: str | None = None,
    after: Mark = Mark(),
    limit: int = 50,
) -> list[Unsent]:
    """What ended unsent for one of these reasons, newest first."""
    return _page(tx, _NOT_SENT, wanted, campaign=campaign, after=after, limit=limit)


def held(
    tx: Connection,
    wanted: Sequence[str],
    *,
    campaign: str | None = None,
    after: Mark = Mark(),
    limit: int = 50,
) -> list[Unsent]:
    """What is held for one of these reasons."""
    return _page(tx, _HELD, wanted, campaign=campaign, after=after, limit=limit)


def _page(
    tx: Connection,
    statement: TextClause,
    wanted: Sequence[str],
    *,
    campaign: str | None,
    after: Mark,
    limit: int,
) -> list[Unsent]:
    versions = None if campaign is None else _versions(tx, campaign)
    if versions == []:  # a name that nothing has: every touch would be read to find none
        return []
    values = {
        "reasons": list(wanted), "campaigns": versions, "id": after.id, "at": after.at,
        "limit": limit,
    }  # fmt: skip
    return [_line(tx, row) for row in tx.execute(statement, values)]


def _line(tx: Connection, row: Row[tuple[object, ...]]) -> Unsent:
    known = row._asdict()
    name = sealed.opened(tx, PERSON_NAME, known["name"], known.pop("person"))
    return Unsent(**known | {"name": name})


def _versions(tx: Connection, campaign: str) -> list[str]:
    """As texts, by which no index is looked up: that of reasons gives the order of the page."""
    return list(tx.execute(_VERSIONS, {"key": campaign}).scalars())
