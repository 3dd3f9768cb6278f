"""Commands about what came of a month, for whoever we speak for."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from outreach.brands import store as brands
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    LanguageOption,
    answer,
    answer_rows,
    opened,
    say,
)
from outreach.reports import client, period, tables

cli = typer.Typer(no_args_is_help=True)

Month = Annotated[str, typer.Argument(help="Such as 2026-11, on the brand's clock.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The file to write.")]
For = Annotated[
    Literal["machines", "spreadsheets", "workbook"], typer.Option("--for", help="Who reads it.")
]


@cli.command("month")
def month(
    told: Month,
    brand: BrandOption,
    *,
    out: Out = None,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Show what came of a month; `--out` writes the page for the firm."""
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        known = brands.get(tx)
        since, until = client.month(told, known.zone)
        found = period.of(tx, since=since, until=until, zone=known.zone)
    if out is not None:
        out.write_text(client.page(found, language, brand=known.name, told=told), encoding="utf-8")
    rows = [line.row() for line in found.lines]
    if json:
        counts = {"sent": found.sent, "reached": found.reached, "refused": found.refused}
        not_sent = [{"reason": reason, "count": many} for reason, many in found.not_sent]
        answer(counts | {"lines": rows, "not_sent": not_sent}, as_json=True)
        return
    answer_rows(rows, columns=period.COLUMNS, as_json=False, none="nothing left in this month")
    say(f"{found.reached} people reached, {found.refused} said no ({found.opt_out_rate:.2%})")


@cli.command("export")
def export(
    told: Month,
    brand: BrandOption,
    out: Annotated[Path, typer.Option("--out", "-o")],
    *,
    readers: For = "machines",
) -> None:
    """Write a month by campaign and channel as a table: for machines, or for spreadsheets."""
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        zone = brands.get(tx).zone
        since, until = client.month(told, zone)
        found = period.of(tx, since=since, until=until, zone=zone)
    rows = [line.row() for line in found.lines]
    if readers == "workbook":
        out.write_bytes(tables.workbook(rows, period.COLUMNS))
        return
    written = tables.for_machines if readers == "machines" else tables.for_spreadsheets
    out.write_bytes(written(rows, period.COLUMNS).encode())
