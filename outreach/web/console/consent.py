"""Who said no, and which do-not-contact lists hold, how old are they?  `/consent`

A list that is taken in here adds to what is known and lifts nothing; each of its lines gets a word,
on the page to which its POST leads and in a file.
"""

import json
from collections.abc import Iterator
from datetime import date
from io import TextIOWrapper
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, Response, UploadFile
from fastapi.responses import StreamingResponse

from optout.list_lines import Layout
from optout.lists import Incoming
from optout.model import Channel
from outreach.brands import store as brands
from outreach.errors import Invalid
from outreach.inbound import lists, taken_lists
from outreach.inbound.taken_lists import TakenList
from outreach.reports import consents
from outreach.reports.consents import Said
from outreach.web.console.shell import Asked
from outreach.web.masking import masked
from outreach.web.shapes import Text

router = APIRouter(include_in_schema=False)

_PAGE = 50
_LINES = 200  # runs of lines that could not be read, as a page shows them
_TOGETHER = 5_000  # lines of a file that are written at once

Number = Annotated[int, Path(ge=1, lt=2**63)]


@router.api_route("/consent", methods=["GET", "HEAD"])
def show_consent(screen: Asked, before: Annotated[int, Query(ge=1, lt=2**63)] = 0) -> Response:
    """The lists that hold, and what was said last; `before` names the entry above a page."""
    visitor = screen.visitor
    with visitor.begin() as tx:
        brand = brands.get(tx)
        said = consents.newest(tx, limit=_PAGE, **({"before": before} if before else {}))
        taken = taken_lists.newest(tx)
    return screen.page(
        "consent",
        brand,
        lists=lists.held(visitor.means, visitor.brand),
        taken=taken,
        said=[_told(one) for one in said],
        older=f"/consent?before={said[-1].entry.id}" if len(said) == _PAGE else "",
        layouts=list(Layout),
        channels=list(Channel),
    )


def _told(one: Said) -> tuple[Said, str]:
    address = one.address
    return one, masked(address.kind, address.value) if address else ""


@router.post("/consent")
def take_in(
    screen: Asked,
    name: Annotated[Text, Form()],
    as_of: Annotated[date, Form()],
    file: Annotated[UploadFile, File()],
    *,
    layout: Annotated[Layout, Form()] = Layout.LINES,
    channel: Annotated[list[Channel] | None, Form()] = None,
    expires: Annotated[str, Form(max_length=10)] = "",
    region: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    """Take a list in, whole or not at all; what its lines came to has a page of its own."""
    visitor = screen.visitor
    edition = lists.edition(
        name,
        brand=visitor.brand.key,
        as_of=as_of,
        expires_on=_date(expires),
        channels=channel or (),
    )
    coming = Incoming(edition, layout, (file.filename or "a file")[:200], region or None)
    number = taken_lists.take_in(visitor.means, visitor.brand, coming, _text(file), by=visitor.name)
    return screen.back_to(f"/consent/lists/{number}", done="list_taken")


@router.get("/consent/lists/{number}")
def show_list(screen: Asked, number: Number) -> Response:
    """How many lines of a list came to what, and which were not read. Raises `NotFound`."""
    with screen.visitor.begin() as tx:
        brand, taken = brands.get(tx), taken_lists.one(tx, number)
    refused = [run for run in taken.runs if run.verdict == "refused"]
    return screen.page("taken_list", brand, taken=taken, refused=refused[:_LINES], most=_LINES)


@router.get("/consent/lists/{number}/verdicts.csv")
def download(screen: Asked, number: Number) -> Response:
    """A line for each line of the list: its number, its verdict, its problem. Raises `NotFound`."""
    with screen.visitor.begin() as tx:
        taken = taken_lists.one(tx, number)
    headers = {"Content-Disposition": f'attachment; filename="list-{number}.csv"'}
    return StreamingResponse(_csv(taken), media_type="text/csv; charset=utf-8", headers=headers)


def _csv(taken: TakenList) -> Iterator[str]:
    """A problem is a sentence of ours: no spreadsheet takes it for a formula."""
    yield "line,verdict,problem\r\n"
    lines = taken.lines()
    while some := list(islice(lines, _TOGETHER)):
        yield "".join(f"{n},{verdict},{json.dumps(problem)}\r\n" for n, verdict, problem in some)


def _text(file: UploadFile) -> Iterator[str]:
    """Raises `Invalid` for a file that is no text in UTF-8."""
    opened: Any = file.file  # a spooled file, which has all that is asked of it
    with TextIOWrapper(opened, encoding="utf-8-sig", newline="") as lines:
        try:
            yield from lines
        except UnicodeDecodeError as error:
            raise Invalid("this file is no text in UTF-8; save it as such and try again") from error


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise Invalid(f"{written!r} is no date, such as 2026-12-31") from error
