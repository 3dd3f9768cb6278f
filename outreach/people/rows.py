"""As which rows do persons and their addresses reach the statements that store them?"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from outreach.db import sealed
from outreach.db.given import Given
from outreach.db.personal import ADDRESS, PERSON_NAME
from outreach.people.model import Address, Person

Row = tuple[object, ...]

PERSONS = Given(
    "persons",
    {
        "id": "uuid", "ref": "text", "name": "text", "locale": "text", "zone": "text",
        "country": "text", "subdivision": "text", "postcode": "text", "point_zone": "text",
        "tags": "text[]",
    },
)  # fmt: skip
ADDRESSES = Given(
    "addresses",
    {"person_id": "uuid", "kind": "text", "value": "text", "hash": "bytea", "domain": "text"},
)
FORMER = Given("former_hashes", {"person_id": "uuid", "kind": "text", "hash": "bytea"})


def persons(tx: Connection, people: Sequence[Person]) -> list[Row]:
    """Rows of `PERSONS`, one for each."""
    names = sealed.seal_all(tx, PERSON_NAME, [(one.name, (one.id,)) for one in people])
    return [
        (
            one.id, one.ref, name, one.locale, one.zone, one.country, one.subdivision,
            one.postcode, one.point_zone, list(one.tags),
        )
        for one, name in zip(people, names, strict=True)
    ]  # fmt: skip


def addresses(tx: Connection, reached: Sequence[tuple[Person, Address]]) -> list[Row]:
    """Rows of `ADDRESSES`, one for each person and address."""
    told = [(address.value, (of.id, address.kind)) for of, address in reached]
    return [
        (of.id, one.kind, value, one.hash, one.domain)
        for (of, one), value in zip(reached, sealed.seal_all(tx, ADDRESS, told), strict=True)
    ]


def former(of: Person, one: Address) -> Iterator[Row]:
    """Rows of `FORMER`: the hashes of this address under secrets that were in use before."""
    return ((of.id, one.kind, hash_) for hash_ in one.former)
