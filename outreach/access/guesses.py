"""May this attempt at a password be looked at now?

It is counted as a failure before it is looked at, so that a thousand at once do not all find that
nothing has failed yet; success takes its own count back. Keys are hashes under a secret: the table
tells neither logins nor addresses.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from outreach.access import patience
from outreach.access.patience import NONE, PACES, Tally

_KEPT = timedelta(days=1)  # longer than any level needs to ease
_MEET = text("""
    insert into outreach.guesses (key, level, last_at)
    select key, 0, :now from unnest(cast(:keys as bytea[])) as key order by key
    on conflict (key) do nothing
""")
_READ = text("""
    select key, level, last_at from outreach.guesses where key = any(:keys) order by key for update
""")
_COUNT = text("update outreach.guesses set level = :level, last_at = :now where key = :key")
_TAKE_BACK = text("""
    update outreach.guesses set level = greatest(0, level - 1) where key = any(:keys)
""")
_FORGET = text("delete from outreach.guesses where last_at < :before")


def admit(tx: Connection, keys: Mapping[str, bytes], *, now: datetime) -> timedelta:
    """Zero, and the attempt is counted under every key; or how long to wait, and nothing is."""
    tx.execute(_MEET, {"keys": sorted(keys.values()), "now": now})
    rows = tx.execute(_READ, {"keys": sorted(keys.values())})
    found = {bytes(row.key): Tally(row.level, row.last_at) for row in rows}
    tallies = {of: found.get(key) for of, key in keys.items()}
    if (left := patience.wait(tallies, now=now)) > NONE:
        return left
    counted = [
        {"key": keys[of], "now": now, "level": patience.eased(tally, PACES[of], now=now) + 1}
        for of, tally in tallies.items()
    ]
    tx.execute(_COUNT, counted)
    return NONE


def succeeded(tx: Connection, keys: Mapping[str, bytes], *, now: datetime) -> None:
    """Take back the count of an attempt that was right, and forget what is long eased."""
    tx.execute(_READ, {"keys": sorted(keys.values())})  # locked in the order in which others lock
    tx.execute(_TAKE_BACK, {"keys": sorted(keys.values())})
    tx.execute(_FORGET, {"before": now - _KEPT})
