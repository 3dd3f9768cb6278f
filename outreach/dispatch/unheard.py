"""What did a provider say of an address that nobody has taken in yet?

Written down with the answer that said it, and gone once it was taken in: a worker that dies in
between leaves it to the reaper. To be taken in twice changes nothing.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, text

from outreach import ids
from outreach.channels.fields import storable
from outreach.channels.receipts import Kind, Told, Why
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.private import without_addresses

_SET = 100
_KEEP = text("""
    insert into outreach.unheard (brand_id, touch_id, kind, why, said, look_at)
    values (:brand, :touch, :kind, :why, :said, now() + :patience)
    on conflict (brand_id, touch_id, kind) do nothing
""")
_LEFT = text("""
    select touch_id, kind, why, said from outreach.unheard
    where look_at < now() order by look_at limit :limit
""")
_DONE = text("delete from outreach.unheard where touch_id = any(:touches)")


def keep(tx: Connection, brand: BrandRef, told: Sequence[Told], *, patience: timedelta) -> None:
    """Keep these until they are heard; the reaper looks at what is left after `patience`."""
    if told:
        tx.execute(_KEEP, [_row(brand, one, patience) for one in told])


def hear(means: Means, brand: BrandRef, told: Sequence[Told]) -> None:
    """Take these in, and keep them no longer. Raises `Trouble` when the database is away."""
    means.hear(means, brand, told)
    touches = [ids.read(ids.TOUCH, one.touch) for one in told if one.touch]
    with means.database.begin(brand) as tx:
        tx.execute(_DONE, {"touches": touches})


def take_up(means: Means, brand: BrandRef) -> int:
    """Take in a set of what a worker left that did not come back; answers how many that was.

    Raises `Trouble` when the database is away: they are looked at again.
    """
    with means.database.begin(brand) as tx:
        rows = tx.execute(_LEFT, {"limit": _SET}).all()
    told = [
        Told(Kind(r.kind), ids.shown(ids.TOUCH, r.touch_id), why=Why(r.why), said=r.said)
        for r in rows
    ]
    if told:
        hear(means, brand, told)
    return len(told)


def _row(brand: BrandRef, one: Told, patience: timedelta) -> dict[str, object]:
    return {
        "brand": brand.id, "touch": ids.read(ids.TOUCH, one.touch or ""), "kind": one.kind.value,
        "why": (one.why or Why.OTHER).value, "said": without_addresses(storable(one.said)),
        "patience": patience,
    }  # fmt: skip
