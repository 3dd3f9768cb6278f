"""Which fields may a condition ask for, and of what sort is each?

What a brand's own systems report stands below `data` and may be anything; everything else is known
here with its sort, so that a misspelt name is refused when the document is read. No address is a
field: a condition may ask whether a person has one, and never which.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from outreach import private, sentences

Sort: TypeAlias = Literal["text", "number", "instant", "date", "flag", "texts", "any"]
Names: TypeAlias = Mapping[str, Sort]

# Below this name of a root stands what was reported, as it was reported.
FREE = "data"
# Below this name of the person stand days of their own, by the names that the brand gave them.
DATES = "dates"

EVENT: Names = {"type": "text", "key": "text", "occurred_at": "instant", FREE: "any"}
PERSON: Names = {
    "ref": "text", "name": "text", "locale": "text", "zone": "text", "country": "text",
    "subdivision": "text", "postcode": "text", "point_zone": "text", "tags": "texts",
    "has_email": "flag", "has_phone": "flag", "has_handle": "flag",
    "birthday": "date", DATES: "date",
}  # fmt: skip

BIRTHDAY = "person.birthday"
# It lies sealed, so that no statement can compare it; a condition on an event can.
NAME = "person.name"

# What is on record of the one thing that the event names, as `event.data.order` and so on; a
# parcel's order too. Money is in units of its currency.
RECORDS: Mapping[str, Names] = {
    "order": {
        "order": "text", "number": "text", "state": "text", "currency": "text", "total": "number",
        "refunded": "number", "parcels_expected": "number", "placed_at": "instant",
        "paid_at": "instant", "cancelled_at": "instant", "refunded_at": "instant",
        "confirmed_at": "instant", "completed_at": "instant",
    },
    "parcel": {
        "parcel": "text", "order": "text", "carrier": "text", "state": "text", "quality": "text",
        "shipped_at": "instant", "delivered_at": "instant", "returned_at": "instant",
    },
    "product": {"product": "text", "name": "text", "category": "text", "version": "text"},
    "contract": {
        "contract": "text", "product": "text", "kind": "text", "state": "text", "term": "text",
        "started_on": "date", "ends_on": "date", "due_at": "instant", "renewed_at": "instant",
        "cancelled_at": "instant", "ended_at": "instant",
    },
    "case": {
        "case": "text", "kind": "text", "state": "text", "severity": "text", "order": "text",
        "opened_at": "instant", "waiting_at": "instant", "closed_at": "instant",
        "reopened_at": "instant",
    },
}  # fmt: skip

# What a person's history is made of: for each, the fields of one thing in it. `at` is when it
# happened, by which `within` looks back.
SOURCES: Mapping[str, Names] = {
    "events": {"type": "text", "key": "text", "source": "text", "at": "instant", FREE: "any"},
    "answers": {"survey": "text", "score": "number", "at": "instant", FREE: "any"},
    "orders": {
        "order": "text", "number": "text", "state": "text", "currency": "text",
        "total_minor": "number", "at": "instant", "paid_at": "instant",
        "refunded_at": "instant", "completed_at": "instant",
    },
    "parcels": {
        "parcel": "text", "order": "text", "carrier": "text", "state": "text", "quality": "text",
        "at": "instant", "delivered_at": "instant", "returned_at": "instant",
    },
    "contracts": {
        "contract": "text", "product": "text", "kind": "text", "state": "text", "term": "text",
        "at": "instant", "ends_on": "date", "renewed_at": "instant",
    },
    "registrations": {"product": "text", "serial": "text", "at": "instant"},
    "cases": {
        "case": "text", "kind": "text", "state": "text", "severity": "text", "at": "instant",
        "closed_at": "instant",
    },
    "touches": {"channel": "text", "purpose": "text", "campaign": "text", "at": "instant"},
}  # fmt: skip
# The newest thing of a source, and how many whole days ago it was.
LAST: Mapping[str, str] = {"last_touch": "touches", "last_answer": "answers"}
DAYS_AGO = "days_ago"

# The histories in which to look where there is no event to name a thing.
HISTORIES: Mapping[str, str] = {
    "order": "orders", "parcel": "parcels", "product": "registrations", "contract": "contracts",
    "case": "cases",
}  # fmt: skip

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")  # of a day of somebody's own, as people bring them
_PATH = re.compile(r"[a-z][a-z_]*(\.[A-Za-z_][A-Za-z0-9_-]*){1,8}")


def roots() -> dict[str, Names]:
    """Every first word of a path outside a `where`, with the names that may follow it."""
    newest = {
        root: {**SOURCES[source], DAYS_AGO: "number"} for root, source in LAST.items()
    }  # fmt: skip
    return {"event": EVENT, "person": PERSON, **RECORDS, **newest}


def sort_of(path: str) -> Sort | None:
    """The sort of the field at this path, or None where there is none."""
    root, _, rest = path.partition(".")
    names = roots().get(root) or SOURCES.get(root) or {}
    first, _, deeper = rest.partition(".")
    if first == FREE and FREE in names:
        return "any"
    if (root, first) == ("person", DATES):
        return PERSON[DATES] if _NAME.fullmatch(deeper) else None
    return None if deeper else names.get(first)


def is_day(path: str) -> bool:
    """Whether this is a day of a person's own: the birthday, or one that the brand has named."""
    return path == BIRTHDAY or path.startswith(f"person.{DATES}.")


def objection(path: str) -> str | None:
    """What is wrong with this path, and what was probably meant; None when it is a field."""
    root = path.partition(".")[0]
    known = _named()
    if root not in known:
        return f"`{sentences.clipped(root)}` is not known here{sentences.nearest(root, known)}"
    if not _PATH.fullmatch(path):
        return "write a path such as `event.data.total` or `person.country`"
    if root in {*SOURCES, *LAST} and lies_sealed(path):
        return f"`{sentences.clipped(path)}` lies sealed: a history cannot be asked for it"
    if sort_of(path) is None:
        return f"`{sentences.clipped(path)}` is no field{sentences.nearest(path, _near(path))}"
    return None


def lies_sealed(path: str, found: object = None) -> bool:
    """Whether this is a name, or a personal part of what was reported: no statement compares it.

    A part is personal by its names, or by the shape of what was `found` there.
    """
    _, first, deeper = (*path.split(".", 2), "", "")[:3]
    part, *inner = deeper.split(".")
    for name in reversed(inner):
        found = {name: found}
    return path == NAME or (first == FREE and private.personal(part, found))


def _named() -> dict[str, Names]:
    return {**roots(), **SOURCES}


def _near(path: str) -> Iterator[str]:
    """The fields of the same root; below `data`, the very name that was written."""
    root, _, rest = path.partition(".")
    rest = "name" if rest == DATES else rest
    for name in _named()[root]:
        yield f"{root}.{name}.{rest}" if name in {FREE, DATES} else f"{root}.{name}"
