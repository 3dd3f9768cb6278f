"""What does whoever steals the stores read? Every row of PostgreSQL, and every value of Redis."""

from collections.abc import Iterator

import psycopg
import redis
from sqlalchemy import make_url

from outreach.app import Outreach
from outreach.embedded.desk import Servers

_TABLES = """
    select format('%I.%I', schemaname, tablename) from pg_tables
    where schemaname in ('outreach', 'optout') order by 1
"""
# Read by kind and not by DUMP, which packs what is long: a canary would not be seen in it.
_READ = {
    b"string": ("get",),
    b"list": ("lrange", 0, -1),
    b"set": ("smembers",),
    b"hash": ("hgetall",),
    b"zset": ("zrange", 0, -1),
    b"stream": ("xrange",),
}


def of_postgres(app: Outreach, servers: Servers) -> Iterator[tuple[str, str]]:
    """Every row of every table as a superuser copies it out, by the table."""
    url = make_url(str(app.settings.database_url))
    owner = make_url(servers.superuser_url.replace("+psycopg", "")).set(database=url.database)
    with psycopg.connect(owner.render_as_string(hide_password=False)) as connection:
        for (table,) in connection.execute(_TABLES).fetchall():
            with connection.cursor().copy(f"copy {table} to stdout") as rows:
                yield from ((table, bytes(row).decode()) for row in rows)


def of_redis(servers: Servers) -> Iterator[tuple[str, str]]:
    """Every key with all that it holds."""
    client = redis.Redis.from_url(servers.redis_url)
    for key in client.scan_iter():
        told = _READ.get(client.type(key))
        if told is not None:
            read, *around = told
            yield "redis", f"{key!r} {getattr(client, str(read))(key, *around)!r}"


def everything(app: Outreach, servers: Servers) -> Iterator[tuple[str, str]]:
    """Both, by the place."""
    yield from of_postgres(app, servers)
    yield from of_redis(servers)


def holding(found: Iterator[tuple[str, str]], *canaries: str) -> set[str]:
    """The places where one of these stands, as text or as hexadecimals (PostgreSQL's bytes)."""
    told = [form for one in canaries for form in (one.lower(), one.encode().hex())]
    return {where for where, row in found if any(form in row.lower() for form in told)}
