"""Commands about events."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from outreach import hints
from outreach.app import Outreach
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    answer,
    answer_rows,
    aside,
    opened,
    progress,
    readable,
    refusals,
    resumable,
    say,
)
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.errors import Misconfigured
from outreach.events import reading
from outreach.events.model import Event, Refusal
from outreach.events.store import Intake
from outreach.reports import waiting

cli = typer.Typer(no_args_is_help=True)

BATCH = 500
_NDJSON = "application/x-ndjson"
_WAITING = ("event", "waits_for", "source", "occurred_at", "received_at")


@dataclass(slots=True)
class _Total:
    accepted: int = 0
    already_seen: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def add(self, taken: Intake, refused: list[Refusal]) -> None:
        self.accepted += len(taken.new)
        self.already_seen += taken.already_seen
        self.refused += refused

    def __str__(self) -> str:
        counts = (self.accepted, self.already_seen, len(self.refused))
        return "{} accepted, {} already seen, {} refused".format(*counts)


@cli.command("import")
def import_(file: Path, brand: BrandOption, json: JsonOption = False) -> None:
    """Take in a file of events, one CloudEvent in JSON a line; a line seen before is dropped."""
    with opened() as app, _open(file) as lines:
        ref = app.brand(brand)
        total = _take(app, ref, lines)
        _hint(app, ref)
    told = [{"line": r.position, "code": r.code, "sentence": r.sentence} for r in total.refused]
    refusals([f"line {t['line']}: {t['code']}: {t['sentence']}" for t in told], as_json=json)
    counts = {"accepted": total.accepted, "already_seen": total.already_seen}
    answer(counts | {"refused": told}, as_json=json, text=str(total))
    if told:
        raise typer.Exit(1)


@cli.command("waiting")
def waiting_(
    brand: BrandOption,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    json: JsonOption = False,
) -> None:
    """Show the events that name a trade and no person, those first that have waited longest."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found, many = waiting.oldest(tx, limit=limit), waiting.many(tx)
    answer_rows(found, columns=_WAITING, as_json=json, none="no event waits for its person")
    if not json and many > len(found):
        say(f"{many} events wait; --limit shows more")


def _open(file: Path) -> BinaryIO:
    with readable(file):
        return file.open("rb")


def _take(app: Outreach, brand: BrandRef, lines: BinaryIO) -> _Total:
    """Take in one batch after the other, each in a transaction of its own."""
    total, done = _Total(), 0
    with progress() as tell:
        while batch := list(islice(lines, BATCH)):
            read = list(_read(app, brand, batch, done))
            refused = [one for one in read if isinstance(one, Refusal)]
            with resumable(done):
                total.add(_accepted(app, brand, read, refused=len(refused)), refused)
            done += len(batch)
            tell(f"{done} lines")
    return total


def _read(
    app: Outreach, brand: BrandRef, batch: list[bytes], done: int
) -> Iterator[Event | Refusal]:
    """Each line's event or refusal, by its line number in the file, counted from 1."""
    now = app.means.clock()
    for number, line in enumerate(batch, start=done + 1):
        for raw in reading.raw_events(_NDJSON, {}, line):
            yield reading.read(raw, position=number, brand=brand, now=now)


def _accepted(
    app: Outreach, brand: BrandRef, read: list[Event | Refusal], *, refused: int
) -> Intake:
    events = [one for one in read if isinstance(one, Event)]
    now = app.means.clock()
    with app.means.database.begin(brand) as tx:
        return intake.accept(tx, brand, events, source="file", refused=refused, now=now)


def _hint(app: Outreach, brand: BrandRef) -> None:
    """Wake a worker, if there is a queue to do it by; the workers look by themselves anyway."""
    if not app.settings.redis_url:
        return
    try:
        broker = hints.open_broker(app.settings.redis_url)
    except Misconfigured as error:  # no reason to call what is stored a failure
        aside(f"the events are stored, no worker was woken: {error.sentence}")
        return
    hints.Hints(broker).enrol(brand)
    broker.client.close()
