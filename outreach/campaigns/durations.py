"""How long is `2 h`, and how does a person write two hours?

A duration is elapsed time: a day is 24 hours, a week seven days. Months and years are refused:
nobody can say how long they are.
"""

import re
from datetime import timedelta

LONGEST = timedelta(days=1100)

_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "min": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_PART = r"(\d{1,7})\s*(w|d|h|min|s)"
_PLAIN = re.compile(rf"{_PART}(\s+{_PART})*")
# ISO 8601-1:2019, 5.5.2.2, without the parts that have no fixed length and without fractions.
_ISO = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,7})W)?(?:(\d{1,7})D)?(?:T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7})S)?)?"
)


def read(written: object) -> timedelta:
    """`30 min`, `2 h`, `1 d 12 h`, `P7D` or `PT2H` as a span of time, up to 1,100 days.

    Raises `ValueError` with a sentence that says what to write.
    """
    if isinstance(written, timedelta):
        return written
    span = _plain(str(written).strip()) if isinstance(written, str) else None
    if span is None:
        raise ValueError(
            "write a duration such as `30 min`, `2 h`, `7 d` or `PT2H`; months have no length"
        )
    if span > LONGEST:
        raise ValueError(f"write a duration of at most {LONGEST.days} d")
    return span


def printed(span: timedelta) -> str:
    """The span as `read` takes it: `1 d 12 h`."""
    words, rest = [], span
    for unit in ("d", "h", "min", "s"):
        count, rest = divmod(rest, _UNITS[unit])
        words += [f"{count} {unit}"] if count else []
    return " ".join(words) or "0 s"


def _plain(text: str) -> timedelta | None:
    if _PLAIN.fullmatch(text):
        parts = re.findall(_PART, text)
        return sum((int(count) * _UNITS[unit] for count, unit in parts), timedelta())
    if iso := _ISO.fullmatch(text):
        counts = zip(iso.groups(), _UNITS.values(), strict=True)
        return sum((int(count or 0) * length for count, length in counts), timedelta())
    return None
