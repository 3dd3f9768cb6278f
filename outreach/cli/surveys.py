"""Commands about surveys: their documents, and what the answers come to."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from outreach import documents
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    answer,
    answer_rows,
    file_text,
    instant,
    opened,
    write_new,
)
from outreach.errors import NotFound
from outreach.reports import surveys as reports
from outreach.reports.surveys import By, Rate, Scored
from outreach.sentences import nearest
from outreach.surveys import document, store
from outreach.surveys.scales import Band

cli = typer.Typer(no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Survey files.")]
From = Annotated[str, typer.Option("--from", help="A survey of the library.")]
Since = Annotated[str | None, typer.Option(help="From this instant on; by default 90 days ago.")]
Until = Annotated[str | None, typer.Option(help="Before this instant; by default now.")]
Only = Annotated[str | None, typer.Option("--survey", help="Key of one survey.")]
Per = Annotated[By, typer.Option("--by", help="A line for each of these.")]
InBand = Annotated[Band | None, typer.Option(help="Low, middling or high answers alone.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The file to write.")]


_RATE = ("campaign", "survey", "asked", "answered", "rate")


@cli.command("new")
def new(key: str, like: From, out: Out = None, json: JsonOption = False) -> None:
    """Begin a survey from one of the library, comments and all."""
    library = document.library()
    if like not in library:
        raise NotFound(f"the library has no survey {like!r}{nearest(like, library)}")
    text = documents.changed(library[like], ("key",), key)
    document.read(text, name=key)
    if out is None:
        answer({"text": text}, as_json=json, text=text.rstrip("\n"))
        return
    write_new(out, text)
    answer({"written": [str(out)]}, as_json=json, text=f"{out}: written")


@cli.command("schema")
def schema() -> None:
    """Print the JSON Schema of a survey document, for an editor."""
    answer(document.schema(), as_json=True)


@cli.command("import")
def import_(files: Files, brand: BrandOption, json: JsonOption = False) -> None:
    """Keep surveys for this brand: all of them or, on an error, none."""
    texts = {str(file): file_text(file) for file in files}
    with opened() as app:
        ref = app.brand(brand)
        with app.means.database.begin(ref) as tx:
            kept = [store.put(tx, ref, text, name=name) for name, text in texts.items()]
    rows = [{"survey": one.key, "version": one.version} for one in kept]
    answer_rows(rows, columns=("survey", "version"), as_json=json, none="nothing imported")


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show the brand's surveys, and those of the library that it has not taken up."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        own = store.every(tx)
    known = {one.key for one in own}
    rows = [{"survey": one.key, "version": one.version, "from": "brand"} for one in own]
    rows += [
        {"survey": key, "version": None, "from": "library"}
        for key in document.library()
        if key not in known
    ]
    answer_rows(rows, columns=("survey", "version", "from"), as_json=json, none="no survey")


@cli.command("score")
def score(
    brand: BrandOption,
    by: Per = "all",
    survey: Only = None,
    since: Since = None,
    until: Until = None,
    json: JsonOption = False,
) -> None:
    """Say what the answers come to, with the interval of the score and who answered at all."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        first, last = _span(app, since, until)
        zone = brands.get(tx).zone
        scored = reports.scores(tx, by=by, zone=zone, since=first, until=last, form=survey)
        rates = reports.rates(tx, app.means.book.every(tx), since=first, until=last)
    rates = [rate for rate in rates if survey in {None, rate.survey}]
    if json:
        answer({"scores": scored, "rates": rates}, as_json=True)
        return
    rows, shares = [_scored(one, by) for one in scored], [_rate(one) for one in rates]
    columns = ("survey", by, "score", "interval", "answers", "note")
    answer_rows(rows, columns=columns, as_json=False, none="nobody has answered")
    answer_rows(shares, columns=_RATE, as_json=False, none="nobody was asked")


@cli.command("comments")
def comments(
    brand: BrandOption,
    band: InBand = None,
    survey: Only = None,
    since: Since = None,
    until: Until = None,
    json: JsonOption = False,
) -> None:
    """Show what people wrote with their answers, the newest first."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        first, last = _span(app, since, until)
        found = reports.comments(tx, since=first, until=last, form=survey, band=band)
    rows = [asdict(one) for one in found]
    columns = ("at", "ref", "survey", "score", "comment")
    answer_rows(rows, columns=columns, as_json=json, none="nobody wrote anything")


@cli.command("promises")
def promises(
    brand: BrandOption, since: Since = None, until: Until = None, json: JsonOption = False
) -> None:
    """Show whoever answered low and is to be called; ends with 1 when somebody was not, in time."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        first, last = _span(app, since, until)
        found = reports.promises(tx, since=first, until=last)
        now = app.means.clock()
    rows = [{**asdict(one), "state": one.state(now=now)} for one in found]
    columns = ("ref", "survey", "score", "answered_at", "call_by", "reached_at", "state")
    answer_rows(rows, columns=columns, as_json=json, none="nobody is to be called")
    if any(row["state"] == "breached" for row in rows):
        raise typer.Exit(1)


def _span(app: Outreach, since: str | None, until: str | None) -> tuple[datetime, datetime]:
    # What is answered at this very instant is counted.
    last = instant(until) or app.means.clock() + timedelta(seconds=1)
    return instant(since) or last - timedelta(days=90), last


def _scored(one: Scored, by: By) -> dict[str, object]:
    score = one.score
    return {
        "survey": one.survey, by: one.value or "–", "score": score.value,
        "interval": f"{score.lowest} to {score.highest}", "answers": one.counts.all,
        "note": "few answers" if one.few else "",
    }  # fmt: skip


def _rate(one: Rate) -> dict[str, object]:
    return {**asdict(one), "rate": f"{one.share:.0%}"}
