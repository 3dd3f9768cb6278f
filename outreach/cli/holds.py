"""Commands about data that may not be let go of for now."""

from typing import Annotated

import typer

from outreach import ids
from outreach.cli import recording
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, instant, opened
from outreach.inbound import erasure
from outreach.people import legal_holds
from outreach.people.legal_holds import Grounds
from outreach.people.model import person_id

cli = typer.Typer(no_args_is_help=True)


@cli.callback()
def about() -> None:
    """Whose data may not be let go of for now, and why."""


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show the holds that stand."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        standing = legal_holds.standing(tx, now=app.means.clock())
    rows = [
        {
            "hold": ids.shown(ids.HOLD, one.id),
            "person": ids.shown(ids.PERSON, one.person_id) if one.person_id else "everybody",
            "reason": one.reason, "source": one.source, "by": one.by,
            "placed_at": one.placed_at, "ends_at": one.ends_at,
        }
        for one in standing
    ]  # fmt: skip
    columns = ("hold", "person", "reason", "source", "by", "placed_at", "ends_at")
    answer_rows(rows, columns=columns, as_json=json, none="no hold stands")


@cli.command("place")
def place(
    brand: BrandOption,
    reason: Annotated[str, typer.Option(help="Such as the number of a claim.")],
    source: Annotated[str, typer.Option(help="Who says so: a court, an authority, counsel.")],
    *,
    ref: Annotated[str | None, typer.Option(help="Of one person; else of the brand.")] = None,
    ends: Annotated[str | None, typer.Option(help="An instant; else until it is lifted.")] = None,
    json: JsonOption = False,
) -> None:
    """Let nothing of a person go, or of the whole brand."""
    grounds = Grounds(reason, source, instant(ends))
    with opened() as app, app.means.database.begin(known := app.brand(brand)) as tx:
        person = None if ref is None else person_id(known, ref)
        key = legal_holds.place(
            tx, known, person, grounds, by=recording.by(), now=app.means.clock()
        )
    shown = ids.shown(ids.HOLD, key)
    answer({"hold": shown}, as_json=json, text=f"{shown} stands: nothing that it covers is let go")


@cli.command("lift")
def lift(
    hold: Annotated[str, typer.Argument(help="Its id (hld_…).")],
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """End a hold; whoever was to be forgotten meanwhile is forgotten now."""
    key = ids.read(ids.HOLD, hold)
    with opened() as app:
        known = app.brand(brand)
        with app.means.database.begin(known) as tx:
            legal_holds.lift(tx, key, by=recording.by(), now=app.means.clock())
        many = erasure.catch_up(app.means, known)
    text = f"{hold} is lifted; forgotten now: {many}"
    answer({"hold": hold, "forgotten": many}, as_json=json, text=text)
