"""Does a replay of what really happened say what was said then?

Held against each other is what the gate had the last word on, contact by contact: that it went, or
why it did not. What a provider or an agent did with it afterwards is theirs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from outreach.replay.moments import Days
from outreach.replay.taking import KEPT

# Whoever was forgotten since cannot be replayed.
_REMEMBERED = f"""
    not exists (
        select from {KEPT}.persons p where p.id = n.person_id and p.ref = 'erased ' || p.id)"""


def _fates(schema: str) -> str:
    """Every contact and every passage that did not begin, with what became of it at the gate."""
    return f"""
        select t.id, t.person_id,
               case when v.at is not null then 'send'
                    when t.state in ('sent', 'delivered', 'uncertain') then 'send'
                    when t.state in ('planned', 'claimed', 'calling')
                    then 'hold' else t.state::text end as fate,
               case when v.at is null then t.reason end as reason,
               coalesce(v.at, case when t.state = 'planned' then t.due_at else t.settled_at end)
                   as at
        from {schema}.touches t
        join {schema}.enrolments n on n.id = t.enrolment_id
        left join lateral (
            select at from {schema}.verdicts
            where touch_id = t.id and stage = 'mark' and verdict = 'send'
            order by id desc limit 1) v on true
        where n.created_at >= :since and n.created_at < :until and {_REMEMBERED}
        union all
        select n.id, n.person_id, 'declined', n.reason, n.created_at
        from {schema}.enrolments n
        where n.state = 'declined' and n.created_at >= :since and n.created_at < :until
          and {_REMEMBERED}"""


_DIFFERENT: TextClause = text(f"""
    with then_ as ({_fates(KEPT)}), again as ({_fates("outreach")})
    select coalesce(t.id, a.id) as id, coalesce(t.person_id, a.person_id) as person_id,
           t.fate as was, t.reason as was_because, t.at as was_at,
           a.fate as now, a.reason as now_because, a.at as now_at
    from then_ t full join again a on a.id = t.id
    where (t.fate, t.reason) is distinct from (a.fate, a.reason)
    order by 1
""")
_COUNT = text(f"""
    with then_ as ({_fates(KEPT)}) select count(*) from then_
""")
_INSTANTS = text(f"""
    with then_ as ({_fates(KEPT)}), again as ({_fates("outreach")})
    select count(*) filter (where t.at = a.at) as same, count(*) as together
    from then_ t join again a on a.id = t.id where t.fate = 'send' and a.fate = 'send'
""")
_HASHES = text(f"""
    select count(*) filter (where w.facts = a.facts) as same, count(*) as together
    from {KEPT}.verdicts w
    join outreach.verdicts a on a.touch_id = w.touch_id and a.at = w.at and a.stage = w.stage
    join {KEPT}.touches t on t.id = w.touch_id
    join {KEPT}.enrolments n on n.id = t.enrolment_id
    where {_REMEMBERED}
""")


@dataclass(frozen=True, slots=True)
class Difference:
    """A contact of which the replay says something else; none where one of the two lacks it."""

    id: UUID
    person_id: UUID
    was: str | None
    was_because: str | None
    was_at: object
    now: str | None
    now_because: str | None
    now_at: object


@dataclass(frozen=True, slots=True)
class Held:
    """How a replay compares with what was: how many were compared, and which differ.

    `same_instant` of `sent_in_both` went at the very same instant, and of the verdicts said of one
    contact at one instant in both (`verdicts`), `same_facts` rest on the same facts.
    """

    compared: int
    differences: tuple[Difference, ...]
    same_instant: int
    sent_in_both: int
    same_facts: int
    verdicts: int


def against(ground: Connection, days: Days, *, most: int = 1000) -> Held:
    """Hold the replay on this ground against what was taken along; shows `most` differences."""
    span = {"since": days.since, "until": days.until}
    ground.execute(text("create index if not exists kept_verdicts on kept.verdicts (touch_id)"))
    found = tuple(_differences(ground, span, most))
    instants = ground.execute(_INSTANTS, span).one()
    hashes = ground.execute(_HASHES).one()
    return Held(
        compared=ground.execute(_COUNT, span).scalar_one(),
        differences=found,
        same_instant=instants.same,
        sent_in_both=instants.together,
        same_facts=hashes.same,
        verdicts=hashes.together,
    )


def _differences(ground: Connection, span: Mapping[str, object], most: int) -> Iterator[Difference]:
    for row in ground.execute(_DIFFERENT, span).fetchmany(most):
        yield Difference(**row._asdict())
