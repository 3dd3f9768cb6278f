"""May a person's data be let go of?  `/people/{person}/hold`

POST /people/{person}/hold   hold them, for a reason, on somebody's word, perhaps until a day
POST /people/{person}/lift   end a hold on them; an erasure that waited is carried out
"""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from outreach import ids
from outreach.brands import store as brands
from outreach.errors import Conflict
from outreach.inbound import erasure
from outreach.people import legal_holds
from outreach.people.legal_holds import LONGEST, Grounds
from outreach.web.console import days
from outreach.web.console.people import path_of
from outreach.web.console.shell import Asked

router = APIRouter(include_in_schema=False)

Said = Annotated[str, Form(max_length=LONGEST)]


@router.post("/people/{person}/hold")
def hold_person(
    screen: Asked,
    person: str,
    reason: Said,
    source: Said,
    ends: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Let nothing of this person go, until the end of the day that is named, if one is."""
    visitor, key = screen.visitor, ids.read(ids.PERSON, person)
    with visitor.begin() as tx:
        grounds = Grounds(reason, source, days.begins(ends, brands.get(tx).zone))
        now = visitor.means.clock()
        legal_holds.place(tx, visitor.brand, key, grounds, by=visitor.name, now=now)
    return screen.back_to(path_of(key), done="legally_held")


@router.post("/people/{person}/lift")
def lift_hold(screen: Asked, person: str, hold: Annotated[str, Form(max_length=40)]) -> Response:
    """End one of the holds on this person, and not one on the brand."""
    visitor, key = screen.visitor, ids.read(ids.PERSON, person)
    wanted, now = ids.read(ids.HOLD, hold), visitor.means.clock()
    with visitor.begin() as tx:
        if wanted not in [one.id for one in legal_holds.on(tx, key, now=now) if one.person_id]:
            raise Conflict("no such hold stands: it is over, or was lifted")
        legal_holds.lift(tx, wanted, by=visitor.name, now=now)
    erasure.catch_up(visitor.means, visitor.brand)
    return screen.back_to(path_of(key), done="hold_lifted")
