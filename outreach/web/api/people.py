"""How are persons brought in and looked up, and how does their consent change?"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Body as JsonBody

from optout.model import Action, Block, Channel, How, Purpose, Reason
from outreach import ids
from outreach.brands import store as brands
from outreach.enrolments import intake
from outreach.errors import Invalid, NotFound, Problem
from outreach.exports import asking as exports
from outreach.hours import coordinates
from outreach.inbound import confirming, preferences
from outreach.inbound.consent import Change, change_person
from outreach.inbound.erasure import erase
from outreach.people import reading, store
from outreach.people.model import Person, person_id
from outreach.reports import personal
from outreach.reports.personal import Kept
from outreach.web import body as bodies
from outreach.web import problems
from outreach.web.auth import Authorized, Caller
from outreach.web.body import Body
from outreach.web.masking import masked
from outreach.web.problems import Answer
from outreach.web.recipients import shown
from outreach.web.shapes import Text

router = APIRouter(tags=["people"])

_EXAMPLE = {
    "ref": "c-1001", "name": "Ada Example", "locale": "en", "country": "US", "subdivision": "US-NY",
    "email": "c-1001@customers.example", "phone": "+12125550101",
}  # fmt: skip
_MANY = {"schema": {"type": "array", "items": {"type": "object"}}, "example": [_EXAMPLE]}
_LINES = {"schema": {"type": "string", "description": "One person a line."}}
_BODIES = {
    "requestBody": {
        "required": True,
        "content": {"application/json": _MANY, "application/x-ndjson": _LINES},
    }
}


@dataclass(frozen=True, slots=True)
class MaskedAddress:
    """An address as its owner would know it."""

    kind: str
    masked: str


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person; addresses are masked."""

    person: str
    ref: str
    name: str
    locale: str | None
    zone: str | None
    country: str | None
    subdivision: str | None
    postcode: str | None
    tags: tuple[str, ...]
    addresses: tuple[MaskedAddress, ...]


@dataclass(frozen=True, slots=True)
class RefusedPerson:
    """A person who was not taken, by position from 0, and every problem."""

    position: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a request's persons."""

    stored: int
    refused: list[RefusedPerson] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """What a person, or someone for them, said. No channel is all channels, no purpose all."""

    action: Action
    evidence: Annotated[Text, JsonBody(description="Where the proof lies: an id, a file and line.")]
    channel: Channel | None = None
    purpose: Purpose | None = None
    how: How = How.API
    product: str | None = None
    block: Annotated[Block | None, JsonBody(description="The cause of a block, or of a lift.")] = (
        None
    )
    kinds: Annotated[
        tuple[str, ...] | None, JsonBody(description="What a grant was like: express, written …")
    ] = None
    wording: Annotated[str | None, JsonBody(description="Which text was agreed to.")] = None


@dataclass(frozen=True, slots=True)
class ConsentChanged:
    """`entries` hold since `effective_at`; the touches `in_air` left before and may arrive."""

    entries: int
    effective_at: datetime
    in_air: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forgotten(ConsentChanged):
    """The same of an erasure, which may be `pending`: a legal hold has to end first."""

    pending: bool


@router.put("/people/{ref:path}")
def put_person(
    caller: Authorized,
    ref: str,
    fields: Annotated[dict[str, object], JsonBody(examples=[_EXAMPLE])],
) -> PersonShown:
    """Create or replace one person. Consent is kept elsewhere and stands."""
    if fields.get("ref", ref) != ref:
        raise Invalid("this person cannot be read", problems=[Problem("ref", f"must be {ref!r}")])
    person = _read(caller, fields | {"ref": ref})
    _arrive(caller, [person])
    return _shown(person)


@router.post("/people", response_model=Stored, openapi_extra=_BODIES)
def post_people(caller: Authorized, request: Request, body: Body) -> Stored | Response:
    """Create or replace persons; one that cannot be read is told and left out.

    The last one counts where a `ref` comes twice. 422 when none could be read.
    """
    given = bodies.items(request.headers.get("content-type", ""), body)
    told = [_told(caller, position, fields) for position, fields in enumerate(given)]
    persons = {one.id: one for one in told if isinstance(one, Person)}
    refused = [one for one in told if isinstance(one, RefusedPerson)]
    _arrive(caller, list(persons.values()))
    if refused and not persons:
        return problems.response(request, _none_stored(refused))
    return Stored(len(persons), refused)


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """Whether one contact is allowed, why, and on which address, masked."""

    channel: Channel
    purpose: Purpose
    address: str
    allowed: bool
    reason: Reason
    sentence: str


@router.get("/people/{ref:path}/consent")
def get_consent(caller: Authorized, ref: str) -> list[ConsentAnswer]:
    """What is allowed now, for each channel with an address and each purpose."""
    person = person_id(caller.brand, ref)
    with caller.begin() as tx:
        found = store.by_id(tx, [person]).get(person)
        if found is None:
            raise NotFound("there is no such person")
        now, brand = caller.means.clock(), brands.get(tx)
        asked = preferences.boxes(tx, caller.means, brand, found, now=now)
    return [
        ConsentAnswer(
            box.channel, box.purpose, shown(found.address(box.channel)), box.allowed, box.reason,
            box.sentence,
        )
        for box in asked
    ]  # fmt: skip


@router.get("/people/{ref:path}/export")
def export_person(caller: Authorized, ref: str) -> Kept:
    """Everything that is kept of a person, addresses in clear, to be handed to them.

    409 beyond the brand's measure of a day, until a user has approved an export of kind `person`.
    """
    person, now = person_id(caller.brand, ref), caller.means.clock()
    with caller.begin() as tx:
        exports.allow(tx, caller.brand, "person", by=caller.answering, now=now)
    return personal.of_person(caller.means, caller.brand, person, now=now)


@router.get("/people/{ref:path}")
def get_person(caller: Authorized, ref: str) -> PersonShown:
    """Look a person up."""
    person = person_id(caller.brand, ref)
    with caller.begin() as tx:
        found = store.by_id(tx, [person]).get(person)
    if found is None:
        raise NotFound("there is no such person")
    return _shown(found)


@router.delete("/people/{ref:path}")
def erase_person(caller: Authorized, ref: str) -> Forgotten:
    """Forget a person. After the answer nothing starts; `in_air` left before and may arrive."""
    person = person_id(caller.brand, ref)
    done = erase(caller.means, caller.brand, person, evidence="told by the brand's system")
    return Forgotten(done.entries, done.effective_at, done.in_air, done.pending)


@router.post("/people/{ref:path}/consent")
def change_consent(caller: Authorized, ref: str, said: ConsentChange) -> ConsentChanged:
    """Grant, withdraw, block or lift. After `effective_at` nothing starts that it forbids."""
    change = Change(
        said.action, said.how, said.evidence, said.channel, said.purpose,
        product=said.product, block=said.block, kinds=said.kinds, wording=said.wording,
    )  # fmt: skip
    person = person_id(caller.brand, ref)
    done = change_person(caller.means, caller.brand, person, change)
    if confirming.tell_of(caller.means, caller.brand, person, change, done.effective_at):
        caller.wake()
    return ConsentChanged(done.entries, done.effective_at, done.in_air)


def _read(caller: Caller, fields: object) -> Person:
    if isinstance(fields, Invalid):
        raise fields
    if not isinstance(fields, dict):
        raise Invalid("a person is a JSON object")
    return reading.read(
        fields, brand=caller.brand, hasher=caller.means.hasher, zone_at=coordinates.zone_of
    )


def _told(caller: Caller, position: int, fields: object) -> Person | RefusedPerson:
    try:
        return _read(caller, fields)
    except Invalid as error:
        return RefusedPerson(position, problems.named_by(error))


def _arrive(caller: Caller, persons: Sequence[Person]) -> None:
    """Stored, and what waited for them is looked at again."""
    if not persons:
        return
    with caller.begin() as tx:
        intake.arrive(tx, caller.brand, persons, now=caller.means.clock())
    caller.wake()


def _none_stored(refused: Sequence[RefusedPerson]) -> Answer:
    first = refused[0].problems[0]
    code = Invalid.code if len(refused) == 1 else "all-refused"
    return Answer(422, code, str(first), more={"refused": [asdict(one) for one in refused]})


def _shown(person: Person) -> PersonShown:
    return PersonShown(
        person=ids.shown(ids.PERSON, person.id),
        ref=person.ref,
        name=person.name,
        locale=person.locale,
        zone=person.zone,
        country=person.country,
        subdivision=person.subdivision,
        postcode=person.postcode,
        tags=person.tags,
        addresses=tuple(MaskedAddress(a.kind, masked(a.kind, a.value)) for a in person.addresses),
    )
