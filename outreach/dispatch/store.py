"""Which rows does a contact leave behind, and who may change them?

Every statement works on a set, names the states from which it moves a touch, and carries the fence
that the claim raised: a worker that lost its lease changes nothing. Leases live on the database's
clock; `now` is the application's.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, TextClause, text

from optout.model import Channel, Purpose
from outreach.db.engine import BrandRef
from outreach.dispatch.model import Attempted, Facts, Hold, Send, Skip, Touch, Verdict

_COLUMNS = """id, enrolment_id, campaign_id, person_id, step, channel, purpose, priority, state,
    fence, planned_for, due_at, useless_after, reason"""
# Locked rows are skipped, so workers never wait for each other; what a paused campaign has due
# stays where it is.
_CLAIM = text(f"""
    with due as (
        select brand_id, id from outreach.touches
        where channel = :channel and state = 'planned' and due_at <= :now
          and campaign_id not in (select id from outreach.campaigns where state = 'paused')
        order by due_at limit :limit for update skip locked
    )
    update outreach.touches t
    set state = 'claimed', fence = t.fence + 1, lease_until = now() + :lease
    from due where t.brand_id = due.brand_id and t.id = due.id
    returning {", ".join("t." + name.strip() for name in _COLUMNS.split(","))}
""")
_SIBLINGS = text(f"""
    select {_COLUMNS} from outreach.touches
    where person_id = any(:people) and state in ('planned', 'claimed', 'calling')
      and due_at <= :now
      and campaign_id not in (select id from outreach.campaigns where state = 'paused')
""")
_GET = text(f"select {_COLUMNS} from outreach.touches where id = any(:ids)")
_ATTEMPTS = text("""
    select person_id, touch_id, started_at, channel, purpose from outreach.attempts
    where person_id = any(:people) and started_at > :since and outcome is distinct from 'refused'
    order by person_id, started_at
""")
_GIVEN = """jsonb_to_recordset(cast(:rows as jsonb)) as given(
    id uuid, fence smallint, state text, due_at timestamptz, reason text)"""
# Holds put a touch back with a later instant; skips and failures end it.
_MOVE = text(f"""
    update outreach.touches t
    set state = cast(given.state as outreach.touch_state),
        due_at = coalesce(given.due_at, t.due_at),
        reason = given.reason, lease_until = null,
        settled_at = case when given.state <> 'planned' then cast(:now as timestamptz) end
    from {_GIVEN}
    where t.id = given.id and t.fence = given.fence and t.state = 'claimed'
    returning t.id
""")
_START_CALL = text("""
    update outreach.touches t set state = 'calling', lease_until = now() + :lease, reason = null
    from unnest(cast(:ids as uuid[]), cast(:fences as smallint[])) as given(id, fence)
    where t.id = given.id and t.fence = given.fence and t.state = 'claimed'
    returning t.id
""")
_ATTEMPT = text("""
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
        address_hash, content_hash, started_at)
    values (:brand, :touch, :fence, :person, :channel, :purpose, :address, :content, :now)
""")
_ANSWER = text("""
    update outreach.attempts a
    set outcome = cast(given.outcome as outreach.outcome), provider_id = given.provider_id,
        detail = given.detail, ended_at = :now
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, fence smallint, outcome text, provider_id text, detail text)
    where a.touch_id = given.id and a.fence = given.fence
""")
# From `uncertain` too: the reaper may have been faster than an answer that came after all. It then
# ends there; back to waiting it never goes, since somebody may have begun to look into it.
_SETTLE = text(f"""
    update outreach.touches t
    set state = cast(given.state as outreach.touch_state),
        due_at = coalesce(given.due_at, t.due_at),
        reason = given.reason, lease_until = null,
        settled_at = case when given.state <> 'planned' then cast(:now as timestamptz) end
    from {_GIVEN}
    where t.id = given.id and t.fence = given.fence
      and (t.state = 'calling' or (t.state = 'uncertain' and given.state in ('sent', 'failed')))
    returning t.id
""")
# What was in the air when its passage ended, and comes back unsent, ends with it. Waits for whoever
# is ending the passage just now.
_END_WITH_PASSAGE = text("""
    with passages as (
        select id, state, reason from outreach.enrolments
        where id in (select enrolment_id from outreach.touches where id = any(:ids))
        order by id for share
    )
    update outreach.touches t set state = 'cancelled', reason = p.reason, settled_at = :now
    from passages p
    where t.id = any(:ids) and t.state = 'planned' and t.enrolment_id = p.id and p.state = 'ended'
""")
_VERDICTS = text("""
    insert into outreach.verdicts
        (brand_id, touch_id, at, stage, verdict, reason, until, pack, facts, because)
    values (:brand, :touch, :at, :stage, :verdict, :reason, :until, :pack, :facts,
            cast(:because as jsonb))
""")
# A claim whose worker died was never called: it goes back. A call whose worker died may have been
# taken: it is uncertain, and nobody repeats it by himself.
_REAP_CLAIMED = text("""
    update outreach.touches set state = 'planned', lease_until = null
    where state = 'claimed' and lease_until < now() returning id
""")
_REAP_CALLING = text("""
    with gone as (
        update outreach.touches
        set state = 'uncertain', reason = 'worker_gone', lease_until = null, settled_at = :now
        where state = 'calling' and lease_until < now() returning id, fence
    )
    update outreach.attempts a
    set outcome = 'uncertain', detail = 'the worker did not come back', ended_at = :now
    from gone where a.touch_id = gone.id and a.fence = gone.fence and a.outcome is null
    returning a.touch_id
""")
_IN_AIR = text("""
    select touch_id from outreach.attempts where address_hash = any(:hashes) and outcome is null
""")
_LOCK_CAMPAIGNS = text("""
    select id from outreach.campaigns where id = any(:ids) and state <> 'paused'
    order by id for share
""")
_LOCK_PERSONS = text("""
    select id from outreach.persons where id = any(:ids) order by id for no key update
""")
_LOCK_TOUCHES = text("""
    select id from outreach.touches where id = any(:ids) order by id for update
""")
_BRAND_GOES_ON = text("select not stopped from outreach.brands for share")


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a touch goes: its new state, and when and why if it waits."""

    id: UUID
    fence: int
    state: str
    reason: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended."""

    id: UUID
    fence: int
    outcome: str
    provider_id: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt about to be made, written down before the call."""

    touch: Touch
    address_hash: bytes
    content_hash: bytes


def claim_due(
    tx: Connection, *, channel: Channel, now: datetime, limit: int, lease: timedelta
) -> list[Touch]:
    """Take what is due on this channel, for the length of a lease; the fence goes up."""
    values = {"channel": channel, "now": now, "limit": limit, "lease": lease}
    return [_touch(row) for row in tx.execute(_CLAIM, values)]


def siblings(tx: Connection, people: Sequence[UUID], *, now: datetime) -> list[Touch]:
    """Everything due for these persons on any channel, whoever holds it."""
    return [_touch(row) for row in tx.execute(_SIBLINGS, {"people": list(people), "now": now})]


def get(tx: Connection, touches: Sequence[UUID]) -> dict[UUID, Touch]:
    return {row.id: _touch(row) for row in tx.execute(_GET, {"ids": list(touches)})}


def attempts_of(
    tx: Connection, people: Sequence[UUID], *, since: datetime
) -> dict[UUID, tuple[Attempted, ...]]:
    """Attempts at these persons that count for caps, oldest first."""
    found: dict[UUID, list[Attempted]] = {}
    for row in tx.execute(_ATTEMPTS, {"people": list(people), "since": since}):
        attempted = Attempted(
            row.touch_id, row.started_at, Channel(row.channel), Purpose(row.purpose)
        )
        found.setdefault(row.person_id, []).append(attempted)
    return {person: tuple(attempts) for person, attempts in found.items()}


def move(tx: Connection, moves: Sequence[Moved], *, now: datetime) -> set[UUID]:
    """Let claimed touches go, or end them; answers those that were still this claim's."""
    return _moved(tx, _MOVE, moves, now)


def settle(tx: Connection, moves: Sequence[Moved], *, now: datetime) -> set[UUID]:
    """Move touches out of their call; answers those that were still this call's."""
    settled = _moved(tx, _SETTLE, moves, now)
    if back := [m.id for m in moves if m.state == "planned" and m.id in settled]:
        tx.execute(_END_WITH_PASSAGE, {"ids": back, "now": now})
    return settled


def start_calls(
    tx: Connection, brand: BrandRef, begun: Sequence[Begun], *, now: datetime, lease: timedelta
) -> set[UUID]:
    """Set these touches calling, and write their attempts; answers those still ours to call."""
    values = {
        "ids": [b.touch.id for b in begun], "fences": [b.touch.fence for b in begun],
        "lease": lease,
    }  # fmt: skip
    ours = {row.id for row in tx.execute(_START_CALL, values)}
    if rows := [_attempt(brand, b, now) for b in begun if b.touch.id in ours]:
        tx.execute(_ATTEMPT, rows)
    return ours


def answer(tx: Connection, ended: Sequence[Ended], *, now: datetime) -> None:
    """Write down how attempts ended; evidence, even where the touch is no longer ours."""
    rows = [
        {
            "id": str(e.id), "fence": e.fence, "outcome": e.outcome,
            "provider_id": e.provider_id, "detail": e.detail[:500],
        }
        for e in ended
    ]  # fmt: skip
    tx.execute(_ANSWER, {"rows": json.dumps(rows), "now": now})


def write_verdicts(
    tx: Connection, brand: BrandRef, stage: str, judged: Mapping[UUID, tuple[Facts, Verdict]]
) -> None:
    """Add lines to the ledger of verdicts."""
    rows = [_verdict(brand, stage, facts, said) for facts, said in judged.values()]
    if rows:
        tx.execute(_VERDICTS, rows)


def reap(tx: Connection, *, now: datetime) -> tuple[int, int]:
    """Take back what dead workers held; answers how many were let go and how many are uncertain."""
    uncertain = len(tx.execute(_REAP_CALLING, {"now": now}).all())
    return len(tx.execute(_REAP_CLAIMED).all()), uncertain


def in_air(tx: Connection, hashes: Sequence[bytes]) -> list[UUID]:
    """Touches whose call to one of these addresses has begun and not ended."""
    return [row.touch_id for row in tx.execute(_IN_AIR, {"hashes": list(hashes)})]


def lock_going_on(
    tx: Connection, campaigns: Sequence[UUID], people: Sequence[UUID]
) -> frozenset[UUID]:
    """Lock brand, campaigns and persons in this order; answers the campaigns that may go on."""
    if not tx.execute(_BRAND_GOES_ON).scalar_one():
        return frozenset()
    going = frozenset(row.id for row in tx.execute(_LOCK_CAMPAIGNS, {"ids": list(campaigns)}))
    tx.execute(_LOCK_PERSONS, {"ids": list(people)})
    return going


def lock(tx: Connection, touches: Sequence[UUID]) -> None:
    """Lock these touches in order of their ids, as whoever cancels them does."""
    tx.execute(_LOCK_TOUCHES, {"ids": list(touches)})


def _moved(
    tx: Connection, statement: TextClause, moves: Sequence[Moved], now: datetime
) -> set[UUID]:
    if not moves:
        return set()
    rows = [
        {
            "id": str(m.id), "fence": m.fence, "state": m.state, "reason": m.reason,
            "due_at": m.due_at and m.due_at.isoformat(),
        }
        for m in moves
    ]  # fmt: skip
    return {row.id for row in tx.execute(statement, {"rows": json.dumps(rows), "now": now})}


def _attempt(brand: BrandRef, begun: Begun, now: datetime) -> dict[str, object]:
    touch = begun.touch
    return {
        "brand": brand.id, "touch": touch.id, "fence": touch.fence, "person": touch.person_id,
        "channel": touch.channel, "purpose": touch.purpose, "address": begun.address_hash,
        "content": begun.content_hash, "now": now,
    }  # fmt: skip


def _verdict(brand: BrandRef, stage: str, facts: Facts, said: Verdict) -> dict[str, object]:
    because = {} if isinstance(said, Send) else said.because
    return {
        "brand": brand.id, "touch": facts.touch.id, "at": facts.now, "stage": stage,
        "verdict": {Send: "send", Hold: "hold", Skip: "skip"}[type(said)],
        "reason": None if isinstance(said, Send) else said.reason,
        "until": said.until if isinstance(said, Hold) else None,
        "pack": facts.pack, "facts": facts.hash(),
        "because": json.dumps(because) if because else None,
    }  # fmt: skip


def _touch(row: Row[tuple[object, ...]]) -> Touch:
    known = row._asdict()
    return Touch(**known | {"channel": Channel(row.channel), "purpose": Purpose(row.purpose)})
