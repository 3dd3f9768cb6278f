"""What does a field of a platform's message hold, whatever the message turns out to be?

Every question has an answer for every value, so that a message of another shape than documented is
set aside or refused and never breaks anything. Identifiers of any size stay exact, and amounts stay
the digits that were written.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from urllib.parse import parse_qs

from outreach.errors import Invalid
from outreach.events import nesting
from outreach.events.currencies import minor_units

Fields = Mapping[str, object]

_SAYING = (str, int)
_OBJECT = (dict, Mapping)  # what is decoded is a dict, which is told at once
_LONGEST = 512  # signs
_YEAR_3000 = 32_503_680_000  # seconds; what is larger counts milliseconds
_DEEPEST = 64
_LONG_NUMBER = re.compile(r"\d{7,}")
_CHINESE_DATE = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})[ T](.+)")


def decoded(body: bytes) -> object:
    """JSON in UTF-8, with fractions as the texts that they were. Raises `Invalid`."""
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_float=str, parse_constant=_none)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"the body is not JSON in UTF-8: {error}") from error
    if nesting.deeper(found, than=_DEEPEST):
        raise Invalid(f"the body is nested deeper than {_DEEPEST} levels")
    return found


def decoded_text(text: object) -> object:
    """JSON that stands as a text within JSON; what is none already is given back as it is."""
    return decoded(text.encode(errors="surrogatepass")) if isinstance(text, str) else text


def form(body: bytes) -> dict[str, str]:
    """The fields of a form, each once. Raises `Invalid`."""
    try:
        pairs = parse_qs(body.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise Invalid(f"the body is no form in UTF-8: {error}") from error
    return {name: values[0] for name, values in pairs.items()}


def dig(value: object, *path: str) -> object:
    """What lies at the end of this path, or `None`."""
    for name in path:
        value = value.get(name) if isinstance(value, _OBJECT) else None
    return value


def rows(value: object, *path: str) -> tuple[Fields, ...]:
    """The objects of the list at the end of this path; nothing where there is no list."""
    found = dig(value, *path)
    return (
        tuple([one for one in found if isinstance(one, _OBJECT)]) if isinstance(found, list) else ()
    )


def word(value: object, *path: str) -> str | None:
    """A text that says something, or a whole number by its digits."""
    found = dig(value, *path)
    if isinstance(found, bool) or not isinstance(found, _SAYING):
        return None
    said = str(found).strip()
    return said if 0 < len(said) <= _LONGEST else None


def needed(value: object, *path: str) -> str:
    """The same where nothing can be done without. Raises `Invalid`."""
    said = word(value, *path)
    if said is None:
        raise Invalid(f"{'.'.join(path)} is missing")
    return said


def instant(value: object, zone: tzinfo) -> datetime | None:
    """An instant: ISO 8601 or a local time in the source's zone, or seconds or milliseconds.

    A local time that comes twice is the first of both; one that is left out is moved on.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return _counted(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = value.strip()
    return _counted(int(text)) if text.isdecimal() else _written(text, zone)


def first_instant(zone: tzinfo, *values: object) -> datetime:
    """The first of these that is an instant. Raises `Invalid` where none is."""
    for value in values:
        if (found := instant(value, zone)) is not None:
            return found
    raise Invalid("no field says when it happened")


def _counted(number: int) -> datetime | None:
    try:
        seconds = number / 1000 if number > _YEAR_3000 else number
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _written(text: str, zone: tzinfo) -> datetime | None:
    if found := _CHINESE_DATE.fullmatch(text):
        year, month, day, rest = found.groups()
        text = f"{year}-{month:0>2}-{day:0>2}T{rest}"
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def known(**fields: object) -> dict[str, object]:
    """These fields without those of which nothing is known."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def money(amount: object, currency: object, *, name: str = "total") -> dict[str, object]:
    """`total_minor` and `currency` of an amount in major units; nothing of what is no money."""
    code = word(currency)
    if code is None or (minor := minor_units(amount, code.upper())) is None:
        return {}
    return {f"{name}_minor": minor, "currency": code.upper()}


def counted_money(amount: object, currency: object, *, name: str = "total") -> dict[str, object]:
    """The same of an amount that is in minor units already."""
    code, said = word(currency), word(amount)
    if code is None or said is None or not said.removeprefix("-").isdecimal():
        return {}
    return {f"{name}_minor": int(said), "currency": code.upper()}


def parcel(number: str) -> str:
    """A tracking number in one spelling, in which shop and carrier agree."""
    return "".join(number.split()).upper()


def without_numbers(text: str | None) -> str | None:
    """A carrier's words without telephone numbers, which couriers put there."""
    return _LONG_NUMBER.sub("…", text)[:_LONGEST] if text else None


def added(*amounts: object) -> str:
    """The sum of amounts, by their digits; what is no number counts nothing."""
    numbers = [text for amount in amounts if (text := word(amount)) and _is_number(text)]
    return str(sum((Decimal(text) for text in numbers), Decimal()))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,18}(\.\d{1,6})?", text, re.ASCII) is not None


def _none(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")
