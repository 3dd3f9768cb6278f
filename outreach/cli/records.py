"""Commands about records: orders, parcels, contracts, cases and what else events speak of."""

from collections.abc import Mapping
from typing import Annotated

import typer

from outreach.app import Outreach
from outreach.bilingual import Language
from outreach.brands import store as brands
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    LanguageOption,
    answer,
    answer_rows,
    aside,
    opened,
    progress,
)
from outreach.db.engine import BrandRef
from outreach.errors import NotFound
from outreach.people.model import person_id
from outreach.records import rebuild
from outreach.records.rebuild import Count
from outreach.reports import records
from outreach.reports.model import RecordTold

cli = typer.Typer(no_args_is_help=True)

_COLUMNS = ("brand", "kind", "before", "after", "removed", "same")


@cli.command("show")
def show(
    what: Annotated[str, typer.Argument(help="Your own name of a person, or an order's number.")],
    brand: BrandOption,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Show what is on record of a person, or of an order."""
    with opened() as app:
        found = _found(app, app.brand(brand), what, language)
    answer(found, as_json=json, text="\n".join(one.sentence for one in found))


def _found(app: Outreach, brand: BrandRef, what: str, language: Language) -> tuple[RecordTold, ...]:
    with app.means.database.begin(brand) as tx:
        found = records.of_person(tx, person_id(brand, what), language=language)
        found = found or records.of_order(tx, what, language=language)
    if not found:
        raise NotFound(f"nothing is on record of a person or an order {what!r}")
    return found


@cli.command("rebuild")
def rebuild_(
    brand: Annotated[
        str | None, typer.Option("--brand", "-b", help="Key of the brand; otherwise all.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Tell the event log to the records again, and say whether they were the same.

    One that breaks off goes on where it was when the command is given again.
    """
    with opened() as app:
        wanted = [app.brand(brand)] if brand else brands.directory(app.means.database).values()
        rows = [row for ref in wanted for row in _rebuilt(app, ref)]
    answer_rows(rows, columns=_COLUMNS, as_json=json, none="no brand yet")


def _rebuilt(app: Outreach, brand: BrandRef) -> list[dict[str, object]]:
    with app.means.database.begin(brand) as tx:
        before = rebuild.counted(tx)
        begun = rebuild.begin(tx, brand, now=app.means.clock())
    if begun.events:
        aside(f"brand {brand.key}: goes on after {begun.events} events")
    _all_steps(app, brand)
    with app.means.database.begin(brand) as tx:
        removed, after = rebuild.end(tx), rebuild.counted(tx)
    return [_row(brand, table, before, after, removed) for table in after]


def _all_steps(app: Outreach, brand: BrandRef) -> None:
    with progress() as tell:
        while True:
            with app.means.database.begin(brand) as tx:
                at = rebuild.step(tx, brand, now=app.means.clock())
            if at is None:
                return
            tell(f"brand {brand.key}: {at.events} events")


def _row(
    brand: BrandRef,
    table: str,
    before: Mapping[str, Count],
    after: Mapping[str, Count],
    removed: Mapping[str, int],
) -> dict[str, object]:
    return {
        "brand": brand.key, "kind": table, "before": before[table].many,
        "after": after[table].many, "removed": removed[table],
        "same": "yes" if before[table] == after[table] else "NO",
    }  # fmt: skip
