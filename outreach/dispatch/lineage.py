"""Is this still the database in which the ledger was written?

A standby that was promoted, and a copy that was restored, lack the last moments: what was called in
them waits there as if it had never been called. So whatever was due in the last minutes is taken
for uncertain, and settled like anything else of which nobody knows whether it was sent. Where a
backlog waits, what was called last had been due for longer: so is its head, as far as calls can
have come in those minutes.

PostgreSQL says by itself where it stands: each cluster has an identifier, and each promotion and
each recovery to a point in time begins a new timeline.
https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES
"""

import json
import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, text

from optout.model import Channel, Purpose
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.dispatch import contacts, store
from outreach.dispatch.contacts import Made
from outreach.people.model import REACHED_BY

log = logging.getLogger(__name__)

_DETAIL = "it was due shortly before the database was promoted or restored"
_MARKED = "it was marked when the database was promoted or restored"
_REACHED_BY = json.dumps({channel.value: kind for channel, kind in REACHED_BY.items()})
# The oldest of each channel go first. Nobody knows how many went in what is missing: no more than
# twice what went in the busiest stretch of that length in a day, or what a slow day may rise to.
_LEAST = 10_000
_HEAD = text("""
    with stretches as (
        select channel, count(*) as many from outreach.attempts
        where started_at > cast(:now as timestamptz) - interval '1 day'
        group by channel, date_bin(:window, started_at, timestamptz '1970-01-01 00:00+00')
    ), waiting as (
        select id, channel, row_number() over (partition by channel order by due_at, id) as place
        from outreach.touches where state in ('planned', 'claimed') and due_at <= :since
    )
    select w.id from waiting w
    where w.place <= greatest(:least, 2 * coalesce(
        (select max(s.many) from stretches s where s.channel = w.channel), 0))
""")
# An attempt for each, since one may have been made; it counts for caps. Whoever has no address was
# not called.
_DOUBT = text("""
    with due as (
        select t.brand_id, t.id, a.hash from outreach.touches t
        join outreach.addresses a on a.brand_id = t.brand_id and a.person_id = t.person_id
            and a.kind = cast(:reached_by as jsonb) ->> t.channel
        where t.state in ('planned', 'claimed') and t.due_at <= :now
          and (t.due_at > :since or t.id = any(:head))
        order by t.id for update of t
    ), doubted as (
        update outreach.touches t
        set state = 'uncertain', reason = 'promoted', fence = t.fence + 1, settled_at = :now,
            lease_until = now() + :patience
        from due where t.brand_id = due.brand_id and t.id = due.id
        returning t.brand_id, t.id, t.fence, t.person_id, t.channel, t.purpose, due.hash
    )
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
        address_hash, content_hash, started_at, begun_at, ended_at, outcome, detail)
    select brand_id, id, fence, person_id, channel, purpose, hash, '', :now, :now, :now,
        'uncertain', :detail
    from doubted
    returning touch_id, fence, address_hash, channel, purpose
""")
# Their attempts are counted already. The fence stays: an answer that comes after all is written
# down, as after a worker's death, and none of them can begin any more.
_DOUBT_MARKED = text("""
    with marked as (
        select brand_id, id from outreach.touches where state = 'calling' order by id for update
    ), doubted as (
        update outreach.touches t
        set state = 'uncertain', reason = 'promoted', settled_at = :now,
            lease_until = now() + :patience
        from marked where t.brand_id = marked.brand_id and t.id = marked.id
        returning t.brand_id, t.id, t.fence
    ), unanswered as (
        update outreach.attempts a
        set outcome = 'uncertain', detail = :detail, ended_at = :now,
            begun_at = coalesce(a.begun_at, a.started_at)
        from doubted d
        where a.brand_id = d.brand_id and a.touch_id = d.id and a.fence = d.fence
          and a.outcome is null
    )
    select id from doubted
""")


def take_stock(tx: Connection, brand: Brand, *, now: datetime, window: timedelta) -> int:
    """Take what was due in the last `window`, or marked, for uncertain, once for each promotion.

    So is the head of a backlog that is older. Answers how many touches that were. A brand that
    never sent anything from here is at home wherever it is. Without a window nothing is missing,
    and what was marked alone is in doubt.
    """
    if not brands.settle_here(tx):
        return 0
    values = {
        "since": now - window, "now": now, "patience": store.PATIENCE, "detail": _DETAIL,
        "reached_by": _REACHED_BY, "head": _head(tx, now=now, window=window),
    }  # fmt: skip
    marked = tx.execute(_DOUBT_MARKED, values | {"detail": _MARKED}).all()
    rows = tx.execute(_DOUBT, values).all()
    contacts.write(tx, [_made(row) for row in rows], now=now)
    log.warning(
        "%s: database promoted or restored; in doubt are %d touches: marked, due since %s, or the"
        " first of those that had waited for longer",
        brand.ref.key, len(marked) + len(rows), (now - window).isoformat(),
    )  # fmt: skip
    return len(marked) + len(rows)


def _head(tx: Connection, *, now: datetime, window: timedelta) -> list[UUID]:
    """What of an older backlog may have been called in the moments that are missing."""
    if not window:
        return []
    values = {"now": now, "since": now - window, "window": window, "least": _LEAST}
    return list(tx.execute(_HEAD, values).scalars())


def _made(row: Row[tuple[object, ...]]) -> Made:
    address = bytes(row.address_hash)
    return Made(row.touch_id, row.fence, address, Channel(row.channel), Purpose(row.purpose))
