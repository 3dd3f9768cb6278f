"""Which replies does a lead look at, and how well were they understood?

Drawn and scored as calls are (`quality`): by a hash of the sample's name, each once a scorecard.
A reply belongs to the campaign of the last contact before it on its channel.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach import ids
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import REPLY_SCORE_NOTE, REPLY_TEXT

# Several persons may have one address: what they wrote is one reply, to whoever was written to.
_CAMPAIGN = """
    left join lateral (
        select c.key from outreach.replies one
        join outreach.attempts a on a.brand_id = one.brand_id and a.person_id = one.person_id
        join outreach.touches t on t.brand_id = a.brand_id and t.id = a.touch_id
        join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
        where one.brand_id = r.brand_id and one.id = r.id and a.channel = r.channel
          and a.started_at <= r.at and a.outcome is distinct from 'refused'
        order by a.started_at desc limit 1
    ) answered on true
"""
# Unless a campaign is asked for, it is looked up for the drawn ones alone.
_SAMPLE = text(f"""
    with fitting as (
        select distinct on (r.id) r.*
        from outreach.replies r
        where r.at >= :since and r.text <> ''
          and (cast(:intent as text) is null or r.intent = :intent)
          and (cast(:channel as text) is null or r.channel = :channel)
          and not exists (
              select from outreach.reply_scores s where s.brand_id = r.brand_id
                and s.scorecard = :card and s.reply_id = r.id)
        order by r.id, r.person_id
    ), r as (
        select * from fitting order by md5(:name || id)
        limit case when cast(:campaign as text) is null then cast(:many as bigint) end
    )
    select r.id, r.person_id, r.channel, r.at, r.intent, r.rule, r.text, answered.key as campaign
    from r {_CAMPAIGN}
    where cast(:campaign as text) is null or answered.key = :campaign
    order by md5(:name || r.id) limit :many
""")
_SCORE = text("""
    insert into outreach.reply_scores
        (brand_id, scorecard, reply_id, lead, at, points, share, note)
    select :brand, :card, :reply, :lead, :now, cast(:points as jsonb), :share, :note
    where exists (select from outreach.replies r where r.id = :reply)
    on conflict (brand_id, scorecard, reply_id) do nothing
    returning reply_id
""")
_RESULTS = text(f"""
    with scored as (
        select distinct on (s.reply_id) s.share, r.intent, answered.key as campaign
        from outreach.reply_scores s
        join outreach.replies r on r.brand_id = s.brand_id and r.id = s.reply_id {_CAMPAIGN}
        where s.scorecard = :card and s.at >= :since
        order by s.reply_id, r.person_id
    )
    select intent, campaign, count(*) as replies, avg(share) as share, min(share) as worst
    from scored group by intent, campaign order by intent, campaign
""")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which replies a sample is drawn from; what is not said admits any."""

    since: datetime
    intent: str | None = None
    channel: str | None = None
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A reply to look at: what was written, and as what it was read by which rule."""

    id: UUID
    channel: str
    at: datetime
    intent: str
    rule: str
    text: str
    campaign: str | None

    @property
    def reply(self) -> str:
        """`rpl_…`: the reply as leads name it."""
        return ids.shown(ids.REPLY, self.id)


@dataclass(frozen=True, slots=True)
class Result:
    """How good replies of an intent to a campaign were dealt with, from 0 to 1."""

    intent: str
    campaign: str | None
    replies: int
    share: float
    worst: float


def sample(tx: Connection, card: str, rule: Rule, *, name: str, many: int) -> list[Drawn]:
    """So many replies that fit the rule and were not scored on the card, by the sample's name."""
    values = {
        "card": card, "name": name, "many": many, "since": rule.since, "intent": rule.intent,
        "channel": rule.channel, "campaign": rule.campaign,
    }  # fmt: skip
    return [_drawn(tx, row) for row in tx.execute(_SAMPLE, values)]


def _drawn(tx: Connection, row: Row[Any]) -> Drawn:
    told = sealed.opened(tx, REPLY_TEXT, row.text, row.id, row.person_id) or ""
    return Drawn(row.id, row.channel, row.at, row.intent, row.rule, told, row.campaign)


def write(
    tx: Connection,
    brand: BrandRef,
    card: str,
    reply: str,
    points: Mapping[str, int],
    *,
    share: float,
    lead: str,
    note: str,
    now: datetime,
) -> bool:
    """Write down what was found; false where there is no such reply, or it was scored before."""
    named = ids.read(ids.REPLY, reply)
    values = {
        "brand": brand.id, "card": card, "reply": named, "lead": lead, "now": now,
        "points": json.dumps(dict(points)), "share": share,
        "note": sealed.seal(tx, REPLY_SCORE_NOTE, note, card, named),
    }  # fmt: skip
    return tx.execute(_SCORE, values).one_or_none() is not None


def results(tx: Connection, card: str, *, since: datetime) -> list[Result]:
    """How good replies were dealt with, by intent and campaign."""
    rows = tx.execute(_RESULTS, {"card": card, "since": since})
    return [
        Result(row.intent, row.campaign, row.replies, float(row.share), float(row.worst))
        for row in rows
    ]
