"""How does a database come to keep consent, and what may the application do there?"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from optout.errors import UnsafeRole

_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtext('optout.migrate'))")

# Owners of the schema count: what one owns one can change, policies included.
_STANDS_ABOVE = text("""
    select role.rolsuper or role.rolbypassrls
        or exists (
            select from pg_class as kept join pg_namespace as space on space.oid = kept.relnamespace
            where space.nspname = 'optout' and pg_has_role(role.oid, kept.relowner, 'MEMBER')
        )
    from pg_roles as role where role.rolname = :role
""")

# Entries are added and never changed. A row can only be locked by who may update it, hence `epoch`.
# A list's lines go when its next edition comes; they are the list's word and nobody's consent.
_GRANTS = """
    grant usage on schema optout to {role};
    grant select, insert on optout.entries to {role};
    grant select, insert, update (epoch) on optout.gates to {role};
    grant select, insert, update (current, as_of, expires_on) on optout.editions to {role};
    grant select, insert, delete on optout.listings to {role};
"""


def upgrade(connection: Connection, *, app_role: str) -> None:
    """Bring the schema `optout` to its newest form and let `app_role` use it; the caller commits.

    `connection` is open and the owner's. Running it again changes nothing. Raises `UnsafeRole` when
    the role does not exist, is a superuser, bypasses row-level security or owns the tables.
    """
    connection.execute(_ONE_AT_A_TIME)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.execute(_STANDS_ABOVE, {"role": app_role}).scalar() is not False:
        raise UnsafeRole(f"{app_role} cannot be the application's role; see optout.errors")
    quoted = connection.dialect.identifier_preparer.quote(app_role)
    connection.execute(text(_GRANTS.format(role=quoted)))
