"""Which addresses are not known by their hash under every secret yet, and how does that come about?

A secret that replaces another hashes what comes from then on. What is there is hashed anew here, in
steps of a few hundred that are committed each for itself: breaking off costs nothing, and whoever
begins again passes over what is done. An address that somebody else holds is left, so that nobody
waits for this; the next call finds it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Row, text

from optout.identity import Hasher
from optout.model import Identity, Kind
from outreach.db import sealed
from outreach.db.personal import ADDRESS

STEP = 300

# The first byte of a hash is the number of its secret.
_STALE = """
    (get_byte(a.hash, 0) <> :current or :former <> (
        select count(distinct get_byte(f.hash, 0)) from outreach.former_hashes f
        where f.brand_id = a.brand_id and f.person_id = a.person_id and f.kind = a.kind
          and get_byte(f.hash, 0) = any(:formers)))
"""
_ANY = text(f"select exists (select from outreach.addresses a where {_STALE})")
_FIRST = f"""
    select a.brand_id, a.person_id, a.kind, a.value from outreach.addresses a
    where {_STALE} {{past}} order by a.person_id, a.kind limit :step
    for no key update of a skip locked
"""
_BEGIN, _NEXT = (
    text(_FIRST.format(past=past)) for past in ("", "and (a.person_id, a.kind) > (:person, :kind)")
)
_PUT = text("update outreach.addresses set hash = :hash where person_id = :person and kind = :kind")
_FORGET = text("delete from outreach.former_hashes where person_id = :person and kind = :kind")
_PUT_FORMER = text("""
    insert into outreach.former_hashes (brand_id, person_id, kind, hash)
    values (:brand, :person, :kind, :hash)
""")


def rehash(
    begin: Callable[[], AbstractContextManager[Connection]], hasher: Hasher
) -> Iterator[int]:
    """Make each address known under every secret; after each step, how many it was.

    `begin` opens a transaction of the brand.
    """
    after: dict[str, object] = {}
    while True:
        with begin() as tx:
            asked = _secrets(hasher) | after | {"step": STEP}
            rows = tx.execute(_NEXT if after else _BEGIN, asked).all()
            _put(tx, rows, hasher)
        if not rows:
            return
        after = {"person": rows[-1].person_id, "kind": rows[-1].kind}
        yield len(rows)


def stale(tx: Connection, hasher: Hasher) -> bool:
    """Whether an address of the brand is not known under every secret."""
    return bool(tx.execute(_ANY, _secrets(hasher)).scalar_one())


def _secrets(hasher: Hasher) -> dict[str, object]:
    current, *formers = hasher.numbers
    return {"current": current, "former": len(formers), "formers": formers}


def _put(tx: Connection, rows: Sequence[Row[Any]], hasher: Hasher) -> None:  # rows are untyped
    if not rows:
        return
    whose = [{"brand": r.brand_id, "person": r.person_id, "kind": r.kind} for r in rows]
    known = [hasher.all(_identity(tx, row)) for row in rows]
    tx.execute(_PUT, [one | {"hash": hashes[0]} for one, hashes in zip(whose, known, strict=True)])
    tx.execute(_FORGET, whose)
    former = [
        one | {"hash": hash_}
        for one, hashes in zip(whose, known, strict=True)
        for hash_ in hashes[1:]
    ]
    if former:
        tx.execute(_PUT_FORMER, former)


def _identity(tx: Connection, row: Row[Any]) -> Identity:  # rows are untyped
    value = sealed.opened(tx, ADDRESS, row.value, row.person_id, row.kind) or ""
    return Identity(Kind(row.kind), value)
