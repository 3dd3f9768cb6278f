"""Do the statements of each day read what their set needs, however much is stored beside it?

`python -m bench.hot [TOUCHES] [--json]`. With ten thousand touches stored, half of them waiting and
half of them sent, each to somebody with an order and a parcel, sets of a few hundred are reported,
planned, told again, sent (claimed, gathered with rivals and caps, judged, marked, settled),
receipted, pushed by a platform and taken back from workers that are gone; then the same with a
million. Told are the rows that PostgreSQL says it read, in sequence or by an index, for each of the
set. A statement that would read a large table from end to end is named on standard error, and ends
the bench.
"""

import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from uuid import UUID

from sqlalchemy import create_engine, text

from bench import crowd, figures, meter, stage, stored, watched
from bench.stored import Bench
from bench.watched import Watched
from optout.model import Channel
from outreach import clock
from outreach.channels.receipts import Kind
from outreach.dispatch import claims, reaping
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch
from outreach.enrolments import enrol, intake
from outreach.events.sources import store as sources
from outreach.inbound import inbox
from outreach.inbound.receipts import Receipt, receive
from outreach.signed.message import Message

FEW, MANY, A_SET, MOST = 10_000, 1_000_000, 200, 1.3
_SENT = text("""
    select touch_id from outreach.attempts where started_at > now() - interval '1 day' limit :many
""")
_GONE = text(
    "update outreach.touches set lease_until = now() - interval '1 s' where state = 'claimed'"
)
# Small tables are read from end to end for good reason.
_BOUGHT = [
    text(f"""
        insert into outreach.{table} (brand_id, key, person_id)
        select brand_id, 'B-' || ref, id from outreach.persons where brand_id = :brand
    """)
    for table in ("orders", "parcels")
]


def main() -> None:
    (many,) = figures.sizes(__doc__, MANY)
    few, much = measured(FEW), measured(many)
    if whole := {one for seen in much.values() for one in seen.whole}:
        sys.exit("these read a large table whole:\n" + "\n".join(sorted(whole)))
    told = {f"{name}, few": seen.rows / A_SET for name, seen in few.items()}
    told |= {name: seen.rows / A_SET for name, seen in much.items()}
    figures.report(
        figures.of_rounds([told], name, f"{name}, few", must=MOST, unit="rows") for name in much
    )


def measured(touches: int) -> dict[str, Watched]:
    """What each deed of the day read, with so many touches stored."""
    with stage.servers() as servers, closing(stage.built(servers)) as app:
        superuser = create_engine(stage.as_superuser(servers))
        brand = crowd.brand(app, crowd.AT_ONCE, now=clock.system())
        bench = Bench(app, brand, superuser, meter.roots(servers))
        told = day(bench, touches)
        superuser.dispose()
    return told


def day(bench: Bench, touches: int) -> dict[str, Watched]:
    """One of each deed, with a set of people of its own, beside so many touches."""
    crowd.people(bench.app, bench.brand, range(2 * A_SET), now=clock.system())
    stored.fill(bench, range(1, touches + 1))
    with bench.superuser.begin() as tx:
        for each_one_of in _BOUGHT:
            tx.execute(each_one_of, {"brand": bench.brand.id})
    stored.tidied(bench)
    known = range(A_SET)
    return {
        "reported": _watched(bench, lambda: _report(bench, known)),
        "told again": _watched(bench, lambda: _report(bench, known)),
        "planned": _watched(bench, lambda: _plan(bench)),
        "sent": _watched(bench, lambda: _send(bench)),
        "receipts": _watched(bench, lambda: _receipts(bench)),
        "pushed": _watched(bench, lambda: _pushed(bench)),
        "taken back": _watched(bench, lambda: _taken_back(bench, range(A_SET, 2 * A_SET))),
    }


def _watched(bench: Bench, deed: Callable[[], None]) -> Watched:
    with watched.watching(bench.app.means.database.engine) as seen:
        deed()
    return seen


def _report(bench: Bench, numbers: range) -> None:
    now = clock.system()
    told = crowd.deliveries(bench.brand, numbers, at=now)
    with bench.app.means.database.begin(bench.brand) as tx:
        intake.accept(tx, bench.brand, told, source="shop", refused=0, now=now)


def _plan(bench: Bench) -> None:
    with bench.app.means.database.begin(bench.brand) as tx:
        enrol.enrol(tx, bench.app.means.book, bench.brand, now=clock.system())


def _send(bench: Bench) -> None:
    while dispatch(bench.app.means, Look(bench.brand, Channel.EMAIL)):
        pass


def _receipts(bench: Bench) -> None:
    with bench.superuser.begin() as tx:
        ids = list(tx.execute(_SENT, {"many": A_SET}).scalars())
    told = [Receipt(one, Kind.DELIVERED, clock.system()) for one in ids]
    receive(bench.app.means, bench.brand, told)


def _pushed(bench: Bench) -> None:
    means, now = bench.app.means, clock.system()
    with means.database.begin(bench.brand) as tx:
        address = sources.add(
            tx, bench.brand, key="shop", kind="shopify", secret=stage.SECRET, zone="UTC",
            test=False, sealing=bench.app.sealing,
        )  # fmt: skip
        token = address.rpartition(".")[2]
        source = sources.by_token(tx, bench.brand, token, sealing=bench.app.sealing)
        assert source is not None
        headers = {"x-shopify-topic": "orders/paid"}
        came = [
            sources.Arrived(
                UUID(int=one), source, Message(b'{"id": %d}' % one, headers), test=False
            )
            for one in range(A_SET)
        ]
        sources.keep(tx, bench.brand, came, now=now)
    with means.database.begin(bench.brand) as tx:
        inbox.take_in(tx, means, bench.brand, now=now)


def _taken_back(bench: Bench, numbers: range) -> None:
    _report(bench, numbers)
    _plan(bench)
    with bench.app.means.database.begin(bench.brand) as tx:
        claims.claim_due(
            tx, channel=Channel.EMAIL, now=clock.system(), limit=A_SET, lease=timedelta(minutes=1)
        )
    with bench.superuser.begin() as tx:
        tx.execute(_GONE)
    with bench.app.means.database.begin(bench.brand) as tx:
        reaping.reap(tx, now=clock.system())


if __name__ == "__main__":
    main()
