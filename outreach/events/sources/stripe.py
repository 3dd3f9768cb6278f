"""What does Stripe report of subscriptions, payments and disputes?

Source: docs.stripe.com, "Verify webhook signatures manually", "Event types" and the changelog of
API 2025-03-31, which moved an invoice's subscription into `parent` and a subscription's period to
its items. A term is named by the first day of its period, so that an upcoming invoice, which has no
id, and the paid one speak of the same term.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, tzinfo

from outreach.events.sources.fields import (
    Fields,
    counted_money,
    decoded,
    dig,
    first_instant,
    instant,
    known,
    needed,
    rows,
    word,
)
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.signatures import stamped

# `Stripe-Signature: t=…,v1=…`
verify = stamped("stripe-signature")


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The facts of one event; other types of event report none."""
    del headers
    event = decoded(body)
    made, thing = _READ.get(word(event, "type") or ""), dig(event, "data", "object")
    if made is None or not isinstance(thing, dict):
        return ()
    at = first_instant(zone, dig(event, "created"))
    test = dig(event, "livemode") is not True
    customer = (
        _named(thing) if word(thing, "object") == "customer" else _named(dig(thing, "customer"))
    )
    return tuple(RawEvent(kind, at, data, customer, test=test) for kind, data in made(thing, event))


_Told = Iterator[tuple[str, dict[str, object]]]


def _upcoming(invoice: Fields, _: object) -> _Told:
    if (contract := _subscription_of(invoice)) is not None:
        yield "contract.renewal_due", _term(invoice, contract, "amount_due")


def _paid(invoice: Fields, _: object) -> _Told:
    contract, why = _subscription_of(invoice), word(invoice, "billing_reason")
    if contract is not None and why == "subscription_cycle":
        yield "contract.renewed", _term(invoice, contract, "amount_paid")


def _term(invoice: Fields, contract: str, amount: str) -> dict[str, object]:
    starts = [instant(dig(line, "period", "start"), UTC) for line in rows(invoice, "lines", "data")]
    begins = max((at for at in starts if at), default=None)
    begins = begins or first_instant(UTC, dig(invoice, "period_end"), dig(invoice, "created"))
    money = counted_money(dig(invoice, amount), dig(invoice, "currency"))
    due = instant(dig(invoice, "next_payment_attempt"), UTC)
    due_at = due.isoformat() if due else None
    return known(contract=contract, term=begins.date().isoformat(), due_at=due_at, **money)


def _subscription_of(invoice: Fields) -> str | None:
    """Where the newer API keeps it, then where the older one did."""
    parent = ("parent", "subscription_details", "subscription")
    return _named(dig(invoice, *parent)) or _named(dig(invoice, "subscription"))


def _named(value: object) -> str | None:
    """An id, or the thing itself where the sender expands it."""
    return word(value) or word(value, "id")


def _subscribed(subscription: Fields, _: object) -> _Told:
    yield "contract.started", _contract(subscription, "start_date")


def _changed(subscription: Fields, event: object) -> _Told:
    """Cancelled to the end of the period: the contract still runs, and the person has decided."""
    before = dig(event, "data", "previous_attributes", "cancel_at_period_end")
    if dig(subscription, "cancel_at_period_end") is True and before is False:
        yield "contract.cancelled", _contract(subscription)


def _over(subscription: Fields, _: object) -> _Told:
    yield "contract.ended", _contract(subscription)


def _contract(subscription: Fields, began: str = "") -> dict[str, object]:
    items = rows(subscription, "items", "data")
    product = next((_named(dig(item, "price", "product")) for item in items), None)
    ends = dig(subscription, "current_period_end") or next(
        (dig(item, "current_period_end") for item in items), None
    )
    return known(
        contract=needed(subscription, "id"), product=product,
        started_on=_day(dig(subscription, began)) if began else None, ends_on=_day(ends),
    )  # fmt: skip


def _day(value: object) -> str | None:
    at = instant(value, UTC)
    return at.date().isoformat() if at else None


def _trial(subscription: Fields, _: object) -> _Told:
    """Three days ahead, or at once where the trial is shorter."""
    name = needed(subscription, "id")
    ends_on = _day(dig(subscription, "trial_end"))
    yield "trial.ending", known(trial=name, contract=name, ends_on=ends_on)


def _bought(session: Fields, _: object) -> _Told:
    if word(session, "payment_status") == "paid" and word(session, "mode") == "payment":
        name = word(session, "client_reference_id") or needed(session, "id")
        money = counted_money(dig(session, "amount_total"), dig(session, "currency"))
        yield (
            "order.paid",
            known(order=name, payment=_named(dig(session, "payment_intent")), **money),
        )


def _left(session: Fields, _: object) -> _Told:
    yield "cart.abandoned", {"cart": needed(session, "id")}


def _refunded(charge: Fields, _: object) -> _Told:
    """Named by the order that the shop gave along, or else by the payment."""
    name = word(charge, "metadata", "order_id") or word(charge, "metadata", "order")
    name = name or _named(dig(charge, "payment_intent")) or needed(charge, "id")
    back = counted_money(dig(charge, "amount_refunded"), dig(charge, "currency"), name="amount")
    yield "order.refunded", known(order=name, partial=dig(charge, "refunded") is not True, **back)


def _dispute(dispute: Fields, event: object) -> _Told:
    at = _moment(event)
    yield "case.opened", {"case": needed(dispute, "id"), "opened_at": at, "kind": "dispute"}


def _settled(dispute: Fields, event: object) -> _Told:
    data = {"case": needed(dispute, "id"), "closed_at": _moment(event), "kind": "dispute"}
    yield "case.closed", data | known(status=word(dispute, "status"))


def _moment(event: object) -> str:
    return first_instant(UTC, dig(event, "created")).isoformat()


def _forgotten(customer: Fields, _: object) -> _Told:
    yield "erasure.requested", {"request": f"stripe:{needed(customer, 'id')}"}


_READ: Mapping[str, Callable[[Fields, object], _Told]] = {
    "invoice.upcoming": _upcoming,
    "invoice.paid": _paid,
    "customer.subscription.created": _subscribed,
    "customer.subscription.updated": _changed,
    "customer.subscription.deleted": _over,
    "customer.subscription.trial_will_end": _trial,
    "checkout.session.completed": _bought,
    "checkout.session.expired": _left,
    "charge.refunded": _refunded,
    "charge.dispute.created": _dispute,
    "charge.dispute.closed": _settled,
    "customer.deleted": _forgotten,
}

SOURCE = Source("stripe", verify, read, sign_with="the endpoint's signing secret, `whsec_…`")
