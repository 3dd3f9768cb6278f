"""Which fact does a row tell, by the columns that its file has?

A mapping names for each field of ours a column of the file, or a text that holds for all rows. It
is remembered with its source, so that the next file of the same shape needs none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from outreach.errors import Invalid, Problem
from outreach.events.sources.fields import first_instant, instant, known, parcel
from outreach.events.sources.protocol import RawEvent
from outreach.sentences import nearest

_PERSON = "person."
_OWN = ("type", "time", "subject")


@dataclass(frozen=True, slots=True)
class Columns:
    """Field → column, and field → what it is in every row.

    Fields are `type`, `time`, `subject`, those of a person as `person.email`, and any others, which
    become the event's data.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.columns or self.constants)

    def document(self) -> dict[str, dict[str, str]]:
        """As it is remembered."""
        return {"columns": dict(self.columns), "constants": dict(self.constants)}


def read(document: Mapping[str, object]) -> Columns:
    """What was remembered."""
    parts = [document.get(name) for name in ("columns", "constants")]
    columns, constants = (
        {str(k): str(v) for k, v in p.items()} if isinstance(p, dict) else {} for p in parts
    )
    return Columns(columns, constants)


def check(columns: Columns, there: Mapping[str, str]) -> None:
    """Raises `Invalid` with every column that the file lacks, and what else it lacks."""
    problems = [
        Problem(field, f"the file has no column {name!r}{nearest(name, set(there))}")
        for field, name in columns.columns.items()
        if name not in there
    ]
    told = {*columns.columns, *columns.constants}
    problems += [
        Problem(one, "is neither in a column nor given")
        for one in ("type", "time")
        if one not in told
    ]
    if problems:
        raise Invalid(f"the file's columns are {', '.join(there)}", problems=problems)


def event(columns: Columns, cells: Mapping[str, str], zone: tzinfo) -> RawEvent:
    """The fact that a row tells. Raises `Invalid`."""
    told = {one: cells.get(name, "") for one, name in columns.columns.items()}
    told |= columns.constants
    at = first_instant(zone, told.get("time"))
    person = {one.removeprefix(_PERSON): v for one, v in told.items() if one.startswith(_PERSON)}
    data = {
        one: value for one, value in told.items() if one not in _OWN and not one.startswith(_PERSON)
    }
    return RawEvent(
        told.get("type", ""), at, _data(data, zone), told.get("subject") or None,
        known(**person, ref=told.get("subject")) if person and told.get("subject") else None,
    )  # fmt: skip


def _data(told: Mapping[str, str], zone: tzinfo) -> dict[str, object]:
    """Empty cells say nothing; numbers of parcels are spelt as everywhere, instants made exact."""
    data = known(**told)
    if told.get("parcel"):
        data["parcel"] = parcel(told["parcel"])
    for name in (one for one in data if one.endswith("_at")):
        at = instant(data[name], zone)
        data[name] = at.isoformat() if at else data[name]
    return data
