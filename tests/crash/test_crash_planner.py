"""Is everybody planned once when a planner is killed, twice, in the middle of an audience?

Of two thousand people; `AUDIENCE=200000` asks it of so many, by chunks of a hundredth of each.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.embedded.desk import Servers
from tests import builders as b
from tests.processes import environment
from tests.waiting import wait_until

NUMBER = int(os.environ.get("AUDIENCE") or 2000)
CHUNK = NUMBER // 100
PATIENCE = 60 + NUMBER / 1000  # seconds
PLANNER = f"""
import os
from outreach import app
from outreach.brands import store as brands
from outreach.enrolments.planner import plan_next
from outreach.settings import Settings
built = app.build(Settings.read(os.environ))
brand = brands.directory(built.means.database)["lumen"]
done = 1
while done:
    with built.means.database.begin(brand) as tx:
        done = plan_next(tx, built.means.book, brand, now=built.means.clock(), chunk={CHUNK})
"""
PEOPLE = text("""
    insert into outreach.persons (brand_id, id, ref, zone, country)
    select :brand, gen_random_uuid(), 'c-' || n, 'Europe/Lisbon', 'PT'
    from generate_series(1, :number) n
""")
COUNT = text("""
    select count(*) as passages, count(distinct person_id) as people from outreach.enrolments
""")


def counted(app: Outreach, brand: BrandRef) -> tuple[int, int]:
    with app.means.database.begin(brand) as tx:
        return tuple(tx.execute(COUNT).one())


@pytest.mark.long
def test_two_kills_leave_nobody_out_and_nobody_twice(
    app: Outreach, servers: Servers, clock: SteppedClock
) -> None:
    brand = b.a_brand(app)
    with app.means.database.begin(brand) as tx:
        tx.execute(PEOPLE, {"brand": brand.id, "number": NUMBER})
    b.a_live_campaign(app, brand, trigger={"audience": "all", "at": "2026-03-12T10:00"})
    clock.step_to(datetime(2026, 3, 12, tzinfo=UTC))
    command, variables = [sys.executable, "-c", PLANNER], environment(servers, app)
    for share in (0.2, 0.5):
        with subprocess.Popen(command, env=variables) as process:
            wait_until(lambda at=share: counted(app, brand)[0] >= at * NUMBER, seconds=PATIENCE)
            process.kill()
        assert counted(app, brand)[0] < NUMBER
    subprocess.run(command, env=variables, check=True, timeout=PATIENCE)
    assert counted(app, brand) == (NUMBER, NUMBER)
