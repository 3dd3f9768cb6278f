"""Does planning read what its batch needs, however much lies beside it?"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.embedded import desk
from outreach.enrolments import enrol, going_on, intake, moving, planner
from tests import builders as b

BATCH, BESIDE = 20, 4000
WAIT = {"key": "pause", "kind": "wait", "until": {"event": "order.paid"}, "at_most": "2 d"}
ASKS = {"count": "events", "within": "90 d", "operator": "at_least", "value": 1}
OWN = {"date": "contract.ends_on", "offset": -7}
# So many people of long ago, each with a passage, what began it, an open wait, a touch and a day.
_BESIDE = (
    """
    insert into outreach.persons (brand_id, id, ref, zone, country)
    select :brand, md5('p' || n)::uuid, 'old-' || n, 'Europe/Berlin', 'DE'
    from generate_series(1, :many) n
    """,
    """
    insert into outreach.addresses (brand_id, person_id, kind, value, hash)
    select :brand, md5('p' || n)::uuid, 'email', n || '@customers.example', sha256(n::text::bytea)
    from generate_series(1, :many) n
    """,
    """
    insert into outreach.events (brand_id, id, type, key, subject, person_id, source, occurred_at,
        received_at, state, data)
    select :brand, md5('e' || n)::uuid, 'parcel.delivered', 'old-' || n, 'old-' || n,
        md5('p' || n)::uuid, 'shop', :then, :then, 'enrolled', '{}'
    from generate_series(1, :many) n
    """,
    """
    insert into outreach.enrolments (brand_id, id, campaign_id, person_id, event_id, state, planned,
        created_at)
    select :brand, md5('n' || n)::uuid, :campaign, md5('p' || n)::uuid, md5('e' || n)::uuid,
        'active', 1, :then
    from generate_series(1, :many) n
    """,
    """
    insert into outreach.waits (brand_id, enrolment_id, step, campaign_id, person_id, event_type,
        began_at, due_at)
    select :brand, md5('n' || n)::uuid, 'pause', :campaign, md5('p' || n)::uuid, 'order.paid',
        :then, cast(:now as timestamptz) + interval '9 days'
    from generate_series(1, :many) n
    """,
    """
    insert into outreach.touches (brand_id, id, enrolment_id, campaign_id, person_id, step, channel,
        purpose, priority, planned_for, due_at, useless_after)
    select :brand, md5('t' || n)::uuid, md5('n' || n)::uuid, :campaign, md5('p' || n)::uuid, 0,
        'email', 'service', 50, at, at, at
    from generate_series(1, :many) n, lateral (
        select cast(:now as timestamptz) + interval '9 days' as at) later
    """,
    """
    insert into outreach.dates (brand_id, person_id, name, key, falls_on, about, told_at, state)
    select :brand, md5('p' || n)::uuid, 'contract.ends_on', 'c-' || n,
        cast(:now as date) + 7 + n % 40, '{}', :then, 'settled'
    from generate_series(1, :many) n
    """,
)
_READ = text("""
    select relname, seq_tup_read as through, coalesce(idx_tup_fetch, 0) as by_index
    from pg_stat_xact_user_tables where schemaname = 'outreach'
""")
# Of some thousand rows it may be cheaper to read all than to look up a batch, of millions not.
_AS_OF_MILLIONS = text("""
    select set_config(name, 'off', true)
    from unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as named(name)
""")
_CAMPAIGN = text("select id from outreach.campaigns where key = 'reminder'")


@pytest.fixture(scope="module")
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture(scope="module")
def brand(app: Outreach, migrated: desk.Servers) -> BrandRef:
    """A brand with thousands of people under way, of whom few are concerned now."""
    brand = b.a_brand(app)
    steps = [b.a_step("first", after="1 h"), WAIT, b.a_step("second", after="1 d")]
    b.a_live_campaign(app, brand, steps=steps, exits=[{"event": "order.refunded"}])
    with app.means.database.begin(brand) as tx:
        campaign = tx.execute(_CAMPAIGN).scalar_one()
    _beside(app, migrated, brand, campaign)
    return brand


def _beside(app: Outreach, migrated: desk.Servers, brand: BrandRef, campaign: UUID) -> None:
    """As a superuser, who alone may have the tables looked through for the planner's statistics."""
    where = make_url(app.settings.database_url).database
    superuser = create_engine(
        make_url(migrated.superuser_url).set(database=where), poolclass=NullPool
    )
    values = {
        "brand": brand.id, "campaign": campaign, "many": BESIDE, "now": b.NOON,
        "then": b.NOON - timedelta(days=30),
    }  # fmt: skip
    with superuser.begin() as tx:
        for statement in _BESIDE:
            tx.execute(text(statement), values)
        tx.execute(text("analyze"))


def concerned(app: Outreach, brand: BrandRef) -> None:
    """A batch of people with one new event each."""
    people = [b.a_person(app, brand) for _ in range(BATCH)]
    events = [b.an_event(app, brand, one, parcel=one.ref) for one in people]
    with app.means.database.begin(brand) as tx:
        intake.accept(tx, brand, events, source="shop", refused=0, now=b.NOON)


def read_by(
    app: Outreach, brand: BrandRef, deed: Callable[[Connection], object]
) -> dict[str, tuple[int, int]]:
    """Of each table, the rows that this deed read in passes through it, and those by an index."""
    with app.means.database.begin(brand) as tx:
        tx.execute(_AS_OF_MILLIONS)
        before = _counts(tx)
        assert deed(tx)
        after = _counts(tx)
    nothing = (0, 0)
    read = {
        name: (through - before.get(name, nothing)[0], by_index - before.get(name, nothing)[1])
        for name, (through, by_index) in after.items()
    }
    return {name: counts for name, counts in read.items() if any(counts)}


def _counts(tx: Connection) -> dict[str, tuple[int, int]]:
    """So far by this connection; some of it may stem from the transaction before."""
    return {row.relname: (row.through, row.by_index) for row in tx.execute(_READ)}


def enrolled(app: Outreach, brand: BrandRef) -> Callable[[Connection], object]:
    return lambda tx: enrol.enrol(tx, app.means.book, brand, now=b.NOON)


def in_proportion(read: dict[str, tuple[int, int]]) -> bool:
    """No large table was gone through, and no more was fetched than a batch can need."""
    return all(through < BESIDE / 4 and by < 15 * BATCH for through, by in read.values())


def test_what_a_batch_of_events_begins_costs_what_the_batch_costs(
    app: Outreach, brand: BrandRef
) -> None:
    """New events, then an event that ends passages, then waits that run out; thousands beside."""
    concerned(app, brand)
    read = read_by(app, brand, enrolled(app, brand))
    assert in_proportion(read), read
    late = b.NOON + timedelta(days=3)
    read = read_by(app, brand, lambda tx: going_on.by_time(tx, app.means.book, brand, now=late))
    assert in_proportion(read), read


def test_a_chunk_of_an_audience_or_of_a_day_costs_what_the_chunk_costs(
    app: Outreach, brand: BrandRef
) -> None:
    """The first chunk of everybody who was told of something, and of those whose day it is."""
    for key, trigger in (("round", {"at": "2026-03-10T12:00", "audience": ASKS}), ("own", OWN)):
        b.a_live_campaign(app, brand, key, trigger=trigger)
        read = read_by(
            app,
            brand,
            lambda tx: planner.plan_next(tx, app.means.book, brand, now=b.NOON, chunk=BATCH),
        )
        assert in_proportion(read), (key, read)


def test_a_move_reads_who_is_under_way_once(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not once for each of the sets in which they are moved."""
    monkeypatch.setattr(moving, "BATCH", BESIDE // 8)
    with app.means.database.begin(brand) as tx:
        version = app.means.book.latest(tx, "reminder")
    read = read_by(app, brand, lambda tx: len(list(moving.batches(tx, [version.id]))) >= 8)
    assert all(sum(one) < 2 * BESIDE for one in read.values()), read
