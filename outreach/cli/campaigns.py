"""Commands about campaigns."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from outreach.campaigns import document, store
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, file_text, opened
from outreach.errors import Invalid
from outreach.templates import document as template_document
from outreach.templates import store as templates

cli = typer.Typer(no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Campaign files, template files, or folders.")]


@cli.command("validate")
def validate(files: Files, json: JsonOption = False) -> None:
    """Read campaign and template files and say everything that is wrong with them."""
    results = [_validated(file) for file in _expanded(files)]
    rows = [{"file": str(f), "problems": problems} for f, problems in results]
    text = "\n".join(
        f"{f}: {'; '.join(problems) if problems else 'good'}" for f, problems in results
    )
    answer(rows, as_json=json, text=text)
    if any(problems for _, problems in results):
        raise typer.Exit(2)


@cli.command("import")
def import_(files: Files, brand: BrandOption, json: JsonOption = False) -> None:
    """Keep campaigns and templates as drafts of this brand: all of them or, on an error, none."""
    with opened() as app:
        ref = app.brand(brand)
        kept = []
        with app.means.database.begin(ref) as tx:
            for file in _expanded(files):
                put = templates.put if is_template(file) else store.put
                put(tx, ref, file_text(file), name=str(file))
                kept.append(str(file))
    answer({"imported": kept}, as_json=json, text=f"{len(kept)} files imported")


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show every version of every campaign."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        rows = [
            {"campaign": v.key, "version": v.version, "state": v.state}
            for v in app.means.book.every(tx)
        ]
    answer_rows(rows, columns=("campaign", "version", "state"), as_json=json, none="no campaign")


@cli.command("activate")
def activate(key: str, brand: BrandOption, json: JsonOption = False) -> None:
    """Let the newest version of a campaign take people in."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        live = store.activate(tx, app.means.book, key, now=app.means.clock())
    text = f"{key} version {live.version} is live"
    answer({"campaign": key, "version": live.version, "state": live.state}, as_json=json, text=text)


@cli.command("pause")
def pause(key: str, brand: BrandOption, json: JsonOption = False) -> None:
    """Hold everything of a campaign; what a provider already has cannot be called back."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        paused = store.pause(tx, app.means.book, key)
    text = f"{key} version {paused.version} is paused"
    answer({"campaign": key, "state": paused.state}, as_json=json, text=text)


def is_template(file: Path) -> bool:
    """Whether a file holds a template: those lie in a folder of that name, or have texts."""
    return any(line.startswith("texts:") for line in file_text(file).splitlines())


def _expanded(files: list[Path]) -> Iterator[Path]:
    """Folders opened; templates first, since campaigns name them."""
    found = [
        f for file in files for f in (sorted(file.glob("*.yaml")) if file.is_dir() else [file])
    ]
    return iter(sorted(found, key=lambda file: not is_template(file)))


def _validated(file: Path) -> tuple[Path, list[str]]:
    read = template_document.read if is_template(file) else document.read
    try:
        read(file_text(file), name=str(file))
    except Invalid as error:
        return file, [str(problem) for problem in error.problems] or [error.sentence]
    return file, []
