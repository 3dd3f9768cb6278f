"""What does the database itself say about who may see which row?"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

from outreach.app import Outreach
from outreach.db import security
from outreach.db.engine import Database
from outreach.db.tables import metadata
from outreach.embedded.desk import Servers
from tests import builders as b

# What tells who somebody is, what they were told or how they are reached.
PERSONAL = {
    "address_hash", "body_hash", "by", "content_hash", "data", "detail", "disposition", "facts",
    "hash", "holder", "key", "locale", "name", "note", "number", "person_id", "postcode", "ref",
    "script", "subject", "subdivision", "value", "zone", "country", "tags", "profile", "because",
}  # fmt: skip
# What a brand is called, and what its staff call a campaign, says nothing about a person; an alarm
# has to name the campaign that paused itself.
IMPERSONAL = {("brands", "key"), ("campaigns", "key")}


@pytest.fixture(scope="module")
def owner(migrated: Servers, shared_app: Outreach) -> Iterator[Connection]:
    name = shared_app.means.database.engine.url.database
    engine = create_engine(migrated.superuser_url.replace("/postgres?", f"/{name}?"))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_every_table_forces_row_level_security_and_has_a_policy(owner: Connection) -> None:
    """A table without a policy, or whose owner walks past it, does not get into the schema."""
    rows = owner.execute(
        text("""
        select n.nspname || '.' || c.relname as name, c.relrowsecurity as enabled,
               c.relforcerowsecurity as forced,
               (select count(*) from pg_policy p where p.polrelid = c.oid) as policies
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('outreach', 'optout') and c.relkind in ('r', 'p')
          and c.relname <> 'alembic_version'
    """)
    ).all()
    assert len(rows) > len(metadata.tables)
    assert [r.name for r in rows if not (r.enabled and r.forced and r.policies)] == []


@pytest.mark.parametrize("role", [security.APP_ROLE, security.WATCH_ROLE])
def test_the_application_stands_below_every_table(owner: Connection, role: str) -> None:
    """Neither superuser nor owner: what it may not see it cannot make visible to itself.

    Its own are only the temporary tables through which it hands over many rows.
    """
    row = owner.execute(
        text("""
        select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
               exists (
                   select from pg_class c where pg_has_role(r.oid, c.relowner, 'MEMBER')
                       and c.relpersistence <> 't') as owns
        from pg_roles r where rolname = :role
    """),
        {"role": role},
    ).one()
    assert not any(row)


def test_every_key_begins_with_the_brand(owner: Connection) -> None:
    """Two brands cannot collide on a key, and each index lookup is a brand's own.

    Users and their sessions are the agency's.
    """
    rows = owner.execute(
        text("""
        select c.relname, a.attname from pg_index i
        join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
        where n.nspname = 'outreach' and i.indisprimary and c.relname <> 'alembic_version'
    """)
    ).all()
    firsts = {row.relname: row.attname for row in rows}
    assert set(firsts) == {table.name for table in metadata.tables.values()}
    assert {name for name, first in firsts.items() if first != "brand_id"} == {
        "brands", *security.AGENCY,
    }  # fmt: skip


def test_without_a_brand_no_row_is_there(shared_app: Outreach) -> None:
    """A transaction that forgot to say for whom it is sees nothing, in any table."""
    brand = b.a_brand(shared_app, "silent")
    b.a_campaign(shared_app, brand)
    person = b.a_person(shared_app, brand)
    b.accepted(shared_app, brand, b.an_event(shared_app, brand, person))
    with shared_app.means.database.engine.begin() as tx:
        counts = {
            name: tx.execute(text(f"select count(*) from {name}")).scalar_one()
            for name in [*metadata.tables, "optout.entries", "optout.gates"]
        }
    assert set(counts.values()) == {0}


def test_two_brands_on_one_connection_never_meet(shared_app: Outreach) -> None:
    """Two hundred turns over a pool of one: each brand sees its own person and nobody else."""
    brands = [b.a_brand(shared_app, "lumen"), b.a_brand(shared_app, "north")]
    for brand in brands:
        b.a_person(shared_app, brand, f"of-{brand.key}")
    url = shared_app.means.database.engine.url
    database = Database(url.render_as_string(hide_password=False), connections=1)
    for turn in range(200):
        brand = brands[turn % 2]
        with database.begin(brand) as tx:
            seen = tx.execute(text("select brand_id, ref from outreach.persons")).all()
        assert seen == [(brand.id, f"of-{brand.key}")]
    database.close()


def test_one_brand_cannot_write_for_another(shared_app: Outreach) -> None:
    """A row that names another brand is refused on its way in."""
    ours, theirs = b.a_brand(shared_app, "ours"), b.a_brand(shared_app, "theirs")
    stray = text("""
        insert into outreach.persons (brand_id, id, ref) values (:brand, gen_random_uuid(), 'x')
    """)
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        shared_app.means.database.begin(ours) as tx,
    ):
        tx.execute(stray, {"brand": theirs.id})


def test_the_watch_role_reads_nothing_personal(owner: Connection) -> None:
    """It sees that something is due, on which channel and when; never about whom."""
    rows = owner.execute(
        text("""
        select c.relname, a.attname from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where n.nspname in ('outreach', 'optout') and c.relkind in ('r', 'p')
          and has_column_privilege(:role, c.oid, a.attnum, 'select')
    """),
        {"role": security.WATCH_ROLE},
    ).all()
    seen = {(row.relname, row.attname) for row in rows}
    assert ("touches", "due_at") in seen
    assert {pair for pair in seen if pair[1] in PERSONAL} - IMPERSONAL == set()


@pytest.mark.parametrize(
    "question", ["select ref from outreach.persons", "select * from outreach.touches"]
)
def test_a_watching_transaction_cannot_ask_about_whom(shared_app: Outreach, question: str) -> None:
    """The database refuses, and does not merely hide."""
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        shared_app.means.database.watch() as tx,
    ):
        tx.execute(text(question))


def test_verdicts_and_receipts_are_never_rewritten(owner: Connection) -> None:
    """The application adds to the ledger; what it may delete of it has to be old."""
    rights = text("""
        select c.relname,
               has_table_privilege(:role, c.oid, 'update') as updates,
               has_table_privilege(:role, c.oid, 'delete, truncate') as deletes
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'outreach' and c.relkind in ('r', 'p')
    """)
    rows = owner.execute(rights, {"role": security.APP_ROLE}).all()
    may_go = security.REPLACEABLE | security.LETS_GO.keys()
    assert {r.relname for r in rows if r.deletes} == may_go
    assert not {r.relname for r in rows if r.updates} & security.APPEND_ONLY


def test_the_owner_too_is_held_back(owner: Connection, shared_app: Outreach) -> None:
    """Forced means forced: even the owner sees no row, whichever brand it names."""
    brand = b.a_brand(shared_app, "owned")
    b.a_person(shared_app, brand)
    owner.rollback()
    with owner.begin():
        owner.execute(text(f"set local role {security.OWNER_ROLE}"))
        owner.execute(text("select set_config('outreach.brand', :id, true)"), {"id": str(brand.id)})
        assert owner.execute(text("select count(*) from outreach.persons")).scalar_one() == 0
