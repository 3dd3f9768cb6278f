"""How fast do audiences and events become planned touches, beside plans written by hand?

`python -m bench.planning [PEOPLE] [ROUNDS] [--json]`, by default 20,000 people and 5 rounds. In
each round the same people are planned one after the other: as an audience, after a delivery to each
of them with three campaigns live, and by hand. Of a delivery the hand is the ceiling's plan
(`floors.ceiling`): lines of JSON become event rows under unique names, and contact, opt-out,
counter, rule and hours are asked for each. Ours is told twice, without taking the events in and
with it, from the same lines. Of an audience the hand reads people with their addresses 5,000 at a
time, names each passage and touch by SHA-256, and stores them by COPY and `insert … on conflict`
into tables with the same indexes. Neither hand knows versions, conditions, exits, waits, holdouts
or brands. Memory is tidied as in a worker. Told are people a second by the clock, and for each
second of processor time of this process and its server process together, which says more than the
clock where others work too.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import text

from bench import crowd, figures, stage
from bench.audience import ADDRESSES, NOW
from bench.floors import ceiling
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.enrolments import enrol, intake, planner
from outreach.events import reading
from outreach.events.model import Event
from outreach.people.model import person_id
from outreach.tidying import spare_what_stays

PEOPLE = text("""
    insert into outreach.persons (brand_id, id, ref, zone, country)
    select :brand, id, ref, 'Europe/Lisbon', 'PT'
    from unnest(cast(:ids as uuid[]), cast(:refs as text[])) as given(id, ref)
""")
AUDIENCE = """\
{{key: news-{round}, name: {{en: News}}, purpose: service,
 trigger: {{audience: all, at: 2026-03-12T10:00}},
 steps: [{{key: one, channels: [email], template: news}}]}}
"""
LIVE = {
    "tutorial": """\
{key: tutorial, name: {en: Tutorial}, purpose: service,
 trigger: {event: parcel.delivered,
           condition: {field: event.data.product, operator: is, value: Lumen One}},
 exits: [{event: order.refunded, same: order}],
 steps: [{key: one, after: 2 d, at: "10:00", channels: [email], template: news}]}
""",
    "closed": """\
{key: closed, name: {en: Closed}, purpose: service, trigger: {event: case.closed},
 steps: [{key: one, after: 1 d, channels: [email], template: news}]}
""",
    "thanks": """\
{key: thanks, name: {en: Thanks}, purpose: service, trigger: {event: order.completed},
 steps: [{key: one, channels: [email], template: news}]}
""",
}
FLOOR = """
    create schema floor;
    create table floor.passages (like outreach.enrolments including indexes including defaults);
    create table floor.touches (like outreach.touches including indexes including defaults);
    create temporary table given_passages (id uuid, campaign uuid, person uuid);
    create temporary table given_touches
        (id uuid, passage uuid, campaign uuid, person uuid, due_at timestamptz);
"""
NEXT = """
    select p.id, p.ref, a.value from outreach.persons p
    join outreach.addresses a on a.brand_id = p.brand_id and a.person_id = p.id and a.kind = 'email'
    where p.brand_id = %s and p.id > %s order by p.id limit %s
"""
PASSAGES = """
    insert into floor.passages
        (brand_id, id, campaign_id, person_id, event_id, state, planned, created_at)
    select %s, id, campaign, person, campaign, 'active', 1, %s from given_passages
    on conflict (brand_id, id) do nothing
"""
TOUCHES = """
    insert into floor.touches
        (brand_id, id, enrolment_id, campaign_id, person_id, step, channel, purpose, priority,
         planned_for, due_at, useless_after)
    select %s, id, passage, campaign, person, 0, 'email', 'service', 50, due_at, due_at,
           due_at + interval '3 days' from given_touches
    on conflict (brand_id, id) do nothing
"""
EMPTY = "truncate given_passages, given_touches"
HOW = ("", ", of processor time")
BESIDE = {
    "audience planned": "by hand",
    "events planned": "the ceiling's plan",
    "events taken in and planned": "the ceiling's plan",
}


class Spent(NamedTuple):
    """Seconds."""

    clock: float
    processor: float


def main() -> None:
    people, rounds = figures.sizes(__doc__, 20_000, 5)
    with stage.servers() as servers:
        app = stage.built(servers)
        brand = settled(app, people)
        spare_what_stays()
        url = servers.superuser_url.replace("+psycopg", "").replace("/postgres?", "/outreach?")
        with psycopg.connect(url) as hand:
            hand.execute(FLOOR)
            hand.execute(ceiling.SCHEMA)
            ceiling.contacts(hand, [crowd.contact(number) for number in range(people)])
            told = [one_round(app, brand, hand, number, people) for number in range(rounds)]
        app.close()
    named = [by_name(one, people) for one in told]
    figures.report(
        figures.of_rounds(named, f"{ours}{how}", f"{floor}{how}", must=0.4, beyond=0.75, unit="1/s")
        for ours, floor in BESIDE.items()
        for how in HOW
    )


def by_name(told: Mapping[str, Spent], people: int) -> dict[str, float]:
    """People a second, by the clock and of processor time."""
    return {
        f"{name}{how}": people / seconds
        for name, spent in told.items()
        for how, seconds in zip(HOW, spent, strict=True)
    }


def settled(app: Outreach, people: int) -> BrandRef:
    """A brand with these people, and a campaign for whoever has a parcel."""
    brand = stage.brand(app)
    refs = [f"c-{number}" for number in range(people)]
    with app.means.database.begin(brand) as tx:
        ids = [person_id(brand, ref) for ref in refs]
        tx.execute(PEOPLE, {"brand": brand.id, "ids": ids, "refs": refs})
        tx.execute(ADDRESSES)
    for key, document in LIVE.items():
        go_live(app, brand, document, key)
    return brand


def go_live(app: Outreach, brand: BrandRef, document: str, key: str) -> None:
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, document, name=key)
        campaigns.activate(tx, app.means.book, key, now=NOW)


def one_round(
    app: Outreach, brand: BrandRef, hand: psycopg.Connection, number: int, people: int
) -> dict[str, Spent]:
    """What each of them took, once."""
    lines = list(told(number, people))
    server, by_us = pid(app, brand), hand.info.backend_pid
    accepted = timed(server, lambda: accept(app, brand, lines))
    planned_ = timed(server, lambda: plan_all(app, brand, enrol.enrol))
    go_live(app, brand, AUDIENCE.format(round=number), f"news-{number}")
    return {
        "events planned": planned_,
        "events taken in and planned": Spent(*map(sum, zip(accepted, planned_, strict=True))),
        "audience planned": timed(server, lambda: plan_all(app, brand, planner.plan_next)),
        "by hand": timed(by_us, lambda: by_hand(hand, brand, people)),
        "the ceiling's plan": timed(by_us, lambda: ceiling.plan(hand, lines, now=NOW)),
    }


def told(number: int, people: int) -> Iterator[bytes]:
    """A delivery to each of these people, other ones in each round."""
    for one, line in enumerate(crowd.lines(range(people), at=NOW)):
        event = json.loads(line)
        event["id"] = f"parcel.delivered:P-{number}-{one}"
        event["data"]["parcel"] = f"P-{number}-{one}"
        yield json.dumps(event).encode()


def accept(app: Outreach, brand: BrandRef, lines: Sequence[bytes]) -> None:
    for first in range(0, len(lines), crowd.SET):
        some = [json.loads(line) for line in lines[first : first + crowd.SET]]
        read = [
            reading.read(one, position=place, brand=brand, now=NOW)
            for place, one in enumerate(some)
        ]
        events = [one for one in read if isinstance(one, Event)]
        refused = len(read) - len(events)
        with app.means.database.begin(brand) as tx:
            intake.accept(tx, brand, events, source="shop", refused=refused, now=NOW)


def plan_all(app: Outreach, brand: BrandRef, plan: Callable[..., int]) -> None:
    """Until nothing is left, a transaction a set, as a worker does."""
    done = 1
    while done:
        with app.means.database.begin(brand) as tx:
            done = plan(tx, app.means.book, brand, now=NOW)


def pid(app: Outreach, brand: BrandRef) -> int:
    """The server process that works for us: one, since one connection is open at a time."""
    with app.means.database.begin(brand) as tx:
        return int(tx.execute(text("select pg_backend_pid()")).scalar_one())


def timed(server: int, job: Callable[[], object]) -> Spent:
    """Seconds by the clock, and of this process's and that one's processor time."""
    began, before = time.perf_counter(), spent(server)
    job()
    return Spent(time.perf_counter() - began, spent(server) - before)


def spent(server: int) -> float:
    """Processor seconds of this process and of that one, which is on the same machine."""
    ticks = Path(f"/proc/{server}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.process_time() + (int(ticks[11]) + int(ticks[12])) / 100


def by_hand(hand: psycopg.Connection, brand: BrandRef, people: int) -> None:
    campaign, due_at, last = uuid4(), NOW + timedelta(days=2), UUID(int=0)
    for _ in range(0, people, planner.CHUNK):
        found = hand.execute(NEXT, (brand.id, last, planner.CHUNK)).fetchall()
        last = found[-1][0]
        store(hand, brand, list(planned(campaign, (one for one, _, _ in found), due_at)))


def planned(
    campaign: UUID, persons: Iterator[UUID], due_at: datetime
) -> Iterator[tuple[UUID, UUID, UUID, UUID, datetime]]:
    for person in persons:
        passage = UUID(bytes=sha256(campaign.bytes + person.bytes).digest()[:16])
        touch = UUID(bytes=sha256(passage.bytes + b"one").digest()[:16])
        yield touch, passage, campaign, person, due_at


def store(
    hand: psycopg.Connection, brand: BrandRef, rows: list[tuple[UUID, UUID, UUID, UUID, datetime]]
) -> None:
    with hand.cursor() as cursor:
        for table, kinds, of in (
            ("given_passages", ["uuid"] * 3, slice(1, 4)),
            ("given_touches", [*["uuid"] * 4, "timestamptz"], slice(0, 5)),
        ):
            with cursor.copy(f"copy {table} from stdin (format binary)") as copy:
                copy.set_types(kinds)
                for row in rows:
                    copy.write_row(tuple(row)[of])
        cursor.execute(PASSAGES, (brand.id, NOW))
        cursor.execute(TOUCHES, (brand.id,))
        cursor.execute(EMPTY)
    hand.commit()


if __name__ == "__main__":
    main()
