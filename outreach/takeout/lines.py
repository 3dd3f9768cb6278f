"""How is a row written as a line of JSON, and what is wrong with a line that somebody sent?

Instants in ISO 8601 with their offset, bytes in base64 (RFC 4648), amounts as texts, the rest as
JSON has it. A line has to name every column, and fit its type, before the database is asked.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    create_model,
)
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from outreach.takeout import goods

LONGEST = 16 * 1024 * 1024  # bytes of a line


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


def _without_nul(value: Any) -> Any:
    """PostgreSQL keeps no text with a NUL, nor a document that holds one."""
    if isinstance(value, str) and "\0" in value:
        raise ValueError("holds a NUL (U+0000), which no text of ours may")
    if isinstance(value, dict):
        _without_nul([*value, *value.values()])
    elif isinstance(value, list):
        for one in value:
            _without_nul(one)
    return value


def _whole(bits: int) -> Any:
    return Annotated[int, Field(strict=True, ge=-(2 ** (bits - 1)), lt=2 ** (bits - 1))]


# The narrower type comes before the wider one.
_SHAPES: Sequence[tuple[type[TypeEngine[Any]], Any]] = (
    (Uuid, UUID),
    (Boolean, Annotated[bool, Field(strict=True)]),
    (SmallInteger, _whole(16)),
    (BigInteger, _whole(64)),
    (Integer, _whole(32)),
    (Float, Annotated[float, Field(allow_inf_nan=False)]),
    (Numeric, Annotated[Decimal, Field(allow_inf_nan=False)]),
    (DateTime, AwareDatetime),
    (Date, date),
    (LargeBinary, Base64Bytes),
    (Text, Annotated[str, AfterValidator(_without_nul)]),
    (JSON, Annotated[JsonValue, AfterValidator(_without_nul)]),
)


def written(row: Mapping[str, object]) -> bytes:
    """The line of a row, its end included."""
    return json.dumps(row, default=_plain, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def read(table: Table, line: bytes) -> dict[str, Any]:
    """The row again, by column. Raises `ValueError` with what is wrong, for people."""
    if len(line) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} bytes")
    try:
        return dict(_shape(table).model_validate_json(line))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from error


@cache
def _shape(table: Table) -> type[BaseModel]:
    # Fields are called by number, since a column may be called as something of pydantic's is.
    fields: dict[str, Any] = {
        f"c{number}": (_of(column), Field(alias=column.name))
        for number, column in enumerate(goods.columns(table))
    }
    return create_model(table.name, __base__=_Named, **fields)


class _Named(_Row):
    """A row whose columns are its aliases."""

    def __iter__(self) -> Any:
        for name, field in type(self).model_fields.items():
            yield field.alias, getattr(self, name)


def _of(column: Column[Any]) -> Any:
    shape = _typed(column.type)
    return shape | None if column.nullable else shape


def _typed(kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, ARRAY):
        return list[_typed(kind.item_type)]  # type: ignore[misc]  # made from the catalogue
    if isinstance(kind, Enum):
        return Literal[tuple(kind.enums)]
    return next(shape for known, shape in _SHAPES if isinstance(kind, known))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a line")
