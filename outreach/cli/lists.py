"""Commands about do-not-contact lists: a brand's own, and the agency's."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from optout.list_lines import Layout
from optout.lists import Incoming
from optout.lists import verdicts as verdicts_to
from optout.model import Channel
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    answer,
    answer_rows,
    aside,
    opened,
    readable,
)
from outreach.inbound import lists

_A_MILLION = 1_000_000


def take_in(  # noqa: PLR0917  # Typer reads options off the parameters
    file: Annotated[Path, typer.Argument(help="One address a line, or as --layout says.")],
    brand: BrandOption,
    name: Annotated[str, typer.Option("--list", help="Its name, as `regimes show` calls it.")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day it speaks of.")],
    expires: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    layout: Layout = Layout.LINES,
    channel: Annotated[list[Channel] | None, typer.Option(help="All where left out.")] = None,
    region: Annotated[str | None, typer.Option(help="Country of numbers without +.")] = None,
    agency: Annotated[bool, typer.Option("--agency", help="For every brand here.")] = False,
    verdicts: Annotated[Path | None, typer.Option(help="What became of each line.")] = None,
    json: JsonOption = False,
) -> None:
    """Take a do-not-contact list in; it adds, and lifts nothing that anybody said."""
    edition = lists.edition(
        name,
        brand=None if agency else brand,
        as_of=as_of.date(),
        expires_on=expires.date() if expires else None,
        channels=channel or (),
    )
    coming = Incoming(edition, layout, file.name, region)
    with opened() as app, verdicts_to(verdicts) as heard, _open(file) as lines:
        counts = lists.take_in(
            app.means, app.brand(brand), coming, lines, heard=heard, progress=_progress
        )
    told = {"list": name, "listed": counts.listed, "clear": counts.clear, "refused": counts.refused}
    kind = "blocks whoever is on it" if edition.binding else "counts where a law names it"
    sentence = (
        f"{name} {kind}: {counts.listed} listed, {counts.clear} clear, {counts.refused} refused"
    )
    answer(told, as_json=json, text=sentence)


def held(brand: BrandOption, json: JsonOption = False) -> None:
    """Which lists hold, whose they are, and how old; a register is good for as long as laws say."""
    with opened() as app:
        rows = [asdict(one) for one in lists.held(app.means, app.brand(brand))]
    columns = ("list", "of", "as_of", "age_days", "expires_on", "channels", "counts")
    answer_rows(rows, columns=columns, as_json=json, none="no list was taken in")


def _open(file: Path) -> TextIO:
    with readable(file):
        return file.open(encoding="utf-8-sig", newline="")


def _progress(lines: int) -> None:
    if lines % _A_MILLION == 0:
        aside(f"{lines // _A_MILLION} million lines")
