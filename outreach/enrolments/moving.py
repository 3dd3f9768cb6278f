"""How are people under way moved to the newest version of their campaign?

By somebody's explicit choice only. What is planned is planned again, by the new version: touches
keep their ids, which come from passage and step, so none is sent twice. A step that the new version
does not have is cancelled; one that the old version did not have is planned if it is still ahead.
One that now stands behind a wait is cancelled too, and planned again when that wait is over. Waits
that are over stay over; who waits for something else now waits for that.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.campaigns import store as campaigns
from outreach.campaigns.store import Book, Version
from outreach.db.engine import BrandRef
from outreach.enrolments import candidates, store, waiting
from outreach.enrolments.candidates import Asked
from outreach.enrolments.course import Ended
from outreach.enrolments.glance import AWAITING
from outreach.enrolments.model import MOVED, Declined, Further, Live, Plan, PlannedTouch
from outreach.enrolments.plan import again
from outreach.enrolments.store import Active
from outreach.events import store as events
from outreach.people import store as people

BATCH = 500

_UNDER_WAY = text("""
    select n.id, n.campaign_id, n.person_id, n.event_id from outreach.enrolments n
    where n.campaign_id = any(:older) and n.state = 'active'
      and (exists (
        select from outreach.touches t
        where t.brand_id = n.brand_id and t.enrolment_id = n.id
          and t.state in ('planned', 'claimed')) or exists (
        select from outreach.waits w
        where w.brand_id = n.brand_id and w.enrolment_id = n.id and w.ended_at is null))
    order by n.id
""")
# Who ends a passage locks it before its touches, and so does a move: what ended since it was looked
# for is left as it is.
_STILL = text("""
    select id from outreach.enrolments where id = any(:passages) and state = 'active'
    order by id for no key update
""")
# The raised fence takes what is claimed out of its worker's hands. In order of their ids, as marks
# lock theirs. What an earlier move cancelled and this version asks for is planned again.
_REPLAN = text("""
    with locked as (
        select id from outreach.touches
        where enrolment_id = any(:passages)
          and (state in ('planned', 'claimed') or (state = 'cancelled' and reason = :moved))
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
    where t.id = locked.id and t.id = given.id
      and (t.state in ('planned', 'claimed') or (t.state = 'cancelled' and t.reason = :moved))
""")
_CANCEL = text("""
    update outreach.touches
    set state = 'cancelled', reason = :moved, fence = fence + 1, settled_at = :now,
        lease_until = null
    where enrolment_id = any(:passages) and campaign_id <> :version
      and state in ('planned', 'claimed')
""")
_TAKE_OVER = text("""
    update outreach.enrolments set campaign_id = :version where id = any(:ids) and state = 'active'
""")
_LET_GO = text("""
    update outreach.enrolments set state = 'ended', reason = :reason
    where id = any(:ids) and state = 'active'
""")


@dataclass(frozen=True, slots=True)
class Moved:
    """How many passages go on in the new version, and what became of their touches.

    `planned` are those that are new to them.
    """

    passages: int = 0
    replanned: int = 0
    cancelled: int = 0
    planned: int = 0


def move(tx: Connection, book: Book, brand: BrandRef, version: Version, *, now: datetime) -> Moved:
    """Move whoever is under way in an older version of this campaign to this one.

    Whoever the new version would not take in is let go: their passage ends with the reason `moved`.
    """
    campaigns.lock(tx, version.key)
    older = [v.id for v in book.of(tx, version.key) if v.id != version.id]
    done = [_batch(tx, brand, version, some, now=now) for some in batches(tx, older)]
    return Moved(
        sum(one.passages for one in done),
        sum(one.replanned for one in done),
        sum(one.cancelled for one in done),
        sum(one.planned for one in done),
    )


def batches(tx: Connection, older: list[UUID]) -> Iterator[list[Active]]:
    """The passages under way in these versions, in sets: those that have something open.

    Read once, as of now, while each set is dealt with.
    """
    found = tx.execute(_UNDER_WAY, {"older": older}, execution_options={"yield_per": BATCH})
    for rows in found.partitions(BATCH):
        yield [Active(*row) for row in rows]


def _batch(
    tx: Connection, brand: BrandRef, version: Version, passages: Sequence[Active], *, now: datetime
) -> Moved:
    still = set(tx.execute(_STILL, {"passages": [one.id for one in passages]}).scalars())
    plans = anew(tx, brand, version, [one for one in passages if one.id in still], now=now)
    going = {one: planned for one, planned in plans.items() if isinstance(planned, Plan)}
    rows = [_row(touch) for planned in going.values() for touch in planned.touches]
    values = {"passages": list(plans), "version": version.id, "now": now, "moved": MOVED}
    given = {"rows": json.dumps(rows), "awaiting": AWAITING}
    replanned = tx.execute(_REPLAN, values | given).rowcount
    cancelled = tx.execute(_CANCEL, values).rowcount
    gone = [passage for passage in plans if passage not in going]
    tx.execute(_TAKE_OVER, {"version": version.id, "ids": list(going)})
    tx.execute(_LET_GO, {"reason": MOVED, "ids": gone})
    new = store.add_touches(tx, brand, [_ahead(one, now=now) for one in going.values()], now=now)
    waiting.close(tx, list(plans), now=now)
    waiting.add(tx, brand, (store.coming(planned) for planned in going.values()))
    return Moved(len(going), replanned, cancelled, sum(new.values()))


def _ahead(planned: Plan, *, now: datetime) -> Further:
    """What of this plan is not over yet, should it be new to the person."""
    ahead = tuple(touch for touch in planned.touches if touch.due_at > now)
    return Further(planned.enrolment_id, planned.campaign_id, planned.person_id, ahead)


def anew(
    tx: Connection, brand: BrandRef, version: Version, passages: Sequence[Active], *, now: datetime
) -> dict[UUID, Plan | Declined]:
    """The plan of the new version for each passage, from the event that began it."""
    persons = people.by_id(tx, [passage.person_id for passage in passages])
    triggers = events.by_id(tx, [passage.event_id for passage in passages])
    live, ended = Live(version.id, version.campaign), _ended(tx, passages)
    asked = [
        Asked(live, triggers[one.event_id], persons[one.person_id], ended.get(one.id, {}))
        for one in passages
    ]
    found = candidates.gather(tx, brand, asked, now=now)
    return {
        passage.id: again(candidate, passage.id)
        for passage, candidate in zip(passages, found, strict=True)
    }


def _ended(tx: Connection, passages: Sequence[Active]) -> dict[UUID, dict[str, Ended]]:
    """How the waits of these passages ended, those that are over."""
    over = waiting.over_of(tx, [passage.id for passage in passages])
    by = events.by_id(tx, [one.by for one in over if one.by])
    found: dict[UUID, dict[str, Ended]] = {}
    for one in over:
        ended = Ended(one.at, by[one.by] if one.by else None)
        found.setdefault(one.enrolment_id, {})[one.step] = ended
    return found


def _row(touch: PlannedTouch) -> dict[str, object]:
    return {
        "id": str(touch.id),
        "step": touch.step, "channel": touch.channel, "purpose": touch.purpose,
        "priority": touch.priority, "due_at": touch.due_at.isoformat(),
        "useless_after": touch.useless_after.isoformat(), "reason": touch.reason,
    }  # fmt: skip
