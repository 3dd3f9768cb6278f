"""What is an event, and what makes two reports the same fact?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from outreach import ids
from outreach.db.engine import BrandRef

# Event type → the fields of its data that name the business object. Two reports that agree on them
# are one fact: a shop and a carrier that both report one signature start one passage. What happened
# in one instant is taken to have happened in the order of this list.
KEYED_BY: Mapping[str, tuple[str, ...]] = {
    "order.placed": ("order",),
    "order.paid": ("order",),
    "order.cancelled": ("order",),
    "order.refunded": ("order",),
    "order.confirmed": ("order",),
    "order.complete": ("order",),
    "order.line.added": ("order", "line"),
    "order.line.cancelled": ("order", "line"),
    "order.line.returned": ("order", "line"),
    "parcel.shipped": ("parcel",),
    "parcel.in_transit": ("parcel", "status"),
    "parcel.delivered": ("parcel",),
    "parcel.exception": ("parcel", "status"),
    "parcel.returned": ("parcel",),
    "contract.started": ("contract",),
    "contract.renewal_due": ("contract", "term"),
    "contract.renewed": ("contract", "term"),
    "contract.cancelled": ("contract",),
    "contract.ended": ("contract",),
    "case.opened": ("case", "opened_at"),
    "case.waiting": ("case", "waiting_at"),
    "case.closed": ("case", "closed_at"),
    "case.reopened": ("case", "reopened_at"),
    "survey.answered": ("survey",),
    "survey.commented": ("survey",),
    "review.written": ("order",),
    "product.registered": ("product", "serial"),
    "product.updated": ("product", "version"),
    "person.deceased": ("notice",),
    "person.alive": ("notice",),
    "consent.changed": ("change",),
    "erasure.requested": ("request",),
    "data.requested": ("request",),
    "cart.updated": ("cart", "updated_at"),
    "cart.abandoned": ("cart",),
    "membership.joined": ("member",),
    "refund.progressed": ("refund", "status"),
    "trial.ending": ("trial",),
    "warranty.ending": ("warranty",),
    "consent.withdrawn": ("withdrawal",),
    "callback.requested": ("request",),
    "call.ended": ("call",),
    "inquiry.made": ("inquiry",),
}

# Facts of which one business object may see several: the first of these fields that a report bears
# is part of the key too. Without one of them, all reports are one fact.
TOLD_APART_BY: Mapping[str, tuple[str, ...]] = {"order.refunded": ("refund", "amount")}

# What happens to many persons at once is a fact of each of them: their name is part of the key.
OF_EACH = frozenset({"product.updated"})

# What a person asks of us at a platform: carried out by `inbound`, and held against no campaign.
REQUESTS = ("consent.changed", "erasure.requested", "data.requested")

# Whom an event is about that names a trade and no person, until something says whose that is.
NOBODY = UUID(int=0)
_TRADES = ("order", "parcel", "contract")

WITHDRAWAL = "consent.withdrawn"
"""A refusal that may be confirmed; told by ourselves, at the instant since which it holds."""

DATE, HOLIDAY, AUDIENCE = OCCASIONS = ("date.due", "holiday.due", "audience.due")
"""Occasions are facts too: that somebody's date, a festival or an audience's time has come.

Nobody reports them; planning keeps them.
"""

OURSELVES = "outreach"
"""The source of such facts."""


class Event(NamedTuple):
    """A fact that happened to a person at an instant."""

    id: UUID
    type: str
    key: str
    subject: str
    person_id: UUID
    occurred_at: datetime
    source: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that was not taken: which one of the request, a stable code, and what to do."""

    position: int
    code: str
    sentence: str


def thing_of(event: Event) -> str | None:
    """The business object that an event of this type is about, whatever happens to it."""
    name = KEYED_BY.get(event.type, ("",))[0]
    value = event.data.get(name)
    return None if value is None else f"{name}:{str(value).strip()}"


def waits_for(event: Event) -> str | None:
    """`order:O-1`: what has to tell whose this event is; `None` of an event that names a person."""
    return None if event.person_id.int else trade_of(event.data)


def trade_of(data: Mapping[str, object]) -> str | None:
    """The order, parcel or contract that these data name, the first of them that they do."""
    for name in _TRADES:
        value = data.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return f"{name}:{str(value).strip()}"
    return None


def event_id(brand: BrandRef, key: str) -> UUID:
    """The id of the fact with this business key: the same however often it is reported."""
    return ids.derived(ids.EVENT, brand.key, key)
