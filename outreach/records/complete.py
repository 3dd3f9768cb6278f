"""Is everything that was ordered there, and since when?

Pure. By what is known of the order now: a shop that does not say how many parcels there will be is
believed to have sent all that we know of. Of an order that only carriers have named nobody knows
what was ordered, so it is never complete.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

_CALLED_OFF = frozenset({"cancelled", "refunded"})
_LINE_OVER = frozenset({"cancelled", "returned", "refunded"})


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of an order. It is over when it arrived or went back."""

    key: str
    delivered_at: datetime | None = None
    returned_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing of it is on its way any more."""
        return self.delivered_at is not None or self.returned_at is not None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order, and the parcel in which it comes where the shop says so."""

    parcel: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order with everything that belongs to it."""

    key: str
    person_id: UUID | None = None
    state: str | None = None
    expected: int | None = None
    confirmed_at: datetime | None = None
    completed_at: datetime | None = None
    parcels: Sequence[Parcel] = ()
    lines: Sequence[Line] = ()


def completed_at(order: Order) -> datetime | None:
    """When the last parcel that came was delivered; `None` as long as something is to come.

    An order called off never becomes complete. The buyer's own word that everything came
    (确认收货) completes one whose parcels say less.
    """
    if order.state in _CALLED_OFF:
        return None
    known = order.state is not None or order.expected is not None
    arrived = [p.delivered_at for p in order.parcels if p.delivered_at and not p.returned_at]
    if (
        known
        and arrived
        and all(parcel.over for parcel in order.parcels)
        and not _outstanding(order)
    ):
        return max(arrived)
    return order.confirmed_at


def _outstanding(order: Order) -> bool:
    """Whether a parcel is to come of which we have not heard.

    Where lines name their parcels, those of the lines that still stand decide; else the number that
    the shop has announced.
    """
    known = {parcel.key for parcel in order.parcels}
    named = {line.parcel for line in order.lines if line.parcel and line.state not in _LINE_OVER}
    if named:
        return not named <= known
    return order.expected is not None and len(known) < order.expected
