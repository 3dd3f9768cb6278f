"""How are people under way moved to the newest version of their campaign?

By somebody's explicit choice only. What is planned is planned again, by the new version: touches
keep their ids, which come from passage and step, so none is sent twice. A step that the new version
does not have is cancelled; one that the old version did not have is for those who begin now.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach import ids
from outreach.campaigns import store as campaigns
from outreach.campaigns.store import Book, Version
from outreach.db.engine import BrandRef
from outreach.enrolments.evidence import evidence_of
from outreach.enrolments.glance import AWAITING
from outreach.enrolments.history import past_exits
from outreach.enrolments.model import Declined, Plan, PlannedTouch
from outreach.enrolments.plan import Candidate, Live, plan
from outreach.enrolments.store import Active
from outreach.events import store as events
from outreach.hours.places import place_of
from outreach.people import store as people

MOVED = "moved"
BATCH = 500

_NEXT = text("""
    select n.id, n.campaign_id, n.person_id, n.event_id from outreach.enrolments n
    where n.campaign_id = any(:older) and n.state = 'active' and n.id > :after
      and exists (
        select from outreach.touches t
        where t.brand_id = n.brand_id and t.enrolment_id = n.id
          and t.state in ('planned', 'claimed'))
    order by n.id limit :limit
""")
# The raised fence takes what is claimed out of its worker's hands. In order of their ids, as marks
# lock theirs.
_REPLAN = text("""
    with locked as (
        select id from outreach.touches
        where enrolment_id = any(:passages) and state in ('planned', 'claimed')
        order by id for update
    )
    update outreach.touches t
    set campaign_id = :version, step = given.step, channel = given.channel,
        purpose = given.purpose, priority = given.priority, planned_for = given.due_at,
        due_at = case when t.reason = :awaiting then given.useless_after else given.due_at end,
        useless_after = given.useless_after,
        reason = coalesce(given.reason, case when t.reason = :awaiting then :awaiting end),
        state = cast(case when given.reason is null then 'planned' else 'skipped' end
                     as outreach.touch_state),
        settled_at = case when given.reason is not null then cast(:now as timestamptz) end,
        fence = t.fence + 1, lease_until = null
    from locked, jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, step smallint, channel text, purpose text, priority smallint,
        due_at timestamptz, useless_after timestamptz, reason text)
    where t.id = locked.id and t.id = given.id and t.state in ('planned', 'claimed')
""")
_CANCEL = text("""
    update outreach.touches
    set state = 'cancelled', reason = :reason, fence = fence + 1, settled_at = :now,
        lease_until = null
    where enrolment_id = any(:passages) and campaign_id <> :version
      and state in ('planned', 'claimed')
""")
_TAKE_OVER = text("update outreach.enrolments set campaign_id = :version where id = any(:ids)")
_LET_GO = text("""
    update outreach.enrolments set state = 'ended', reason = :reason where id = any(:ids)
""")


@dataclass(frozen=True, slots=True)
class Moved:
    """How many passages go on in the new version, and what became of their touches."""

    passages: int = 0
    replanned: int = 0
    cancelled: int = 0


def move(tx: Connection, book: Book, brand: BrandRef, version: Version, *, now: datetime) -> Moved:
    """Move whoever is under way in an older version of this campaign to this one.

    Whoever the new version would not take in is let go: their passage ends with the reason `moved`.
    """
    campaigns.lock(tx, version.key)
    older = [v.id for v in book.of(tx, version.key) if v.id != version.id]
    done = [_batch(tx, brand, version, some, now=now) for some in _batches(tx, older)]
    return Moved(
        sum(one.passages for one in done),
        sum(one.replanned for one in done),
        sum(one.cancelled for one in done),
    )


def _batches(tx: Connection, older: list[UUID]) -> Iterator[list[Active]]:
    after = UUID(int=0)
    while True:
        found = tx.execute(_NEXT, {"older": older, "after": after, "limit": BATCH})
        if not (passages := [Active(*row) for row in found]):
            return
        yield passages
        after = passages[-1].id


def _batch(
    tx: Connection, brand: BrandRef, version: Version, passages: Sequence[Active], *, now: datetime
) -> Moved:
    plans = _plans(tx, brand, version, passages)
    rows = [
        _row(version, passage, touch)
        for passage, planned in plans.items()
        if isinstance(planned, Plan)
        for touch in planned.touches
    ]
    values = {"passages": list(plans), "version": version.id, "now": now, "reason": MOVED}
    given = {"rows": json.dumps(rows), "awaiting": AWAITING}
    replanned = tx.execute(_REPLAN, values | given).rowcount
    cancelled = tx.execute(_CANCEL, values).rowcount
    gone = [passage for passage, planned in plans.items() if isinstance(planned, Declined)]
    kept = [passage for passage in plans if passage not in set(gone)]
    tx.execute(_TAKE_OVER, {"version": version.id, "ids": kept})
    tx.execute(_LET_GO, {"reason": MOVED, "ids": gone})
    return Moved(len(kept), replanned, cancelled)


def _plans(
    tx: Connection, brand: BrandRef, version: Version, passages: Sequence[Active]
) -> dict[UUID, Plan | Declined]:
    """The plan of the new version for each passage, from the event that began it."""
    persons = people.by_id(tx, [passage.person_id for passage in passages])
    triggers = events.by_id(tx, [passage.event_id for passage in passages])
    live = Live(version.id, version.campaign)
    ended = past_exits(tx, [version.campaign], list(persons))
    return {
        passage.id: plan(
            Candidate(
                brand=brand.key,
                live=live,
                event=triggers[passage.event_id],
                person=persons[passage.person_id],
                zones=place_of(evidence_of(persons[passage.person_id])).zones,
                past_exits=ended.get(passage.person_id, ()),
            )
        )
        for passage in passages
    }


def _row(version: Version, passage: UUID, touch: PlannedTouch) -> dict[str, object]:
    step = version.campaign.steps[touch.step]
    return {
        "id": str(ids.derived(ids.TOUCH, passage, step.key)),
        "step": touch.step, "channel": touch.channel, "purpose": touch.purpose,
        "priority": touch.priority, "due_at": touch.due_at.isoformat(),
        "useless_after": touch.useless_after.isoformat(), "reason": touch.reason,
    }  # fmt: skip
