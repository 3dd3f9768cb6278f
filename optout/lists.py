"""How does a do-not-contact list come in? It adds to what is known, and lifts nothing else.

A whole edition replaces the lines of the same list's former one, a change file amends it, a wash
is kept beside it. Nobody's withdrawal and no other list is touched. Memory does not grow with it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from optout import list_sql
from optout.errors import UnreadableList
from optout.identity import Hasher
from optout.list_lines import Layout, Line, lines
from optout.scrubs import Edition

HANDFUL = 10_000  # lines that travel together
_MOST_REFUSED = 0.01  # of a whole edition; with more of it unread it would set people free

Heard = Callable[[Line], object]
Progress = Callable[[int], object]


@dataclass(slots=True)
class Counts:
    """How many lines were listed, clear and refused so far."""

    listed: int = 0
    clear: int = 0
    refused: int = 0
    first_refusals: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """All of them."""
        return self.listed + self.clear + self.refused

    def count(self, line: Line) -> None:
        if line.identity is None:
            self.refused += 1
            if len(self.first_refusals) < 10:  # noqa: PLR2004  # enough to see what is wrong
                self.first_refusals.append(line)
        elif line.listed:
            self.listed += 1
        else:
            self.clear += 1


@dataclass(frozen=True, slots=True)
class Incoming:
    """A list at the door: whose and which edition, how it is laid out, and where it lies."""

    edition: Edition
    layout: Layout
    evidence: str
    region: str | None = None


def take_in(
    tx: Connection,
    hasher: Hasher,
    incoming: Incoming,
    text: Iterable[str],
    *,
    heard: Heard = bool,
    progress: Progress = bool,
) -> tuple[Edition, Counts]:
    """Read a list into the ledger; the caller commits. `heard` gets every line with its verdict.

    `progress` is told the number of lines read after each handful. Raises `UnreadableList` when an
    edition is older than the one that holds, a change has nothing to change, nothing is listed in a
    whole edition, or more than a hundredth of its lines cannot be read. Nothing is kept then.
    """
    asked = incoming.edition
    former = list_sql.current(tx, name=asked.name, brand=asked.brand)
    _in_order(incoming, former)
    counts = Counts()
    read = lines(text, incoming.layout, region=incoming.region)
    list_sql.stage(tx, _chunks(read, hasher, counts, heard, progress))
    _credible(incoming, counts)
    if incoming.layout is Layout.US_CHANGE and former is not None:
        return list_sql.amend(tx, former, as_of=asked.as_of, expires_on=asked.expires_on), counts
    fresh = replace(asked, kind="wash" if incoming.layout is Layout.WASH else "whole")
    replaced = former if fresh.kind == "whole" else None
    return list_sql.publish(tx, fresh, evidence=incoming.evidence, former=replaced), counts


@contextmanager
def verdicts(path: Path | None) -> Iterator[Heard]:
    """What writes the verdict on each line to a file, by its number and never by its address."""
    if path is None:
        yield bool
        return
    with path.open("w", encoding="utf-8") as out:
        yield lambda line: out.write(f"{line.number},{line.verdict},{json.dumps(line.problem)}\n")


def _in_order(incoming: Incoming, former: Edition | None) -> None:
    if incoming.layout is Layout.WASH:
        return
    if former is None and incoming.layout is Layout.US_CHANGE:
        raise UnreadableList("a change file needs the whole list before it: import that first")
    if former is not None and incoming.edition.as_of < former.as_of:
        raise UnreadableList(f"an edition of {former.as_of} holds, and this one is older")


def _credible(incoming: Incoming, counts: Counts) -> None:
    if incoming.layout in (Layout.WASH, Layout.US_CHANGE):
        return
    if not counts.listed:
        raise UnreadableList("nothing is listed; a whole edition would set everybody free")
    if counts.refused > counts.lines * _MOST_REFUSED:
        first = counts.first_refusals[0]
        raise UnreadableList(
            f"{counts.refused} of {counts.lines} lines cannot be read, the first in line "
            f"{first.number}: {first.problem}"
        )


def _chunks(
    read: Iterator[Line], hasher: Hasher, counts: Counts, heard: Heard, progress: Progress
) -> Iterator[bytes]:
    while handful := list(islice(read, HANDFUL)):
        for line in handful:
            counts.count(line)
            heard(line)
        yield b"".join(
            list_sql.line(hasher.hash(line.identity), listed=line.listed)
            for line in handful
            if line.identity is not None
        )
        progress(counts.lines)
