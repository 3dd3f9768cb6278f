"""Is this browser logged in, as whom, and until when?

A session is a reference of 256 random bits in a cookie and a row that knows its hash: whoever reads
the table cannot use it (OWASP ASVS 5.0 V7.2). It ends half an hour after it was last used, twelve
hours after it began, and at once when somebody ends it or disables the user. Every function takes a
transaction that was begun for access.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.access.model import Session, User

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
_KEPT = timedelta(days=30)  # after its end, to be looked at when something seems wrong
_FRESH = timedelta(minutes=1)  # how exactly we know when it was last used
_SIGNS = 200  # of a browser's own description

_ALIVE = "ended_at is null and seen_at > :idle and began_at > :oldest"
_BEGIN = text("""
    insert into outreach.sessions (hash, user_id, address, browser, began_at, seen_at)
    values (:hash, :user, :address, :browser, :now, :now)
""")
_FORGET = text("delete from outreach.sessions where user_id = :user and began_at < :before")
# The seats of the user `u`, as one document.
SEATS = """coalesce((
    select jsonb_object_agg(one.brand_id, one.role) from outreach.seats one where one.user_id = u.id
), '{}')"""
_FIND = text(f"""
    select u.id, u.login, u.name, s.brand_id, s.seen_at, {SEATS} as seats
    from outreach.sessions s join outreach.users u on u.id = s.user_id
    where s.hash = :hash and u.disabled_at is null and {_ALIVE}
""")
_SEEN = text("update outreach.sessions set seen_at = :now where hash = :hash and seen_at < :now")
_CHOOSE = text("update outreach.sessions set brand_id = :brand where hash = :hash")
_END = text("update outreach.sessions set ended_at = :now where hash = :hash and ended_at is null")
_END_ALL = text("""
    update outreach.sessions set ended_at = :now where user_id = :user and ended_at is null
""")
_LIST = text(f"""
    select began_at, seen_at, address, browser from outreach.sessions
    where user_id = :user and {_ALIVE} order by began_at
""")


@dataclass(frozen=True, slots=True)
class Open:
    """A session that works, as it is shown to whoever may end it."""

    began_at: datetime
    seen_at: datetime
    address: str
    browser: str


def begin(tx: Connection, user: User, *, address: str, browser: str, now: datetime) -> str:
    """Log the user in; answers the reference for the cookie, which is told this once."""
    token = secrets.token_urlsafe(32)
    values = {"hash": _hash(token), "user": user.id, "now": now, "address": address}
    tx.execute(_FORGET, {"user": user.id, "before": now - _KEPT})
    tx.execute(_BEGIN, values | {"browser": browser[:_SIGNS]})
    return token


def find(tx: Connection, token: str, *, now: datetime) -> Session | None:
    """Whose session this is, if it still is one; notes that it was used."""
    values = {"hash": _hash(token), "now": now} | _since(now)
    if (row := tx.execute(_FIND, values).one_or_none()) is None:
        return None
    if now - row.seen_at >= _FRESH:
        tx.execute(_SEEN, values)
    return Session(User(row.id, row.login, row.name), seats_of(row.seats), row.brand_id)


def choose(tx: Connection, token: str, brand_id: int) -> None:
    """Remember for which brand this session goes on."""
    tx.execute(_CHOOSE, {"hash": _hash(token), "brand": brand_id})


def end(tx: Connection, token: str, *, now: datetime) -> None:
    """Log out: the reference opens nothing any more."""
    tx.execute(_END, {"hash": _hash(token), "now": now})


def end_all(tx: Connection, user_id: UUID, *, now: datetime) -> int:
    """End every session of the user; answers how many there were."""
    return tx.execute(_END_ALL, {"user": user_id, "now": now}).rowcount


def open_ones(tx: Connection, user_id: UUID, *, now: datetime) -> list[Open]:
    """The user's sessions that work, the oldest first."""
    return [Open(*row) for row in tx.execute(_LIST, {"user": user_id} | _since(now))]


def seats_of(document: Mapping[str, str]) -> dict[int, str]:
    """`SEATS` by the number of the brand; in JSON the keys are texts."""
    return {int(brand): role for brand, role in document.items()}


def _since(now: datetime) -> dict[str, datetime]:
    return {"idle": now - IDLE, "oldest": now - LONGEST}


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
