"""Where are persons kept?"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import ADDRESS, PERSON_NAME
from outreach.people import rows
from outreach.people.known_by import KNOWN_BY
from outreach.people.model import Address, Person

# A row that this statement made was never locked or changed, so that its xmax is none.
_PUT = text(f"""
    with put as (
        insert into outreach.persons
            (brand_id, id, ref, name, locale, zone, country, subdivision, postcode, point_zone,
             tags)
        select :brand, id, ref, name, locale, zone, country, subdivision, postcode, point_zone,
               tags
        from {rows.PERSONS.table} order by id
        on conflict (brand_id, id) do update set
            name = excluded.name, locale = excluded.locale, zone = excluded.zone,
            country = excluded.country, subdivision = excluded.subdivision,
            postcode = excluded.postcode, point_zone = excluded.point_zone, tags = excluded.tags,
            updated_at = now()
        returning id, xmax <> '0' as changed
    )
    select id from put where changed order by id
""")
# One after the other: what knew an address by another hash may wait for the address, and is seen
# when that is over.
_FORGET_ADDRESSES = text("delete from outreach.addresses where person_id = any(:ids)")
_FORGET_FORMER = text("delete from outreach.former_hashes where person_id = any(:ids)")
_PUT_ADDRESSES = text(f"""
    insert into outreach.addresses (brand_id, person_id, kind, value, hash, domain)
    select :brand, person_id, kind, value, hash, domain from {rows.ADDRESSES.table}
""")
_PUT_FORMER = text(f"""
    insert into outreach.former_hashes (brand_id, person_id, kind, hash)
    select :brand, person_id, kind, hash from {rows.FORMER.table}
""")
# A touch that waits for a place, an event that waits for its person: looked at again at once.
_RECONSIDER = text("""
    update outreach.touches set due_at = least(due_at, :now)
    where person_id = any(:ids) and state = 'planned' and reason = any(:reasons)
""")
# Pending ones too: a worker that is just finding nobody holds such an event, so this waits for it
# and then sees what became of it.
_RETRY_EVENTS = text("""
    update outreach.events set state = 'pending'
    where person_id = any(:ids) and state in ('pending', 'unknown_person')
""")
# Whoever holds a person is waited for by nobody here: their events are looked at again later.
_TAKE = text("""
    select id from outreach.persons where id = any(:ids) order by id for no key update skip locked
""")
_HOLD_NEXT = text("""
    select id from outreach.persons where id > :after order by id limit :limit for no key update
""")
_BY_ID = text("""
    select id, ref, name, locale, zone, country, subdivision, postcode, point_zone, tags
    from outreach.persons where id = any(:ids)
""")
_LIVES_ON = text("update outreach.persons set zone = :zone, updated_at = now() where id = :id")
_AT_ADDRESS = text("select person_id from outreach.addresses where hash = any(:hashes)")
_HOLDERS = text(f"""
    select k.hash, k.person_id, k.kind from {KNOWN_BY} k where k.hash = any(:hashes)
""")
_ADDRESSES = text("""
    select person_id, kind, value, hash from outreach.addresses
    where person_id = any(:ids) order by person_id, kind
""")


def put(tx: Connection, brand: BrandRef, people: Sequence[Person]) -> list[UUID]:
    """Create or replace these persons with their addresses; consent is kept elsewhere and stands.

    Answers whom of them there was before. Of two with one id the later stands. In order of their
    ids, so that two imports of the same people wait for each other and never in a circle.
    """
    if not people:
        return []
    last = {person.id: person for person in people}
    known = [last[key] for key in sorted(last, key=_in_order)]
    reached = [(person, address) for person in known for address in person.addresses]
    # Sealed before they are handed over: while a COPY runs, the connection answers nothing else.
    # And before the first person is locked, so that nobody waits for it.
    persons, addresses = rows.persons(tx, known), rows.addresses(tx, reached)
    rows.PERSONS.hand_over(tx, persons)
    before = list(tx.execute(_PUT, {"brand": brand.id}).scalars())
    if before:
        tx.execute(_FORGET_ADDRESSES, {"ids": before})
        tx.execute(_FORGET_FORMER, {"ids": before})
    _put_addresses(tx, brand, addresses, reached)
    tx.execute(_RETRY_EVENTS, {"ids": [person.id for person in known]})
    return before


def _in_order(id_: UUID) -> int:
    """As UUIDs are ordered, at a fifth of what comparing two of them takes."""
    return id_.int


def _put_addresses(
    tx: Connection,
    brand: BrandRef,
    addresses: Sequence[rows.Row],
    reached: Sequence[tuple[Person, Address]],
) -> None:
    if not reached:
        return
    rows.ADDRESSES.hand_over(tx, addresses)
    tx.execute(_PUT_ADDRESSES, {"brand": brand.id})
    if any(address.former for _, address in reached):
        rows.FORMER.hand_over(tx, (row for one in reached for row in rows.former(*one)))
        tx.execute(_PUT_FORMER, {"brand": brand.id})


def reconsider(
    tx: Connection, people: Iterable[UUID], *, reasons: Sequence[str], now: object
) -> int:
    """Make held touches of these persons due at once, since what held them may have changed."""
    values = {"ids": list(people), "reasons": list(reasons), "now": now}
    return tx.execute(_RECONSIDER, values).rowcount


def lives_on(tx: Connection, person: UUID, zone: str) -> bool:
    """Write down the clock on which a person lives; whether there is such a person."""
    return tx.execute(_LIVES_ON, {"id": person, "zone": zone}).rowcount > 0


def take(tx: Connection, people: Iterable[UUID]) -> set[UUID]:
    """Lock these persons until the transaction ends; answers those that nobody else holds."""
    return set(tx.execute(_TAKE, {"ids": list(set(people))}).scalars().all())


def hold_next(tx: Connection, after: UUID, *, limit: int) -> list[UUID]:
    """Lock the next persons in the order of their ids, waiting for whoever holds one."""
    return list(tx.execute(_HOLD_NEXT, {"after": after, "limit": limit}).scalars().all())


def by_id(tx: Connection, people: Iterable[UUID]) -> dict[UUID, Person]:
    """These persons, those of them that there are, with their addresses."""
    keys = list(set(people))
    return _persons(tx, keys, _addresses(tx, keys))


def spoken_to(tx: Connection, people: Iterable[UUID]) -> dict[UUID, Person]:
    """The same without their addresses: whoever makes words for somebody needs none of them."""
    return _persons(tx, list(set(people)), {})


def _persons(
    tx: Connection, keys: list[UUID], addresses: Mapping[UUID, tuple[Address, ...]]
) -> dict[UUID, Person]:
    """By place, which costs less than by name: a row's columns are those of `_BY_ID`."""
    found: Sequence[Any] = tx.execute(_BY_ID, {"ids": keys}).all()
    return {
        row[0]: Person(
            row[0], row[1], sealed.opened(tx, PERSON_NAME, row[2], row[0]) or "", row[3], row[4],
            row[5], row[6], row[7], row[8], tuple(row[9]), addresses.get(row[0], ()),
        )
        for row in found
    }  # fmt: skip


def by_address(tx: Connection, hashes: Iterable[bytes]) -> dict[UUID, Person]:
    """The persons who have an address with one of these hashes; two may share one."""
    found = tx.execute(_AT_ADDRESS, {"hashes": list(hashes)})
    return by_id(tx, [row.person_id for row in found])


def holders(tx: Connection, hashes: Iterable[bytes]) -> dict[bytes, set[tuple[UUID, str]]]:
    """Who has the address of each hash, under whichever secret it was made, and of which kind."""
    found: dict[bytes, set[tuple[UUID, str]]] = {}
    for row in tx.execute(_HOLDERS, {"hashes": list(set(hashes))}):
        found.setdefault(bytes(row.hash), set()).add((row.person_id, row.kind))
    return found


def _addresses(tx: Connection, people: list[UUID]) -> dict[UUID, tuple[Address, ...]]:
    found: dict[UUID, tuple[Address, ...]] = {}
    for person, kind, value, hash_ in tx.execute(_ADDRESSES, {"ids": people}).all():
        reached = sealed.opened(tx, ADDRESS, value, person, kind) or ""
        found[person] = (*found.get(person, ()), Address(kind, reached, bytes(hash_)))
    return found
