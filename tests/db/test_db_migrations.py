"""Do the migrations lead to the tables that the code speaks of?"""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.pool import NullPool

from outreach.db import migrate
from outreach.db.tables import metadata
from outreach.embedded.desk import Servers
from outreach.enrolments.model import State

_VALUES = text("""
    select t.typname, array_agg(e.enumlabel::text order by e.enumsortorder) as labels
    from pg_type t join pg_enum e on e.enumtypid = t.oid
    join pg_namespace n on n.oid = t.typnamespace where n.nspname = 'outreach' group by t.typname
""")


def _ours(item: object, name: str | None, kind: str, *_: object) -> bool:
    return not (kind == "table" and name == "alembic_version")


def test_migrations_and_tables_agree(migrated: Servers) -> None:
    """Compared by Alembic in the migrated database: no table, column, index or type differs."""
    engine = create_engine(migrated.owner_database_url, poolclass=NullPool)
    with engine.connect() as connection:
        options = {
            "include_schemas": True, "include_object": _ours, "compare_server_default": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == "outreach",
            "version_table_schema": "outreach",
        }  # fmt: skip
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_kinds_have_the_same_values_in_the_same_order(migrated: Servers) -> None:
    """Alembic does not look into enumerations, so they are compared one by one."""
    kinds = {
        column.type.name: list(column.type.enums)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, ENUM)
    }
    engine = create_engine(migrated.owner_database_url, poolclass=NullPool)
    with engine.connect() as connection:
        found = {row.typname: row.labels for row in connection.execute(_VALUES)}
    assert found == kinds
    assert found["touch_state"] == [state.value for state in State]


def test_upgrading_again_changes_nothing(migrated: Servers) -> None:
    """An installation may be upgraded as often as somebody likes."""
    migrate.prepare(migrated.superuser_url)
    migrate.upgrade(migrated.owner_database_url)
