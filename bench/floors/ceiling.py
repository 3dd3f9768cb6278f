"""How fast could mail leave this machine, if somebody wrote a pipeline for nothing else?

By hand, in sets, and it keeps what costs I/O in earnest: an event under a unique name, a contact
who may have opted out, a rule, hours, a counter, a key against repetition; claim with a lease, the
opt-out looked at once more; page and text, real MIME; the reply and an attempt kept of each touch.
It knows one brand and one channel, no law, no verdicts, no retries and no marks before a call: what
it has called when it dies it will call again. Nothing of ours is switched off to come near it.
"""

import asyncio
import json
import multiprocessing
from base64 import encodebytes
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

import jinja2
import psycopg
from psycopg.types.json import Jsonb

from bench import words
from bench.floors import wire
from bench.floors.wire import Letter, Wire
from outreach import timezones

Send = Callable[[], int]

SENDERS, WIRES, PLANNED, CLAIMED = 2, 4, 1000, 500
MOST_A_DAY = 3
OPENS, CLOSES = time(0), time(23, 59, 59)
_ALONGSIDE = multiprocessing.get_context("spawn")
SCHEMA = """
    create schema ceiling;
    create table ceiling.contacts (id bigint primary key, ref text not null unique,
        email text not null, name text not null, zone text not null, opted_out boolean not null);
    create table ceiling.events (id uuid primary key, name text not null unique,
        contact bigint not null, data jsonb not null, at timestamptz not null);
    create table ceiling.touches (id uuid primary key, event uuid not null, contact bigint not null,
        state smallint not null default 0, due_at timestamptz not null, lease_until timestamptz,
        reply text) with (fillfactor = 70);
    create index on ceiling.touches (due_at) where state = 0;
    create index on ceiling.touches (contact);
    create table ceiling.attempts (touch uuid not null, at timestamptz not null, reply text);
    create table ceiling.counters (contact bigint, day date, sent int not null,
        primary key (contact, day));
"""
_EVENTS = """
    with fresh as (
        insert into ceiling.events select g.id, g.name, g.contact, g.data, g.at from given g
        on conflict do nothing returning id, contact
    )
    insert into ceiling.touches (id, event, contact, due_at)
    select g.touch, f.id, f.contact, g.due_at from fresh f join given g on g.id = f.id
    where g.touch is not null on conflict do nothing
"""
_CLAIM = """
    with due as (
        select id from ceiling.touches where state = 0 and due_at <= now()
        order by due_at limit %s for update skip locked
    ), taken as (
        update ceiling.touches t set state = 1, lease_until = now() + interval '60 s'
        from due where t.id = due.id returning t.id, t.event, t.contact
    )
    select t.id, c.email, c.name, e.data, c.opted_out
    from taken t join ceiling.contacts c on c.id = t.contact join ceiling.events e on e.id = t.event
"""
_SETTLE = """
    with given as (
        select * from unnest(%s::uuid[], %s::smallint[], %s::text[]) as g(id, state, reply)
    ), noted as (
        insert into ceiling.attempts select id, now(), reply from given where reply is not null
    )
    update ceiling.touches t set state = g.state, reply = g.reply, lease_until = null
    from given g where t.id = g.id
"""
_ENVELOPE = "MAIL FROM:<care@bench.example>\r\nRCPT TO:<{to}>\r\nDATA\r\n"
_HEAD = """\
Message-ID: <{touch}@bench.example>
Date: {date}
From: Bench Care <care@bench.example>
To: {to}
Subject: {subject}
X-Outreach-Touch: {touch}
MIME-Version: 1.0
List-Unsubscribe: <{refuse}>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Content-Type: multipart/alternative; boundary="=_{touch}"

--=_{touch}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

{text}
--=_{touch}
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

{page}
--=_{touch}--
.
""".replace("\n", "\r\n")


def contacts(hand: psycopg.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Id, reference, address, name, zone and whether they opted out."""
    with hand.cursor() as cursor, cursor.copy("copy ceiling.contacts from stdin") as copy:
        for row in rows:
            copy.write_row(row)
    hand.commit()


def plan(hand: psycopg.Connection, lines: Sequence[bytes], *, now: datetime) -> int:
    """Take in events as lines of JSON, a thousand at a time, and plan what they begin."""
    hand.execute(
        "create temporary table if not exists given (id uuid, name text, contact bigint,"
        " data jsonb, at timestamptz, touch uuid, due_at timestamptz) on commit delete rows"
    )
    for at in range(0, len(lines), PLANNED):
        _planned(hand, [json.loads(line) for line in lines[at : at + PLANNED]], now=now)
    return len(lines)


def _planned(hand: psycopg.Connection, told: Sequence[dict[str, Any]], *, now: datetime) -> None:
    refs = [one["subject"] for one in told]
    found = hand.execute(
        "select c.ref, c.id, c.zone, c.opted_out, coalesce(n.sent, 0) from ceiling.contacts c"
        " left join ceiling.counters n on n.contact = c.id and n.day = current_date"
        " where c.ref = any(%s)", (refs,),
    )  # fmt: skip
    known = {row[0]: row[1:] for row in found}
    with hand.cursor() as cursor:
        with cursor.copy("copy given from stdin") as copy:
            for one in told:
                copy.write_row(_row(one, known[one["subject"]], now))
        cursor.execute(_EVENTS)
    hand.commit()


def _row(one: dict[str, Any], contact: tuple[Any, ...], now: datetime) -> tuple[object, ...]:
    number, zone, opted_out, sent = contact
    name = one["id"]
    event = UUID(bytes=sha256(name.encode()).digest()[:16])
    begins = (
        one["type"] == "parcel.delivered" and one["data"]["product"] != "" and sent < MOST_A_DAY
    )
    touch = UUID(bytes=sha256(event.bytes + b"care").digest()[:16])
    wanted = begins and not opted_out
    return (
        event, name, number, Jsonb(one["data"]), one["time"], touch if wanted else None,
        _open(zone, now),
    )  # fmt: skip


def _open(zone: str, now: datetime) -> datetime:
    local = now.astimezone(timezones.load(zone))
    if OPENS <= local.time() <= CLOSES:
        return now
    return (local + timedelta(days=1)).replace(hour=OPENS.hour, minute=0)


@contextmanager
def senders(url: str, port: int) -> Iterator[Send]:
    """While they run: a function that sends all that is due and answers how many that was."""
    with _ALONGSIDE.Pool(SENDERS) as pool:
        yield lambda: sum(pool.map(partial(sender, url), [port] * SENDERS, chunksize=1))


def end_to_end(
    hand: psycopg.Connection, lines: Sequence[bytes], send: Send, *, now: datetime
) -> int:
    """Take these events in and plan them, while `senders` send what is due; answers how many.

    One process plans and two send: those are asked again as long as there is something to plan.
    """
    with ThreadPoolExecutor(1) as planner:
        planned = planner.submit(plan, hand, lines, now=now)
        sent = 0
        while not planned.done():
            sent += send()
        planned.result()
    return sent + send()


def sender(url: str, port: int) -> int:
    """What one process sends until nothing is due."""
    return asyncio.run(_send(url, port))


async def _send(url: str, port: int) -> int:
    """The next are claimed and written while these are on the wire; marks have their own way in."""
    wires = [await wire.opened(port) for _ in range(WIRES)]
    texts = Texts()
    sent, under_way = 0, None
    with psycopg.connect(url, autocommit=True) as claims, psycopg.connect(url) as marks:
        claims.execute("set plan_cache_mode = force_custom_plan")
        marks.execute("set plan_cache_mode = force_custom_plan")
        while batch := await asyncio.to_thread(_claimed, claims):
            letters = [(row[0], texts.letter(row)) for row in batch if not row[4]]
            refused = [row[0] for row in batch if row[4]]
            if under_way:
                sent += await under_way
            under_way = asyncio.create_task(_carried(wires, marks, letters, refused))
        return sent + (await under_way if under_way else 0)


def _claimed(claims: psycopg.Connection) -> list[tuple[Any, ...]]:
    return claims.execute(_CLAIM, (CLAIMED,)).fetchall()


async def _carried(
    wires: Sequence[Wire],
    marks: psycopg.Connection,
    letters: Sequence[tuple[UUID, Letter]],
    refused: Sequence[UUID],
) -> int:
    shares = [letters[at :: len(wires)] for at in range(len(wires))]
    replies = await asyncio.gather(
        *(
            one.carry([letter for _, letter in share])
            for one, share in zip(wires, shares, strict=True)
        )
    )
    ids = [touch for share in shares for touch, _ in share] + list(refused)
    said = [reply.decode() for some in replies for reply in some] + [None] * len(refused)
    states = [3 if reply is None else 2 if reply[0] == "2" else 4 for reply in said]
    await asyncio.to_thread(_settled, marks, (ids, states, said))
    return len(letters)


def _settled(marks: psycopg.Connection, values: tuple[object, ...]) -> None:
    marks.execute(_SETTLE, values)
    marks.commit()


class Texts:
    """The words of the bench, compiled once."""

    def __init__(self) -> None:
        plain = jinja2.Environment()  # plain text is not escaped
        page = jinja2.Environment(autoescape=True)
        self._subject = plain.from_string(words.SUBJECT)
        self._text = plain.from_string(words.TEXT)
        self._page = page.from_string(words.HTML)

    def letter(self, row: tuple[Any, ...]) -> Letter:
        """The envelope, and the mail with its final dot."""
        touch, to, name, data, _ = row
        refuse = f"https://bench.example/u/{sha256(touch.bytes).hexdigest()}"
        known = {
            "person": {"name": name}, "event": {"data": data}, "links": {"unsubscribe": refuse},
            "brand": {"support": "help@bench.example"},
        }  # fmt: skip
        mail = _HEAD.format(
            touch=touch, to=to, refuse=refuse, subject=self._subject.render(known),
            date=datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000"),  # noqa: TID251
            text=_base64(self._text.render(known)), page=_base64(self._page.render(known)),
        )  # fmt: skip
        return _ENVELOPE.format(to=to).encode(), mail.encode()


def _base64(text: str) -> str:
    return encodebytes(text.encode()).decode().replace("\n", "\r\n")
