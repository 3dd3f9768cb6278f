"""If this campaign wanted to contact this person at that instant, what would the gate say?

Nothing is planned by asking. The contact is judged as any other: with the consent, cases, attempts
and rivals that are known now, by the hours of the instant. Whether the campaign would take the
person in at all is for its audience to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from optout.model import Channel
from outreach import ids
from outreach.bilingual import Language
from outreach.brands.model import Brand
from outreach.campaigns.steps import Step
from outreach.campaigns.store import Version
from outreach.dispatch.facts import gather
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.errors import Invalid, NotFound
from outreach.people import store as people
from outreach.people.model import Person
from outreach.reports.explaining import SUPPOSED, explained
from outreach.reports.model import Explanation

_AHEAD = timedelta(days=400)  # as far as lawful hours are looked for


@dataclass(frozen=True, slots=True)
class Question:
    """Whom, by which campaign, and when; by default now, by its first contact and channel."""

    person: UUID
    campaign: str
    at: datetime | None = None
    channel: Channel | None = None
    step: str | None = None


def suppose(
    tx: Connection, means: Means, brand: Brand, question: Question, *, language: Language
) -> Explanation:
    """Explain a contact that nobody has planned, by the newest version of the campaign.

    Raises `NotFound` when there is no such person, campaign or step, `Invalid` when the instant
    lies outside of the next 400 days or the step does not go by the channel.
    """
    now = means.clock()
    person = people.by_id(tx, [question.person]).get(question.person)
    if person is None:
        raise NotFound("there is no such person")
    version = means.book.latest(tx, question.campaign)
    one = _contact(version, person, question, now=now)
    facts = gather(tx, means, brand, [one], now=now).facts[one.id]
    return explained(facts, language, state=SUPPOSED)


def _contact(version: Version, person: Person, question: Question, *, now: datetime) -> Touch:
    """The touch that it would be."""
    at = question.at or now
    if not now <= at < now + _AHEAD:
        raise Invalid(f"{at.isoformat()} is not within {_AHEAD.days} days from now")
    number, step = _step(version, question.step)
    parts = (version.id, person.id, number)
    return Touch(
        id=ids.derived(ids.TOUCH, SUPPOSED, *parts),
        enrolment_id=ids.derived(ids.ENROLMENT, SUPPOSED, *parts),
        campaign_id=version.id,
        person_id=person.id,
        step=number,
        channel=_channel(step, person, question.channel),
        purpose=step.serves(version.campaign.purpose),
        priority=version.campaign.priority,
        state="planned",
        fence=0,
        planned_for=at,
        due_at=at,
        useless_after=at + step.useful_for,
        reason=None,
    )


def _step(version: Version, key: str | None) -> tuple[int, Step]:
    contacts: Sequence[Step] = version.campaign.contacts
    found = [(n, step) for n, step in enumerate(contacts) if key in {None, step.key}]
    if not found:
        known = ", ".join(step.key for step in contacts)
        raise NotFound(f"{version.key!r} has no contact {key!r}; it has {known}")
    return found[0]


def _channel(step: Step, person: Person, wanted: Channel | None) -> Channel:
    if wanted is None:
        reachable = [channel for channel in step.channels if person.address(channel)]
        return (reachable or list(step.channels))[0]
    if wanted not in step.channels:
        raise Invalid(f"{step.key!r} goes by {', '.join(step.channels)} and not by {wanted}")
    return wanted
