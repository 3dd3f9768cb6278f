"""Commands about surveys: their documents, and what the answers come to."""

from pathlib import Path
from typing import Annotated

import typer

from outreach import documents
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, file_text, opened
from outreach.errors import Conflict, NotFound
from outreach.sentences import nearest
from outreach.surveys import document, store

cli = typer.Typer(no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Survey files.")]
From = Annotated[str, typer.Option("--from", help="A survey of the library.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The file to write.")]


@cli.command("new")
def new(key: str, like: From, out: Out = None, json: JsonOption = False) -> None:
    """Begin a survey from one of the library, comments and all."""
    library = document.library()
    if like not in library:
        raise NotFound(f"the library has no survey {like!r}{nearest(like, library)}")
    text = documents.changed(library[like], ("key",), key)
    document.read(text, name=key)
    if out is None:
        answer({"text": text}, as_json=json, text=text.rstrip("\n"))
        return
    if out.exists():
        raise Conflict(f"{out} is there already: name another file")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    answer({"written": [str(out)]}, as_json=json, text=f"{out}: written")


@cli.command("schema")
def schema() -> None:
    """Print the JSON Schema of a survey document, for an editor."""
    answer(document.schema(), as_json=True)


@cli.command("import")
def import_(files: Files, brand: BrandOption, json: JsonOption = False) -> None:
    """Keep surveys for this brand: all of them or, on an error, none."""
    texts = {str(file): file_text(file) for file in files}
    with opened() as app:
        ref = app.brand(brand)
        with app.means.database.begin(ref) as tx:
            kept = [store.put(tx, ref, text, name=name) for name, text in texts.items()]
    rows = [{"survey": one.key, "version": one.version} for one in kept]
    answer_rows(rows, columns=("survey", "version"), as_json=json, none="nothing imported")


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show the brand's surveys, and those of the library that it has not taken up."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        own = store.every(tx)
    known = {one.key for one in own}
    rows = [{"survey": one.key, "version": one.version, "from": "brand"} for one in own]
    rows += [
        {"survey": key, "version": None, "from": "library"}
        for key in document.library()
        if key not in known
    ]
    answer_rows(rows, columns=("survey", "version", "from"), as_json=json, none="no survey")
