"""Commands about people."""

import csv
import json as json_
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from outreach.app import Outreach
from outreach.cli import recording
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    LanguageOption,
    RefArgument,
    answer,
    file_text,
    opened,
    progress,
    refusals,
    resumable,
)
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.errors import Invalid, Problem
from outreach.exports import asking as exports
from outreach.hours import coordinates
from outreach.inbound import erasure
from outreach.people import reading
from outreach.people.model import Person, person_id
from outreach.reports import personal

cli = typer.Typer(no_args_is_help=True)

BATCH = 1000

Line = tuple[int, object]
Refused = dict[str, Any]


@cli.command("import")
def import_(file: Path, brand: BrandOption, json: JsonOption = False) -> None:
    """Take in a CSV (with a header) or NDJSON file of people; a bad line is told and left out.

    Consent is not touched: an import revives nobody who said no.
    """
    given = lines(file)
    with opened() as app:
        stored, refused = take(app, app.brand(brand), given)
    refusals([f"line {r['line']}: {'; '.join(r['problems'])}" for r in refused], as_json=json)
    text = f"{stored} stored, {len(refused)} refused"
    answer({"stored": stored, "refused": refused}, as_json=json, text=text)
    if refused:
        raise typer.Exit(1)


@cli.command("erase")
def erase_(
    ref: RefArgument,
    because: Annotated[str, typer.Option(help="Who asked for it; name nobody.")],
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """Forget a person: names and addresses go, and so does whatever was planned."""
    with opened() as app:
        place = app.brand(brand)
        done = erasure.erase(app.means, place, person_id(place, ref), evidence=because)
    air = f"; in the air: {', '.join(done.in_air)}" if done.in_air else ""
    what = "will be forgotten when the last legal hold ends" if done.pending else "is forgotten"
    text = f"{ref} {what}; {done.entries} addresses are not to be used{air}"
    answer(done, as_json=json, text=text)


@cli.command("export")
def export_(
    ref: RefArgument, brand: BrandOption, language: LanguageOption = "en", json: JsonOption = False
) -> None:
    """Hand out everything that is kept of a person, with their addresses in clear."""
    with opened() as app:
        place, now = app.brand(brand), app.means.clock()
        with app.means.database.begin(place) as tx:
            exports.allow(tx, place, "person", by=recording.by(), now=now)
        kept = personal.of_person(app.means, place, person_id(place, ref), now=now)
    answer(kept, as_json=json, text=personal.readable(kept, language=language))


def take(app: Outreach, brand: BrandRef, lines: Iterator[Line]) -> tuple[int, list[Refused]]:
    """Store one batch after the other; answers how many, and the lines that were refused."""
    stored, refused = 0, list[Refused]()
    with progress() as tell:
        while batch := list(islice(lines, BATCH)):
            read = [(number, _read(app, brand, fields)) for number, fields in batch]
            good = [person for _, person in read if isinstance(person, Person)]
            with resumable(stored + len(refused)), app.means.database.begin(brand) as tx:
                intake.arrive(tx, brand, good, now=app.means.clock())
            stored += len(good)
            refused += [{"line": n, "problems": p} for n, p in read if isinstance(p, list)]
            tell(f"{stored} stored")
    return stored, refused


def _read(app: Outreach, brand: BrandRef, fields: object) -> Person | list[str]:
    if not isinstance(fields, dict):
        return ["the line is no JSON object"]
    if None in fields:  # where csv puts what is left over
        return ["the line has more cells than the header; put a cell with a comma in quotes"]
    try:
        return reading.read(
            fields, brand=brand, hasher=app.means.hasher, zone_at=coordinates.zone_of
        )
    except Invalid as error:
        return [str(problem) for problem in error.problems]


def lines(file: Path) -> Iterator[Line]:
    """The fields of each line with its number, counted from 1. Raises `Invalid`, `NotFound`."""
    text, ending = file_text(file), file.suffix.lower()
    if ending == ".csv":
        return iter(_rows(file, text))
    if ending in {".ndjson", ".jsonl"}:
        numbered = enumerate(text.split("\n"), start=1)
        return ((number, _json(line)) for number, line in numbered if line.strip())
    raise Invalid(f"{file.name}: name it .csv, .ndjson or .jsonl, so that it can be read")


def _rows(file: Path, text: str) -> list[Line]:
    """All rows before the first is stored: where quotes are wrong, so is whatever follows them."""
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        _check_header(file, reader.fieldnames or ())
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        problem = Problem("", f"{error}; check the quotes", line=reader.line_num, column=1)
        raise Invalid(f"{file} is not CSV, nothing was stored", problems=[problem]) from error


def _check_header(file: Path, names: Sequence[str]) -> None:
    known = ", ".join(reading.FIELDS)
    stray = [name for name in names if name not in reading.FIELDS]
    problems = [Problem(name, f"is no column; known are {known}", 1, 1) for name in stray]
    twice = [name for name, many in Counter(names).items() if many > 1]
    problems += [Problem(name, "is a column twice: keep one", 1, 1) for name in twice]
    if "ref" not in names:
        problems.append(Problem("ref", "is missing: a column with your own id of each", 1, 1))
    if problems:
        sentence = f"{file}: its first line must name the columns, with commas; nothing was stored"
        raise Invalid(sentence, problems=problems)


def _json(line: str) -> object:
    try:
        return json_.loads(line)
    except (ValueError, RecursionError):
        return None
