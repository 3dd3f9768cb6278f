"""Commands about events."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import typer

from outreach import hints
from outreach.app import Outreach
from outreach.cli.session import BrandOption, JsonOption, answer, err, opened
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.errors import NotFound
from outreach.events import reading
from outreach.events.model import Event, Refusal
from outreach.events.store import Intake

cli = typer.Typer(no_args_is_help=True)

BATCH = 500
_NDJSON = "application/x-ndjson"


@cli.command("import")
def import_(file: Path, brand: BrandOption, json: JsonOption = False) -> None:
    """Take in a file of events, one CloudEvent in JSON a line; a line seen before is dropped."""
    with opened() as app, _open(file) as lines:
        ref = app.brand(brand)
        total = {"accepted": 0, "already_seen": 0}
        refused: list[Refusal] = []
        for start, batch in _batches(lines):
            read = _read(app, ref, batch, start)
            refused += [one for one in read if isinstance(one, Refusal)]
            taken = _accepted(app, ref, read)
            total["accepted"] += len(taken.new)
            total["already_seen"] += taken.already_seen
            err.print(f"{start + len(batch)} lines", end="\r")
        _hint(app, ref)
    counted = [f"{number} {what.replace('_', ' ')}" for what, number in total.items()]
    text = ", ".join([*counted, f"{len(refused)} refused"])
    for one in refused:
        err.print(f"line {one.position}: {one.code}: {one.sentence}", markup=False)
    answer(total | {"refused": refused}, as_json=json, text=text)
    if refused:
        raise typer.Exit(1)


def _open(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}") from error


def _batches(lines: BinaryIO) -> Iterator[tuple[int, list[bytes]]]:
    start = 0
    while batch := list(islice(lines, BATCH)):
        yield start, batch
        start += len(batch)


def _read(app: Outreach, brand: BrandRef, batch: list[bytes], start: int) -> list[Event | Refusal]:
    """Each line's event or refusal, by its line number in the file, counted from 1."""
    now = app.means.clock()
    return [
        reading.read(raw, position=number, brand=brand, now=now)
        for number, line in enumerate(batch, start=start + 1)
        for raw in reading.raw_events(_NDJSON, {}, line)
    ]


def _accepted(app: Outreach, brand: BrandRef, read: list[Event | Refusal]) -> Intake:
    events = [one for one in read if isinstance(one, Event)]
    with app.means.database.begin(brand) as tx:
        return intake.accept(
            tx,
            brand,
            events,
            source="file",
            refused=len(read) - len(events),
            now=app.means.clock(),
        )


def _hint(app: Outreach, brand: BrandRef) -> None:
    """Wake a worker, if there is a queue to do it by; the workers look by themselves anyway."""
    if app.settings.redis_url:
        hints.Hints(hints.open_broker(app.settings.redis_url)).enrol(brand)
