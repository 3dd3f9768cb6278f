"""What was noted of the chains outside the database?

A file that is added to, one JSON object a line; best on a disk, or shipped to a host, that whoever
rules the database does not rule. A line that was torn, by a full disk or a fall, spoils no other.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from outreach.audit.chain import Anchor
from outreach.errors import Invalid


@dataclass(frozen=True, slots=True)
class Noted:
    """What the file holds, and a sentence for each line that cannot be read."""

    anchors: tuple[Anchor, ...] = ()
    unreadable: tuple[str, ...] = ()


def note(path: Path, anchors: Iterable[Anchor], *, now: datetime) -> None:
    """Add these to the file, and have them on the disk before going on."""
    lines = [
        json.dumps(
            {"at": now.isoformat(), "brand": a.brand, "number": a.number, "seal": a.seal.hex()}
        )
        for a in anchors
    ]
    with path.open("a+b") as file:
        begin = b"\n" if _torn(file) else b""
        file.write(begin + "".join(f"{line}\n" for line in lines).encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Noted:
    """What can be read of the file. Raises `Invalid` where there is none to open."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").split("\n")
    except OSError as error:
        raise Invalid(f"the anchors in {path} cannot be read: {error}") from error
    read_ = [_anchor(path, number, line) for number, line in enumerate(lines, start=1) if line]
    return Noted(
        tuple(one for one in read_ if isinstance(one, Anchor)),
        tuple(one for one in read_ if isinstance(one, str)),
    )


def _torn(file: BinaryIO) -> bool:
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def _anchor(path: Path, number: int, line: str) -> Anchor | str:
    try:
        told = json.loads(line)
        return Anchor(str(told["brand"]), int(told["number"]), bytes.fromhex(told["seal"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return f"{path}, line {number}, is no anchor: {error}"
