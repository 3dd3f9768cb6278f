"""Commands about do-not-contact lists: a brand's own, and the agency's."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer
from sqlalchemy import Connection, text

from optout import list_sql, lists, regimes, sql
from optout.errors import UnreadableList
from optout.list_lines import Layout
from optout.lists import Counts, Incoming
from optout.model import Channel
from optout.scrubs import Edition
from outreach.app import Outreach
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    answer,
    answer_rows,
    aside,
    opened,
    readable,
)
from outreach.errors import Invalid

_A_MILLION = 1_000_000
_AS_LONG_AS_IT_TAKES = text("set local statement_timeout = 0")


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
    edition = Edition(
        0, None if agency else brand, name, "whole", as_of.date(),
        expires.date() if expires else None, tuple(channel or ()),
        binding=name not in regimes.packaged().registers(),
    )  # fmt: skip
    incoming = Incoming(edition, layout, file.name, region)
    try:
        with (
            opened() as app,
            lists.verdicts(verdicts) as heard,
            _open(file) as lines,
        ):
            counts = _taken_in(app, brand, incoming, lines, heard)
    except UnreadableList as error:
        raise Invalid(str(error)) from error
    told = {"list": name, "listed": counts.listed, "clear": counts.clear, "refused": counts.refused}
    kind = "blocks whoever is on it" if edition.binding else "counts where a law names it"
    sentence = (
        f"{name} {kind}: {counts.listed} listed, {counts.clear} clear, {counts.refused} refused"
    )
    answer(told, as_json=json, text=sentence)


def held(brand: BrandOption, json: JsonOption = False) -> None:
    """Which lists hold, whose they are, and how old; a register is good for as long as laws say."""
    with opened() as app:
        today = app.means.clock().date()
        with app.means.database.begin(app.brand(brand)) as tx:
            rows = [_row(edition, today) for edition in list_sql.held(tx)]
    columns = ("list", "of", "as_of", "age_days", "expires_on", "channels", "counts")
    answer_rows(rows, columns=columns, as_json=json, none="no list was taken in")


def _row(edition: Edition, today: date) -> dict[str, object]:
    return {
        "list": edition.name, "of": edition.brand or "the agency", "as_of": edition.as_of,
        "age_days": (today - edition.as_of).days, "expires_on": edition.expires_on,
        "channels": ", ".join(edition.channels) or "all", "kind": edition.kind,
        "counts": "always" if edition.binding else "where a law names it",
    }  # fmt: skip


def _taken_in(
    app: Outreach, brand: str, incoming: Incoming, lines: Iterator[str], heard: lists.Heard
) -> Counts:
    with app.means.database.begin(app.brand(brand)) as tx:
        tx.execute(_AS_LONG_AS_IT_TAKES)
        _speak_for_agency(tx, incoming)
        _, counts = lists.take_in(
            tx, app.means.hasher, incoming, lines, heard=heard, progress=_progress
        )
    return counts


def _open(file: Path) -> TextIO:
    with readable(file):
        return file.open(encoding="utf-8-sig", newline="")


def _speak_for_agency(tx: Connection, incoming: Incoming) -> None:
    if incoming.edition.brand is None:
        sql.speak_for(tx, brand=None, agency=True)


def _progress(lines: int) -> None:
    if lines % _A_MILLION == 0:
        aside(f"{lines // _A_MILLION} million lines")
