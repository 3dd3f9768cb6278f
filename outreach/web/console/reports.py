"""What came of a month, for us and for the firm that we speak for?  `/reports`

For a client this is the portal: the numbers of its brand, how promises were kept, and complaints.
It names nobody.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Query, Response

from outreach import timezones
from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.experiments import pilots, told
from outreach.reports import client, kept, metering, paper, period, surveys, tables
from outreach.reports.kept import Counted
from outreach.web.console.shell import Asked, Screen

router = APIRouter(include_in_schema=False)

Month: TypeAlias = Annotated[str, Query(max_length=10)]
For: TypeAlias = Literal["machines", "spreadsheets", "workbook"]
_CROWD = 10  # fewer mails to a domain may all be one person's, and nobody is named here
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv; charset=utf-8"


@router.api_route("/reports", methods=["GET", "HEAD"])
def show_reports(screen: Asked, month: Month = "") -> Response:
    """The month by campaign and channel, how promises were kept, and where to take it away.

    Promises are those of the first thousand low answers of the month.
    """
    brand, counted = _month(screen, month)
    means, at = screen.visitor.means, screen.visitor.brand
    found, account = counted.what, counted.what.period
    with screen.visitor.begin() as tx:
        owed = surveys.promises(tx, since=account.since, until=account.until)
    now = means.clock()
    mailed = kept.shown(means, at, kept.DOMAINS, found.told, now=now)
    states = [one.state(now=now) for one in owed]
    return screen.page(
        "reports",
        brand,
        month=found.told,
        counted=counted,
        period=account,
        levels=list(client.judged(found.levels, screen.language)),
        domains=[one for one in mailed.what if one.domain and one.sent >= _CROWD],
        providers=kept.shown(means, at, kept.PROVIDERS, found.told, now=now).what,
        costs=list(client.spent(found.costs, screen.language)),
        used=kept.shown(means, at, kept.USAGE, found.told, now=now).what,
        phrase=lambda reason: client.phrase(reason, screen.language),
        states={state: states.count(state) for state in ("kept", "late", "open", "breached")},
        complained=sum(line.complained for line in account.lines),
    )


@router.api_route("/reports/page", methods=["GET", "HEAD"])
def show_page(screen: Asked, month: Month = "") -> Response:
    """The page for the firm, to be kept as a file."""
    brand, found = _told(screen, month)
    made = client.page(found, screen.language, pilots=_pilots(screen, found))
    return _file(made.encode(), "text/html; charset=utf-8", f"{brand.ref.key}-{found.told}.html")


@router.api_route("/reports/paper", methods=["GET", "HEAD"])
def show_paper(screen: Asked, month: Month = "") -> Response:
    """The same as a PDF. Raises `Invalid` where what makes it is not installed."""
    brand, found = _told(screen, month)
    made = paper.pdf(found, screen.language, pilots=_pilots(screen, found))
    return _file(made, "application/pdf", f"{brand.ref.key}-{found.told}.pdf")


@router.api_route("/reports/table", methods=["GET", "HEAD"])
def show_table(screen: Asked, month: Month = "", readers: For = "spreadsheets") -> Response:
    """The month as a table: for machines, or for spreadsheets, in which no text acts."""
    brand, found = _told(screen, month)
    rows = [line.row() for line in found.period.lines]
    return _table(rows, period.COLUMNS, name=f"{brand.ref.key}-{found.told}", readers=readers)


@router.api_route("/reports/usage", methods=["GET", "HEAD"])
def show_usage(screen: Asked, month: Month = "", readers: For = "spreadsheets") -> Response:
    """What the month used, for invoices: contacts, messages, agents' minutes, charges."""
    visitor, now = screen.visitor, screen.visitor.means.clock()
    brand = _brand(screen)
    told = month.strip() or _this(now, brand.zone)
    used = kept.shown(visitor.means, visitor.brand, kept.USAGE, told, now=now).what
    rows = [one.row() for one in used]
    columns, name = metering.COLUMNS, f"{brand.ref.key}-{told}-usage"
    return _table(rows, columns, name=name, readers=readers)


def _table(
    rows: Sequence[tables.Row], columns: Sequence[str], *, name: str, readers: For
) -> Response:
    if readers == "workbook":
        return _file(tables.workbook(rows, columns), _XLSX, f"{name}.xlsx")
    written: Callable[..., str] = (
        tables.for_machines if readers == "machines" else tables.for_spreadsheets
    )
    return _file(written(rows, columns).encode(), _CSV, f"{name}.csv")


def _month(screen: Screen, written: str) -> tuple[Brand, Counted[client.Month]]:
    """The brand, and its month by its name. Raises `Invalid` for what is no month."""
    visitor = screen.visitor
    now = visitor.means.clock()
    brand = _brand(screen)
    told = written.strip() or _this(now, brand.zone)
    return brand, kept.shown(visitor.means, visitor.brand, kept.MONTH, told, now=now)


def _brand(screen: Screen) -> Brand:
    with screen.visitor.means.database.reading(screen.visitor.brand) as tx:
        return brands.get(tx)


def _told(screen: Screen, written: str) -> tuple[Brand, client.Month]:
    """The same, to be taken away."""
    brand, counted = _month(screen, written)
    return brand, counted.what


def _pilots(screen: Screen, found: client.Month) -> list[told.Line]:
    """How pilots stood at the end of the month, counted for this look."""
    means, account = screen.visitor.means, found.period
    with means.database.reading(screen.visitor.brand) as tx:
        tried = pilots.between(
            tx, means.book.every(tx), since=account.since, until=account.until, now=means.clock()
        )
    return told.lines(tried, screen.language)


def _this(now: datetime, zone: str) -> str:
    return f"{now.astimezone(timezones.load(zone)):%Y-%m}"


def _file(made: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type=kind, headers=headers)
