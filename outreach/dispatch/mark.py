"""May it still go, now that everybody else has to wait for our answer?

The short transaction before the call. It locks, in this order, the brand, the campaigns, the
persons, their addresses for the group, the gate rows of their addresses and the touches; whoever
withdraws, stops, cancels or marks the same takes the same locks. Then it reads everything anew and
judges for the last time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from optout.model import Channel, Identity
from outreach import ids
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.channels.protocol import Outgoing, Sender
from outreach.dispatch import attempts, claims, contacts, invited, store
from outreach.dispatch.attempts import Begun
from outreach.dispatch.begun import FEW
from outreach.dispatch.facts import Gathered, gather
from outreach.dispatch.history import hashes_of
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.dispatch.store import Moved
from outreach.dispatch.verdicts import judge_all, keep_back
from outreach.dispatch.wording import Ready
from outreach.people import store as people
from outreach.people.model import Person
from outreach.templates import segments


@dataclass(frozen=True, slots=True)
class Call:
    """A marked touch and what is handed over for it; `begun` where that may happen at once."""

    touch: Touch
    outgoing: Outgoing
    begun: bool = True


def mark(
    tx: Connection,
    means: Means,
    brand: Brand,
    handful: Sequence[Ready],
    *,
    deadline: float,
    few: int = FEW,
) -> list[Call]:
    """Judge for the last time, under the locks that a withdrawal, a stop and others need too.

    What still may go is set calling, with its attempt written down before the call; the first `few`
    are noted as begun with it, the others when it is their turn (`begun`).
    """
    touches = [one.touch for one in handful]
    going = claims.lock_going_on(
        tx, [touch.campaign_id for touch in touches], [touch.person_id for touch in touches]
    )
    brand = brands.get(tx)  # its hours and caps may have changed since the claim
    persons = lock_addresses(tx, means, brand, touches)
    claims.lock(tx, [touch.id for touch in touches])
    now = means.clock()  # after the last wait
    gathered = gather(tx, means, brand, touches, persons=persons, now=now)
    free, objected = judge_all(gathered.facts)
    keep_back(tx, brand.ref, "mark", objected, now=now)
    crowded = _at_one_address(means, gathered, [t for t in touches if t.id not in objected])
    stopped = [
        touch
        for touch in touches
        if touch.id not in objected and (touch.campaign_id not in going or touch.id in crowded)
    ]
    store.move(tx, [Moved(t.id, t.fence, "planned") for t in stopped], now=now)
    halted = objected.keys() | {touch.id for touch in stopped}
    left = [free[touch.id][0] for touch in touches if touch.id not in halted]
    waiting = invited.waiting(
        tx, means.invited, brand.ref, left, gathered.persons, gathered.versions, now=now
    )
    keep_back(tx, brand.ref, "mark", waiting, now=now)
    halted |= waiting.keys()
    going_out = [one for one in handful if one.touch.id not in halted]
    calls = [
        call_of(brand, one, gathered, deadline=deadline, at_once=place < few)
        for place, one in enumerate(going_out)
    ]
    started = [_begun(one, call, gathered) for one, call in zip(going_out, calls, strict=True)]
    ours = attempts.start_calls(tx, brand.ref, started, now=now, lease=means.lease)
    store.write_verdicts(tx, brand.ref, "mark", {id_: free[id_] for id_ in ours})
    return [call for call in calls if call.touch.id in ours]


def _at_one_address(means: Means, gathered: Gathered, touches: Sequence[Touch]) -> set[UUID]:
    """Those who share an address with one before them in the handful: they wait for the next one.

    Their caps have to see the attempt that is written now.
    """
    taken: dict[bytes, UUID] = {}
    late: set[UUID] = set()
    for touch in touches:
        hashes = hashes_of(means, [gathered.persons[touch.person_id]])
        if any(taken.get(one, touch.person_id) != touch.person_id for one in hashes):
            late.add(touch.id)
        else:
            taken |= dict.fromkeys(hashes, touch.person_id)
    return late


def lock_addresses(
    tx: Connection,
    means: Means,
    brand: Brand,
    touches: Sequence[Touch],
    *,
    also: Sequence[Identity] = (),
) -> dict[UUID, Person]:
    """Lock the gate rows of their addresses: from here on a withdrawal waits for this mark.

    A brand of a group first takes its turn at every address that is known of these persons, since
    caps across the group count by any of them. `also` are addresses that are on nobody's record.
    Answers the persons: whoever holds their rows, as a mark does, reads them once.
    """
    persons = people.by_id(tx, [touch.person_id for touch in touches])
    if group := brand.profile.group:
        contacts.take_turns(tx, group, hashes_of(means, persons.values()))
    on_record = [
        address.identity
        for touch in touches
        if (address := persons[touch.person_id].address(touch.channel))
    ]
    hashes = [one for identity in (*on_record, *also) for one in means.hasher.all(identity)]
    means.registry.mark(tx, brand=brand.ref.key, hashes=hashes)
    return persons


def _begun(one: Ready, call: Call, gathered: Gathered) -> Begun:
    address = gathered.persons[one.touch.person_id].address(one.touch.channel)
    if address is None:  # the gate skips whoever has no address
        raise AssertionError(one.touch.id)
    digest = one.content.digest
    body, product = call.outgoing.body_hash(digest), gathered.facts[one.touch.id].product
    parts = _parts(call.outgoing)
    return Begun(one.touch, address.hash, digest, body, product, begun=call.begun, parts=parts)


def _parts(outgoing: Outgoing) -> int:
    if outgoing.channel is not Channel.SMS:
        return 1
    return segments.charged(outgoing.content.text, to=outgoing.to)


def call_of(
    brand: Brand, one: Ready, gathered: Gathered, *, deadline: float, at_once: bool = True
) -> Call:
    """What is handed over for a touch, of which everything speaks for sending."""
    address = gathered.persons[one.touch.person_id].address(one.touch.channel)
    shown = ids.shown(ids.TOUCH, one.touch.id)
    closes = gathered.facts[one.touch.id].admission.closes_at
    outgoing = Outgoing(
        brand=brand.ref.key,
        touch_id=shown,
        key=shown,
        channel=one.touch.channel,
        to=address.value if address else "",
        sender=_sender(brand, one.touch.channel),
        content=one.content,
        unsubscribe_url=one.unsubscribe,
        deadline=deadline,
        valid_until=min(closes or one.touch.useless_after, one.touch.useless_after),
    )
    return Call(one.touch, outgoing, at_once)


def _sender(brand: Brand, channel: Channel) -> Sender:
    profile = brand.profile
    address = profile.sender_email if channel is Channel.EMAIL else profile.sms_sender
    return Sender(profile.sender_name, address)
