"""Where are passages and their touches kept?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.db.engine import BrandRef
from outreach.enrolments import rows, waiting
from outreach.enrolments.model import MOVED, Declined, Further, Plan
from outreach.enrolments.waiting import Coming

_ENROL = text(f"""
    insert into outreach.enrolments
        (brand_id, id, campaign_id, person_id, event_id, state, planned, reason, detail, created_at)
    select :brand, id, campaign_id, person_id, event_id, cast(state as outreach.enrolment_state),
           planned, reason, detail, :now
    from {rows.PASSAGES.table} order by id
    on conflict (brand_id, id) do nothing
    returning id
""")
# What waits for somebody's word wakes at its last useful moment, to be dropped, as every hold does
# that has no end of its own.
# Touches come with their enrolment or with the end of a wait; what was planned once stays as it is.
_PLAN = text(f"""
    insert into outreach.touches
        (brand_id, id, enrolment_id, campaign_id, person_id, step, channel, purpose, priority,
         state, planned_for, due_at, useless_after, settled_at, reason)
    select :brand, id, enrolment_id, campaign_id, person_id, step,
           channel, purpose, priority,
           cast(case when reason is null then 'planned' else 'skipped' end as outreach.touch_state),
           due_at, case when held is null then due_at else useless_after end, useless_after,
           case when reason is not null then :now end, coalesce(reason, held)
    from {rows.TOUCHES.table}
    on conflict (brand_id, id) do nothing
    returning enrolment_id
""")
# What a move had cancelled, for a wait stood before it or the passage went another way: of what was
# planned once this alone is planned again. The fence stays above that of whoever held it then.
_TAKE_UP = text(f"""
    with moved as (
        select id from outreach.touches
        where id in (select id from {rows.TOUCHES.table})
          and state = 'cancelled' and reason = '{MOVED}'
        order by id for update
    )
    update outreach.touches t
    set campaign_id = given.campaign_id, step = given.step, channel = given.channel,
        purpose = given.purpose, priority = given.priority, planned_for = given.due_at,
        due_at = case when given.held is null then given.due_at else given.useless_after end,
        useless_after = given.useless_after, reason = coalesce(given.reason, given.held),
        state = cast(case when given.reason is null then 'planned' else 'skipped' end
                     as outreach.touch_state),
        settled_at = case when given.reason is not null then cast(:now as timestamptz) end
    from moved, {rows.TOUCHES.table} given
    where t.id = moved.id and given.id = t.id and t.state = 'cancelled' and t.reason = '{MOVED}'
""")
_COUNT_IN = text("""
    update outreach.enrolments n set planned = n.planned + given.many
    from unnest(cast(:ids as uuid[]), cast(:many as int[])) as given(id, many)
    where n.id = given.id
""")
_ACTIVE = text("""
    select id, campaign_id, person_id, event_id from outreach.enrolments
    where person_id = any(:people) and state = 'active'
""")
_BEGUN = text("""
    select c.key, n.person_id, n.event_id, e.occurred_at
    from outreach.enrolments n
    join outreach.campaigns c on c.brand_id = n.brand_id and c.id = n.campaign_id
    join outreach.events e on e.brand_id = n.brand_id and e.id = n.event_id
    where n.person_id = any(:people) and c.key = any(:keys) and n.state <> 'declined'
""")
# Locked in order of their ids, as moves lock theirs. Who refuses or is erased ends passages without
# their campaign's lock, which a long move holds, and must not wait with one in a circle.
_ENDED = text("""
    select t.id, coalesce(n.reason, 'ended') as reason from outreach.touches t
    join outreach.enrolments n on n.brand_id = t.brand_id and n.id = t.enrolment_id
    where t.id = any(:touches) and n.state = 'ended'
""")
_END = text("""
    with locked as (
        select id from outreach.enrolments where id = any(:ids) and state = 'active'
        order by id for no key update
    )
    update outreach.enrolments set state = 'ended', reason = given.reason
    from locked join (
        select unnest(cast(:ids as uuid[])) as id, unnest(cast(:reasons as text[])) as reason) given
        on given.id = locked.id
    where enrolments.id = locked.id and state = 'active'
    returning enrolments.id
""")
# Also what a worker has claimed: the raised fence takes it out of that worker's hands. Locked in
# order of their ids, as marks lock theirs, so that the two never wait in a circle. A statement of
# its own after `_END`, so that it sees what was put back while that one waited.
_CANCEL = text("""
    with locked as (
        select t.id, n.reason from outreach.touches t
        join outreach.enrolments n on n.brand_id = t.brand_id and n.id = t.enrolment_id
        where n.id = any(:ids) and t.state in ('planned', 'claimed')
        order by t.id for update of t
    )
    update outreach.touches t
    set state = 'cancelled', reason = locked.reason, fence = t.fence + 1, settled_at = :now,
        lease_until = null
    from locked where t.id = locked.id and t.state in ('planned', 'claimed')
    returning t.id
""")


@dataclass(frozen=True, slots=True)
class Active:
    """A passage under way."""

    id: UUID
    campaign_id: UUID
    person_id: UUID
    event_id: UUID


def add(
    tx: Connection, brand: BrandRef, plans: Sequence[Plan | Declined], *, now: datetime
) -> list[Plan]:
    """Store passages that are new, with their touches; answers the plans that began.

    Of several for one passage (two events of someone who may pass once) the first begins it.
    """
    first = {p.enrolment_id: p for p in reversed(plans)}
    if not first:
        return []
    rows.PASSAGES.hand_over(tx, map(rows.passage, first.values()))
    stored = tx.execute(_ENROL, {"brand": brand.id, "now": now})
    # Nearly always all are, and nobody has to ask which.
    began = first.keys() if stored.rowcount == len(first) else set(stored.scalars())
    new = [p for p in first.values() if isinstance(p, Plan) and p.enrolment_id in began]
    _plan(tx, brand, new, now=now)
    waiting.add(tx, brand, (coming(p) for p in new if p.waits))
    return new


def _plan(
    tx: Connection, brand: BrandRef, planned: Sequence[Plan | Further], *, now: datetime
) -> Iterable[UUID]:
    """Store these touches; answers the passage of each that is new, read where somebody asks."""
    if not any(one.touches for one in planned):
        return ()
    rows.TOUCHES.hand_over(tx, (row for one in planned for row in rows.touches(one)))
    return tx.execute(_PLAN, {"brand": brand.id, "now": now}).scalars()


def coming(plan: Plan) -> Coming:
    """The waits to which this passage comes."""
    return Coming(plan.enrolment_id, plan.campaign_id, plan.person_id, plan.waits)


def add_touches(
    tx: Connection, brand: BrandRef, further: Sequence[Further], *, now: datetime
) -> dict[UUID, int]:
    """Plan more in passages under way; answers how many touches are new, by passage.

    They are counted among the candidates of their passage. What a move had cancelled is planned
    again, and was counted then.
    """
    new = Counter(_plan(tx, brand, further, now=now))
    if new.total() < sum(len(one.touches) for one in further):
        tx.execute(_TAKE_UP, {"now": now})
    if new:
        tx.execute(_COUNT_IN, {"ids": list(new), "many": list(new.values())})
    return dict(new)


def active_of(tx: Connection, people: Sequence[UUID]) -> list[Active]:
    """The passages that these persons are on."""
    return [Active(*row) for row in tx.execute(_ACTIVE, {"people": list(people)}).all()]


def begun(
    tx: Connection, keys: Sequence[str], people: Sequence[UUID]
) -> dict[tuple[str, UUID], dict[UUID, datetime]]:
    """When passages of these campaigns began, by campaign, person and event."""
    found: dict[tuple[str, UUID], dict[UUID, datetime]] = {}
    for row in tx.execute(_BEGUN, {"keys": list(keys), "people": list(people)}):
        found.setdefault((row.key, row.person_id), {})[row.event_id] = row.occurred_at
    return found


def ended(tx: Connection, touches: Sequence[UUID]) -> dict[UUID, str]:
    """What ended the passages of those of these touches whose passage was ended."""
    return {row.id: row.reason for row in tx.execute(_ENDED, {"touches": list(touches)})}


def end(tx: Connection, reasons: dict[UUID, str], *, now: datetime) -> int:
    """End these passages and cancel what is planned in them; answers how many touches."""
    if not reasons:
        return 0
    values = {"ids": list(reasons), "reasons": list(reasons.values())}
    ended = [row.id for row in tx.execute(_END, values)]
    waiting.close(tx, ended, now=now)
    return len(tx.execute(_CANCEL, {"ids": ended, "now": now}).all())
