"""Why was this sent or not, and what holds it now?"""

from fastapi import APIRouter

from outreach import ids
from outreach.brands import store as brands
from outreach.errors import NotFound
from outreach.people import store as people
from outreach.people.model import person_id
from outreach.reports import explain
from outreach.reports.model import Explanation, PersonExplained
from outreach.web.auth import Authorized
from outreach.web.language import Asked

router = APIRouter(tags=["explain"])


@router.get("/explain/touches/{touch}")
def explain_touch(caller: Authorized, touch: str, language: Asked) -> Explanation:
    """One touch: a sentence, the repair, the rules and their sources, zones, history."""
    wanted = ids.read(ids.TOUCH, touch)
    with caller.begin() as tx:
        return explain.touch(tx, caller.means, brands.get(tx), wanted, language=language)


@router.get("/explain/people/{ref:path}")
def explain_person(caller: Authorized, ref: str, language: Asked) -> PersonExplained:
    """Everything planned for a person, and every passage that did not begin."""
    wanted = person_id(caller.brand, ref)
    with caller.begin() as tx:
        if wanted not in people.by_id(tx, [wanted]):
            raise NotFound("there is no such person")
        return explain.person(tx, caller.means, brands.get(tx), wanted, language=language)
