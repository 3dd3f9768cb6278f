"""What did each message cost?

In minor units of its currency, with fractions of them, since a text costs less than a cent; and how
many parts its provider counted. What is told later, with a receipt, stands for what the answer to
the call said.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from outreach.channels.charges import Charge
from outreach.events.currencies import scaled

_COSTS = """
    insert into outreach.costs (brand_id, touch_id, parts, minor, currency, at)
    select t.brand_id, t.id, given.parts, given.minor, given.currency, :now
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, parts smallint, minor numeric, currency text)
    join outreach.touches t on t.id = given.id
    order by t.id
    on conflict (brand_id, touch_id) do update
"""
_STANDS = text(f"""
    {_COSTS}
    set parts = coalesce(excluded.parts, costs.parts),
        minor = coalesce(excluded.minor, costs.minor),
        currency = coalesce(excluded.currency, costs.currency), at = excluded.at
""")
_FILLS = text(f"""
    {_COSTS}
    set parts = coalesce(costs.parts, excluded.parts),
        minor = coalesce(costs.minor, excluded.minor),
        currency = coalesce(costs.currency, excluded.currency)
""")


def write(tx: Connection, charged: Sequence[tuple[UUID, Charge]], *, now: datetime) -> None:
    """Keep what receipts say that these touches cost. Of several of one touch the last counts."""
    _keep(tx, _STANDS, charged, now)


def fill(tx: Connection, charged: Sequence[tuple[UUID, Charge]], *, now: datetime) -> None:
    """Keep what answers to calls say; a receipt may have come before the answer is written down."""
    _keep(tx, _FILLS, charged, now)


def _keep(
    tx: Connection, how: TextClause, charged: Sequence[tuple[UUID, Charge]], now: datetime
) -> None:
    rows = [_row(touch, charge) for touch, charge in dict(charged).items()]
    if rows:
        tx.execute(how, {"rows": json.dumps(rows), "now": now})


def _row(touch: UUID, charge: Charge) -> dict[str, object]:
    amount = charge.amount
    return {
        "id": str(touch), "parts": charge.parts,
        "minor": None if amount is None else str(scaled(amount, charge.currency)),
        "currency": None if amount is None else charge.currency,
    }  # fmt: skip
