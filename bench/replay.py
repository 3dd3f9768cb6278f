"""Does a replay of many touches take longer for each than one of few?

`python -m bench.replay [MANY] [FEW] [--json]`, by default 200,000 and 10,000: parcels of a month,
a mail for each, looked at twice a day. Told in seconds, in processor seconds of this process and of
the database in which the days pass, which other work on a machine falsifies less, and with the most
memory that this process had. Ends with 1 when one of many takes more than 1.3 times as much as one
of few, or all of them more memory.
"""

import os
import resource
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine, text

from bench import figures, meter, stage
from bench.meter import Taken
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.embedded import desk
from outreach.replay import ground, run
from outreach.replay.moments import Days

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = Days(SINCE, SINCE + timedelta(days=31))
AT_MOST = 1.3
LOOKS = timedelta(hours=12)
DOCUMENT = """\
{key: news, name: {en: News}, purpose: service, trigger: {event: parcel.delivered},
 steps: [{key: one, channels: [email], template: news}]}
"""
FILL = (
    """
    insert into outreach.persons (brand_id, id, ref, zone, country)
    select :brand, md5('p' || n)::uuid, 'c-' || n, 'Europe/Lisbon', 'PT'
    from generate_series(1, :number) n
    """,
    """
    insert into outreach.addresses (brand_id, person_id, kind, value, hash)
    select brand_id, id, 'email', ref || '@customers.example', decode(md5(ref), 'hex')
    from outreach.persons
    """,
    """
    insert into outreach.events (brand_id, id, type, key, subject, person_id, source, occurred_at,
        received_at, state, data)
    select :brand, md5('e' || n)::uuid, 'parcel.delivered', 'parcel.delivered:P-' || n, 'c-' || n,
        md5('p' || n)::uuid, 'shop', at, at, 'enrolled', jsonb_build_object('parcel', 'P-' || n)
    from generate_series(1, :number) n,
         lateral (select :since + n * (interval '30 days' / :number) as at) told
    """,
)


def replayed(number: int) -> Taken:
    """What a replay of so many touches took, of this process and of the database below it."""
    with stage.servers() as running, ground.embedded() as place:
        app = stage.built(running)
        ref = _furnished(app, running, number)
        with run.stand(app, ref, place) as on:
            with on.filler.begin() as tx:
                below = meter.server_of(tx.execute(text("select pg_backend_pid()")).scalar_one())
            with Taken((os.getpid(), below)) as taken:
                run.live_through(on, DAYS, every=LOOKS)
            with on.filler.begin() as tx:
                sent = tx.execute(text("select count(*) from outreach.attempts")).scalar_one()
        app.close()
    if sent != number:
        sys.exit(f"{sent} of {number} touches went")
    return taken


def _furnished(app: Outreach, running: desk.Servers, number: int) -> BrandRef:
    ref = stage.brand(app)
    with app.means.database.begin(ref) as tx:
        campaigns.put(tx, ref, DOCUMENT, name="news")
        campaigns.activate(tx, app.means.book, "news", now=SINCE)
    engine = create_engine(stage.as_superuser(running))
    with engine.begin() as tx:
        for statement in FILL:
            tx.execute(text(statement), {"brand": ref.id, "number": number, "since": SINCE})
    engine.dispose()
    return ref


def main() -> None:
    """Measure both, and hold the one against the other."""
    many, few = figures.sizes(__doc__, 200_000, 10_000)
    few_took, most_at_few = replayed(few), _memory()
    many_took, most_at_many = replayed(many), _memory()
    figures.report([
        figures.Figure(
            name=f"replay of {many:,}, a touch", unit="s", ours=(many_took.seconds / many,),
            floor=(few_took.seconds / few,), beside=f"the same of {few:,}", must=AT_MOST,
        ),
        figures.Figure(
            name=f"replay of {many:,}, processor time a touch", unit="s",
            ours=(many_took.processor / many,), floor=(few_took.processor / few,),
            beside=f"the same of {few:,}", must=AT_MOST,
        ),
        figures.Figure(
            name=f"replay of {many:,}, most memory", unit="bytes", ours=(float(most_at_many),),
            floor=(float(most_at_few),), beside=f"the same of {few:,}", must=AT_MOST,
        ),
    ])  # fmt: skip


def _memory() -> int:
    """The most that this process ever held, in bytes; getrusage(2) tells KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
