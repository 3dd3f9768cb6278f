"""How well was it done: on time, in time, at the first contact, and by whom?

Counted for some weeks from what left, from calls and from answers. Agents are told apart in
`agents`, which stays inside; whoever reads the rest learns no name.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from outreach.brands.levels import Level
from outreach.reports import surveys
from outreach.reports.levels import Part
from outreach.reports.period import Period
from outreach.reports.surveys import Scored

AFTERWARDS = timedelta(days=7)
"""Whoever needs nothing more for so long was helped at the first contact."""

SLOT = timedelta(minutes=30)
"""A promised time is a half hour: a call within it is in time."""

_ON_TIME = text("""
    select count(*) as of,
           count(*) filter (where made.at <= t.planned_for + cast(:within as interval)) as many
    from (select a.touch_id, min(a.started_at) as at from outreach.attempts a
          where a.started_at >= :since and a.started_at < :until and a.outcome = 'accepted'
          group by a.touch_id) made
    join outreach.touches t on t.id = made.touch_id
""")
# Owed is what was not taken back: of whom wrote or refused meanwhile, no call is owed any more. A
# promise was made in an earlier call, which did not keep it.
_IN_TIME = text("""
    select count(*) as of, count(*) filter (where exists (
        select from outreach.calls c
        where c.brand_id = k.brand_id and c.task_id = k.id and c.dialled_at <= k.deadline
          and c.dialled_at >= coalesce(k.promised_at - cast(:slot as interval), k.opened_at)
        )) as many
    from (select *, coalesce(promised_at + cast(:slot as interval), useless_after) as deadline
          from outreach.tasks where kind = 'call' and state <> 'withdrawn') k
    where k.deadline >= :since and k.deadline < least(:until, :now)
""")
_FIRST = text("""
    with reached as (
        select k.person_id, k.id as task_id, max(c.ended_at) as at
        from outreach.calls c
        join outreach.tasks k on k.brand_id = c.brand_id and k.id = c.task_id
        join outreach.touches t on t.brand_id = k.brand_id and t.id = k.touch_id
        where c.ended_at >= :since and c.ended_at < least(:until, :known) and k.kind = 'call'
          and k.state = 'closed' and t.state::text = 'delivered'
        group by 1, 2
    )
    select count(*) as of, count(*) filter (where not exists (
        select from outreach.tasks n
        where n.person_id = r.person_id and n.id <> r.task_id and n.kind = 'call'
          and n.opened_at > r.at and n.opened_at <= r.at + cast(:afterwards as interval))
        and not exists (
        select from outreach.cases s
        where s.person_id = r.person_id
          and (s.opened_at > r.at and s.opened_at <= r.at + cast(:afterwards as interval)
               or s.reopened_at > r.at
                  and s.reopened_at <= r.at + cast(:afterwards as interval)))) as many
    from reached r
""")
_AGENTS = text("""
    select c.agent, count(*) as calls, count(distinct c.task_id) as tasks,
           count(distinct cast(c.dialled_at at time zone :zone as date)) as days,
           round(coalesce(sum(extract(epoch from c.ended_at - c.dialled_at)) filter (
               where c.disposition <> 'agent_gone'), 0)::numeric / 60, 1) as minutes
    from outreach.calls c join outreach.tasks k on k.brand_id = c.brand_id and k.id = c.task_id
    where k.kind = 'call' and c.ended_at >= :since and c.ended_at < :until
    group by c.agent order by calls desc, c.agent limit :limit
""")


@dataclass(frozen=True, slots=True)
class Agent:
    """What one agent did in these weeks: calls of so many tasks, on so many days, in minutes."""

    agent: str
    calls: int
    tasks: int
    days: int
    minutes: float

    @property
    def calls_a_day(self) -> float:
        """Of the days on which they called."""
        return self.calls / self.days

    def row(self) -> dict[str, object]:
        """As a table shows it."""
        return asdict(self) | {"calls_a_day": round(self.calls_a_day, 1)}


AGENT_COLUMNS = ("agent", "calls", "tasks", "days", "minutes", "calls_a_day")


def measured(
    tx: Connection, period: Period, *, on_time_within: timedelta, zone: str, now: datetime
) -> dict[Level, Part]:
    """The share of each level in this period, by its word; four statements.

    Of the first contact those calls count after which the week is over.
    """
    span = {"since": period.since, "until": period.until, "now": now}
    week = {"known": now - AFTERWARDS, "afterwards": AFTERWARDS}
    answers = surveys.scores(tx, by="all", zone=zone, since=period.since, until=period.until)
    return {
        "on_time": Part(**tx.execute(_ON_TIME, span | {"within": on_time_within}).one()._asdict()),
        "delivered": Part(sum(line.delivered for line in period.lines), period.sent),
        "calls_in_time": Part(**tx.execute(_IN_TIME, span | {"slot": SLOT}).one()._asdict()),
        "first_contact": Part(**tx.execute(_FIRST, span | week).one()._asdict()),
        "satisfied": _satisfied(answers),
        "refused": Part(period.refused, period.reached),
        "complained": Part(sum(line.complained for line in period.lines), period.sent),
    }


def _satisfied(answers: Iterable[Scored]) -> Part:
    asked = [one.counts for one in answers if one.kind == "csat"]
    return Part(sum(one.high for one in asked), sum(one.all for one in asked))


def agents(
    tx: Connection, *, since: datetime, until: datetime, zone: str, limit: int = 1000
) -> list[Agent]:
    """What each agent did, whoever called most first; days are those of this clock."""
    asked = {"since": since, "until": until, "zone": zone, "limit": limit}
    return [
        Agent(row.agent, row.calls, row.tasks, row.days, float(row.minutes))
        for row in tx.execute(_AGENTS, asked)
    ]
