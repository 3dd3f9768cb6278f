"""Who is it that gives this login and password?

Whatever is wrong (no such user, disabled, the password, the code) is answered alike and takes as
long. The attempt is counted, looked at with no transaction open, and then the session begins.
"""

import hmac
import ipaddress
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from optout.keys import Key
from outreach.access import guesses, passwords, sessions, totp
from outreach.access.model import User
from outreach.access.patience import ACCOUNT, ADDRESS, BROWSER, EVERYBODY, NONE
from outreach.db.engine import Database
from outreach.sealing import Sealing

_USER = text("""
    select id, login, name, password, totp, totp_step from outreach.users
    where login = :login and disabled_at is null
""")
# Nobody changes the password, the second factor or the seat until the session has begun.
_STILL = text("""
    select 1 from outreach.users
    where id = :user and password = :password and totp = :totp and disabled_at is null for update
""")
# Who comes second with the same code finds that it was used.
_USED = text("""
    update outreach.users set totp_step = :step
    where id = :user and totp_step < :step and disabled_at is null
""")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came in: `known` is the mark of a browser in which somebody has logged in before."""

    login: str
    password: str
    code: str
    address: str
    browser: str
    known: str


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The reference of the new session, and the mark by which this browser is known from now on."""

    user: User
    token: str
    known: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something of it is wrong; nobody is told what."""


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Not looked at: ask again when this has passed."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class _Kept:
    user: User
    password: str
    totp: str
    totp_step: int


def log_in(
    database: Database, ring: Sequence[Key], sealing: Sealing, attempt: Attempt, *, now: datetime
) -> LoggedIn | Wrong | TooEarly:
    """Look at an attempt. Raises `Trouble` when the database, or the turn, does not come."""
    keys = counted_under(ring, attempt)
    with database.access() as tx:
        if (wait := guesses.admit(tx, keys, now=now)) > NONE:
            return TooEarly(wait)
        kept = _kept(tx, attempt.login)
    right = passwords.right(attempt.password, kept.password if kept else None)
    if kept is None or not right:
        return Wrong()
    with database.access() as tx:
        if not _still(tx, kept) or not _second_factor(tx, kept, attempt.code, sealing, now=now):
            return Wrong()
        guesses.succeeded(tx, keys, now=now)
        token = sessions.begin(
            tx, kept.user, address=attempt.address, browser=attempt.browser, now=now
        )
    return LoggedIn(kept.user, token, mark(ring, kept.user.login))


def counted_under(ring: Sequence[Key], attempt: Attempt) -> dict[str, bytes]:
    """What this attempt is counted for, by keyed hash; where the user is known, for that alone."""
    key = ring[0]
    known = _bytes(attempt.known)
    if any(hmac.compare_digest(_mark(one, attempt.login).encode(), known) for one in ring):
        return {BROWSER: key.digest("guesses browser", known)}
    named = {ACCOUNT: attempt.login, ADDRESS: network(attempt.address), EVERYBODY: ""}
    return {of: key.digest(f"guesses {of}", _bytes(name)) for of, name in named.items()}


def network(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the /64 of an IPv6 one (RFC 6177)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def mark(ring: Sequence[Key], login: str) -> str:
    """What a browser keeps in which this user has logged in."""
    return _mark(ring[0], login)


def _mark(key: Key, login: str) -> str:
    return urlsafe_b64encode(key.digest("known browser", _bytes(login))).decode()


def _kept(tx: Connection, login: str) -> _Kept | None:
    if "\0" in login or (row := tx.execute(_USER, {"login": login}).one_or_none()) is None:
        return None
    return _Kept(User(row.id, row.login, row.name), row.password, row.totp, row.totp_step)


def _still(tx: Connection, kept: _Kept) -> bool:
    values = {"user": kept.user.id, "password": kept.password, "totp": kept.totp}
    return tx.execute(_STILL, values).first() is not None


def _second_factor(
    tx: Connection, kept: _Kept, code: str, sealing: Sealing, *, now: datetime
) -> bool:
    if not kept.totp:
        return True
    secret = sealing.open(kept.totp, of=sealed_as(kept.user.id))
    step = totp.step_of(secret, code, now=now, after=kept.totp_step)
    used = step is not None and tx.execute(_USED, {"user": kept.user.id, "step": step}).rowcount
    return bool(used)


def sealed_as(user_id: UUID) -> str:
    """To what a user's second factor is bound."""
    return f"second factor of {user_id}"


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
