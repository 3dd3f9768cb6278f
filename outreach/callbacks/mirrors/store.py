"""Where are mirrors kept, and what has each of them been shown?"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach import ids
from outreach.callbacks.mirrors import catalogue
from outreach.callbacks.mirrors.protocol import Connected, Shown
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import TASK_SCRIPT
from outreach.errors import NotFound
from outreach.sealing import Sealing

_ADD = text("""
    insert into outreach.mirrors (brand_id, key, kind, url, secret, settings, token_hash,
        created_at)
    values (:brand, :key, :kind, :url, :secret, :settings, :token, :now)
    on conflict (brand_id, key) do update set
        kind = excluded.kind, url = excluded.url, secret = excluded.secret,
        settings = excluded.settings, token_hash = excluded.token_hash, retired_at = null
""")
_RESEAL = text("""
    update outreach.mirrors set secret = :secret, settings = :settings where key = :key
""")
_RETIRE = text("""
    update outreach.mirrors set retired_at = :now where key = :key and retired_at is null
""")
_ALL = text("""
    select key, kind, url, secret, settings,
           (select count(*) from outreach.mirrored d
            where d.brand_id = m.brand_id and d.mirror = m.key and d.failure is null) as shown,
           (select max(d.failure) from outreach.mirrored d
            where d.brand_id = m.brand_id and d.mirror = m.key) as failure
    from outreach.mirrors m where retired_at is null
      and (cast(:token as bytea) is null or token_hash = :token)
    order by key
""")
# What differs from what was shown last. A call that just ended is not shown before it is settled,
# since its agent may still take that back.
_VERSION = """md5(concat_ws('|', k.state, k.queue, k.attempts, k.disposition, k.due_at,
    k.promised_local, k.holder))"""
_CLAIM = text(f"""
    with wanted as (
        select m.key as mirror, k.id as task_id, {_VERSION} as version
        from outreach.mirrors m
        join outreach.tasks k on k.brand_id = m.brand_id
        left join outreach.mirrored d
            on d.brand_id = k.brand_id and d.mirror = m.key and d.task_id = k.id
        where m.retired_at is null
          and k.kind = 'call' and (k.state in ('open', 'taken') or k.closed_at > :since)
          and (d.task_id is null
               or (d.version <> {_VERSION} and (d.look_at is null or d.look_at <= :now)))
        order by k.opened_at limit :limit
    ), claimed as (
        insert into outreach.mirrored (brand_id, mirror, task_id, version, look_at)
        select :brand, mirror, task_id, '', :until from wanted order by mirror, task_id
        on conflict (brand_id, mirror, task_id) do update set look_at = excluded.look_at
            where mirrored.look_at is null or mirrored.look_at <= :now
        returning mirror, task_id, theirs, tries, look_at
    )
    select c.mirror, c.theirs, c.tries, c.look_at as claimed_until, w.version, p.ref, k.id,
           k.reason, k.queue, k.state, k.script, k.attempts, k.due_at, k.useless_after, k.holder,
           k.disposition, k.promised_local
    from claimed c join wanted w on w.mirror = c.mirror and w.task_id = c.task_id
    join outreach.tasks k on k.id = c.task_id
    join outreach.persons p on p.brand_id = k.brand_id and p.id = k.person_id
""")
# Whoever lost the claim to another says nothing any more.
_SHOWN = text("""
    update outreach.mirrored d
    set version = coalesce(given.version, d.version), theirs = coalesce(given.theirs, d.theirs),
        tries = given.tries, look_at = given.look_at,
        failure = case when given.version is null then coalesce(given.failure, d.failure) end
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        mirror text, task_id uuid, version text, theirs text, tries smallint,
        look_at timestamptz, failure text, claimed_until timestamptz)
    where d.mirror = given.mirror and d.task_id = given.task_id
      and d.look_at = given.claimed_until
""")
_BY_THEIRS = text("""
    select task_id from outreach.mirrored where mirror = :mirror and theirs = :theirs
""")
_LIVELY = timedelta(days=2)
_CLAIMED_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Kept:
    """A mirror as it is kept; `failure` is what went wrong last, with any call."""

    key: str
    kind: str
    connected: Connected
    shown: int
    failure: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """A call that a mirror is to be shown: as which version, under which id of theirs."""

    mirror: str
    task_id: UUID
    version: str
    theirs: str | None
    tries: int
    claimed_until: datetime
    call: Shown


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of showing it: without a version it is tried again at `look_at`, and without a
    failure nobody had come to it.
    """

    due: Due
    version: str | None
    theirs: str | None = None
    look_at: datetime | None = None
    failure: str | None = None


def add(
    tx: Connection,
    brand: BrandRef,
    key: str,
    kind: str,
    connected: Connected,
    *,
    sealing: Sealing,
    now: datetime,
) -> str:
    """Keep a mirror, in the place of one of the same key; answers the address for the way back.

    The address is shown this once. Raises `Invalid` for a kind that is none, and for a URL or a
    secret with which nothing can be sent.
    """
    catalogue.refuse_unusable(kind, connected)
    token = secrets.token_urlsafe(24)
    values = {
        "brand": brand.id, "key": key, "kind": kind, "url": connected.url.rstrip("/"),
        "token": _hash(token), "now": now, **_sealed(brand.key, key, connected, sealing),
    }  # fmt: skip
    tx.execute(_ADD, values)
    return f"{brand.key}.{token}"


def retire(tx: Connection, key: str, *, now: datetime) -> None:
    """Show nothing there any more. Raises `NotFound`."""
    if not tx.execute(_RETIRE, {"key": key, "now": now}).rowcount:
        raise NotFound(f"there is no mirror {key!r}; `outreach mirrors list` shows them")


def every(tx: Connection, brand: BrandRef, *, sealing: Sealing) -> list[Kept]:
    """The brand's mirrors."""
    return [_kept(brand, row, sealing) for row in tx.execute(_ALL, {"token": None})]


def by_token(tx: Connection, brand: BrandRef, token: str, *, sealing: Sealing) -> Kept | None:
    """The mirror whose way back has this address."""
    row = tx.execute(_ALL, {"token": _hash(token)}).one_or_none()
    return None if row is None else _kept(brand, row, sealing)


def seal(tx: Connection, brand: BrandRef, *, sealing: Sealing) -> int:
    """Seal every secret that is not sealed with the key in use; answers how many."""
    stale = [
        (row, many) for row in tx.execute(_ALL, {"token": None}) if (many := _stale(row, sealing))
    ]
    for row, _ in stale:
        kept = _kept(brand, row, sealing)
        tx.execute(
            _RESEAL, {"key": row.key, **_sealed(brand.key, row.key, kept.connected, sealing)}
        )
    return sum(many for _, many in stale)


def unsealed(tx: Connection, *, sealing: Sealing) -> int:
    """How many secrets are not sealed with the key in use."""
    return sum(_stale(row, sealing) for row in tx.execute(_ALL, {"token": None}))


def claim(tx: Connection, brand: BrandRef, *, now: datetime, limit: int) -> list[Due]:
    """The next calls that some mirror has not seen as they are, for nobody else meanwhile."""
    values = {
        "brand": brand.id, "now": now, "until": now + _CLAIMED_FOR, "since": now - _LIVELY,
        "limit": limit,
    }  # fmt: skip
    return [_due(tx, row) for row in tx.execute(_CLAIM, values)]


def answered(tx: Connection, answers: Sequence[Answered]) -> None:
    """Write down what became of showing these, of those that are still claimed for it."""
    rows = [
        {
            "mirror": one.due.mirror, "task_id": str(one.due.task_id), "version": one.version,
            "theirs": one.theirs, "tries": 0 if one.version else one.due.tries + bool(one.failure),
            "look_at": one.look_at.isoformat() if one.look_at else None, "failure": one.failure,
            "claimed_until": one.due.claimed_until.isoformat(),
        }
        for one in answers
    ]  # fmt: skip
    tx.execute(_SHOWN, {"rows": json.dumps(rows)})


def task_of(tx: Connection, mirror: str, theirs: str) -> UUID | None:
    """The task that a mirror knows by this id of its own."""
    values: Mapping[str, str] = {"mirror": mirror, "theirs": theirs}
    return tx.execute(_BY_THEIRS, values).scalar_one_or_none()


def _stale(row: Row[tuple[object, ...]], sealing: Sealing) -> int:
    return sum(not sealing.fresh(kept) for kept in (row.secret, row.settings))


def _kept(brand: BrandRef, row: Row[tuple[object, ...]], sealing: Sealing) -> Kept:
    owner = _owner(brand.key, row.key)
    settings = json.loads(sealing.open(row.settings, of=owner))
    connected = Connected(row.url, sealing.open(row.secret, of=owner), settings)
    return Kept(row.key, row.kind, connected, row.shown, row.failure)


def _sealed(brand: str, key: str, connected: Connected, sealing: Sealing) -> dict[str, str]:
    """What must not lie open: what logs in there and signs, both ways."""
    owner = _owner(brand, key)
    return {
        "secret": sealing.seal(connected.secret, of=owner),
        "settings": sealing.seal(json.dumps(dict(connected.settings)), of=owner),
    }


def _owner(brand: str, key: str) -> str:
    return f"mirror {brand} {key}"


def _due(tx: Connection, row: Row[tuple[object, ...]]) -> Due:
    call = Shown(
        task=ids.shown(ids.TASK, row.id), ref=row.ref, reason=row.reason, queue=row.queue,
        state=row.state, script=sealed.opened(tx, TASK_SCRIPT, row.script, row.id) or "",
        attempts=row.attempts, due_at=row.due_at,
        useless_after=row.useless_after, holder=row.holder, disposition=row.disposition,
        promised=row.promised_local,
    )  # fmt: skip
    return Due(row.mirror, row.id, row.version, row.theirs, row.tries, row.claimed_until, call)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
