"""What does it cost to judge one touch, beside one empty Dramatiq message on the same core?

`python -m bench.judging [--json]`. Everything runs on one core, in turns: a round judges a thousand
times, gathers and judges a batch of a hundred from PostgreSQL, and passes two hundred empty
messages through Valkey. The median of the rounds counts. Gathering and judging together must
cost no more than a quarter of a message; the exit code says whether they do.
"""

import os

import dramatiq
from sqlalchemy import text

from bench import figures, stage
from bench.stage import timed
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch import claims
from outreach.dispatch.facts import gather
from outreach.dispatch.gate import judge
from outreach.dispatch.model import Touch
from outreach.embedded import desk
from outreach.hints import open_broker
from tests import builders as b

ROUNDS, PEOPLE, MESSAGES, JUDGED, MOST = 9, 100, 200, 1000, 0.25


def main() -> None:
    figures.sizes(__doc__)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with stage.servers() as servers:
        rounds = measured(servers)
    figures.report(
        figures.of_rounds(rounds, ours, "an empty message", must=MOST)
        for ours in ("judge a touch", "gather and judge a touch")
    )


def measured(servers: desk.Servers) -> list[dict[str, float]]:
    """Seconds a touch or a message, round by round."""
    built = stage.built(servers)
    brand, touches = people(built)
    broker, passed = counting(servers.redis_url)
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    rounds = [
        {
            "judge a touch": judging(built, brand, touches),
            "gather and judge a touch": gathering(built, brand, touches),
            "an empty message": passing(broker, passed),
        }
        for _ in range(ROUNDS)
    ]
    worker.stop()
    built.close()
    return rounds


def people(built: Outreach) -> tuple[BrandRef, list[Touch]]:
    """As many people with a mail that is due."""
    brand = b.a_brand(built, "bench")
    b.a_live_campaign(built, brand)
    everybody = [b.a_person(built, brand) for _ in range(PEOPLE)]
    b.accepted(built, brand, *(b.an_event(built, brand, p, parcel=p.ref) for p in everybody))
    with built.means.database.begin(brand) as tx:
        keys = list(tx.execute(text("select id from outreach.touches")).scalars())
        return brand, list(claims.get(tx, keys).values())


def judging(built: Outreach, brand: BrandRef, touches: list[Touch]) -> float:
    """The gate alone, on facts of real touches."""
    with built.means.database.begin(brand) as tx:
        found = gather(tx, built.means, brands.get(tx), touches, now=built.means.clock())
    facts = list(found.facts.values())
    return timed(lambda: [judge(one) for _ in range(JUDGED // PEOPLE) for one in facts]) / JUDGED


def gathering(built: Outreach, brand: BrandRef, touches: list[Touch]) -> float:
    """The same with its share of what reads the facts."""

    def batch() -> None:
        with built.means.database.begin(brand) as tx:
            found = gather(tx, built.means, brands.get(tx), touches, now=built.means.clock())
        for one in found.facts.values():
            judge(one)

    return timed(batch) / len(touches)


def counting(url: str) -> tuple[dramatiq.Broker, list[int]]:
    """A broker as ours, and an actor that does nothing but tell that it ran."""
    passed: list[int] = []
    broker = open_broker(url)
    dramatiq.actor(actor_name="empty", broker=broker)(passed.append)
    return broker, passed


def passing(broker: dramatiq.Broker, passed: list[int]) -> float:
    """Sent, taken, run and acknowledged."""
    passed.clear()

    def through() -> None:
        for number in range(MESSAGES):
            broker.enqueue(dramatiq.Message("default", "empty", (number,), {}, {}))
        broker.join("default", timeout=60_000)

    return timed(through) / MESSAGES


if __name__ == "__main__":
    main()
