"""May this attempt at a password be looked at now?

It is counted as a failure before it is looked at, so that a thousand at once do not all find that
nothing has failed yet; success takes its own count back. What comes
too early leaves nothing behind. Keys are hashes under a secret: the table
tells neither logins nor addresses.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from outreach.access import patience
from outreach.access.patience import NONE, PACES, Tally

_KEPT = timedelta(days=1)  # longer than any level needs to ease
# A key has no row before its first failure: whoever asks under the same one waits here, in order.
_QUEUE = text("""
    select pg_advisory_xact_lock(number) from unnest(cast(:numbers as bigint[])) as number
""")
_READ = text("""
    select key, level, last_at from outreach.guesses where key = any(:keys) order by key for update
""")
_COUNT = text("""
    insert into outreach.guesses (key, level, last_at)
    select key, level, :now
    from unnest(cast(:keys as bytea[]), cast(:levels as double precision[])) as given(key, level)
    order by key
    on conflict (key) do update set level = excluded.level, last_at = excluded.last_at
""")
_TAKE_BACK = text("""
    update outreach.guesses set level = greatest(0, level - 1) where key = any(:keys)
""")
_FORGET = text("""
    delete from outreach.guesses where key in (
        select key from outreach.guesses
        where last_at < :before order by last_at limit 1000 for update skip locked)
""")


def admit(tx: Connection, keys: Mapping[str, bytes], *, now: datetime) -> timedelta:
    """Zero, and the attempt is counted under every key; or how long to wait, and nothing is."""
    tx.execute(_QUEUE, {"numbers": sorted(_number(key) for key in keys.values())})
    rows = tx.execute(_READ, {"keys": sorted(keys.values())})
    found = {bytes(row.key): Tally(row.level, row.last_at) for row in rows}
    tallies = {of: found.get(key) for of, key in keys.items()}
    if (left := patience.wait(tallies, now=now)) > NONE:
        return left
    levels = [patience.eased(tallies[of], PACES[of], now=now) + 1 for of in keys]
    tx.execute(_COUNT, {"keys": list(keys.values()), "levels": levels, "now": now})
    return NONE


def succeeded(tx: Connection, keys: Mapping[str, bytes]) -> None:
    """Take back the count of an attempt that was right."""
    tx.execute(_READ, {"keys": sorted(keys.values())})  # locked in the order in which others lock
    tx.execute(_TAKE_BACK, {"keys": sorted(keys.values())})


def forget(tx: Connection, *, now: datetime) -> int:
    """Let go of a set of what is long eased; answers how many, and waits for nobody."""
    return tx.execute(_FORGET, {"before": now - _KEPT}).rowcount


def _number(key: bytes) -> int:
    return int.from_bytes(key[:8], signed=True)
