"""What becomes of touches whose worker did not come back?"""

from datetime import datetime

from sqlalchemy import Connection, text

# A claim whose worker died was never called: it goes back. A call whose worker died may have been
# taken: it is uncertain, and nobody repeats it by himself.
_REAP_CLAIMED = text("""
    update outreach.touches set state = 'planned', lease_until = null
    where state = 'claimed' and lease_until < now() returning id
""")
_REAP_CALLING = text("""
    with gone as (
        update outreach.touches
        set state = 'uncertain', reason = 'worker_gone', lease_until = null, settled_at = :now
        where state = 'calling' and lease_until < now() returning id, fence
    )
    update outreach.attempts a
    set outcome = 'uncertain', detail = 'the worker did not come back', ended_at = :now
    from gone where a.touch_id = gone.id and a.fence = gone.fence and a.outcome is null
    returning a.touch_id
""")


def reap(tx: Connection, *, now: datetime) -> tuple[int, int]:
    """Take back what dead workers held; answers how many were let go and how many are uncertain."""
    uncertain = len(tx.execute(_REAP_CALLING, {"now": now}).all())
    return len(tx.execute(_REAP_CLAIMED).all()), uncertain
