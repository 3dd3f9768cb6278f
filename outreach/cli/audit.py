"""Commands about the record of who asked for which change."""

from pathlib import Path
from typing import Annotated

import typer

from outreach.audit import anchors, chain, store
from outreach.audit.anchors import Noted
from outreach.brands import store as brands
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, opened

cli = typer.Typer(no_args_is_help=True)

AnchorsOption = Annotated[
    Path | None, typer.Option("--anchors", help="The file of anchors, if not the setting's.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many.")]


@cli.command("list")
def list_(brand: BrandOption, limit: LimitOption = 100, json: JsonOption = False) -> None:
    """Show the newest records of a brand."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found = store.newest(tx, limit=limit)
    columns = ("number", "at", "by", "role", "deed", "target")
    rows = [{name: getattr(one, name) for name in columns} for one in found]
    answer_rows(rows, columns=columns, as_json=json, none="nothing was changed by anybody yet")


@cli.command("verify")
def verify(anchors_file: AnchorsOption = None, json: JsonOption = False) -> None:
    """Look whether every chain stands as it was written; names the first bad record of a brand."""
    with opened() as app:
        path = anchors_file or app.settings.audit_anchors
        noted = anchors.read(Path(path)) if path else Noted()
        known = brands.directory(app.means.database)
        # Of a brand that is gone, nothing is left of what was noted.
        gone = sorted({one.brand for one in noted.anchors} - set(known))
        bad = {key: chain.first_bad(app.link_keys, key, (), noted.anchors) for key in gone}
        for key, ref in known.items():
            with app.means.database.reading(ref) as tx:
                bad[key] = chain.first_bad(app.link_keys, key, store.chain(tx), noted.anchors)
    wrong = {key: number for key, number in bad.items() if number is not None}
    lines = [f"{key}: record {number} is not as it was written" for key, number in wrong.items()]
    lines = lines or [f"every chain stands as it was written ({len(noted.anchors)} anchors)"]
    told = {"first_bad": bad, "anchors": len(noted.anchors), "unreadable": noted.unreadable}
    answer(told, as_json=json, text="\n".join([*lines, *noted.unreadable]))
    if wrong or noted.unreadable:
        raise typer.Exit(1)
