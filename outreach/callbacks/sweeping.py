"""What becomes of calls that nobody is looking at?

A worker looks by itself: at calls that ended and are no longer taken back, at those whose agent let
the lease run out, and every few minutes at each open one, whether it is still to be made. So a call
leaves the queue by itself once its person refused, complained or answered otherwise.
"""

from datetime import timedelta

from outreach.callbacks import judging, settling, store
from outreach.callbacks.may import Over
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means

EVERY = timedelta(minutes=5)
"""How often an open call is looked at."""

LOST = timedelta(minutes=30)
"""How long a call waits that was dialled by an agent who did not come back."""

_BATCH = 100


def sweep(means: Means, brand: BrandRef) -> int:
    """Look at a set of each; answers how many there were."""
    now = means.clock()
    with means.database.begin(brand) as tx:
        lapsed = store.return_lapsed(tx, now=now, later=now + LOST)
    with means.database.begin(brand) as tx:
        settled = settling.settle(tx, means, brand, now=now)
    return lapsed + settled + look_through(means, brand)


def look_through(means: Means, brand: BrandRef) -> int:
    """Withdraw what is over of the open calls that nobody looked at lately."""
    now = means.clock()
    with means.database.begin(brand) as tx:
        tasks = store.to_look_at(tx, now=now, limit=_BATCH)
        if not tasks:
            return 0
        judged = judging.judged(tx, means, tasks, now=now)
        over = {id_: one.reason for id_, one in judged.said.items() if isinstance(one, Over)}
        store.withdraw(tx, over, now=now)
        store.looked(tx, [task.id for task in tasks if task.id not in over], again=now + EVERY)
    return len(tasks)
