"""Who is among the first few of a careful start, and waits until somebody has looked?

The first passages of such a version begin, and their touches wait with the reason
`awaiting_glance`. Whoever comes after them is left out until the release: a mistake then has
reached nobody. They wait from the plan on, and not at the gate: a gate judges one touch at its last
instant, and which passages are the first is a question about all of them when they begin.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from outreach import ids
from outreach.enrolments.model import Declined, Live, Plan
from outreach.enrolments.plan import RAMP

AWAITING = "awaiting_glance"

# Two workers that plan for one version take turns, or both would fill the same places. A row of
# the campaign cannot be locked for that: marks hold it and wait for persons, whom we hold.
_TAKE_TURNS = text("""
    select pg_advisory_xact_lock(hashtextextended(id::text, 0))
    from unnest(cast(:ids as uuid[])) as id order by id
""")
_TAKEN = text("""
    select c.id, count(n.id) as taken from outreach.campaigns c
    left join outreach.enrolments n
      on n.brand_id = c.brand_id and n.campaign_id = c.id and n.state <> 'declined'
      and n.created_at >= c.activated_at
    where c.id = any(:ids) group by c.id
""")
_KNOWN = text("select id from outreach.enrolments where id = any(:ids)")


def limited(
    tx: Connection, live: Sequence[Live], plans: Sequence[Plan | Declined]
) -> list[Plan | Declined]:
    """The same plans, where the first of a careful start wait, and those after them are left out.

    Reads only for versions that are at their first glance.
    """
    first = {
        one.id: ramp.first
        for one in live
        if (ramp := one.campaign.ramp) is not None and one.stage == "glance"
    }
    if not first:
        return list(plans)
    ours = [plan.enrolment_id for plan in plans if plan.campaign_id in first]
    if not ours:
        return list(plans)
    tx.execute(_TAKE_TURNS, {"ids": sorted(first)})
    taken = {row.id: row.taken for row in tx.execute(_TAKEN, {"ids": list(first)})}
    known = {row.id for row in tx.execute(_KNOWN, {"ids": ours})}
    room = {id_: first[id_] - taken[id_] for id_ in first}
    return list(placed(plans, room=room, known=known))


def placed(
    plans: Sequence[Plan | Declined], *, room: Mapping[UUID, int], known: Iterable[UUID]
) -> Iterator[Plan | Declined]:
    """Give out the places of each version in the order of the plans; known passages take none."""
    left, inside = dict(room), set(known)
    for plan in plans:
        if isinstance(plan, Declined) or plan.campaign_id not in left:
            yield plan
            continue
        if plan.enrolment_id not in inside and left[plan.campaign_id] > 0:
            left[plan.campaign_id] -= 1
            inside.add(plan.enrolment_id)
        yield _waiting(plan) if plan.enrolment_id in inside else _left_out(plan)


def _waiting(plan: Plan) -> Plan:
    held = (touch if touch.reason else touch._replace(held=AWAITING) for touch in plan.touches)
    return plan._replace(touches=tuple(held))


def _left_out(plan: Plan) -> Declined:
    # An id of its own: another event of this person's may still begin the passage.
    id_ = ids.derived(ids.ENROLMENT, plan.enrolment_id, "declined", plan.event_id)
    detail = "the first few wait for somebody's glance"
    return Declined(id_, plan.campaign_id, plan.person_id, plan.event_id, RAMP, detail)
