"""How does what came in take effect again?

As it did then: facts are accepted, persons brought in, consent recorded; the same functions, so
that a replay has no opinion of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from optout.model import Action, Channel, Purpose
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.events import store as log
from outreach.events.model import Event
from outreach.inbound import leaving
from outreach.people import store as people
from outreach.people.known_by import KNOWN_BY
from outreach.people.model import REACHED_BY
from outreach.replay.moments import ARRIVAL, CONTACT, ENTRY, EVENT, VERSION, Moment, ids_of
from outreach.replay.taking import KEPT, columns, every

_TABLES = {table.name: table for table in every()}
_EVENTS = text(f"""
    select id, type, key, subject, person_id, occurred_at, source, data from {KEPT}.events
    where id = any(cast(:ids as uuid[])) order by id
""")
_GOES_LIVE = text("""
    update outreach.campaigns c set state = 'finishing'
    from outreach.campaigns n
    where n.id = any(cast(:ids as uuid[])) and c.key = n.key and c.state = 'live' and c.id <> n.id
""")
_LIVE = text("""
    update outreach.campaigns set state = 'live', plan_at = :now
    where id = any(cast(:ids as uuid[]))
""")
_DAYS_ARE_NEW = text("""
    update outreach.dates set state = 'changed' where person_id = any(cast(:ids as uuid[]))
""")
# Whom a refusal concerns, and whether it reaches every address of theirs which the channel uses.
_REFUSED = text(f"""
    with said as (
        select distinct hash, channel, purpose from {KEPT}.entries
        where id = any(cast(:ids as bigint[])) and action = '{Action.WITHDRAW}'
    )
    select a.person_id, s.channel, s.purpose, array_agg(a.kind) as kinds,
           (select array_agg(o.kind) from outreach.addresses o where o.person_id = a.person_id)
               as known
    from said s join {KNOWN_BY} a on a.hash = s.hash
    group by a.person_id, s.channel, s.purpose
""")


@dataclass(frozen=True, slots=True)
class Doer:
    """Lets moments take effect: for one brand, on the replay's tables, filled by `filler`."""

    means: Means
    brand: BrandRef
    filler: Engine

    def tell(self, moments: Sequence[Moment], *, now: datetime) -> None:
        """Everything that came in up to this instant, kind by kind."""
        if arrived := ids_of(moments, ARRIVAL):
            self._arrive(arrived, now=now)
        if live := ids_of(moments, VERSION):
            with self.filler.begin() as tx:
                tx.execute(_GOES_LIVE, {"ids": live})
                tx.execute(_LIVE, {"ids": live, "now": now})
        if told := ids_of(moments, EVENT):
            self._report(told, now=now)
        if said := ids_of(moments, ENTRY):
            self._enter(said, now=now)
        if made := ids_of(moments, CONTACT):
            with self.filler.begin() as tx:
                _copy(tx, "contacts", "touch_id = any(cast(:ids as uuid[]))", made)

    def _arrive(self, who: list[str], *, now: datetime) -> None:
        with self.filler.begin() as tx:
            _copy(tx, "persons", "id = any(cast(:ids as uuid[]))", who)
            for name in ("addresses", "dates"):
                _copy(tx, name, "person_id = any(cast(:ids as uuid[]))", who)
            tx.execute(_DAYS_ARE_NEW, {"ids": who})
        with self.means.database.begin(self.brand) as tx:
            known = people.by_id(tx, [UUID(one) for one in who])
            people.put(tx, self.brand, list(known.values()))
            people.reconsider(tx, list(known), reasons=["place_unknown"], now=now)
        with self.filler.begin() as tx:  # not read back, so not put either
            _copy(tx, "former_hashes", "person_id = any(cast(:ids as uuid[]))", who)

    def _report(self, told: list[str], *, now: datetime) -> None:
        with self.filler.begin() as tx:
            kept = [Event(**row._asdict()) for row in tx.execute(_EVENTS, {"ids": told})]
        with self.means.database.begin(self.brand) as tx:
            events = [log.opened(tx, event) for event in kept]
            intake.accept(tx, self.brand, events, source="replay", refused=0, now=now)

    def _enter(self, said: list[str], *, now: datetime) -> None:
        with self.filler.begin() as tx:
            _copy(tx, "entries", "id = any(cast(:ids as bigint[]))", said)
            rows = tx.execute(_REFUSED, {"ids": said}).all()
        refused = _by_person(
            (row.person_id, _refused(row.channel, row.purpose))
            for row in rows
            if _reaches_all(row.channel, row.kinds, row.known)
        )
        leaving.end(self.means, self.brand, refused, now=now)


def _by_person(
    told: Iterable[tuple[UUID, leaving.Refused]],
) -> Mapping[UUID, list[leaving.Refused]]:
    found: dict[UUID, list[leaving.Refused]] = {}
    for person, refused in told:
        found.setdefault(person, []).append(refused)
    return found


def _refused(channel: str | None, purpose: str | None) -> leaving.Refused:
    return (Channel(channel) if channel else None, Purpose(purpose) if purpose else None)


def _reaches_all(channel: str | None, said: Sequence[str], known: Sequence[str]) -> bool:
    used = set(known) if channel is None else {REACHED_BY[Channel(channel)]} & set(known)
    return used <= set(said)


def _copy(tx: Connection, name: str, which: str, ids: Sequence[str]) -> None:
    """These rows as they were kept; one that the replay has already stays its own."""
    table = _TABLES[name]
    names = columns(table)
    tx.execute(text("set local session_replication_role = replica"))
    tx.execute(
        text(
            f"insert into {table.schema}.{name} ({names}) overriding system value "
            f"select {names} from {KEPT}.{name} where {which} on conflict do nothing"
        ),
        {"ids": list(ids)},
    )
