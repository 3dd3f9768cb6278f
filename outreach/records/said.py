"""What does one event say, and of which records?

Pure. What an event does not say is left out, so that it overrides nothing that another one said.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from outreach.brands.pace import CASE_KINDS
from outreach.events.model import Event, waits_for
from outreach.records import kinds
from outreach.records.kinds import Kind
from outreach.records.quality import quality_of
from outreach.records.values import Data, count, currency, day, minor, text

_STUBS = {"order": kinds.ORDERS, "parcel": kinds.PARCELS, "contract": kinds.CONTRACTS}
_CASE_STATES = {"opened": "open"}
_CONTRACT_STATES = {"started": "running", "renewal_due": "due", "renewed": "running"}
_CONTRACT_INSTANTS = {
    "renewal_due": "due_at", "renewed": "renewed_at", "cancelled": "cancelled_at",
    "ended": "ended_at",
}  # fmt: skip
_MOVING = {"shipped", "delivered", "returned"}


class Said(NamedTuple):
    """What is said of one record."""

    kind: Kind
    key: tuple[str, ...]
    values: Mapping[str, object]


def said(event: Event) -> Iterator[Said]:
    """What this event says of each record that it speaks of."""
    noun, _, what = event.type.partition(".")
    awaited = waits_for(event)
    # What a forgotten person's events told is gone; that somebody died, their type says alone.
    if (read := _READ.get(noun)) and (event.data or noun == "person"):
        for kind, key, values in read(event, what, None if awaited else event.person_id.hex):
            known = {name: value for name, value in values.items() if value is not None}
            yield Said(kind, key, known)
    if awaited:
        name, _, key_of_it = awaited.partition(":")
        yield Said(_STUBS[name], (key_of_it,), {})


_Saying = tuple[Kind, tuple[str, ...], Mapping[str, object]]


def _order(event: Event, what: str, person: str | None) -> Iterator[_Saying]:
    if what == "complete":  # follows from the parcels, and says nothing that they have not said
        return
    order = str(event.data["order"]).strip()
    of_line = what.startswith("line.")
    whole = {} if of_line else _whole(event, what)
    yield kinds.ORDERS, (order,), _belongs(event, order, person) | whole
    if of_line:
        yield _line(event.data, order, _line_state(what))
        return
    state = "refunded" if what == "refunded" else None
    for line in _lines(event.data):
        yield _line({"currency": event.data.get("currency")} | line, order, state)


def _belongs(event: Event, order: str, person: str | None) -> dict[str, object]:
    known: dict[str, object] = {"number": text(event.data, "number") or order}
    parcels = count(event.data, "parcels")
    return known | {"person_id": person, "parcels_expected": parcels}


def _whole(event: Event, what: str) -> dict[str, object]:
    """What is said of an order as a whole. A refund of some lines leaves it as it was."""
    at = {f"{what}_at": event.occurred_at.isoformat()}
    if what == "refunded":
        in_part = bool(event.data.get("partial")) or any(True for _ in _lines(event.data))
        return at | {
            "state": None if in_part else what, "refunded_minor": minor(event.data, "amount")
        }  # fmt: skip
    state = None if what == "confirmed" else what
    money = {"currency": currency(event.data), "total_minor": minor(event.data, "total")}
    return {**at, **money, "state": state}


def _lines(data: Data) -> Iterator[dict[str, object]]:
    given = data.get("lines")
    for line in given if isinstance(given, list) else ():
        if isinstance(line, dict) and text(line, "line"):
            yield line


def _line(data: Data, order: str, state: str | None) -> _Saying:
    return kinds.LINES, (order, str(text(data, "line"))), {
        "product_key": text(data, "product"), "parcel_key": text(data, "parcel"), "state": state,
        "quantity": count(data, "quantity"), "currency": currency(data),
        "amount_minor": minor(data, "amount"),
    }  # fmt: skip


def _line_state(what: str) -> str:
    state = what.removeprefix("line.")
    return "ordered" if state == "added" else state


def _parcel(event: Event, what: str, person: str | None) -> Iterator[_Saying]:
    parcel, order = str(event.data["parcel"]).strip(), text(event.data, "order")
    at = {f"{what}_at": event.occurred_at.isoformat()} if what in _MOVING else {}
    quality = quality_of(event.data) if what == "delivered" else None
    yield kinds.PARCELS, (parcel,), at | {
        "order_key": order, "person_id": person, "carrier": text(event.data, "carrier"),
        "state": what, "quality": quality,
    }  # fmt: skip
    if order is not None:
        yield kinds.ORDERS, (order,), _belongs(event, order, person)


def _contract(event: Event, what: str, person: str | None) -> Iterator[_Saying]:
    data = event.data
    named = _CONTRACT_INSTANTS.get(what)
    at = {named: event.occurred_at.isoformat()} if named else {}
    began = event.occurred_at.date().isoformat() if what == "started" else None
    yield kinds.CONTRACTS, (str(data["contract"]).strip(),), at | {
        "person_id": person, "product_key": text(data, "product"),
        "kind": text(data, "kind"), "state": _CONTRACT_STATES.get(what, what),
        "term": text(data, "term"), "started_on": day(data, "started_on") or began,
        "ends_on": day(data, "ends_on"),
    }  # fmt: skip


def _case(event: Event, what: str, person: str | None) -> Iterator[_Saying]:
    kind = text(event.data, "kind")
    if person is None:  # a case is one person's, and whose it is comes with the order
        return
    yield kinds.CASES, (person, str(event.data["case"]).strip()), {
        "kind": (kind if kind in CASE_KINDS else "other") if kind else None,
        "state": _CASE_STATES.get(what, what), "severity": text(event.data, "severity"),
        "order_key": text(event.data, "order"), f"{what}_at": event.occurred_at.isoformat(),
    }  # fmt: skip


def _product(event: Event, what: str, person: str | None) -> Iterator[_Saying]:
    product, data = str(event.data["product"]).strip(), event.data
    yield kinds.PRODUCTS, (product,), {
        "name": text(data, "product_name"), "category": text(data, "category"),
        "version": text(data, "version"),
    }  # fmt: skip
    if what == "registered":
        at = event.occurred_at.isoformat()
        values: dict[str, object] = {"person_id": person, "registered_at": at}
        yield kinds.REGISTRATIONS, (product, str(data["serial"]).strip()), values


def _death(event: Event, what: str, person: str | None) -> Iterator[_Saying]:
    if person is not None:
        state = "mistaken" if what == "alive" else "deceased"
        yield kinds.DEATHS, (person,), {
            "state": state, "reported_at": event.occurred_at.isoformat()
        }  # fmt: skip


def _inquiry(event: Event, _what: str, person: str | None) -> Iterator[_Saying]:
    if person is not None:
        yield kinds.INQUIRIES, (person,), {
            "made_at": event.occurred_at.isoformat(), "product_key": text(event.data, "product")
        }  # fmt: skip


_READ: Mapping[str, Callable[[Event, str, str | None], Iterator[_Saying]]] = {
    "order": _order, "parcel": _parcel, "contract": _contract, "case": _case,
    "product": _product, "person": _death, "inquiry": _inquiry,
}  # fmt: skip
