"""What is this value: an amount, an instant, or neither?

Shops and carriers write the same thing in several ways; these are the only readings a condition
makes of them.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool
Value: TypeAlias = Scalar | tuple[Scalar, ...] | None

MOST = 1000
WIDEST = 10**18  # larger whole numbers are ids, and are compared as text


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
    if not isinstance(written, str) and not -WIDEST < written < WIDEST:
        raise ValueError("write this number as a text, in quotes: it is too large to count with")
    return written


def amount(value: object) -> Decimal | None:
    """The finite number that this is, or None. Amounts come as text too: `"42.00"` is 42."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def instant(value: object) -> datetime | None:
    """The instant that this is, or None. A bare date is its first moment; no offset means UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def same(left: object, right: object) -> bool:
    """Are these one value? 42 is 42.0, but true is not 1 and the text "42" is not 42."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) or isinstance(right, str):
        return left == right and type(left) is type(right)
    numbers = amount(left), amount(right)
    return None not in numbers and numbers[0] == numbers[1]
