"""How many reported events are committed a second over HTTP, beside the barest endpoints?

`python -m bench.intake [EVENTS] [ROUNDS] [--json]`, by default 16,000 and 5. On one database whose
commits are durable, turn by turn and one uvicorn process each: events one a request, by 32 clients,
at `POST /api/v1/events` and at an endpoint that inserts one row; and the same a thousand lines a
request, by four clients, at ours and at an endpoint that decodes and copies (`floors.endpoints`).
Ours asks for a key, holds each event against its business key, tells the records, counts the source
and wakes the campaigns. A round counts only when the database has each event once; some are told
once more, and it must have none twice. The first round warms up. Beside the rates stands processor
time an event, of the serving process and both databases, without that of the clients.
"""

import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

from sqlalchemy import Engine, create_engine, text

from bench import crowd, figures, meter, served, stage
from bench.floors import clients, endpoints
from bench.served import Served
from outreach import clock
from outreach.access import keys
from outreach.embedded import desk
from tests import builders as b

EVENTS, ROUNDS = 16_000, 5
ONE_BY_ONE, IN_LINES, A_REQUEST = 32, 4, 1000
ALONE, ALONE_FLOOR = "events, one a request", "one row inserted a request"
LINES, LINES_FLOOR = "events, a thousand lines a request", "lines decoded and copied"
_COST = "{}, processor time"
_EVENTS = "/api/v1/events"
_HAS = text("select count(*) from outreach.events where source = 'shop'")
_PLAIN_HAS = text("select count(*) from plain.events")


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured, with the header of a key, and whose processor time counts besides."""

    ours: Served
    floor: Served
    bearer: dict[str, str]
    databases: tuple[int, ...]


def main() -> None:
    events, rounds = figures.sizes(__doc__, EVENTS, ROUNDS)
    with ExitStack() as stack:
        servers = stack.enter_context(stage.servers(durable=True))
        superuser = create_engine(stage.as_superuser(servers))
        stack.callback(superuser.dispose)
        with superuser.begin() as tx:
            tx.execute(text(endpoints.TABLE))
        bearer = {"Authorization": f"Bearer {key(servers)}"}
        url = stage.as_superuser(servers).replace("+psycopg", "")
        floor = stack.enter_context(served.served(lambda: endpoints.app(url)))
        ours = stack.enter_context(served.served(lambda: served.ours(servers)))
        bench = Bench(ours, floor, bearer, meter.databases(servers))
        told = []
        for number in range(rounds + 1):
            told.append(one_round(bench, range(number * 2 * events, (number + 1) * 2 * events)))
            check(superuser, (number + 1) * 2 * events)
    figures.report([
        figures.of_rounds(told[1:], ALONE, ALONE_FLOOR, must=1.5, beyond=2.5, unit="1/s"),
        figures.of_rounds(told[1:], LINES, LINES_FLOOR, must=0.4, beyond=0.7, unit="1/s"),
        figures.of_rounds(told[1:], _COST.format(ALONE), _COST.format(ALONE_FLOOR), must=0.67),
        figures.of_rounds(told[1:], _COST.format(LINES), _COST.format(LINES_FLOOR), must=2.5),
    ])  # fmt: skip


def key(servers: desk.Servers) -> str:
    """The key of a new brand."""
    with closing(stage.built(servers)) as app:
        brand = b.a_brand(app, "bench")
        with app.means.database.begin(brand) as tx:
            return keys.issue(tx, brand, name="bench")


def one_round(bench: Bench, numbers: range) -> dict[str, float]:
    """Events a second of each way, and what each cost; half of these parcels one by one."""
    half = len(numbers) // 2
    single, many = (
        crowd.lines(some, at=clock.system()) for some in (numbers[:half], numbers[half:])
    )
    bulk = [b"\n".join(many[n : n + A_REQUEST]) for n in range(0, half, A_REQUEST)]
    alone = bench.bearer | {"Content-Type": "application/cloudevents+json"}
    lined = bench.bearer | {"Content-Type": "application/x-ndjson"}
    told = {
        ALONE: _sent(bench, bench.ours, _EVENTS, single, alone, ONE_BY_ONE),
        ALONE_FLOOR: _sent(bench, bench.floor, endpoints.ONE, single, alone, ONE_BY_ONE),
        LINES: _sent(bench, bench.ours, _EVENTS, bulk, lined, IN_LINES),
        LINES_FLOOR: _sent(bench, bench.floor, endpoints.LINES, bulk, lined, IN_LINES),
    }
    _sent(bench, bench.ours, _EVENTS, [b"\n".join(single[:A_REQUEST])], lined, 1)
    _sent(bench, bench.ours, _EVENTS, many[:IN_LINES], alone, IN_LINES)
    return {way: half / took.seconds for way, took in told.items()} | {
        _COST.format(way): took.processor / half for way, took in told.items()
    }


def _sent(
    bench: Bench,
    to: Served,
    path: str,
    bodies: Sequence[bytes],
    headers: dict[str, str],
    many: int,
) -> meter.Taken:
    requests = [clients.request(path, body, headers) for body in bodies]
    with meter.Taken((to.pid, *bench.databases)) as took:
        clients.send(to.port, requests, clients=many)
    return took


def check(engine: Engine, of: int) -> None:
    """That everything is there once, at ours and at the floor; ends the bench where it is not."""
    with engine.begin() as tx:
        has, plain = tx.execute(_HAS).scalar_one(), tx.execute(_PLAIN_HAS).scalar_one()
    if (has, plain) != (of, of):
        sys.exit(f"{of} events were told; ours has {has} of them, and the floor {plain}")


if __name__ == "__main__":
    main()
