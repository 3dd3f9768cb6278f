"""What becomes of touches whose worker did not come back?"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from outreach.brands import store as brands
from outreach.dispatch import store

# A claim whose worker died was never called, nor was what had not begun: they go back. A call whose
# worker died may have been taken: it is uncertain, and looked into when it can have ended.
# Locked in the order of ids, and not waited for: who holds one is dealing with it, and somebody who
# settles a handful must never be the one that a deadlock costs.
_REAP_CLAIMED = text("""
    with gone as (
        select brand_id, id from outreach.touches
        where state = 'claimed' and lease_until < now() order by id for update skip locked
    )
    update outreach.touches t set state = 'planned', lease_until = null
    from gone where t.brand_id = gone.brand_id and t.id = gone.id
    returning t.id
""")
_GONE = text("select id from outreach.touches where state = 'calling' and lease_until < now()")
_REAP_CALLING = text("""
    with late as (
        select brand_id, id from outreach.touches
        where state = 'calling' and lease_until < now() order by id for update skip locked
    ), gone as (
        update outreach.touches t
        set state = 'uncertain', reason = 'worker_gone', lease_until = now() + :patience,
            settled_at = :now
        from late where t.brand_id = late.brand_id and t.id = late.id returning t.id, t.fence
    )
    update outreach.attempts a
    set outcome = 'uncertain', detail = 'the worker did not come back', ended_at = :now
    from gone where a.touch_id = gone.id and a.fence = gone.fence and a.outcome is null
    returning a.touch_id
""")


def reap(tx: Connection, *, now: datetime, patience: timedelta = store.PATIENCE) -> tuple[int, int]:
    """Take back what dead workers held; answers how many were let go and how many are uncertain.

    What is uncertain is not looked into before `patience` is over. After a promotion nothing is
    taken back before stock was taken (`lineage`): what seems not to have begun may have.
    """
    if brands.stands_elsewhere(tx):
        return 0, 0
    back = store.take_back(tx, [row.id for row in tx.execute(_GONE)], now=now)
    uncertain = len(tx.execute(_REAP_CALLING, {"now": now, "patience": patience}).all())
    return back + len(tx.execute(_REAP_CLAIMED).all()), uncertain
