"""Does it matter to sending how much is stored, or what PostgreSQL believes is?

`python -m bench.stored [TOUCHES] [ROUNDS] [--json]`, by default 1,000,000 and 5; ten million take
about fifteen minutes and 15 GB. Three questions, all answered in processor time of this process and
the databases together, since the clock follows what else the machine does:

- The plan trap: statistics are taken while every table is empty, then people and their mails are
  loaded and sent; later the statistics are taken anew. A plan that believes in empty tables reads
  them whole for each row. Nothing tidies up by itself meanwhile.
- The same mails go out once so many touches are stored besides, half of them waiting for a later
  month and half of them sent, with their attempts and receipts.
- Five hundred are claimed beside ten thousand that wait, and beside all those.

Rounds of the one way run after those of the other, as the tables cannot be emptied in between.
"""

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, create_engine, text

from bench import crowd, figures, meter, stage
from optout.model import Channel
from outreach import clock
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch import claims
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch
from outreach.tidying import spare_what_stays

TOUCHES, ROUNDS, A_ROUND, CLAIMED, CLAIMS, FEW, CHUNK = 1_000_000, 5, 400, 500, 10, 10_000, 100_000
_EMPTY, _SINCE = "sent after an analysis of empty tables", "sent after an analysis since"
_FEW, _MANY = "sent beside few", "sent beside {:,} stored"
_CLAIM_FEW, _CLAIM_MANY = f"claim of {CLAIMED} beside {FEW:,}", f"claim of {CLAIMED} beside {{:,}}"
_TIDY_BY_HAND = "alter table outreach.{} set (autovacuum_enabled = false)"
_TABLES = text("select relname from pg_stat_user_tables where schemaname = 'outreach'")
_DUE = text("""
    update outreach.touches
    set planned_for = now(), due_at = now(), useless_after = now() + interval '3 days'
    where id in (select id from outreach.touches
                 where state = 'planned' and due_at between now() + interval '1 day'
                                                        and now() + interval '35 days'
                 order by due_at limit :many)
""")
_PERSONS = text("""
    insert into outreach.persons (brand_id, id, ref, zone, country)
    select :brand, md5('x' || n)::uuid, 'x-' || n, 'Europe/Lisbon', 'PT'
    from generate_series(cast(:first as int), :last) n
""")
_ADDRESSES = text("""
    insert into outreach.addresses (brand_id, person_id, kind, value, hash)
    select :brand, md5('x' || n)::uuid, 'email', 'x-' || n || '@customers.example',
           sha256(('x' || n)::bytea)
    from generate_series(cast(:first as int), :last) n
""")
_GATES = text("""
    insert into optout.gates (brand, hash)
    select 'bench', sha256(('x' || n)::bytea) from generate_series(cast(:first as int), :last) n
""")
# One of two waits, spread over a month that is not to come soon.
_TOUCHES = text("""
    insert into outreach.touches
        (brand_id, id, enrolment_id, campaign_id, person_id, step, channel, purpose, priority,
         state, planned_for, due_at, useless_after, settled_at)
    select :brand, md5('t' || n)::uuid, md5('e' || n)::uuid, c.id, md5('x' || n)::uuid, 0, 'email',
           'service', 50,
           cast(case when n % 2 = 0 then 'planned' else 'sent' end as outreach.touch_state),
           now() + interval '40 days' + n % 2592000 * interval '1 s',
           now() + interval '40 days' + n % 2592000 * interval '1 s',
           now() + interval '80 days', case when n % 2 = 1 then now() end
    from generate_series(cast(:first as int), :last) n, outreach.campaigns c
""")
_ATTEMPTS = text("""
    insert into outreach.attempts
        (brand_id, touch_id, fence, person_id, channel, purpose, address_hash, content_hash,
         started_at, ended_at, outcome)
    select :brand, md5('t' || n)::uuid, 1, md5('x' || n)::uuid, 'email', 'service',
           sha256(('x' || n)::bytea), sha256(('x' || n)::bytea), now() - interval '8 days',
           now() - interval '8 days', 'accepted'
    from generate_series(cast(:first as int), :last) n where n % 2 = 1
""")
_RECEIPTS = text("""
    insert into outreach.receipts (brand_id, touch_id, kind, at)
    select :brand, md5('t' || n)::uuid, 'delivered', now() - interval '8 days'
    from generate_series(cast(:first as int), :last) n where n % 2 = 1
""")
_FILL = (_PERSONS, _ADDRESSES, _GATES, _TOUCHES, _ATTEMPTS, _RECEIPTS)


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured, and whose processor time counts."""

    app: Outreach
    brand: BrandRef
    superuser: Engine
    work: tuple[int, ...]


def main() -> None:
    many, rounds = figures.sizes(__doc__, TOUCHES, ROUNDS)
    with stage.servers() as servers, closing(stage.built(servers)) as app:
        superuser = create_engine(stage.as_superuser(servers))
        brand = crowd.brand(app, crowd.LATER, now=clock.system())
        bench = Bench(app, brand, superuser, meter.roots(servers))
        _believing_in_nothing(bench)
        people(bench, range(CLAIMED + A_ROUND * (3 * rounds + 1)))
        sent(bench)  # once for the caches
        spare_what_stays()
        told: dict[str, list[float]] = {_EMPTY: [sent(bench) for _ in range(rounds)]}
        fill(bench, range(1, FEW + 1))
        tidied(bench)
        told[_SINCE] = told[_FEW] = [sent(bench) for _ in range(rounds)]
        told[_CLAIM_FEW] = [claimed(bench) for _ in range(rounds)]
        fill(bench, range(FEW + 1, many + 1))
        tidied(bench)
        told[_MANY.format(many)] = [sent(bench) for _ in range(rounds)]
        told[_CLAIM_MANY.format(many)] = [claimed(bench) for _ in range(rounds)]
        superuser.dispose()
    figures.report(_figures(told, many))


def _figures(told: dict[str, list[float]], many: int) -> Iterator[figures.Figure]:
    rates = {
        name: [1 / one for one in costs] if name.startswith("sent") else costs
        for name, costs in told.items()
    }
    rounds = [dict(zip(rates, some, strict=True)) for some in zip(*rates.values(), strict=True)]
    stored, claim = _MANY.format(many), _CLAIM_MANY.format(many)
    yield figures.of_rounds(rounds, _EMPTY, _SINCE, must=0.8, beyond=0.95, unit="1/s")
    yield figures.of_rounds(rounds, stored, _FEW, must=0.8, beyond=0.95, unit="1/s")
    yield figures.of_rounds(rounds, claim, _CLAIM_FEW, must=1.3, beyond=1.1)


def _believing_in_nothing(bench: Bench) -> None:
    """Statistics of empty tables, which stay until `tidied`."""
    with bench.superuser.begin() as tx:
        for table in tx.execute(_TABLES).scalars().all():
            tx.execute(text(_TIDY_BY_HAND.format(table)))
        tx.execute(text("analyze"))


def people(bench: Bench, numbers: range) -> None:
    """These people, each of whom has a mail planned for later."""
    now = clock.system()
    crowd.people(bench.app, bench.brand, numbers, now=now)
    crowd.planned(bench.app, bench.brand, numbers, now=now)


def fill(bench: Bench, numbers: range) -> None:
    """A touch for each number, of a person of its own with a mail address."""
    for first in range(numbers.start, numbers.stop, CHUNK):
        values = {
            "brand": bench.brand.id, "first": first, "last": min(first + CHUNK, numbers.stop) - 1
        }  # fmt: skip
        with bench.superuser.begin() as tx:
            for statement in _FILL:
                tx.execute(statement, values)


def tidied(bench: Bench) -> None:
    with bench.superuser.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.execute(text("vacuum analyze"))


def sent(bench: Bench, many: int = A_ROUND) -> float:
    """Processor seconds of each of a set that comes due and is sent."""
    with bench.superuser.begin() as tx:
        tx.execute(_DUE, {"many": many})
    look, went = Look(bench.brand, Channel.EMAIL), 0
    with meter.Taken(bench.work) as took:
        while dealt_with := dispatch(bench.app.means, look):
            went += dealt_with
    if went != many:
        sys.exit(f"{went} were dealt with of {many} that were due")
    return took.processor / many


def claimed(bench: Bench) -> float:
    """Processor seconds of a claim of whoever is left to be sent to; each is undone."""
    with meter.Taken(bench.work) as took:
        for _ in range(CLAIMS):
            _claimed_once(bench)
    return took.processor / CLAIMS


def _claimed_once(bench: Bench) -> None:
    in_time = clock.system() + timedelta(days=35)
    with bench.app.means.database.begin(bench.brand) as tx, tx.begin_nested() as undone:
        found = claims.claim_due(
            tx, channel=Channel.EMAIL, now=in_time, limit=CLAIMED, lease=timedelta(seconds=60)
        )
        undone.rollback()
    if len(found) != CLAIMED:
        raise SystemExit(f"{len(found)} were claimed of {CLAIMED}")


if __name__ == "__main__":
    main()
