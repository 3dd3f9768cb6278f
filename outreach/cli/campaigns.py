"""Commands about campaigns, and the templates and surveys that they name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from outreach.campaigns import audience, conditions, document, starting, store
from outreach.campaigns.difference import difference
from outreach.cli.papers import Paper, kind, papers
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    answer,
    answer_rows,
    file_text,
    opened,
    write_new,
)
from outreach.enrolments import movable, under_way
from outreach.errors import Invalid, NotFound, Problem
from outreach.people.model import Person
from outreach.surveys import store as surveys
from outreach.templates import document as template_document
from outreach.templates import lint
from outreach.templates import store as templates
from outreach.templates.findings import Finding
from outreach.web.masking import masked

cli = typer.Typer(no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Campaigns, templates, surveys, or folders.")]
From = Annotated[str, typer.Option("--from", help="A campaign of the library.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The file to write.")]
Move = Annotated[bool, typer.Option("--move", help="Move whoever is under way to the new version.")]
Older = Annotated[int | None, typer.Argument(help="A version; by default the last but one.")]
Newer = Annotated[int | None, typer.Argument(help="Another; by default the newest.")]
What = Annotated[str, typer.Argument(help="A campaign's key, or a file.", metavar="FILE|KEY")]
Kind = Annotated[Literal["campaign", "template"], typer.Argument(help="Of which document.")]

_PUT: Mapping[str, Callable[..., object]] = {
    "template": templates.put, "survey": surveys.put, "campaign": store.put,
}  # fmt: skip
_COUNTED = {
    "waiting": "touches wait",
    "in_air": "are with a provider and cannot be called back",
    "dropped": "were past their last useful moment and are dropped",
    "stage": "is how far its start has come",
    "released": "touches go on",
    "passages": "passages ended",
    "cancelled": "touches are cancelled",
    "moved_passages": "passages were moved",
    "moved_replanned": "of their touches are planned anew",
    "moved_cancelled": "of their touches are cancelled",
    "moved_planned": "touches are new to them",
}


@cli.command("new")
def new(key: str, like: From, out: Out = None, json: JsonOption = False) -> None:
    """Begin a campaign from one of the library, with its texts and a schema for editors."""
    beginning = starting.begun(key, like=like)
    if out is None:
        answer({"text": beginning.text}, as_json=json, text=beginning.text.rstrip("\n"))
        return
    write_new(out, beginning.text)
    beside = {out.with_name(name): text for name, text in beginning.beside.items()}
    fresh = {file: text for file, text in beside.items() if not file.exists()}
    for file, text in fresh.items():
        file.write_text(text, encoding="utf-8")
    written = [str(file) for file in (out, *fresh)]
    answer(
        {"written": written}, as_json=json, text="\n".join(f"{name}: written" for name in written)
    )


@cli.command("validate")
def validate(files: Files, json: JsonOption = False) -> None:
    """Read campaigns, templates and surveys and say everything that is wrong with them."""
    read = [(paper, _linted(paper)) for paper in _given(files)]
    rows = [
        {"file": str(p.file), "kind": p.kind, "problems": p.problems, "findings": found}
        for p, found in read
    ]
    told = (line for paper, found in read for line in [*_told(paper), *map(str, found)])
    answer(rows, as_json=json, text="\n".join(told))
    if any(paper.problems or lint.errors(found) for paper, found in read):
        raise typer.Exit(2)


@cli.command("import")
def import_(files: Files, brand: BrandOption, json: JsonOption = False) -> None:
    """Keep campaigns, templates and surveys for this brand: all of them or, on an error, none."""
    read = _flawless(_given(files))
    with opened() as app:
        ref = app.brand(brand)
        with app.means.database.begin(ref) as tx:
            for paper in read:
                _PUT[paper.kind](tx, ref, paper.text, name=str(paper.file))
    imported = [str(paper.file) for paper in read]
    answer({"imported": imported}, as_json=json, text=f"{len(imported)} files imported")


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show every version of every campaign."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        rows = [
            {"campaign": v.key, "version": v.version, "state": v.state}
            for v in app.means.book.every(tx)
        ]
    answer_rows(rows, columns=("campaign", "version", "state"), as_json=json, none="no campaign")


@cli.command("review")
def review(key: str, brand: BrandOption, json: JsonOption = False) -> None:
    """Put the newest version up for review, once nothing speaks against it."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        _tell(store.submit(tx, app.means.book, key, now=app.means.clock()), as_json=json)


@cli.command("activate")
def activate(key: str, brand: BrandOption, move: Move = False, json: JsonOption = False) -> None:
    """Let the newest version of a campaign take people in."""
    with opened() as app:
        ref = app.brand(brand)
        with app.means.database.begin(ref) as tx:
            done = under_way.activate(
                tx, app.means.book, ref, key, now=app.means.clock(), move=move
            )
    moved = {f"moved_{name}": value for name, value in asdict(done.moved).items()} if move else {}
    _tell(done.version, as_json=json, waiting=done.waiting, dropped=done.dropped, **moved)


@cli.command("moving")
def moving(key: str, brand: BrandOption, json: JsonOption = False) -> None:
    """Show who would be moved to the newest version, from which step, before you choose."""
    with opened() as app:
        ref = app.brand(brand)
        with app.means.database.begin(ref) as tx:
            found = movable.movable(tx, app.means.book, ref, key, now=app.means.clock())
    columns = ("version", "step", "passages", "kept", "dropped", "let_go", "people")
    rows = [asdict(one) | ({} if json else {"people": ", ".join(one.people)}) for one in found]
    answer_rows(rows, columns=columns, as_json=json, none="nobody is under way in an older version")


@cli.command("pause")
def pause(key: str, brand: BrandOption, json: JsonOption = False) -> None:
    """Hold everything of a campaign; what a provider already has cannot be called back."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        done = under_way.pause(tx, app.means.book, key)
    _tell(done.version, as_json=json, waiting=done.waiting, in_air=done.in_air)


@cli.command("resume")
def resume(key: str, brand: BrandOption, json: JsonOption = False) -> None:
    """Let a paused campaign go on, without what has become useless meanwhile."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        done = under_way.resume(tx, app.means.book, key, now=app.means.clock())
    _tell(done.version, as_json=json, waiting=done.waiting, dropped=done.dropped)


@cli.command("release")
def release(key: str, brand: BrandOption, json: JsonOption = False) -> None:
    """Let a careful start go one step on: from a glance to a share, then to everybody."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        done = under_way.release(tx, app.means.book, key, now=app.means.clock())
    counts = {"released": done.released, "dropped": done.dropped}
    _tell(done.version, as_json=json, stage=done.version.stage, **counts)


@cli.command("end")
def end(key: str, brand: BrandOption, json: JsonOption = False) -> None:
    """End a campaign with all its passages, and cancel what is planned."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        done = under_way.end(tx, app.means.book, key, now=app.means.clock())
    counts = {"passages": done.passages, "cancelled": done.cancelled, "in_air": done.in_air}
    _tell(done.version, as_json=json, **counts)


@cli.command("diff")
def diff(
    key: str,
    brand: BrandOption,
    old: Older = None,
    new: Newer = None,
    json: JsonOption = False,
) -> None:
    """Show what changed between two versions; by default between the newest two."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        was, now = app.means.book.pair(tx, key, old=old, new=new)
    changes = difference(was.campaign, now.campaign)
    lines = [f"{key} version {was.version} → {now.version}", *map(str, changes)]
    data = {"campaign": key, "old": was.version, "new": now.version, "changes": changes}
    answer(data, as_json=json, text="\n".join(lines if changes else [f"{lines[0]}: the same"]))


@cli.command("audience")
def audience_(what: What, brand: BrandOption, json: JsonOption = False) -> None:
    """Say how many people a campaign or a condition means now, with a few examples."""
    file = Path(what)
    read = _condition(file) if file.suffix in {".yaml", ".yml"} else None
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        condition = read[0] if read else audience.asked_of(app.means.book.latest(tx, what).campaign)
        found = audience.show(tx, condition, now=app.means.clock())
    rows = [
        {"ref": one.ref, "country": one.country, "addresses": _masked(one)}
        for one in found.examples
    ]
    lines = [f"{found.count:,} people", *(" ".join(filter(None, row.values())) for row in rows)]
    data = {"count": found.count, "examples": rows}
    answer(data, as_json=json, text="\n".join(lines))


@cli.command("schema")
def schema(kind: Kind = "campaign") -> None:
    """Print the JSON Schema of a campaign or template document, for an editor."""
    answer((document if kind == "campaign" else template_document).schema(), as_json=True)


def _condition(file: Path) -> tuple[conditions.Condition | None]:
    """The condition in a file, or that of the campaign in it, which may be none: everybody."""
    text = file_text(file)
    if kind(text) == "unknown":
        return (conditions.read(text, name=str(file)),)
    return (audience.asked_of(document.read(text, name=str(file))),)


def _masked(person: Person) -> str:
    return ", ".join(masked(one.kind, one.value) for one in person.addresses)


def _given(files: Sequence[Path]) -> list[Paper]:
    if not (read := papers(files)):
        places = ", ".join(map(str, files))
        raise NotFound(f"there is no .yaml or .yml file in {places}")
    return read


def _flawless(read: list[Paper]) -> list[Paper]:
    problems = [Problem("", f"{p.file}: {problem}") for p in read for problem in p.problems]
    if problems:
        bad = sum(bool(paper.problems) for paper in read)
        raise Invalid(
            f"nothing was imported: {bad} of {len(read)} files cannot be used", problems=problems
        )
    return read


def _linted(paper: Paper) -> tuple[Finding, ...]:
    """What may not stand in a template that can be read."""
    if paper.kind != "template" or paper.problems:
        return ()
    return lint.of_text(paper.text, name=str(paper.file))


def _told(paper: Paper) -> list[str]:
    if not paper.problems:
        return [f"{paper.file}: good"]
    return [f"{paper.file}:", *(f"  {problem}" for problem in paper.problems)]


def _tell(now: store.Version, *, as_json: bool, **counts: int | str) -> None:
    data = {"campaign": now.key, "version": now.version, "state": now.state} | counts
    told = "".join(f"; {many} {_COUNTED[name]}" for name, many in counts.items())
    state = now.state.replace("_", " ")
    answer(data, as_json=as_json, text=f"{now.key} version {now.version} is {state}{told}")
