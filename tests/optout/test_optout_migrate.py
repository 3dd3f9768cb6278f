"""Is the schema what the tables say, and is the application's role a small one?"""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, create_engine, text
from sqlalchemy.pool import NullPool

from optout import migrate
from optout.errors import UnsafeRole
from optout.tables import SCHEMA, metadata

OWNER, APP = "optout_test_owner", "optout_test_app"


@pytest.fixture
def owner(home):
    with create_engine(home.owner, poolclass=NullPool).connect() as connection:
        yield connection


def test_migrations_make_what_the_tables_say(owner: Connection) -> None:
    """Built by migrations, the schema differs in nothing from the one page that describes it."""
    context = MigrationContext.configure(
        owner,
        opts={
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
            "version_table_schema": SCHEMA,
            "compare_server_default": True,
        },
    )
    assert compare_metadata(context, metadata) == []


def test_checks_are_the_same(owner: Connection) -> None:
    """Check constraints are not compared by Alembic, so their names are."""
    rows = text("""
        select conname from pg_constraint
        where contype = 'c' and connamespace = 'optout'::regnamespace
    """)
    checks = [t.constraints for t in metadata.tables.values()]
    named = {c.name for ours in checks for c in ours if isinstance(c, CheckConstraint)}
    assert set(owner.execute(rows).scalars()) == named


def test_running_again_changes_nothing(owner: Connection) -> None:
    count = text("select count(*) from pg_policies where schemaname = 'optout'")
    before = owner.execute(count).scalar()
    migrate.upgrade(owner, app_role=APP)
    assert owner.execute(count).scalar() == before == 11


def test_security_is_forced_on_every_table(owner: Connection) -> None:
    """The owner, too, passes the policies; only the version table holds nobody's rows."""
    rows = owner.execute(
        text("""
            select relname, relrowsecurity and relforcerowsecurity from pg_class
            where relnamespace = 'optout'::regnamespace and relkind = 'r' order by 1
        """)
    )
    assert [tuple(row) for row in rows] == [
        ("alembic_version", False), ("editions", True), ("entries", True), ("gates", True),
        ("listings", True),
    ]  # fmt: skip


def test_the_application_is_neither_owner_nor_superuser(tx: Connection) -> None:
    row = tx.execute(
        text("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
    ).one()
    assert tuple(row) == (APP, False, False)


@pytest.mark.parametrize("role", ["postgres", OWNER, "nobody_of_that_name"])
def test_a_role_above_the_policies_is_refused(owner: Connection, role: str) -> None:
    """The owner would pass: what one owns one can change."""
    with pytest.raises(UnsafeRole):
        migrate.upgrade(owner, app_role=role)


def test_the_callers_transaction_decides(home) -> None:
    """Rolled back, an upgrade leaves nothing behind."""
    fresh = create_engine(home.owner.set(database="postgres"), poolclass=NullPool)
    found = text("select count(*) from pg_namespace where nspname = 'optout'")
    root = create_engine(home.superuser.set(database="postgres"), poolclass=NullPool)
    with root.begin() as connection:
        connection.execute(text(f"grant create on database postgres to {OWNER}"))
    with fresh.connect() as connection:
        migrate.upgrade(connection, app_role=APP)
        assert connection.execute(found).scalar() == 1
        connection.rollback()
        assert connection.execute(found).scalar() == 0
