"""What does the room answer to somebody who asks when a person may be contacted?

The command line and the API ask with the same words and get the same answer, in single questions
or line by line. The rules are an engineering reference, not legal advice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from optout.model import Channel, Purpose
from outreach.errors import Invalid, Problem
from outreach.hours import coordinates, judge
from outreach.hours.model import Admission, Evidence, Place, Rule
from outreach.hours.packs import Packs
from outreach.hours.places import place_of

_COUNTRY = re.compile(r"[A-Z]{2}")
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between these, clocks and calendars can be computed."""


class Question(BaseModel):
    """What is known of a person, and what is meant to happen; `at` is now where nobody says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Channel
    purpose: Purpose
    at: AwareDatetime | None = Field(default=None, ge=FIRST, lt=LAST)
    phone: str | None = None
    zone: str | None = None
    country: str | None = None
    region: str | None = None
    postcode: str | None = None
    coordinates: str | None = None

    @property
    def evidence(self) -> Evidence:
        """The same as the room knows it."""
        return Evidence(
            zone=self.zone,
            country=self.country,
            subdivision=self.region,
            postcode=self.postcode,
            phone=self.phone,
            coordinates=coordinates.read(self.coordinates) if self.coordinates else None,
        )


def address(text: str) -> dict[str, str]:
    """The parts of `US-FL 32501`: a country or a part of one (ISO 3166), then perhaps a postcode.

    Raises `Invalid` for anything else.
    """
    place, _, postcode = text.strip().partition(" ")
    country, _, region = place.partition("-")
    if not _COUNTRY.fullmatch(country):
        raise Invalid(f"{text!r} is no address: write US, US-FL or US-FL 32501")
    parts = {"country": country, "region": region, "postcode": postcode.strip()}
    return {name: part for name, part in parts.items() if part}


@dataclass(frozen=True, slots=True)
class Candidates:
    """Where the person may be: hours have to suit every zone, and the law of every place."""

    zones: tuple[str, ...]
    jurisdictions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule that bears on the answer, and where it stands."""

    rule: str
    jurisdiction: str
    source: str
    basis: str
    binding: bool
    confidence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether contact is allowed at the instant, and if not, from when on.

    `next` is null when no lawful instant is known, and `closes` is the end, exclusive, of the
    stretch that holds it, null when no clock binds. Instants are in UTC.
    """

    allowed: bool
    next: datetime | None
    closes: datetime | None
    candidates: Candidates
    rules: tuple[Cited, ...]
    evidence: tuple[str, ...]
    pack: str


def read(given: Mapping[str, object]) -> Question:
    """The question of these members. Raises `Invalid` with a problem for each thing wrong."""
    try:
        return Question.model_validate(given)
    except ValidationError as error:
        problems = [
            Problem(".".join(str(part) for part in found["loc"]), found["msg"])
            for found in error.errors()
        ]
        raise Invalid("; ".join(map(str, problems)), problems=problems) from error


def ask(packs: Packs, question: Question, *, now: datetime) -> Answer:
    """When this may happen, and why. Raises `Invalid` for a zone or coordinates that cannot be."""
    place = place_of(question.evidence)
    at = question.at or now
    found = judge.when(packs, place, channel=question.channel, purpose=question.purpose, at=at)
    return _answer(packs, place, found)


def _answer(packs: Packs, place: Place, found: Admission) -> Answer:
    return Answer(
        allowed=found.allowed,
        next=found.next_at,
        closes=found.closes_at,
        candidates=Candidates(place.zones, packs.candidates(place)),
        rules=tuple(_cited(rule) for rule in found.rules),
        evidence=place.evidence or ("nothing says where this person is",),
        pack=packs.version,
    )


def _cited(rule: Rule) -> Cited:
    return Cited(
        rule=rule.id,
        jurisdiction=rule.jurisdiction,
        source=rule.source,
        basis=rule.basis,
        binding=rule.binding,
        confidence=rule.confidence,
    )
