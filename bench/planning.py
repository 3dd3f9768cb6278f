"""How fast do audiences and events become planned touches, beside a plan written by hand?

`python -m bench.planning [PEOPLE] [ROUNDS] [--json]`, by default 20,000 people and 5 rounds. In
each round the same people are planned three times, one after the other: as an audience, after a
delivery to each of them, and by hand. The hand reads people with their addresses 5,000 at a time,
names each passage and touch by SHA-256, and stores them by COPY and `insert … on conflict` into
tables with the same indexes; it knows no versions, conditions, exits, waits, holdouts, clocks or
brands, and takes and settles no events. Memory is tidied as in a worker. Told are people for each
second of processor time, of this process and its server process together, which says more than the
clock where others work too.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import text

from bench import figures, stage
from bench.audience import ADDRESSES, NOW
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.enrolments import enrol, intake, planner
from outreach.events.model import Event, event_id
from outreach.people.model import person_id
from outreach.worker import spare_what_stays

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
DELIVERED = """\
{key: tutorial, name: {en: Tutorial}, purpose: service, trigger: {event: parcel.delivered},
 exits: [{event: order.refunded, same: order}],
 steps: [{key: one, after: 2 d, at: "10:00", channels: [email], template: news}]}
"""
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


def main() -> None:
    people, rounds = figures.sizes(__doc__, 20_000, 5)
    with stage.servers() as servers:
        app = stage.built(servers)
        brand = settled(app, people)
        spare_what_stays()
        url = servers.superuser_url.replace("+psycopg", "").replace("/postgres?", "/outreach?")
        with psycopg.connect(url) as hand:
            hand.execute(FLOOR)
            told = [one_round(app, brand, hand, number, people) for number in range(rounds)]
        app.close()
    rates = [{name: people / seconds for name, seconds in one.items()} for one in told]
    figures.report(
        figures.of_rounds(rates, ours, "by hand", must=0.4, beyond=0.75, unit="1/s")
        for ours in ("audience planned", "events planned")
    )


def settled(app: Outreach, people: int) -> BrandRef:
    """A brand with these people, and a campaign for whoever has a parcel."""
    brand = stage.brand(app)
    refs = [f"c-{number}" for number in range(people)]
    with app.means.database.begin(brand) as tx:
        ids = [person_id(brand, ref) for ref in refs]
        tx.execute(PEOPLE, {"brand": brand.id, "ids": ids, "refs": refs})
        tx.execute(ADDRESSES)
    go_live(app, brand, DELIVERED, "tutorial")
    return brand


def go_live(app: Outreach, brand: BrandRef, document: str, key: str) -> None:
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, document, name=key)
        campaigns.activate(tx, app.means.book, key, now=NOW)


def one_round(
    app: Outreach, brand: BrandRef, hand: psycopg.Connection, number: int, people: int
) -> dict[str, float]:
    """Processor seconds of each of the three, once."""
    accept(app, brand, number, people)
    go_live(app, brand, AUDIENCE.format(round=number), f"news-{number}")
    return {
        "events planned": timed(app, brand, enrol.enrol),
        "audience planned": timed(app, brand, planner.plan_next),
        "by hand": by_hand(hand, brand, people),
    }


def accept(app: Outreach, brand: BrandRef, number: int, people: int) -> None:
    for first in range(0, people, 1000):
        parcels = range(first, min(first + 1000, people))
        with app.means.database.begin(brand) as tx:
            told = [delivered(brand, number, one) for one in parcels]
            intake.accept(tx, brand, told, source="shop", refused=0, now=NOW)


def delivered(brand: BrandRef, number: int, one: int) -> Event:
    key, ref = f"parcel.delivered:P-{number}-{one}", f"c-{one}"
    data = {"parcel": f"P-{number}-{one}", "order": f"O-{number}-{one}"}
    id_, person = event_id(brand, key), person_id(brand, ref)
    return Event(id_, "parcel.delivered", key, ref, person, NOW, "shop", data)


def timed(app: Outreach, brand: BrandRef, plan: Callable[..., int]) -> float:
    """Processor seconds until nothing is left, a transaction a set, as a worker does."""
    with app.means.database.begin(brand) as tx:
        server = int(tx.execute(text("select pg_backend_pid()")).scalar_one())
    began = spent(server)
    done = 1
    while done:
        with app.means.database.begin(brand) as tx:
            done = plan(tx, app.means.book, brand, now=NOW)
    return spent(server) - began


def spent(server: int) -> float:
    """Processor seconds of this process and of that one, which is on the same machine."""
    ticks = Path(f"/proc/{server}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.process_time() + (int(ticks[11]) + int(ticks[12])) / 100


def by_hand(hand: psycopg.Connection, brand: BrandRef, people: int) -> float:
    campaign, due_at, last = uuid4(), NOW + timedelta(days=2), UUID(int=0)
    began = spent(hand.info.backend_pid)
    for _ in range(0, people, planner.CHUNK):
        found = hand.execute(NEXT, (brand.id, last, planner.CHUNK)).fetchall()
        last = found[-1][0]
        store(hand, brand, list(planned(campaign, (one for one, _, _ in found), due_at)))
    return spent(hand.info.backend_pid) - began


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
                    copy.write_row(row[of])
        cursor.execute(PASSAGES, (brand.id, NOW))
        cursor.execute(TOUCHES, (brand.id,))
        cursor.execute(EMPTY)
    hand.commit()


if __name__ == "__main__":
    main()
