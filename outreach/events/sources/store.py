"""Where are sources and their messages kept?

A message is one row that is inserted once: what has to be answered fast waits for nothing else.
What is refused or set aside leaves a count and its reason at the source, and no row.
"""

import hashlib
import json
import secrets as chance
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach import ids
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import MESSAGE_BODY, MESSAGE_HEADERS, MESSAGE_QUERY
from outreach.db.sealed import Field
from outreach.errors import Conflict, NotFound
from outreach.events.sources import columns
from outreach.events.sources.columns import Columns
from outreach.events.sources.judging import Known
from outreach.sealing import Sealing
from outreach.signed.message import Message

_MOST_SECRETS = 2  # live at once, while one takes the other's place
_FIELDS = "id, key, kind, secrets, zone, test"
_ADD = text("""
    insert into outreach.sources (brand_id, id, key, kind, secrets, zone, test, token_hash)
    values (:brand, :id, :key, :kind, :secrets, :zone, :test, :token)
    on conflict do nothing
""")
_BY_TOKEN = text(f"""
    select {_FIELDS} from outreach.sources where token_hash = :token and retired_at is null
""")
_BY_KEY = text(f"select {_FIELDS} from outreach.sources where key = :key and retired_at is null")
_ALL = text(f"select {_FIELDS} from outreach.sources")
_HOLD = text("""
    select id, secrets from outreach.sources where key = :key and retired_at is null for update
""")
_HOLD_ALL = text("""
    select id, secrets from outreach.sources where cardinality(secrets) > 0 order by id for update
""")
_PUT = text("""
    update outreach.sources s set secrets = given.secrets
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(id uuid, secrets text[])
    where s.id = given.id
""")
_MAPPING = text("select mapping from outreach.sources where key = :key and retired_at is null")
_REMEMBER = text("""
    update outreach.sources set mapping = cast(:mapping as jsonb)
    where key = :key and retired_at is null
""")
_RETIRE = text("""
    update outreach.sources set retired_at = :now where key = :key and retired_at is null
""")
_REFUSED = text("""
    update outreach.sources
    set refused = refused + 1, last_refused_at = :now, last_refusal = :why where id = :id
""")
_SET_ASIDE = text("update outreach.sources set set_aside = set_aside + 1 where id = :id")
_KEEP = text("""
    insert into outreach.inbox
        (brand_id, id, source_id, state, received_at, look_at, headers, query, body)
    select :brand, g.id, g.source, g.state, :now, :now, cast(g.headers as json),
           cast(g.query as json), g.body
    from unnest(cast(:ids as uuid[]), cast(:sources as uuid[]), cast(:states as text[]),
                cast(:headers as text[]), cast(:queries as text[]), cast(:bodies as bytea[]))
         as g (id, source, state, headers, query, body)
    on conflict do nothing returning id
""")
# Locked until the transaction ends, skipped by other workers.
_TAKE = text("""
    select id, source_id, received_at, headers, query, body from outreach.inbox
    where state = 'pending' and look_at <= :now
    order by look_at, id limit :limit for update skip locked
""")
_SETTLE = text("""
    update outreach.inbox i
    set state = given.state, why = given.why, people = given.people, look_at = given.look_at
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, state text, why text, people uuid[], look_at timestamptz)
    where i.id = given.id
""")
_HEALTH = text("""
    select s.key, s.kind, s.zone, s.test, cardinality(s.secrets) as secrets, s.retired_at,
           m.last_message_at, coalesce(m.taken, 0) as taken, coalesce(m.waiting, 0) as waiting,
           coalesce(m.failed, 0) as failed, coalesce(m.tests, 0) as tests, s.set_aside, s.refused,
           s.last_refused_at, s.last_refusal
    from outreach.sources s
    left join (
        select source_id, max(received_at) as last_message_at,
               count(*) filter (where state = 'taken') as taken,
               count(*) filter (where state = 'pending') as waiting,
               count(*) filter (where state = 'failed') as failed,
               count(*) filter (where state = 'test') as tests
        from (
            select source_id, state, received_at from outreach.inbox
            order by received_at desc limit :most) newest
        group by source_id) m on m.source_id = s.id
    order by s.key
""")
COUNTED = 20_000
_TAKEN, _TEST = "pending", "test"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A genuine message of a source's, to be kept under this id; a `test` is only looked at."""

    id: UUID
    source: Known
    message: Message
    test: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that nobody has taken in yet, under the lock of this transaction."""

    id: UUID
    source_id: UUID
    received_at: datetime
    message: Message


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a message: `taken`, `failed`, or `pending` once more, with why."""

    id: UUID
    state: str
    look_at: datetime
    why: str | None = None
    people: tuple[UUID, ...] = ()


def add(
    tx: Connection,
    brand: BrandRef,
    *,
    key: str,
    kind: str,
    secret: str,
    zone: str,
    test: bool,
    sealing: Sealing,
) -> str:
    """A new source; answers the secret part of its address, shown this once. Raises `Conflict`."""
    token = chance.token_urlsafe(24)
    source = ids.derived("src", brand.key, key, token)
    sealed = [sealing.seal(secret, of=_owner(source))] if secret else []
    values = {
        "brand": brand.id, "id": source, "key": key, "kind": kind, "secrets": sealed,
        "zone": zone, "test": test, "token": _hash(token),
    }  # fmt: skip
    if not tx.execute(_ADD, values).rowcount:
        raise Conflict(f"there is a source {key!r} already; `outreach sources rotate` changes it")
    return f"{brand.key}.{token}"


def by_token(tx: Connection, brand: BrandRef, token: str, *, sealing: Sealing) -> Known | None:
    """The source of this address."""
    row = tx.execute(_BY_TOKEN, {"token": _hash(token)}).one_or_none()
    return _known(brand, row, _opened(row, sealing)) if row else None


def by_key(tx: Connection, brand: BrandRef, key: str, *, sealing: Sealing) -> Known:
    """The brand's source of this name. Raises `NotFound`."""
    if (row := tx.execute(_BY_KEY, {"key": key}).one_or_none()) is None:
        raise NotFound(f"there is no source {key!r}; `outreach sources list` shows all")
    return _known(brand, row, _opened(row, sealing))


def every(tx: Connection, brand: BrandRef) -> dict[UUID, Known]:
    """Each source that there is or was, by id; without secrets, since nothing is verified here."""
    return {row.id: _known(brand, row, ()) for row in tx.execute(_ALL)}


def rotate(tx: Connection, *, key: str, secret: str, sealing: Sealing) -> None:
    """Let a new secret live beside the newest old one; older ones end.

    Raises `NotFound`, or `Conflict` where the secret is live already.
    """
    row = tx.execute(_HOLD, {"key": key}).one_or_none()
    if row is None:
        raise NotFound(f"there is no source {key!r}; `outreach sources list` shows all")
    if secret in (live := _opened(row, sealing)):
        raise Conflict(f"the source {key!r} has this secret already")
    _put(tx, {row.id: (secret, *live)[:_MOST_SECRETS]}, sealing)


def seal(tx: Connection, *, sealing: Sealing) -> int:
    """Seal every secret that is not sealed with the key in use; answers how many."""
    rows = tx.execute(_HOLD_ALL).all()
    stale = [row for row in rows if not all(map(sealing.fresh, row.secrets))]
    _put(tx, {row.id: _opened(row, sealing) for row in stale}, sealing)
    return sum(not sealing.fresh(kept) for row in stale for kept in row.secrets)


def unsealed(tx: Connection, *, sealing: Sealing) -> int:
    """How many secrets are not sealed with the key in use."""
    held = (kept for row in tx.execute(_ALL) for kept in row.secrets)
    return sum(not sealing.fresh(kept) for kept in held)


def columns_of(tx: Connection, *, key: str) -> Columns:
    """The columns that this source's last file had."""
    row = tx.execute(_MAPPING, {"key": key}).one_or_none()
    return columns.read(row.mapping if row else {})


def remember(tx: Connection, chosen: Columns, *, key: str) -> None:
    """Keep these columns for the next file of this source."""
    tx.execute(_REMEMBER, {"key": key, "mapping": json.dumps(chosen.document())})


def retire(tx: Connection, *, key: str, now: datetime) -> None:
    """Take nothing more from a source. Raises `NotFound`."""
    if not tx.execute(_RETIRE, {"key": key, "now": now}).rowcount:
        raise NotFound(f"there is no source {key!r}; `outreach sources list` shows all")


def refuse(tx: Connection, source: Known, *, why: str, now: datetime) -> None:
    """Count a message that was refused, and keep its reason and nothing else of it."""
    tx.execute(_REFUSED, {"id": source.id, "why": why[:200], "now": now})


def set_aside(tx: Connection, source: Known) -> None:
    """Count a message that said nothing that we keep."""
    tx.execute(_SET_ASIDE, {"id": source.id})


def keep(
    tx: Connection, brand: BrandRef, arrived: Iterable[Arrived], *, now: datetime
) -> frozenset[UUID]:
    """Keep messages of the brand's sources as they came; answers the ids of those that are new.

    They go in by id, so that two processes that keep the same ones wait in one order.
    """
    came = sorted(arrived, key=lambda one: one.id)
    values = {
        "brand": brand.id, "now": now,
        "ids": [one.id for one in came],
        "sources": [one.source.id for one in came],
        "states": [_TEST if one.test else _TAKEN for one in came],
        "headers": [_sealed(tx, MESSAGE_HEADERS, one.message.headers, one.id) for one in came],
        "queries": [_sealed(tx, MESSAGE_QUERY, one.message.query, one.id) for one in came],
        "bodies": [sealed.seal_bytes(tx, MESSAGE_BODY, one.message.body, one.id) for one in came],
    }  # fmt: skip
    return frozenset(row.id for row in tx.execute(_KEEP, values))


def take(tx: Connection, *, now: datetime, limit: int) -> list[Waiting]:
    """Lock the next messages that nobody has taken in."""
    return [
        Waiting(row.id, row.source_id, row.received_at, _message(tx, row))
        for row in tx.execute(_TAKE, {"now": now, "limit": limit})
    ]


def settle(tx: Connection, settled: Iterable[Settled]) -> None:
    """Say what became of these messages."""
    rows = [
        {
            "id": str(one.id), "state": one.state, "why": one.why,
            "people": [str(person) for person in one.people],
            "look_at": one.look_at.isoformat(),
        }
        for one in settled
    ]  # fmt: skip
    tx.execute(_SETTLE, {"rows": json.dumps(rows)})


def health(tx: Connection) -> Sequence[Mapping[str, object]]:
    """Each source with its last message and its counts, among the newest `COUNTED` messages."""
    return [row._asdict() for row in tx.execute(_HEALTH, {"most": COUNTED})]


def _known(brand: BrandRef, row: Row[tuple[object, ...]], secrets: tuple[str, ...]) -> Known:
    return Known(row.id, brand, row.key, row.kind, secrets, row.zone, row.test)


def _opened(row: Row[tuple[object, ...]], sealing: Sealing) -> tuple[str, ...]:
    return tuple(sealing.open(kept, of=_owner(row.id)) for kept in row.secrets)


def _put(tx: Connection, secrets: Mapping[UUID, Sequence[str]], sealing: Sealing) -> None:
    rows = [
        {"id": str(source), "secrets": [sealing.seal(one, of=_owner(source)) for one in live]}
        for source, live in secrets.items()
    ]
    tx.execute(_PUT, {"rows": json.dumps(rows)})


def _owner(source: UUID) -> str:
    return f"source {source}"


_UNKEPT = frozenset({"authorization", "cookie", "proxy-authorization"})


def _sealed(tx: Connection, of: Field, values: Mapping[str, str], message: UUID) -> str:
    kept = {name: value for name, value in values.items() if name not in _UNKEPT}
    return json.dumps(sealed.seal_parts(tx, of, kept, message))


def _message(tx: Connection, row: Row[Any]) -> Message:
    headers, query = (
        {name: str(value) for name, value in sealed.opened_parts(tx, of, kept, row.id).items()}
        for of, kept in ((MESSAGE_HEADERS, row.headers), (MESSAGE_QUERY, row.query))
    )
    body = sealed.opened_bytes(tx, MESSAGE_BODY, bytes(row.body), row.id)
    return Message(body, headers, query)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
