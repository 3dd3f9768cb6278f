"""Who is it that gives this login and password?

Whatever is wrong (no such user, disabled, the password, the code) is answered alike and takes as
long. The attempt is counted, looked at with no transaction open, and then the session begins. Codes
are counted once more, for their user, and one that comes too early is answered as a wrong one: else
the answer would tell that the password is right.
"""

import hmac
import ipaddress
import logging
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, text

from optout.keys import Key
from outreach.access import guesses, passwords, sessions, totp
from outreach.access.factors import sealed_as
from outreach.access.model import User
from outreach.access.patience import ACCOUNT, ADDRESS, BROWSER, CODE, EVERYBODY, NONE
from outreach.db.engine import Database
from outreach.sealing import Sealing

log = logging.getLogger(__name__)

_USER = text("""
    select id, login, name, password, totp, totp_step from outreach.users
    where login = :login and disabled_at is null
""")
# Nobody changes the password, the second factor or the seat until the session has begun.
_STILL = text("""
    select 1 from outreach.users
    where id = :user and password = :password and totp = :totp and disabled_at is null for update
""")
# Whoever is disabled meanwhile has no session: the row is held until it has begun.
_NAMED = text("""
    select id, login, name from outreach.users
    where login = :login and disabled_at is null for update
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
        found = _kept(tx, attempt.login)
    right = passwords.right(attempt.password, found.password if found else None)
    kept = found if found and right else _nobody(sealing)
    codes = _codes_under(ring, kept, known=BROWSER in keys) if kept.totp else {}
    with database.access() as tx:
        # Neither is cut short, so that a wrong password takes as long as a wrong code.
        there = _still(tx, kept)
        proven = not codes or _second_factor(tx, kept, codes, attempt.code, sealing, now=now)
        if there and not proven:
            log.warning("the right password and a wrong code for the user %s", kept.user.id)
        if not there or not proven:
            return Wrong()
        guesses.succeeded(tx, keys | codes)
        token = sessions.begin(
            tx, kept.user, address=attempt.address, browser=attempt.browser, now=now
        )
    return LoggedIn(kept.user, token, mark(ring, kept.user.login))


def vouched_for(
    database: Database,
    ring: Sequence[Key],
    login: str,
    *,
    address: str,
    browser: str,
    now: datetime,
) -> LoggedIn | Wrong:
    """Log in whom another system vouches for, if there is such a user; it asked for the factors."""
    with database.access() as tx:
        row = None if "\0" in login else tx.execute(_NAMED, {"login": login}).one_or_none()
        if row is None:
            return Wrong()
        user = User(row.id, row.login, row.name)
        token = sessions.begin(tx, user, address=address, browser=browser, now=now)
    return LoggedIn(user, token, mark(ring, user.login))


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


def _nobody(sealing: Sealing) -> _Kept:
    """In place of who is not there, or gave another password: nothing that comes is right."""
    user = User(uuid4(), "", "")
    return _Kept(user, "", sealing.seal(totp.fresh(), of=sealed_as(user.id)), 0)


def _codes_under(ring: Sequence[Key], kept: _Kept, *, known: bool) -> dict[str, bytes]:
    """The user's own browsers for themselves: a thief of the password keeps no owner out."""
    name = f"{kept.user.id} {'known' if known else 'new'}"
    return {CODE: ring[0].digest(f"guesses {CODE}", _bytes(name))}


def _second_factor(
    tx: Connection,
    kept: _Kept,
    codes: Mapping[str, bytes],
    code: str,
    sealing: Sealing,
    *,
    now: datetime,
) -> bool:
    if not code.strip() or guesses.admit(tx, codes, now=now) > NONE:
        return False
    secret = sealing.open(kept.totp, of=sealed_as(kept.user.id))
    step = totp.step_of(secret, code, now=now, after=kept.totp_step)
    used = step is not None and tx.execute(_USED, {"user": kept.user.id, "step": step}).rowcount
    return bool(used)


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
