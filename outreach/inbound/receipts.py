"""A provider tells how messages fared: what follows?

In sets, in any order and however often: the receipts are added, the touches move to what all that
was heard of them speaks for, what was in doubt is settled, an address that does not exist or whose
owner complained is blocked on that channel, and who refused at the provider has refused here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from optout.identity import Hasher
from optout.model import Action, Block, Channel, How, Identity
from outreach import ids
from outreach.channels.charges import Charge
from outreach.channels.receipts import Kind
from outreach.db.engine import BrandRef
from outreach.dispatch import costs
from outreach.dispatch.means import Means
from outreach.enrolments.model import State
from outreach.inbound import receipt_states, receipt_store
from outreach.inbound.consent import Change, change_each
from outreach.inbound.receipt_store import Called, Learnt
from outreach.people import store as people
from outreach.people.model import Person

_BLOCKS = {
    Kind.BOUNCED_HARD: (Action.BLOCK, How.BOUNCE, None),
    Kind.COMPLAINED: (Action.BLOCK, How.COMPLAINT, Block.COMPLAINT),
    Kind.UNSUBSCRIBED: (Action.WITHDRAW, How.PROVIDER, None),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says of one touch.

    `at` is its own instant; without one, that of arrival, and a kind that was heard of the touch
    before is then known already. `charge` is what the message costs.
    """

    touch: UUID
    kind: Kind
    at: datetime | None = None
    detail: str | None = None
    charge: Charge | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """How many receipts were new, known already, or of no touch that was ever handed over.

    `moved` touches learnt something from them, and so many addresses were `blocked`.
    """

    new: int
    already_seen: int
    unknown: int
    moved: int
    blocked: int

    @property
    def known(self) -> int:
        """How many were of touches that were handed over."""
        return self.new + self.already_seen


def receive(
    means: Means,
    brand: BrandRef,
    receipts: Sequence[Receipt],
    *,
    channel: Channel | None = None,
) -> Noted:
    """Take in what a provider says, of however many touches at once.

    Where the provider is one `channel`'s, what it says of touches on others is of none. Blocks
    first: whoever dies in between is told again, and then finds the receipts still new.
    """
    now, touches = means.clock(), [one.touch for one in receipts]
    with means.database.begin(brand) as tx:
        calls = {
            touch: call
            for touch, call in receipt_store.calls_of(tx, touches).items()
            if channel in {None, call.channel}
        }
        heard = receipt_store.kinds_of(tx, touches)
        persons = people.by_id(tx, {call.person_id for call in calls.values()})
    ours = [one for one in receipts if one.touch in calls]
    fresh = [one for one in ours if one.kind not in heard.get(one.touch, frozenset())]
    blocks = list(_blocks(fresh, calls, persons, means.hasher))
    if blocks:
        change_each(means, brand, blocks)
    with means.database.begin(brand) as tx:
        states = receipt_store.lock(tx, list(calls))
        told = [one for one in ours if one.at or one in fresh]
        new = receipt_store.add(tx, brand, [_row(one, now) for one in told])
        learnt = _learnt(tx, states)
        receipt_store.learn(tx, brand, learnt, now=now)
        costs.write(tx, [(one.touch, one.charge) for one in ours if one.charge], now=now)
    unknown = len(receipts) - len(ours)
    return Noted(new, len(ours) - new, unknown, moved=len(learnt), blocked=len(blocks))


def _row(one: Receipt, now: datetime) -> tuple[UUID, str, datetime, str | None]:
    return one.touch, one.kind, one.at or now, one.detail


def _learnt(tx: Connection, states: Mapping[UUID, State]) -> list[Learnt]:
    kinds = receipt_store.kinds_of(tx, list(states))
    found = (
        (touch, state, receipt_states.after(state, kinds[touch]))
        for touch, state in states.items()
        if touch in kinds
    )
    return [Learnt(touch, state, *goes) for touch, state, goes in found if goes]


def _blocks(
    receipts: Sequence[Receipt],
    calls: Mapping[UUID, Called],
    persons: Mapping[UUID, Person],
    hasher: Hasher,
) -> Iterator[tuple[Identity, Change]]:
    """The addresses to be blocked, each on the channel on which it failed or was too much.

    One that the person no longer has is left: its owner may be somebody else by now.
    """
    for one in receipts:
        call = calls[one.touch]
        address = persons[call.person_id].address(call.channel)
        known = hasher.all(address.identity) if address else ()
        if one.kind in _BLOCKS and address and call.address_hash in known:
            action, how, cause = _BLOCKS[one.kind]
            evidence = f"{one.kind} told of {ids.shown(ids.TOUCH, one.touch)}"
            yield address.identity, Change(action, how, evidence, call.channel, block=cause)
