"""How many signed messages of 4 kB are committed a second, beside the barest endpoint there is?

    outreach embedded -- python bench/webhooks.py

In one run and on one database, turn by turn: a FastAPI endpoint that verifies an HMAC and inserts
one row, and `/in/…` with a source of Shopify's. Each is one uvicorn process with a pool of the same
size; as many clients as CLIENTS keep a connection open and send message after message, each of them
different. One line a turn comes out, and the share of the medians.
"""

import base64
import hmac
import json
import multiprocessing
import os
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from sqlalchemy import create_engine, make_url, text
from starlette.concurrency import run_in_threadpool

from outreach import hints as wake_ups
from outreach.app import build
from outreach.brands import store as brands
from outreach.brands.model import BrandDocument
from outreach.events.sources import store
from outreach.hints import Hints
from outreach.settings import Settings
from outreach.web import server

CLIENTS, MESSAGES, TURNS = 8, 4000, 3
SECRET = "a secret of the bench"
_TABLE = text("create table if not exists bench_bare (id text primary key, body bytea not null)")
_INSERT = text("insert into bench_bare (id, body) values (:id, :body) on conflict do nothing")


def bare() -> FastAPI:
    """Verifies and inserts, and nothing else."""
    web = FastAPI()
    url = make_url(os.environ["OUTREACH_OWNER_DATABASE_URL"]).set(drivername="postgresql+psycopg")
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


def ours() -> FastAPI:
    """The web application as `outreach web` serves it."""
    settings = Settings.read(os.environ)
    return server.create(build(settings), Hints(wake_ups.open_broker(settings.redis_url)))


def connected() -> str:
    """The path of a source of a brand of the bench."""
    app = build(Settings.read(os.environ))
    document = {"key": "bench", "name": "Bench", "locale": "en", "zone": "UTC", "profile": {
        "sender_name": "Bench", "sender_email": "care@bench.example", "sms_sender": "BENCH",
        "signature": "Bench", "support": "help@bench.example",
        "review_url": "https://bench.example/r", "survey_url": "https://bench.example/s",
    }}  # fmt: skip
    brand = brands.put(app.means.database, BrandDocument.model_validate(document))
    with app.means.database.begin(brand) as tx:
        address = store.add(
            tx, brand, key=f"shop-{time.time_ns()}", kind="shopify", secret=SECRET, zone="UTC",
            test=False,
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


def serve(make: Callable[[], FastAPI], listening: socket.socket) -> None:
    config = uvicorn.Config(make(), log_config=None, access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])


def a_second(port: int, path: str, label: str) -> float:
    """Messages a second that were answered, which is after their commit."""
    each = MESSAGES // CLIENTS
    made = [[message(f"{label}-{c}-{n}") for n in range(each)] for c in range(CLIENTS)]
    wrong: list[int] = []

    def send(mine: list[tuple[bytes, dict[str, str]]]) -> None:
        connection = HTTPConnection("127.0.0.1", port)
        for body, headers in mine:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status not in {200, 202}:
                wrong.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=send, args=(mine,)) for mine in made]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if wrong:
        sys.exit(f"{len(wrong)} of {label} were refused, the first with {wrong[0]}")
    return each * CLIENTS / took


def main() -> None:
    """Measure both, turn by turn."""
    path, running = connected(), []
    ports = {}
    for name, make in (("bare", bare), ("ours", ours)):
        listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        ports[name] = listening.getsockname()[1]
        process = multiprocessing.get_context("fork").Process(target=serve, args=(make, listening))
        process.start()
        running.append(process)
    paths = {"bare": "/in", "ours": path}
    rates: dict[str, list[float]] = {"bare": [], "ours": []}
    try:
        for turn in range(TURNS + 1):  # the first warms up
            for name in ("bare", "ours"):
                rate = a_second(ports[name], paths[name], f"{name}-{time.time_ns()}")
                if turn:
                    rates[name].append(rate)
                    print(f"turn {turn} {name} {rate:.0f}/s", flush=True)
    finally:
        for process in running:
            process.terminate()
            process.join()
    medians = {name: statistics.median(found) for name, found in rates.items()}
    share = medians["ours"] / medians["bare"]
    print(f"bare {medians['bare']:.0f}/s ours {medians['ours']:.0f}/s share {share:.2f}")


if __name__ == "__main__":
    main()
