"""What may stand where a platform's message should hold something else?"""

from collections.abc import Iterator

ANYTHING: tuple[object, ...] = (
    10**400, -(10**30), 1e300, True, None, "", "9" * 5000, "\0", "\ud800", "x" * 600, [], {}, [[]],
    {"a": 1}, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30 10:00:00",
    "99999999999999", "٣٣", "-", "1e999", "NaN",
)  # fmt: skip


def spoilt(document: object) -> Iterator[object]:
    """This JSON, each time with something else in place of one of its values or of the whole."""
    yield from ANYTHING
    if isinstance(document, dict):
        for name, value in document.items():
            yield from ({**document, name: other} for other in spoilt(value))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from ([*document[:place], one, *document[place + 1 :]] for one in spoilt(value))
