"""How is the same said once more to a provider that remembers our key?

Only what may go now (`again`), under the locks of a mark: after a withdrawal nothing is said again,
though the key would make it harmless. Only byte for byte the same. A refusal of the repeat
says nothing about the first call, and leaves the touch in doubt; a yes is the answer to both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.channels.protocol import Answer, Refused, Uncertain
from outreach.dispatch import again, claims, contacts, send, wording
from outreach.dispatch.begun import FEW
from outreach.dispatch.doubting import Doubt
from outreach.dispatch.facts import gather
from outreach.dispatch.mark import Call, call_of, lock_addresses
from outreach.dispatch.means import Look, Means
from outreach.dispatch.model import Send
from outreach.dispatch.wording import Ready

_RAISE = text("""
    update outreach.touches t
    set state = 'calling', fence = t.fence + 1, lease_until = now() + :lease
    from unnest(cast(:ids as uuid[]), cast(:fences as integer[])) as given(id, fence)
    where t.id = given.id and t.fence = given.fence and t.state = 'uncertain'
    returning t.id, t.fence
""")
# The new attempt stands for both: one message at most comes of them.
_AGAIN = text("""
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
        address_hash, content_hash, body_hash, product, parts, started_at, begun_at)
    select a.brand_id, a.touch_id, t.fence, a.person_id, a.channel, a.purpose,
           a.address_hash, a.content_hash, a.body_hash, a.product, a.parts, a.started_at, :now
    from outreach.touches t join outreach.attempts a
      on a.brand_id = t.brand_id and a.touch_id = t.id and a.fence = t.fence - 1
    where t.id = any(:ids)
""")
_REPLACED = text("""
    update outreach.attempts a
    set outcome = 'refused', detail = 'said once more under the same key: one message comes of both'
    from outreach.touches t
    where t.id = any(:ids) and a.brand_id = t.brand_id and a.touch_id = t.id and a.fence < t.fence
      and a.outcome = 'uncertain'
""")


def repeat(means: Means, look: Look, known: Mapping[UUID, Doubt]) -> None:
    """Call again for those of these doubts of which everything still speaks for sending."""
    if not known:
        return
    with means.database.begin(look.brand) as tx:
        brand = brands.get(tx)
        touches = list(claims.get(tx, list(known)).values())
        words = wording.collect(
            tx, means, brand, touches, gather(tx, means, brand, touches, now=means.clock())
        )
    ready = [one for one in wording.fill_all(words) if isinstance(one, Ready)]
    size = min(FEW, means.ways[look.channel].capabilities.handful)
    for few in send.handfuls(ready, size):
        deadline = means.steady() + means.call.total_seconds()
        with means.database.begin(look.brand) as tx:
            calls = _marked(tx, means, brand, few, known, deadline=deadline)
        send.hand_over(means, brand, look.channel, calls, read=_of_a_repeat)


def _marked(
    tx: Connection,
    means: Means,
    brand: Brand,
    few: Sequence[Ready],
    known: Mapping[UUID, Doubt],
    *,
    deadline: float,
) -> list[Call]:
    touches = [one.touch for one in few]
    going = claims.lock_going_on(
        tx, [touch.campaign_id for touch in touches], [touch.person_id for touch in touches]
    )
    lock_addresses(tx, means, brand, touches)
    claims.lock(tx, [touch.id for touch in touches])
    now = means.clock()
    gathered = gather(tx, means, brand, touches, now=now)
    calls = [
        call_of(brand, one, gathered, deadline=deadline)
        for one in few
        if one.touch.campaign_id in going
        and isinstance(again.judge(gathered.facts[one.touch.id]), Send)
    ]
    same = [call for call in calls if _body(call) == known[call.touch.id].body_hash]
    return _raised(tx, same, now=now, lease=means.lease)


def _body(call: Call) -> bytes:
    return call.outgoing.body_hash(call.outgoing.content.digest)


def _raised(
    tx: Connection, calls: Sequence[Call], *, now: datetime, lease: timedelta
) -> list[Call]:
    """Those of these calls that were still in doubt, under a new number and begun at once."""
    values = {
        "ids": [call.touch.id for call in calls], "fences": [call.touch.fence for call in calls],
        "lease": lease,
    }  # fmt: skip
    fences = {row.id: row.fence for row in tx.execute(_RAISE, values)}
    tx.execute(_AGAIN, {"ids": list(fences), "now": now})
    tx.execute(_REPLACED, {"ids": list(fences)})
    contacts.repeat(tx, list(fences), now=now)
    return [
        replace(call, touch=replace(call.touch, fence=fences[call.touch.id]))
        for call in calls
        if call.touch.id in fences
    ]


def _of_a_repeat(said: Answer) -> Answer:
    if isinstance(said, Refused):
        return Uncertain(f"the repeat was refused ({said.reason}: {said.detail})")
    return said
