"""What value does a field of an event hold, if it holds one that we can keep?

Whatever cannot be read is left out and overrides nothing; the event keeps it as it came.
"""

from collections.abc import Mapping
from datetime import date

from outreach.events.currencies import held, minor_units

Data = Mapping[str, object]

LONGEST = 512  # signs; longer ones do not fit into an index
_MOST = 2**31 - 1


def text(data: Data, *names: str) -> str | None:
    """The first of these fields that holds a text or a whole number, without spaces around it."""
    for name in names:
        value = data.get(name)
        if value is None or isinstance(value, bool) or not isinstance(value, (str, int)):
            continue
        if (said := str(value).strip()) and len(said) <= LONGEST:
            return said
    return None


def count(data: Data, name: str) -> int | None:
    """A whole number from nought on: a number, its digits, or the length of a list."""
    value = data.get(name)
    if isinstance(value, list):
        return len(value)
    said = text(data, name)
    if said is None or not (said.isascii() and said.isdigit()):
        return None
    number = int(said)
    return number if number <= _MOST else None


def day(data: Data, name: str) -> str | None:
    """A date as ISO 8601 writes it, `2026-11-01`; an instant counts with its own date."""
    said = text(data, name)
    if said is None:
        return None
    try:
        return date.fromisoformat(said[:10]).isoformat()
    except ValueError:
        return None


def currency(data: Data) -> str | None:
    """Three letters, as ISO 4217 has them."""
    said = text(data, "currency")
    return said.upper() if said and len(said) == 3 and said.isascii() and said.isalpha() else None  # noqa: PLR2004 - the length of such a code


def minor(data: Data, name: str) -> int | None:
    """Money in minor units, exact: `total_minor` as it is, or `total` in the units of `currency`.

    An amount with more digits than the currency has is no money, and nothing is rounded.
    """
    said = data.get(f"{name}_minor")
    if isinstance(said, int) and not isinstance(said, bool):
        return held(said)
    unit = currency(data)
    return None if unit is None else minor_units(data.get(name), unit)
