"""How long does somebody wait for a mail that is due now?

`python -m bench.latency [CAMPAIGN] [DUE] [ROUNDS] [--json]`, by default 50,000 and 20,000 mails and
2 rounds. One web process, two worker processes and a ticker as they are in earnest, on servers
whose commits are durable. Each round asks three things, and of each tells how long ninety-nine of a
hundred waited at most, from the instant at which they should have been reported or were due until
the relay had the mail:

- 500 events a second are reported for ten seconds, ten a request, and nothing else is due;
- a campaign of so many mails comes due at one instant, and while it is worked off news of an order
  is reported twenty times a second;
- so many mails come due within one minute.

A round counts only when everybody has their mail, and once.
"""

import math
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import islice
from threading import Event

from sqlalchemy import text

from bench import arrivals, campaign, crowd, figures, served, stage, words
from bench.arrivals import Door
from bench.campaign import Way
from outreach import clock
from outreach.access import keys
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.embedded import desk
from outreach.templates import store as templates

CAMPAIGN, DUE, ROUNDS = 50_000, 20_000, 2
REQUESTS, OF_EVENTS, SECONDS = 50, 10, 10  # a second, events in each, and for how long
URGENT, NEWS = 20, 20_000  # a second, and at most
_PATIENCE = 300.0  # seconds after which a round is given up
_LOOK = 0.1
STEADY, PASSING, MINUTE = (
    "event to mail at 500 a second, p99", "news during a campaign, p99", "due in a minute, p99 late"
)  # fmt: skip
LIMITS: Mapping[str, tuple[float, float]] = {
    STEADY: (0.3, 0.12), PASSING: (1.0, 0.25), MINUTE: (10.0, 4.0)
}  # fmt: skip
PAID = """\
{key: paid, name: {en: Paid}, purpose: transactional, trigger: {event: order.paid},
 steps: [{key: one, channels: [email], template: paid}]}
"""
_WITHIN_A_MINUTE = text("""
    with chosen as (
        select id, row_number() over (order by id) * interval '60 s' / :mails as later
        from outreach.touches where state = 'planned' and due_at > now() + interval '1 day'
        order by id limit :mails
    ), moved as (
        update outreach.touches t
        set planned_for = now() + c.later, due_at = now() + c.later,
            useless_after = now() + interval '3 days'
        from chosen c where c.id = t.id returning t.person_id, t.due_at
    )
    select p.ref || '@customers.example' as value, extract(epoch from due_at)::float8 as due_at
    from moved join outreach.persons p on p.id = moved.person_id
""")


def main() -> None:
    mails, due, rounds = figures.sizes(__doc__, CAMPAIGN, DUE, ROUNDS)
    with ExitStack() as stack:
        servers = stack.enter_context(stage.servers(durable=True))
        planned = (mails + due) * rounds
        buyers = range(planned, planned + REQUESTS * OF_EVENTS * (SECONDS + 1) * rounds + NEWS)
        key = customers(servers, range(planned), buyers)
        way = stack.enter_context(campaign.opened(servers))
        campaign.tidied(way)
        stack.enter_context(campaign.processes(servers, way.port))
        web = stack.enter_context(served.served(lambda: served.ours(servers)))
        door = Door(web.port, key)
        wait = iter([number for number in buyers if not crowd.refuses(number)])
        steady(way, door, wait, requests=REQUESTS // 2)  # warms up
        told = [
            {
                STEADY: steady(way, door, wait, requests=REQUESTS * SECONDS),
                PASSING: passing(way, door, wait, mails=mails),
                MINUTE: within_a_minute(way, mails=due),
            }
            for _ in range(rounds)
        ]
    figures.report(_figures(told))


def _figures(told: Sequence[Mapping[str, float]]) -> Iterator[figures.Figure]:
    for name, (most, beyond) in LIMITS.items():
        yield figures.Figure(
            name, "s", tuple(one[name] for one in told), (most,) * len(told), f"{most} s",
            must=1.0, beyond=beyond / most,
        )  # fmt: skip


def customers(servers: desk.Servers, planned: range, buyers: range) -> str:
    """As in `campaign.people`, and others, who get news once they paid; answers the brand's key."""
    ref = campaign.people(servers, planned)
    with closing(stage.built(servers)) as app:
        crowd.people(app, ref, buyers, now=clock.system())
        return _with_news(app, ref)


def _with_news(app: Outreach, ref: BrandRef) -> str:
    with app.means.database.begin(ref) as tx:
        said = words.TEMPLATE.replace("key: care", "key: paid").replace(
            "purpose: service", "purpose: transactional"
        )
        templates.put(tx, ref, said, name="paid")
        campaigns.put(tx, ref, PAID, name="paid")
        campaigns.activate(tx, app.means.book, "paid", now=clock.system())
        return keys.issue(tx, ref, name="bench")


def steady(way: Way, door: Door, buyers: Iterator[int], *, requests: int) -> float:
    """Seconds in which nearly all had it, where so many requests come at an even pace."""
    began, wanted = time.time(), dict[str, float]()
    for number in range(requests):
        at = began + number / REQUESTS
        _sleep_until(at)
        wanted |= _reported(door, list(islice(buyers, OF_EVENTS)), at)
    return _nearly_all(way, wanted)


def passing(way: Way, door: Door, buyers: Iterator[int], *, mails: int) -> float:
    """The same of news that is reported while a campaign is under way."""
    with way.superuser.begin() as tx:
        tx.execute(campaign.DUE, {"mails": mails})
    began, wanted, number = time.time(), dict[str, float](), 0
    while not number or campaign.open_(way):
        at = began + number / URGENT
        _sleep_until(at)
        wanted |= _reported(door, list(islice(buyers, 1)), at)
        number += 1
    return _nearly_all(way, wanted)


def within_a_minute(way: Way, *, mails: int) -> float:
    """Seconds by which nearly all were late."""
    with way.superuser.begin() as tx:
        rows = tx.execute(_WITHIN_A_MINUTE, {"mails": mails}).all()
    wanted = {row.value: row.due_at for row in rows if not campaign.refuser(row.value)}
    return _nearly_all(way, wanted)


def _reported(door: Door, numbers: Sequence[int], at: float) -> dict[str, float]:
    now = clock.system()
    lines = [
        one.replace(b"parcel.delivered", b"order.paid") for one in crowd.lines(numbers, at=now)
    ]
    door.report([b"\n".join(lines)], arrivals.LINES)
    return {crowd.address(number): at for number in numbers}


def _nearly_all(way: Way, wanted: Mapping[str, float]) -> float:
    """How long ninety-nine of a hundred waited at most; ends the bench where one waits on."""
    until = max(wanted.values()) + _PATIENCE
    while True:
        came = way.book.arrived()
        if all(to in came and came[to] >= since for to, since in wanted.items()):
            return _p99(came[to] - since for to, since in wanted.items())
        if time.time() > until:
            sys.exit(f"{sum(to not in came for to in wanted)} of {len(wanted)} have no mail")
        Event().wait(_LOOK)


def _p99(waited: Iterable[float]) -> float:
    told = sorted(waited)
    return told[math.ceil(0.99 * len(told)) - 1]


def _sleep_until(at: float) -> None:
    Event().wait(max(0.0, at - time.time()))


if __name__ == "__main__":
    main()
