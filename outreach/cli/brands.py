"""Commands about brands."""

from pathlib import Path

import typer
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from outreach.access import keys
from outreach.brands import store
from outreach.brands.model import BrandDocument
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, file_text, opened
from outreach.errors import Invalid, Problem

cli = typer.Typer(no_args_is_help=True)


@cli.command("import")
def import_(file: Path, json: JsonOption = False) -> None:
    """Create a brand from its file, or replace its profile."""
    document = read(file)
    with opened() as app:
        ref = store.put(app.means.database, document)
    answer({"brand": ref.key, "id": ref.id}, as_json=json, text=f"brand {ref.key} is there")


@cli.command("list")
def list_(json: JsonOption = False) -> None:
    """Show every brand."""
    with opened() as app:
        rows = [
            {"brand": key, "id": ref.id} for key, ref in store.directory(app.means.database).items()
        ]
    answer_rows(rows, columns=("brand", "id"), as_json=json, none="no brand yet")


@cli.command("key")
def key(brand: BrandOption, name: str = "api", json: JsonOption = False) -> None:
    """Issue an API key; it is shown this once."""
    with opened() as app:
        ref = app.brand(brand)
        with app.means.database.begin(ref) as tx:
            issued = keys.issue(tx, ref, name=name)
    answer({"key": issued}, as_json=json, text=issued)


@cli.command("stop")
def stop(brand: BrandOption, go_on: bool = False) -> None:
    """Stop everything that a brand has under way, or let it go on."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        store.stop(tx, stopped=not go_on)


def read(file: Path) -> BrandDocument:
    """The brand of a file. Raises `Invalid` with every problem."""
    try:
        return BrandDocument.model_validate(YAML(typ="safe").load(file_text(file)))
    except ValidationError as error:
        problems = [Problem(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()]
        raise Invalid(f"{file} is not a brand", problems=problems) from error
    except YAMLError as error:
        raise Invalid(f"{file} is not YAML: {error}") from error
