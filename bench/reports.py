"""Does a report take longer where ten million touches are than where a hundred thousand are?

`python -m bench.reports [MANY] [FEW] [--json]`, by default 1,000,000 and 100,000; a whole run is
`python -m bench.reports 10000000`, which wants 15 GB. The pages on which somebody reads what came
of their contacts, over ninety days of ten campaigns: today, the month for the firm with punctuality
and charges, the last week, campaigns, what was not sent and what is planned; and the sums of a
month by campaign, channel, day and hour. Each is asked for some times and the fastest counts: what
is counted at a first look is shown from then on as it was counted, and how long that look took is
said too. Ends with 1 when one takes more than twice as long at many as at few.
"""

import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from httpx import Client

from bench import figures, filled, pages
from bench.pages import Jobs, Took
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.reports import sums

AT_MOST = 2.0
_BY: tuple[Literal["all", "day", "hour"], ...] = ("all", "day", "hour")
_UNSENT = (
    "/unsent?which=held&reason=outside_hours", "/unsent?reason=withdrawn",
    "/unsent?reason=withdrawn&campaign=news-2",
)  # fmt: skip


def reports(app: Outreach, ref: BrandRef, client: Client) -> Jobs:
    """Reports by their names; their month is the last whole one."""
    since, until = _last_month(app.means.clock())

    def summed(by: Literal["all", "day", "hour"]) -> object:
        with app.means.database.reading(ref) as tx:
            return sums.of(tx, since=since, until=until, by=by, zone="Asia/Shanghai")

    month = f"month={since:%Y-%m}"
    wanted = (
        "/", "/portal", f"/reports?{month}", f"/reports/page?{month}", f"/reports/table?{month}",
        "/campaigns", "/campaigns/news-1", "/planned", *_UNSENT,
    )  # fmt: skip
    return pages.gets(client, wanted) | {f"sums by {by}": partial(summed, by) for by in _BY}


def _last_month(now: datetime) -> tuple[datetime, datetime]:
    until = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (until - timedelta(days=1)).replace(day=1), until


def firsts(took: Mapping[str, tuple[Took, Took]]) -> str:
    """How long each first look at many took."""
    return "\n".join(f"  {name:44} {one.first:8.2f} s" for name, (one, _) in took.items())


def main() -> None:
    """Measure both, and hold each report of the one against the other."""
    many, few = figures.sizes(__doc__, 1_000_000, 100_000)
    took = pages.seconds(many, few, reports, tables=filled.REPORTED)
    print(f"first looks at {many:,} touches:\n{firsts(took)}", file=sys.stderr)
    pages.report(took, many, few, must=AT_MOST)


if __name__ == "__main__":
    main()
