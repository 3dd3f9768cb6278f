"""Were these the facts?  Eight bytes of them, by which a replay is held against history.

Of the facts of a set of touches most parts are one and the same object: the rules of a place, the
caps of a brand. Each of those is written out once for the set, and looked up by what it is there.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any
from uuid import UUID

from optout.model import Channel, Decision, Purpose, Reason
from outreach.dispatch.model import Facts, Touch
from outreach.hours.model import Admission

_Parts = Callable[[Any], tuple[object, ...]]
_OPENED: Mapping[type, _Parts] = {
    kind: attrgetter(*(one.name for one in fields(kind) if one.repr))  # what is no fact is not
    for kind in (Facts, Touch, Admission, Decision)
}


def _instant(value: datetime) -> str:
    return repr(value.timestamp())  # the same on every clock


def _named(value: StrEnum) -> str:
    return repr(value.value)


_WRITTEN: Mapping[type, Callable[[Any], str]] = {
    UUID: lambda value: value.hex,
    datetime: _instant,
    **dict.fromkeys((Channel, Purpose, Reason), _named),
    **dict.fromkeys((str, int, float, bool, type(None), timedelta), repr),
}


@dataclass(frozen=True, slots=True)
class Digests:
    """What was written out for one set of facts, which has to live as long as this."""

    _known: dict[int, tuple[object, str]] = field(default_factory=dict)

    def of(self, facts: Facts) -> bytes:
        """Eight bytes of SHA-256: the same of the same facts, in any process."""
        return hashlib.sha256(self._told(facts).encode(errors="surrogatepass")).digest()[:8]

    def _told(self, value: object) -> str:
        """Part by part; what is opened at all is opened by `_OPENED` alone."""
        parts = _OPENED[type(value)](value)
        written = [
            write(one) if (write := _WRITTEN.get(type(one))) else self._other(one) for one in parts
        ]
        return f"({','.join(written)})"

    def _other(self, value: object) -> str:
        return self._told(value) if type(value) in _OPENED else self._once(value)

    def _once(self, value: object) -> str:
        if (known := self._known.get(id(value))) is None:
            known = self._known[id(value)] = (value, repr(value))  # kept, so that its id stays its
        return known[1]
