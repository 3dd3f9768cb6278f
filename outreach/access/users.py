"""Who may log in, and where have they which role?

Every function takes a transaction that was begun for access. Whatever changes a role or a password,
and disabling, ends the user's sessions: the next request asks them to log in.
"""

import re
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, Row, text

from outreach.access import passwords, roles, sessions
from outreach.access.model import Account, Seated, User
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid, NotFound

# What queues and ledgers can hold, and what is told apart in no other way than by being read.
_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,78}[a-z0-9])?")
_LONGEST_NAME = 120

_ADD = text("""
    insert into outreach.users (id, login, name, password, created_at)
    values (:id, :login, :name, :password, :now) on conflict (login) do nothing
""")
_LIST = text(f"""
    select u.id, u.login, u.name, u.created_at, u.disabled_at, u.totp <> '' as second_factor,
           {sessions.SEATS} as seats
    from outreach.users u where :login = '' or u.login = :login order by u.login
""")
_SEATED = text("""
    select u.id, u.login, u.name, one.role, one.given_at, u.disabled_at, u.totp <> '' as factor
    from outreach.seats one join outreach.users u on u.id = one.user_id
    where one.brand_id = :brand order by u.login
""")
# Who logs in at this moment waits, or is waited for: no session outlives the seats it began with.
_HOLD = text("select 1 from outreach.users where id = :user for update")
_SEAT = text("""
    insert into outreach.seats (brand_id, user_id, role, given_at)
    values (:brand, :user, :role, :now)
    on conflict (brand_id, user_id) do update set role = excluded.role, given_at = excluded.given_at
""")
_UNSEAT = text("delete from outreach.seats where brand_id = :brand and user_id = :user")
_PASSWORD = text("update outreach.users set password = :password where id = :user")
_PASSWORD_OF = text("select password from outreach.users where id = :user")
_CHANGE = text("""
    update outreach.users set password = :password
    where id = :user and password = :was and disabled_at is null
""")
_TOTP = text("update outreach.users set totp = :kept, totp_step = 0 where id = :user")
_DISABLED = text("update outreach.users set disabled_at = :at where id = :user")


def add(tx: Connection, login: str, *, name: str, password: str, now: datetime) -> User:
    """A new user, without a seat. Raises `Invalid` and `Conflict` for a login that is taken."""
    if not _LOGIN.fullmatch(login):
        raise Invalid(
            f"{login!r} is no login: lower-case letters, digits and . _ @ - between, at most 80"
        )
    if not 1 <= len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        raise Invalid(f"a name has 1 to {_LONGEST_NAME} signs, on one line")
    user = User(uuid4(), login, name.strip())
    kept = passwords.hashed(password, login=login)
    values = {"id": user.id, "login": login, "name": user.name, "password": kept, "now": now}
    if not tx.execute(_ADD, values).rowcount:
        raise Conflict(f"there is a user {login!r} already")
    return user


def every(tx: Connection) -> list[Account]:
    """All users, by login."""
    return [_account(row) for row in tx.execute(_LIST, {"login": ""})]


def get(tx: Connection, login: str) -> Account:
    """The user of this login. Raises `NotFound`."""
    if (row := tx.execute(_LIST, {"login": login or " "}).one_or_none()) is None:
        raise NotFound(f"there is no user {login!r}; `outreach users list` shows them")
    return _account(row)


def seated(tx: Connection, brand: BrandRef) -> list[Seated]:
    """Those who have a role at the brand, by login; nobody who has one elsewhere alone."""
    return [
        Seated(User(row.id, row.login, row.name), row.role, row.given_at, row.disabled_at,
               row.factor)
        for row in tx.execute(_SEATED, {"brand": brand.id})
    ]  # fmt: skip


def seat(tx: Connection, user: User, brand: BrandRef, *, role: str, now: datetime) -> None:
    """Give the user this role at the brand, in place of any other. Raises `Invalid`."""
    values = {"brand": brand.id, "user": user.id, "role": roles.table().given(role), "now": now}
    tx.execute(_HOLD, {"user": user.id})
    tx.execute(_SEAT, values)
    sessions.end_all(tx, user.id, now=now)


def unseat(tx: Connection, user: User, brand: BrandRef, *, now: datetime) -> None:
    """Take the user's role at the brand away. Raises `NotFound` where they have none."""
    tx.execute(_HOLD, {"user": user.id})
    if not tx.execute(_UNSEAT, {"brand": brand.id, "user": user.id}).rowcount:
        raise NotFound(f"{user.login} has no role at {brand.key}")
    sessions.end_all(tx, user.id, now=now)


def set_password(tx: Connection, user: User, password: str, *, now: datetime) -> None:
    """Another password. Raises `Invalid` for one that is easily guessed."""
    kept = passwords.hashed(password, login=user.login)
    tx.execute(_PASSWORD, {"user": user.id, "password": kept})
    sessions.end_all(tx, user.id, now=now)


def password_of(tx: Connection, user: User) -> str | None:
    """What is kept of the user's password."""
    found: str | None = tx.execute(_PASSWORD_OF, {"user": user.id}).scalar_one_or_none()
    return found


def change_password(
    tx: Connection, user: User, *, was: str | None, made: str, now: datetime
) -> bool:
    """Another password in place of the one that was kept so; whether it still was."""
    tx.execute(_HOLD, {"user": user.id})
    changed = tx.execute(_CHANGE, {"user": user.id, "was": was, "password": made}).rowcount > 0
    if changed:
        sessions.end_all(tx, user.id, now=now)
    return changed


def set_second_factor(tx: Connection, user: User, kept: str, *, now: datetime) -> None:
    """A second factor, sealed as `factors.sealed_as` says; an empty text takes it away."""
    tx.execute(_TOTP, {"user": user.id, "kept": kept})
    sessions.end_all(tx, user.id, now=now)


def disable(tx: Connection, user: User, *, now: datetime) -> None:
    """Let the user in no more, from this instant on."""
    tx.execute(_DISABLED, {"user": user.id, "at": now})
    sessions.end_all(tx, user.id, now=now)


def enable(tx: Connection, user: User) -> None:
    """Let the user in again, with the seats and the password that they had."""
    tx.execute(_DISABLED, {"user": user.id, "at": None})


def _account(row: Row[tuple[object, ...]]) -> Account:
    user = User(row.id, row.login, row.name)
    return Account(
        user, sessions.seats_of(row.seats), row.created_at, row.disabled_at, row.second_factor
    )
