"""Which occasions are to be planned, and how far has the planning of each come?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.campaigns.agenda import Occasion
from outreach.db.engine import BrandRef

# Locked until the transaction ends, so that of many planners one asks; a paused campaign waits.
_TO_ASK = text("""
    select id from outreach.campaigns
    where state = 'live' and plan_at <= :now order by id for no key update skip locked
""")
_ASKED = text("update outreach.campaigns set plan_at = :next where id = :id")
_OPEN = text("""
    insert into outreach.plannings (brand_id, campaign_id, occasion, day, opens_at)
    values (:brand, :campaign, :occasion, :day, :opens_at)
    on conflict (brand_id, campaign_id, occasion) do nothing
""")
# The campaign is shared as planning events shares it: whoever ends or pauses it sees all or none.
_TAKE = text("""
    select p.campaign_id, p.occasion, p.day, p.opens_at, p.after
    from outreach.plannings p
    join outreach.campaigns c on c.brand_id = p.brand_id and c.id = p.campaign_id
    where p.done_at is null and p.opens_at <= :now and c.state = 'live'
    order by p.opens_at, p.campaign_id limit 1
    for update of p skip locked for share of c
""")
_WENT_ON = text("""
    update outreach.plannings
    set after = :after, candidates = candidates + :candidates, done_at = :done_at
    where campaign_id = :campaign and occasion = :occasion
""")

A_DAY = timedelta(days=1)
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Planning:
    """One occasion of one version, planned for the persons up to `after`."""

    campaign_id: UUID
    occasion: Occasion
    after: UUID


def to_ask(tx: Connection, *, now: datetime) -> list[UUID]:
    """The versions whose coming occasions are to be worked out."""
    return [row.id for row in tx.execute(_TO_ASK, {"now": now})]


def open_for(
    tx: Connection,
    brand: BrandRef,
    campaign: UUID,
    occasions: Sequence[Occasion],
    *,
    next_look: datetime | None,
) -> None:
    """Put these occasions on the list, where they are not yet, and say when to ask again."""
    rows = [
        {
            "brand": brand.id, "campaign": campaign, "occasion": one.name, "day": one.day,
            "opens_at": one.opens_at,
        }
        for one in occasions
    ]  # fmt: skip
    if rows:
        tx.execute(_OPEN, rows)
    tx.execute(_ASKED, {"id": campaign, "next": next_look})


def take(tx: Connection, *, now: datetime) -> Planning | None:
    """The first occasion that nobody else is planning right now, kept until the end."""
    row = tx.execute(_TAKE, {"now": now}).one_or_none()
    if row is None:
        return None
    return Planning(
        row.campaign_id, Occasion(row.occasion, row.day, row.opens_at), row.after or _FIRST
    )


def went_on(
    tx: Connection, planning: Planning, *, after: UUID, candidates: int, done_at: datetime | None
) -> None:
    """Write down how far it has come; with `done_at` it is over."""
    values = {
        "campaign": planning.campaign_id, "occasion": planning.occasion.name, "after": after,
        "candidates": candidates, "done_at": done_at,
    }  # fmt: skip
    tx.execute(_WENT_ON, values)
