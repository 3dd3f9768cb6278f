"""Commands about texts: what is wrong with their wording, how they read, what their SMS cost."""

import json as json_module
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter

from optout.model import Channel
from outreach import documents
from outreach.brands.model import BrandDocument
from outreach.cli.papers import Paper, papers
from outreach.cli.session import JsonOption, answer, answer_rows, file_text, write_new
from outreach.dispatch import around
from outreach.errors import Invalid, NotFound, Problem
from outreach.templates import document, lint, owing, parts, preview, segments, starting
from outreach.templates.brief import Brief
from outreach.templates.lines import Own, sample
from outreach.templates.preview import Preview

cli = typer.Typer(no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Template files, or folders.")]
From = Annotated[str, typer.Option("--from", help="A template of the library.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The file to write.")]
BrandFile = Annotated[Path | None, typer.Option(help="A brand's file: its voice is heeded.")]
Locales = Annotated[list[str] | None, typer.Option("--locale", help="It must speak this.")]
Countries = Annotated[list[str] | None, typer.Option("--country", help="It is read there too.")]
AsOf = Annotated[str, typer.Option(help="`sample`, or a JSON file with an event that came.")]
Event = Annotated[str | None, typer.Option(help="The type of event that it follows.")]
Price = Annotated[float | None, typer.Option(min=0, help="Price of one part, to add it up.")]
Fold = Annotated[bool, typer.Option("--fold", help="Write typographic signs plainly first.")]


@cli.command("new")
def new(key: str, like: From, out: Out = None, json: JsonOption = False) -> None:
    """Begin a template from one of the library, with a schema for editors beside it."""
    text = starting.begun(key, like=like)
    if out is None:
        answer({"text": text}, as_json=json, text=text.rstrip("\n"))
        return
    write_new(out, text)
    out.with_name(starting.SCHEMA_FILE).write_text(starting.schema_file(), encoding="utf-8")
    answer({"written": [str(out)]}, as_json=json, text=f"{out}: written")


@cli.command("schema")
def schema() -> None:
    """Print the JSON Schema of a template document, for an editor."""
    answer(document.schema(), as_json=True)


@cli.command("lint")
def lint_(
    files: Files,
    brand_file: BrandFile = None,
    locale: Locales = None,
    country: Countries = None,
    json: JsonOption = False,
) -> None:
    """Say which phrase of a template may not stand there, on which line, and who says so."""
    brief = _brief(brand_file, locale or [], country or [])
    found = [
        finding
        for paper in _templates(files)
        for finding in lint.of_text(paper.text, name=str(paper.file), brief=brief)
    ]
    answer(found, as_json=json, text="\n".join(map(str, found)) or "nothing found")
    if lint.errors(tuple(found)):
        raise typer.Exit(1)


@cli.command("preview")
def preview_(
    file: Path,
    as_of: AsOf = "sample",
    event: Event = None,
    brand_file: BrandFile = None,
    json: JsonOption = False,
) -> None:
    """Show every wording as it reads, and which value may be missing on the day."""
    data = None if as_of == "sample" else _data(Path(as_of))
    own = _own(brand_file)
    told = preview.of_text(file_text(file), name=str(file), event=event, data=data, own=own)
    answer(told, as_json=json, text="\n\n".join(map(_shown, told)))
    if any(one.gaps for one in told):
        raise typer.Exit(1)


@cli.command("segments")
def segments_(
    files: Files,
    price: Price = None,
    fold: Fold = False,
    brand_file: BrandFile = None,
    json: JsonOption = False,
) -> None:
    """Count the parts in which each SMS leaves, filled with a sample, and what they cost."""
    own = _own(brand_file)
    rows = [row for paper in _templates(files) for row in _rows(paper, price, own, fold=fold)]
    columns = ["template", "locale", "alphabet", "units", "parts", *(["cost"] if price else [])]
    answer_rows(rows, columns=columns, as_json=json, none="no SMS")


def _brief(file: Path | None, locales: Sequence[str], countries: Sequence[str]) -> Brief:
    if file is None:
        return Brief(locales=locales, countries=countries)
    brand = _brand(file)
    profile = brand.profile
    senders = dict.fromkeys((Channel.SMS, Channel.CHAT), profile.sms_sender)
    return Brief(
        profile.voice, locales, countries, traced=profile.traced, senders=senders,
        own=_lines_of(brand),
    )  # fmt: skip


def _own(file: Path | None) -> Own:
    """The lines of this brand, or made-up ones."""
    return _lines_of(_brand(file)) if file else sample


def _brand(file: Path) -> BrandDocument:
    return documents.read(file_text(file), TypeAdapter(BrandDocument), name=str(file))


def _lines_of(brand: BrandDocument) -> Own:
    return partial(around.lines_of, brand)


def _templates(files: Sequence[Path]) -> list[Paper]:
    """Raises `Invalid` with what is wrong with any of them."""
    read = [paper for paper in papers(files) if paper.kind == "template"]
    if not read:
        raise NotFound(f"there is no template in {', '.join(map(str, files))}")
    problems = [Problem("", f"{p.file}: {problem}") for p in read for problem in p.problems]
    if problems:
        raise Invalid("these templates cannot be read", problems=problems)
    return read


def _data(file: Path) -> dict[str, Any]:
    """The data of an event in a file: a CloudEvent, or its data alone."""
    try:
        event = json_module.loads(file_text(file))
    except ValueError as error:
        raise Invalid(f"{file} is not JSON: {error}") from error
    data = event.get("data", event) if isinstance(event, dict) else None
    if not isinstance(data, dict):
        raise Invalid(f"{file} holds no event: write a JSON object")
    return data


def _shown(one: Preview) -> str:
    head = f"── {one.locale}, {one.channel} "
    subject = [f"Subject: {one.content.subject}"] if one.content and one.content.subject else []
    body = [one.content.text] if one.content else []
    return "\n".join([head, *subject, *body, *(f"! {gap}" for gap in one.gaps)])


def _rows(
    paper: Paper, price: float | None, own: Own, *, fold: bool
) -> Iterable[dict[str, object]]:
    template = document.read(paper.text, name=str(paper.file))
    for part in parts.parts(template, own):
        if part.channel is Channel.SMS:
            text = segments.folded(part.filled) if fold else part.filled
            yield {"template": template.key, "locale": part.locale} | _counted(
                part.locale, text, price
            )


def _counted(locale: str, text: str, price: float | None) -> dict[str, object]:
    network = owing.network(locale)
    cut = segments.split(text, network=network)
    cost = {} if price is None else {"cost": segments.cost(cut, price=Decimal(str(price)))}
    return {"alphabet": cut.alphabet, "units": cut.units, "parts": cut.count, **cost}
