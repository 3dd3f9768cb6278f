"""Whose data may not be let go of for now, because a court, an authority or a claim wants them?

A hold is on one person or on the whole brand, for a reason, from a source, perhaps to an end. While
it stands, retention spares what it covers and an erasure waits: nothing is said to the person any
more, and what is kept of them goes when the last hold on them is over (GDPR articles 17 (3) (e) and
18 (2); PIPL 47).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach import ids
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import HOLD_REASON
from outreach.errors import Conflict, Invalid, NotFound

LONGEST = 300  # signs of a reason, and of a source
_STANDS = "lifted_at is null and (ends_at is null or ends_at > :now)"
_COLUMNS = 'id, person_id, reason, source, "by", placed_at, ends_at, lifted_at, lifted_by'
# Under the lock that an erasure takes: one of the two is first.
_TAKE = text("select id from outreach.persons where id = :person for no key update")
# Whoever lets go of something saw no hold that came after they began: that one waits for their end.
_KEY = "hashtextextended('legal holds of ' || :brand, 0)"
_TURN = text(f"select pg_advisory_xact_lock({_KEY})")
_KEEP = text(f"select pg_advisory_xact_lock_shared({_KEY})")
_PUT = text(f"""
    insert into outreach.legal_holds (brand_id, {_COLUMNS})
    values (:brand, :id, :person, :reason, :source, :by, :now, :ends, null, null)
    on conflict do nothing
""")
_LIFT = text(f"""
    update outreach.legal_holds set lifted_at = :now, lifted_by = :by
    where id = :id and {_STANDS} returning id
""")
_STANDING = text(f"select {_COLUMNS} from outreach.legal_holds where {_STANDS} order by placed_at")
_OF = text(f"""
    select {_COLUMNS} from outreach.legal_holds
    where (person_id = :person or person_id is null) and {_STANDS} order by placed_at
""")
_POSTPONE = text("""
    insert into outreach.pending_erasures (brand_id, person_id, evidence, asked_at)
    values (:brand, :person, :evidence, :now)
    on conflict (brand_id, person_id) do update set
        evidence = excluded.evidence, asked_at = excluded.asked_at, done_at = null
""")
_WAITS = text("""
    select asked_at from outreach.pending_erasures where person_id = :person and done_at is null
""")
_RELEASED = text(f"""
    select e.person_id, e.evidence from outreach.pending_erasures e
    where e.done_at is null and not exists (
        select from outreach.legal_holds h
        where h.brand_id = e.brand_id and (h.person_id = e.person_id or h.person_id is null)
          and {_STANDS})
    order by e.asked_at, e.person_id limit :limit
""")
_DONE = text("""
    update outreach.pending_erasures set done_at = :now
    where person_id = :person and done_at is null
""")
_WAITING = text("select distinct brand_id from outreach.pending_erasures where done_at is null")


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something is held, on whose word (a court, an authority, counsel), and until when."""

    reason: str
    source: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LegalHold:
    """One hold; without a person it is on the whole brand."""

    id: UUID
    person_id: UUID | None
    reason: str
    source: str
    by: str
    placed_at: datetime
    ends_at: datetime | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None


def place(
    tx: Connection, brand: BrandRef, person: UUID | None, grounds: Grounds, *,
    by: str, now: datetime,
) -> UUID:  # fmt: skip
    """Hold a person's data, or the brand's; answers the id of the hold.

    Raises `NotFound` for a person who is not there, `Invalid` for grounds that say nothing or have
    ended.
    """
    _refuse_unsound(grounds, now=now)
    tx.execute(_TURN, {"brand": str(brand.id)})
    if person is not None and tx.execute(_TAKE, {"person": person}).first() is None:
        raise NotFound("there is no such person")
    key = ids.derived(ids.HOLD, brand.key, person, by, now.isoformat())
    reason = sealed.seal(tx, HOLD_REASON, grounds.reason.strip(), key)
    told = {"brand": brand.id, "id": key, "person": person, "reason": reason, "by": by, "now": now}
    tx.execute(_PUT, told | {"source": grounds.source.strip(), "ends": grounds.ends_at})
    return key


def keep_away(tx: Connection, brand: BrandRef) -> None:
    """Keep holds from being placed until the commit, or wait for one that is being placed.

    To be asked for before the row of a person is locked.
    """
    tx.execute(_KEEP, {"brand": str(brand.id)})


def _refuse_unsound(grounds: Grounds, *, now: datetime) -> None:
    for said in (grounds.reason, grounds.source):
        if not said.strip() or len(said) > LONGEST or not said.isprintable():
            raise Invalid(f"say reason and source, each in at most {LONGEST} signs on one line")
    if grounds.ends_at is not None and grounds.ends_at <= now:
        raise Invalid("this hold would be over already: give a later end, or none")


def lift(tx: Connection, key: UUID, *, by: str, now: datetime) -> None:
    """End a hold. Raises `Conflict` where it is over, or was never there."""
    if tx.execute(_LIFT, {"id": key, "by": by, "now": now}).first() is None:
        raise Conflict("no such hold stands: it is over, or was lifted")


def standing(tx: Connection, *, now: datetime) -> Sequence[LegalHold]:
    """Every hold of the brand that stands, the oldest first."""
    return [_hold(tx, row) for row in tx.execute(_STANDING, {"now": now})]


def on(tx: Connection, person: UUID, *, now: datetime) -> Sequence[LegalHold]:
    """The holds that stand on a person, those on the whole brand included."""
    return [_hold(tx, row) for row in tx.execute(_OF, {"person": person, "now": now})]


def postpone(
    tx: Connection, brand: BrandRef, person: UUID, *, evidence: str, now: datetime
) -> None:
    """Write down that this person is to be forgotten once nothing holds them."""
    values = {"brand": brand.id, "person": person, "evidence": evidence, "now": now}
    tx.execute(_POSTPONE, values)


def waits_since(tx: Connection, person: UUID) -> datetime | None:
    """Since when an erasure of this person waits; None where none does."""
    asked: datetime | None = tx.execute(_WAITS, {"person": person}).scalar_one_or_none()
    return asked


def released(tx: Connection, *, now: datetime, limit: int) -> list[tuple[UUID, str]]:
    """Persons whose erasure need wait no more, with who asked for it; the oldest first."""
    rows = tx.execute(_RELEASED, {"now": now, "limit": limit})
    return [(row.person_id, row.evidence) for row in rows]


def forgotten(tx: Connection, person: UUID, *, now: datetime) -> None:
    """Write down that an erasure that may have waited is done."""
    tx.execute(_DONE, {"person": person, "now": now})


def waiting(tx: Connection) -> set[int]:
    """The numbers of brands where an erasure waits; asked as the watch role."""
    return set(tx.execute(_WAITING).scalars())


def _hold(tx: Connection, row: Row[Any]) -> LegalHold:
    told = row._asdict()
    return LegalHold(**told | {"reason": sealed.opened(tx, HOLD_REASON, row.reason, row.id) or ""})
