"""What do the answers to surveys come to, who said what, and was whoever is unhappy called in time?

Counted are answers to surveys of ours, which name their form and band; of another tool's, what does
not fit (a score that is no whole number, an instant that is none) is passed over. What a forgotten
person said is gone, and counts no more.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, func, literal_column, text
from sqlalchemy.dialects.postgresql import JSONB, dialect

from outreach.campaigns import values_sql
from outreach.campaigns.store import Version
from outreach.db import sealed
from outreach.db.personal import EVENT_DATA
from outreach.db.sealed import PARTS
from outreach.surveys import scoring
from outreach.surveys.scales import Band
from outreach.surveys.scoring import Counts, Score

By: TypeAlias = Literal["all", "campaign", "product", "agent", "channel", "day", "week", "month"]
State: TypeAlias = Literal["kept", "late", "open", "breached"]
_PERIODS = frozenset({"day", "week", "month"})
MOST = 1000  # lines


def _told(data: str, name: str, read: Callable[[ColumnElement[Any]], ColumnElement[Any]]) -> str:
    """A part of a statement: what this column says under this name, or null if it is no such."""
    found = read(func.jsonb_extract_path(literal_column(data), name, type_=JSONB))
    named = dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # it has no types
    # The colons of a pattern are no parameters.
    return str(found.compile(dialect=named, compile_kwargs={"literal_binds": True})).replace(
        ":", "\\:"
    )


_ASKED_AT = _told("data", "asked_at", values_sql.instant_of)
_CALL_BY = _told("a.data", "call_by", values_sql.instant_of)
_NUMBER = _told("a.data", "score", values_sql.amount_of)
_SCORE = (
    f"case when {_NUMBER} % 1 = 0 and abs({_NUMBER}) < 1000 then cast({_NUMBER} as integer) end"
)

# A period is the brand's own, and is named by its first day.
_COUNTS = text("""
    select data ->> 'form' as form, data ->> 'kind' as kind,
           case when :by = 'all' then null
                when :period then to_char(date_trunc(:unit, occurred_at at time zone :zone),
                                          'YYYY-MM-DD')
                else data ->> :by end as value,
           count(*) filter (where data ->> 'band' = 'low') as low,
           count(*) filter (where data ->> 'band' = 'middle') as middle,
           count(*) filter (where data ->> 'band' = 'high') as high
    from outreach.events
    where type = 'survey.answered' and occurred_at >= :since and occurred_at < :until
      and data ->> 'band' in ('low', 'middle', 'high') and data ? 'form' and data ? 'kind'
      and (cast(:form as text) is null or data ->> 'form' = :form)
    group by 1, 2, 3 order by count(*) desc, 1, 3 limit :limit
""")
# Each passage counts once, however often it was reminded.
_RATES = text(f"""
    with asked as (
        select c.key as campaign, given.survey, count(distinct t.enrolment_id) as many
        from (select unnest(cast(:campaigns as uuid[])) as campaign_id,
                     unnest(cast(:steps as integer[])) as step,
                     unnest(cast(:surveys as text[])) as survey) given
        join outreach.touches t on t.campaign_id = given.campaign_id and t.step = given.step
        join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
        where t.state::text in ('sent', 'delivered') and t.due_at >= :since and t.due_at < :until
        group by 1, 2
    ), answered as (
        select data ->> 'campaign' as campaign, data ->> 'form' as survey, count(*) as many
        from outreach.events
        where type = 'survey.answered' and occurred_at >= :since
          and {_ASKED_AT} >= :since and {_ASKED_AT} < :until
        group by 1, 2
    )
    select asked.campaign, asked.survey, asked.many as asked,
           coalesce(answered.many, 0) as answered
    from asked left join answered
      on answered.campaign = asked.campaign and answered.survey = asked.survey
    order by 1, 2
""")
# In the clear, as it was kept before there was sealing, or among the sealed parts.
_COMMENTED = (
    f"({{0}}.data ->> 'comment' is not null or {{0}}.data -> '{PARTS}' -> 'names' ? 'comment')"
)
_COMMENTS = text(f"""
    select a.subject as ref, a.occurred_at as at, a.data ->> 'form' as survey,
           {_SCORE} as score, a.data ->> 'band' as band,
           a.data ->> 'campaign' as campaign, a.data ->> 'product' as product,
           a.id, a.data, c.id as later_id, c.data as later
    from outreach.events a
    left join lateral (
        select e.id, e.data from outreach.events e
        where e.person_id = a.person_id and e.type = 'survey.commented'
          and e.data ->> 'survey' = a.data ->> 'survey' limit 1) c on true
    where a.type = 'survey.answered' and a.occurred_at >= :since and a.occurred_at < :until
      and ({_COMMENTED.format("a")} or {_COMMENTED.format("c")}) and a.data ? 'form'
      and a.data ->> 'band' in ('low', 'middle', 'high') and {_SCORE} is not null
      and (cast(:form as text) is null or a.data ->> 'form' = :form)
      and (cast(:band as text) is null or a.data ->> 'band' = :band)
    order by a.occurred_at desc, a.id limit :limit
""")
_PROMISES = text(f"""
    select a.subject as ref, a.data ->> 'form' as survey,
           {_SCORE} as score, a.occurred_at as answered_at,
           {_CALL_BY} as call_by, reached.at as reached_at,
           a.data ->> 'campaign' as campaign
    from outreach.events a
    left join lateral (
        select min(coalesce(t.settled_at, m.started_at)) as at from outreach.attempts m
        join outreach.touches t on t.brand_id = m.brand_id and t.id = m.touch_id
        where m.brand_id = a.brand_id and m.person_id = a.person_id
          and m.started_at >= a.occurred_at and m.channel = 'voice'
          and t.state::text = 'delivered') reached on true
    where a.type = 'survey.answered' and a.occurred_at >= :since and a.occurred_at < :until
      and a.data ? 'form' and {_CALL_BY} is not null and {_SCORE} is not null
      and (not cast(:owed as boolean) or reached.at is null)
    order by call_by, a.id limit :limit
""")


@dataclass(frozen=True, slots=True)
class Scored:
    """What a survey's answers come to, of one campaign, product, agent, channel or period."""

    survey: str
    kind: str
    value: str | None
    counts: Counts
    score: Score

    @property
    def few(self) -> bool:
        """Whether so few answered that the score says little."""
        return self.counts.all < scoring.FEW


@dataclass(frozen=True, slots=True)
class Rate:
    """How many passages of a campaign asked a survey, and how many of them were answered."""

    campaign: str
    survey: str
    asked: int
    answered: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.answered / self.asked)


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote with an answer; text, whatever it looks like."""

    ref: str
    at: datetime
    survey: str
    score: int
    band: Band
    comment: str
    campaign: str | None
    product: str | None


@dataclass(frozen=True, slots=True)
class Promised:
    """Whoever answered low and is to be called, until when, and whether they were reached."""

    ref: str
    survey: str
    score: int
    answered_at: datetime
    call_by: datetime
    reached_at: datetime | None
    campaign: str | None

    def state(self, *, now: datetime) -> State:
        """Kept or late once they were reached; until then open, and breached past its time."""
        if self.reached_at is not None:
            return "kept" if self.reached_at <= self.call_by else "late"
        return "open" if now < self.call_by else "breached"


def scores(
    tx: Connection,
    *,
    by: By,
    zone: str,
    since: datetime,
    until: datetime,
    form: str | None = None,
    limit: int = MOST,
) -> list[Scored]:
    """What the answers of this span come to, a line a survey and value; one statement.

    The `limit` with the most answers, by survey; within it periods in their order, and of all else
    the largest first.
    """
    values = {
        "by": by, "period": by in _PERIODS, "unit": by if by in _PERIODS else "day", "zone": zone,
        "since": since, "until": until, "form": form, "limit": limit,
    }  # fmt: skip
    found = []
    for row in tx.execute(_COUNTS, values):
        counts = Counts(row.low, row.middle, row.high)
        if score := scoring.score(row.kind, counts):
            found.append(Scored(row.form, row.kind, row.value, counts, score))
    if by in _PERIODS:
        return sorted(found, key=lambda one: (one.survey, one.value or ""))
    return sorted(found, key=lambda one: one.survey)  # stable: the largest stay first


def rates(
    tx: Connection, versions: Iterable[Version], *, since: datetime, until: datetime
) -> list[Rate]:
    """How many of those asked in this span have answered; `versions` are the brand's campaigns."""
    asking = [
        (version.id, number, step.survey)
        for version in versions
        for number, step in enumerate(version.campaign.contacts)
        if step.survey
    ]
    values = {
        "campaigns": [one[0] for one in asking], "steps": [one[1] for one in asking],
        "surveys": [one[2] for one in asking], "since": since, "until": until,
    }  # fmt: skip
    return [Rate(**row._asdict()) for row in tx.execute(_RATES, values)]


def comments(
    tx: Connection,
    *,
    since: datetime,
    until: datetime,
    form: str | None = None,
    band: Band | None = None,
    limit: int = 100,
) -> list[Comment]:
    """What people wrote, the newest first."""
    values = {"since": since, "until": until, "form": form, "band": band, "limit": limit}
    return [_comment(tx, row) for row in tx.execute(_COMMENTS, values)]


def _comment(tx: Connection, row: Row[Any]) -> Comment:
    """What was written with the answer, and what was written after it."""
    known = row._asdict()
    told = [(known.pop("id"), known.pop("data")), (known.pop("later_id"), known.pop("later"))]
    said = (sealed.opened_parts(tx, EVENT_DATA, data, id_) for id_, data in told if id_)
    comments = (str(one["comment"]) for one in said if one.get("comment") is not None)
    return Comment(**known, comment="\n".join(comments))


def promises(
    tx: Connection, *, since: datetime, until: datetime, owed: bool = False, limit: int = 1000
) -> Sequence[Promised]:
    """Who answered low and was promised a call, the one to be called first first.

    With `owed` those alone who were not reached yet.
    """
    values = {"since": since, "until": until, "owed": owed, "limit": limit}
    return [Promised(**row._asdict()) for row in tx.execute(_PROMISES, values)]
