"""What does a touch weigh in PostgreSQL, while it waits and once it was sent?

`python -m bench.weight [PEOPLE] [--json]`, by default 10,000. A mail is planned for each of them
after a delivery, and then sent to nowhere, a tenth of them at a time with VACUUM in between, as
happens in the course of days: a state that has passed leaves room for the next. Bytes are those of
tables with their indexes that nine tenths added, for each touch: of touches alone while all of them
wait; and, once they are sent, of touch, event, passage, attempt, verdict and sums. Each is held
against a number of bytes. Which table and which index has how many of them is told on standard
error, and there also what grew besides: records of trades, and who may be contacted at all, which
are there without any touch.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from sqlalchemy import Engine, create_engine, text

from bench import crowd, figures, stage
from optout.model import Channel
from outreach import clock
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch

PEOPLE = 10_000
WAITING, WAITING_BEYOND = 500, 350  # bytes a touch
SENT, SENT_BEYOND = 1900, 1300
_PORTIONS = 10
_OF_A_TOUCH = frozenset({
    "touches", "events", "enrolments", "attempts", "verdicts", "contacts", "costs", "receipts",
    "sums", "sum_changes", "intake",
})  # fmt: skip
_SIZES = text("""
    select c.relname || coalesce(' in ' || i.indexrelid::regclass::text, '') as name,
           pg_table_size(coalesce(i.indexrelid, c.oid)) as bytes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    cross join lateral (
        select null::oid as indexrelid
        union all select x.indexrelid from pg_index x where x.indrelid = c.oid) i
    where n.nspname in ('outreach', 'optout') and c.relkind = 'r'
""")


def main() -> None:
    (people,) = figures.sizes(__doc__, PEOPLE)
    figures.report([
        _figure("a waiting touch", waiting(range(people)), WAITING, WAITING_BEYOND),
        _figure("a sent touch, all rows", sent(range(people)), SENT, SENT_BEYOND),
    ])  # fmt: skip


def _figure(name: str, weighs: float, must: int, beyond: int) -> figures.Figure:
    return figures.Figure(
        name, "bytes", ours=(weighs,), floor=(must,), beside=f"{must} bytes",
        must=1.0, beyond=beyond / must,
    )  # fmt: skip


def waiting(numbers: range) -> float:
    """Bytes of a touch that was planned for later."""
    with _brand_of(numbers, crowd.LATER) as (app, brand, superuser):
        before = weighed(superuser)
        crowd.planned(app, brand, numbers, now=clock.system())
        grown = _grown(before, weighed(superuser))
    return _told(grown, frozenset({"touches"}), len(numbers))


def sent(numbers: range) -> float:
    """Bytes of all that belongs to a touch that was sent."""
    tenth = -(-len(numbers) // _PORTIONS)
    with _brand_of(numbers, crowd.AT_ONCE) as (app, brand, superuser):
        _send(app, brand, superuser, numbers[:tenth])
        before = weighed(superuser)
        for first in range(tenth, len(numbers), tenth):
            _send(app, brand, superuser, numbers[first : first + tenth])
            after = weighed(superuser)
    return _told(_grown(before, after), _OF_A_TOUCH, len(numbers) - tenth)


@contextmanager
def _brand_of(numbers: range, campaign: str) -> Iterator[tuple[Outreach, BrandRef, Engine]]:
    with stage.servers() as servers, closing(stage.built(servers)) as app:
        superuser, now = create_engine(stage.as_superuser(servers)), clock.system()
        brand = crowd.brand(app, campaign, now=now)
        crowd.people(app, brand, numbers, now=now)
        yield app, brand, superuser
        superuser.dispose()


def _send(app: Outreach, brand: BrandRef, superuser: Engine, some: range) -> None:
    crowd.planned(app, brand, some, now=clock.system())
    while dispatch(app.means, Look(brand, Channel.EMAIL)):
        pass
    stage.folded(superuser)


def weighed(engine: Engine) -> dict[str, int]:
    """Bytes of each table and each index, without what is dead."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.execute(text("vacuum analyze"))
        return {row.name: row.bytes for row in tx.execute(_SIZES)}


def _grown(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {name: size - before.get(name, 0) for name, size in after.items()}


def _told(grown: Mapping[str, int], tables: frozenset[str], touches: int) -> float:
    """Bytes a touch of these tables with their indexes; everything that grew is printed."""
    for name, size in sorted(grown.items(), key=lambda one: -one[1]):
        if size:
            print(f"{size / touches:8.0f} bytes a touch  {name}", file=sys.stderr)
    return sum(size for name, size in grown.items() if name.split(" ")[0] in tables) / touches


if __name__ == "__main__":
    main()
