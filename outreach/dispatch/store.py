"""Where does a touch go after its claim or its call, and what was said of it?

Every statement works on a set, names the states from which it moves a touch, and carries the fence
that the claim raised.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.db.given import Given
from outreach.dispatch import begun, contacts
from outreach.dispatch.digests import Digests
from outreach.dispatch.model import Facts, Hold, Send, Skip, Verdict

# For so long a call may still arrive at a provider, however it ended here.
PATIENCE = timedelta(seconds=60)
_GIVEN = """jsonb_to_recordset(cast(:rows as jsonb)) as given(
    id uuid, fence integer, state text, due_at timestamptz, reason text)"""
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
# From `uncertain` too: the reaper may have been faster than an answer that came after all. It then
# ends there; back to waiting it never goes, since somebody may have begun to look into it. What is
# uncertain is looked into when its lease has run out.
_SETTLE = text(f"""
    update outreach.touches t
    set state = cast(given.state as outreach.touch_state),
        due_at = coalesce(given.due_at, t.due_at),
        reason = given.reason,
        lease_until = case when given.state = 'uncertain' then now() + :patience end,
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
_JUDGED = Given(
    "verdicts",
    {
        "touch_id": "uuid", "at": "timestamptz", "verdict": "text", "reason": "text",
        "until": "timestamptz", "pack": "text", "facts": "bytea", "because": "text",
    },
)  # fmt: skip
_VERDICTS = text(f"""
    insert into outreach.verdicts
        (brand_id, touch_id, at, stage, verdict, reason, until, pack, facts, because)
    select :brand, touch_id, at, cast(:stage as outreach.stage),
           cast(verdict as outreach.verdict), reason, until, pack, facts, cast(because as jsonb)
    from {_JUDGED.table}
""")


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a touch goes: its new state, and when and why if it waits."""

    id: UUID
    fence: int
    state: str
    reason: str | None = None
    due_at: datetime | None = None


def move(tx: Connection, moves: Sequence[Moved], *, now: datetime) -> set[UUID]:
    """Let claimed touches go, or end them; answers those that were still this claim's."""
    return _moved(tx, _MOVE, moves, now)


def settle(
    tx: Connection, moves: Sequence[Moved], *, now: datetime, patience: timedelta = PATIENCE
) -> set[UUID]:
    """Move touches out of their call; answers those that were still this call's.

    What is uncertain is not looked into before `patience` is over.
    """
    settled = _moved(tx, _SETTLE, moves, now, patience=patience)
    end_with_passage(tx, [m.id for m in moves if m.state == "planned" and m.id in settled], now=now)
    return settled


def end_with_passage(tx: Connection, back: Sequence[UUID], *, now: datetime) -> None:
    """Cancel those of these touches, back from a call unsent, whose passage ended meanwhile."""
    if back:
        tx.execute(_END_WITH_PASSAGE, {"ids": list(back), "now": now})


def take_back(tx: Connection, touches: Sequence[UUID], *, now: datetime) -> int:
    """Put marked touches back whose call has not begun, or end them with their passage.

    None of them after a promotion, before stock was taken (`lineage`): that a call began may be
    among what is missing.
    """
    if not touches or brands.stands_elsewhere(tx):
        return 0
    back = begun.take_back(tx, touches, now=now)
    contacts.take_back(tx, touches)
    end_with_passage(tx, back, now=now)
    return len(back)


def write_verdicts(
    tx: Connection, brand: BrandRef, stage: str, judged: Mapping[UUID, tuple[Facts, Verdict]]
) -> None:
    """Add lines to the ledger of verdicts."""
    if judged:
        digests = Digests()
        rows = [_verdict(facts, said, digests.of(facts)) for facts, said in judged.values()]
        _JUDGED.hand_over(tx, rows)
        tx.execute(_VERDICTS, {"brand": brand.id, "stage": stage})


def _moved(
    tx: Connection,
    statement: TextClause,
    moves: Sequence[Moved],
    now: datetime,
    **more: object,
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
    values = {"rows": json.dumps(rows), "now": now, **more}
    return {row.id for row in tx.execute(statement, values)}


def _verdict(facts: Facts, said: Verdict, digest: bytes) -> tuple[object, ...]:
    because = {} if isinstance(said, Send) else said.because
    return (
        facts.touch.id, facts.now, {Send: "send", Hold: "hold", Skip: "skip"}[type(said)],
        None if isinstance(said, Send) else str(said.reason),
        said.until if isinstance(said, Hold) else None, facts.pack, digest,
        json.dumps(because) if because else None,
    )  # fmt: skip
