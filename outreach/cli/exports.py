"""Commands about rows of people that are taken out."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from outreach import documents, ids
from outreach.cli import recording
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    answer,
    answer_rows,
    file_text,
    instant,
    opened,
    shown,
)
from outreach.errors import Conflict
from outreach.exports import asking, store
from outreach.exports.asking import Asker
from outreach.exports.files import Readers
from outreach.exports.model import Export, Kind, Wanted
from outreach.web.api.exports import as_shown

cli = typer.Typer(no_args_is_help=True)

ExportArgument = Annotated[str, typer.Argument(help="Its id (exp_…).")]


@cli.callback()
def about() -> None:
    """Rows of people that are taken out, and who said that they may be."""


@cli.command("ask")
def ask(  # Typer reads options off the parameters
    kind: Kind,
    brand: BrandOption,
    why: Annotated[str, typer.Option(help="What they are for; name nobody.")],
    condition: Annotated[
        Path | None, typer.Option(help="YAML: which people, as in an audience.")
    ] = None,
    campaign: Annotated[str | None, typer.Option(help="Contacts of this one alone.")] = None,
    since: Annotated[str | None, typer.Option(help="Contacts planned for then or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Contacts planned for earlier.")] = None,
    json: JsonOption = False,
) -> None:
    """Ask for rows; more than a few wait for another person's word."""
    given = {
        "kind": kind, "condition": _condition(condition), "campaign": campaign,
        "since": instant(since), "until": instant(until),
    }  # fmt: skip
    wanted = documents.decode(given, TypeAdapter(Wanted), name="export")
    with opened() as app, app.means.database.begin(place := app.brand(brand)) as tx:
        now = app.means.clock()
        export = asking.ask(tx, place, wanted, Asker(recording.by(), why), now=now)
    state = export.state(now=now)
    text = f"{ids.shown(ids.EXPORT, export.id)}: {export.rows} rows, {state}"
    answer(as_shown(export, now=now), as_json=json, text=text)


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show what was asked for last, by whom, and how it stands."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        now, found = app.means.clock(), store.newest(tx)
    rows = [
        {
            "export": ids.shown(ids.EXPORT, one.id), "kind": one.kind, "rows": one.rows,
            "state": one.state(now=now), "by": one.by, "why": one.why, "asked_at": one.asked_at,
            "ends_at": one.ends_at, "decided_by": one.decided_by, "fetched": one.taken,
        }
        for one in found
    ]  # fmt: skip
    columns = (
        "export", "kind", "rows", "state", "by", "why", "asked_at", "ends_at", "decided_by",
        "fetched",
    )  # fmt: skip
    answer_rows(rows, columns=columns, as_json=json, none="nobody asked for an export")


@cli.command("approve")
def approve(export: ExportArgument, brand: BrandOption, json: JsonOption = False) -> None:
    """Let what another account asked for leave, within a day."""
    made = _decided(export, brand, approved=True)
    text = f"{export} is approved: {made.by} may fetch it until {shown(made.ends_at)}"
    answer({"export": export, "approved": True}, as_json=json, text=text)


@cli.command("refuse")
def refuse(export: ExportArgument, brand: BrandOption, json: JsonOption = False) -> None:
    """Let it not leave."""
    _decided(export, brand, approved=False)
    answer({"export": export, "approved": False}, as_json=json, text=f"{export} is refused")


@cli.command("fetch")
def fetch(
    export: ExportArgument,
    brand: BrandOption,
    out: Annotated[Path, typer.Option("--out", "-o", help="A file that is not there yet.")],
    *,
    readers: Annotated[Readers, typer.Option("--for", help="Who reads it.")] = "machines",
    json: JsonOption = False,
) -> None:
    """Write what you asked for and another person approved, with addresses in clear."""
    key = ids.read(ids.EXPORT, export)
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        now = app.means.clock()
        file = asking.fetch(tx, key, by=recording.by(), readers=readers, now=now)
        _written(out, file.content)
    answer({"export": export, "file": str(out)}, as_json=json, text=f"{export} is in {out}")


def _decided(export: str, brand: str, *, approved: bool) -> Export:
    key = ids.read(ids.EXPORT, export)
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        now = app.means.clock()
        return asking.decide(tx, key, approved=approved, by=recording.by(), now=now)


def _condition(file: Path | None) -> object:
    if file is None:
        return None
    shape = TypeAdapter(dict[str, object])
    return documents.read(file_text(file), shape, name=str(file))


def _written(out: Path, content: bytes) -> None:
    """Readable by its owner alone. Raises `Conflict` where there is something already."""
    try:
        out.touch(mode=0o600, exist_ok=False)
        out.write_bytes(content)
    except OSError as error:
        raise Conflict(f"{out} cannot be written: {error.strerror}; name another file") from error
