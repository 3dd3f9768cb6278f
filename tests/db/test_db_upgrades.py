"""Do the migrations reach rows that were there before them?"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from outreach.db import migrate
from outreach.embedded.desk import Servers

OLDER = "older"
TOUCH = UUID(int=7)
# An installation of the first revisions: rows, and row-level security forced on the owner as well.
ROWS = f"""
    insert into outreach.brands (key, name, locale, zone, profile)
    values ('lumen', 'Lumen', 'en', 'UTC', '{{}}');
    insert into outreach.cases (brand_id, person_id, key, opened_at)
    values (1, '{TOUCH}', 'C-1', '2026-01-05T09:00Z');
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
                                   address_hash, content_hash, started_at)
    values (1, '{TOUCH}', 1, '{TOUCH}', 'email', 'service', '', '', '2026-01-05T09:00Z');
"""
FORCED = ("brands", "cases", "attempts", "touches")


@pytest.fixture
def upgraded(migrated: Servers) -> Iterator[Connection]:
    """A database with rows of long ago, brought to the newest version; seen by a superuser."""
    migrate.prepare(migrated.superuser_url, database=OLDER)
    superuser = create_engine(_of(migrated.superuser_url), poolclass=NullPool)
    owner = create_engine(_of(migrated.owner_database_url), poolclass=NullPool)
    with owner.begin() as tx:
        tx.execute(text("create schema outreach"))
        command.upgrade(migrate._config(tx), "0003")
        for table in FORCED:
            tx.execute(text(f"alter table outreach.{table} enable row level security"))
            tx.execute(text(f"alter table outreach.{table} force row level security"))
    with superuser.begin() as tx:
        tx.execute(text(ROWS))
    migrate.upgrade(_of(migrated.owner_database_url))
    with superuser.connect() as connection:
        yield connection
    with create_engine(
        migrated.superuser_url, poolclass=NullPool, isolation_level="AUTOCOMMIT"
    ).connect() as connection:
        connection.execute(text(f"drop database {OLDER} with (force)"))


def _of(url: str) -> str:
    return make_url(url).set(database=OLDER).render_as_string(hide_password=False)


def test_what_was_stored_before_an_upgrade_is_brought_along(upgraded: Connection) -> None:
    """An open case holds on, a call under way stays begun, and a brand is a group of its own."""
    case = upgraded.execute(text("select state from outreach.cases")).scalar_one()
    begun = upgraded.execute(
        text("select begun_at = started_at from outreach.attempts")
    ).scalar_one()
    group = upgraded.execute(text("select group_key from outreach.brands")).scalar_one()
    assert (case, begun, group) == ("open", True, "=lumen")


def test_an_upgrade_leaves_every_table_forced(upgraded: Connection) -> None:
    """The owner sees every brand's rows for the length of the upgrade, and not after it."""
    free = upgraded.execute(
        text("""
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'outreach' and c.relkind = 'r' and not c.relforcerowsecurity
    """)
    ).scalars()
    assert list(free) == ["alembic_version"]
