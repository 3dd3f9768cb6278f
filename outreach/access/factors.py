"""How are the second factors of users kept, and which are not under the master key in use?

Each is sealed, bound to its user. Every function takes a transaction that was begun for access.
"""

from uuid import UUID

from sqlalchemy import Connection, text

from outreach.sealing import Sealing

# Who logs in meanwhile waits, and finds the factor sealed anew.
_HOLD_ALL = text("""
    select id, totp from outreach.users where totp <> '' order by id for update
""")
_ALL = text("select totp from outreach.users where totp <> ''")
_PUT = text("""
    update outreach.users u set totp = given.totp
    from unnest(cast(:ids as uuid[]), cast(:kept as text[])) as given(id, totp)
    where u.id = given.id
""")


def sealed_as(user_id: UUID) -> str:
    """To what a user's second factor is bound."""
    return f"second factor of {user_id}"


def seal(tx: Connection, *, sealing: Sealing) -> int:
    """Seal every second factor that is not sealed with the key in use; answers how many.

    Raises `Misconfigured` for one that no key here opens.
    """
    stale = {row.id: row.totp for row in tx.execute(_HOLD_ALL) if not sealing.fresh(row.totp)}
    kept = [
        sealing.seal(sealing.open(old, of=sealed_as(user)), of=sealed_as(user))
        for user, old in stale.items()
    ]
    if stale:
        tx.execute(_PUT, {"ids": list(stale), "kept": kept})
    return len(stale)


def unsealed(tx: Connection, *, sealing: Sealing) -> int:
    """How many second factors are not sealed with the key in use."""
    return sum(not sealing.fresh(kept) for kept in tx.execute(_ALL).scalars())
