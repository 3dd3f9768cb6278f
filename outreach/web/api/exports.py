"""What does somebody want to take out, did another person approve it, and where is it?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi import Body as JsonBody

from outreach import ids
from outreach.exports import asking, store
from outreach.exports.asking import Asker
from outreach.exports.files import Readers
from outreach.exports.model import LONGEST_WHY, Export, Kind, State, Wanted
from outreach.web.auth import Authorized

router = APIRouter(tags=["exports"])


@dataclass(frozen=True, slots=True)
class AskedExport:
    """Which rows, and why; the reason names nobody."""

    wanted: Wanted
    why: Annotated[str, JsonBody(max_length=LONGEST_WHY)]


@dataclass(frozen=True, slots=True)
class ExportShown:
    """An export as it stands; `ends_at` is until when it may be decided on, or fetched."""

    export: str
    kind: Kind
    state: State
    rows: int
    wanted: dict[str, Any]
    why: str
    by: str
    asked_at: datetime
    ends_at: datetime
    alone: bool
    decided_by: str | None
    decided_at: datetime | None
    fetched: int


@dataclass(frozen=True, slots=True)
class Exports:
    """What was asked for, the newest first."""

    exports: list[ExportShown]


@router.get("/exports")
def list_exports(caller: Authorized) -> Exports:
    """The last hundred exports that were asked for, whoever asked."""
    now = caller.means.clock()
    with caller.begin() as tx:
        return Exports([as_shown(one, now=now) for one in store.newest(tx)])


@router.post("/exports")
def ask_export(caller: Authorized, asked: AskedExport) -> ExportShown:
    """Ask for rows of people; more than a few wait until another user has approved them.

    409 for more than a few by a key that was issued for nobody.
    """
    asker = Asker(caller.answering, asked.why, known=caller.login is not None)
    now = caller.means.clock()
    with caller.begin() as tx:
        export = asking.ask(tx, caller.brand, asked.wanted, asker, now=now)
    return as_shown(export, now=now)


@router.get("/exports/{export}")
def show_export(caller: Authorized, export: str) -> ExportShown:
    """How one export stands."""
    key = ids.read(ids.EXPORT, export)
    with caller.begin() as tx:
        return as_shown(store.get(tx, key), now=caller.means.clock())


@router.get("/exports/{export}/rows", response_class=Response)
def fetch_export(
    caller: Authorized, export: str, readers: Annotated[Readers, Query()] = "lines"
) -> Response:
    """The rows with addresses in clear, for who asked; 409 says what is in the way."""
    key, now = ids.read(ids.EXPORT, export), caller.means.clock()
    with caller.begin() as tx:
        file = asking.fetch(tx, key, by=caller.answering, readers=readers, now=now)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, media_type=file.media, headers=headers)


def as_shown(one: Export, *, now: datetime) -> ExportShown:
    """The export as other systems read it."""
    return ExportShown(
        export=ids.shown(ids.EXPORT, one.id), kind=one.kind, state=one.state(now=now),
        rows=one.rows, wanted=dict(one.wanted), why=one.why, by=one.by, asked_at=one.asked_at,
        ends_at=one.ends_at, alone=one.alone, decided_by=one.decided_by,
        decided_at=one.decided_at, fetched=one.taken,
    )  # fmt: skip
