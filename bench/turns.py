"""How long do ten touches of one brand wait beside another's million that are due?

`python -m bench.turns [TOUCHES] [--json]`. Only hints of the large brand are served. Ten touches of
the small one come due, a round is worked off as a worker does it, and its length is how long the
ten waited at most; the same rounds are run before, with nothing beside them. What holds for any
number behind the large brand's batch holds for a million, and this is where one sees it.
"""

import json
import statistics
import sys
import time

from sqlalchemy import text

from bench import stage
from optout.model import Channel
from outreach import work
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from tests import builders as b
from tests.dispatch.test_dispatch_turns import MANY, a_parcel, sent

ROUNDS, TEN, TOUCHES, CHUNK = 10, 10, 1_000_000, 50_000


def main() -> None:
    beside = next((int(word) for word in sys.argv[1:] if word.isdigit()), TOUCHES)
    with stage.servers() as servers:
        app = stage.built(servers)
        report(measured(app, beside), beside)
        app.close()


def measured(app: Outreach, beside: int) -> dict[str, list[float]]:
    """Seconds of each round: with the small brand alone, and beside the large one."""
    large, small = (a_sender(app, key) for key in ("large", "small"))
    work.a_round(app, Look(large, Channel.EMAIL))  # the two from which all others are copied
    alone = [one_round(app, large, small) for _ in range(ROUNDS)]
    for begun in range(0, beside, CHUNK):
        more_due(app, large, min(CHUNK, beside - begun))
    return {"alone": alone, "beside": [one_round(app, large, small) for _ in range(ROUNDS)]}


def a_sender(app: Outreach, key: str) -> BrandRef:
    brand = b.a_brand(app, key)
    b.a_live_campaign(app, brand)
    a_parcel(app, brand)
    return brand


def more_due(app: Outreach, brand: BrandRef, many: int) -> None:
    with app.means.database.begin(brand) as tx:
        tx.execute(text("set local statement_timeout = 0"))
        tx.execute(MANY, {"many": many})


def one_round(app: Outreach, large: BrandRef, small: BrandRef) -> float:
    """From when the ten are due until the round that a hint of the large brand began is over."""
    before = sent(app, small)
    more_due(app, small, TEN)
    begun = time.perf_counter()
    work.a_round(app, Look(large, Channel.EMAIL))
    took = time.perf_counter() - begun
    if sent(app, small) != before + TEN:
        raise SystemExit("the ten were not sent within the round")
    return took


def report(found: dict[str, list[float]], beside: int) -> None:
    """A table, or JSON: median and longest of the rounds, in seconds."""
    told = {name: (statistics.median(took), max(took)) for name, took in found.items()}
    if "--json" in sys.argv:
        print(json.dumps({"touches": beside, "rounds": ROUNDS, "seconds": told}))
        return
    for name, (median, longest) in told.items():
        after = f" {beside} due" if name == "beside" else ""
        print(f"ten {name}{after}: {median:.3f} s, at most {longest:.3f} s")


if __name__ == "__main__":
    main()
