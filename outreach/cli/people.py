"""Commands about people."""

import csv
import json as json_
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import typer

from outreach.app import Outreach
from outreach.cli.session import BrandOption, JsonOption, answer, err, file_text, opened
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.errors import Invalid
from outreach.people import reading
from outreach.people.model import Person

cli = typer.Typer(no_args_is_help=True)

BATCH = 500

Line = tuple[int, object]


@cli.command("import")
def import_(file: Path, brand: BrandOption, json: JsonOption = False) -> None:
    """Take in a CSV (with a header) or NDJSON file of people; a bad line is told and left out.

    Consent is not touched: an import revives nobody who said no.
    """
    lines = _lines(file)
    stored = 0
    refused: list[dict[str, Any]] = []
    with opened() as app:
        ref = app.brand(brand)
        while batch := list(islice(lines, BATCH)):
            good = []
            for number, fields in batch:
                person = _read(app, ref, fields)
                if isinstance(person, Person):
                    good.append(person)
                else:
                    refused.append({"line": number, "problems": person})
            with app.means.database.begin(ref) as tx:
                intake.arrive(tx, ref, good, now=app.means.clock())
            stored += len(good)
            err.print(f"{stored} stored", end="\r")
    for line in refused:
        err.print(f"line {line['line']}: {'; '.join(line['problems'])}", markup=False)
    text = f"{stored} stored, {len(refused)} refused"
    answer({"stored": stored, "refused": refused}, as_json=json, text=text)
    if refused:
        raise typer.Exit(1)


def _read(app: Outreach, brand: BrandRef, fields: object) -> Person | list[str]:
    if not isinstance(fields, dict):
        return ["the line is no JSON object"]
    try:
        return reading.read(fields, brand=brand, hasher=app.means.hasher)
    except Invalid as error:
        return [str(problem) for problem in error.problems]


def _lines(file: Path) -> Iterator[Line]:
    """The fields of each line with its number, counted from 1. Raises `Invalid`, `NotFound`."""
    text = file_text(file).removeprefix("\ufeff")
    if file.suffix.lower() == ".csv":
        rows = csv.DictReader(text.splitlines(), strict=True)
        return ((number, dict(row)) for number, row in enumerate(rows, start=2))
    if file.suffix.lower() in {".ndjson", ".jsonl"}:
        return (
            (number, _json(line))
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip()
        )
    raise Invalid(f"{file.name}: name it .csv, .ndjson or .jsonl, so that it can be read")


def _json(line: str) -> object:
    try:
        return json_.loads(line)
    except ValueError:
        return None
