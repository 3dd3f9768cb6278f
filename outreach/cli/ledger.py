"""Commands about the ledger."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

import typer

from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, aside, opened, say
from outreach.reports import sums
from outreach.reports.reconcile import Account, reconcile
from outreach.retention import store as retention
from outreach.retention import sweep
from outreach.retention.sweep import Asked

cli = typer.Typer(no_args_is_help=True)

_COLUMNS = (
    "campaign", "candidates", "sent", "skipped", "failed", "cancelled", "uncertain", "held",
    "waiting", "closes",
)  # fmt: skip


@cli.callback()
def about() -> None:
    """The account of every candidate."""


@cli.command("reconcile")
def reconcile_(
    brand: BrandOption,
    campaign: Annotated[str | None, typer.Option(help="Key of one campaign.")] = None,
    json: JsonOption = False,
) -> None:
    """Hold candidates against what became of them; exits with 1 when the sum does not close."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        if campaign is not None:
            app.means.book.latest(tx, campaign)
        ledger = reconcile(tx, campaign)
    accounts = {key: account.document() for key, account in ledger.accounts.items()}
    if json:
        known = {
            "unproven": ledger.unproven, "events_without_person": ledger.events_without_person,
            "events_waiting": ledger.events_waiting, "drifted": ledger.drifted,
        }  # fmt: skip
        answer({"campaigns": accounts, "closes": ledger.closes} | known, as_json=True)
    else:
        rows = [_row(key, account) for key, account in ledger.accounts.items()]
        answer_rows(rows, columns=_COLUMNS, as_json=False, none="no candidate yet")
        say(f"events that wait for their person: {ledger.events_without_person}")
        say(f"events that wait to learn whose they are: {ledger.events_waiting}")
    if ledger.unproven:
        aside(f"no attempt bears these out: {', '.join(ledger.unproven)}")
    for one in ledger.drifted:
        aside(
            f"of {one.campaign} {one.counted} are {one.fate} {one.reason} and {one.kept} are kept: "
            "`outreach ledger recount` mends the sums"
        )
    if not ledger.closes:
        raise typer.Exit(1)


@cli.command("recount")
def recount(brand: BrandOption, json: JsonOption = False) -> None:
    """Make the sums that reports read what a full count comes to."""
    with opened() as app, app.means.database.begin(place := app.brand(brand)) as tx:
        many = sums.mend(tx, place)
    answer({"mended": many}, as_json=json, text=f"{many} sums were not what a full count comes to")


@cli.command("let-go")
def let_go(
    brand: BrandOption,
    days: Annotated[
        int | None,
        typer.Option(min=400, max=36_500, help="Keep so many days; else OUTREACH_RETENTION."),
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Say how much it is; keep it.")] = False,
    json: JsonOption = False,
) -> None:
    """Let go of verdicts, attempts, receipts and notes that are older than they are to be kept."""
    with opened() as app:
        place, database = app.brand(brand), app.means.database
        over = None if days is None else timedelta(days=days)
        asked = Asked(app.means.clock(), app.settings.retention, over)
        with database.begin(place) as tx:
            before = asked.befores(tx)["ledger"]
            gone = sweep.count(tx, asked) if count else {}
        gone = gone or sweep.sweep(database, place, asked)
    told = _told(gone)
    verb = "it would let go" if count else "let go"
    text = f"{verb} of what ended before {before.date()}: {told}"
    answer({"before": before, "counted": count, **gone}, as_json=json, text=text)


@cli.command("swept")
def swept(brand: BrandOption, json: JsonOption = False) -> None:
    """Show what was let go of in the last days, by kind, and how many legal holds spared some."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found = retention.newest(tx)
    rows = [
        {
            "day": one.day, "done_at": one.done_at, "holds": one.held,
            "gone": one.gone if json else _told(one.gone),
        }
        for one in found
    ]  # fmt: skip
    columns = ("day", "done_at", "holds", "gone")
    answer_rows(rows, columns=columns, as_json=json, none="nothing was swept yet")


def _told(gone: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {many}" for kind, many in gone.items())


def _row(key: str, account: Account) -> dict[str, object]:
    return {
        "campaign": key, "candidates": account.candidates, "sent": account.sent,
        "skipped": sum(account.skipped.values()), "failed": sum(account.failed.values()),
        "cancelled": sum(account.cancelled.values()), "uncertain": account.uncertain,
        "held": sum(account.open.held.values()), "waiting": account.open.waiting,
        "closes": "yes" if account.closes else "NO",
    }  # fmt: skip
