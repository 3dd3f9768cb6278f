"""Which instant does a day mean that somebody chose in a form?"""

from datetime import date, datetime, time

from outreach import timezones
from outreach.errors import Invalid


def begins(written: str, zone: str) -> datetime | None:
    """The beginning of that day on the brand's clock; None for nothing. Raises `Invalid`."""
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError as error:
        raise Invalid(f"{written!r} is no date, such as 2026-12-31") from error
    return None if day is None else datetime.combine(day, time(), tzinfo=timezones.load(zone))
