"""Whom does another version treat differently?

A contact has the same id in every version of a campaign, since it is named by its passage and its
step, so two replays of the same days are held against each other contact by contact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.replay.taking import KEPT

_CHANGED = """
    select coalesce(n.id, o.id) as id, p.ref as person,
           o.outcome as was, o.reason as was_because, o.at as was_at, o.words as was_text,
           n.outcome as now, n.reason as now_because, n.at as now_at, n.words as now_text
    from (select f.* from {kept}.{old} f join {kept}.{old}_keys c on c.id = f.campaign_id) o
    full join (select f.* from {kept}.{new} f join {kept}.{new}_keys c on c.id = f.campaign_id) n
      on n.id = o.id
    join outreach.persons p on p.id = coalesce(n.person_id, o.person_id)
    where (o.outcome, o.reason, o.at, o.words) is distinct from (n.outcome, n.reason, n.at, n.words)
    order by p.ref, 1
"""
_KEYS = """
    create unlogged table {kept}.{table}_keys as select id from outreach.campaigns where key = :key
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One contact as the one version has it and as the other does; none where it has none."""

    id: UUID
    person: str
    was: str | None
    was_because: str | None
    was_at: datetime | None
    was_text: str | None
    now: str | None
    now_because: str | None
    now_at: datetime | None
    now_text: str | None

    def sort(self) -> str:
        """In a word or two, what is different: what becomes of it, when, or what it says."""
        if self.was is None or self.now is None:
            return "new" if self.was is None else "gone"
        if (self.was, self.was_because) != (self.now, self.now_because):
            return "outcome"
        return "instant" if self.was_at != self.now_at else "text"


def note_versions(ground: Connection, table: str, *, key: str) -> None:
    """Keep which versions of this campaign the rows under this name may belong to."""
    ground.execute(text(f"drop table if exists {KEPT}.{table}_keys"))
    ground.execute(text(_KEYS.format(kept=KEPT, table=table)), {"key": key})


def changes(ground: Connection, *, old: str, new: str) -> Iterator[Change]:
    """What the rows under the one name say otherwise than those under the other, by person."""
    asked = text(_CHANGED.format(kept=KEPT, old=old, new=new))
    for row in ground.execution_options(yield_per=500).execute(asked):
        yield Change(**row._asdict())
