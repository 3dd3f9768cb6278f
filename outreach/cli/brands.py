"""Commands about brands."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from outreach import documents, ids
from outreach.access import keys, users
from outreach.brands import store
from outreach.brands.model import BrandDocument
from outreach.cli import recording
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, file_text, opened
from outreach.exports import asking as exports
from outreach.hours import policy
from outreach.takeout import arriving, leaving

cli = typer.Typer(no_args_is_help=True)


@cli.command("import")
def import_(file: Path, json: JsonOption = False) -> None:
    """Create a brand from its file, or replace its profile; or bring in a directory of `export`.

    A brand that is brought in is stopped, until `outreach brands stop --go-on`.
    """
    if file.is_dir():
        _bring_in(file, json=json)
        return
    document = documents.read(file_text(file), TypeAdapter(BrandDocument), name=str(file))
    with opened() as app:
        policy.refuse_binding(app.means.packs.rules, document.profile.policy)
        ref = store.put(app.means.database, document)
    answer({"brand": ref.key, "id": ref.id}, as_json=json, text=f"brand {ref.key} is there")


@cli.command("export")
def export_(directory: Path, brand: BrandOption, json: JsonOption = False) -> None:
    """Write all of a brand into a new directory, in open formats, with addresses in clear."""
    with opened() as app:
        place, now = app.brand(brand), app.means.clock()
        with app.means.database.begin(place) as tx:
            exports.allow(tx, place, "brand", by=recording.by(), now=now)
        said = leaving.write(app.means.database, app.link_keys, place, directory, now=now)
    rows = sum(part.rows for part in said.tables.values())
    told = {"brand": brand, "directory": str(directory), "rows": rows}
    answer(told, as_json=json, text=f"{rows} rows of {brand} are written into {directory}")


@cli.command("list")
def list_(json: JsonOption = False) -> None:
    """Show every brand."""
    with opened() as app:
        rows = [
            {"brand": key, "id": ref.id} for key, ref in store.directory(app.means.database).items()
        ]
    answer_rows(rows, columns=("brand", "id"), as_json=json, none="no brand yet")


@cli.command("key")
def key(
    brand: BrandOption,
    name: str = "api",
    login: Annotated[str | None, typer.Option("--for", help="The user who has it.")] = None,
    json: JsonOption = False,
) -> None:
    """Issue an API key; it is shown this once."""
    with opened() as app:
        ref = app.brand(brand)
        if login is not None:
            with app.means.database.access() as tx:
                users.get(tx, login)
        with app.means.database.begin(ref) as tx:
            issued = keys.issue(tx, ref, name=name, held_by=login)
    answer({"key": issued}, as_json=json, text=issued)


@cli.command("keys")
def keys_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show the API keys that were issued, by their ids."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        known = keys.every(tx)
    rows = [
        {
            "key": ids.shown(ids.KEY, one.id), "name": one.name, "created_at": one.created_at,
            "revoked_at": one.revoked_at, "for": one.held_by,
        }
        for one in known
    ]  # fmt: skip
    columns = ("key", "name", "created_at", "revoked_at", "for")
    answer_rows(rows, columns=columns, as_json=json, none="no key was issued")


@cli.command("revoke")
def revoke(key_id: str, brand: BrandOption, json: JsonOption = False) -> None:
    """End an API key at once, by its id (key_…)."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        keys.revoke(tx, ids.read(ids.KEY, key_id), now=app.means.clock())
    answer({"key": key_id, "revoked": True}, as_json=json, text=f"{key_id} no longer works")


@cli.command("stop")
def stop(
    brand: BrandOption,
    go_on: Annotated[bool, typer.Option("--go-on", help="Let it go on.")] = False,
    json: JsonOption = False,
) -> None:
    """Stop everything that a brand has under way, or let it go on."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        store.stop(tx, stopped=not go_on)
    text = f"brand {brand} {'goes on' if go_on else 'is stopped'}"
    answer({"brand": brand, "stopped": not go_on}, as_json=json, text=text)


def _bring_in(directory: Path, *, json: bool) -> None:
    with opened() as app:
        came = arriving.bring_in(
            app.means, app.link_keys, directory, by=recording.by(), now=app.means.clock()
        )
    key, rows = came.brand.key, sum(came.rows.values())
    text = f"{rows} rows of {key} are there; it is stopped until `outreach brands stop --go-on`"
    answer({"brand": key, "id": came.brand.id, "rows": rows}, as_json=json, text=text)
