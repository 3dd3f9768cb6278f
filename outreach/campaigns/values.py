"""What is this value: an amount, an instant, or neither?

Shops and carriers write the same thing in several ways; these are the only readings a condition
makes of them.
"""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TypeAlias

from outreach.people.own_dates import NO_YEAR

Scalar: TypeAlias = str | int | float | bool
Value: TypeAlias = Scalar | tuple[Scalar, ...] | None

MOST = 1000
WIDEST = 10**18  # larger whole numbers are ids, and are compared as text

# PostgreSQL reads the same two forms (`audience_values`), so that a condition means one thing.
AMOUNT = r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?"
INSTANT = (
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?"
)
"""RFC 3339, where seconds and offset may be left out, and the whole time of day."""

_AMOUNT, _INSTANT = re.compile(AMOUNT), re.compile(INSTANT)


def checked(written: object) -> Value:
    """The value as it may stand in a condition. Raises `ValueError` with what to write instead."""
    if isinstance(written, list | tuple):
        if not 0 < len(written) <= MOST:
            raise ValueError(f"write between 1 and {MOST:,} values")
        return tuple(_scalar(entry) for entry in written)
    return _scalar(written)


def _scalar(written: object) -> Scalar:
    if not isinstance(written, str | int | float | bool):
        raise ValueError("write a text, a number, true or false")  # noqa: TRY004  # pydantic's word
    if isinstance(written, str) and "\0" in written:
        raise ValueError("remove the NUL character")
    if not isinstance(written, str) and not -WIDEST < written < WIDEST:
        raise ValueError("write this number as a text, in quotes: it is too large to count with")
    return written


def amount(value: object) -> Decimal | None:
    """The finite number that this is, or None. Amounts come as text too: `"42.00"` is 42."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    if isinstance(value, str) and not _AMOUNT.fullmatch(value):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def instant(value: object) -> datetime | None:
    """The instant that this is, or None. A bare date is its first moment; no offset means UTC.

    A day that came without its year is none: nobody knows what it comes before.
    """
    if (on := day(value)) is not None:
        value = None if on.year == NO_YEAR else datetime.combine(on, time())
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if _INSTANT.fullmatch(value) else None
        except ValueError:  # the 30th of February
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def day(value: object) -> date | None:
    """The date that this is, or None; an instant is none, and no more is a text."""
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def same(left: object, right: object) -> bool:
    """Are these one value? 42 is 42.0, but true is not 1 and the text "42" is not 42."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) or isinstance(right, str):
        return left == right and type(left) is type(right)
    numbers = amount(left), amount(right)
    return None not in numbers and numbers[0] == numbers[1]
