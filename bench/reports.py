"""Does a page of a report take longer for many touches than for few?

`python -m bench.reports [MANY] [FEW] [--json]`, by default 1,000,000 and 100,000; a whole run is
`python -m bench.reports 10000000`. Touches of ninety days in ten campaigns, most of them sent, some
left out for five reasons; a page reads their sums by campaign, channel, day and reason. Ends with 1
when the page of many takes more than twice as long as that of few.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine, text

from bench import figures, stage
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.reports import sums

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
MONTH = {"since": SINCE + timedelta(days=30), "until": SINCE + timedelta(days=60)}
AT_MOST = 2.0
PAGES = 200
DOCUMENT = """\
{{key: news-{0}, name: {{en: News}}, purpose: service, trigger: {{event: parcel.delivered}},
 steps: [{{key: one, channels: [email], template: news}}]}}
"""
# Past the triggers, as a copy would come: the sums are then what a full count comes to.
FILL = """
    insert into outreach.touches (brand_id, id, enrolment_id, campaign_id, person_id, step, channel,
        purpose, priority, state, planned_for, due_at, useless_after, settled_at, reason)
    select :brand, gen_random_uuid(), md5('n' || n)::uuid, c.id, md5('p' || n % 500000)::uuid, 0,
        case when n % 3 = 0 then 'sms' else 'email' end, 'service', 50,
        cast(case when n % 10 < 8 then 'sent' else 'skipped' end as outreach.touch_state),
        at, at, at, at, case when n % 10 >= 8 then 'reason_' || n % 5 end
    from generate_series(1, :number) n
    join (select id, row_number() over (order by key) - 1 as place from outreach.campaigns) c
      on c.place = n % 10
    cross join lateral (
        select :since + (n % 90) * interval '1 day' + (8 + n % 12) * interval '1 hour' as at) told
"""


def seconds(number: int) -> Sequence[float]:
    """How long the fastest quarter of pages took; the sums close with a full count."""
    with stage.servers() as running:
        app = stage.built(running)
        ref = stage.brand(app)
        with app.means.database.begin(ref) as tx:
            for one in range(10):
                campaigns.put(tx, ref, DOCUMENT.format(one), name=f"news-{one}")
        _fill(stage.as_superuser(running), ref, number)
        with app.means.database.reading(ref) as tx:
            shown = sums.of(tx, **MONTH, by="day", zone="Asia/Shanghai")
            if not shown or sums.drifted(tx):
                sys.exit("the sums are not what a full count comes to")
            took = [
                stage.timed(lambda: sums.of(tx, **MONTH, by="day", zone="Asia/Shanghai"))
                for _ in range(PAGES)
            ]
        app.close()
    return sorted(took)[: PAGES // 4]


def _fill(url: str, ref: BrandRef, number: int) -> None:
    engine = create_engine(url)
    with engine.begin() as tx:
        tx.execute(text("set local session_replication_role = replica"))
        tx.execute(text(FILL), {"brand": ref.id, "number": number, "since": SINCE})
        sums.mend(tx, ref)
    stage.folded(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.execute(text("vacuum analyze outreach.sums, outreach.sum_changes"))
    engine.dispose()


def main() -> None:
    """Measure both, and hold the one against the other."""
    many, few = figures.sizes(__doc__, 1_000_000, 100_000)
    few_took, many_took = seconds(few), seconds(many)
    figures.report([
        figures.Figure(
            name=f"a report's page over {many:,} touches", unit="s", ours=tuple(many_took),
            floor=tuple(few_took), beside=f"the same over {few:,}", must=AT_MOST,
        )
    ])  # fmt: skip


if __name__ == "__main__":
    main()
