"""Somebody asks for rows, another person decides, and who asked fetches them.

What may leave alone is decided under a lock of the brand's, so that two askings at once are not
both the first.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from outreach import ids
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid
from outreach.exports import files, may, rows, store
from outreach.exports.files import File, Readers
from outreach.exports.model import LONGEST_WHY, OPEN, TABLES, WAITS, Export, Kind, Wanted

_DAY = timedelta(days=1)
_MOST_WAITING = 20  # of one person's askings
_NOBODYS = (
    "this key was issued for nobody, so that it takes out what one may take out alone in a day "
    "and no more: have one issued for a user (`outreach brands key --for LOGIN`)"
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for rows, and why; `why` names nobody.

    It is not `known` who has a key that was issued for no user: whoever approves what it asks for
    might be the one who asked.
    """

    by: str
    why: str
    known: bool = True


def ask(tx: Connection, brand: BrandRef, wanted: Wanted, asker: Asker, *, now: datetime) -> Export:
    """Ask for rows. It is approved at once where so few may leave alone, and waits otherwise.

    Raises `Invalid` for a reason that is missing or too long, for rows that nothing can mean, and
    for too many; `Conflict` where too much of the asker's waits already, or where another person
    would have to approve what nobody known asks for.
    """
    _refuse_unexplained(asker.why)
    store.take_turn(tx, brand)
    if store.waiting(tx, by=asker.by, now=now) >= _MOST_WAITING:
        raise Conflict(f"{_MOST_WAITING} exports of yours wait already: have them decided first")
    key = _id(tx, brand, by=asker.by, now=now)
    kept = wanted.kind in TABLES
    many = rows.keep(tx, brand, key, wanted, now=now) if kept else store.people(tx)
    return _put(tx, brand, key, wanted, asker, many=many, now=now)


def _refuse_unexplained(why: str) -> None:
    if not why.strip() or len(why) > LONGEST_WHY or not why.isprintable():
        raise Invalid(f"say why, in at most {LONGEST_WHY} signs on one line; name nobody")


def _put(
    tx: Connection, brand: BrandRef, key: UUID, wanted: Wanted, asker: Asker, *,
    many: int, now: datetime,
) -> Export:  # fmt: skip
    alone = _alone(tx, many, by=asker.by, now=now)
    if not alone and not asker.known:
        raise Conflict(_NOBODYS)
    told = wanted.model_dump(mode="json", exclude_none=True)
    made = Export(
        key, wanted.kind, told, many, asker.by, asker.why.strip(), now,
        now + (OPEN if alone else WAITS), alone=alone, approved=alone or None,
    )  # fmt: skip
    store.put(tx, brand, made)
    return made


def _alone(tx: Connection, many: int, *, by: str, now: datetime) -> bool:
    taken = store.taken_alone(tx, by=by, since=now - _DAY)
    return may.alone(many, taken=taken, most=brands.get(tx).profile.exports_alone)


def decide(tx: Connection, key: UUID, *, approved: bool, by: str, now: datetime) -> Export:
    """Another person's word. Raises `NotFound`, or `Conflict` where it is not theirs to give."""
    export = store.get(tx, key, hold=True)
    if objection := may.not_decide(export, by=by, now=now):
        raise Conflict(may.SENTENCES[objection])
    ends = now + OPEN if approved else export.ends_at
    store.decide(tx, key, approved=approved, by=by, ends=ends, now=now)
    return replace(export, approved=approved, decided_by=by, decided_at=now, ends_at=ends)


def fetch(tx: Connection, key: UUID, *, by: str, readers: Readers, now: datetime) -> File:
    """The rows as a file: those that were asked for, with what stands in them now.

    Raises `NotFound`, or `Conflict` where it is not approved, not theirs, or of no rows.
    """
    export = store.get(tx, key, hold=True)
    if objection := may.not_take(export, by=by, now=now):
        raise Conflict(may.SENTENCES[objection])
    if export.kind not in TABLES:
        raise Conflict(f"an export of kind {export.kind} leaves by a command of its own")
    store.took(tx, key)
    found = rows.of(tx, key, export.kind)
    return files.made(found, rows.COLUMNS[export.kind], readers, name=ids.shown(ids.EXPORT, key))


def allow(tx: Connection, brand: BrandRef, kind: Kind, *, by: str, now: datetime) -> None:
    """Let what has a way of its own leave: one person's data, a brand, what was said of consent.

    It counts as taken alone where few enough leave so, and else needs what another person approved.
    Raises `Conflict` where there is neither, and says what to do.
    """
    store.take_turn(tx, brand)
    many = 1 if kind == "person" else store.people(tx)
    if _alone(tx, many, by=by, now=now):
        asker = Asker(by, "taken out alone")
        key = _id(tx, brand, by=by, now=now)
        _put(tx, brand, key, Wanted(kind=kind), asker, many=many, now=now)
    elif (found := store.approved(tx, kind, by=by, now=now)) is not None:
        store.took(tx, found.id)
    else:
        raise Conflict(_beyond(many, kind))


def _id(tx: Connection, brand: BrandRef, *, by: str, now: datetime) -> UUID:
    """Of the next asking of theirs; `asked` tells it from others of the same instant."""
    asked = store.asked_at(tx, by=by, now=now)
    return ids.derived(ids.EXPORT, brand.key, by, now.isoformat(), asked)


def _beyond(many: int, kind: Kind) -> str:
    told = "1 person is" if many == 1 else f"{many} people are"
    return (
        f"{told} more than you may take out alone in a day: ask for an export of kind {kind}, "
        "and have another person approve it"
    )
