"""Which days of a person's own does this line tell? A birthday, and others by name."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from outreach.errors import Problem

BIRTHDAY = "person.birthday"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
# The year of a day that came without one; a leap year, so that it may be 29 February.
NO_YEAR = 1904
_MOST = 20

Days = tuple[tuple[str, date], ...]


def read(fields: Mapping[str, object], problems: list[Problem]) -> Days | None:
    """The days by name (`person.dates.wedding`), or None where the line says nothing of any.

    `birthday` is `1990-05-17`, or `05-17` where the year is nobody's business; `dates` maps names
    to days, or is a text such as `wedding=2020-06-01; moved=2024-02-29`.
    """
    if "birthday" not in fields and "dates" not in fields:
        return None
    born = [(BIRTHDAY, fields["birthday"])] if fields.get("birthday") else []
    return tuple(_days([*born, *_listed(fields.get("dates"), problems)], problems))


def _listed(given: object, problems: list[Problem]) -> list[tuple[str, object]]:
    if isinstance(given, str):
        pairs = (part.partition("=") for part in given.split(";") if part.strip())
        given = {name.strip(): day.strip() for name, _, day in pairs}
    days = given or {}
    if not isinstance(days, Mapping) or len(days) > _MOST:
        problems.append(Problem("dates", f"must be at most {_MOST} names, each with its day"))
        return []
    return [(f"person.dates.{name}", day) for name, day in days.items()]


def _days(told: list[tuple[str, object]], problems: list[Problem]) -> Iterator[tuple[str, date]]:
    for name, written in told:
        field = name.removeprefix("person.")
        if name != BIRTHDAY and not _NAME.fullmatch(field.removeprefix("dates.")):
            problems.append(Problem("dates", f"{field[:60]!r} is no name such as wedding"))
        elif (day := _day(written)) is None:
            problems.append(Problem(field, f"{str(written)[:60]!r} is no day, such as 1990-05-17"))
        else:
            yield name, day


def _day(written: object) -> date | None:
    """The day; one without a year gets `NO_YEAR`."""
    said = written if isinstance(written, str) else ""
    try:
        whole = f"{NO_YEAR}-{said}" if _MONTH_DAY.fullmatch(said) else said
        return date.fromisoformat(whole)
    except ValueError:
        return None
