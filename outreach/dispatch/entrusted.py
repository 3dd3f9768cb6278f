"""Which messages has a person at a provider yet to send, and when is it asked after them?

Written down with the answer that took the message, and gone once it is known how it fared. Until
then the touch counts as sent, since it may be at any moment. Asked oftener while it is young.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.channels.fields import storable
from outreach.db.engine import BrandRef

SET = 500
"""So many of those that are still open are judged again at once."""

FIRST = UUID(int=0)

_SOONEST, _LATEST = timedelta(minutes=2), timedelta(minutes=30)  # between two questions
_KEEP = text("""
    insert into outreach.entrusted (brand_id, touch_id, provider, provider_id, given_at, look_at)
    select t.brand_id, t.id, given.provider, given.provider_id, :now, :now + :soonest
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, provider text, provider_id text)
    join outreach.touches t on t.id = given.id
    order by t.id
    on conflict (brand_id, touch_id) do nothing
""")
_OPEN = text("""
    select touch_id from outreach.entrusted where touch_id > :after
    order by touch_id limit :most
""")
_COME = text("""
    update outreach.entrusted e set look_at = :now
    from (select brand_id, touch_id from outreach.entrusted where touch_id = any(:ids)
          for update skip locked) free
    where e.brand_id = free.brand_id and e.touch_id = free.touch_id
""")
# The older, the rarer; whoever takes it has it until the next look.
_TAKE = text("""
    with ours as (
        select brand_id, touch_id from outreach.entrusted where look_at <= :now
        order by look_at limit :limit for update skip locked
    )
    update outreach.entrusted e
    set look_at = :now
        + greatest(:soonest, least(:latest, (cast(:now as timestamptz) - e.given_at) / 4))
    from ours where e.brand_id = ours.brand_id and e.touch_id = ours.touch_id
    returning e.touch_id, e.provider, e.provider_id, e.given_at
""")
_DONE = text("delete from outreach.entrusted where touch_id = any(:ids)")
_WANTED = text("""
    select b.id, b.key from outreach.brands b
    where exists (select from outreach.entrusted e where e.brand_id = b.id) order by b.id
""")


@dataclass(frozen=True, slots=True)
class Entrusted:
    """A touch, and the message that `provider` has of it under this id since `given_at`."""

    touch_id: UUID
    provider: str
    provider_id: str
    given_at: datetime


def keep(tx: Connection, given: Iterable[tuple[UUID, str, str]], *, now: datetime) -> None:
    """Keep that these touches wait for a person at their provider, under its own id of each."""
    rows = [
        {"id": str(touch), "provider": provider, "provider_id": storable(provider_id)}
        for touch, provider, provider_id in given
    ]
    if rows:
        tx.execute(_KEEP, {"rows": json.dumps(rows), "now": now, "soonest": _SOONEST})


def wanted(tx: Connection) -> list[BrandRef]:
    """The brands of which something waits so, as the watch role sees it."""
    return [BrandRef(*row) for row in tx.execute(_WANTED)]


def open_ones(tx: Connection, *, after: UUID = FIRST) -> list[UUID]:
    """The next touches that wait so, by their ids; fewer than `SET` where they are the last."""
    return [row.touch_id for row in tx.execute(_OPEN, {"after": after, "most": SET})]


def hasten(tx: Connection, touches: Sequence[UUID], *, now: datetime) -> None:
    """Have these looked at now."""
    if touches:
        tx.execute(_COME, {"ids": list(touches), "now": now})


def take(tx: Connection, *, now: datetime, limit: int) -> list[Entrusted]:
    """Those whose time to be asked after has come; nobody else takes them meanwhile."""
    values = {"now": now, "limit": limit, "soonest": _SOONEST, "latest": _LATEST}
    return [Entrusted(**row._asdict()) for row in tx.execute(_TAKE, values)]


def done(tx: Connection, touches: Sequence[UUID]) -> None:
    """Ask no more after these."""
    if touches:
        tx.execute(_DONE, {"ids": list(touches)})
