"""What does a file of a source's become, line by line?

The same way as what is pushed: persons that are new, then facts under their business keys. One
transaction a batch, so a file that broke off can be given again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice

from outreach import timezones
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.errors import Invalid
from outreach.events import reading
from outreach.events.model import Event, Refusal
from outreach.events.sources import columns
from outreach.events.sources.columns import Columns
from outreach.events.sources.judging import Known
from outreach.events.sources.protocol import RawEvent
from outreach.events.sources.tables import Row
from outreach.inbound.newcomers import welcome

BATCH = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a line: `accepted`, `already_seen`, `test` or `refused`, and why."""

    line: int
    verdict: str
    code: str | None = None
    sentence: str | None = None


def take_in(
    means: Means, source: Known, rows: Iterator[Row], chosen: Columns
) -> Iterator[list[Verdict]]:
    """Take in a file, batch after batch; answers the verdicts of each once it is committed."""
    zone = timezones.load(source.zone)
    while batch := list(islice(rows, BATCH)):
        read = [_read(source, row, chosen, zone, now=means.clock()) for row in batch]
        yield _tested(read) if source.test else _accepted(means, source, read)


_Line = tuple[int, RawEvent | None, Event | Refusal]


def _read(source: Known, row: Row, chosen: Columns, zone: tzinfo, *, now: datetime) -> _Line:
    if row.wrong is not None:
        return row.line, None, Refusal(row.line, "malformed", row.wrong)
    try:
        raw = columns.event(chosen, row.cells, zone)
    except Invalid as error:
        return row.line, None, Refusal(row.line, "malformed", error.sentence)
    document = raw.document(source.key, arrived_at=now)
    return row.line, raw, reading.read(document, position=row.line, brand=source.brand, now=now)


def _accepted(means: Means, source: Known, read: Sequence[_Line]) -> list[Verdict]:
    events = [event for _, _, event in read if isinstance(event, Event)]
    persons = [raw for _, raw, event in read if raw and isinstance(event, Event)]
    now, refused = means.clock(), len(read) - len(events)
    with means.database.begin(source.brand) as tx:
        welcome(tx, means, source.brand, persons, now=now)
        taken = intake.accept(
            tx, source.brand, events, source=source.key, refused=refused, now=now
        )  # fmt: skip
    return list(_verdicts(read, set(taken.new)))


def _verdicts(read: Sequence[_Line], new: set[object]) -> Iterator[Verdict]:
    """Of two lines with one fact the first brought it in."""
    for line, _, event in read:
        if isinstance(event, Refusal):
            yield Verdict(line, "refused", event.code, event.sentence)
        else:
            yield Verdict(line, "accepted" if event.id in new else "already_seen")
            new.discard(event.id)


def _tested(read: Sequence[_Line]) -> list[Verdict]:
    return [
        Verdict(line, "refused", event.code, event.sentence)
        if isinstance(event, Refusal)
        else Verdict(line, "test")
        for line, _, event in read
    ]
