"""What happens in the demo's days, and when? The driver carries it out."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from outreach.demo.lives import life
from outreach.demo.moments import END, START, Moment, Raw, event, in_order
from outreach.demo.world import A_BRAND_OF_CHINA, Inhabitant

# In no minute in which anything else happens, or is due.
_CLICK, _CALLS, _ANSWERS = timedelta(minutes=19), timedelta(minutes=23), timedelta(minutes=31)


def timeline(people: Sequence[Inhabitant]) -> list[Moment]:
    """Every moment, in order; one per brand and instant."""
    lives = [moment for person in people for moment in life(person)]
    return in_order(
        [*lives, *(m for brand in sorted({p.brand for p in people}) for m in _days(brand))]
    )


def _days(brand: str) -> Iterator[Moment]:
    """What happens to a brand each day: agents call, people answer what they were asked.

    On one day a file of nonsense arrives, and someone clicks.
    """
    morning = timedelta(hours=2 if brand == A_BRAND_OF_CHINA else 15)  # 10:00 there
    for day in range(1, (END - START).days):
        at = START + timedelta(days=day) + morning
        yield Moment(at + _CALLS, brand, calls=True)
        yield Moment(at + _ANSWERS, brand, answers=True)
    yield Moment(START + timedelta(days=2), brand, events=_nonsense(brand))
    noon = START + timedelta(days=2, hours=12) + _CLICK
    yield Moment(noon, brand, click=True)


def _nonsense(brand: str) -> tuple[Raw, ...]:
    """Events that must be refused, each for a reason of its own."""
    good = event(f"{brand}-nobody", START, "parcel.delivered", {"parcel": "P-0"}, source="shop")
    return (
        good | {"time": (START + timedelta(days=90)).isoformat()},
        good | {"time": (START - timedelta(days=900)).isoformat()},
        good | {"type": "parcel.teleported"},
        good | {"data": {"order": "O-0"}},
        good | {"subject": ""},
        good | {"data": "not an object"},
    )
