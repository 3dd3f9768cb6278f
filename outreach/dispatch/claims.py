"""Which touches does a worker take, and for how long are they its own?

A claim raises the touch's fence, and every later write carries the number: a worker that lost its
lease changes nothing. Leases live on the database's clock; `now` is the application's.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from optout.model import Channel, Purpose
from outreach.brands import store as brands
from outreach.dispatch.model import Touch

_CHANNELS = {channel.value: channel for channel in Channel}
_PURPOSES = {purpose.value: purpose for purpose in Purpose}
_COLUMNS = """id, enrolment_id, campaign_id, person_id, step, channel, purpose, priority, state,
    fence, planned_for, due_at, useless_after, reason"""
# By person, so that whoever holds a person has all that is due for them, on whatever channel. Those
# whom another worker holds are passed over, so workers never wait for each other; what a paused
# campaign has due stays where it is. Arrays, and the state said twice, so that the index by person
# is used whatever the planner guesses of a table of which it knows little.
#
# News of an order has an index of its own and is taken beside the oldest of all else, so that it
# never waits for a campaign of hundreds of thousands to be worked off, nor keeps one waiting
# (docs/decisions/0039).
_OLDEST = """
        select t.person_id from outreach.touches t
        join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
        where t.channel = :channel and t.state = 'planned' and t.due_at <= :now {only}
          and t.campaign_id not in (select id from outreach.campaigns where state = 'paused')
        order by t.due_at limit :limit for no key update of p skip locked
"""
_TAKE = f"""
    , due as (
        select id from outreach.touches
        where person_id = any(array(select person_id from taken))
          and state in ('planned', 'claimed', 'calling') and state::text = 'planned'
          and due_at <= :now
          and campaign_id not in (select id from outreach.campaigns where state = 'paused')
        order by id for update skip locked
    )
    update outreach.touches t
    set state = 'claimed', fence = t.fence + 1, lease_until = now() + :lease
    where t.id = any(array(select id from due))
    returning {", ".join("t." + name.strip() for name in _COLUMNS.split(","))}
"""
_URGENT = _OLDEST.format(only="and t.purpose = 'transactional'")
_CLAIM = text(f"""
    with urgent as ({_URGENT}), oldest as ({_OLDEST.format(only="")}), taken as (
        select person_id from urgent union select person_id from oldest
    ) {_TAKE}
""")
_CLAIM_NEWS = text(f"with taken as ({_URGENT}) {_TAKE}")
_SIBLINGS = text(f"""
    select {_COLUMNS} from outreach.touches
    where person_id = any(:people) and state in ('planned', 'claimed', 'calling')
      and due_at <= :now and id <> all(:known)
      and campaign_id not in (select id from outreach.campaigns where state = 'paused')
""")
_GET = text(f"select {_COLUMNS} from outreach.touches where id = any(:ids)")
_LOCK_CAMPAIGNS = text("""
    select id from outreach.campaigns where id = any(:ids) and state <> 'paused'
    order by key, version desc for share
""")
_LOCK_PERSONS = text("""
    select id from outreach.persons where id = any(:ids) order by id for no key update
""")
_LOCK_TOUCHES = text("""
    select id from outreach.touches where id = any(:ids) order by id for update
""")
# Nor does it where the database was promoted meanwhile: what is claimed there is looked at anew.
_BRAND_GOES_ON = text(f"""
    select not stopped and lineage in ('', {brands.HERE}) from outreach.brands for share
""")


def claim_due(
    tx: Connection,
    *,
    channel: Channel,
    now: datetime,
    limit: int,
    lease: timedelta,
    news: bool = False,
) -> list[Touch]:
    """Take those with something due on this channel, and all that is due for them on any.

    The oldest `limit` touches of the channel say whom, and as many with news of an order; with
    `news` these alone. It is theirs for the length of a lease; the fence goes up. News comes first,
    then the oldest.
    """
    values = {"channel": channel, "now": now, "limit": limit, "lease": lease}
    claimed = [_touch(row) for row in tx.execute(_CLAIM_NEWS if news else _CLAIM, values)]
    return sorted(claimed, key=_turn)


def _turn(touch: Touch) -> tuple[bool, datetime, UUID]:
    return touch.purpose is not Purpose.TRANSACTIONAL, touch.due_at, touch.id


def siblings(tx: Connection, touches: Sequence[Touch], *, now: datetime) -> list[Touch]:
    """What else is due for the persons of these touches on any channel, whoever holds it."""
    values = {
        "people": list({touch.person_id for touch in touches}),
        "known": [touch.id for touch in touches], "now": now,
    }  # fmt: skip
    return [_touch(row) for row in tx.execute(_SIBLINGS, values)]


def get(tx: Connection, touches: Sequence[UUID]) -> dict[UUID, Touch]:
    return {row.id: _touch(row) for row in tx.execute(_GET, {"ids": list(touches)})}


def lock_going_on(
    tx: Connection, campaigns: Sequence[UUID], people: Sequence[UUID]
) -> frozenset[UUID]:
    """Lock brand, campaigns and persons in this order; answers the campaigns that may go on."""
    if not tx.execute(_BRAND_GOES_ON).scalar_one():
        return frozenset()
    going = frozenset(row.id for row in tx.execute(_LOCK_CAMPAIGNS, {"ids": list(campaigns)}))
    if people:
        tx.execute(_LOCK_PERSONS, {"ids": list(people)})
    return going


def lock(tx: Connection, touches: Sequence[UUID]) -> None:
    """Lock these touches in order of their ids, as whoever cancels them does."""
    tx.execute(_LOCK_TOUCHES, {"ids": list(touches)})


def _touch(row: Row[Any]) -> Touch:
    """Read by place: `_COLUMNS` stand in the order of `Touch`."""
    id_, enrolment, campaign, person, step, channel, purpose, *rest = tuple(row)
    return Touch(
        id_, enrolment, campaign, person, step, _CHANNELS[channel], _PURPOSES[purpose], *rest
    )
