"""Which events may be told of a few trades, by anybody, in any order?"""

from hypothesis import strategies as st

from outreach.db.engine import BrandRef
from outreach.events.model import Event
from tests.records import building as r

_KINDS = st.sampled_from(
    [
        "order.placed", "order.paid", "order.cancelled", "order.refunded", "order.confirmed",
        "order.line.added", "order.line.cancelled", "parcel.shipped", "parcel.in_transit",
        "parcel.delivered", "parcel.returned", "contract.started", "contract.renewed",
        "contract.cancelled", "case.opened", "case.waiting", "case.closed", "case.reopened",
        "product.registered", "product.updated", "person.deceased", "person.alive",
        "inquiry.made",
    ]
)  # fmt: skip
_FEW = st.sampled_from(["1", "2"])
_DATA = st.fixed_dictionaries(
    {
        "parcel": _FEW, "case": _FEW, "product": _FEW, "line": _FEW, "serial": _FEW,
        "notice": _FEW, "version": _FEW, "status": _FEW, "term": _FEW, "opened_at": _FEW,
        "closed_at": _FEW, "waiting_at": _FEW, "reopened_at": _FEW, "inquiry": _FEW,
    },
    optional={
        "parcels": st.integers(1, 3), "quality": st.sampled_from(["locker", "person"]),
        "total": st.sampled_from(["19.90", "5"]), "currency": st.sampled_from(["CNY", "JPY"]),
        "severity": _FEW, "refund": _FEW, "partial": st.booleans(),
        "lines": st.just([{"line": "1", "product": "Lamp", "parcel": "1"}]),
    },
)  # fmt: skip
TOLD = st.lists(
    st.tuples(_KINDS, _DATA, _FEW, st.integers(0, 5), st.booleans()), min_size=1, max_size=12
)
Told = list[tuple[str, dict[str, str], str, int, bool]]


def events_of(brand: BrandRef, told: Told) -> list[Event]:
    """Each fact told in one way, since the first telling stands; a trade is one person's."""
    events = [
        r.an_event(
            kind, r.hours_ago(hours), subject=f"c-{trade}" if named else None, brand=brand,
            **data | {"order": trade, "contract": trade, "parcel": f"{trade}-{data['parcel']}"},
        )
        for kind, data, trade, hours, named in told
    ]  # fmt: skip
    return list({event.id: event for event in events}.values())
