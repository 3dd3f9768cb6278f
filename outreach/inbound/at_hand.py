"""What became of messages that a person at a provider was to send?

Asked for beside the ticks, a set a look. Before that the gate is asked again whether they may still
go: what it no longer lets go for good is called off, and counts as failed once the provider says
that it was not sent. Who answers a look twice changes nothing, since a receipt is one receipt.
"""

import logging
from collections.abc import Mapping
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
from outreach.dispatch.model import Skip
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
    with means.database.begin(brand) as tx:
        refused = _no_longer(tx, means, now=now)
        entrusted.hasten(tx, list(refused), now=now)
        taken = entrusted.take(tx, now=now, limit=_BATCH)
    ways = entrusting(means.ways.values())
    heard = [_heard(ways, one, refused.get(one.touch_id)) for one in taken]
    receive(means, brand, [one for one in heard if one])
    over = [one.touch for one in heard if one]
    over += [one.touch_id for one in taken if now - one.given_at >= GIVEN_UP]
    with means.database.begin(brand) as tx:
        entrusted.done(tx, over)
    return len(taken)


def _no_longer(tx: Connection, means: Means, *, now: datetime) -> Mapping[UUID, str]:
    """Those at hand that may not go any more, each with the reason."""
    open_ones = entrusted.open_ones(tx)
    touches = list(claims.get(tx, open_ones).values()) if open_ones else []
    if not touches:
        return {}
    known = facts.gather(tx, means, brands.get(tx), touches, now=now)
    said = {id_: gate.judge(one, _STILL) for id_, one in known.facts.items()}
    return {id_: one.reason for id_, one in said.items() if isinstance(one, Skip)}


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
