"""What follows from calls that ended, now that it is no longer taken back?

A set of them at a time: a receipt and an event for each, then where its task goes. `after` decides.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach import ids
from outreach.callbacks import answering, outcomes, store
from outreach.callbacks.after import Over
from outreach.callbacks.answering import Spoken
from outreach.callbacks.outcomes import Settled
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import TASK_NUMBER, TASK_OTHER
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.events.model import OURSELVES, Event, event_id
from outreach.inbound import answers

TYPE = "call.ended"
ANSWERED = "answered_call"
"""Why a message is cancelled that the call has made needless."""

_BATCH = 100
_READY = text(f"""
    select {store.columns("k")} from outreach.tasks k
    where state = 'ended' and look_at <= :now order by look_at limit :limit
    for update skip locked
""")
_RECEIPTS = text("""
    insert into outreach.receipts (brand_id, touch_id, kind, at)
    select :brand, touch_id, kind, at from jsonb_to_recordset(cast(:rows as jsonb))
        as given(touch_id uuid, kind text, at timestamptz)
    on conflict do nothing
""")
_SETTLED = text("""
    update outreach.calls c set settled_at = :now
    from unnest(cast(:tasks as uuid[]), cast(:numbers as smallint[])) as given(task, number)
    where c.task_id = given.task and c.number = given.number
""")
_GO = text("""
    update outreach.tasks k
    set state = given.state, due_at = coalesce(given.due_at, k.due_at), number = given.number,
        other_number = given.other_number, language = given.language, queue = given.queue,
        needs = array(select jsonb_array_elements_text(given.needs)), in_house = given.in_house,
        rank = given.rank, only_agent = given.only_agent, promised_local = given.promised_local,
        promised_zone = given.promised_zone, promised_at = given.promised_at,
        holder = case when given.state = 'closed' then k.holder end,
        taken_at = null, dialled_at = null, held = null,
        look_at = case when given.state = 'open' then cast(:now as timestamptz) end,
        closed_at = case when given.state = 'closed' then cast(:now as timestamptz) end
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, state text, due_at timestamptz, number text, other_number text, language text,
        queue text, needs jsonb, in_house boolean, rank smallint, only_agent text,
        promised_local text, promised_zone text, promised_at timestamptz)
    where k.id = given.id
""")
_TOUCHES = text("""
    with locked as (
        select t.id, given.reason from outreach.touches t
        join unnest(cast(:ids as uuid[]), cast(:reasons as text[])) as given(id, reason)
          on t.id = given.id
        where t.state in ('sent', 'uncertain') order by t.id for update of t
    )
    update outreach.touches t
    set state = cast(case when locked.reason is null then 'delivered' else 'failed' end
                     as outreach.touch_state),
        reason = locked.reason, settled_at = :now
    from locked where t.id = locked.id
""")
# A message of the same passage and purpose asks what the call has answered.
_NEEDLESS = text("""
    with locked as (
        select o.id from outreach.touches t
        join outreach.touches o on o.brand_id = t.brand_id and o.enrolment_id = t.enrolment_id
            and o.purpose = t.purpose and o.id <> t.id
        where t.id = any(:reached) and o.channel <> 'voice' and o.state in ('planned', 'claimed')
        order by o.id for update of o
    )
    update outreach.touches t
    set state = 'cancelled', reason = :reason, fence = t.fence + 1, settled_at = :now,
        lease_until = null
    from locked where t.id = locked.id and t.state in ('planned', 'claimed')
""")


def settle(tx: Connection, means: Means, brand: BrandRef, *, now: datetime) -> int:
    """Carry out what follows from a set of calls that ended; answers how many there were."""
    tasks = [store.task_of(tx, row) for row in tx.execute(_READY, {"now": now, "limit": _BATCH})]
    if not tasks:
        return 0
    settled = outcomes.of(tx, means, tasks, now=now)
    _tell_answers(tx, means, brand, settled, now=now)
    _write_down(tx, brand, settled, now=now)
    tx.execute(_GO, {"rows": json.dumps([_row(tx, one) for one in settled]), "now": now})
    _move_touches(tx, settled, now=now)
    called = [one for one in settled if one.task.kind == "call"]
    told = [_event(brand, one) for one in called if one.person.ref]
    intake.accept(tx, brand, told, source=OURSELVES, refused=0, now=now)
    return len(tasks)


def _tell_answers(
    tx: Connection, means: Means, brand: BrandRef, settled: Sequence[Settled], *, now: datetime
) -> None:
    """What surveys asked by agents were answered, and the cases that were chosen. Before anything
    else of these persons is written: a fact that may warn waits for others of them.
    """
    spoken = [
        Spoken(
            touch=one.task.touch_id,
            person=one.person.id,
            ref=one.person.ref,
            agent=one.call.agent,
            at=one.call.ended_at or one.call.dialled_at,
            answers=one.call.answers,
        )
        for one in settled
        if one.person.ref and isinstance(one.outcome, Over) and one.outcome.reached
    ]
    if found := answering.of(tx, means, brand, spoken, now=now):
        answers.accept(tx, brand, found, now=now)


def _write_down(
    tx: Connection, brand: BrandRef, settled: Sequence[Settled], *, now: datetime
) -> None:
    """A receipt for each call, and the word that nobody takes it back any more.

    What its agent wrote stays with the call.
    """
    rows = [
        {
            "touch_id": str(one.task.touch_id), "kind": one.ending.key,
            "at": (one.call.ended_at or now).isoformat(),
        }
        for one in settled
    ]  # fmt: skip
    tx.execute(_RECEIPTS, {"brand": brand.id, "rows": json.dumps(rows)})
    tasks, numbers = [one.task.id for one in settled], [one.call.number for one in settled]
    tx.execute(_SETTLED, {"tasks": tasks, "numbers": numbers, "now": now})


def _move_touches(tx: Connection, settled: Sequence[Settled], *, now: datetime) -> None:
    """What was reached is delivered, and what is given up has failed; needless messages go."""
    over = [(one.task.touch_id, one.outcome) for one in settled]
    end(tx, {touch: out.reason for touch, out in over if isinstance(out, Over)}, now=now)
    answered = [(one.task.touch_id, one.outcome) for one in settled if one.task.kind == "call"]
    drop_needless(
        tx, [touch for touch, out in answered if isinstance(out, Over) and out.reached], now=now
    )


def end(tx: Connection, reasons: Mapping[UUID, str | None], *, now: datetime) -> None:
    """End the touches of calls: failed for this reason, or delivered where there is none."""
    given = {"ids": list(reasons), "reasons": list(reasons.values())}
    tx.execute(_TOUCHES, given | {"now": now})


def drop_needless(tx: Connection, reached: Sequence[UUID], *, now: datetime) -> None:
    """Cancel the messages that ask what these calls have answered."""
    tx.execute(_NEEDLESS, {"reached": list(reached), "reason": ANSWERED, "now": now})


def _row(tx: Connection, one: Settled) -> dict[str, object]:
    """Where the task goes."""
    task = one.goes
    at = task.promised_at
    return {
        "id": str(task.id), "state": task.state, "due_at": task.due_at.isoformat(),
        "number": sealed.seal(tx, TASK_NUMBER, task.number, task.id),
        "other_number": sealed.seal(tx, TASK_OTHER, task.other_number, task.id),
        "language": task.language,
        "queue": task.queue, "needs": list(task.needs), "in_house": task.in_house,
        "rank": task.rank, "only_agent": task.only_agent, "promised_local": task.promised_local,
        "promised_zone": task.promised_zone, "promised_at": at.isoformat() if at else None,
    }  # fmt: skip


def _event(brand: BrandRef, one: Settled) -> Event:
    """That the call has ended, as campaigns hear of it."""
    name = f"{ids.shown(ids.TASK, one.task.id)}-{one.call.number}"
    key = f"{TYPE}:{name}"
    over = one.outcome if isinstance(one.outcome, Over) else None
    data: dict[str, object] = {
        "call": name, "task": ids.shown(ids.TASK, one.task.id), "campaign": one.task.reason,
        "disposition": one.ending.key, "means": one.ending.means, "attempt": one.call.number,
        "queue": one.call.queue, "agent": one.call.agent, "over": over is not None,
        "reached": over is not None and over.reached, "answers": dict(one.call.answers),
    }  # fmt: skip
    return Event(
        id=event_id(brand, key), type=TYPE, key=key, subject=one.person.ref,
        person_id=one.person.id, occurred_at=one.call.ended_at or one.call.dialled_at,
        source=OURSELVES, data=data,
    )  # fmt: skip
