"""With what are the tables of a bench filled, and how within minutes?

Touches of ninety days and of fourteen to come, ten a person, in every state, with their passages,
attempts, receipts and charges, and with events and verdicts where somebody asks for them; each
campaign writes at its own hour in four zones. Rows are made by the database itself, two tables at a
time, past triggers and before there is any index; the sums are then what a full count comes to. A
touch weighs a kilobyte without events and verdicts.
"""

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, create_engine, text

from bench import stage
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.people.model import person_id
from outreach.reports import sums

CAMPAIGNS = 10
DOCUMENT = """\
{{key: news-{0}, name: {{en: News}}, purpose: service, trigger: {{event: parcel.delivered}},
 steps: [{{key: one, channels: [email, sms], template: news}}]}}
"""
_TOLD = """
    with told as (
        select n, md5('t' || n)::uuid as id, md5('n' || n)::uuid as passage,
               md5('e' || n)::uuid as event,
               case n % :people when 7 then :seven else md5('p' || n % :people)::uuid end as person,
               (cast(:campaigns as uuid[]))[1 + n / 20 % 10] as campaign,
               case when n % 3 = 0 then 'sms' else 'email' end as channel,
               case when n % 20 < 12 then case when n % 7 < 5 then 'delivered' else 'sent' end
                    when n % 20 < 15 then 'skipped'
                    when n % 20 = 15 then 'failed' when n % 1000 = 19 then 'uncertain'
                    when n % 20 = 19 then 'cancelled' else 'planned' end as state,
               case when n % 20 between 12 and 14 then 'withdrawn' when n % 20 = 15 then 'rejected'
                    when n % 20 = 16 then 'outside_hours' when n % 1000 = 19 then 'no_answer'
                    when n % 20 = 19 then 'campaign_ended' end as reason,
               cast(:now as timestamptz) - interval '91 days' + n::bigint * 90 / :number
                   * interval '1 day' + (8 + n / 20 % 10 + n / 200 % 4) * interval '1 hour'
                   + n % 900 * interval '1 second' as past,
               cast(:now as timestamptz) + (n % 14) * interval '1 day'
                   + (n % 36000) * interval '1 second' as ahead
        from generate_series(1, :number) n
    )
"""
_PERSONS = """
    insert into outreach.persons (brand_id, id, ref, name, locale, zone, country)
    select :brand, case n when 7 then :seven else md5('p' || n)::uuid end, 'c-' || n,
           'Person ' || n, 'en', 'Europe/Lisbon', 'PT'
    from generate_series(0, :people - 1) n
"""
_EVENTS = """
    insert into outreach.events (brand_id, id, type, key, subject, person_id, source, occurred_at,
        received_at, state, data)
    select :brand, event, 'parcel.delivered', 'P-' || n, 'c-' || n % :people, person, 'shop', past,
           past, 'enrolled', '{"parcel": "P-1", "order": "O-1"}' from told
"""
_PASSAGES = """
    insert into outreach.enrolments (brand_id, id, campaign_id, person_id, event_id, state, planned,
        created_at)
    select :brand, passage, campaign, person, event, 'active', 1, past from told
"""
_TOUCHES = """
    insert into outreach.touches (brand_id, id, enrolment_id, campaign_id, person_id, step, channel,
        purpose, priority, fence, state, planned_for, due_at, useless_after, settled_at, reason)
    select :brand, id, passage, campaign, person, 0, channel, 'service', 50, 1,
           cast(state as outreach.touch_state), due, due, due + interval '3 days',
           case when state not in ('planned', 'uncertain') then past end, reason
    from (select *, case state when 'planned' then ahead else past end as due from told) told
"""
_VERDICTS = """
    insert into outreach.verdicts (brand_id, touch_id, at, stage, verdict, reason, pack, facts)
    select :brand, id, past, 'mark',
           cast(case state when 'skipped' then 'skip' when 'planned' then 'hold' else 'send' end
                as outreach.verdict), reason, '1', '\\x00' from told
    where state <> 'planned' or reason is not null
"""
# Up to a quarter of an hour late.
_ATTEMPTS = """
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
        address_hash, content_hash, started_at, begun_at, ended_at, outcome, taken_by)
    select :brand, id, 1, person, channel, 'service', decode(md5('a' || n % :people), 'hex'),
           '\\x00', at, at, at,
           cast(case when state in ('sent', 'delivered') then 'accepted'
                when state = 'failed' then 'refused' else 'uncertain' end as outreach.outcome),
           case when channel = 'sms' then 'twilio' end
    from (select *, past + n % 900 * interval '1 second' as at from told) told
    where state in ('sent', 'delivered', 'failed', 'uncertain')
"""
_RECEIPTS = """
    insert into outreach.receipts (brand_id, touch_id, kind, at)
    select :brand, id, case when n % 1009 = 0 then 'complained' else 'delivered' end,
           past + interval '1 hour'
    from told where state = 'delivered'
"""
_COSTS = """
    insert into outreach.costs (brand_id, touch_id, parts, minor, currency, at)
    select :brand, id, 1, 0.79, 'USD', past from told
    where channel = 'sms' and state in ('sent', 'delivered')
"""
_ROWS = {
    "events": _EVENTS, "touches": _TOUCHES, "attempts": _ATTEMPTS, "enrolments": _PASSAGES,
    "verdicts": _VERDICTS, "receipts": _RECEIPTS, "costs": _COSTS,
}  # fmt: skip
ALL: Sequence[str] = tuple(_ROWS)
REPORTED: Sequence[str] = ("touches", "attempts", "enrolments", "receipts", "costs")
"""What reports read; whoever opens every page needs all of them."""

_CAMPAIGN_IDS = text("select id from outreach.campaigns where brand_id = :brand order by key")
_INDEXES = text("""
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made
    from pg_index i where i.indrelid = cast(:table as regclass) and not i.indisprimary
""")
_KEY = text("""
    select conname as name, pg_get_constraintdef(oid) as made from pg_constraint
    where conrelid = cast(:table as regclass) and contype = 'p'
""")
_SUMMED = text("select sum(many)::bigint from outreach.sums where fate <> 'candidate'")
_QUICK = (
    "session_replication_role = replica", "synchronous_commit = off", "work_mem = '256MB'",
    "maintenance_work_mem = '512MB'", "max_parallel_maintenance_workers = 0",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many touches for whom, as of when, and which tables beside those of persons."""

    brand: BrandRef
    number: int
    now: datetime
    tables: Sequence[str] = ALL


def go_live(app: Outreach, brand: BrandRef, *, now: datetime) -> None:
    """The campaigns whose touches they are."""
    with app.means.database.begin(brand) as tx:
        for one in range(CAMPAIGNS):
            campaigns.put(tx, brand, DOCUMENT.format(one), name=f"news-{one}")
            campaigns.activate(tx, app.means.book, f"news-{one}", now=now)


def fill(url: str, wanted: Wanted) -> None:
    """Fill the tables, which are empty, and their sums; `url` is the superuser's."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as tx:
            _prepared(tx)
            values = _values(tx, wanted)
            tx.execute(text(_PERSONS), values)
        with ThreadPoolExecutor(2) as two:
            list(two.map(lambda table: _table(engine, table, values), wanted.tables))
        _summed(engine, wanted)
    finally:
        engine.dispose()


def _prepared(tx: Connection) -> None:
    """Checkpoints are far apart, and this session asks no trigger."""
    tx.exec_driver_sql("alter system set max_wal_size = '3GB'")
    tx.exec_driver_sql("select pg_reload_conf()")
    for one in _QUICK:
        tx.exec_driver_sql(f"set {one}")


def _values(tx: Connection, wanted: Wanted) -> dict[str, object]:
    ids = tx.execute(_CAMPAIGN_IDS, {"brand": wanted.brand.id}).scalars().all()
    return {
        "brand": wanted.brand.id, "number": wanted.number, "now": wanted.now,
        "people": max(wanted.number // 10, 20), "campaigns": list(ids),
        "seven": person_id(wanted.brand, "c-7"),
    }  # fmt: skip


def _table(engine: Engine, table: str, values: Mapping[str, object]) -> None:
    """Its rows, and then its key and indexes."""
    named = {"table": f"outreach.{table}"}
    with engine.connect() as tx:
        _prepared(tx)
        key, indexes = tx.execute(_KEY, named).one(), tx.execute(_INDEXES, named).all()
        for one in indexes:
            tx.exec_driver_sql(f"drop index {one.name}")
        tx.exec_driver_sql(f"alter table outreach.{table} drop constraint {key.name}")
        tx.execute(text(_TOLD + _ROWS[table]), values)
        tx.exec_driver_sql(f"alter table outreach.{table} add constraint {key.name} {key.made}")
        for one in indexes:
            tx.exec_driver_sql(one.made)


def _summed(engine: Engine, wanted: Wanted) -> None:
    """The sums, by the count that the product itself mends them by; and statistics of everything.

    Ends where they are not of as many touches.
    """
    with engine.connect() as tx:
        _prepared(tx)
        sums.mend(tx, wanted.brand)
    stage.folded(engine)
    with engine.connect() as tx:
        if (many := tx.execute(_SUMMED).scalar_one()) != wanted.number:
            sys.exit(f"{wanted.number} touches are there, and the sums are of {many}")
        tx.exec_driver_sql("vacuum analyze")
