"""How fast is an audience planned, and is everybody in it once when planners are killed?

`python -m bench.audience [PEOPLE] [CHUNK]`: people by the hundred thousand on embedded servers, a
planner in a process of its own that is killed with SIGKILL twice, then one that finishes. Beside it
one plain `insert … select` of as many rows.
"""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime

from sqlalchemy import create_engine, text

from bench import stage
from outreach import app as application
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.enrolments import planner
from outreach.settings import Settings

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
DOCUMENT = """\
{key: news, name: {en: News}, purpose: service, trigger: {audience: all, at: 2026-03-12T10:00},
 steps: [{key: one, channels: [email], template: news}]}
"""
PEOPLE = text("""
    insert into outreach.persons (brand_id, id, ref, zone, country)
    select :brand, gen_random_uuid(), 'c-' || n, 'Europe/Lisbon', 'PT'
    from generate_series(1, :number) n
""")
ADDRESSES = text("""
    insert into outreach.addresses (brand_id, person_id, kind, value, hash)
    select brand_id, id, 'email', ref || '@customers.example', decode(md5(ref), 'hex')
    from outreach.persons
""")
PLAIN = text("""
    create table outreach.plain as select * from outreach.touches where false;
    insert into outreach.plain select * from outreach.touches;
""")
ONCE = text("""
    select count(*) as passages, count(distinct person_id) as people,
           (select count(*) from outreach.touches) as touches from outreach.enrolments
""")


def main() -> None:
    """Set everything up, kill twice, finish, and print the figures."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    chunk = sys.argv[2] if len(sys.argv) > 2 else str(planner.CHUNK)  # noqa: PLR2004
    with stage.servers(durable=True) as servers:
        os.environ.update(servers.environment())
        app = application.build(Settings.read(os.environ))
        brand = _settled(app, number)
        began = time.monotonic()
        kills = [_kill_after(app, brand, number * share // 10, chunk) for share in (3, 6)]
        _planner(chunk).wait()
        took = time.monotonic() - began
        with app.means.database.begin(brand) as tx:
            row = tx.execute(ONCE).one()
        plain = _plain(stage.as_superuser(servers))
        print(f"killed with {kills} passages stored; in the end {row._asdict()} of {number}")
        print(f"planned: {number / took:,.0f} people/s in {took:.1f} s, restarts included")
        print(f"plain insert … select of the touches: {number / plain:,.0f} rows/s")
        app.close()


def _settled(app: Outreach, number: int) -> BrandRef:
    brand = stage.brand(app)
    with app.means.database.begin(brand) as tx:
        tx.execute(PEOPLE, {"brand": brand.id, "number": number})
        tx.execute(ADDRESSES)
        campaigns.put(tx, brand, DOCUMENT, name="news")
        campaigns.activate(tx, app.means.book, "news", now=NOW)
    return brand


def _planner(chunk: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bench.audience", "--plan", chunk])


def _kill_after(app: Outreach, brand: BrandRef, passages: int, chunk: str) -> int:
    process = _planner(chunk)
    while True:
        with app.means.database.begin(brand) as tx:
            found = int(tx.execute(text("select count(*) from outreach.enrolments")).scalar_one())
        if found >= passages or process.poll() is not None:
            process.kill()
            process.wait()
            return found


def _plain(url: str) -> float:
    engine = create_engine(url)
    with engine.begin() as tx:
        took = stage.timed(lambda: tx.execute(PLAIN))
    engine.dispose()
    return took


def plan(chunk: int) -> None:
    """Plan to the end, a transaction a chunk; this process is the one that is killed."""
    app = application.build(Settings.read(os.environ))
    brand = brands.directory(app.means.database)["bench"]
    done = 1
    while done:
        with app.means.database.begin(brand) as tx:
            done = planner.plan_next(tx, app.means.book, brand, now=NOW, chunk=chunk)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--plan"]:
        plan(int(sys.argv[2]))
    else:
        main()
