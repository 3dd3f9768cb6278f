"""How does a database come to have our tables, and its roles their rights?

Run by the owner, at installation and at each upgrade; running it again changes nothing.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from optout import migrate as optout_migrate
from outreach.db import security
from outreach.errors import Misconfigured

_ROLES = {
    security.OWNER_ROLE: "login",
    # Without `inherit` the application has the watcher's sight only where it asks for it.
    security.APP_ROLE: "login noinherit",
    security.WATCH_ROLE: "nologin",
}


def prepare(superuser_url: str, *, database: str = "outreach") -> None:
    """Create the three roles and the database, where they are missing (embedded servers, tests)."""
    engine = create_engine(superuser_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for role, rights in _ROLES.items():
            if not _found(connection, "select 1 from pg_roles where rolname = :name", role):
                connection.execute(text(f"create role {role} {rights}"))
        connection.execute(text(f"grant {security.WATCH_ROLE} to {security.APP_ROLE}"))
        if not _found(connection, "select 1 from pg_database where datname = :name", database):
            connection.execute(text(f'create database "{database}" owner {security.OWNER_ROLE}'))


def upgrade(owner_url: str) -> None:
    """Bring both schemas to the newest version, as their owner, in one transaction.

    The owner sees the rows of all brands as long as that lasts, so that they are brought along.
    Raises `Misconfigured` when the database cannot be reached.
    """
    engine = create_engine(owner_url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("create schema if not exists outreach"))
            connection.execute(text(security.UNFORCED))
            command.upgrade(_config(connection), "head")
            for statement in security.statements():
                connection.execute(text(statement))
            optout_migrate.upgrade(connection, app_role=security.APP_ROLE)
    except OperationalError as error:
        raise Misconfigured(f"the database cannot be reached: {error.orig}") from error


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _found(connection: Connection, question: str, name: str) -> bool:
    return connection.execute(text(question), {"name": name}).first() is not None
