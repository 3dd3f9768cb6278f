"""At which secret address does an agent find their calendar, and which calls are in it?"""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Connection, text

from outreach import ids
from outreach.callbacks import calendar_feed, queues
from outreach.callbacks.calendar_feed import Promised
from outreach.db.engine import BrandRef
from outreach.errors import NotFound

_ADD = text("""
    insert into outreach.feeds (brand_id, token_hash, agent, created_at)
    values (:brand, :token, :agent, :now)
""")
_REVOKE = text("""
    update outreach.feeds set revoked_at = :now where agent = :agent and revoked_at is null
""")
_FIND = text("select agent from outreach.feeds where token_hash = :token and revoked_at is null")
_PROMISED = text("""
    select id, promised_at, queue, reason, attempts, state = 'withdrawn' as off
    from outreach.tasks
    where promised_at > :since and state in ('open', 'taken', 'ended', 'withdrawn')
      and (only_agent = :agent or holder = :agent
           or (only_agent is null and queue = any(:queues)))
    order by promised_at, id limit 500
""")


def issue(tx: Connection, brand: BrandRef, agent: str, *, now: datetime) -> str:
    """A new address for an agent's calendar, shown this once; earlier ones end.

    Raises `NotFound` for somebody whom no queue knows.
    """
    if queues.desk(tx).agent(agent) is None:
        raise NotFound(f"no queue has an agent {agent!r}; `outreach queues show` lists them")
    revoke(tx, agent, now=now)
    token = secrets.token_urlsafe(24)
    values = {"brand": brand.id, "token": _hash(token), "agent": agent, "now": now}
    tx.execute(_ADD, values)
    return f"{brand.key}.{token}"


def revoke(tx: Connection, agent: str, *, now: datetime) -> int:
    """End the addresses of an agent's calendar at once; answers how many there were."""
    return tx.execute(_REVOKE, {"agent": agent, "now": now}).rowcount


def read(tx: Connection, token: str, *, now: datetime) -> bytes:
    """The calendar behind an address. Raises `NotFound`, alike for every kind of wrong."""
    name = tx.execute(_FIND, {"token": _hash(token)}).scalar_one_or_none()
    desk = queues.desk(tx)
    agent = desk.agent(name) if name else None
    if agent is None:
        raise NotFound("there is no such calendar")
    worked = [queue.key for queue in desk.queues if queue.agent(agent.key)]
    since = {"agent": agent.key, "queues": worked, "since": now - calendar_feed.AHEAD}
    calls = [
        Promised(
            ids.shown(ids.TASK, row.id), row.promised_at, row.queue, row.reason, row.attempts,
            row.off,
        )
        for row in tx.execute(_PROMISED, since)
    ]  # fmt: skip
    return calendar_feed.feed(agent, calls, now=now)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
