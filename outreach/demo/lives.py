"""What happens to one person of the demo?

Everything is computed from the person. Some facts are told twice, by the shop and by the carrier,
some in the wrong order, some too early. What happened before the demo begins is told on its first
days, as a shop does that connects its history: nothing that has become useless is sent for it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from outreach.demo.moments import APART, START, Moment, happens, share, told
from outreach.demo.world import EARLIER, LONG_AGO, Inhabitant

_A_WHILE, _A_DAY = timedelta(hours=1), timedelta(days=1)
_PRODUCTS = {
    "zh-CN": ("空气炸锅", "扫地机器人", "净水器"),
    "en": ("air fryer", "robot vacuum", "kettle"),
}


def comes_late(person: Inhabitant) -> bool:
    """Whether a person's parcel is reported before anybody has told us of the person."""
    return person.life not in {EARLIER, LONG_AGO} and happens("late", person, often=0.03)


def life(person: Inhabitant) -> Iterator[Moment]:
    """Every moment of this person's."""
    if person.life == LONG_AGO:
        yield _history(person, START - 200 * _A_DAY, told_at=START)
    elif person.life == EARLIER:
        # A day later, when nothing but the survey is still of use.
        yield _history(person, START - 10 * _A_DAY, told_at=START + _A_DAY)
        yield from _opinion(person)
    else:
        at = START + _hours(share("when", person), of=2 * 24)
        yield from _delivery(person, at)
        yield from _troubles(person, at, f"O-{person.ref}")
        yield from _dates(person, at)
        yield from _second_order(person)


def _history(person: Inhabitant, at: datetime, *, told_at: datetime) -> Moment:
    delivered = {
        "parcel": f"P-{person.ref}", "order": f"O-{person.ref}", "product": _product(person),
    }  # fmt: skip
    return told(person, told_at + _A_WHILE, "parcel.delivered", delivered, happened=at)


def _opinion(person: Inhabitant) -> Iterator[Moment]:
    """Of those who are asked on the fifth day, some have had enough two days later."""
    if happens("no more", person, often=0.15):
        yield Moment(START + 7 * _A_DAY + APART, person.brand, withdrawals=(person.ref,))


def _delivery(person: Inhabitant, at: datetime) -> Iterator[Moment]:
    delivered = {
        "parcel": f"P-{person.ref}", "order": f"O-{person.ref}", "product": _product(person),
        "quality": "person", "tier": "vip" if person.vip else "standard",
    }  # fmt: skip
    yield told(person, at, "parcel.delivered", delivered)
    if happens("twice", person, often=0.3):
        again = at + _A_WHILE
        yield told(person, again, "parcel.delivered", delivered, source="carrier", happened=at)
    if comes_late(person):
        yield Moment(at + _A_DAY + APART, person.brand, arrivals=(person.fields,))


def _troubles(person: Inhabitant, at: datetime, order: str) -> Iterator[Moment]:
    """Refunds, cases and people who have had enough."""
    if happens("refund", person, often=0.07):
        when = at + _A_DAY + _A_WHILE + APART
        yield told(person, when, "order.refunded", {"order": order})
    if happens("case", person, often=0.1):
        closes = happens("case", person, often=0.06)
        yield from _case(person, at + _A_DAY + APART, closes=closes)
    if happens("no more", person, often=0.06):
        enough = at + _A_DAY + 2 * _A_WHILE + APART
        yield Moment(enough, person.brand, withdrawals=(person.ref,))


def _case(person: Inhabitant, opened: datetime, *, closes: bool) -> Iterator[Moment]:
    """A complaint; where it is closed, every other one is reported closed before it is opened."""
    case, closed = f"C-{person.ref}", opened + 2 * _A_DAY
    first = {"case": case, "opened_at": opened.isoformat()}
    last = {"case": case, "closed_at": closed.isoformat(), "title": _product(person)}
    late = closes and happens("order", person, often=0.5)
    told_at = closed + _A_WHILE if late else opened
    yield told(person, told_at, "case.opened", first, source="helpdesk", happened=opened)
    if closes:
        yield told(person, closed, "case.closed", last, source="helpdesk")


def _dates(person: Inhabitant, at: datetime) -> Iterator[Moment]:
    """Contracts and warranties that end in some weeks; some contracts are renewed in between."""
    if happens("renews", person, often=0.15):
        ends = "2027-01-20" if happens("ends", person, often=0.5) else "2026-12-26"
        contract = {"contract": f"K-{person.ref}", "term": "2027", "plan": _product(person)}
        due = at + _A_DAY + APART
        known = contract | {"ends_on": ends}
        yield told(person, due, "contract.renewal_due", known, source="billing")
        if happens("renewed", person, often=0.3):
            when = START + 9 * _A_DAY + APART
            yield told(person, when, "contract.renewed", contract, source="billing")
    if happens("registers", person, often=0.12):
        owned = {
            "product": _product(person), "serial": f"S-{person.ref}",
            "warranty_ends_on": "2027-01-19",
        }  # fmt: skip
        yield told(person, at + 2 * _A_DAY + APART, "product.registered", owned)


def _second_order(person: Inhabitant) -> Iterator[Moment]:
    """A basket left lying and perhaps ordered after all, a parcel that is late, a membership."""
    day = START + 7 * _A_DAY + _hours(share("cart", person), of=2 * 24)
    if happens("leaves a basket", person, often=0.12):
        cart = {"cart": f"B-{person.ref}", "items": _product(person)}
        for at in (day, day + APART):  # the second time begins the waiting anew
            known = cart | {"updated_at": at.isoformat()}
            yield told(person, at, "cart.updated", known)
        if happens("orders after all", person, often=0.4):
            paid = day + _A_WHILE + APART
            yield told(person, paid, "order.paid", {"order": f"O2-{person.ref}"})
    if happens("parcel trouble", person, often=0.05):
        late = {"parcel": f"P2-{person.ref}", "status": "delayed", "product": _product(person)}
        yield told(person, day + APART, "parcel.exception", late, source="carrier")
    if happens("joins", person, often=0.06):
        yield told(person, day + APART, "membership.joined", {"member": person.ref})


def _hours(part: float, *, of: int) -> timedelta:
    """Every fourth hour, so that a day of the demo has few instants to step through."""
    return int(part * of / 4) * timedelta(hours=4)


def _product(person: Inhabitant) -> str:
    names = _PRODUCTS[str(person.fields["locale"])]
    return names[int(share("product", person) * len(names))]
