"""Which calls does a lead look at, what do they make of them, and who calls how well?

A sample is drawn by a hash of its name and the call: the same name draws the same calls again, and
nobody can look for better ones. Calls that were scored on the card are not drawn twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach import ids
from outreach.callbacks import reply_quality, scorecard
from outreach.callbacks.scorecard import Scorecard
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import CALL_NOTE, SCORE_NOTE
from outreach.errors import Conflict, Invalid, NotFound

_PUT = text("""
    insert into outreach.scorecards (brand_id, key, document, put_at)
    values (:brand, :key, :document, :now)
    on conflict (brand_id, key) do update
    set document = excluded.document, put_at = excluded.put_at
""")
_GET = text("select document from outreach.scorecards where key = :key")
_KEPT = text("select key from outreach.scorecards order by key")
_SAMPLE = text("""
    select c.task_id, c.number, c.agent, k.reason as campaign, c.disposition, c.ended_at, c.note
    from outreach.calls c
    join outreach.tasks k on k.brand_id = c.brand_id and k.id = c.task_id
    where k.kind = 'call' and c.settled_at is not null and c.disposition <> 'agent_gone'
      and c.ended_at >= :since
      and (cast(:agent as text) is null or c.agent = :agent)
      and (cast(:campaign as text) is null or k.reason = :campaign)
      and (cast(:disposition as text) is null or c.disposition = :disposition)
      and not exists (
          select from outreach.scores s where s.brand_id = c.brand_id and s.scorecard = :card
            and s.task_id = c.task_id and s.number = c.number)
    order by md5(:name || c.task_id || c.number) limit :many
""")
_SCORE = text("""
    insert into outreach.scores
        (brand_id, scorecard, task_id, number, lead, at, points, share, note)
    select :brand, :card, c.task_id, c.number, :lead, :now, cast(:points as jsonb), :share, :note
    from outreach.calls c
    where c.task_id = :task and c.number = :number and c.settled_at is not null
    on conflict (brand_id, scorecard, task_id, number) do nothing
    returning task_id
""")
_RESULTS = text("""
    select c.agent, k.reason as campaign, count(*) as calls, avg(s.share) as share,
           min(s.share) as worst
    from outreach.scores s
    join outreach.calls c
        on c.brand_id = s.brand_id and c.task_id = s.task_id and c.number = s.number
    join outreach.tasks k on k.brand_id = c.brand_id and k.id = c.task_id
    where s.scorecard = :card and s.at >= :since
    group by c.agent, k.reason order by c.agent, k.reason
""")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which calls a sample is drawn from; what is not said admits any."""

    since: datetime
    agent: str | None = None
    campaign: str | None = None
    disposition: str | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A call to look at."""

    task_id: UUID
    number: int
    agent: str
    campaign: str
    disposition: str
    ended_at: datetime
    note: str | None

    @property
    def call(self) -> str:
        """`tsk_…-1`: the call as events and leads name it."""
        return f"{ids.shown(ids.TASK, self.task_id)}-{self.number}"


@dataclass(frozen=True, slots=True)
class Result:
    """How good the calls of an agent for a campaign were, from 0 to 1."""

    agent: str
    campaign: str
    calls: int
    share: float
    worst: float


def put(tx: Connection, brand: BrandRef, source: str, *, name: str, now: datetime) -> Scorecard:
    """Keep this scorecard, in the place of one of the same key. Raises `Invalid`."""
    card = scorecard.read(source, name)
    tx.execute(_PUT, {"brand": brand.id, "key": card.key, "document": source, "now": now})
    return card


def get(tx: Connection, key: str) -> Scorecard:
    """The scorecard of this name. Raises `NotFound`."""
    source = tx.execute(_GET, {"key": key}).scalar_one_or_none()
    if source is None:
        raise NotFound(f"there is no scorecard {key!r}; `outreach quality import` keeps one")
    return scorecard.read(source, key)


def kept(tx: Connection) -> list[str]:
    """The names of the brand's scorecards."""
    return list(tx.execute(_KEPT).scalars())


def sample(tx: Connection, card: str, rule: Rule, *, name: str, many: int) -> list[Drawn]:
    """So many calls that fit the rule, drawn by the sample's name. Raises `NotFound`."""
    get(tx, card)
    values = {
        "card": card, "name": name, "many": many, "since": rule.since, "agent": rule.agent,
        "campaign": rule.campaign, "disposition": rule.disposition,
    }  # fmt: skip
    return [_drawn(tx, row) for row in tx.execute(_SAMPLE, values)]


def _drawn(tx: Connection, row: Row[Any]) -> Drawn:
    note = sealed.opened(tx, CALL_NOTE, row.note, row.task_id, row.number)
    return Drawn(**row._asdict() | {"note": note})


def score(
    tx: Connection,
    brand: BrandRef,
    card: str,
    call: str,
    points: Mapping[str, int],
    *,
    lead: str,
    note: str = "",
    now: datetime,
) -> float:
    """Write down how good a call, or a reply `rpl_…`, was, from 0 to 1; once for each scorecard.

    Raises `NotFound`, `Invalid` for points that do not fit, and `Conflict` where it was scored.
    """
    share = scorecard.share(get(tx, card), points)
    if call.startswith(f"{ids.REPLY}_"):
        if not reply_quality.write(
            tx, brand, card, call, points, share=share, lead=lead, note=note, now=now
        ):
            raise Conflict(f"{call} is no reply that was kept, or was scored on {card!r} before")
        return share
    task, number = _named(call)
    kept = sealed.seal(tx, SCORE_NOTE, note, card, task, number)
    values = {
        "brand": brand.id, "card": card, "task": task, "number": number, "lead": lead, "now": now,
        "points": json.dumps(dict(points)), "share": share, "note": kept,
    }  # fmt: skip
    if tx.execute(_SCORE, values).one_or_none() is None:
        raise Conflict(f"{call} is no call that has ended, or was scored on {card!r} before")
    return share


def results(tx: Connection, card: str, *, since: datetime) -> list[Result]:
    """How good calls were, by agent and campaign. Raises `NotFound`."""
    get(tx, card)
    rows = tx.execute(_RESULTS, {"card": card, "since": since})
    return [
        Result(row.agent, row.campaign, row.calls, float(row.share), float(row.worst))
        for row in rows
    ]


def sample_replies(
    tx: Connection, card: str, rule: reply_quality.Rule, *, name: str, many: int
) -> list[reply_quality.Drawn]:
    """So many replies that fit the rule, drawn by the sample's name. Raises `NotFound`."""
    get(tx, card)
    return reply_quality.sample(tx, card, rule, name=name, many=many)


def reply_results(tx: Connection, card: str, *, since: datetime) -> list[reply_quality.Result]:
    """How good replies were dealt with, by intent and campaign. Raises `NotFound`."""
    get(tx, card)
    return reply_quality.results(tx, card, since=since)


def _named(call: str) -> tuple[UUID, int]:
    task, _, number = call.rpartition("-")
    if not number.isdecimal() or len(number) > len("9999"):
        raise Invalid(
            f"{call!r} is no call or reply: write tsk_…-1 for the first call of a task, or rpl_…"
        )
    return ids.read(ids.TASK, task), int(number)
