"""How many signed messages of 4 kB are committed a second, beside the barest endpoint there is?

`python -m bench.webhooks [--json]`. On one database whose commits are durable, turn by turn: a
FastAPI endpoint that verifies an HMAC and inserts one row, and `/in/…` with a source of Shopify's.
Each is one uvicorn process with a pool of the same size; as many clients as CLIENTS keep a
connection open and send message after message, each of them different. The first turn warms up;
the median of the others counts. Beside the rates stands processor time a message, of the serving
process and both databases.
"""

import base64
import hmac
import json
import sys
import threading
import time
from collections.abc import Collection
from http.client import HTTPConnection

from fastapi import FastAPI, HTTPException, Request
from sqlalchemy import create_engine, text
from starlette.concurrency import run_in_threadpool

from bench import figures, meter, served, stage
from bench.served import Served
from outreach.embedded import desk
from outreach.events.sources import store
from tests import builders as b

CLIENTS, MESSAGES, TURNS, LEAST = 8, 4000, 5, 0.6
OURS, FLOOR, _COST = "webhooks", "bare", "{}, processor time"
SECRET = "a secret of the bench"
_TABLE = text("create table if not exists bench_bare (id text primary key, body bytea not null)")
_INSERT = text("insert into bench_bare (id, body) values (:id, :body) on conflict do nothing")

Sent = list[tuple[bytes, dict[str, str]]]


def main() -> None:
    figures.sizes(__doc__)
    with stage.servers(durable=True) as servers:
        path = connected(servers)
        with (
            served.served(lambda: bare(stage.as_superuser(servers))) as floor,
            served.served(lambda: served.ours(servers)) as mine,
        ):
            databases = meter.databases(servers)
            rounds = [
                turn({FLOOR: (floor, "/in"), OURS: (mine, path)}, databases) for _ in range(TURNS)
            ]
    cost = _COST.format(OURS), _COST.format(FLOOR)
    figures.report([
        figures.of_rounds(rounds[1:], OURS, FLOOR, must=LEAST, unit="1/s"),
        figures.of_rounds(rounds[1:], *cost, must=1 / LEAST),
    ])  # fmt: skip


def turn(ways: dict[str, tuple[Served, str]], databases: Collection[int]) -> dict[str, float]:
    """Messages a second of each, one after the other, and what one of them cost."""
    told: dict[str, float] = {}
    for name, (to, path) in ways.items():
        took = sent(to, path, name, databases)
        told[name], told[_COST.format(name)] = MESSAGES / took.seconds, took.processor / MESSAGES
    return told


def bare(url: str) -> FastAPI:
    """Verifies and inserts, and nothing else."""
    web = FastAPI()
    engine = create_engine(url, pool_size=10, max_overflow=10)
    with engine.begin() as tx:
        tx.execute(_TABLE)

    def insert(name: str, body: bytes) -> None:
        with engine.begin() as tx:
            tx.execute(_INSERT, {"id": name, "body": body})

    @web.post("/in")
    async def hear(request: Request) -> dict[str, str]:
        body = await request.body()
        right = base64.b64encode(hmac.digest(SECRET.encode(), body, "sha256")).decode()
        given = request.headers.get("x-shopify-hmac-sha256", "")
        if not hmac.compare_digest(given, right):
            raise HTTPException(401)
        await run_in_threadpool(insert, request.headers["x-shopify-webhook-id"], body)
        return {}

    return web


def connected(servers: desk.Servers) -> str:
    """The path of a source of a brand of the bench."""
    app = stage.built(servers)
    brand = b.a_brand(app, "bench")
    with app.means.database.begin(brand) as tx:
        address = store.add(
            tx, brand, key="shop", kind="shopify", secret=SECRET, zone="UTC", test=False,
            sealing=app.sealing,
        )  # fmt: skip
    app.close()
    return f"/in/{address}"


def message(name: str) -> tuple[bytes, dict[str, str]]:
    """An order of 4 kB that nobody has told before."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    lines = [{"id": n, "title": "Lumen One", "quantity": 1, "price": "9.90"} for n in range(20)]
    order = {"id": name, "created_at": at, "processed_at": at, "currency": "USD",
             "total_price": "198.00", "customer": {"id": 7}, "line_items": lines}  # fmt: skip
    order["note"] = "x" * max(0, 4096 - len(json.dumps(order)) - 12)
    body = json.dumps(order).encode()
    signature = base64.b64encode(hmac.digest(SECRET.encode(), body, "sha256")).decode()
    return body, {
        "x-shopify-hmac-sha256": signature, "x-shopify-topic": "orders/paid",
        "x-shopify-webhook-id": name, "content-type": "application/json",
    }  # fmt: skip


def sent(to: Served, path: str, name: str, databases: Collection[int]) -> meter.Taken:
    """What it took until all were answered, which is after their commit."""
    each, label = MESSAGES // CLIENTS, f"{name}-{time.time_ns()}"
    made = [[message(f"{label}-{c}-{n}") for n in range(each)] for c in range(CLIENTS)]
    wrong: list[int] = []
    threads = [threading.Thread(target=send, args=(to.port, path, m, wrong)) for m in made]
    with meter.Taken((to.pid, *databases)) as took:
        _run(threads)
    if wrong:
        sys.exit(f"{len(wrong)} of {name} were refused, the first with {wrong[0]}")
    return took


def _run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def send(port: int, path: str, mine: Sent, wrong: list[int]) -> None:
    """One client's messages over one connection."""
    connection = HTTPConnection("127.0.0.1", port)
    for body, headers in mine:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in {200, 202}:
            wrong.append(answer.status)
    connection.close()


if __name__ == "__main__":
    main()
