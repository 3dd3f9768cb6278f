"""Is this still the database in which the ledger was written?

A standby that was promoted, and a copy that was restored, lack the last moments: what was called in
them waits there as if it had never been called. So whatever was due in the last minutes is taken
for uncertain, and settled like anything else of which nobody knows whether it was sent.

PostgreSQL says by itself where it stands: each cluster has an identifier, and each promotion and
each recovery to a point in time begins a new timeline.
https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES
"""

import json
import logging
from datetime import datetime, timedelta

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
# An attempt for each, since one may have been made; it counts for caps. Whoever has no address was
# not called.
_DOUBT = text("""
    with due as (
        select t.brand_id, t.id, a.hash from outreach.touches t
        join outreach.addresses a on a.brand_id = t.brand_id and a.person_id = t.person_id
            and a.kind = cast(:reached_by as jsonb) ->> t.channel
        where t.state in ('planned', 'claimed') and t.due_at > :since and t.due_at <= :now
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

    Answers how many touches that were. A brand that never sent anything from here is at home
    wherever it is.
    """
    if not brands.settle_here(tx):
        return 0
    values = {
        "since": now - window, "now": now, "patience": store.PATIENCE, "detail": _DETAIL,
        "reached_by": _REACHED_BY,
    }  # fmt: skip
    marked = tx.execute(_DOUBT_MARKED, values | {"detail": _MARKED}).all()
    rows = tx.execute(_DOUBT, values).all()
    contacts.write(tx, [_made(row) for row in rows], now=now)
    log.warning(
        "%s: database promoted or restored; %d touches (marked, or due since %s) are in doubt",
        brand.ref.key, len(marked) + len(rows), (now - window).isoformat(),
    )  # fmt: skip
    return len(marked) + len(rows)


def _made(row: Row[tuple[object, ...]]) -> Made:
    address = bytes(row.address_hash)
    return Made(row.touch_id, row.fence, address, Channel(row.channel), Purpose(row.purpose))
