"""How are spans, instants, times of day and types of event written in a campaign?"""

import re
from datetime import datetime, time, timedelta
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from outreach.campaigns import durations

_EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DAYS = re.compile(r"([+-]?)\s*(\d{1,3})\s*d")
_FARTHEST = 400


def _wall_time(written: object) -> time:
    if isinstance(written, time):
        return written
    if isinstance(written, str) and _CLOCK.fullmatch(written):
        return time.fromisoformat(written)
    raise ValueError("write a time of day between 00:00 and 23:59, such as 10:00")


def _iso(written: object) -> datetime | None:
    if isinstance(written, datetime):
        return written
    try:
        return datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _instant(written: object) -> datetime:
    read = _iso(written)
    if read is None or read.tzinfo is None:
        raise ValueError("write an instant with its offset, such as 2026-06-01T09:00:00+02:00")
    return read


def _moment(written: object) -> datetime:
    read = _iso(written)
    if read is None:
        raise ValueError(
            "write a day and time on each person's clock, such as 2026-12-01T10:00, or one instant "
            "for all with its offset, such as 2026-12-01T10:00+01:00"
        )
    return read


def _day_count(written: object) -> int:
    if isinstance(written, int) and not isinstance(written, bool):
        days: int | None = written
    else:
        found = _DAYS.fullmatch(written.strip()) if isinstance(written, str) else None
        days = int(found[1] + found[2]) if found else None
    if days is None or abs(days) > _FARTHEST:
        raise ValueError(f"write whole days before or after, up to {_FARTHEST}, such as -30 d, 7 d")
    return days


def event_type(written: str) -> str:
    """The same text. Raises `ValueError` when it is not written as a type of event is."""
    if not _EVENT.fullmatch(written):
        raise ValueError("write a type of event such as `parcel.delivered`")
    return written


EventType: TypeAlias = Annotated[
    str,
    Field(max_length=80, json_schema_extra={"pattern": f"^{_EVENT.pattern}$"}),
    AfterValidator(event_type),
]
"""A type of event: `parcel.delivered`."""

Span: TypeAlias = Annotated[
    timedelta,
    BeforeValidator(durations.read),
    PlainSerializer(durations.printed),
    WithJsonSchema({"type": "string", "examples": ["30 min", "2 h", "7 d", "PT2H"]}),
]
"""Elapsed time, at most 1,100 days."""

Instant: TypeAlias = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(datetime.isoformat),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment, the same everywhere."""

Moment: TypeAlias = Annotated[
    datetime,
    BeforeValidator(_moment),
    PlainSerializer(lambda at: at.isoformat(timespec="minutes")),
    WithJsonSchema({"type": "string", "examples": ["2026-12-01T10:00"]}),
]
"""A day and time on each person's clock; with an offset, one instant for all."""

Days: TypeAlias = Annotated[
    int,
    BeforeValidator(_day_count),
    PlainSerializer(lambda days: f"{days} d"),
    WithJsonSchema({"type": "string", "examples": ["-30 d", "0 d", "7 d"]}),
]
"""Days of the calendar: before a date with a minus, else after it."""

Share: TypeAlias = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
"""A share of people, above 0 and at most 1; a hash of brand, campaign and person decides."""

WallTime: TypeAlias = Annotated[
    time,
    BeforeValidator(_wall_time),
    PlainSerializer(lambda at: at.strftime("%H:%M")),
    WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK.pattern}$"}),
]
"""A time on the clocks where the person lives."""
