"""Which questions does the agent ask in this call, and was one left out that must be asked?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from optout.model import Channel
from outreach.brands import store as brands
from outreach.callbacks.model import Task
from outreach.dispatch import claims
from outreach.dispatch.means import Means
from outreach.errors import Invalid, Problem
from outreach.people import store as people
from outreach.templates import locales
from outreach.templates.script import END, Question, Script


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the course that the call took, and what was answered, if anything."""

    question: Question
    answer: str | None


def script_of(tx: Connection, means: Means, task: Task) -> Script | None:
    """The script of a task in the person's language; None where the text is no script."""
    brand = brands.get(tx)
    touch = claims.get(tx, [task.touch_id])[task.touch_id]
    version = means.book.versions(tx, [touch.campaign_id])[touch.campaign_id]
    pin = version.pins[version.campaign.contacts[touch.step].template]
    person = people.by_id(tx, [task.person_id])[task.person_id]
    picked = locales.pick(
        means.shelf.get(tx, [pin])[pin],
        channel=Channel.VOICE,
        locale=person.locale or brand.locale,
        default=brand.locale,
        fallbacks=brand.profile.fallbacks,
    )
    return picked[1].script if picked else None


def refuse_unasked(tx: Connection, means: Means, task: Task, answers: Mapping[str, str]) -> None:
    """Raises `Invalid` with each question that must be asked and has no answer."""
    script = script_of(tx, means, task)
    missing = [one.question for one in course(script, answers) if _missing(one)] if script else []
    if missing:
        problems = [Problem(f"answers.{one.key}", one.ask) for one in missing]
        named = ", ".join(one.key for one in missing)
        raise Invalid(f"ask first, and note the answers: {named}", problems=problems)


def course(script: Script, answers: Mapping[str, str]) -> Iterator[Asked]:
    """The questions that come up, given what was answered: an answer may lead on or to the end.

    Pure. A question without an answer leads to the next one; nothing is asked twice.
    """
    order = [question.key for question in script.questions]
    by_key = {question.key: question for question in script.questions}
    key: str | None = order[0]
    seen: set[str] = set()
    while key in by_key and key not in seen:
        seen.add(key)
        question, answer = by_key[key], answers.get(key)
        yield Asked(question, answer)
        then = _leads(question, answer)
        key = then or next(iter(order[order.index(key) + 1 :]), END)


def _leads(question: Question, answer: str | None) -> str | None:
    return next((one.then for one in question.answers if one.when == answer), None)


def _missing(one: Asked) -> bool:
    return one.question.required and not (one.answer or "").strip()
