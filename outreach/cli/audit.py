"""Commands about the record of who asked for which change."""

from pathlib import Path
from typing import Annotated

import typer

from outreach.audit import anchors, chain, store
from outreach.brands import store as brands
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, opened

cli = typer.Typer(no_args_is_help=True)

AnchorsOption = Annotated[
    Path | None, typer.Option("--anchors", help="The file of anchors, if not the setting's.")
]


@cli.command("list")
def list_(brand: BrandOption, limit: int = 100, json: JsonOption = False) -> None:
    """Show the newest records of a brand."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        found = store.newest(tx, limit=limit)
    columns = ("number", "at", "by", "role", "deed", "target")
    rows = [{name: getattr(one, name) for name in columns} for one in found]
    answer_rows(rows, columns=columns, as_json=json, none="nothing was changed by anybody yet")


@cli.command("verify")
def verify(anchors_file: AnchorsOption = None, json: JsonOption = False) -> None:
    """Look whether every chain stands as it was written; names the first bad record of a brand."""
    bad = {}
    with opened() as app:
        path = anchors_file or app.settings.audit_anchors
        noted = anchors.read(Path(path)) if path else []
        for key, ref in brands.directory(app.means.database).items():
            with app.means.database.reading(ref) as tx:
                bad[key] = chain.first_bad(app.link_keys, key, store.chain(tx), noted)
    wrong = {key: number for key, number in bad.items() if number is not None}
    lines = [f"{key}: record {number} is not as it was written" for key, number in wrong.items()]
    lines = lines or [f"every chain stands as it was written ({len(noted)} anchors)"]
    answer({"first_bad": bad, "anchors": len(noted)}, as_json=json, text="\n".join(lines))
    if wrong:
        raise typer.Exit(1)
