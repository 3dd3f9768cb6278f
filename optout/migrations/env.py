"""Alembic's way in: the connection is the caller's, and so is the commit."""

from alembic import context
from sqlalchemy import text

from optout.tables import SCHEMA, metadata

connection = context.config.attributes["connection"]
connection.execute(text(f"create schema if not exists {SCHEMA}"))
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
