"""How is consent kept in PostgreSQL so that no withdrawal is overtaken?

Statements as functions, the open transaction first; none of them commits. The module as a whole is
a `ledger.Ledger`, so it is handed to the registry as it is. Transactions run at READ COMMITTED:
what is read after a lock was waited for must be the newest that was committed.

Locks are taken in one order everywhere: agency gates, then the brand's gates, each by hash. Call
`lock_for_mark` or `lock_for_change` once per transaction with all hashes, or two callers may each
wait for the other, which PostgreSQL ends with an error and no harm.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, text

from optout import list_sql
from optout.errors import WrongScope
from optout.model import Action, Block, Channel, Entry, How, Purpose
from optout.scrubs import NOTHING, Scrubs
from optout.tables import AGENCY, entries

_SPEAK_FOR = text("""
    select set_config('optout.brand', :brand, true), set_config('optout.agency', :agency, true)
""")

# One row comes back even where nobody said anything: it tells for whom the transaction speaks.
# Without it a transaction that row-level security keeps blind would take blindness for silence.
_ENTRIES_FOR = text("""
    select speaking.brand as speaking_for, e.*
    from (select current_setting('optout.brand', true) as brand) as speaking
    left join optout.entries as e
      on e.hash = any(:hashes) and (e.brand is null or e.brand = :brand)
    order by e.id
""")

_EVERYTHING = text("select * from optout.entries order by id")
_NEWEST = text("""
    select * from optout.entries where id < :before order by id desc limit :limit
""")

# What was said and what lists say, in one statement: the columns of the one are empty in the other.
_HEARD = text("""
    select speaking.brand as speaking_for, heard.*
    from (select current_setting('optout.brand', true) as brand) as speaking
    left join (
        select id, brand, hash, channel, purpose, action, how, evidence, effective_at,
               recorded_at, product, block, kinds, wording,
               cast(null as bigint) as edition, null as name, null as kind,
               cast(null as date) as as_of, cast(null as date) as expires_on,
               cast(null as text[]) as channels, cast(null as boolean) as binding,
               cast(null as boolean) as listed
        from optout.entries
        where hash = any(:hashes) and (brand is null or brand = :brand)
        union all
        select null, e.brand, l.hash, null, null, null, null, null, null,
               null, null, null, null, null, e.id, e.name, e.kind,
               e.as_of, e.expires_on, e.channels, e.binding, l.listed
        from optout.editions as e
        left join (select * from optout.listings where hash = any(:hashes)) as l
          on l.edition = e.id
        where e.current and (e.brand is null or e.brand = :brand)
          and (e.kind = 'whole' or l.hash is not null)
    ) as heard on true
    order by heard.id
""")

# Sorted, because an insert waits for another transaction's insert of the same row.
_CREATE_GATES = text("""
    insert into optout.gates (brand, hash)
    select brand, hash
    from unnest(cast(:brands as text[])) as brand, unnest(cast(:hashes as bytea[])) as hash
    order by brand, hash
    on conflict do nothing
""")

# Marks of several brands share the agency's gate; a change made for the whole agency takes it.
_SHARE_AGENCY_GATES = text("""
    select hash from optout.gates
    where brand = '' and hash = any(:hashes) order by hash for share
""")

# Marks of one brand take turns at an address, so that what one counts the next one sees.
_TAKE_BRAND_GATES = text("""
    select hash from optout.gates
    where brand = :brand and hash = any(:hashes) order by hash for no key update
""")

_CLOSE_GATES = text("""
    with locked as (
        select brand, hash from optout.gates
        where brand = :brand and hash = any(:hashes) order by hash for update
    )
    update optout.gates as gate set epoch = epoch + 1
    from locked where gate.brand = locked.brand and gate.hash = locked.hash
""")


def speak_for(tx: Connection, *, brand: str | None, agency: bool = False) -> None:
    """Say for whom this transaction speaks: it sees that brand's entries and the agency's.

    With `agency` it may also write for the whole agency. The setting ends with the transaction.
    """
    tx.execute(_SPEAK_FOR, {"brand": brand or "", "agency": "on" if agency else "off"})


def entries_for(tx: Connection, brand: str | None, hashes: Sequence[bytes]) -> list[Entry]:
    """All entries under these hashes, of the brand and of the agency, in order of their ids.

    One statement, whether for one hash or a thousand. Raises `WrongScope` when the transaction
    speaks for another brand, since it would then see silence where there is none.
    """
    rows = tx.execute(_ENTRIES_FOR, {"brand": brand, "hashes": sorted(set(hashes))}).all()
    if brand is not None and rows[0].speaking_for != brand:
        raise WrongScope
    return [_entry(row) for row in rows if row.id is not None]


def everything(tx: Connection) -> Iterator[Entry]:
    """All that the transaction may see, in order of ids, fetched by the thousand."""
    found = tx.execute(_EVERYTHING, execution_options={"yield_per": 1000})
    return (_entry(row) for row in found)


def newest(tx: Connection, *, before: int, limit: int) -> list[Entry]:
    """What was recorded last of all that the transaction may see, before this id."""
    return [_entry(row) for row in tx.execute(_NEWEST, {"before": before, "limit": limit})]


def heard(tx: Connection, brand: str, hashes: Sequence[bytes]) -> tuple[list[Entry], Scrubs]:
    """What was said about these addresses, and what lists say of them; one statement for all.

    Raises `WrongScope` when the transaction speaks for another brand.
    """
    rows = tx.execute(_HEARD, {"brand": brand, "hashes": sorted(set(hashes))}).all()
    if rows[0].speaking_for != brand:
        raise WrongScope
    listed = [row for row in rows if row.edition is not None]
    return [_entry(row) for row in rows if row.id is not None], _scrubs(listed)


def _scrubs(rows: Sequence[Row[Any]]) -> Scrubs:  # rows are untyped
    if not rows:
        return NOTHING
    said: dict[bytes, dict[int, bool]] = {}
    for row in rows:
        if row.hash is not None:
            said.setdefault(bytes(row.hash), {})[row.edition] = row.listed
    return Scrubs({row.edition: list_sql.edition(row) for row in rows}, said)


def append(tx: Connection, fresh: Sequence[Entry]) -> list[Entry]:
    """Add entries, one statement a thousand; they come back in order with `id` and `recorded_at`.

    The database refuses an entry of a brand that the transaction does not speak for.
    """
    if not fresh:
        return []
    adding = insert(entries).returning(entries, sort_by_parameter_order=True)
    return [_entry(row) for row in tx.execute(adding, [_row(entry) for entry in fresh])]


def lock_for_mark(tx: Connection, *, brand: str, hashes: Sequence[bytes]) -> None:
    """Let no withdrawal concerning these addresses through until the transaction ends.

    Waits for changes under way; what they wrote is seen by the next statement. Raises `WrongScope`
    when the transaction does not speak for that brand.
    """
    wanted = sorted(set(hashes))
    _create_gates(tx, [AGENCY, brand], wanted)
    _all_locked(tx.execute(_SHARE_AGENCY_GATES, {"hashes": wanted}).all(), wanted)
    _all_locked(tx.execute(_TAKE_BRAND_GATES, {"brand": brand, "hashes": wanted}).all(), wanted)


def lock_for_change(tx: Connection, *, brand: str | None, hashes: Sequence[bytes]) -> None:
    """Wait for the marks on these addresses, keep new ones out, and count the change.

    Raises `WrongScope` when the transaction does not speak for that brand; the database refuses a
    change for the agency (`None`) unless the transaction was told that it may make one.
    """
    wanted = sorted(set(hashes))
    _create_gates(tx, [brand or AGENCY], wanted)
    closed = tx.execute(_CLOSE_GATES, {"brand": brand or AGENCY, "hashes": wanted})
    if closed.rowcount != len(wanted):
        raise WrongScope


def _create_gates(tx: Connection, brands: Sequence[str], hashes: Sequence[bytes]) -> None:
    tx.execute(_CREATE_GATES, {"brands": brands, "hashes": hashes})


def _all_locked(rows: Sequence[Row[Any]], wanted: Sequence[bytes]) -> None:  # rows are untyped
    if len(rows) != len(wanted):
        raise WrongScope


def _row(entry: Entry) -> dict[str, object]:
    return {
        "brand": entry.brand,
        "hash": entry.identity_hash,
        "channel": entry.channel,
        "purpose": entry.purpose,
        "action": entry.action,
        "how": entry.how,
        "evidence": entry.evidence,
        "effective_at": entry.effective_at,
        "product": entry.product,
        "block": entry.block,
        "kinds": None if entry.kinds is None else list(entry.kinds),
        "wording": entry.wording,
    }


def _entry(row: Row[Any]) -> Entry:  # rows are untyped
    return Entry(
        id=row.id,
        brand=row.brand,
        identity_hash=bytes(row.hash),
        channel=Channel(row.channel) if row.channel else None,
        purpose=Purpose(row.purpose) if row.purpose else None,
        action=Action(row.action),
        how=How(row.how),
        evidence=row.evidence,
        effective_at=row.effective_at,
        recorded_at=row.recorded_at,
        product=row.product,
        block=Block(row.block) if row.block else None,
        kinds=None if row.kinds is None else tuple(row.kinds),
        wording=row.wording,
    )
