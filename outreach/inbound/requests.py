"""Somebody asked for something at a platform: is it carried out?

Changes of consent and erasures come as events like everything else, whoever reports them. Nothing
is locked meanwhile: carrying one out twice leaves what once leaves. A permission is not given where
anything was said since.
"""

from optout.errors import OptOutError
from optout.model import Action, Channel, How, Purpose
from outreach import ids
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Invalid
from outreach.events import store as events
from outreach.events.model import Event
from outreach.inbound import erasure
from outreach.inbound.consent import Change, change_person
from outreach.people import store as people
from outreach.people.model import REACHED_BY, Person

_BATCH = 20


def carry_out(means: Means, brand: BrandRef) -> int:
    """Carry out the next requests of a brand; answers how many there were."""
    with means.database.begin(brand) as tx:
        asked = events.requests(tx, limit=_BATCH)
        persons = people.by_id(tx, [event.person_id for event in asked])
    for event in asked:
        state = _carried_out(means, brand, event, persons.get(event.person_id))
        with means.database.begin(brand) as tx:
            events.settle(tx, [event.id], state)
    return len(asked)


def _carried_out(means: Means, brand: BrandRef, event: Event, person: Person | None) -> str:
    """What becomes of the request: it waits where its person is not known yet."""
    if person is None:
        return "unknown_person"
    if event.type == "erasure.requested":
        erasure.erase(means, brand, person.id, evidence=ids.shown(ids.EVENT, event.id))
        return "enrolled"
    if event.type == "consent.changed":
        change = _change(event)
        if change is None or _outdated(means, brand, event, person, change):
            return "ignored"
        change_person(means, brand, person.id, change)
    return "enrolled"


def _change(event: Event) -> Change | None:
    """The change that the event tells; `None` where it tells none that could be made."""
    told, kinds = event.data, event.data.get("kinds")
    channel, purpose = told.get("channel"), told.get("purpose")
    try:
        return Change(
            Action(str(told.get("action"))),
            How.API,
            ids.shown(ids.EVENT, event.id),
            channel=Channel(str(channel)) if channel is not None else None,
            purpose=Purpose(str(purpose)) if purpose is not None else None,
            kinds=tuple(map(str, kinds)) if isinstance(kinds, list) else None,
        )
    except (ValueError, Invalid, OptOutError):  # no such word: the event keeps what it said
        return None


def _outdated(means: Means, brand: BrandRef, event: Event, person: Person, change: Change) -> bool:
    """Whether the person spoke after this; a refusal gives way to a later permission alone."""
    kinds = {REACHED_BY[change.channel]} if change.channel else set(REACHED_BY.values())
    with means.database.begin(brand) as tx:
        later = {
            entry.action
            for address in person.addresses
            if address.kind in kinds
            for entry in means.registry.history(tx, brand.key, address.identity)
            if entry.effective_at > event.occurred_at
        }
    return bool(later) if change.action is Action.GRANT else Action.GRANT in later
