"""What do these events together say of each record?

Pure. Each field stands as of the event that said it last, in the order in which things happened:
by instant, then by the order of life of what happens in one instant (a paid order was placed), then
by the event's id. Hence any order of hearing of them comes to the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import NamedTuple

from outreach.events.model import KEYED_BY, Event
from outreach.records.kinds import Kind
from outreach.records.said import said

_RANK = {kind: rank for rank, kind in enumerate(KEYED_BY)}

Name = tuple[str, ...]
Saying = tuple[str, Mapping[str, object]]
"""A stamp, and the values that its event told."""

ALL = "*"
"""Under which name of `as_of` the event stands that told every value for which no other stands."""


class Row(NamedTuple):
    """What is known of one record: its values, and since which event each or all of them stand."""

    key: Name
    values: Mapping[str, object]
    as_of: Mapping[str, str]


def fold(events: Iterable[Event]) -> dict[str, list[Row]]:
    """Rows by the table of their kind, each list in the order of its keys."""
    found: dict[tuple[str, Name], list[Saying]] = {}
    for event in events:
        if told := list(said(event)):  # most types say nothing of records, and ours have no rank
            stamp = stamp_of(event)
            for one in told:
                found.setdefault((one.kind.table, one.key), []).append((stamp, one.values))
    rows: dict[str, list[Row]] = {}
    for table, key in sorted(found):
        rows.setdefault(table, []).append(_row(key, found[table, key]))
    return rows


def stamp_of(event: Event) -> str:
    """When this was so, as a text that sorts as the events happened; always of one length."""
    at = event.occurred_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{at} {_RANK[event.type]:02} {event.id}"


def keys(rows: Mapping[str, list[Row]], kind: Kind) -> list[str]:
    """The first part of each key of this kind."""
    return [row.key[0] for row in rows.get(kind.table, ())]


def _row(key: Name, told: Sequence[Saying]) -> Row:
    if len(told) == 1:
        [(stamp, values)] = told
        return Row(key, values, {ALL: stamp} if values else {})
    known: dict[str, object] = {}
    as_of: dict[str, str] = {}
    for stamp, values in sorted(told, key=lambda one: one[0]):
        known |= values
        as_of |= dict.fromkeys(values, stamp)
    return Row(key, known, as_of)
