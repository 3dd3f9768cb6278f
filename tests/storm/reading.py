"""What do the providers' logs say, and what does the ledger of the product say beside them?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, text

from outreach import ids
from outreach.audit import chain, store
from outreach.standins import record
from tests.storm.stage import Stage

_TOUCHES = text("""
    select t.id, t.state::text, t.reason, t.channel, t.due_at, p.ref, b.key as brand,
           e.data ->> 'parcel' as parcel
    from outreach.touches t
    join outreach.brands b on b.id = t.brand_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    join outreach.enrolments n on n.brand_id = t.brand_id and n.id = t.enrolment_id
    join outreach.events e on e.brand_id = n.brand_id and e.id = n.event_id
""")
_ATTEMPTS = text("select touch_id, fence, started_at, outcome::text from outreach.attempts")
_UNDER_WAY = text("""
    select (select count(*) from outreach.events where state = 'pending')
         + (select count(*) from outreach.touches
            where state in ('claimed', 'calling') or (state = 'planned' and due_at <= :now)
               or (state = 'planned' and reason = 'provider_busy')
               or (state = 'uncertain' and cast(:settles as boolean)))
""")


@dataclass(frozen=True, slots=True)
class Line:
    """A message that a provider took: when its first byte was heard, on the steady clock."""

    channel: str
    touch: str
    to: str
    sender: str
    said: str
    began: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """A row written before a call."""

    fence: int
    started_at: datetime
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A touch as the ledger has it in the end."""

    touch: str
    state: str
    reason: str | None
    channel: str
    due_at: datetime
    ref: str
    brand: str
    parcel: str
    attempts: tuple[Attempt, ...]


def lines(on: Stage) -> list[Line]:
    """All logs together, each in its own order."""
    return [
        Line(channel, e["touch"], e["to"], e["sender"], e["said"], e["began"])
        for channel, log in on.logs.items()
        if log.exists()
        for e in record.read(log)
    ]


def rows(engine: Engine) -> list[Row]:
    """Every touch with its attempts."""
    with engine.connect() as tx:
        attempts: dict[UUID, list[Attempt]] = {}
        for touch, fence, started_at, outcome in tx.execute(_ATTEMPTS):
            attempts.setdefault(touch, []).append(Attempt(fence, started_at, outcome))
        return [
            Row(
                ids.shown(ids.TOUCH, t.id), t.state, t.reason, t.channel, t.due_at, t.ref, t.brand,
                t.parcel, tuple(attempts.get(t.id, ())),
            )
            for t in tx.execute(_TOUCHES)
        ]  # fmt: skip


def broken(on: Stage) -> tuple[str, ...]:
    """The brands whose record of changes is not as it was written."""
    found = []
    for key, brand in on.brands.items():
        with on.app.means.database.reading(brand) as tx:
            if chain.first_bad(on.app.link_keys, key, store.chain(tx)) is not None:
                found.append(key)
    return tuple(found)


def under_way(engine: Engine, *, now: datetime, settles: bool) -> int:
    """How many events and touches still wait for somebody, whatever they are called.

    Those in doubt are among them where the provider settles doubts.
    """
    with engine.connect() as tx:
        return int(tx.execute(_UNDER_WAY, {"now": now, "settles": settles}).scalar_one())
