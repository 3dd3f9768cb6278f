"""When may somebody be contacted, and by which rules?"""

from typing import Annotated

from fastapi import APIRouter, Query

from outreach.brands import store as brands
from outreach.hours import asking
from outreach.hours.asking import Answer, Question
from outreach.web.auth import Authorized

router = APIRouter(tags=["hours"])


@router.get("/hours/when")
def ask_hours(caller: Authorized, question: Annotated[Question, Query()]) -> Answer:
    """Whether and when, with candidates, rules and evidence; the brand's own hours hold too.

    `at` is an instant with its offset, and now where it is left out.
    """
    with caller.begin() as tx:
        policy = brands.get(tx).profile.policy
    packs = caller.means.packs.under(policy)
    return asking.ask(packs, question, now=caller.means.clock())
