"""What does marking cost, beside a bare check right before the call?

    python -m bench.marking [--json]

Both ways in each round, in turns: as it is; and with a bare check, which reads and judges the same
facts just before the call and takes no lock, writes no attempt and notes no beginning. Four threads
send. Of each round the ratio of the two counts, and of the ratios the median: where a call takes 50
milliseconds, as over the internet, as it is must come to at least 85 % of the throughput of the
bare check. A call of five milliseconds, as on a host of one's own, is shown beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count
from threading import Event
from unittest.mock import patch

from sqlalchemy import Connection

from bench import figures, stage
from optout.model import Channel
from outreach.app import Outreach
from outreach.brands.model import Brand
from outreach.channels.memory import accept
from outreach.channels.protocol import Accepted, Answer, Outgoing
from outreach.db.engine import BrandRef
from outreach.dispatch import send, store
from outreach.dispatch.facts import gather
from outreach.dispatch.mark import Call, call_of
from outreach.dispatch.means import Look, Means
from outreach.dispatch.model import Touch
from outreach.dispatch.store import Moved
from outreach.dispatch.verdicts import judge_all
from outreach.dispatch.wording import Ready
from outreach.hours import coordinates
from outreach.people import reading as people_reading
from outreach.people import store as people
from tests import builders as b

ROUNDS, PEOPLE, THREADS, LEAST, SHOWN = 5, 200, 4, 0.85, 0.4
NEAR, FAR = 0.005, 0.05  # seconds of a call
_BRANDS = count(1)
_PAUSE = Event()


def main() -> None:
    figures.sizes(__doc__)
    with stage.servers(durable=True) as servers:
        app = stage.built(servers)
        sending(app, NEAR)  # once for the caches
        rounds = [_round(app, turn) for turn in range(ROUNDS)]
        app.close()
    figures.report([_figure(rounds, FAR, must=LEAST), _figure(rounds, NEAR, must=SHOWN)])


def _figure(rounds: Sequence[Mapping[str, float]], call: float, *, must: float) -> figures.Figure:
    """Touches a second as it is, beside the bare check in the same round."""
    marked, bare = (_name(way, call) for way in ("marked", "bare"))
    return figures.Figure(
        f"marking, {call * 1000:.0f} ms a call", "1/s",
        ours=tuple(PEOPLE / one[marked] for one in rounds),
        floor=tuple(PEOPLE / one[bare] for one in rounds),
        beside="a bare check before the call", must=must,
    )  # fmt: skip


def _name(way: str, call: float) -> str:
    return f"{way}, {call * 1000:.0f} ms a call"


def _round(app: Outreach, turn: int) -> dict[str, float]:
    """Seconds of each way; whichever was first in the last round is second in this one."""
    ways = sorted(WAYS, reverse=bool(turn % 2))
    return {_name(way, call): _under(way, app, call) for call in (NEAR, FAR) for way in ways}


def _under(way: str, app: Outreach, call: float) -> float:
    with ExitStack() as stack:
        for name, instead in WAYS[way].items():
            stack.enter_context(patch.object(send, name, instead))
        return sending(app, call)


def sending(app: Outreach, call: float) -> float:
    """Seconds for all that is due for a new brand."""
    app = b.through(app, Channel.EMAIL, lambda one: _after(call, one))
    look = Look(due(app), Channel.EMAIL)

    def work() -> None:
        while send.dispatch(app.means, look):
            pass

    elapsed = stage.timed(lambda: _at_once(work))
    if len(b.reached(app, Channel.EMAIL)) != PEOPLE:
        raise AssertionError(len(b.reached(app, Channel.EMAIL)))
    return elapsed


def _at_once(work: Callable[[], None]) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        for one in [threads.submit(work) for _ in range(THREADS)]:
            one.result()


def due(app: Outreach) -> BrandRef:
    """A new brand, of which everybody has a mail due."""
    brand = b.a_brand(app, f"bench-{next(_BRANDS)}")
    b.a_live_campaign(app, brand)
    send.dispatch(app.means, Look(brand, Channel.EMAIL))  # it learns where its ledger stands
    fields = [
        {"ref": f"c-{n}", "country": "US", "zone": "America/New_York", "email": f"c-{n}@b.example"}
        for n in range(PEOPLE)
    ]
    everybody = [
        people_reading.read(one, brand=brand, hasher=app.means.hasher, zone_at=coordinates.zone_of)
        for one in fields
    ]
    with app.means.database.begin(brand) as tx:
        people.put(tx, brand, everybody)
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in everybody))
    return brand


def _after(call: float, one: Outgoing) -> Answer:
    _PAUSE.wait(call)
    return accept(one)


def _bare(
    tx: Connection,
    means: Means,
    brand: Brand,
    handful: Sequence[Ready],
    *,
    deadline: float,
    few: int,
) -> list[Call]:
    """Read and judged once more; nothing locked, nothing written, and all begin at once."""
    del few
    gathered = gather(tx, means, brand, [one.touch for one in handful], now=means.clock())
    _, objected = judge_all(gathered.facts)
    free = [one for one in handful if one.touch.id not in objected]
    return [call_of(brand, one, gathered, deadline=deadline) for one in free]


def _settled(
    tx: Connection, answered: Sequence[tuple[Touch, Answer]], *, now: datetime, patience: timedelta
) -> None:
    """From claimed to sent, without a call in between."""
    del patience
    taken = [touch for touch, said in answered if isinstance(said, Accepted)]
    store.move(tx, [Moved(touch.id, touch.fence, "sent") for touch in taken], now=now)


WAYS: Mapping[str, Mapping[str, object]] = {
    "marked": {},
    "bare": {"mark": _bare, "settle": _settled},
}


if __name__ == "__main__":
    main()
