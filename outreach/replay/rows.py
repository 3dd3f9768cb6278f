"""What became of every contact in these days, person by person?

Written down once when the days are over, so that they can be read in order, counted, and held
against another replay, however many they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy import Row as Found

from outreach import timezones
from outreach.campaigns.store import Version
from outreach.enrolments.evidence import evidence_of
from outreach.hours.places import place_of
from outreach.people import store as people
from outreach.people.model import Person
from outreach.replay.model import Row
from outreach.replay.moments import Days
from outreach.replay.run import Stand
from outreach.replay.taking import KEPT

CHUNK = 500

_FATES = f"""
    select t.id, t.person_id, n.event_id, t.campaign_id, t.step, t.channel, t.purpose,
           case when a.started_at is not null then 'send'
                when t.state = 'skipped' then 'skip' when t.state = 'failed' then 'fail'
                when t.state = 'cancelled' then 'cancel' else 'hold' end as outcome,
           case when a.started_at is null then t.reason end as reason,
           coalesce(a.started_at, t.settled_at, t.due_at) as at, t.useless_after,
           coalesce(v.pack, '') as pack, coalesce(encode(v.facts, 'hex'), '') as facts,
           coalesce(x.words, '') as words
    from outreach.touches t
    join outreach.enrolments n on n.id = t.enrolment_id
    left join lateral (
        select started_at from outreach.attempts
        where touch_id = t.id and outcome = 'accepted' order by fence limit 1) a on true
    left join lateral (
        select pack, facts from outreach.verdicts
        where touch_id = t.id order by id desc limit 1) v on true
    left join {KEPT}.texts x on x.touch_id = t.id
    where n.created_at >= :since
    union all
    select n.id, n.person_id, n.event_id, n.campaign_id, -1, '', '', 'decline', n.reason,
           n.created_at, n.created_at, '', '', ''
    from outreach.enrolments n
    where n.state = 'declined' and n.created_at >= :since
"""
_INDEX = "create index on {into} (id)"
_SAID = """
    select f.*, p.ref, e.key as event, c.key as campaign, c.version
    from {table} f
    join outreach.persons p on p.id = f.person_id
    join outreach.events e on e.id = f.event_id
    join outreach.campaigns c on c.id = f.campaign_id
    where cast(:key as text) is null or c.key = :key
    order by p.ref, e.key, c.key, f.step, f.id
"""


def write_down(ground: Connection, days: Days, *, into: str) -> None:
    """Keep what became of the contacts planned since these days began, under this name."""
    table = f"{KEPT}.{into}"
    ground.execute(text(f"drop table if exists {table}"))
    ground.execute(text(f"create unlogged table {table} as {_FATES}"), {"since": days.since})
    ground.execute(text(_INDEX.format(into=table)))


def read(on: Stand, *, table: str, key: str | None) -> Iterator[Row]:
    """The rows of this campaign, or of all, by person, event and step; a chunk in memory at a time.

    Raises `LookupError` for a step that its campaign does not have.
    """
    asked = text(_SAID.format(table=f"{KEPT}.{table}"))
    with on.filler.connect() as line:
        found = line.execution_options(yield_per=CHUNK).execute(asked, {"key": key})
        for some in found.partitions():
            yield from _told(on, some)


def _told(on: Stand, found: Sequence[Found[tuple[object, ...]]]) -> Iterator[Row]:
    with on.means.database.begin(on.brand) as tx:
        persons = people.by_id(tx, {row.person_id for row in found})
        versions = on.means.book.versions(tx, {row.campaign_id for row in found})
    for row in found:
        yield _row(row, persons, versions)


def _row(
    row: Found[tuple[object, ...]], persons: Mapping[UUID, Person], versions: Mapping[UUID, Version]
) -> Row:
    zones = place_of(evidence_of(persons[row.person_id])).zones
    return Row(
        id=row.id, person=row.ref, event=row.event, campaign=row.campaign, version=row.version,
        step="" if row.step < 0 else versions[row.campaign_id].campaign.contacts[row.step].key,
        channel=row.channel, purpose=row.purpose, outcome=row.outcome, reason=row.reason, at=row.at,
        zones=zones, local=tuple(_wall(row.at, zone) for zone in zones), until=row.useless_after,
        pack=row.pack, facts=row.facts, text=row.words,
    )  # fmt: skip


def _wall(at: datetime, zone: str) -> str:
    return f"{at.astimezone(timezones.load(zone)):%Y-%m-%d %H:%M}"
