"""How much of what providers push was refused, and why last?

Of a refused push its count and its reason are kept, and nothing else of it: by provider, for the
installation's accounts and apart for those that a brand has of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from outreach.db.engine import BrandRef, Database

_LONGEST = 200  # signs of a reason
_COUNT = """
    insert into outreach.{table} ({brand}provider, refused, last_at, last_refusal)
    values ({of}:provider, 1, :now, :why)
    on conflict ({brand}provider) do update set refused = {table}.refused + 1,
        last_at = excluded.last_at, last_refusal = excluded.last_refusal
"""
_OWN = text(_COUNT.format(table="push_refusals", brand="brand_id, ", of=":brand, "))
_SHARED = text(_COUNT.format(table="shared_refusals", brand="", of=""))
_OF_BRAND = text("select provider, refused, last_at, last_refusal from outreach.push_refusals")
_OF_ALL = text("select provider, refused, last_at, last_refusal from outreach.shared_refusals")


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many pushes of a provider were refused, when the last, and why."""

    provider: str
    refused: int
    last_at: datetime
    last_refusal: str


def count(
    database: Database, provider: str, why: str, *, brand: BrandRef | None, now: datetime
) -> None:
    """Count a push that was refused; of a brand's own account for that brand."""
    values = {"provider": provider, "why": why[:_LONGEST], "now": now}
    if brand is None:
        with database.access() as tx:
            tx.execute(_SHARED, values)
    else:
        with database.begin(brand) as tx:
            tx.execute(_OWN, values | {"brand": brand.id})


def of(database: Database, brand: BrandRef | None = None) -> Mapping[str, Refusals]:
    """What was refused, by provider: of the brand's own accounts, or else of the installation's."""
    with database.access() if brand is None else database.begin(brand) as tx:
        rows = tx.execute(_OF_ALL if brand is None else _OF_BRAND)
        return {row.provider: Refusals(*row) for row in rows}
