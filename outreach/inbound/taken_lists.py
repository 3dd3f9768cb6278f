"""What did each line of a do-not-contact list come to that somebody took in?

Kept by the numbers of lines and never by what stands in them. Lines that follow each other with one
verdict are kept as one run, so that a list of a million numbers is a few rows of JSON.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Row, text

from optout.list_lines import Line
from optout.lists import Counts, Incoming
from outreach.channels.fields import storable
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import NotFound
from outreach.inbound import lists

MOST = 20_000
"""Runs that are kept of one list; what is read behind them is counted alone."""

_KEPT = 50  # lists of a brand; older ones go
_KEEP = text("""
    insert into outreach.taken_lists (brand_id, at, by, list, file, as_of, listed, clear, refused,
        runs, whole)
    values (:brand, :now, :by, :list, :file, :as_of, :listed, :clear, :refused,
        cast(:runs as jsonb), :whole)
    returning id
""")
_LET_GO = text("""
    delete from outreach.taken_lists where id <= (
        select id from outreach.taken_lists order by id desc offset :kept limit 1)
""")
_COLUMNS = "id, at, by, list, file, as_of, listed, clear, refused, whole"
_NEWEST = text(f"select {_COLUMNS} from outreach.taken_lists order by id desc limit :limit")
_ONE = text(f"select {_COLUMNS}, runs from outreach.taken_lists where id = :id")


class Run(NamedTuple):
    """Lines `first` to `last` all have this verdict, and this problem where they were not read."""

    first: int
    last: int
    verdict: str
    problem: str

    def joined(self, other: "Run") -> "Run | None":
        """Both as one, where the other goes on where this ends."""
        goes_on = other.first == self.last + 1 and other[2:] == self[2:]
        return self._replace(last=other.last) if goes_on else None


@dataclass(slots=True)
class Runs:
    """The verdicts on lines so far, told one after the other."""

    runs: list[Run] = field(default_factory=list)
    whole: bool = True

    def hear(self, line: Line) -> None:
        """One more line."""
        new = Run(line.number, line.number, line.verdict, storable(line.problem, 200))
        joined = self.runs[-1].joined(new) if self.runs else None
        if joined:
            self.runs[-1] = joined
        elif len(self.runs) < MOST:
            self.runs.append(new)
        else:
            self.whole = False


@dataclass(frozen=True, slots=True)
class TakenList:
    """A list that somebody took in from a file, and how many of its lines came to what.

    `runs` are there where one is asked for; `whole` is false where there were more of them.
    """

    id: int
    at: datetime
    by: str
    list: str
    file: str
    as_of: date
    listed: int
    clear: int
    refused: int
    whole: bool
    runs: tuple[Run, ...] = ()

    def lines(self) -> Iterator[tuple[int, str, str]]:
        """Number, verdict and problem of each line."""
        for run in self.runs:
            for number in range(run.first, run.last + 1):
                yield number, run.verdict, run.problem


def take_in(
    means: Means, brand: BrandRef, coming: Incoming, lines: Iterable[str], *, by: str
) -> int:
    """Take a list in with what its lines came to, or nothing of it; answers under which number.

    Raises `Invalid` as `lists.take_in` does.
    """
    runs, given = Runs(), list[int]()

    def keep(tx: Connection, counts: Counts) -> None:
        given.append(_keep(tx, brand, coming, counts, runs, by=by, now=means.clock()))

    lists.take_in(means, brand, coming, lines, heard=runs.hear, then=keep)
    return given[0]


def newest(tx: Connection, *, limit: int = 10) -> list[TakenList]:
    """What was taken in last, newest first."""
    return [_taken(row) for row in tx.execute(_NEWEST, {"limit": limit})]


def one(tx: Connection, number: int) -> TakenList:
    """One of them with its lines. Raises `NotFound`."""
    row = tx.execute(_ONE, {"id": number}).one_or_none()
    if row is None:
        raise NotFound(f"no list was taken in under number {number}, or it is too long ago")
    return _taken(row)


def _keep(  # a row has these columns
    tx: Connection, brand: BrandRef, coming: Incoming, counts: Counts, runs: Runs, *, by: str,
    now: datetime,
) -> int:  # fmt: skip
    values = {
        "brand": brand.id, "now": now, "by": by, "list": coming.edition.name,
        "file": storable(coming.evidence), "as_of": coming.edition.as_of,
        "listed": counts.listed, "clear": counts.clear, "refused": counts.refused,
        "runs": json.dumps(runs.runs), "whole": runs.whole,
    }  # fmt: skip
    number = int(tx.execute(_KEEP, values).scalar_one())
    tx.execute(_LET_GO, {"kept": _KEPT})
    return number


def _taken(row: Row[tuple[object, ...]]) -> TakenList:
    told = row._asdict()
    runs: Sequence[Sequence[object]] = told.pop("runs", ())
    return TakenList(**told, runs=tuple(Run(*one) for one in runs))  # type: ignore[arg-type]  # as kept
