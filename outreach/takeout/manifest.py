"""What does a directory say that it holds, and may this installation take it in?  `manifest.json`

It is written last: a directory without one is half an export.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from optout.keys import Key
from outreach.brands.model import BrandDocument
from outreach.errors import Conflict, Invalid, NotFound
from outreach.takeout import goods

NAME = "manifest.json"
_LARGEST = 4 * 1024 * 1024  # bytes


class Part(BaseModel):
    """A file: how many rows it holds, and the SHA-256 of its bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rows: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What was written, of which brand, by which schema, under which hash of addresses."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: Literal["outreach brand 1"] = "outreach brand 1"
    taken_at: AwareDatetime
    # Of every column that goes along, its name and type: what another version would have otherwise.
    columns: str = Field(pattern=r"^[0-9a-f]{64}$")
    # By the number of each key under which addresses are hashed, a trace of it that tells no key.
    hashing: Mapping[int, str] = Field(min_length=1)
    brand: BrandDocument
    lineage: str
    kept_since: AwareDatetime | None
    tables: Mapping[str, Part]


def file_of(table: str) -> str:
    """Under which name the rows of this table lie."""
    return f"{table}.ndjson"


def columns() -> str:
    """A trace of what this version keeps: another one keeps something else."""
    known = [
        f"{table.fullname}.{column.name} {column.type!r} {column.nullable}"
        for table in goods.taken()
        for column in goods.columns(table)
    ]
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def hashing(keys: Iterable[Key]) -> dict[int, str]:
    """By number a trace of each key, which tells two keys apart and nothing else of them."""
    return {key.number: key.digest("takeout", b"which key").hex()[:16] for key in keys}


def read(directory: Path) -> Manifest:
    """What the directory says of itself. Raises `NotFound`, `Invalid` with the place."""
    path = directory / NAME
    if not path.is_file():
        raise NotFound(f"{directory} holds no {NAME}: name what `outreach brands export` wrote")
    if path.stat().st_size > _LARGEST:
        raise Invalid(f"{path} is longer than {_LARGEST} bytes: it is no manifest of ours")
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Invalid(f"{path}: {where}: {first['msg']}") from error


def refuse_other(said: Manifest, keys: Iterable[Key]) -> None:
    """Raises `Conflict` where this installation could not take it for what it is."""
    if said.columns != columns():
        raise Conflict(
            "it was written by another version of outreach, which keeps other columns: export "
            "and import with the same version, and upgrade afterwards"
        )
    ours = hashing(keys)
    if any(ours.get(number) != trace for number, trace in said.hashing.items()):
        raise Conflict(
            "addresses are known by hashes under other secrets there: set OUTREACH_SECRET_KEY and "
            "OUTREACH_FORMER_SECRET_KEYS as they are where it was written, or nobody who said no "
            "would be known here"
        )
    named = {table.name for table in goods.taken()}
    if said.tables.keys() != named:
        stray = sorted(said.tables.keys() ^ named)
        raise Invalid(f"{NAME}: tables: {stray[0]!r} is missing, or none that goes along")
