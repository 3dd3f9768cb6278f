"""What became of messages that a person at a provider was to send?

Asked for beside the ticks, a set a look. Before that all of them are judged again, as calls that
agents have yet to make are: what its person refused, what would come after a complaint, what an
order that was called off ended and what is of use no more is called off, and counts as failed once
the provider says that it was not sent. Who answers a look twice changes nothing, since a receipt is
one receipt.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.channels.http_way import HttpWay
from outreach.channels.opening import entrusting
from outreach.channels.receipts import Kind, Told
from outreach.channels.vendor import AtHand
from outreach.db.engine import BrandRef
from outreach.dispatch import claims, entrusted, facts, gate
from outreach.dispatch.entrusted import Entrusted
from outreach.dispatch.means import Means
from outreach.dispatch.model import Send
from outreach.enrolments import store as enrolments
from outreach.inbound.receipts import Receipt, receive

log = logging.getLogger(__name__)

GIVEN_UP = timedelta(days=30)
"""After so long nobody is asked any more: the touch stays as sent."""

_BATCH = 50
# Hours and caps bind us; the person at the provider chooses when to send.
_STILL = (gate.consent, gate.care_hold, gate.still_useful)


def look(means: Means, brand: BrandRef) -> int:
    """Ask after a set of this brand's; answers how many it was."""
    means = means.of(brand)
    now = means.clock()
    refused = _no_longer(means, brand, now=now)
    with means.database.begin(brand) as tx:
        taken = entrusted.take(tx, now=now, limit=_BATCH)
    ways = entrusting(means.ways.values())
    heard = [_heard(ways, one, refused.get(one.touch_id)) for one in taken]
    receive(means, brand, [one for one in heard if one])
    over = [one.touch for one in heard if one]
    over += [one.touch_id for one in taken if now - one.given_at >= GIVEN_UP]
    with means.database.begin(brand) as tx:
        entrusted.done(tx, over)
    return len(taken)


def _no_longer(means: Means, brand: BrandRef, *, now: datetime) -> Mapping[UUID, str]:
    """Those at hand that may not go any more, each with the reason; they are asked after now.

    All that wait are judged, a set a transaction.
    """
    found: dict[UUID, str] = {}
    after: UUID | None = entrusted.FIRST
    while after is not None:
        with means.database.begin(brand) as tx:
            some = entrusted.open_ones(tx, after=after)
            over = _over(tx, means, some, now=now)
            entrusted.hasten(tx, list(over), now=now)
        found |= over
        after = some[-1] if len(some) == entrusted.SET else None
    return found


def _over(
    tx: Connection, means: Means, touches: Sequence[UUID], *, now: datetime
) -> Mapping[UUID, str]:
    """Those of these touches that may not go any more, each with the reason.

    A complaint is one for good: whoever has just complained is not written to about something else
    when it is settled.
    """
    known = claims.get(tx, touches) if touches else {}
    if not known:
        return {}
    gathered = facts.gather(tx, means, brands.get(tx), list(known.values()), now=now)
    said = {id_: gate.judge(one, _STILL) for id_, one in gathered.facts.items()}
    judged = {id_: one.reason for id_, one in said.items() if not isinstance(one, Send)}
    return judged | enrolments.ended(tx, list(known))


def _heard(ways: Mapping[str, HttpWay], one: Entrusted, refused: str | None) -> Receipt | None:
    """How it fared; None while it is at hand, and where nobody can say."""
    way = ways.get(one.provider)
    if way is None:
        return None
    off = refused is not None and way.call_off(one.provider_id)
    told = way.ask_after(one.provider_id)
    if isinstance(told, AtHand):
        if not off:
            return None
        told = Told(Kind.FAILED, said=f"called off before it was sent: {refused}")
    return Receipt(one.touch_id, told.kind, told.at, told.detail) if told else None
