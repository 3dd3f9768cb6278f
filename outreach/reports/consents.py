"""What was said about contact with a person, and all that was said to a brand, in order?

Addresses leave here as they are; who shows them masks them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from sqlalchemy import Connection

from optout import sql
from optout.model import Entry
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import NotFound
from outreach.people import store as people
from outreach.people.model import Address

_HANDFUL = 1000
_AFTER_ALL = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Said:
    """An entry, the address that it is about, and what brands call those who have it now.

    `address` is missing, and nobody is named, where no person of the brand has that address any
    more: they were forgotten, or never brought in.
    """

    entry: Entry
    address: Address | None
    refs: tuple[str, ...]


def of_person(means: Means, brand: BrandRef, person: UUID) -> list[Said]:
    """All that was said about a person's addresses, the oldest first. Raises `NotFound`."""
    with means.database.begin(brand) as tx:
        known = people.by_id(tx, [person]).get(person)
        if known is None:
            raise NotFound("there is no such person")
        addresses = {address.identity: address for address in known.addresses}
        histories = means.registry.histories(tx, brand.key, list(addresses))
    said = [
        Said(entry, addresses[identity], (known.ref,))
        for identity, entries in histories.items()
        for entry in entries
    ]
    return sorted(said, key=lambda one: (one.entry.effective_at, one.entry.id or 0))


def of_brand(tx: Connection) -> Iterator[Said]:
    """All that was said to the brand for which the transaction speaks, and to the agency.

    Read by the thousand, with two statements for each, in the order in which it was recorded.
    """
    entries = sql.everything(tx)
    while handful := list(islice(entries, _HANDFUL)):
        owners = _owners(tx, {entry.identity_hash for entry in handful})
        yield from (_said(entry, owners) for entry in handful)


def newest(tx: Connection, *, before: int = _AFTER_ALL, limit: int = 50) -> list[Said]:
    """What was said last to this brand and to the agency, the newest first."""
    entries = sql.newest(tx, before=before, limit=limit)
    owners = _owners(tx, {entry.identity_hash for entry in entries})
    return [_said(entry, owners) for entry in entries]


def _said(entry: Entry, owners: Mapping[bytes, Mapping[str, Address]]) -> Said:
    whose = owners.get(entry.identity_hash, {})
    return Said(entry, next(iter(whose.values()), None), tuple(sorted(whose)))


def _owners(tx: Connection, hashes: Iterable[bytes]) -> Mapping[bytes, Mapping[str, Address]]:
    """For each hash, who has that address now, by what the brand calls them."""
    found: dict[bytes, dict[str, Address]] = defaultdict(dict)
    holders = people.holders(tx, hashes)
    known = people.by_id(tx, {person for whose in holders.values() for person, _ in whose})
    reached = {(id_, one.kind): one for id_, person in known.items() for one in person.addresses}
    for hash_, whose in holders.items():
        for holder in sorted(whose & reached.keys()):
            found[hash_][known[holder[0]].ref] = reached[holder]
    return found
