"""How does a transaction begin, and for which brand?"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, create_engine, event, text
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from outreach.db import arrays
from outreach.db.security import WATCH_ROLE
from outreach.db.vault import BOUND, Bound, Vault
from outreach.errors import Misconfigured, Trouble
from outreach.sealing import Sealing

# Plans are made afresh for each statement: a plan cached while a table was empty turns the claim
# quadratic once the table has grown. Instants come in UTC: adding two days to one in the server's
# own zone would follow that zone's clock changes.
_OPTIONS = (
    "-c plan_cache_mode=force_custom_plan -c lock_timeout=10s -c statement_timeout=60s "
    "-c timezone=UTC -c client_min_messages=warning"
)

_FOR_BRAND = text(
    "select set_config('outreach.brand', :id, true), set_config('optout.brand', :key, true)"
)
_FOR_ACCESS = text("select set_config('outreach.access', 'on', true)")
_WATCHING = text(f"set local role {WATCH_ROLE}")


@dataclass(frozen=True, slots=True)
class BrandRef:
    """The brand that a transaction is for: its number in our keys and its name in `optout`'s."""

    id: int
    key: str


class Database:
    """One pool of connections. Make it after a process has forked, never before.

    Personal data are opened by `sealing`, or by the `vault` of another database of which this one
    holds a copy. Raises `Misconfigured` when the URL cannot be read.
    """

    def __init__(
        self,
        url: str,
        *,
        connections: int = 10,
        sealing: Sealing | None = None,
        vault: Vault | None = None,
    ) -> None:
        try:
            self.engine = create_engine(
                url,
                pool_size=connections,
                max_overflow=connections,
                connect_args={"options": _OPTIONS, "connect_timeout": 5},
            )
        except ArgumentError as error:
            raise Misconfigured(
                "OUTREACH_DATABASE_URL cannot be read: write postgresql://USER:PASSWORD@HOST/DATABASE"
            ) from error
        event.listen(self.engine, "connect", _adapted)
        self.vault = vault or Vault(self.engine, sealing)

    @contextmanager
    def begin(self, brand: BrandRef) -> Iterator[Connection]:
        """An open transaction that sees this brand's rows; commits in the end, or rolls back.

        Raises `Trouble` when the server is away or gave up on the transaction, or when no
        connection came free.
        """
        with self._open(_FOR_BRAND, _named(brand), **self._bound(brand)) as tx:
            yield tx

    @contextmanager
    def reading(self, brand: BrandRef) -> Iterator[Connection]:
        """The brand's rows as they are at one instant; PostgreSQL itself refuses every write.

        Raises `Trouble` as `begin` does.
        """
        still = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._open(_FOR_BRAND, _named(brand), **still, **self._bound(brand)) as tx:
            yield tx

    @contextmanager
    def access(self) -> Iterator[Connection]:
        """A transaction that sees what is the agency's, and nothing else of any brand.

        Users, seats and sessions, and how much was refused of what providers push to it.

        Raises `Trouble` as `begin` does.
        """
        with self._open(_FOR_ACCESS) as tx:
            yield tx

    @contextmanager
    def watch(self) -> Iterator[Connection]:
        """A transaction that sees, across brands, when something is due and nothing about whom."""
        with self._open(_WATCHING) as tx:
            yield tx

    def _bound(self, brand: BrandRef) -> dict[str, object]:
        return {BOUND: Bound(self.vault, brand.id)}

    @contextmanager
    def _open(
        self, first: TextClause, values: Mapping[str, object] | None = None, **how: object
    ) -> Iterator[Connection]:
        try:
            tx = _begun(self.engine.execution_options(**how), first, values)
            with tx, tx.get_transaction() or tx.begin():
                yield tx
        except (OperationalError, InterfaceError) as error:
            raise Trouble(f"the database did not carry it out: {error.orig}") from error
        except NoneFree as error:
            raise Trouble("every connection to the database is busy") from error

    def close(self) -> None:
        self.engine.dispose()


def _named(brand: BrandRef) -> dict[str, object]:
    return {"id": str(brand.id), "key": brand.key}


def _begun(engine: Engine, first: TextClause, values: Mapping[str, object] | None) -> Connection:
    """A transaction that began with this statement, which may be carried out twice.

    A pool holds connections that the server may have left meanwhile. The first statement finds out,
    and then every connection made before is given up, so that the next one is new. To ask before
    each transaction whether its connection still lives would be one answer more to wait for.
    """
    try:
        return _with_first(engine, first, values)
    except (OperationalError, InterfaceError) as error:
        if not error.connection_invalidated:
            raise
    return _with_first(engine, first, values)


def _with_first(
    engine: Engine, first: TextClause, values: Mapping[str, object] | None
) -> Connection:
    tx = engine.connect()
    try:
        tx.execute(first, values)
    except BaseException:
        tx.close()
        raise
    return tx


def _adapted(connection: Any, _record: object) -> None:  # psycopg's, which SQLAlchemy does not type
    arrays.adapt(connection)
