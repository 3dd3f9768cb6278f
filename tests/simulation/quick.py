"""How does a world have its database without waiting for what only the real one needs?

The same server and the same rows. Its connections are not asked whether they still live each time
they are lent, and its plans are kept: no table of a simulation grows so large that a plan would be
wrong for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import create_engine

from outreach.app import Outreach
from outreach.db import engine
from outreach.db.engine import Database

_CONNECTIONS = 10
_KEPT = engine._OPTIONS.replace("force_custom_plan", "auto")


class Quick(Database):
    """What `Database` is, on the same address."""

    def __init__(self, real: Database) -> None:
        self.engine = create_engine(
            real.engine.url, pool_size=_CONNECTIONS, connect_args={"options": _KEPT}
        )
        self.vault = real.vault


@contextmanager
def quick(app: Outreach) -> Iterator[Outreach]:
    """The application with such a database."""
    database = Quick(app.means.database)
    try:
        yield replace(app, means=replace(app.means, database=database))
    finally:
        database.close()
