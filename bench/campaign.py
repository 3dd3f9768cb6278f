"""How many mails of a campaign leave a second, with everything on?

`python -m bench.campaign [MAILS] [ROUNDS] [--json]`, by default 10,000 and 5. Two worker processes
and a ticker as they are in earnest, on servers whose commits are durable, against a relay of the
bench. In each round so many touches come due at one instant; the clock runs until none of them is
waiting or under way. Beside it, one after the other in each round: a pipeline written by hand for
as many of the same mails (`floors.ceiling`), with two senders; and as many messages that do nothing
(`floors.empty`). A round counts only when it is right: the relay's list is the ledger's list of
what was sent, nobody has it twice, nobody who opted out has it, and everybody else has it.

Beside the rates stands the processor time a mail of both, of all processes and the database
together: it says more than the clock where others work too.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from types import MappingProxyType

import psycopg
from sqlalchemy import Engine, create_engine, text

from bench import crowd, figures, meter, stage
from bench.floors import ceiling, empty, sink
from bench.floors.sink import Book
from outreach import clock, ids
from outreach.db.engine import BrandRef
from outreach.embedded import desk

MAILS, ROUNDS = 10_000, 5
FIRST = 1000  # that warm the workers up
_LOOK = 0.05  # seconds between two looks whether all is done
DUE = text("""
    update outreach.touches
    set planned_for = now(), due_at = now(), useless_after = now() + interval '3 days'
    where id in (select id from outreach.touches where state = 'planned' and due_at > now()
                 order by id limit :mails)
""")
# By the indexes by which a worker looks, so that asking costs those who send nothing.
_OPEN = text("""
    select exists (
        select from outreach.touches where brand_id = 1 and channel = 'email' and state = 'planned'
        and due_at < now() + interval '1 day')
    or exists (
        select from outreach.touches
        where state in ('claimed', 'calling') and lease_until > '-infinity')
""")
# Addresses lie sealed; the crowd's follow from what its people are called.
_FATES = text("""
    select t.id, t.state::text, p.ref || '@' || a.domain as value from outreach.touches t
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    join outreach.addresses a on a.brand_id = t.brand_id and a.person_id = t.person_id
    where a.kind = 'email' and (t.state <> 'planned' or t.due_at < now() + interval '1 day')
""")
_BY_HAND = """
    update ceiling.touches set due_at = now()
    where id in (select id from ceiling.touches where due_at > now() order by id limit %s)
"""
_CHECKED = """
    select t.id::text, c.email from ceiling.touches t join ceiling.contacts c on c.id = t.contact
    where t.state = 2
"""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of sending, its database and what its relay has received."""

    url: str
    superuser: Engine
    port: int
    book: Book


def main() -> None:
    mails, rounds = figures.sizes(__doc__, MAILS, ROUNDS)
    with ExitStack() as stack:
        servers = stack.enter_context(stage.servers(durable=True))
        everybody = range(FIRST + mails * rounds)
        people(servers, everybody)
        ours, hand = (stack.enter_context(opened(servers)) for _ in range(2))
        by_hand(hand, everybody)
        tidied(ours)
        send = stack.enter_context(ceiling.senders(hand.url, hand.port))
        stack.enter_context(processes(servers, ours.port))
        passing = stack.enter_context(empty.workers(servers.redis_url))
        sent(ours, FIRST)
        check(ours, FIRST)
        sent_by_hand(hand, FIRST, send)
        work = meter.roots(servers)
        told: list[dict[str, float]] = []
        for number in range(rounds):
            of = FIRST + mails * (number + 1)
            with meter.Taken(work) as ours_took:
                sent(ours, mails)
            check(ours, of)
            with meter.Taken(work) as hand_took:
                by_hand_sent = sent_by_hand(hand, mails, send)
            checked_by_hand(hand)
            told.append({
                "campaign": mails / ours_took.seconds, "by hand": by_hand_sent / hand_took.seconds,
                "empty messages": passing(mails),
                "campaign, processor time": ours_took.processor / mails,
                "processor time by hand": hand_took.processor / mails,
            })  # fmt: skip
    figures.report(_figures(told))


def _figures(told: Sequence[Mapping[str, float]]) -> Iterator[figures.Figure]:
    yield figures.of_rounds(told, "campaign", "by hand", must=0.5, beyond=0.8, unit="1/s")
    yield figures.of_rounds(told, "campaign", "empty messages", must=1.0, unit="1/s")
    yield figures.of_rounds(
        told, "campaign, processor time", "processor time by hand", must=2.0, beyond=1.25
    )


@contextmanager
def opened(servers: desk.Servers) -> Iterator[Way]:
    superuser = stage.as_superuser(servers)
    with sink.running() as (port, book):
        engine = create_engine(superuser)
        yield Way(superuser.replace("+psycopg", ""), engine, port, book)
        engine.dispose()


def people(servers: desk.Servers, numbers: range) -> BrandRef:
    """A brand with these people, each of whom has a mail planned for later."""
    with closing(stage.built(servers)) as app:
        now = clock.system()
        ref = crowd.brand(app, crowd.LATER, now=now)
        crowd.people(app, ref, numbers, now=now)
        crowd.planned(app, ref, numbers, now=now)
        return ref


def by_hand(way: Way, numbers: range) -> None:
    """The same people and what was delivered to them, for the pipeline written by hand."""
    contacts_by_hand(way, numbers)
    now = clock.system()
    with psycopg.connect(way.url) as hand:
        ceiling.plan(hand, crowd.lines(numbers, at=now), now=now + timedelta(days=30))


def contacts_by_hand(way: Way, numbers: range) -> None:
    """The same people for the pipeline written by hand, to whom nothing was delivered yet."""
    with psycopg.connect(way.url) as hand:
        hand.execute(ceiling.SCHEMA)
        ceiling.contacts(hand, [crowd.contact(number) for number in numbers])


def tidied(way: Way) -> None:
    """As a server leaves its tables after a while."""
    with way.superuser.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.execute(text("vacuum analyze"))


@contextmanager
def processes(
    servers: desk.Servers, port: int, set_: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[int, ...]]:
    """Workers and a ticker with the settings that they have when nobody sets any but these.

    Answers the ids of both commands.
    """
    stray = {name: value for name, value in os.environ.items() if not name.startswith("OUTREACH_")}
    own = {
        "OUTREACH_SECRET_KEY": stage.SECRET, "OUTREACH_EMAIL": f"smtp://127.0.0.1:{port}?tls=none",
        **set_,
    }  # fmt: skip
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "outreach", name], env=stray | servers.environment() | own,
            stderr=subprocess.DEVNULL,
        )
        for name in ("worker", "ticker")
    ]  # fmt: skip
    try:
        yield tuple(one.pid for one in started)
    finally:
        for one in started:
            one.terminate()
        for one in started:
            with suppress(subprocess.TimeoutExpired):
                one.wait(60)


def sent(way: Way, mails: int) -> None:
    """Let so many come due now, and wait until all of them are sent or skipped."""
    with way.superuser.begin() as tx:
        tx.execute(DUE, {"mails": mails})
    while open_(way):
        Event().wait(_LOOK)


def open_(way: Way) -> bool:
    """Whether anything that is due waits or is under way."""
    with way.superuser.begin() as tx:
        said: bool = tx.execute(_OPEN).scalar_one()
    return said


def check(way: Way, of: int) -> None:
    """That everybody who may have it has it once; ends the bench where that is not so."""
    with way.superuser.begin() as tx:
        fates = tx.execute(_FATES).all()
    ledger = [(ids.shown(ids.TOUCH, row.id), row.value) for row in fates if row.state == "sent"]
    _compared(way.book.received(), ledger)
    skipped = [row.value for row in fates if row.state == "skipped"]
    if len(fates) != of or len(skipped) + len(ledger) != of or not all(map(refuser, skipped)):
        sys.exit(f"of {of} there are {len(ledger)} sent, {len(skipped)} skipped")


def _compared(received: list[tuple[str, str]], ledger: list[tuple[str, str]]) -> None:
    if sorted(received) != sorted(ledger):
        sys.exit(f"the relay has {len(received)}, the ledger {len(ledger)}, and not the same")
    if len({to for _, to in received}) != len(received):
        sys.exit("somebody has it twice")
    if any(refuser(to) for _, to in received):
        sys.exit("somebody who opted out has it")


def refuser(to: str) -> bool:
    """Whether whoever has this address opted out."""
    return crowd.refuses(int(to.partition("@")[0].removeprefix("c-")))


def sent_by_hand(way: Way, mails: int, send: Callable[[], int]) -> int:
    """The same for the pipeline written by hand; answers how many it sent."""
    with psycopg.connect(way.url) as hand:
        hand.execute(_BY_HAND, (mails,))
        hand.commit()
    return send()


def checked_by_hand(way: Way) -> None:
    with psycopg.connect(way.url) as hand:
        _compared(way.book.received(), hand.execute(_CHECKED).fetchall())


if __name__ == "__main__":
    main()
