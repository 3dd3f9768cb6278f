"""How long do ten touches of one brand wait beside another's million that are due?

`python -m bench.turns [TOUCHES] [--json]`. Only hints of the large brand are served. Ten touches of
the small one come due, a round is worked off as a worker does it, and its length is how long the
ten waited at most; the same rounds are run before, beside ten thousand. What lies behind a batch of
the large brand must be of no account.
"""

import time

from sqlalchemy import text

from bench import figures, stage
from optout.model import Channel
from outreach import work
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from tests import builders as b
from tests.dispatch.test_dispatch_turns import MANY, a_parcel, sent

ROUNDS, TEN, FEW, TOUCHES, CHUNK, MOST = 10, 10, 10_000, 1_000_000, 50_000, 1.5


def main() -> None:
    (many,) = figures.sizes(__doc__, TOUCHES)
    with stage.servers() as servers:
        app = stage.built(servers)
        few, beside = measured(app, many)
        app.close()
    figures.report([
        figures.Figure(
            name=f"ten wait beside {many:,}", unit="s", ours=beside, floor=few,
            beside=f"the same beside {FEW:,}", must=MOST,
        )
    ])  # fmt: skip


def measured(app: Outreach, many: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Seconds of each round: beside few touches of the large brand, and beside many."""
    large, small = (a_sender(app, key) for key in ("large", "small"))
    work.a_round(app, Look(large, Channel.EMAIL))  # the two from which all others are copied
    more_due(app, large, FEW)
    few = tuple(one_round(app, large, small) for _ in range(ROUNDS))
    for begun in range(FEW, many, CHUNK):
        more_due(app, large, min(CHUNK, many - begun))
    return few, tuple(one_round(app, large, small) for _ in range(ROUNDS))


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


if __name__ == "__main__":
    main()
