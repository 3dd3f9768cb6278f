"""For which brand does this API key speak, what is it called, and who answers for it?

A key is `ork.BRAND.SECRET`. Only a hash of the secret is kept: 256 random bits need no slow hash.
A key may be issued for a user: what needs another person's word needs that of somebody else then.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from outreach.brands import store as brands
from outreach.db.engine import BrandRef, Database
from outreach.errors import Forbidden, NotFound

_PREFIX = "ork"
_ADD = text("""
    insert into outreach.api_keys (brand_id, id, name, hash, held_by)
    values (:brand, :id, :name, :hash, :held_by)
""")
_FOUND = text("""
    select name, held_by from outreach.api_keys where hash = :hash and revoked_at is null
""")
_WORKING = text("""
    select hash from outreach.api_keys where hash = any(:hashes) and revoked_at is null
""")
_LIST = text("""
    select id, name, created_at, revoked_at, held_by from outreach.api_keys order by created_at, id
""")
_REVOKE = text("""
    update outreach.api_keys set revoked_at = :now where id = :id and revoked_at is null
""")


@dataclass(frozen=True, slots=True)
class Known:
    """A key as it is known afterwards: everything but the key."""

    id: UUID
    name: str
    created_at: datetime
    revoked_at: datetime | None
    held_by: str | None


def issue(tx: Connection, brand: BrandRef, *, name: str, held_by: str | None = None) -> str:
    """A new key, shown this once and never again; `held_by` is the login of a user who has it."""
    secret = secrets.token_urlsafe(32)
    values = {"brand": brand.id, "id": uuid4(), "name": name, "hash": _hash(secret)}
    tx.execute(_ADD, values | {"held_by": held_by})
    return f"{_PREFIX}.{brand.key}.{secret}"


def every(tx: Connection) -> list[Known]:
    """The brand's keys, the oldest first."""
    return [Known(*row) for row in tx.execute(_LIST)]


@dataclass(frozen=True, slots=True)
class Held:
    """The brand for which a key speaks, what it is called there, and the login of who has it."""

    brand: BrandRef
    name: str
    by: str | None


def held(database: Database, key: str) -> Held:
    """For whom a key speaks. Raises `Forbidden`, alike for every kind of wrong."""
    called, secret = parts(key)
    brand = brands.directory(database).get(called) if called else None
    if brand is not None and (found := _found(database, brand, secret)) is not None:
        return found
    raise wrong()


def parts(key: str) -> tuple[str, str]:
    """The brand that a key names and its secret, unchecked; twice nothing of what is no key."""
    prefix, _, rest = key.partition(".")
    called, _, secret = rest.partition(".")
    return (called, secret) if prefix == _PREFIX else ("", "")


def wrong() -> Forbidden:
    """What is said alike of every key that does not work."""
    return Forbidden("send a valid key as `Authorization: Bearer ork.BRAND.SECRET`")


def working(tx: Connection, given: Collection[str]) -> set[str]:
    """Which of these secrets work, at the brand of the transaction and at this moment."""
    hashes = {_hash(secret): secret for secret in given}
    return {hashes[row.hash] for row in tx.execute(_WORKING, {"hashes": list(hashes)})}


def brand_of(database: Database, key: str) -> BrandRef:
    """The brand of a key. Raises `Forbidden` as `held` does."""
    return held(database, key).brand


def revoke(tx: Connection, key_id: UUID, *, now: datetime) -> None:
    """End a key at once. Raises `NotFound` when there is none of that id that still works."""
    if not tx.execute(_REVOKE, {"id": key_id, "now": now}).rowcount:
        raise NotFound("no key of that id still works; `outreach brands keys` shows them")


def _found(database: Database, brand: BrandRef, secret: str) -> Held | None:
    with database.begin(brand) as tx:
        row = tx.execute(_FOUND, {"hash": _hash(secret)}).one_or_none()
    return Held(brand, row.name, row.held_by) if row else None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
