"""Commands about what came of a month, for whoever we speak for."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from optout.model import Channel
from outreach import timezones
from outreach.bilingual import Language
from outreach.brands import store as brands
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    LanguageOption,
    Prices,
    answer,
    answer_rows,
    one_of,
    opened,
    price_of,
    say,
)
from outreach.errors import Invalid
from outreach.experiments import pilots
from outreach.experiments import told as trials
from outreach.experiments.pilot import COLUMNS as TRIED
from outreach.reports import (
    calendar,
    client,
    costs,
    domains,
    metering,
    paper,
    period,
    providers,
    service,
    sums,
    tables,
)
from outreach.reports.calendar import Asked, Day
from outreach.reports.levels import COLUMNS

cli = typer.Typer(no_args_is_help=True)

Month = Annotated[str, typer.Argument(help="Such as 2026-11, on the brand's clock.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The file to write.")]
Readers: TypeAlias = Literal["machines", "spreadsheets", "workbook"]
For = Annotated[Readers, typer.Option("--for", help="Who reads it.")]
Quotas = Annotated[
    list[str] | None, typer.Option("--quota", help="Such as sms=3600, an hour of a channel.")
]
_HOURS = ("day", "hour", "channel", "planned", "held", "quota", "over")


@cli.command("calendar")
def planned(
    brand: BrandOption,
    *,
    since: Annotated[str | None, typer.Option("--from", help="From this day on; today.")] = None,
    days: Annotated[int, typer.Option(min=1, max=calendar.LONGEST, help="So many.")] = 28,
    quota: Quotas = None,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Show what is planned by day and hour, with holidays and days of big sales."""
    quotas = dict(map(_quota, quota or ()))
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        zone = brands.get(tx).zone
        today = app.means.clock().astimezone(timezones.load(zone)).date()
        first = _day(since) if since else today
        found = calendar.planned(tx, Asked(first, days, zone, language, quotas))
    if json:
        answer(found, as_json=True)
        return
    rows = [row for day in found for row in _rows(day)]
    answer_rows(rows, columns=_HOURS, as_json=False, none="nothing is planned for these days")
    for day in found:
        if names := [f"{on.name} ({on.country})" for on in day.holidays] + list(day.sales):
            say(f"{day.day}: {', '.join(names)}")


def _rows(day: Day) -> list[dict[str, object]]:
    return [
        {
            "day": day.day, "hour": one.hour, "channel": one.channel, "planned": one.planned,
            "held": one.held, "quota": one.quota, "over": one.over or None,
        }
        for one in day.hours
    ]  # fmt: skip


def _quota(told: str) -> tuple[str, int]:
    channel, _, many = told.partition("=")
    one_of(channel, set(Channel), what="channel")
    if not (many.isascii() and many.isdigit()):
        raise Invalid(f"{told!r} is no quota: write sms=3600, contacts an hour")
    return channel, int(many)


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError as error:
        raise Invalid(f"{told!r} is no day, such as 2026-11-11") from error


@cli.command("sums")
def sums_(
    told: Month,
    brand: BrandOption,
    *,
    by: Annotated[sums.By, typer.Option(help="For each of these.")] = "all",
    campaign: Annotated[str | None, typer.Option(help="Key of one campaign.")] = None,
    json: JsonOption = False,
) -> None:
    """Show which fates candidates came to in a month, from sums that are kept: at once."""
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        zone = brands.get(tx).zone
        since, until = client.month(told, zone)
        span = {"since": since, "until": until}
        found = sums.of(tx, **span, by=by, zone=zone, campaign=campaign)
    rows = [asdict(one) for one in found]
    columns = ("campaign", "day", "hour", "channel", "fate", "reason", "many")
    answer_rows(rows, columns=columns, as_json=json, none="nothing was settled in this month")


@cli.command("usage")
def usage(
    told: Month,
    brand: BrandOption,
    *,
    price: Prices = None,
    out: Out = None,
    readers: For = "machines",
    json: JsonOption = False,
) -> None:
    """Show what a month used: contacts, messages, agents' minutes, and cost at these prices."""
    prices = dict(map(price_of, price or ()))
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        since, until = client.month(told, brands.get(tx).zone)
        found = metering.used(tx, since=since, until=until, prices=prices)
    rows = [one.row() for one in found]
    if out is not None:
        _written(rows, metering.COLUMNS, out, readers)
    answer_rows(rows, columns=metering.COLUMNS, as_json=json, none="nothing was used in this month")


@cli.command("domains")
def domains_(told: Month, brand: BrandOption, *, json: JsonOption = False) -> None:
    """Show how mails of a month fared by domain: arrived, came back, complained of."""
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        since, until = client.month(told, brands.get(tx).zone)
        found = domains.of(tx, since=since, until=until)
    rows = [one.row() for one in found]
    answer_rows(rows, columns=domains.COLUMNS, as_json=json, none="no mail left in this month")
    for one in () if json else found:
        if one.annoyed:
            rate = f"{one.complaint_rate:.2%}"
            say(f"{one.domain}: more complain than mailbox providers bear ({rate})")


@cli.command("providers")
def providers_(told: Month, brand: BrandOption, *, json: JsonOption = False) -> None:
    """Show how what each provider took over in a month fared: arrived, came back, complained of."""
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        since, until = client.month(told, brands.get(tx).zone)
        rows = [one.row() for one in providers.of(tx, since=since, until=until)]
    answer_rows(rows, columns=providers.COLUMNS, as_json=json, none="nothing left in this month")


@cli.command("month")
def month(
    told: Month,
    brand: BrandOption,
    *,
    out: Out = None,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Show what came of a month; `--out` writes the page for the firm, as HTML or (.pdf) as PDF."""
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        now = app.means.clock()
        found = client.gather(tx, brands.get(tx), told, now=now)
        since, until = found.period.since, found.period.until
        tried = pilots.between(tx, app.means.book.every(tx), since=since, until=until, now=now)
    if out is not None:
        _put(out, found, language, trials.lines(tried, language))
    _show(
        found, [{"campaign": key} | row for key, one in tried for row in one.rows()], as_json=json
    )


def _put(
    out: Path, found: client.Month, language: Language, tried: Sequence[Sequence[str]]
) -> None:
    """As a PDF where the file is named so, and else as HTML."""
    if out.suffix.lower() == ".pdf":
        out.write_bytes(paper.pdf(found, language, pilots=tried))
        return
    out.write_bytes(client.page(found, language, pilots=tried).encode())


def _show(found: client.Month, tried: Sequence[dict[str, object]], *, as_json: bool) -> None:
    account = found.period
    rows = [line.row() for line in account.lines]
    levels, spent = ([one.row() for one in rows] for rows in (found.levels, found.costs))
    if as_json:
        counts = {"sent": account.sent, "reached": account.reached, "refused": account.refused}
        not_sent = [{"reason": reason, "count": many} for reason, many in account.not_sent]
        told = counts | {"lines": rows, "not_sent": not_sent, "levels": levels, "costs": spent}
        answer(told | {"pilots": tried}, as_json=True)
        return
    answer_rows(rows, columns=period.COLUMNS, as_json=False, none="nothing left in this month")
    answer_rows(levels, columns=COLUMNS, as_json=False, none="nothing was measured")
    answer_rows(spent, columns=costs.COLUMNS, as_json=False, none="providers told of no charge")
    if tried:
        answer_rows(tried, columns=("campaign", *TRIED), as_json=False, none="")
    rate = f"{account.opt_out_rate:.2%}"
    say(f"{account.reached} people reached, {account.refused} said no ({rate})")


@cli.command("agents")
def agents(
    told: Month,
    brand: BrandOption,
    *,
    out: Out = None,
    readers: For = "machines",
    json: JsonOption = False,
) -> None:
    """Show what each agent did in a month: calls, on how many days, and their minutes."""
    with opened() as app, app.means.database.reading(app.brand(brand)) as tx:
        zone = brands.get(tx).zone
        since, until = client.month(told, zone)
        found = service.agents(tx, since=since, until=until, zone=zone)
    rows = [one.row() for one in found]
    if out is not None:
        _written(rows, service.AGENT_COLUMNS, out, readers)
    columns = service.AGENT_COLUMNS
    answer_rows(rows, columns=columns, as_json=json, none="nobody called in this month")


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
    _written([line.row() for line in found.lines], period.COLUMNS, out, readers)


def _written(
    rows: Sequence[tables.Row], columns: Sequence[str], out: Path, readers: Readers
) -> None:
    if readers == "workbook":
        out.write_bytes(tables.workbook(rows, columns))
        return
    written = tables.for_machines if readers == "machines" else tables.for_spreadsheets
    out.write_bytes(written(rows, columns).encode())
