"""A person wrote back: what did they mean, and what follows at once?

A refusal is recorded for the address from which it came and, where it reaches further, for every
address of everybody in the brand who has it: two persons with one number are both left alone. A
doubtful reply ends marketing, and opens a case for each, which holds what can wait until somebody
has looked and closed it. A reply that is told again refuses nothing anew and answers nothing else.
Nothing here gives permission back: that takes a grant with its proof.

What refuses nothing may answer a survey that was asked on that channel and is open, the newest
first; what is neither is for a person to read.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from sqlalchemy import Connection

from optout import identity, reading
from optout.errors import UnreadableIdentity
from optout.model import Action, Channel, How, Identity, Kind, Purpose
from optout.reading import Intent, PendingQuestion, Reading, Scope
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.errors import Invalid, Problem
from outreach.events import reading as facts
from outreach.events.model import Event
from outreach.inbound import answers, asked, confirming, letters
from outreach.inbound.consent import Change, Changed, change_addresses
from outreach.people import store as people
from outreach.people.model import REACHED_BY, Person
from outreach.surveys import replying
from outreach.surveys.answers import Asked

SOURCE = "replies"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `id` is the provider's, and names the proof; `at` is when, if it was told."""

    id: str
    sender: str
    text: str
    channel: Channel
    pending: PendingQuestion | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a reply meant, who has the address, and what was changed or asked because of it.

    `survey` is the key of the one that it answered, and `score` the answer.
    """

    reading: Reading
    refs: tuple[str, ...]
    changed: tuple[Changed, ...] = ()
    cases: tuple[str, ...] = ()
    survey: str | None = None
    score: int | None = None


def hear(means: Means, brand: BrandRef, reply: Reply) -> Heard:
    """Read one reply and do what it asks. Raises `Invalid` when the sender cannot be read."""
    sender = _sender(reply)
    with means.database.begin(brand) as tx:
        persons = list(people.by_address(tx, means.hasher.all(sender)).values())
        questions = _open_questions(tx, means, brand, persons, reply)
        said = _read(reply, sender, persons, pending=reply.pending or _offered(questions))
        _keep(tx, means, brand, persons, reply, said)
    changed = tuple(
        change_addresses(means, brand, unheard, change)
        for change in _changes(said, reply)
        if (unheard := _unheard(means, brand, _reached(sender, persons, change), change))
    )
    if _confirmable(said) and changed:
        since = changed[0].effective_at
        confirming.tell(means, brand, persons, channel=reply.channel, address=sender, since=since)
    cases = _cases(said, reply, persons)
    if cases:
        _open(means, brand, cases)
    answered = _answer(means, brand, reply, said, persons, questions)
    return Heard(
        said,
        tuple(sorted(person.ref for person in persons)),
        changed,
        tuple(sorted(cases.values())),
        *(answered or (None, None)),
    )


def _keep(
    tx: Connection,
    means: Means,
    brand: BrandRef,
    persons: Sequence[Person],
    reply: Reply,
    said: Reading,
) -> None:
    now = means.clock()
    letters.keep(
        tx, brand, [person.id for person in persons], said, reply.text,
        channel=reply.channel, given=reply.id, at=min(reply.at or now, now),
    )  # fmt: skip


def _open_questions(
    tx: Connection, means: Means, brand: BrandRef, persons: Sequence[Person], reply: Reply
) -> list[Asked]:
    whose = [person.id for person in persons]
    now = means.clock()
    return asked.open_questions(tx, means, brand, whose, channel=reply.channel, now=now)


def _offered(questions: Sequence[Asked]) -> PendingQuestion | None:
    """What the newest open question offers as answers."""
    if not questions:
        return None
    return PendingQuestion(tuple(str(score) for score in questions[0].survey.scale.scores))


def _answer(
    means: Means,
    brand: BrandRef,
    reply: Reply,
    said: Reading,
    persons: Sequence[Person],
    questions: Sequence[Asked],
) -> tuple[str, int] | None:
    """Take in the answer to the newest open question, if this is one; answers survey and score."""
    if said.intent is not Intent.NONE or not questions:
        return None
    question = questions[0]
    given = replying.read(reply.text, question.survey.scale)
    person = next(person for person in persons if person.id == question.person)
    letter = answers.Letter(reply.id, tuple(person.id for person in persons))
    if given is None or not answers.take(
        means,
        brand,
        person,
        question,
        given.score,
        by="reply",
        comment=given.comment,
        letter=letter,
    ):
        return None
    return question.survey.key, given.score


def _confirmable(said: Reading) -> bool:
    """A refusal of the channel on which it came may be confirmed there; a doubt is for a person."""
    return said.intent is Intent.WITHDRAW and said.scope is not Scope.OTHERS


def _sender(reply: Reply) -> Identity:
    read = {"phone": identity.phone, "email": identity.email, "handle": identity.handle}
    try:
        return read[REACHED_BY[reply.channel]](reply.sender)
    except UnreadableIdentity as error:
        raise Invalid(
            "this sender cannot be read", problems=[Problem("from", str(error))]
        ) from error


def _read(
    reply: Reply, sender: Identity, persons: Sequence[Person], *, pending: PendingQuestion | None
) -> Reading:
    """As the law where the number is from reads it; a mail, where the person lives."""
    known = next((person.country for person in persons if person.country), None)
    return reading.read(
        reply.text,
        country=_region(sender.value) if sender.kind is Kind.PHONE else known,
        language=next((person.locale for person in persons if person.locale), None),
        pending=pending,
        channel=reply.channel,
    )


def _region(number: str) -> str | None:
    return phonenumbers.region_code_for_number(phonenumbers.parse(number))


def _changes(said: Reading, reply: Reply) -> Iterator[Change]:
    """What is withdrawn; a doubtful reply ends marketing, however far it seemed to reach."""
    if said.intent not in {Intent.WITHDRAW, Intent.UNSURE}:
        return
    scope = Scope.MARKETING if said.intent is Intent.UNSURE else said.scope
    channels: Sequence[Channel | None] = [None]
    if scope is Scope.CHANNEL:
        channels = [reply.channel]
    elif scope is Scope.OTHERS:
        channels = [channel for channel in Channel if channel is not reply.channel]
    purpose = Purpose.MARKETING if scope is Scope.MARKETING else None
    evidence = f"{reply.channel} reply {reply.id}, read by {said.rule}"
    for channel in channels:
        yield Change(Action.WITHDRAW, How.REPLY, evidence, channel, purpose)


def _reached(sender: Identity, persons: Sequence[Person], change: Change) -> set[Identity]:
    """The sender's address, and those that the change reaches of everybody who has it."""
    kinds = set(REACHED_BY.values()) if change.channel is None else {REACHED_BY[change.channel]}
    known = [address for person in persons for address in person.addresses]
    return {sender} | {address.identity for address in known if address.kind in kinds}


def _unheard(
    means: Means, brand: BrandRef, identities: Collection[Identity], change: Change
) -> list[Identity]:
    """The addresses to which this change by this very reply was not made before.

    A reply that is told again must not refuse what was permitted since.
    """
    with means.database.begin(brand) as tx:
        said = means.registry.histories(tx, brand.key, list(identities))
    made = (change.how, change.evidence, change.channel, change.purpose)
    return [
        one
        for one in identities
        if made not in {(e.how, e.evidence, e.channel, e.purpose) for e in said[one]}
    ]


def _cases(said: Reading, reply: Reply, persons: Sequence[Person]) -> dict[str, str]:
    """A case of their own, by ref, for everybody who may have written what has to be looked at.

    One for all of them would be one fact, and hold the first of them alone.
    """
    if said.intent is not Intent.UNSURE:
        return {}
    return {person.ref: f"reply {reply.id} of {person.ref}" for person in persons}


def _open(means: Means, brand: BrandRef, cases: Mapping[str, str]) -> None:
    now = means.clock()
    with means.database.begin(brand) as tx:
        told = [_opened(brand, ref, case, means) for ref, case in cases.items()]
        intake.accept(tx, brand, told, source=SOURCE, refused=0, now=now)


def _opened(brand: BrandRef, ref: str, case: str, means: Means) -> Event:
    """A case for somebody to look at; a reply that is told twice opens it once."""
    now = means.clock()
    raw = {
        "type": "case.opened", "source": SOURCE, "subject": ref, "time": now.isoformat(),
        "data": {"case": case, "opened_at": "reply"},
    }  # fmt: skip
    event = facts.read(raw, position=0, brand=brand, now=now)
    if not isinstance(event, Event):
        raise Invalid("this reply cannot be made a case", problems=[Problem("id", event.sentence)])
    return event
