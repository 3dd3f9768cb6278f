"""A refusal was recorded: is it to be confirmed by one last message?

Asked at once, since the answer is of use for minutes (47 CFR 64.1200(a)(12)). Where the law of
every place admits it, the refusal is told as an event, whose id is that of the refusal: told again
it begins nothing. What is said then, and whether anything is, the brand's campaign decides; the
gate asks once more. The refusal itself holds whatever becomes of this.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from optout.model import STRANGER, Action, Channel, Identity, Purpose
from outreach import ids
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch import standing
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.events.model import OURSELVES, WITHDRAWAL, Event, event_id
from outreach.inbound.consent import Change
from outreach.people import store as people
from outreach.people.model import Person


def tell(
    means: Means,
    brand: BrandRef,
    persons: Sequence[Person],
    *,
    channel: Channel,
    address: Identity,
    since: datetime,
) -> bool:
    """Tell the refusal of this address that holds since this instant; whether it may be confirmed.

    One of the persons who have the address hears of it, always the same one.
    """
    reached = sorted((p for p in persons if _is_theirs(p, channel, address)), key=lambda p: p.ref)
    if not reached or channel is Channel.VOICE:
        return False
    person, now = reached[0], means.clock()
    with means.database.begin(brand) as tx:
        question = means.registry.question(
            brand=brand.key,
            identity=address,
            channel=channel,
            purpose=Purpose.TRANSACTIONAL,
            confirms=since,
            at=now,
            **standing.where_of(brands.get(tx), person, STRANGER, now=now),
        )
        if not means.registry.ask(tx, question).allowed:
            return False
        event = _event(brand, person, channel, question.identity_hash.hex(), since)
        intake.accept(tx, brand, [event], source=OURSELVES, refused=0, now=now)
    return True


def tell_of(means: Means, brand: BrandRef, person: UUID, change: Change, since: datetime) -> bool:
    """The same of a refusal of one channel that somebody brought in for this person."""
    if change.action is not Action.WITHDRAW or change.channel is None:
        return False
    with means.database.begin(brand) as tx:
        known = people.by_id(tx, [person]).get(person)
    address = known.address(change.channel) if known else None
    if known is None or address is None:
        return False
    return tell(
        means, brand, [known], channel=change.channel, address=address.identity, since=since
    )


def _is_theirs(person: Person, channel: Channel, address: Identity) -> bool:
    reached = person.address(channel)
    return reached is not None and reached.identity == address


def _event(
    brand: BrandRef, person: Person, channel: Channel, address: str, since: datetime
) -> Event:
    withdrawal = ids.derived(ids.EVENT, brand.key, address, channel, since.isoformat()).hex
    key = f"{WITHDRAWAL}:{withdrawal}"
    return Event(
        id=event_id(brand, key),
        type=WITHDRAWAL,
        key=key,
        subject=person.ref,
        person_id=person.id,
        occurred_at=since,
        source=OURSELVES,
        data={"withdrawal": withdrawal, "channel": str(channel), "address": address},
    )
