"""How does a text about a person lie in its column, and how is it read again?

Sealed with AES-256-GCM (NIST SP 800-38D) under a data key of its brand. The brand, the table, the
column and the row are authenticated along with it, so that nothing opens in another place. What has
no mark of sealing is from before there was any, and is taken as it is until `outreach secrets seal`
has sealed it. Nothing and the empty text stay as they are.
"""

import json
import os
from binascii import Error as NotCoded
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias
from uuid import UUID

from cryptography.exceptions import InvalidTag
from pydantic_core import to_json
from sqlalchemy import Connection

from outreach.db.vault import Ring, bound
from outreach.errors import Misconfigured

MARK = "sealed:2:"
PARTS = "sealed:2"
"""Under which name of a document its sealed parts stand: their `names`, and how they are `kept`."""

Row: TypeAlias = UUID | datetime | str | int
"""A part of what tells a row from all others."""

_NONCE = 12  # bytes, drawn by chance: SP 800-38D 8.2.2 allows 2^32 texts under one key


def everything(_name: str, _value: object) -> bool:
    """All that a document says is personal."""
    return True


def never(_written: str) -> bool:
    """No document shows by its text alone that nothing in it is personal."""
    return False


@dataclass(frozen=True, slots=True)
class Field:
    """A column that holds personal data, and the columns that say which row it is.

    Of a document those parts are sealed that are `personal`; the others can be asked for in SQL.
    Whether it has any may be `plain` by its text as JSON, which is quicker to ask.
    """

    table: str
    column: str
    row: tuple[str, ...] = ("id",)
    kind: Literal["text", "bytes", "document"] = "text"
    personal: Callable[[str, object], bool] = everything
    plain: Callable[[str], bool] = never
    name: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"{self.table}.{self.column}".encode())


def seal(tx: Connection, of: Field, told: str | None, *row: Row) -> str | None:
    """The text for this row's column."""
    return _text(_ring(tx), of, told, row, os.urandom(_NONCE)) if told else told


def seal_all(
    tx: Connection, of: Field, told: Sequence[tuple[str | None, tuple[Row, ...]]]
) -> list[str | None]:
    """The texts for this column of many rows, each as `seal` makes one."""
    if not any(text for text, _ in told):
        return [text for text, _ in told]
    ring, chance = _ring(tx), os.urandom(_NONCE * len(told))
    nonces = (chance[at : at + _NONCE] for at in range(0, len(chance), _NONCE))
    return [
        _text(ring, of, text, row, nonce) if text else text
        for (text, row), nonce in zip(told, nonces, strict=True)
    ]


def opened(tx: Connection, of: Field, kept: str | None, *row: Row) -> str | None:
    """The text again. Raises `Misconfigured` when it was changed, or moved to this row."""
    if not kept or not kept.startswith(MARK):
        return kept
    number, _, coded = kept[len(MARK) :].partition(":")
    try:
        raw = a2b_base64(coded)
    except NotCoded as error:
        raise _changed(of) from error
    return _open(tx, of, number, raw, row).decode(errors="surrogatepass")


def seal_bytes(tx: Connection, of: Field, told: bytes, *row: Row) -> bytes:
    """The bytes for this row's column."""
    ring = _ring(tx)
    return f"{MARK}{ring.newest}:".encode() + _sealed(ring, of, told, row, os.urandom(_NONCE))


def opened_bytes(tx: Connection, of: Field, kept: bytes, *row: Row) -> bytes:
    """The bytes again. Raises `Misconfigured` as `opened` does."""
    if not kept.startswith(MARK.encode()):
        return kept
    number, _, raw = kept[len(MARK) :].partition(b":")
    return _open(tx, of, number.decode(errors="replace"), raw, row)


def seal_parts(
    tx: Connection, of: Field, told: Mapping[str, object], *row: Row
) -> dict[str, object]:
    """The document for this row's column, what is personal in it sealed in one."""
    private = {name: value for name, value in told.items() if of.personal(name, value)}
    if not private:
        return dict(told)
    clear = {name: value for name, value in told.items() if name not in private}
    parts = {"names": sorted(private), "kept": seal(tx, of, json.dumps(private), *row)}
    return {**clear, PARTS: parts}


def seal_document(tx: Connection, of: Field, told: Mapping[str, object], *row: Row) -> str:
    """The same as JSON."""
    written = _json(told)
    return written if of.plain(written) else _json(seal_parts(tx, of, told, *row))


def opened_parts(
    tx: Connection, of: Field, kept: Mapping[str, object], *row: Row
) -> Mapping[str, object]:
    """The document again. Raises `Misconfigured` as `opened` does."""
    parts = kept.get(PARTS)
    if not isinstance(parts, dict) or "kept" not in parts:
        return kept
    clear = {name: value for name, value in kept.items() if name != PARTS}
    private: dict[str, object] = json.loads(opened(tx, of, parts["kept"], *row) or "{}")
    return clear | private


def value(tx: Connection, of: Field, kept: object, *row: Row) -> object:
    """What this column holds, whatever its kind. Raises `Misconfigured` as `opened` does."""
    if isinstance(kept, str):
        return opened(tx, of, kept, *row)
    if isinstance(kept, Mapping):
        return opened_parts(tx, of, kept, *row)
    return opened_bytes(tx, of, kept, *row) if isinstance(kept, bytes) else kept


def row_of(of: Field, row: Mapping[str, object]) -> tuple[Row, ...]:
    """What tells this row from all others; `row` has its columns by name."""
    named = (row[name] for name in of.row)
    return tuple(one for one in named if isinstance(one, UUID | datetime | str | int))


def _json(told: Mapping[str, object]) -> str:
    """What is no number in JSON stays such, so that the database refuses it."""
    return to_json(told, inf_nan_mode="constants").decode()


def _ring(tx: Connection, *, having: int = 0) -> Ring:
    here = bound(tx)
    return here.vault.ring(tx, here.brand, having=having)


def _text(ring: Ring, of: Field, told: str, row: tuple[Row, ...], nonce: bytes) -> str:
    kept = _sealed(ring, of, told.encode(errors="surrogatepass"), row, nonce)
    return f"{MARK}{ring.newest}:{b2a_base64(kept, newline=False).decode()}"


def _sealed(ring: Ring, of: Field, told: bytes, row: tuple[Row, ...], nonce: bytes) -> bytes:
    number = ring.newest
    return nonce + ring.keys[number].encrypt(nonce, told, _about(ring, number, of, row))


def _open(tx: Connection, of: Field, named: str, raw: bytes, row: tuple[Row, ...]) -> bytes:
    if not named.isdecimal():
        raise _changed(of)
    ring = _ring(tx, having=(number := int(named)))
    try:
        about = _about(ring, number, of, row)
        return ring.keys[number].decrypt(raw[:_NONCE], raw[_NONCE:], about)
    except (InvalidTag, ValueError) as error:
        raise _changed(of) from error


def _about(ring: Ring, number: int, of: Field, row: tuple[Row, ...]) -> bytes:
    return b"\0".join((b"%d %d" % (ring.brand, number), of.name, *map(_written, row)))


def _written(part: Row) -> bytes:
    """Each in a form of its own length or without a NUL, so that no two rows are written alike."""
    if isinstance(part, UUID):
        return part.hex.encode()
    if isinstance(part, datetime):
        return part.astimezone(UTC).isoformat().encode()
    return str(part).encode()


def _changed(of: Field) -> Misconfigured:
    return Misconfigured(
        f"what lies sealed in {of.name.decode()} was changed, or moved there: restore the row "
        "from a backup"
    )
