"""Does a chain of records stand as it was written, and if not, which is the first that does not?

Each record is sealed by HMAC-SHA-256 over the seal before it and its own text, under a key that is
not in the database: whoever changes, swaps, inserts or deletes a record there cannot seal what
follows. A tail that was cut off, or a chain that was written anew with the key, is found by what
was noted of it elsewhere (anchors).
"""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

from optout.keys import Key

BEGINNING = bytes(32)  # the seal before the first record


@dataclass(frozen=True, slots=True)
class Record:
    """Somebody, in a role, asked for a deed on something at an instant. Ids alone, no names."""

    number: int
    at: datetime
    by: str
    role: str
    deed: str
    target: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A record with its seal, and the number of the key under which it was made."""

    record: Record
    key: int
    seal: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was noted outside the database: the last record of a brand then, and its seal."""

    brand: str
    number: int
    seal: bytes


def seal(key: Key, brand: str, before: bytes, record: Record) -> bytes:
    """The seal of a record that follows on this one, 32 bytes."""
    at = record.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [brand, record.number, at, record.by, record.role, record.deed, record.target]
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    return key.digest("audit", before + text.encode())


def first_bad(
    ring: Sequence[Key], brand: str, chain: Iterable[Sealed], anchors: Iterable[Anchor] = ()
) -> int | None:
    """The number of the first record that is not as it was written, or not there; None if all are.

    `chain` is in the order of the numbers, which begin with 1 and leave none out.
    """
    keys = {key.number: key for key in ring}
    noted: dict[int, set[bytes]] = {}
    for anchor in anchors:
        if anchor.brand == brand:
            noted.setdefault(anchor.number, set()).add(anchor.seal)
    before, expected = BEGINNING, 1
    for one in chain:
        if not _holds(keys, brand, one, before=before, expected=expected, noted=noted):
            return expected
        before, expected = one.seal, expected + 1
    return expected if any(number >= expected for number in noted) else None


def _holds(
    keys: Mapping[int, Key],
    brand: str,
    one: Sealed,
    *,
    before: bytes,
    expected: int,
    noted: Mapping[int, AbstractSet[bytes]],
) -> bool:
    key = keys.get(one.key)
    if key is None or one.record.number != expected:
        return False
    right = hmac.compare_digest(seal(key, brand, before, one.record), one.seal)
    # Noted twice with different seals, one of them is of a chain that somebody took away.
    return right and noted.get(expected, {one.seal}) == {one.seal}
