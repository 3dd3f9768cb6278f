"""Whom do platforms tell us of whom we do not know yet?

A person that the brand has brought in itself stays as it is: the brand knows them better than the
last order form does. Nothing here is consent.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.errors import Invalid
from outreach.events.sources.protocol import RawEvent
from outreach.hours import coordinates
from outreach.people import reading
from outreach.people import store as people
from outreach.people.model import Person, person_id


def welcome(
    tx: Connection, means: Means, brand: BrandRef, raws: Sequence[RawEvent], *, now: datetime
) -> None:
    """Bring in who is new among the persons of these events, as far as they can be read."""
    told = {
        str(raw.person["ref"]): raw.person for raw in raws if raw.person and "ref" in raw.person
    }
    ids = {person_id(brand, ref): ref for ref in told}
    there = people.by_id(tx, ids) if ids else {}
    new = [_read(means, brand, told[ref]) for id_, ref in ids.items() if id_ not in there]
    if known := [person for person in new if person is not None]:
        intake.arrive(tx, brand, known, now=now)


def _read(means: Means, brand: BrandRef, fields: Mapping[str, object]) -> Person | None:
    """The person with every field that can be read; shops hold any text as a telephone number."""
    try:
        return _strictly(means, brand, fields)
    except Invalid as error:
        wrong = {problem.where for problem in error.problems}
    return None if "ref" in wrong else _strictly(means, brand, _without(fields, wrong))


def _without(fields: Mapping[str, object], wrong: Iterable[str]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if name not in wrong}


def _strictly(means: Means, brand: BrandRef, fields: Mapping[str, object]) -> Person:
    zone_at = coordinates.zone_of
    return reading.read(fields, brand=brand, hasher=means.hasher, zone_at=zone_at)
