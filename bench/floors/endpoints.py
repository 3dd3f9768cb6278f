"""What is the least that an endpoint for events can do and still say that nothing is lost?

Two plain Starlette routes over psycopg, on commits as durable as ours: one event a request and one
row of it, inserted and committed; and lines of JSON, decoded and copied into a table that has the
columns and the indexes of ours. They know no keys, brands, business objects or records, seal
nothing, and read no field of an event but those of which they make a row.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from queue import SimpleQueue
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ONE, LINES = "/one", "/lines"
CONNECTIONS = 20  # as many as a process of ours may have
TABLE = """
    create schema if not exists plain;
    create table if not exists plain.events
        (like outreach.events including indexes including defaults);
"""
_COLUMNS = "brand_id, id, type, key, subject, person_id, source, occurred_at, received_at, data"
_INSERT = f"""
    insert into plain.events ({_COLUMNS}) values (1, %s, %s, %s, %s, %s, %s, %s, now(), %s)
    on conflict do nothing
"""
_COPY = f"copy plain.events ({_COLUMNS}) from stdin"

Row = tuple[object, ...]


def app(url: str) -> Starlette:
    """Both routes, with connections of their own."""
    free: SimpleQueue[psycopg.Connection] = SimpleQueue()
    for _ in range(CONNECTIONS):
        free.put(psycopg.connect(url))

    @contextmanager
    def connected() -> Iterator[psycopg.Connection]:
        connection = free.get()
        with connection.transaction():
            yield connection
        free.put(connection)

    def one(body: bytes) -> int:
        with connected() as hand:
            hand.execute(_INSERT, _row(json.loads(body)))
        return 1

    def lines(body: bytes) -> int:
        rows = [_row(json.loads(line)) for line in body.splitlines()]
        with connected() as hand, hand.cursor() as cursor, cursor.copy(_COPY) as copy:
            for id_, *told, data in rows:
                copy.write_row((1, id_, *told, "now", data))
        return len(rows)

    return Starlette(routes=[_route(ONE, one), _route(LINES, lines)])


def _route(path: str, store: Callable[[bytes], int]) -> Route:
    async def hear(request: Request) -> JSONResponse:
        return JSONResponse({"accepted": await run_in_threadpool(store, await request.body())})

    return Route(path, hear, methods=["POST"])


def _row(told: dict[str, object]) -> Row:
    key = str(told["id"])
    return (
        _id(key), told["type"], key, told["subject"], _id(str(told["subject"])), told["source"],
        told["time"], Jsonb(told["data"]),
    )  # fmt: skip


def _id(name: str) -> UUID:
    return UUID(bytes=sha256(name.encode()).digest()[:16])
