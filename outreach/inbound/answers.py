"""A person answered a survey: is it new, and how does it become a fact?

By the front door like everything else, so that campaigns begin with an answer, waits end with it
and conditions ask for it. An answer that is there already changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.errors import Invalid, Problem
from outreach.events import reading
from outreach.events.model import Event
from outreach.events.store import Intake
from outreach.inbound import asked as askings
from outreach.inbound import cases
from outreach.inbound.cases import Raised
from outreach.people.model import Person
from outreach.surveys import answers
from outreach.surveys.answers import ADDED, ANSWERED, Asked, By

SOURCE = "surveys"


@dataclass(frozen=True, slots=True)
class Letter:
    """The reply that gives an answer, by its provider's id, and who may have written it."""

    id: str
    writers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that somebody answered, whose it is, and the cases that it comes to."""

    fact: Event
    person: UUID
    raised: Sequence[Raised] = ()


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
    return _accepted(means, brand, person, ANSWERED, data, letter=letter)


def add(
    means: Means, brand: BrandRef, person: Person, asked: Asked, given: Mapping[str, str]
) -> bool:
    """Take in what is said to the other questions; False where nothing is, or something was."""
    if not asked.may_add(now=means.clock()) or (data := answers.addition(asked, given)) is None:
        return False
    return _accepted(means, brand, person, ADDED, data, raised=raised(asked, data))


def raised(asked: Asked, data: Mapping[str, object]) -> list[Raised]:
    """The cases that what was chosen comes to, with what was written beside it."""
    by, note = f"survey:{asked.survey.key}", str(data.get("comment", ""))
    return [
        Raised(topic, by, note, asked.about.get("order"))
        for topic in answers.topics(asked.survey, data)
    ]


def fact(
    brand: BrandRef,
    ref: str,
    kind: str,
    data: Mapping[str, object],
    *,
    at: datetime,
    now: datetime,
) -> Event:
    """That this was said, at this instant. Raises `Invalid` for what cannot be kept."""
    raw = {"type": kind, "source": SOURCE, "subject": ref, "time": at.isoformat(), "data": data}
    event = reading.read(raw, position=0, brand=brand, now=now)
    if not isinstance(event, Event):
        raise Invalid("this answer cannot be kept", problems=[Problem("", event.sentence)])
    return event


def accept(tx: Connection, brand: BrandRef, told: Sequence[Told], *, now: datetime) -> Intake:
    """Take in these facts, and the cases that each new one comes to, within a transaction.

    The persons before the turn that a fact takes, as whoever raises a case has it.
    """
    cases.hold_all(tx, [one.person for one in told if one.raised])
    facts = [one.fact for one in told]
    taken = intake.accept(tx, brand, facts, source=SOURCE, refused=0, now=now)
    for one in told:
        for case in one.raised if one.fact.id in taken.new else ():
            cases.raise_within(tx, brand, one.person, case, now=now)
    return taken


def _accepted(
    means: Means,
    brand: BrandRef,
    person: Person,
    kind: str,
    data: Mapping[str, object],
    *,
    letter: Letter | None = None,
    raised: Sequence[Raised] = (),
) -> bool:
    """Take in a fact and the cases that it comes to, all or nothing."""
    now = means.clock()
    named = {**data, "reply": letter.id} if letter else data
    event = fact(brand, person.ref, kind, named, at=now, now=now)
    with means.database.begin(brand) as tx:
        if letter and askings.has_answered(tx, letter.writers, letter.id):
            return False
        return bool(accept(tx, brand, [Told(event, person.id, raised)], now=now).new)
