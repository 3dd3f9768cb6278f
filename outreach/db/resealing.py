"""Which personal data do not lie sealed under the newest key, and how are they brought there?

Column by column, in steps of a few hundred rows that are committed each for itself: breaking off
costs nothing, and whoever begins again passes over what is sealed. A row that somebody else holds
is left, so that nobody waits for this; the next call finds it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Row, text

from outreach.db import sealed
from outreach.db.personal import EVERY
from outreach.db.sealed import MARK, PARTS, Field
from outreach.db.tables import SCHEMA, metadata
from outreach.db.vault import bound

STEP = 300

_TYPES = {"text": "text", "bytes": "bytea", "document": "jsonb"}
# What a statement can tell of a row without opening it: whether there is something that does not
# bear the newest mark. Of a document in which nothing is personal nobody knows it before reading.
_STALE = {
    "text": "{column} <> '' and {column} not like :mark || '%'",
    "bytes": "substring({column} from 1 for length(:mark)) <> convert_to(:mark, 'UTF8')",
    "document": "{column}::text <> '{{}}'"
    " and coalesce({column} -> :parts ->> 'kept', '') not like :mark || '%'",
}


def seal(begin: Callable[[], AbstractContextManager[Connection]], of: Field) -> Iterator[int]:
    """Seal what this column holds under the newest key; after each step, how many rows it was.

    `begin` opens a transaction of the brand.
    """
    after: tuple[object, ...] = ()
    while True:
        with begin() as tx:
            rows = tx.execute(text(_next(of, past=bool(after))), _asked(tx) | _places(after)).all()
            anew = [one for row in rows if (one := _anew(tx, of, row))]
            if anew:
                tx.execute(text(_put(of)), anew)
        if not rows:
            return
        after = tuple(rows[-1][: len(_key(of))])
        yield len(anew)


def unsealed(tx: Connection) -> list[str]:
    """Columns, such as `persons.name`, where something lies in the clear or under a former key."""
    known = [one for one in EVERY if one.personal is sealed.everything]
    return [one.name.decode() for one in known if tx.execute(text(_any(one)), _asked(tx)).scalar()]


def _asked(tx: Connection) -> dict[str, object]:
    here = bound(tx)
    newest = here.vault.ring(tx, here.brand).newest
    return {"mark": f"{MARK}{newest}:", "parts": PARTS}


def _places(values: Sequence[object]) -> dict[str, object]:
    return {f"at_{place}": value for place, value in enumerate(values)}


def _key(of: Field) -> list[str]:
    """What tells a row of the brand's from its others."""
    columns = metadata.tables[f"{SCHEMA}.{of.table}"].primary_key.columns
    return [f'"{one.name}"' for one in columns if one.name != "brand_id"]


def _next(of: Field, *, past: bool) -> str:
    names = ", ".join(_key(of))
    values = ", ".join(f":at_{place}" for place in range(len(_key(of))))
    return f"""
        select {names}, {", ".join(of.row)}, {of.column} as kept from {SCHEMA}.{of.table}
        where {_test(of)} {f"and ({names}) > ({values})" if past else ""}
        order by {names} limit {STEP} for no key update skip locked
    """


def _any(of: Field) -> str:
    return f"select exists (select from {SCHEMA}.{of.table} where {_test(of)})"


def _test(of: Field) -> str:
    return _STALE[of.kind].format(column=of.column)


def _put(of: Field) -> str:
    rows = " and ".join(f"{name} = :at_{place}" for place, name in enumerate(_key(of)))
    anew = f"cast(:kept as {_TYPES[of.kind]})"
    return f"update {SCHEMA}.{of.table} set {of.column} = {anew} where {rows}"


def _anew(tx: Connection, of: Field, row: Row[Any]) -> dict[str, object]:
    """The row's key, and its column sealed; nothing where nothing of it is personal."""
    many = len(_key(of))
    whose, kept = tuple(row[many:-1]), row[-1]
    if of.kind == "bytes":
        anew: object = sealed.seal_bytes(tx, of, sealed.opened_bytes(tx, of, kept, *whose), *whose)
    elif of.kind == "text":
        anew = sealed.seal(tx, of, sealed.opened(tx, of, kept, *whose), *whose)
    else:
        told = sealed.opened_parts(tx, of, kept, *whose)
        parts = sealed.seal_parts(tx, of, told, *whose)
        if PARTS not in parts:
            return {}
        anew = json.dumps(parts)
    return _places(row[:many]) | {"kept": anew}
