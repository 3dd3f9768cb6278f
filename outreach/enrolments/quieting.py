"""Which clocks are set anew by new events, and what begins when one has run down?

A clock is a wait before a passage: a row among the waits under an id of its own, so that the same
look finds both. Each event of the trigger sets it anew, unless one that happened later has. It says
when to look; what is decided then is read from the events. A version that is paused or has been
replaced finishes the clocks that it set, as it finishes passages.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.campaigns import store as campaigns
from outreach.campaigns.lifecycle import State
from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.enrolments import candidates, glance, in_turn, quiet, store, waiting
from outreach.enrolments.candidates import Asked
from outreach.enrolments.model import Live
from outreach.enrolments.waiting import CLOCK, Over, Waiting
from outreach.events import store as events
from outreach.events.model import Event
from outreach.people import store as people
from outreach.records import trades

BATCH = 500

_SET = text("""
    insert into outreach.waits
        (brand_id, enrolment_id, step, campaign_id, person_id, event_type, began_at, due_at)
    select :brand, enrolment_id, :step, campaign_id, person_id, event_type, began_at, due_at
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        enrolment_id uuid, campaign_id uuid, person_id uuid, event_type text,
        began_at timestamptz, due_at timestamptz)
    order by enrolment_id
    on conflict (brand_id, enrolment_id, step) do update
    set campaign_id = excluded.campaign_id, began_at = excluded.began_at,
        due_at = excluded.due_at, ended_at = null, ended_by = null
    where waits.began_at < excluded.began_at
""")


@dataclass(frozen=True, slots=True)
class Set:
    """A clock, the version that waits for it, and the event that set it last."""

    id: UUID
    live: Live
    event: Event


def by_events(
    tx: Connection, brand: BrandRef, live: Sequence[Live], known: Sequence[Event]
) -> None:
    """Set the clocks of these events, where none that happened later has set them."""
    newest: dict[UUID, Set] = {}
    quietly = [one for one in live if quiet.asked_for(one.campaign.trigger)]
    for event in sorted(known, key=quiet.in_order) if quietly else ():
        for one in quietly:
            if quiet.waits(one.campaign.trigger, event):
                clock = quiet.clock_of(brand.key, one.campaign.key, event)
                newest[clock] = Set(clock, one, event)
    _set(tx, brand, newest.values())


def by_time(tx: Connection, book: campaigns.Book, brand: BrandRef, *, now: datetime) -> int:
    """Begin the passages whose clocks have run down; those of persons in other hands are left."""
    late = waiting.ran_out(tx, now=now, limit=BATCH, clocks=True)
    if not late:
        return 0
    free = people.take(tx, late)
    over = [one for one in waiting.open_of(tx, list(free), clocks=True) if one.due_at <= now]
    clocks = _as_it_happened(tx, book, brand, over)
    over = [one for one in over if one.enrolment_id in clocks]
    down = [one for one in over if clocks[one.enrolment_id].event.occurred_at <= one.began_at]
    _set(tx, brand, (clocks[one.enrolment_id] for one in over if one not in down))
    _begin(tx, brand, [clocks[one.enrolment_id] for one in down], now=now)
    waiting.end(tx, [Over(one.enrolment_id, CLOCK, one.due_at, None) for one in down])
    return len(over)


def _as_it_happened(
    tx: Connection, book: campaigns.Book, brand: BrandRef, over: Sequence[Waiting]
) -> dict[UUID, Set]:
    """Each clock as the events say it stands, since a campaign that was paused has set none.

    Those of a campaign that has ended meanwhile are left out.
    """
    versions = book.shared(tx, [one.campaign_id for one in over])
    types = sorted({one.event_type for one in over})
    found = events.of_types(tx, list({one.person_id for one in over}), types)
    newest = {
        quiet.clock_of(brand.key, key, event): event
        for event in sorted(found, key=quiet.in_order)
        for key in {version.key for version in versions.values()}
    }
    return {
        one.enrolment_id: Set(
            one.enrolment_id, _live(versions[one.campaign_id]), newest[one.enrolment_id]
        )
        for one in over
        if versions[one.campaign_id].state != State.ENDED
    }


def _live(version: Version) -> Live:
    return Live(version.id, version.campaign, version.stage)


def _set(tx: Connection, brand: BrandRef, clocks: Iterable[Set]) -> None:
    if rows := [_row(clock) for clock in clocks]:
        tx.execute(_SET, {"brand": brand.id, "step": CLOCK, "rows": json.dumps(rows)})


def _begin(tx: Connection, brand: BrandRef, clocks: Sequence[Set], *, now: datetime) -> None:
    if not clocks:
        return
    known = trades.with_orders(tx, [clock.event for clock in clocks])
    persons = people.by_id(tx, [event.person_id for event in known])
    asked = [
        Asked(clock.live, event, persons[event.person_id])
        for clock, event in zip(clocks, known, strict=True)
    ]
    plans = in_turn.plans(candidates.gather(tx, brand, asked, now=now))
    live = {clock.live.id: clock.live for clock in clocks}
    store.add(tx, brand, glance.limited(tx, list(live.values()), plans), now=now)


def _row(clock: Set) -> dict[str, object]:
    return {
        "enrolment_id": str(clock.id), "campaign_id": str(clock.live.id),
        "person_id": str(clock.event.person_id), "event_type": clock.event.type,
        "began_at": clock.event.occurred_at.isoformat(),
        "due_at": quiet.until(clock.live.campaign.trigger, clock.event).isoformat(),
    }  # fmt: skip
