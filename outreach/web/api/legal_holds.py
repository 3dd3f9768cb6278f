"""Whose data may not be let go of for now, and why?"""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from pydantic import AwareDatetime

from outreach import ids
from outreach.inbound import erasure
from outreach.people import legal_holds
from outreach.people.legal_holds import Grounds, LegalHold
from outreach.people.model import person_id
from outreach.web.auth import Authorized
from outreach.web.shapes import Text

router = APIRouter(tags=["legal holds"])


@dataclass(frozen=True, slots=True)
class Holding:
    """Why, on whose word, perhaps until when; without a `ref` the whole brand is held."""

    reason: Text
    source: Text
    ref: Text | None = None
    ends_at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class HoldShown:
    """A hold that stands; without a person it is on the whole brand."""

    hold: str
    person: str | None
    reason: str
    source: str
    by: str
    placed_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holds:
    """Holds that stand, the oldest first."""

    holds: list[HoldShown]


@dataclass(frozen=True, slots=True)
class Placed:
    """The id of the hold, by which it is lifted."""

    hold: str


@router.get("/legal-holds")
def list_legal_holds(caller: Authorized) -> Holds:
    """The holds that stand."""
    with caller.begin() as tx:
        standing = legal_holds.standing(tx, now=caller.means.clock())
    return Holds([as_shown(one) for one in standing])


@router.post("/legal-holds")
def place_legal_hold(caller: Authorized, holding: Holding) -> Placed:
    """Hold a person's data, or the brand's: nothing of it is let go of while the hold stands."""
    person = None if holding.ref is None else person_id(caller.brand, holding.ref)
    grounds = Grounds(holding.reason, holding.source, holding.ends_at)
    with caller.begin() as tx:
        key = legal_holds.place(
            tx, caller.brand, person, grounds, by=caller.name, now=caller.means.clock()
        )
    return Placed(ids.shown(ids.HOLD, key))


@router.post("/legal-holds/{hold}/lift", status_code=204)
def lift_legal_hold(caller: Authorized, hold: str) -> None:
    """End a hold; what was to be forgotten meanwhile is forgotten now."""
    key = ids.read(ids.HOLD, hold)
    with caller.begin() as tx:
        legal_holds.lift(tx, key, by=caller.name, now=caller.means.clock())
    erasure.catch_up(caller.means, caller.brand)


def as_shown(one: LegalHold) -> HoldShown:
    """The hold as other systems read it."""
    person = ids.shown(ids.PERSON, one.person_id) if one.person_id else None
    return HoldShown(
        ids.shown(ids.HOLD, one.id), person, one.reason, one.source, one.by, one.placed_at,
        one.ends_at,
    )  # fmt: skip
