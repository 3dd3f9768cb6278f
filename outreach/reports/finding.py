"""Whom does somebody mean who types a number, a mail address, an order or a name of ours?

Only whole addresses are found: they are looked up by their keyed hash, so that nobody reads through
a brand's people by beginnings.
"""

from collections.abc import Callable, Iterator
from uuid import UUID

from sqlalchemy import Connection, text

from optout import identity
from optout.errors import UnreadableIdentity
from optout.model import Identity
from outreach import ids
from outreach.brands.model import Brand
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Invalid
from outreach.people import store as people
from outreach.people.model import Person, person_id

_MOST = 20
_OWNERS = text("""
    select person_id from outreach.orders where key = :named and person_id is not null
    union select person_id from outreach.parcels where key = :named and person_id is not null
    union select person_id from outreach.contracts where key = :named and person_id is not null
    union select person_id from outreach.touches where id = :touch
    limit :limit
""")


def find(tx: Connection, means: Means, brand: Brand, typed: str) -> list[Person]:
    """Those whom the text may mean, at most twenty, by ref; four statements.

    It may be the brand's own name for a person, an order, a parcel or a contract, a mail address, a
    handle, or a telephone number: with its `+`, or as it is dialled where the brand sells.
    """
    named = typed.strip()
    if not named:
        return []
    hashes = [told for one in _identities(named, brand) for told in means.hasher.all(one)]
    owners = _owners(tx, brand.ref, named)
    found = people.by_id(tx, owners) | people.by_address(tx, hashes)
    return sorted(found.values(), key=lambda person: person.ref)[:_MOST]


def _owners(tx: Connection, brand: BrandRef, named: str) -> set[UUID]:
    """The person of this name, and whose order, parcel, contract or touch is called so."""
    values = {"named": named, "touch": _id(ids.TOUCH, named), "limit": _MOST}
    known = {person_id(brand, named), *tx.execute(_OWNERS, values).scalars()}
    return known | ({person} if (person := _id(ids.PERSON, named)) else set())


def _id(kind: str, named: str) -> UUID | None:
    try:
        return ids.read(kind, named)
    except Invalid:
        return None


def _identities(named: str, brand: Brand) -> Iterator[Identity]:
    """Each address that the text may be."""
    readers: list[Callable[[str], Identity]] = [identity.email, identity.handle]
    region = (brand.profile.market or "").partition("-")[0] or None
    readers.append(lambda text: identity.phone(text, region=region))
    for read in readers:
        try:
            yield read(named)
        except UnreadableIdentity:
            continue
