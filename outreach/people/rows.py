"""As which rows do persons and their addresses reach the statements that store them?"""

from collections.abc import Iterator

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


def person(tx: Connection, one: Person) -> Row:
    """One row of `PERSONS`."""
    return (
        one.id, one.ref, sealed.seal(tx, PERSON_NAME, one.name, one.id), one.locale, one.zone,
        one.country, one.subdivision, one.postcode, one.point_zone, list(one.tags),
    )  # fmt: skip


def address(tx: Connection, of: Person, one: Address) -> Row:
    """One row of `ADDRESSES`."""
    value = sealed.seal(tx, ADDRESS, one.value, of.id, one.kind)
    return of.id, one.kind, value, one.hash, one.domain


def former(of: Person, one: Address) -> Iterator[Row]:
    """Rows of `FORMER`: the hashes of this address under secrets that were in use before."""
    return ((of.id, one.kind, hash_) for hash_ in one.former)
