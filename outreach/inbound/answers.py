"""A person answered a survey: is it new, and how does it become a fact?

By the front door like everything else, so that campaigns begin with an answer, waits end with it
and conditions ask for it. An answer that is there already changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.errors import Invalid, Problem
from outreach.events import reading
from outreach.events.model import Event
from outreach.inbound import asked as askings
from outreach.people.model import Person
from outreach.surveys import answers
from outreach.surveys.answers import ADDED, ANSWERED, Asked, By

SOURCE = "surveys"


@dataclass(frozen=True, slots=True)
class Letter:
    """The reply that gives an answer, by its provider's id, and who may have written it."""

    id: str
    writers: tuple[UUID, ...]


def of_touch(means: Means, brand: BrandRef, touch: UUID) -> Asked | None:
    """What this touch asked, or None where it asked nothing."""
    with means.database.begin(brand) as tx:
        return next(iter(askings.by_touches(tx, means, brand, [touch])), None)


def take(
    means: Means,
    brand: BrandRef,
    person: Person,
    asked: Asked,
    score: int,
    *,
    by: By,
    comment: str = "",
    agent: str = "",
    letter: Letter | None = None,
) -> bool:
    """Take an answer in; False where it was answered or closed. Raises `Invalid` for no score.

    A letter gives one answer, however often it is told.
    """
    now = means.clock()
    if asked.state(now=now) != "open":
        return False
    try:
        data = answers.answer(asked, score, by=by, comment=comment, now=now, agent=agent)
    except ValueError as error:
        raise Invalid(f"this is no answer: {error}") from error
    return _accepted(means, brand, person, ANSWERED, data, letter)


def add(
    means: Means, brand: BrandRef, person: Person, asked: Asked, given: Mapping[str, str]
) -> bool:
    """Take in what is said to the other questions; False where nothing is, or something was."""
    if not asked.may_add(now=means.clock()) or (data := answers.addition(asked, given)) is None:
        return False
    return _accepted(means, brand, person, ADDED, data)


def _accepted(
    means: Means,
    brand: BrandRef,
    person: Person,
    kind: str,
    data: Mapping[str, object],
    letter: Letter | None = None,
) -> bool:
    now = means.clock()
    raw = {
        "type": kind, "source": SOURCE, "subject": person.ref, "time": now.isoformat(),
        "data": {**data, "reply": letter.id} if letter else data,
    }  # fmt: skip
    event = reading.read(raw, position=0, brand=brand, now=now)
    if not isinstance(event, Event):
        raise Invalid("this answer cannot be kept", problems=[Problem("", event.sentence)])
    with means.database.begin(brand) as tx:
        if letter and askings.has_answered(tx, letter.writers, letter.id):
            return False
        taken = intake.accept(tx, brand, [event], source=SOURCE, refused=0, now=now)
    return bool(taken.new)
