"""What happened to this person, and what did we do about it, newest first?

Events, attempts, verdicts, receipts, calls and texts to copy in one line of time, a page at a time.
What was said about consent is `reports.consents`, since it belongs to addresses and not to persons.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach.db import sealed
from outreach.db.personal import CALL_NOTE

# Touches are found by way of passages, which have an index by person. Each part is cut to a page
# before the parts are put together. `key` makes the order total, so that no line is lost or comes
# twice between two pages.
_TIMELINE = text("""
    with touched as (
        select t.id, t.channel, c.key as campaign from outreach.enrolments n
        join outreach.touches t on t.brand_id = n.brand_id and t.enrolment_id = n.id
        join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
        where n.person_id = :person and n.state <> 'declined'
    ), lines as (
        (select e.occurred_at as at, 'event' as kind, e.id::text as key, e.type as what,
                null as channel, null as campaign, null as reason, e.source as detail,
                cast(null as uuid) as touch, cast(null as text) as note,
                cast(null as smallint) as call
         from outreach.events e where e.person_id = :person
           and (e.occurred_at, e.id::text) < (:at, :key)
         order by 1 desc, 3 desc limit :limit)
        union all
        (select a.started_at, 'attempt', a.touch_id || '-' || a.fence,
                coalesce(a.outcome::text, 'open'), a.channel, t.campaign, null, a.detail,
                a.touch_id, null, null
         from outreach.attempts a left join touched t on t.id = a.touch_id
         where a.person_id = :person
           and (a.started_at, a.touch_id || '-' || a.fence) < (:at, :key)
         order by 1 desc, 3 desc limit :limit)
        union all
        (select v.at, 'verdict', v.id::text, v.verdict::text, t.channel, t.campaign, v.reason,
                null, t.id, null, null
         from touched t join outreach.verdicts v on v.touch_id = t.id
         where (v.at, v.id::text) < (:at, :key)
         order by 1 desc, 3 desc limit :limit)
        union all
        (select r.at, 'receipt', r.touch_id || '-' || r.kind, r.kind, t.channel, t.campaign, null,
                r.detail, t.id, null, null
         from touched t join outreach.receipts r on r.touch_id = t.id
         where (r.at, r.touch_id || '-' || r.kind) < (:at, :key)
         order by 1 desc, 3 desc limit :limit)
        union all
        (select c.dialled_at, k.kind, c.task_id || '-' || c.number,
                coalesce(c.disposition, 'open'),
                case when k.kind = 'copy' then 'chat' else 'voice' end, k.reason, null,
                c.agent, k.touch_id, c.note, c.number
         from outreach.tasks k
         join outreach.calls c on c.brand_id = k.brand_id and c.task_id = k.id
         where k.person_id = :person
           and (c.dialled_at, c.task_id || '-' || c.number) < (:at, :key)
         order by 1 desc, 3 desc limit :limit)
    )
    select * from lines order by at desc, key desc limit :limit
""")

_TICK = timedelta(microseconds=1)  # what happens at this very instant is seen


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the line of time: what is older than this follows."""

    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: an `event`, `attempt`, `verdict`, `receipt`, `call` or `copy`.

    `what` is the type of the event, the outcome, the verdict, what the receipt says or how the call
    or the copying ended; `detail` is text of others.
    """

    at: datetime
    kind: str
    key: str
    what: str
    channel: str | None
    campaign: str | None
    reason: str | None
    detail: str | None
    touch: UUID | None

    @property
    def mark(self) -> Mark:
        """Where the next page begins."""
        return Mark(self.at, self.key)


def of_person(
    tx: Connection, person: UUID, *, before: Mark | None = None, now: datetime, limit: int = 50
) -> list[Line]:
    """What happened to the person before this mark, or until now; one statement."""
    mark = before or Mark(now + _TICK, "")
    values = {"person": person, "at": mark.at, "key": mark.key, "limit": limit}
    return [_line(tx, row) for row in tx.execute(_TIMELINE, values)]


def _line(tx: Connection, row: Row[Any]) -> Line:
    """A call's detail is its agent, and what they noted of it; a task has the id of its touch."""
    known = row._asdict()
    note, call = known.pop("note"), known.pop("call")
    if note:
        noted = sealed.opened(tx, CALL_NOTE, note, known["touch"], call)
        known["detail"] = f"{known['detail']} · {noted}"
    return Line(**known)
