"""Where are brands kept, and under which number?"""

from datetime import datetime

from sqlalchemy import Connection, Row, text

from outreach.brands.model import Brand, BrandDocument, Profile
from outreach.db.engine import BrandRef, Database
from outreach.errors import NotFound

_DIRECTORY = text("select id, key from outreach.brands order by key")
# The cluster and its timeline: another one after a promotion, and wherever a copy was restored.
HERE = """(select system_identifier::text from pg_control_system())
    || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)"""
_GET = text(f"""
    select id, key, name, locale, zone, stopped, profile, lineage = {HERE} as at_home
    from outreach.brands
""")
# Not `for update`: what refers to the brand may be written meanwhile.
_LINEAGE = text("select lineage from outreach.brands for no key update")
_SETTLE_HERE = text(f"""
    update outreach.brands set lineage = {HERE} where lineage <> {HERE} returning id
""")
_ELSEWHERE = text(f"select lineage not in ('', {HERE}) from outreach.brands")
_NEXT = text("select nextval(pg_get_serial_sequence('outreach.brands', 'id'))")
_ENTER = text("select set_config('outreach.brand', :id, true)")
_PUT = text("""
    insert into outreach.brands (id, key, name, locale, zone, profile, weight, group_key)
    values (:id, :key, :name, :locale, :zone, cast(:profile as jsonb), :weight, :group)
    on conflict (id) do update set
        name = excluded.name, locale = excluded.locale, zone = excluded.zone,
        profile = excluded.profile, weight = excluded.weight, group_key = excluded.group_key
""")
# Whoever changes its group takes along whom it contacted and for whom it holds its tongue.
_GROUP = text("select group_key from outreach.brands")
_LEAVE = text("delete from outreach.contacts where brand_id = :id")
_JOIN = text("""
    insert into outreach.contacts
        (brand_id, touch_id, fence, group_key, address_hash, channel, purpose, at)
    select brand_id, touch_id, fence, :group, address_hash, channel, purpose, started_at
    from outreach.attempts
    where outcome is distinct from 'refused' and started_at > now() - interval '400 days'
""")
_KEPT = text("select lineage, kept_since from outreach.brands")
_RESUME = text("""
    update outreach.brands set stopped = true, lineage = :lineage, kept_since = :kept_since
""")
_HOLDOUT = text("select cast(profile ->> 'holdout' as float) from outreach.brands")
_STOP = text("update outreach.brands set stopped = :stopped")
_SPARE = text("update outreach.holds set group_key = :group where brand_id = :id")


def directory(database: Database) -> dict[str, BrandRef]:
    """Every brand by key; seen by the watch role, which sees keys and numbers only."""
    with database.watch() as tx:
        return {row.key: BrandRef(row.id, row.key) for row in tx.execute(_DIRECTORY)}


def holdout(tx: Connection) -> float:
    """The share of people whom no campaign of the brand asks anything."""
    share: float | None = tx.execute(_HOLDOUT).scalar_one()
    return share or 0.0


def put(database: Database, document: BrandDocument) -> BrandRef:
    """Create the brand, or replace its profile."""
    known = directory(database).get(document.key)
    with database.begin(known or BrandRef(0, document.key)) as tx:
        ref = known or BrandRef(int(tx.execute(_NEXT).scalar_one()), document.key)
        tx.execute(_ENTER, {"id": str(ref.id)})
        former = tx.execute(_GROUP).scalar_one_or_none()
        add(tx, ref, document)
        if known is None:
            database.vault.add(tx, ref.id)
        if former not in {None, group_of(document.key, document.profile)}:
            _change_group(tx, ref, document.profile)
    return ref


def numbered(database: Database, key: str) -> BrandRef:
    """A number for a brand that is to be added; one that stays unused is never given again."""
    with database.begin(BrandRef(0, key)) as tx:
        return BrandRef(int(tx.execute(_NEXT).scalar_one()), key)


def add(tx: Connection, ref: BrandRef, document: BrandDocument) -> None:
    """The row of the brand, new or with another profile; it has no data key by that."""
    profile, group = document.profile, group_of(document.key, document.profile)
    values = document.model_dump(include={"key", "name", "locale", "zone"}) | {"group": group}
    values |= {"id": ref.id, "profile": profile.model_dump_json(), "weight": profile.weight}
    tx.execute(_PUT, values)


def kept(tx: Connection) -> tuple[str, datetime | None]:
    """Where the brand's ledger stands, and since when all of it is kept."""
    row = tx.execute(_KEPT).one()
    return row.lineage, row.kept_since


def resume(tx: Connection, *, lineage: str, kept_since: datetime | None) -> None:
    """Have a ledger that was written elsewhere go on here; stopped, until somebody lets it."""
    tx.execute(_RESUME, {"lineage": lineage, "kept_since": kept_since})


def group_of(key: str, profile: Profile) -> str:
    """Under which name a brand shares what concerns an address; alone, one that no group has."""
    return profile.group or f"={key}"


def _change_group(tx: Connection, ref: BrandRef, profile: Profile) -> None:
    values = {"id": ref.id, "group": group_of(ref.key, profile)}
    tx.execute(_LEAVE, values)
    tx.execute(_SPARE, values)
    if profile.group:
        tx.execute(_JOIN, values)


def get(tx: Connection) -> Brand:
    """The brand that the transaction is for."""
    if (row := tx.execute(_GET).one_or_none()) is None:
        raise NotFound("there is no such brand")
    return _brand(row)


def stands_elsewhere(tx: Connection) -> bool:
    """Whether the brand's ledger was last written before a promotion, or where it was copied from.

    What is marked there may have been called since; nobody may take it back.
    """
    said: bool = tx.execute(_ELSEWHERE).scalar_one()
    return said


def settle_here(tx: Connection) -> bool:
    """Write down where the brand's ledger stands; whether it stood somewhere else before.

    Whoever comes second waits for the first, and finds it done.
    """
    former: str = tx.execute(_LINEAGE).scalar_one()
    return bool(tx.execute(_SETTLE_HERE).all()) and former != ""


def stop(tx: Connection, *, stopped: bool) -> None:
    """Stop everything that this brand has under way, or let it go on; marks wait for neither."""
    tx.execute(_STOP, {"stopped": stopped})


def _brand(row: Row[tuple[object, ...]]) -> Brand:
    profile = Profile.model_validate(row.profile)
    ref = BrandRef(row.id, row.key)
    return Brand(ref, row.name, row.locale, row.zone, row.stopped, profile, at_home=row.at_home)
