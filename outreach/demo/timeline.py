"""What happens in the demo's days, and when?

Everything is computed from the people; the driver carries it out. Some facts are told twice, by the
shop and by the carrier, some in the wrong order, some too early, and some are nonsense.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from outreach import ids
from outreach.demo.world import A_BRAND_OF_CHINA, Inhabitant

START = datetime(2026, 11, 9, tzinfo=UTC)  # a Monday, two days before 双11
END = START + timedelta(days=8)
_A_WHILE = timedelta(hours=1)
# What stops a message never happens in the very minute in which one is due: else the outcome would
# hang on which process was faster.
_APART = {"arrives": timedelta(minutes=3), "refund": timedelta(minutes=7),
          "case": timedelta(minutes=11), "no more": timedelta(minutes=17),
          "click": timedelta(minutes=19), "calls": timedelta(minutes=23)}  # fmt: skip
_PRODUCTS = {
    "zh-CN": ("空气炸锅", "扫地机器人", "净水器"),
    "en": ("air fryer", "robot vacuum", "kettle"),
}

Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Moment:
    """What happens at one instant with one brand."""

    at: datetime
    brand: str
    events: tuple[Raw, ...] = ()
    arrivals: tuple[Raw, ...] = ()  # people who become known
    withdrawals: tuple[str, ...] = ()  # refs of people who say no
    calls: bool = False  # agents work off what they may call
    click: bool = False  # somebody clicks "unsubscribe" in a mail


def timeline(people: Sequence[Inhabitant]) -> list[Moment]:
    """Every moment, in order; one per brand and instant."""
    told = [moment for person in people for moment in _life(person)]
    told += [moment for brand in sorted({p.brand for p in people}) for moment in _days(brand)]
    told.sort(key=attrgetter("at", "brand"))
    return [_together(group) for _, group in groupby(told, key=attrgetter("at", "brand"))]


def _together(group: Iterable[Moment]) -> Moment:
    moments = list(group)
    return Moment(
        at=moments[0].at,
        brand=moments[0].brand,
        events=tuple(event for moment in moments for event in moment.events),
        arrivals=tuple(one for moment in moments for one in moment.arrivals),
        withdrawals=tuple(ref for moment in moments for ref in moment.withdrawals),
        calls=any(moment.calls for moment in moments),
        click=any(moment.click for moment in moments),
    )


def comes_late(person: Inhabitant) -> bool:
    """Whether a person's parcel is reported before anybody has told us of the person."""
    return _share("late", person) < 0.03  # noqa: PLR2004


def _life(person: Inhabitant) -> Iterator[Moment]:
    at = START + _hours(_share("when", person), of=3 * 24)
    parcel, order = f"P-{person.ref}", f"O-{person.ref}"
    product = _product(person)
    delivered = {
        "parcel": parcel, "order": order, "product": product, "quality": "person",
        "tier": "vip" if person.vip else "standard",
    }  # fmt: skip
    yield _told(person, at, "parcel.delivered", delivered, source="shop")
    if _share("twice", person) < 0.3:  # noqa: PLR2004
        later = at + _A_WHILE
        yield _told(person, later, "parcel.delivered", delivered, source="carrier", happened=at)
    if comes_late(person):
        late = at + timedelta(days=1) + _APART["arrives"]
        yield Moment(late, person.brand, arrivals=(person.fields,))
    yield from _troubles(person, at, order)
    if _share("renews", person) < 0.15:  # noqa: PLR2004
        contract = {
            "contract": f"K-{person.ref}",
            "term": "2027",
            "plan": product,
            "ends_on": "2026-12-09",
        }
        yield _told(
            person, at + timedelta(days=1), "contract.renewal_due", contract, source="billing"
        )


def _troubles(person: Inhabitant, at: datetime, order: str) -> Iterator[Moment]:
    """Refunds, cases and people who have had enough."""
    if _share("refund", person) < 0.07:  # noqa: PLR2004
        when = at + timedelta(days=1, hours=1) + _APART["refund"]
        yield _told(person, when, "order.refunded", {"order": order}, source="shop")
    if (luck := _share("case", person)) < 0.1:  # noqa: PLR2004
        opened = at + timedelta(days=1) + _APART["case"]
        yield from _case(person, opened, closes=luck < 0.06)  # noqa: PLR2004
    if _share("no more", person) < 0.06:  # noqa: PLR2004
        enough = at + timedelta(days=1, hours=2) + _APART["no more"]
        yield Moment(enough, person.brand, withdrawals=(person.ref,))


def _case(person: Inhabitant, opened: datetime, *, closes: bool) -> Iterator[Moment]:
    """A complaint; where it is closed, every other one is reported closed before it is opened."""
    case, closed = f"C-{person.ref}", opened + timedelta(days=2)
    first = {"case": case, "opened_at": opened.isoformat()}
    last = {"case": case, "closed_at": closed.isoformat(), "title": _product(person)}
    late = closes and _share("order", person) < 0.5  # noqa: PLR2004
    told_at = closed + _A_WHILE if late else opened
    yield _told(person, told_at, "case.opened", first, source="helpdesk", happened=opened)
    if closes:
        yield _told(person, closed, "case.closed", last, source="helpdesk")


def _days(brand: str) -> Iterator[Moment]:
    """What happens to a brand each day: agents call, a file of nonsense arrives, someone clicks."""
    morning = timedelta(hours=2 if brand == A_BRAND_OF_CHINA else 15)  # 10:00 there
    for day in range(1, 7):
        for hours in (0, 5):
            at = START + timedelta(days=day, hours=hours) + morning + _APART["calls"]
            yield Moment(at, brand, calls=True)
    yield Moment(START + timedelta(days=2), brand, events=_nonsense(brand))
    noon = START + timedelta(days=2, hours=12) + _APART["click"]
    yield Moment(noon, brand, click=True)


def _nonsense(brand: str) -> tuple[Raw, ...]:
    """Events that must be refused, each for a reason of its own."""
    good = _event(f"{brand}-nobody", START, "parcel.delivered", {"parcel": "P-0"}, source="shop")
    return (
        good | {"time": (START + timedelta(days=90)).isoformat()},
        good | {"time": (START - timedelta(days=900)).isoformat()},
        good | {"type": "parcel.teleported"},
        good | {"data": {"order": "O-0"}},
        good | {"subject": ""},
        good | {"data": "not an object"},
    )


def _told(
    person: Inhabitant,
    at: datetime,
    kind: str,
    data: Mapping[str, object],
    *,
    source: str,
    happened: datetime | None = None,
) -> Moment:
    event = _event(person.ref, happened or at, kind, data, source=source)
    return Moment(at, person.brand, events=(event,))


def _event(
    subject: str, at: datetime, kind: str, data: Mapping[str, object], *, source: str
) -> dict[str, object]:
    return {
        "specversion": "1.0", "id": f"{source}-{kind}-{subject}", "source": source, "type": kind,
        "subject": subject, "time": at.isoformat(), "data": dict(data),
    }  # fmt: skip


def _share(what: str, person: Inhabitant) -> float:
    return ids.share("demo", what, person.ref)


def _hours(share: float, *, of: int) -> timedelta:
    """Whole hours, so that a day of the demo has few instants to step through."""
    return int(share * of) * timedelta(hours=1)


def _product(person: Inhabitant) -> str:
    names = _PRODUCTS[str(person.fields["locale"])]
    return names[int(_share("product", person) * len(names))]
