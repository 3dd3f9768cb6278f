"""What does it cost to count an audience, beside counting the persons themselves?

`python -m bench.audience_count [PERSONS] [--json]`. A brand of a million persons and three times as
many events; each question is counted in turns with `select count(*) from persons`, in one run. The
median of the rounds counts, and its ratio is what is printed: any single tally should cost less
than ten times as much. A chunk of five thousand persons is asked both ways as well.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, Uuid, any_, create_engine, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from bench import figures, stage
from bench.stage import timed
from outreach.campaigns import audience, audience_sql, conditions
from outreach.db import tables
from outreach.db.engine import BrandRef, Database
from outreach.embedded import desk
from tests import builders as b

ROUNDS, PERSONS, CHUNK, MOST = 3, 1_000_000, 5000, 10.0
NOW = b.NOON
BRAND = BrandRef(1, "bench")

QUESTIONS: Mapping[str, str] = {
    "everything that happened": "{count: events, operator: at_least, value: 4}",
    "deliveries in 90 days": (
        "{count: events, within: 90 d, operator: at_least, value: 2,"
        " where: {field: events.type, operator: is, value: parcel.delivered}}"
    ),
    "no event for 30 days": ("not: {days_since: events.at, operator: at_most, value: 30}"),
    "bought for 300": "{sum: orders.total_minor, operator: at_least, value: 30000}",
    "orders in 90 days": "{count: orders, within: 90 d, operator: at_least, value: 1}",
    "newest order is paid": "{last: orders.state, operator: is, value: paid}",
    "last answer was 9": "{field: last_answer.score, operator: at_least, value: 9}",
    "birthday within a week": "{days_until: person.birthday, operator: at_most, value: 7}",
}

# A fifth of the events are answers; persons come in no order, as ids that are hashes do.
FILL = (
    """
    insert into outreach.brands (key, name, locale, zone, profile)
    values ('bench', 'Bench', 'en', 'Europe/Berlin', '{}')
    """,
    """
    insert into outreach.persons (brand_id, id, ref, country)
    select 1, md5('p' || n)::uuid, 'c-' || n, case when n % 3 = 0 then 'DE' else 'FR' end
    from generate_series(1, :persons) n
    """,
    """
    insert into outreach.events (brand_id, id, type, key, subject, person_id, source, occurred_at,
                                 received_at, state, data)
    select 1, md5('e' || n)::uuid,
           (array['order.placed', 'order.paid', 'parcel.shipped', 'parcel.delivered',
                  'survey.answered'])[1 + n % 5],
           'k-' || n, 'c-' || whose, md5('p' || whose)::uuid, 'shop',
           cast(:now as timestamptz) - n % 400 * interval '1 day', :now, 'enrolled',
           jsonb_build_object('order', 'O-' || n, 'survey', 'S-' || n, 'score', n % 11)
    from (select n, 1 + (n::bigint * 7919) % :persons as whose
          from generate_series(1, 3 * :persons) n) told
    """,
    """
    insert into outreach.orders (brand_id, key, person_id, state, currency, total_minor, placed_at)
    select 1, 'O-' || n, md5('p' || 1 + (n::bigint * 7919) % :persons)::uuid,
           case when n % 2 = 0 then 'paid' else 'placed' end, 'EUR', n % 50000,
           cast(:now as timestamptz) - n % 400 * interval '1 day'
    from generate_series(1, :persons) n
    """,
    """
    insert into outreach.dates (brand_id, person_id, name, key, falls_on, month_day, about, told_at,
                                state)
    select 1, md5('p' || n)::uuid, 'person.birthday', '', day,
           extract(month from day) * 100 + extract(day from day), '{}', :now, 'settled'
    from (select n, date '1990-01-01' + n % 3650 as day from generate_series(1, :persons, 2) n) own
    """,
)


def main() -> None:
    (persons,) = figures.sizes(__doc__, PERSONS)
    with stage.servers() as servers:
        rounds = measured(servers, persons)
    figures.report(figures.of_rounds(rounds, ours, "persons", must=MOST) for ours in QUESTIONS)


def measured(servers: desk.Servers, persons: int) -> list[dict[str, float]]:
    """Seconds a question, round by round."""
    fill(stage.as_superuser(servers), persons)
    database = Database(servers.database_url)
    with database.begin(BRAND) as tx:
        tx.execute(text("set local statement_timeout = 0"))
        rounds = [one_round(tx) for _ in range(ROUNDS)]
    database.close()
    return rounds


def fill(url: str, persons: int, statements: Sequence[str] = FILL) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as tx:
        for statement in statements:
            tx.execute(text(statement), {"persons": persons, "now": NOW})
        tx.execute(text("vacuum analyze"))
    engine.dispose()


def one_round(tx: Connection) -> dict[str, float]:
    """Everything once: the persons alone before the questions, and a chunk asked both ways."""
    found = {"persons": timed(lambda: tx.execute(select(func.count()).select_from(tables.persons)))}
    for name, question in QUESTIONS.items():
        asked = conditions.read(question)
        found[name] = timed(partial(audience.count, tx, asked, now=NOW))
    asked, chunk = conditions.read(QUESTIONS["deliveries in 90 days"]), some(tx)
    found["a chunk, one by one"] = timed(lambda: audience.among(tx, asked, chunk, now=NOW))
    found["a chunk, all at once"] = timed(lambda: grouped(tx, asked, chunk))
    return found


def some(tx: Connection) -> list[UUID]:
    person = tables.persons.c.id
    return list(tx.execute(select(person).order_by(person).limit(CHUNK)).scalars())


def grouped(tx: Connection, asked: conditions.Condition, chunk: list[UUID]) -> set[UUID]:
    meant, person = audience_sql.of_all(asked, now=NOW), tables.persons.c.id
    of_chunk = person == any_(literal(chunk, ARRAY(Uuid())))
    found = select(person).select_from(meant.origin).where(of_chunk, meant.test)
    return set(tx.execute(found).scalars())


if __name__ == "__main__":
    main()
