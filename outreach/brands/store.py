"""Where are brands kept, and under which number?"""

from sqlalchemy import Connection, Row, text

from outreach.brands.model import Brand, BrandDocument, Profile
from outreach.db.engine import BrandRef, Database
from outreach.errors import NotFound

_DIRECTORY = text("select id, key from outreach.brands order by key")
_GET = text("select id, key, name, locale, zone, stopped, profile from outreach.brands")
_NEXT = text("select nextval(pg_get_serial_sequence('outreach.brands', 'id'))")
_ENTER = text("select set_config('outreach.brand', :id, true)")
_PUT = text("""
    insert into outreach.brands (id, key, name, locale, zone, profile)
    values (:id, :key, :name, :locale, :zone, cast(:profile as jsonb))
    on conflict (id) do update set
        name = excluded.name, locale = excluded.locale,
        zone = excluded.zone, profile = excluded.profile
""")
_STOP = text("update outreach.brands set stopped = :stopped")


def directory(database: Database) -> dict[str, BrandRef]:
    """Every brand by key; seen by the watch role, which sees keys and numbers only."""
    with database.watch() as tx:
        return {row.key: BrandRef(row.id, row.key) for row in tx.execute(_DIRECTORY)}


def put(database: Database, document: BrandDocument) -> BrandRef:
    """Create the brand, or replace its profile."""
    known = directory(database).get(document.key)
    with database.begin(known or BrandRef(0, document.key)) as tx:
        ref = known or BrandRef(int(tx.execute(_NEXT).scalar_one()), document.key)
        tx.execute(_ENTER, {"id": str(ref.id)})
        values = document.model_dump(include={"key", "name", "locale", "zone"})
        tx.execute(_PUT, values | {"id": ref.id, "profile": document.profile.model_dump_json()})
    return ref


def get(tx: Connection) -> Brand:
    """The brand that the transaction is for."""
    if (row := tx.execute(_GET).one_or_none()) is None:
        raise NotFound("there is no such brand")
    return _brand(row)


def stop(tx: Connection, *, stopped: bool) -> None:
    """Stop everything that this brand has under way, or let it go on; marks wait for neither."""
    tx.execute(_STOP, {"stopped": stopped})


def _brand(row: Row[tuple[object, ...]]) -> Brand:
    profile = Profile.model_validate(row.profile)
    return Brand(BrandRef(row.id, row.key), row.name, row.locale, row.zone, row.stopped, profile)
