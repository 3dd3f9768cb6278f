"""Which touches are the newest, of a state, reason or campaign where somebody asks for one?

There is no index of what was sent by when, as each touch would have to carry it. So the newest are
looked for where they can be: among the last judgements, at the ends of the indexes of what is due,
in the air, in doubt and of each reason, and among those of the campaign. Of each `LOOKED_AT` rows
are read at most, however many touches there are. Exports find what is older than all of these.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Row, text

from optout.model import Channel
from outreach.reports import unsent

LOOKED_AT = 500
"""How many rows of each index are looked at, and the most that can be asked for."""

_CHANNELS = [channel.value for channel in Channel]
# Of a touch `t`, as lists show it.
_SHOWN = """
    t.id, c.key as campaign, t.channel, t.state::text, t.reason, t.due_at, t.settled_at, p.ref"""
_WHOSE = """
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id"""
# Each judgement of a touch is a line with a number of its own; what is due next stands behind them.
_HAPPENED = text(f"""
    with judged as (
        select v.touch_id as id, max(v.id) as last from (
            select id, touch_id from outreach.verdicts order by id desc limit :looked_at) v
        group by 1 order by 2 desc limit :limit
    ), soon as (
        select few.id, 0 as last from unnest(cast(:channels as text[])) as ch(channel)
        cross join lateral (
            select t.id from outreach.touches t
            where t.channel = ch.channel and t.state = 'planned' order by t.due_at limit :limit) few
    ), seen as (
        select id, max(last) as last
        from (select * from judged union all select * from soon) both_of group by 1
    )
    select {_SHOWN}
    from seen join outreach.touches t on t.id = seen.id {_WHOSE}
    order by seen.last desc, t.due_at, t.id limit :limit
""")
# One arm an index, each read from its end. Without an order, a limit may read the whole table.
_JUDGED = "select v.touch_id as id from outreach.verdicts v order by v.id desc limit :looked_at"
_OF_CHANNELS = """
    select few.id from unnest(cast(:channels as text[])) as ch(channel)
    cross join lateral (
        select t.id from outreach.touches t
        where t.channel = ch.channel and t.state = '{state}'
        order by t.{by} desc limit :looked_at) few"""
_DUE = _OF_CHANNELS.format(state="planned", by="due_at")
_IN_AIR = """
    select t.id from outreach.touches t where t.state in ('claimed', 'calling')
    order by t.lease_until desc limit :looked_at"""
_IN_DOUBT = _OF_CHANNELS.format(state="uncertain", by="lease_until")
# What is held has a reason and is not settled: it stands first when the latest is.
_BY_REASON = """
    select few.id from unnest(cast(:reasons as text[])) as told(reason)
    cross join lateral (
        (select t.id from outreach.touches t
         where t.reason = told.reason and t.settled_at is not null
         order by t.settled_at desc, t.id desc limit :looked_at)
        union all
        (select t.id from outreach.touches t
         where t.reason = told.reason and t.settled_at is null
         order by t.settled_at desc, t.id desc limit :looked_at)) few"""
_OF_CAMPAIGN = """
    select few.id from outreach.campaigns c
    cross join lateral (
        select t.id from outreach.touches t where t.campaign_id = c.id
        order by t.campaign_id, t.state limit :looked_at) few
    where c.key = :campaign"""
_ARMS = (_JUDGED, _DUE, _IN_AIR, _IN_DOUBT, _BY_REASON, _OF_CAMPAIGN)
# Looked up by their ids, and not by the campaign that is asked for, of which there may be millions.
_WANTED = text(f"""
    with looked as ({" union ".join(f"({arm})" for arm in _ARMS)})
    select {_SHOWN}
    from looked
    cross join lateral (select * from outreach.touches t where t.id = looked.id offset 0) t {_WHOSE}
    where (cast(:state as text) is null or t.state::text = :state)
      and (cast(:reason as text) is null or t.reason = :reason)
      and (cast(:campaign as text) is null or c.key = :campaign)
    order by coalesce(t.settled_at, t.due_at) desc, t.id limit :limit
""")

Rows = tuple[dict[str, object], ...]


def happened(tx: Connection, *, limit: int = 50) -> Rows:
    """What was judged last, newest first, and behind it what is due next."""
    bound = {"looked_at": LOOKED_AT, "channels": _CHANNELS, "limit": limit}
    return _rows(tx.execute(_HAPPENED, bound))


def touches(
    tx: Connection,
    *,
    state: str | None = None,
    reason: str | None = None,
    campaign: str | None = None,
    limit: int = 50,
) -> Rows:
    """The newest touches, of this state, reason and campaign where given; two statements.

    By when they were settled, or else are due. Where nothing is asked of them, what `happened`.
    """
    if (state, reason, campaign) == (None, None, None):
        return happened(tx, limit=limit)
    reasons = unsent.reasons(tx) if reason is None else [reason]
    wanted = {
        "state": state, "reason": reason, "campaign": campaign, "limit": limit,
        "channels": _CHANNELS, "reasons": reasons, "looked_at": LOOKED_AT,
    }  # fmt: skip
    return _rows(tx.execute(_WANTED, wanted))


def _rows(result: Iterable[Row[tuple[object, ...]]]) -> Rows:
    return tuple(row._asdict() for row in result)
