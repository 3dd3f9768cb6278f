"""Commands about cases."""

from typing import Annotated

import typer

from outreach.cli.session import (
    BrandOption,
    JsonOption,
    RefArgument,
    answer,
    answer_rows,
    opened,
)
from outreach.inbound import cases
from outreach.inbound.cases import Raised
from outreach.people.model import person_id

cli = typer.Typer(no_args_is_help=True)

CaseArgument = Annotated[str, typer.Argument(help="Key of the case.")]
By = Annotated[str, typer.Option(help="Who says so.")]


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show the open cases, with their owners."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found = cases.opened(tx)
    rows = [
        {
            "ref": one.ref, "case": one.key, "topic": one.topic, "order": one.order_key,
            "state": one.state, "owner": one.owner, "opened_at": one.opened_at, "said": one.said,
        }
        for one in found
    ]  # fmt: skip
    columns = ("ref", "case", "topic", "order", "state", "owner", "opened_at", "said")
    answer_rows(rows, columns=columns, as_json=json, none="no case is open")


@cli.command("raise")
def raise_(
    ref: RefArgument,
    topic: Annotated[str, typer.Argument(help="What it is about, such as damage.")],
    by: By,
    brand: BrandOption,
    *,
    note: str = "",
    order: str | None = None,
    json: JsonOption = False,
) -> None:
    """Say what is wrong: a new case, or one that is open already."""
    with opened() as app:
        known = app.brand(brand)
        raised = Raised(topic, by, note, order)
        key, before = cases.raise_case(app.means, known, person_id(known, ref), raised)
    said = f"{key} was open already" if before else f"{key} is open"
    answer({"case": key, "joined": before}, as_json=json, text=said)


@cli.command("own")
def own(
    ref: RefArgument,
    case: CaseArgument,
    owner: Annotated[str, typer.Argument(help="Whose work it becomes.")],
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """Make a case somebody's work."""
    with opened() as app, app.means.database.begin(known := app.brand(brand)) as tx:
        cases.own(tx, known, person_id(known, ref), case, owner=owner)
    answer({"case": case, "owner": owner}, as_json=json, text=f"{case} is {owner}'s")


@cli.command("close")
def close(
    ref: RefArgument,
    case: CaseArgument,
    by: By,
    brand: BrandOption,
    *,
    note: str = "",
    json: JsonOption = False,
) -> None:
    """Close a case; what it held may go on after the brand's grace time."""
    with opened() as app:
        known = app.brand(brand)
        cases.close(app.means, known, person_id(known, ref), case, by=by, note=note)
    answer({"case": case}, as_json=json, text=f"{case} is closed")
