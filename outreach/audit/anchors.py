"""What was noted of the chains outside the database?

A file that is added to, one JSON object a line; best on a disk, or shipped to a host, that whoever
rules the database does not rule.
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from outreach.audit.chain import Anchor
from outreach.errors import Invalid


def note(path: Path, anchors: Iterable[Anchor], *, now: datetime) -> None:
    """Add these to the file, and have them on the disk before going on."""
    lines = [
        json.dumps(
            {"at": now.isoformat(), "brand": a.brand, "number": a.number, "seal": a.seal.hex()}
        )
        for a in anchors
    ]
    with path.open("a", encoding="ascii") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Anchor]:
    """What the file holds. Raises `Invalid` with the line that cannot be read."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"the anchors in {path} cannot be read: {error}") from error
    return [_anchor(path, number, line) for number, line in enumerate(lines, start=1)]


def _anchor(path: Path, number: int, line: str) -> Anchor:
    try:
        told = json.loads(line)
        return Anchor(str(told["brand"]), int(told["number"]), bytes.fromhex(told["seal"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(f"{path}, line {number}, is no anchor: {error}") from error
