"""What did people answer in these calls, where an agent asked them a survey?

The question of the script that bears the survey's name is the one on a scale; others of the
survey's own may stand beside it. A fixed number of statements for a set of calls.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.callbacks.model import Task
from outreach.db.engine import BrandRef
from outreach.dispatch import claims
from outreach.dispatch.means import Means
from outreach.errors import Invalid, Problem
from outreach.events.model import Event
from outreach.inbound import answers as facts
from outreach.inbound import asked as askings
from outreach.inbound.answers import Told
from outreach.surveys import answers, replying
from outreach.surveys.answers import ADDED, ANSWERED, Asked

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A call that reached somebody: for which touch, whom, by which agent, when, what was said."""

    touch: UUID
    person: UUID
    ref: str
    agent: str
    at: datetime
    answers: Mapping[str, str]


def of(
    tx: Connection, means: Means, brand: BrandRef, spoken: Sequence[Spoken], *, now: datetime
) -> list[Told]:
    """The facts that these calls come to, and the cases that were chosen.

    None for what was answered already, or says nothing.
    """
    said = {one.touch: one for one in spoken if one.answers}
    asked = askings.by_touches(tx, means, brand, list(said)) if said else []
    return [
        Told(event, said[one.touch].person, facts.raised(one, data) if kind == ADDED else ())
        for one in asked
        for kind, data in told(one, said[one.touch])
        if (event := _fact(brand, said[one.touch], kind, data, now=now))
    ]


def told(asked: Asked, said: Spoken) -> Iterator[tuple[str, dict[str, object]]]:
    """What was answered to the survey, as data of facts. Pure."""
    given = replying.read(said.answers.get(asked.survey.key, ""), asked.survey.scale)
    if given is None or asked.state(now=said.at) != "open":
        return
    yield (
        ANSWERED,
        answers.answer(
            asked, given.score, by="call", comment=given.comment, now=said.at, agent=said.agent
        ),
    )
    answered = replace(asked, answered=True)
    more = answers.addition(asked, said.answers) if answered.may_add(now=said.at) else None
    if more is not None:
        yield ADDED, more


def refuse_unread(tx: Connection, means: Means, task: Task, said: Mapping[str, str]) -> None:
    """Raises `Invalid` where what was noted as the survey's answer is none of its scale."""
    touch = claims.get(tx, [task.touch_id])[task.touch_id]
    version = means.book.versions(tx, [touch.campaign_id])[touch.campaign_id]
    pin = version.asks(touch.step)
    if pin is None:
        return
    survey = means.surveys.get(tx, [pin])[pin]
    noted, scores = said.get(survey.key, ""), survey.scale.scores
    if noted.strip() and replying.read(noted, survey.scale) is None:
        wanted = f"a number from {scores[0]} to {scores[-1]}"
        problems = [Problem(f"answers.{survey.key}", wanted)]
        raise Invalid(f"note the answer to `{survey.key}` as {wanted}", problems=problems)


def _fact(
    brand: BrandRef, said: Spoken, kind: str, data: Mapping[str, object], *, now: datetime
) -> Event | None:
    """One that cannot be kept holds up none of the other calls."""
    try:
        return facts.fact(brand, said.ref, kind, data, at=said.at, now=now)
    except Invalid as error:
        log.warning("what was said in the call of %s cannot be kept: %s", said.touch, error)
        return None
