"""Why was this sent or not, what holds it now, and what would hold it?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from optout.model import Channel
from outreach import ids
from outreach.brands import store as brands
from outreach.errors import NotFound
from outreach.people import store as people
from outreach.people.model import person_id
from outreach.reports import explain
from outreach.reports.model import Explanation, PersonExplained
from outreach.reports.supposed import Question, suppose
from outreach.web.auth import Authorized
from outreach.web.language import Asked
from outreach.web.shapes import Text

router = APIRouter(tags=["explain"])


class Supposed(BaseModel):
    """By which campaign; `at` is now, `step` its first contact and `channel` the first that reaches
    the person, where they are left out.
    """

    model_config = ConfigDict(frozen=True)

    campaign: Text
    at: AwareDatetime | None = None
    channel: Channel | None = None
    step: Text | None = None

    def question(self, person: UUID) -> Question:
        """The same about this person."""
        return Question(person, self.campaign, at=self.at, channel=self.channel, step=self.step)


@router.get("/explain/touches/{touch}")
def explain_touch(caller: Authorized, touch: str, language: Asked) -> Explanation:
    """One touch: a sentence, the repair, the rules and their sources, zones, history."""
    wanted = ids.read(ids.TOUCH, touch)
    with caller.begin() as tx:
        return explain.touch(tx, caller.means, brands.get(tx), wanted, language=language)


@router.get("/why/{ref:path}")
def ask_why(
    caller: Authorized, ref: str, asked: Annotated[Supposed, Query()], language: Asked
) -> Explanation:
    """What the gate would say of a contact that nobody has planned, and what would change it."""
    with caller.begin() as tx:
        question = asked.question(person_id(caller.brand, ref))
        return suppose(tx, caller.means, brands.get(tx), question, language=language)


@router.get("/explain/people/{ref:path}")
def explain_person(caller: Authorized, ref: str, language: Asked) -> PersonExplained:
    """Everything planned for a person, and every passage that did not begin."""
    wanted = person_id(caller.brand, ref)
    with caller.begin() as tx:
        if wanted not in people.by_id(tx, [wanted]):
            raise NotFound("there is no such person")
        return explain.person(tx, caller.means, brands.get(tx), wanted, language=language)
